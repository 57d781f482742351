"""What an address stands for: a place, how sure one may be of it, and why not. Never a guess in silence."""

from dataclasses import dataclass, replace
from enum import StrEnum

from geodata.place import Place
from geodata.refusal import Refusal

TEXT_LIMIT = 200
"""Letters of one address."""

CANDIDATES_LIMIT = 20
"""How many candidates one question may bring back."""


class AddressUnknown(Refusal):
    code = "address_unknown"
    reason = "Nothing is known by this address."
    cure = "Write number, street and commune, or put a pin on the map."


class AddressTooLong(AddressUnknown):
    """Refuse a text that is no address for its length alone."""

    reason = "An address has at most {limit} letters; this one has {letters}."
    cure = "Write only number, street, postcode and commune."


class Kind(StrEnum):
    """Say how exact a match can be, the most exact first."""

    PIN = "pin"
    HOUSE = "house"
    STREET = "street"
    PLACE = "place"
    COMMUNE = "commune"


class Doubt(StrEnum):
    """Say why a person must look: a match is certain only where none of these holds."""

    SPELLED = "spelled_otherwise"
    COMMUNE_MISSING = "commune_missing"
    COMMUNE_ONLY = "commune_only"
    POSTCODE_OTHER = "postcode_other"
    NUMBER_UNKNOWN = "number_unknown"
    NUMBER_MISSING = "number_missing"
    STREET_LONG = "street_long"
    TWINS = "several_of_this_name"
    OUTSIDE = "outside_the_region"
    SWAPPED = "degrees_swapped"


@dataclass(frozen=True)
class Known:
    """
    Hold what a source knows: a street, a named place or a commune; a house where the number is told.

    ``within_m`` is how far from the point the thing reaches; ``what`` is the source's own word
    (``village``, ``restaurant`` …); ``postcode`` may hold several, parted by spaces.
    """

    kind: Kind
    name: str
    place: Place
    commune: str = ""
    former: str = ""
    postcode: str = ""
    within_m: int = 0
    what: str = ""
    number: str = ""

    @property
    def label(self) -> str:
        """Return the address as one writes it: number and name, former commune, postcode and commune."""
        first = f"{self.number} {self.name}".strip()
        if self.kind is Kind.COMMUNE:
            return " ".join([self.postcode.partition(" ")[0], first]).strip()
        post = self.postcode if " " not in self.postcode else ""
        former = self.former if self.former != self.commune else ""
        return ", ".join(filter(None, [first, former, f"{post} {self.commune}".strip()]))


@dataclass(frozen=True)
class AddressMatch:
    """Hold one place that an address may mean, with a score from 0 to 100 and every doubt."""

    label: str
    kind: Kind
    place: Place
    score: int
    doubts: tuple[Doubt, ...] = ()
    what: str = ""

    @property
    def certain(self) -> bool:
        return not self.doubts

    def doubted(self, doubt: Doubt) -> "AddressMatch":
        """Return the same match with one doubt more."""
        if doubt in self.doubts:
            return self
        return replace(self, doubts=(*self.doubts, doubt), score=max(0, self.score - DOUBT_COSTS))


DOUBT_COSTS = 5
"""What each doubt takes from a score."""


@dataclass(frozen=True)
class Found:
    """
    Hold the answer to one address: a certain match, or candidates for a person, or the refusal.

    ``warning`` tells of a source that could not be asked; the others were.
    """

    matches: tuple[AddressMatch, ...] = ()
    refusal: Refusal | None = None
    warning: Refusal | None = None

    @property
    def certain(self) -> AddressMatch | None:
        """Return the match that may be taken without asking anybody, if there is one."""
        return self.matches[0] if len(self.matches) == 1 and self.matches[0].certain else None
