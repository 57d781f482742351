"""What a search finds: rides to be had now, rides that cannot and why, a pickup yet to be driven."""

from dataclasses import dataclass
from typing import Literal

from geodata.refusal import Refusal
from pooling.trips.cancelling import Terms, TourTerms

RideKind = Literal["trip", "tour"]
Sort = Literal["price", "hour", "detour"]


@dataclass(frozen=True)
class Offer:
    """
    Hold a ride that could be had now: hours at both ends, detour, and what it would cost.

    On a trip ``floor_cents`` is what the detour costs the owner: no lower bid can be taken. Whoever bids
    ``price_cents`` or more pays it under cost sharing; a carrier is paid as bid, from there on up to
    ``most_cents``, which is what riding spares. On a tour ``price_cents`` is the share as the tour stands
    now, which is ``most_cents`` too: it only falls. ``…_from_at`` and ``…_until_at`` are promised;
    on a proposed tour they are all that is told, and only narrow. ``co2_g`` is what the ride adds,
    ``alone_co2_g`` what its payer's own van no longer drives; ``way_from`` and ``way_to`` name the part
    of the way that is used. ``terms`` are those of cancelling it, and ``asks`` what a trip's owner
    asks: for an hour of its detour, and per crate.
    """

    kind: RideKind
    ride_id: str
    owner_id: str
    owner_name: str
    pickup_at: int | None
    pickup_from_at: int
    pickup_until_at: int
    drop_at: int | None
    drop_from_at: int
    drop_until_at: int
    detour_s: int
    detour_m: int
    floor_cents: int
    price_cents: int
    most_cents: int
    regime: str
    papers: tuple[str, ...]
    co2_g: int
    alone_co2_g: int
    way_from: str
    way_to: str
    instant: bool = False
    alone_cents: int | None = None
    terms: Terms | TourTerms | None = None
    asks: tuple[int, int] | None = None

    def rank(self, sort: Sort = "price") -> tuple[int, int, int, str]:
        """Return by what it is put in order: the price, the hour of delivery or the detour first."""
        hour_at = self.drop_until_at if self.drop_at is None else self.drop_at
        keys = {"price": self.price_cents, "hour": hour_at, "detour": self.detour_s}
        first = keys.pop(sort)
        second, third = keys.values()
        return first, second, third, self.ride_id


@dataclass(frozen=True)
class NoOffer:
    """Hold a ride that cannot carry the crates as they are: its true reason, and the smallest change."""

    kind: RideKind
    ride_id: str
    owner_id: str
    owner_name: str
    refusal: Refusal


@dataclass(frozen=True)
class PooledPickup:
    """
    Hold a pickup that several parties could share, if somebody drives: there is no vehicle yet.

    ``expected_cents`` is this shipment's part of a small van's full cost, labour and all, rounded up to
    half a euro, so that nobody's crates can be read from it.
    """

    expected_cents: int
    alone_cents: int
    co2_g: int
    alone_co2_g: int


@dataclass(frozen=True)
class Offers:
    """
    Hold what was found, in order, and what was tried in vain; ``seen`` trips of the day are open.

    ``beyond`` tells that the day may have more trips or tours than one search looks at.
    """

    rides: tuple[Offer, ...]
    others: tuple[NoOffer, ...]
    pooled: PooledPickup | None = None
    seen: int = 0
    beyond: bool = False
