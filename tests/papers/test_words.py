"""The words: every sentence that is said has its French, and the catalogue holds nothing else."""

import string
from pathlib import Path
from typing import ClassVar

import pytest
from babel.messages.pofile import read_po

from api.papers.words import LOCALE_FOLDER, LanguageUnknown, message, words
from geodata.refusal import Refusal
from pooling.regimes import Regime, papers_to_carry
from tests.papers.sentences import PACKAGES, sentences

MUST_BE_TRANSLATED = ("api/papers",)


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
    assert sentences(*MUST_BE_TRANSLATED) | papers() <= translated


def test_the_catalogue_holds_no_sentence_that_nothing_says():
    held = {form for entry in catalogue() for form in forms(entry.id)}
    assert held <= sentences(*PACKAGES) | papers()


def test_no_translation_is_uncertain():
    assert not [entry.id for entry in catalogue() if entry.fuzzy]


@pytest.mark.parametrize("entry", catalogue(), ids=lambda entry: forms(entry.id)[0])
def test_a_translation_has_the_gaps_of_its_sentence(entry):
    for english, french in zip(forms(entry.id), forms(entry.string), strict=True):
        assert gaps(english) == gaps(french)


def test_the_collector_sees_calls_marks_counts_refusals_and_templates():
    found = sentences("api/papers")
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
