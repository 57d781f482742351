"""The words: every sentence that is said has its French, and the catalogue holds nothing else."""

import re
import string
from datetime import date
from pathlib import Path
from typing import ClassVar

import pytest
from babel.messages.pofile import read_po

from api.papers.words import (
    KINDS,
    LOCALE_FOLDER,
    REGIMES,
    TEMPERATURES,
    LanguageUnknown,
    french_spaces,
    message,
    words,
)
from geodata.refusal import Refusal
from pooling.desk.trips.changing_trips import GuestsAboard
from pooling.load import Temperature
from pooling.market.matching import OBSTACLES, DoesNotFit, NoRoomAtAll
from pooling.money import Cents
from pooling.phrases import Phrases
from pooling.regimes import LicenceMissing, Regime, papers_to_carry
from pooling.runs.manifest_json import ManifestUnreadable, read_manifest
from tests.papers.sentences import PACKAGES, counted, refusals, sentences

pytestmark = pytest.mark.xdist_group("words")
"""The sentences of the house are looked up by one process."""

ENGLISH, FRENCH = words("en"), words("fr")
REFUSALS = refusals(*PACKAGES)


def papers():
    return {paper for regime in Regime for paper in papers_to_carry(regime)}


def catalogue():
    with Path(LOCALE_FOLDER / "fr.po").open("rb") as file:
        return [entry for entry in read_po(file, locale="fr") if entry.id]


def forms(text):
    return text if isinstance(text, tuple) else (text,)


def gaps(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_every_sentence_that_is_said_has_its_french():
    translated = {form for entry in catalogue() if all(forms(entry.string)) for form in forms(entry.id)}
    assert sorted((sentences(*PACKAGES) | papers()) - translated) == []


def test_the_catalogue_holds_no_sentence_that_nothing_says():
    held = {form for entry in catalogue() for form in forms(entry.id)}
    assert sorted(held - sentences(*PACKAGES) - papers()) == []


def test_what_is_counted_is_counted_in_french_too():
    pairs = {entry.id for entry in catalogue() if isinstance(entry.id, tuple)}
    assert counted(*PACKAGES) and sorted(counted(*PACKAGES) - pairs) == []


COUNTING = re.compile(r"\{(\w+)\} (?:\{temperature\} |[a-z]+ )?([a-z]+s)\b")
NOUNS = frozenset(
    (
        *("bids", "claims", "crates", "dates", "days", "entries", "groups", "handovers", "letters", "lines"),
        *("links", "loads", "lots", "members", "messages", "months", "orders", "pallets", "parties", "parts"),
        *("photos", "pickups", "places", "producers", "promises", "records", "requests", "runs", "shipments"),
        *("sites", "stops", "times", "tours", "trips", "vans", "volumes", "weeks"),
    )
)
"""What is counted in the sentences of the house."""

NEVER_ONE = re.compile(
    r"\{(limit|max_length|spans|dates|corners|attempts|answer_days|decide_days|late_days|vans|limit_h)\}"
    r"|(at most|more than|within|next|last|1 to|two to|fewer than|day has|first) \{\w+\}"
    r"|(every|counts as|matrix of|fills|room for|of|of its|of the|trip \{trip\} has|went wrong) \{\w+\}"
    r"|\{count\} deliveries are more|\{bids\} shipments|\{names\} streets|^\{count\} times$"
    r"|\{(trip|party|temperature)\}",
    re.IGNORECASE,
)
"""Limits with a name, and figures that are more than one wherever the sentence is said; names."""


def test_every_noun_that_is_counted_has_its_form_for_one():
    pairs = {form for pair in counted(*PACKAGES) for form in pair}
    hits = [(said, hit) for said in sorted(sentences(*PACKAGES) - pairs) for hit in COUNTING.finditer(said)]
    plain = [said for said, hit in hits if hit[2] in NOUNS and not NEVER_ONE.search(said[: hit.end()])]
    assert plain == []


def test_a_gap_takes_the_form_for_its_number_in_each_language():
    said = "{some} of {all} {all:crate/crates}"
    assert [ENGLISH.say(said, some=0, all=number) for number in (1, 2)] == ["0 of 1 crate", "0 of 2 crates"]
    assert [FRENCH.say(said, some=number, all=3) for number in (0, 1, 2)] == [
        "0 caisse sur 3",
        "1 caisse sur 3",
        "2 caisses sur 3",
    ]
    refusal = GuestsAboard(guests=1)
    assert FRENCH.refusal(refusal)[0].startswith("1 envoi voyage")
    assert refusal.sentence.startswith("1 shipment rides")
    assert ENGLISH.say("after {count} {count:trip/trips}", count="1 234") == "after 1 234 trips"


def test_french_has_one_apostrophe_and_one_word_for_a_driver():
    said = [form for entry in catalogue() for form in forms(entry.string)]
    assert [one for one in said if re.search(r"\w'\w|conducteur", one)] == []


def test_french_keeps_each_mark_with_its_word():
    said = [french_spaces(form) for entry in catalogue() for form in forms(entry.string)]
    loose = (
        r" [;:!?»%€]|« |\u202f:|\u00a0[;!?]|[\w)}»][;!?](\s|$)|[a-zé)}»]:\s|«[^\u00a0]|[^\u00a0]»"
        r"|[\d}] (kg|km|g|min|h|°C)\b"
    )
    assert [one for one in said if re.search(loose, one)] == []
    assert FRENCH.say("Already a member?") == "Déjà membre\N{NARROW NO-BREAK SPACE}?"
    assert FRENCH.count("{count} crate", "{count} crates", 2) == "2 caisses"
    assert (FRENCH.colon, FRENCH.semicolon, ENGLISH.colon) == ("\u00a0: ", "\u202f; ", ": ")


def test_french_has_one_word_for_a_party():
    """A party is an organisation; « partie » stays where French means a part, or belonging."""
    pairs = [pair for entry in catalogue() for pair in zip(forms(entry.id), forms(entry.string), strict=True)]
    named = [fr for english, fr in pairs if re.search(r"\bpart(y|ies)\b", english)]
    other = r"\bf(ai|on|as)\w*( déjà)? parties?|lient les parties"
    assert [one for one in named if re.search(r"\bparties?\b", re.sub(other, "", one))] == []


def test_no_translation_is_uncertain():
    assert not [entry.id for entry in catalogue() if entry.fuzzy]


def test_a_translation_has_the_gaps_of_its_sentence():
    pairs = [pair for entry in catalogue() for pair in zip(forms(entry.id), forms(entry.string), strict=True)]
    assert len(pairs) > 1_000
    assert [english for english, french in pairs if gaps(english) != gaps(french)] == []


def invented(kind):
    """Make up a fact for each gap of a refusal: a number where the gap wants one, else a word."""
    asked = {}
    for _, name, spec, _ in string.Formatter().parse(kind.reason + kind.cure):
        if name:
            asked[name] = asked.get(name) or spec
    return {name: 7 if spec else f"<{name}>" for name, spec in asked.items()}


def is_said_whole(kind):
    """Tell whether a refusal is said in both languages with all its facts."""
    facts = invented(kind)
    refusal = kind(**facts)
    english, french = ENGLISH.refusal(refusal), FRENCH.refusal(refusal)
    return english == (refusal.sentence, refusal.what_to_do) and all(
        (other != one or not template) and all(str(facts[name]) in other for name in gaps(template))
        for template, one, other in zip((kind.reason, kind.cure), english, french, strict=True)
    )


def test_every_refusal_is_said_in_both_languages_with_all_its_facts():
    assert len(REFUSALS) > 100
    assert [kind.__name__ for kind in REFUSALS if not is_said_whole(kind)] == []


def test_the_french_of_a_refusal_has_its_gaps():
    said = [english for kind in REFUSALS for english in (kind.reason, kind.cure)]
    assert [one for one in said if gaps(FRENCH.catalogue.gettext(one)) != gaps(one)] == []


@pytest.mark.parametrize("phrase", [*Temperature, *OBSTACLES.values()])
def test_a_word_that_is_a_fact_has_its_french(phrase):
    refusal = NoRoomAtAll(ride="T1", crates=6, temperature=Phrases((str(phrase),)), leg_from="A", leg_to="B")
    assert str(phrase) not in FRENCH.refusal(refusal)[0]


def test_every_regime_and_temperature_has_its_word():
    assert {regime.value for regime in Regime} == set(REGIMES)
    assert {temperature.value for temperature in Temperature} == set(TEMPERATURES)
    assert set(KINDS) == {"trip", "tour"}


def test_an_amount_that_is_a_fact_is_written_as_the_language_writes_it():
    assert FRENCH.say("{owner} is better off by {gain}.", owner="A", gain=Cents(123_456)).endswith(
        "gagne 1\N{NARROW NO-BREAK SPACE}234,56\N{NO-BREAK SPACE}€."
    )


def test_a_day_that_is_a_fact_is_written_as_the_language_writes_it():
    refusal = LicenceMissing(owner="Depot", day=date(2026, 9, 12))
    assert "12 septembre 2026" in FRENCH.refusal(refusal)[0]
    assert "12 September 2026" in ENGLISH.refusal(refusal)[0]


@pytest.mark.parametrize("text", ["", "{}", '{"schema": "carriole.manifest/4", "other": 1}'])
def test_why_data_is_no_manifest_is_said_in_french(text):
    with pytest.raises(ManifestUnreadable) as refused:
        read_manifest(text)
    for phrase in refused.value.facts["problem"][:1]:
        assert phrase not in FRENCH.refusal(refused.value)[0]


def test_who_made_the_map_is_said_as_the_language_says_it():
    assert FRENCH.credit("© OpenStreetMap contributors") == "© les contributeurs d’OpenStreetMap"
    assert ENGLISH.credit("") == "© OpenStreetMap contributors"
    assert FRENCH.credit("© {mine}") == "© {mine}"


def test_refusals_of_a_refusals_kind_are_found_too():
    found = refusals("pooling")
    assert set(DoesNotFit.__subclasses__()) < set(found)
    assert all(one.__module__.startswith("pooling.") for one in found)


def test_the_collector_sees_calls_marks_counts_refusals_and_templates():
    found = sentences("api.papers")
    assert {
        "any hour",  # words.say in a module
        "frozen",  # message
        "lift {count} loads aside",  # words.count, the plural
        LanguageUnknown.reason,
        "Skip to the stops",  # an HTML template
        "scan to navigate",  # the print's template
    } <= found


def test_french_uses_the_words_of_the_glossary():
    french = words("fr")
    assert french.say("Trip") == "Trajet"
    assert french.say("Tour") == "Tournée"
    assert french.say("Manifest") == "Feuille de route"
    assert french.say("Shipment") == "Envoi"
    assert french.say("Driver") == "Chauffeur"
    assert french.say("Waybill (lettre de voiture)") == "Lettre de voiture"


def test_counting_follows_the_language():
    assert [words("en").count("{count} crate", "{count} crates", n) for n in (0, 1, 2)] == [
        "0 crates",
        "1 crate",
        "2 crates",
    ]
    assert [words("fr").count("{count} crate", "{count} crates", n) for n in (0, 1, 2)] == [
        "0 caisse",
        "1 caisse",
        "2 caisses",
    ]


@pytest.mark.parametrize(
    ("duration_s", "said"),
    [
        (0, "0 min"),
        (29, "0 min"),
        (30, "1 min"),
        (3_570, "1 h 00 min"),
        (3_900, "1 h 05 min"),
        (-540, "−9 min"),
    ],
)
def test_durations_are_hours_and_minutes(duration_s, said):
    assert words("fr").duration(duration_s).replace("\N{NO-BREAK SPACE}", " ") == said


def test_figures_and_days_follow_the_language():
    assert words("en").km(12_345) == "12.3\N{NO-BREAK SPACE}km"
    assert words("fr").km(12_345) == "12,3\N{NO-BREAK SPACE}km"
    assert words("fr").km(143_700) == "144\N{NO-BREAK SPACE}km"
    assert [words("fr").grams(one) for one in (0, 320, 1_250)] == ["0\xa0g", "320\xa0g", "1,2\xa0kg"]
    assert words("en").kg(1_200) == "1,200\N{NO-BREAK SPACE}kg"
    assert words("en").day("2026-10-16") == "Friday 16 October 2026"
    assert words("fr").day("2026-10-16") == "Vendredi 16 octobre 2026"
    assert words("fr").day("tomorrow") == "tomorrow"


@pytest.mark.parametrize("name", ["fr", "FR", "fr-CH", "fr_FR.UTF-8"])
def test_a_language_is_known_by_its_usual_names(name):
    assert words(name) is words("fr")


@pytest.mark.parametrize("name", ["", "de", "../fr", "french"])
def test_an_unknown_language_is_refused_with_those_known(name):
    with pytest.raises(LanguageUnknown) as refused:
        words(name)
    assert refused.value.code == "language_unknown"
    assert "en, fr" in refused.value.what_to_do


def test_a_refusal_is_translated_and_keeps_its_facts():
    reason, cure = words("fr").refusal(LanguageUnknown(language="{evil}", known="en, fr"))
    assert reason == "Rien n’est écrit ici dans la langue «\N{NO-BREAK SPACE}{evil}\N{NO-BREAK SPACE}»."
    assert cure.endswith("en, fr.")


def test_a_refusal_without_translation_stays_english_and_whole():
    class VanOnStrike(Refusal):
        code: ClassVar[str] = "van_on_strike"
        reason: ClassVar[str] = "The van of {driver} carries {tonnes} t only."
        cure: ClassVar[str] = ""

    refusal = VanOnStrike(driver="Karim", tonnes=1.5)
    assert words("fr").refusal(refusal) == ("The van of Karim carries 1,5 t only.", "")


def test_a_marked_message_is_itself():
    assert message("ambient") == "ambient"
