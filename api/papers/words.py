"""
The words of a language: one catalogue for pages, prints, the command line and refusals.

English is the source language: its sentences stand in the code and are the keys of the catalogue.
Every other language is one file in ``locale``, read when it is first asked for. A sentence that a
value chooses at run time is marked by ``message``, so that the tests find it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

from babel import Locale
from babel.dates import format_date
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from geodata.filling import filled
from geodata.refusal import Refusal
from pooling.money import Cents
from pooling.phrases import Notes, Phrases, Weekday

SOURCE_LANGUAGE = "en"

LOCALES = {"en": "en_GB", "fr": "fr_FR"}
"""Each language with the habits of one country: days before months, 24 hours."""

LOCALE_FOLDER = Path(__file__).parent / "locale"


def message(english: str) -> str:
    """Mark a sentence for the catalogue and return it as it is."""
    return english


TEMPERATURES: Mapping[str, str] = {
    "ambient": message("ambient"),
    "chilled": message("chilled"),
    "frozen": message("frozen"),
}

FOODS: Mapping[str, str] = {
    "minced": message("minced meat"),
    "poultry": message("poultry"),
    "meat": message("meat"),
    "very_perishable": message("very perishable food, such as milk, cream, ready meals"),
    "perishable": message("perishable food, such as butter, hard cheese"),
}
"""Classes of food whose temperature the law bounds (pooling.cold_chain)."""

REGIMES: Mapping[str, str] = {
    "own_account": message("own account"),
    "entraide": message("mutual aid between farms"),
    "cotransport_agricole": message("cost sharing between farms"),
    "groupement": message("carriage for the members of a group"),
    "cotransport_prive": message("cost sharing between private persons"),
    "transporteur": message("registered carrier"),
}

ATTRIBUTION = message("© OpenStreetMap contributors")
"""Who made the map, as the licence of its data asks; each language has its own wording of it."""

COLON, SEMICOLON = message(": "), message("; ")
"""What stands between a word and what is said of it; French sets a space before it."""

KINDS: Mapping[str, str] = {"trip": message("Trip"), "tour": message("Tour")}


class LanguageUnknown(Refusal):
    code = "language_unknown"
    reason = "Nothing here is written in the language “{language}”."
    cure = "Ask for one of these: {known}."


@dataclass(frozen=True)
class Words:
    """Say sentences, figures and dates in one language."""

    language: str
    locale: Locale
    catalogue: NullTranslations

    @property
    def colon(self) -> str:
        return self.say(COLON)

    @property
    def semicolon(self) -> str:
        return self.say(SEMICOLON)

    def say(self, english: str, /, **facts: object) -> str:
        """Translate a sentence and fill its named gaps; what the catalogue lacks stays English."""
        return self._fill(self.catalogue.gettext(english) if english else "", facts)

    def count(self, one: str, many: str, number: int, /, **facts: object) -> str:
        """Translate a sentence that counts: the gap ``{count}`` takes the number."""
        return self._fill(self.catalogue.ngettext(one, many, number), {"count": self.number(number), **facts})

    def refusal(self, refusal: Refusal) -> tuple[str, str]:
        """Return the reason of a refusal, with what else would still forbid it, and what to do about all."""
        reason, cure = self.say(refusal.reason, **refusal.facts), self.say(refusal.cure, **refusal.facts)
        if refusal.besides is None:
            return reason, cure
        besides, cure_besides = self.refusal(refusal.besides)
        return f"{reason} {self.say('Even so:')} {besides}", f"{cure} {self.say('And:')} {cure_besides}"

    def number(self, value: float, digits: int = 0) -> str:
        return format_decimal(
            value, format=f"#,##0.{'0' * digits}" if digits else "#,##0", locale=self.locale
        )

    def km(self, distance_m: int) -> str:
        """Return a length in km: one decimal below 100 km, none above."""
        return f"{self.number(distance_m / 1000, 1 if distance_m < 100_000 else 0)}\N{NO-BREAK SPACE}km"

    def kg(self, load_kg: int) -> str:
        return f"{self.number(load_kg)}\N{NO-BREAK SPACE}kg"

    def grams(self, mass_g: int) -> str:
        """Return what is emitted: whole grams below 1 kg, where a decimal of a kilo would read 0."""
        if mass_g < 1_000:
            return f"{self.number(mass_g)}\N{NO-BREAK SPACE}g"
        return f"{self.number(mass_g / 1_000, 1)}\N{NO-BREAK SPACE}kg"

    def money(self, cents: int) -> str:
        """Return whole cents as euro: ``14.19 €``, in French ``14,19 €``."""
        sign = "−" if cents < 0 else ""
        return f"{sign}{self.number(abs(cents) / 100, 2)}\N{NO-BREAK SPACE}€"

    def duration(self, duration_s: int) -> str:
        """Return hours and minutes, rounded to the minute: ``1 h 05 min``."""
        hours, minutes = divmod((abs(duration_s) + 30) // 60, 60)
        words = f"{hours} h {minutes:02} min" if hours else f"{minutes} min"
        return ("−" if duration_s <= -30 else "") + words.replace(" ", "\N{NO-BREAK SPACE}")

    def day(self, iso_day: str) -> str:
        """Return a day (``2026-10-14``) with its weekday; words that are no day come back unchanged."""
        try:
            day = date.fromisoformat(iso_day)
        except ValueError:
            return iso_day
        written = format_date(day, format="EEEE d MMMM y", locale=self.locale)
        return written[:1].upper() + written[1:]

    def weekday(self, day: date) -> str:
        """Return the short name of a day's weekday: ``Sun``, ``dim.``."""
        return format_date(day, format="EEE", locale=self.locale)

    def credit(self, attribution: str) -> str:
        """Return who made the map; another wording than the usual one stays as it is."""
        return self.say(ATTRIBUTION) if attribution in ("", ATTRIBUTION) else attribution

    def _fill(self, template: str, facts: Mapping[str, object]) -> str:
        said = {name: self._fact(fact) for name, fact in facts.items()}
        return filled(template, said, lambda number: self.locale.plural_form(abs(number)) == "one")

    def _fact(self, fact: object) -> str | int:
        """Say a fact; a plain whole number stays one, so that a gap may ask for its leading zeros."""
        if isinstance(fact, Cents):
            return self.money(fact)
        if isinstance(fact, Phrases):
            return ", ".join(self.say(phrase) for phrase in fact)
        if isinstance(fact, Notes):
            return self.semicolon.join(f"{name} ({self._fact(phrases)})" for name, phrases in fact)
        if isinstance(fact, Refusal):
            return self.refusal(fact)[0]
        if isinstance(fact, Weekday):
            return format_date(fact, format="EEEE d MMMM y", locale=self.locale)
        if isinstance(fact, date):
            return format_date(fact, format="d MMMM y", locale=self.locale)
        if isinstance(fact, float):
            return format_decimal(fact, locale=self.locale)
        return fact if isinstance(fact, int) else str(fact)


def words(language: str) -> Words:
    """Return the words of a language, named as ``fr``, ``fr-FR`` or ``fr_FR``; refuse an unknown one."""
    name = re.split(r"[-_.]", language.strip().lower(), maxsplit=1)[0]
    if name not in LOCALES:
        raise LanguageUnknown(language=language, known=", ".join(LOCALES))
    return _words(name)


@cache
def _words(name: str) -> Words:
    return Words(name, Locale.parse(LOCALES[name]), _catalogue(name))


def _catalogue(name: str) -> NullTranslations:
    if name == SOURCE_LANGUAGE:
        return NullTranslations()
    with (LOCALE_FOLDER / f"{name}.po").open("rb") as file:
        read = read_po(file, locale=name)
    for entry in read if name == "fr" else ():
        if entry.id:
            entry.string = (
                french_spaces(entry.string)
                if isinstance(entry.string, str)
                else tuple(french_spaces(one) for one in entry.string or ())
            )
    compiled = BytesIO()
    write_mo(compiled, read)
    compiled.seek(0)
    return GNUTranslations(compiled)


SPACE = "[ \N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}]"
FRENCH_SPACES = (
    (re.compile(f"{SPACE}+([;!?])"), "\N{NARROW NO-BREAK SPACE}\\1"),
    (re.compile(f"{SPACE}+([:»%€])"), "\N{NO-BREAK SPACE}\\1"),
    (re.compile(f"«{SPACE}+"), "«\N{NO-BREAK SPACE}"),
    (re.compile(f"([0-9}}]){SPACE}+(k?[gm]|min|h|°C)\\b"), "\\1\N{NO-BREAK SPACE}\\2"),
)


def french_spaces(sentence: str) -> str:
    """Keep each mark and unit on the line of its word, as French print does, whatever space was typed."""
    for pattern, with_space in FRENCH_SPACES:
        sentence = pattern.sub(with_space, sentence)
    return sentence
