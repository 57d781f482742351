"""A trip that its owner makes anyway: announced stops with hours, and the room left on each leg."""

from dataclasses import dataclass

from geodata.refusal import Refusal
from pooling.figures import LABOUR_PER_HOUR
from pooling.kinds import ANY_KIND, Kinds
from pooling.load import Room
from pooling.regimes import Regime
from routing.problem import Window

STOPS_LIMIT = 20

HOUR_CENTS_LIMIT = 10_000
"""What an owner may count an hour of its detour at."""

ASKED_CENTS_LIMIT = 100_000
"""What a carrier may ask per crate."""


class TripTooShort(Refusal):
    code = "trip_too_short"
    reason = "Trip {trip} has {stops} stop."
    cure = "Announce at least where it begins and where it ends."


class TripTooLong(Refusal):
    code = "trip_too_long"
    reason = "Trip {trip} has {stops} stops; at most {limit} can be announced."
    cure = "Announce it as two trips."


class AskedByNoCarrier(Refusal):
    code = "asked_by_no_carrier"
    reason = (
        "Only a registered carrier may ask a price per crate: elsewhere guests pay their share of the cost."
    )
    cure = "Leave the price out, or drive as a registered carrier, whose price is free."


class TripBackwards(Refusal):
    code = "trip_backwards"
    reason = "Trip {trip}: stop {stop} closes before an earlier stop opens."
    cure = "Write the stops in the order in which they are made, with their hours."


@dataclass(frozen=True)
class TripStop:
    """
    Hold one announced stop; ``free`` is the room on the leg that leaves it (none after the last).

    A van that ``stands`` stays until the next stop, which is at the same site: see ``pooling.market.stands``.
    """

    site: str
    hours: Window
    free: Room
    stands: bool = False


@dataclass(frozen=True)
class Trip:
    """
    Hold what the owner announced.

    ``detour_s`` is how much longer the owner is willing to drive, ``detour_m`` how much further where
    that is limited too. ``refrigerated`` chooses the cost per kilometre. ``hour_cents`` is what the owner
    counts an hour of its detour at (0: it gives its time), and ``asked_cents`` what a registered carrier
    asks at least per crate. ``carries`` are the kinds of goods that may travel with it; none: any.
    ``tail_lift`` tells that its van has one.
    """

    id: str
    owner: str
    driver: str
    regime: Regime
    stops: tuple[TripStop, ...]
    detour_s: int
    refrigerated: bool = False
    detour_m: int | None = None
    hour_cents: int = LABOUR_PER_HOUR.value
    asked_cents: int = 0
    carries: Kinds = ANY_KIND
    tail_lift: bool = False

    def __post_init__(self) -> None:
        if len(self.stops) < 2:
            raise TripTooShort(trip=self.id, stops=len(self.stops))
        if len(self.stops) > STOPS_LIMIT:
            raise TripTooLong(trip=self.id, stops=len(self.stops), limit=STOPS_LIMIT)
        if self.asked_cents and self.regime is not Regime.TRANSPORTEUR:
            raise AskedByNoCarrier
        opened_s = 0
        for number, stop in enumerate(self.stops, start=1):
            if stop.hours.closes_s < opened_s:
                raise TripBackwards(trip=self.id, stop=number)
            opened_s = max(opened_s, stop.hours.opens_s)
