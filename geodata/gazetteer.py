"""Names that people use for places, and where those are. It proposes, and never guesses."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from geodata.place import Place

CANDIDATES_LIMIT = 20
"""How many places one question may bring back."""

SETTLEMENTS = ("city", "town", "village", "suburb", "quarter", "neighbourhood", "hamlet", "farm")
"""Kinds that come before all others, the largest first."""


@dataclass(frozen=True)
class NamedPlace:
    """Hold a name, what it is (``village``, ``restaurant`` …) and where."""

    name: str
    kind: str
    place: Place


@dataclass(frozen=True)
class Gazetteer:
    """Hold every named place of a region; the same name may stand many times."""

    places: tuple[NamedPlace, ...]

    def find(self, text: str) -> tuple[NamedPlace, ...]:
        """
        Return the candidates for a name, the best first, at most ``CANDIDATES_LIMIT``.

        Case and accents do not count. Exact names come first, then names that begin so, then
        names that hold the text at the beginning of a word; larger settlements before smaller
        ones. Reads every name once.
        """
        sought = plain(text)
        if not sought:
            return ()
        ranked = [
            (rank, _weight(named.kind), key, at)
            for at, (key, named) in enumerate(zip(self._keys, self.places, strict=True))
            if (rank := _rank(key, sought)) is not None
        ]
        return tuple(self.places[at] for *_, at in sorted(ranked)[:CANDIDATES_LIMIT])

    def of_kind(self, *kinds: str) -> tuple[NamedPlace, ...]:
        """Return every place of the given kinds, in the order of the map."""
        return tuple(named for named in self.places if named.kind in kinds)

    @cached_property
    def _keys(self) -> tuple[str, ...]:
        return tuple(plain(named.name) for named in self.places)


def gazetteer_of(places: Iterable[NamedPlace]) -> Gazetteer:
    """Gather places in a fixed order: by name, then kind, then position."""
    return Gazetteer(tuple(sorted(places, key=lambda p: (plain(p.name), p.kind, p.place.lat, p.place.lon))))


def plain(text: str) -> str:
    """Return a name without accents, capitals and signs, words parted by one space."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    bare = bare.casefold().replace("œ", "oe").replace("æ", "ae")
    return re.sub(r"[\W_]+", " ", bare).strip()


def _rank(key: str, sought: str) -> int | None:
    if key == sought:
        return 0
    if key.startswith(sought):
        return 1
    return 2 if f" {sought}" in f" {key}" else None


def _weight(kind: str) -> int:
    return SETTLEMENTS.index(kind) if kind in SETTLEMENTS else len(SETTLEMENTS)
