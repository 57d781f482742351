"""
What a carrier is paid: its card, itemised, and nothing of what shippers pay.

One function for the plan, the page and the statement. It never gives less than the card: a tour may be
proposed above the card of its day on any line, below it on none.
"""

from dataclasses import dataclass, fields

from geodata.refusal import Refusal
from pooling.phrases import message
from pooling.tour import RateCard
from routing.cost import stop_count
from routing.plan import Route


class NoRateCard(Refusal):
    code = "no_rate_card"
    reason = "{carrier} has no rate card for {day}."
    cure = "Let it enter one that is valid on that day, or choose another day."


class BelowRateCard(Refusal):
    code = "below_rate_card"
    reason = "{carrier} would be paid less than its rate card {line}: {cents} where the card says {card}."
    cure = "Propose at least what the card says on each of its lines, or leave them empty."


LINE_WORDS = {
    "fixed_cents": message("per tour"),
    "cents_per_km": message("per km"),
    "cents_per_hour": message("per hour"),
    "cents_per_stop": message("per stop"),
    "waiting_cents_per_hour": message("per hour of waiting"),
}


@dataclass(frozen=True)
class Work:
    """Hold what is paid for: metres, seconds from leaving to end, stops, and waiting beyond the plan."""

    distance_m: int
    duration_s: int
    stops: int
    waited_s: int = 0


@dataclass(frozen=True)
class Pay:
    """Hold the lines of a carrier's pay in cents; the total adds the lines."""

    fixed_cents: int
    distance_cents: int
    time_cents: int
    stops_cents: int
    waiting_cents: int

    @property
    def total_cents(self) -> int:
        return sum(getattr(self, line.name) for line in fields(self))


def work_of(route: Route) -> Work:
    """Return what a planned route comes to."""
    return Work(route.distance_m, route.duration_s, stop_count(route))


def carrier_pay(card: RateCard, work: Work) -> Pay:
    """
    Itemise what a carrier is paid; each line is rounded half up to the cent.

    The hour counts from leaving to end, planned waiting included. ``waiting`` is what it waited beyond
    its plan; whoever is at fault pays that line, never those aboard.
    """
    return Pay(
        fixed_cents=card.fixed_cents,
        distance_cents=(work.distance_m * card.cents_per_km + 500) // 1000,
        time_cents=(work.duration_s * card.cents_per_hour + 1800) // 3600,
        stops_cents=work.stops * card.cents_per_stop,
        waiting_cents=(work.waited_s * card.waiting_cents_per_hour + 1800) // 3600,
    )


def lines_below(proposed: RateCard, card: RateCard) -> tuple[str, ...]:
    """Name the lines on which a tour would pay less than the card."""
    names = [line.name for line in fields(card)]
    return tuple(name for name in names if getattr(proposed, name) < getattr(card, name))
