"""
How people write an address: number, street, postcode and commune, in any order, with abbreviations.

The words of a text and those of a map are written out the same way, so that they can be compared.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from geodata.gazetteer import plain

Words = tuple[str, ...]

WRITTEN_OUT = {
    "av": "avenue", "ave": "avenue", "bd": "boulevard", "bld": "boulevard", "blvd": "boulevard",
    "boul": "boulevard", "che": "chemin", "chem": "chemin", "chm": "chemin", "rte": "route",
    "imp": "impasse", "pl": "place", "sq": "square", "all": "allee", "fg": "faubourg", "fbg": "faubourg",
    "crs": "cours", "espl": "esplanade", "prom": "promenade", "pass": "passage", "ham": "hameau",
    "lot": "lotissement", "res": "residence", "qrt": "quartier", "quart": "quartier", "mte": "montee",
    "st": "saint", "ste": "sainte", "sts": "saints", "gal": "general", "gen": "general", "mal": "marechal",
    "pdt": "president", "dr": "docteur", "cdt": "commandant", "prof": "professeur", "nd": "notre dame",
}  # fmt: skip
"""French abbreviations of streets, saints and titles."""

OPENING = {"r": "rue", "ch": "chemin", "bis": ""}
"""Abbreviations that are understood only where a street's name begins."""

STREET_WORDS = frozenset(WRITTEN_OUT.values()) | {"rue", "quai", "ruelle", "sentier", "voie", "escalier"}
ARTICLES = frozenset({"l", "la", "le", "les"})
SUFFIXES = frozenset({"bis", "ter", "quater", "quinquies"})
SUFFIX_SHORT = {"b": "bis", "t": "ter", "q": "quater"}
UNSAID = re.compile(r"\b(?:bp|cs|tsa)\s*\d+\b|\bcedex(?:\s*\d{1,2})?\b|\blieu[\s-]?dit\b", re.IGNORECASE)
"""Parts that say how the post sorts, or what a name is, not where it lies."""

BORDER = re.compile(r"[,;\n]|\s[-–]\s")
POSTCODE = re.compile(r"(?<!\d)(\d{5}|\d{2}\s\d{3})(?!\d)")
NUMBER = re.compile(r"(?:n\s*[°º]?\s*)?(\d{1,4})\s*([a-z]+)?\b\s*(.*)", re.DOTALL)
COMMUNE_WORDS_LIMIT = 10


@dataclass(frozen=True)
class AddressText:
    """Hold a text taken apart: the words of each piece between commas, without number and postcode."""

    pieces: tuple[Words, ...]
    number: str = ""
    postcode: str = ""

    @cached_property
    def words(self) -> Words:
        return tuple(word for piece in self.pieces for word in piece)

    def splits(self) -> Iterator[tuple[Words, Words]]:
        """
        Yield every way to part the words into a commune and the rest, in their order.

        A commune stands at the beginning or the end of a piece; the longest come first.
        """
        for at, piece in enumerate(self.pieces):
            before = sum(map(len, self.pieces[:at]))
            for count in range(min(len(piece), COMMUNE_WORDS_LIMIT), 0, -1):
                for first in sorted({0, len(piece) - count}, reverse=True):
                    start = before + first
                    rest = self.words[:start] + self.words[start + count :]
                    yield piece[first : first + count], rest


@lru_cache(maxsize=20_000)
def words_of(text: str) -> Words:
    """Return the words of a name, plain and written out: ``Av. de l’Hôpital`` is avenue de l hopital."""
    found = plain(text).split()
    if found and found[0] in OPENING:
        found[0] = OPENING[found[0]]
    return tuple(word for one in found for word in WRITTEN_OUT.get(one, one).split())


def key_of(text: str) -> str:
    """Return the words of a name as one text, by which equal names are known."""
    return " ".join(words_of(text))


def bare(words: Words) -> Words:
    """Return the words of a commune without the article before it, which some files leave out."""
    return words[1:] if len(words) > 1 and words[0] in ARTICLES else words


def commune_key(text: str) -> str:
    """Return by which equal communes are known: ``La Turbie`` is ``turbie``."""
    return " ".join(bare(words_of(text)))


def number_of(number: str, suffix: str) -> str:
    """Return a house number in its plain form: ``12``, ``12 bis``, ``12 c``."""
    letters = plain(suffix)
    return f"{int(number)} {SUFFIX_SHORT.get(letters, letters)}".strip()


def read_address(text: str) -> AddressText:
    """
    Take a written address apart.

    A number counts where a piece begins (``12 bis av. …``) or stands alone between commas. What stands
    before the piece with the number is the name of who lives there, and is left out, unless it holds the
    commune alone (``Albi, 12 rue …``): that is seen only where the map is known, so it is kept if it is the
    first of two pieces.
    """
    said = UNSAID.sub(" ", text.replace("’", "'"))
    codes = POSTCODE.findall(said)
    said = POSTCODE.sub(", ", said)
    raw = [piece.strip() for piece in BORDER.split(said)]
    raw = [piece for piece in raw if plain(piece) and plain(piece) != "france"]
    number, at = "", -1
    pieces: list[Words] = []
    for piece in raw:
        found, rest = ("", piece) if number else _numbered(piece)
        if found:
            number, at = found, len(pieces)
        if words := words_of(rest):
            pieces.append(words)
    kept = pieces[at:] if at > 0 and len(pieces) - at > 1 else pieces
    return AddressText(tuple(kept), number, codes[-1].replace(" ", "") if codes else "")


def _numbered(piece: str) -> tuple[str, str]:
    """Return the house number at the beginning of a piece, and what follows it."""
    hit = NUMBER.match(piece.casefold())
    if hit is None:
        return "", piece
    digits, letters, after = hit[1], hit[2] or "", hit[3]
    rest = piece[len(piece) - len(after) :] if after else ""
    glued = hit.start(2) == hit.end(1) and len(letters) == 1
    opens_street = bool(after) and words_of(after)[:1] != () and words_of(after)[0] in STREET_WORDS
    if letters in SUFFIXES or glued or (len(letters) == 1 and letters in "abcdefgtq" and opens_street):
        return number_of(digits, letters), rest
    behind = piece[hit.end(1) :]
    return number_of(digits, ""), behind
