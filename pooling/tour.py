"""A tour organised with a carrier's vehicle, paid by the carrier's card."""

from dataclasses import dataclass

from geodata.refusal import Refusal
from pooling.load import Room
from pooling.sharing_rule import USUAL_RULE, Rule
from routing.problem import Window


class GapWithoutAccount(Refusal):
    code = "gap_without_account"
    reason = "Tour {tour} may miss some of its cost, and nobody is named who takes that upon itself."
    cure = "Name an operator in gap_account, or leave gap_eur empty."


@dataclass(frozen=True)
class RateCard:
    """
    Hold what the carrier is owed: per tour, km, hour and stop, in cents. It never gets less.

    ``waiting_cents_per_hour`` is for waiting beyond the plan, which no plan costs.
    """

    fixed_cents: int
    cents_per_km: int
    cents_per_hour: int
    cents_per_stop: int
    waiting_cents_per_hour: int = 0


@dataclass(frozen=True)
class Tour:
    """
    Hold a tour as proposed: the vehicle, its hours and room, the card, and the price shown.

    ``crate_cents`` is the most that a crate will cost whoever joins: the price shown at joining.
    ``fee_cents`` is the operator's own line. ``gap_cents`` is the most that ``gap_account`` (an
    operator, by name) takes upon itself where the caps do not cover card and fee: never without one.
    ``sharing_rule`` is how its cost is shared among those aboard. ``tail_lift``: its
    vehicle has one.
    """

    id: str
    carrier: str
    driver: str
    start_site: str
    end_site: str
    shift: Window
    room: Room
    card: RateCard
    crate_cents: int
    fee_cents: int = 0
    gap_cents: int = 0
    gap_account: str = ""
    sharing_rule: Rule = USUAL_RULE
    tail_lift: bool = False

    def __post_init__(self) -> None:
        if self.gap_cents and not self.gap_account:
            raise GapWithoutAccount(tour=self.id)
