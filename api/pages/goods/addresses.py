"""An address on a page: what was sought, what was found, and the candidate that a person picked."""

import re
from dataclasses import dataclass, replace

from api.address_words import DOUBTS, KINDS
from api.pages.forms import Form
from api.papers.words import Words
from geodata.address_book import AddressBook
from geodata.addresses import AddressMatch, Found
from geodata.refusal import Refusal

SOUGHT_LIMIT = 1_000
"""Letters of what is sought: a link of a map may be long."""

NAME_LIMIT = 120
PICKED = re.compile(r"(-?\d{1,2}(?:\.\d{1,9})?),(-?\d{1,3}(?:\.\d{1,9})?),(.{0,120})")


@dataclass(frozen=True)
class Sought:
    """Hold what was sought on a page, and the answer; both empty where nothing was."""

    text: str
    found: Found
    words: Words

    @property
    def certain(self) -> AddressMatch | None:
        return self.found.certain

    @property
    def candidates(self) -> tuple[AddressMatch, ...]:
        """Return what a person must choose from; nothing where the match is certain."""
        return () if self.found.certain else self.found.matches

    @property
    def told(self) -> list[str]:
        """Return what is to be said of the search itself: a source that is down, nothing found."""
        refusals: list[Refusal | None] = [self.found.warning, self.found.refusal]
        return [" ".join(self.words.refusal(one)) for one in refusals if one]

    def doubts(self, match: AddressMatch) -> str:
        """Say what a match is, and every doubt about it."""
        kind = self.words.say(KINDS[match.kind])
        return " ".join([f"{kind}.", *(self.words.say(DOUBTS[doubt]) for doubt in match.doubts)])

    def value(self, match: AddressMatch) -> str:
        """Return a match as the form sends it when it is picked: degrees and name."""
        return f"{match.place.lat:.6f},{match.place.lon:.6f},{_name(match)}"


def seek(book: AddressBook, form: Form, words: Words) -> Sought:
    """Look for the address that a form asks for, if it asks for one."""
    text = " ".join(form.value("q").split())[:SOUGHT_LIMIT]
    return Sought(text, book.find(text) if text else Found(), words)


def with_address(form: Form, sought: Sought) -> Form:
    """Fill in the degrees of a form: of the candidate that was picked, or of a certain match."""
    picked = PICKED.fullmatch(form.value("place"))
    if picked is not None:
        return _filled(form, picked[1], picked[2], picked[3])
    match = sought.certain
    if match is None or form.value("lat"):
        return form
    return _filled(form, f"{match.place.lat:.6f}", f"{match.place.lon:.6f}", _name(match))


def _filled(form: Form, lat: str, lon: str, name: str) -> Form:
    return replace(form, fields={**form.fields, "lat": lat, "lon": lon, "name": form.value("name") or name})


def _name(match: AddressMatch) -> str:
    """Return what people may call a place: its own name, without postcode and commune."""
    return match.place.name[:NAME_LIMIT]
