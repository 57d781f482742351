"""
The law of a trip: who may ask, what may be paid, which papers ride along.

Our reading of public texts of French law, not legal advice. Each rule is a pure function of the
facts of one carriage; what it forbids comes back as a refusal with the way out.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from math import ceil

from geodata.place import Place, crow_distance_m
from geodata.refusal import Refusal
from pooling.figures import COTRANSPORT_RADIUS
from pooling.money import Cents
from pooling.names import same_group
from pooling.party import Party, Role


class Regime(StrEnum):
    """Name the legal ground on which a trip carries other people's goods."""

    OWN_ACCOUNT = "own_account"
    ENTRAIDE = "entraide"
    COTRANSPORT_AGRICOLE = "cotransport_agricole"
    GROUPEMENT = "groupement"
    COTRANSPORT_PRIVE = "cotransport_prive"
    TRANSPORTEUR = "transporteur"


COST_SHARING = frozenset(
    {Regime.ENTRAIDE, Regime.COTRANSPORT_AGRICOLE, Regime.GROUPEMENT, Regime.COTRANSPORT_PRIVE}
)
"""Regimes under which all that the owner receives stays within the shareable cost of the trip."""


class NotOwnGoods(Refusal):
    code = "not_own_goods"
    reason = "This trip runs on its owner's own account: it carries nobody else's goods."
    cure = "Ask the owner to announce it under another regime, or choose another trip."


class PayerNotAFarm(Refusal):
    code = "payer_not_a_farm"
    reason = "{payer} is no farm: under R3211-3 a farm's vehicle carries for the needs of another farm only."
    cure = "Let the producer pay the carriage, or ask a registered carrier."


class OwnerNotAFarm(Refusal):
    code = "owner_not_a_farm"
    reason = "{owner} is no farm: only a farm's own vehicle may share costs under this regime."
    cure = "Announce the trip as a registered carrier, with a licence."


class OutsideRadius(Refusal):
    code = "outside_radius"
    reason = "{site} lies {distance_km} km from the origin; R3211-3 allows {radius_km} km."
    cure = "Choose a pickup and drop within the radius, or ask a registered carrier."


class NotInGroup(Refusal):
    code = "not_in_group"
    reason = "{payer} and {owner} do not belong to the same group: R3211-4 carries for members only."
    cure = "Join the group first, or ask a registered carrier."


class GroupNotConfirmed(Refusal):
    code = "group_not_confirmed"
    reason = "Nobody has confirmed yet that {party} belongs to {group}: R3211-4 carries for members only."
    cure = "Ask the operator, or a member of the group that is confirmed already, to confirm it."


class FarmNotConfirmed(Refusal):
    code = "farm_not_confirmed"
    reason = "The operator has not confirmed yet that {party} is a farm: only farms share costs here."
    cure = "Ask the operator to confirm the farm (it sees who waits), or ask a registered carrier."


class NotPrivate(Refusal):
    code = "not_private"
    reason = "{payer} is a business: private co-transport (L3232-1) is between private persons."
    cure = "Ask a farm's trip, a group's trip or a registered carrier."


class LicenceMissing(Refusal):
    code = "licence_missing"
    reason = "{owner} has no carrier's licence that is valid on {day}."
    cure = "Enter the licence and the day until which it is valid, or announce the trip as cost sharing."


class NotVettedForHire(Refusal):
    code = "not_vetted_for_hire"
    reason = "{owner} is not vetted as a carrier, or is suspended: it carries nothing for hire."
    cure = "Let the operator look at its papers first, or choose another carrier."


class AboveShareableCost(Refusal):
    code = "above_shareable_cost"
    reason = (
        "With {price} more the owner would receive {received} for a trip whose shareable cost is {shareable}."
    )
    cure = "Bid less, or ask a registered carrier, whose price is free."


BETWEEN_FARMS = (Regime.COTRANSPORT_AGRICOLE, Regime.ENTRAIDE)
"""The grounds on which a farm carries for a farm."""


class AboveYearlyCap(Refusal):
    """Say that a private person would receive too much in a year; what others paid it is not told."""

    code = "above_yearly_cap"
    reason = "With this ride its owner would receive more than the {cap} a year of private persons (L3232-1)."
    cure = "Bid on a trip of next year, or on another owner's; a registered carrier's price is free."


@dataclass(frozen=True)
class PrivateYear:
    """
    Hold what a private person may receive in a calendar year, and what it does on its other trips.

    Counted is what was agreed, by the year of each trip's day; what a guest owes for having left, too.
    """

    cap_cents: int
    received_cents: int

    @property
    def left_cents(self) -> int:
        return max(0, self.cap_cents - self.received_cents)


def lawful_cents(shareable_cents: int, year: PrivateYear | None) -> int:
    """Return the most that the owner of one trip may receive in all where costs are shared."""
    return shareable_cents if year is None else min(shareable_cents, year.left_cents)


@dataclass(frozen=True)
class Carriage:
    """Hold the facts that the law looks at: who carries for whom, from where to where, on which day."""

    owner: Party
    payer: Party
    origin: Place
    pickup: Place
    drop: Place
    day: date


def forbidden_by_law(regime: Regime, carriage: Carriage) -> Refusal | None:
    """
    Return why the regime forbids this carriage, or ``None`` where it allows it.

    Sources: Code des transports R3211-3 (a farm for another farm, within a radius, sharing costs),
    R3211-4 (groups), L3232-1 (private co-transport); Code rural L325-1 (mutual aid between farms).
    """
    owner, payer = carriage.owner, carriage.payer
    if regime is Regime.OWN_ACCOUNT:
        return None if owner.id == payer.id else NotOwnGoods()
    if regime is Regime.TRANSPORTEUR:
        return _for_hire(owner, carriage.day)
    if regime in BETWEEN_FARMS:
        return _between_farms(regime, carriage)
    return barred_between(regime, owner, payer)


def barred_between(regime: Regime, owner: Party, payer: Party) -> Refusal | None:
    """Return why this payer may pay for nothing at all on such a trip, wherever it goes; ``None``: it may."""
    if regime is Regime.GROUPEMENT:
        return _within_group(owner, payer)
    if regime is Regime.COTRANSPORT_PRIVE:
        return None if payer.role is owner.role is Role.PRIVATE else NotPrivate(payer=payer.name)
    return _both_farms(owner, payer) if regime in BETWEEN_FARMS else None


def above_cap(regime: Regime, price_cents: int, received_cents: int, shareable_cents: int) -> Refusal | None:
    """
    Return why this price is too much, or ``None``.

    Under cost sharing the cap is on all that the owner receives together, so that an early high bid
    does not crowd out others: received + price ≤ shareable cost of the trip with its guests.
    """
    if regime in COST_SHARING and received_cents + price_cents > shareable_cents:
        return AboveShareableCost(
            price=Cents(price_cents),
            received=Cents(received_cents + price_cents),
            shareable=Cents(shareable_cents),
        )
    return None


def papers_to_carry(regime: Regime) -> tuple[str, ...]:
    """Name the papers on board: a waybill for hire (order of 9 November 1999), else a delivery note."""
    if regime is Regime.TRANSPORTEUR:
        return ("Waybill (lettre de voiture)", "Carrier's licence (copy)")
    if regime is Regime.COTRANSPORT_AGRICOLE:
        return ("Delivery note (justificatif)", "Note of shared costs")
    if regime is Regime.GROUPEMENT:
        return ("Delivery note (justificatif)", "Proof of membership")
    return ("Delivery note (justificatif)",)


def has_licence(party: Party, day: date) -> bool:
    """Tell whether a registered carrier's licence is there and valid on the day."""
    return bool(party.licence) and party.licence_until is not None and party.licence_until >= day


def _for_hire(owner: Party, day: date) -> Refusal | None:
    if not has_licence(owner, day):
        return LicenceMissing(owner=owner.name, day=day)
    return None if owner.vetted else NotVettedForHire(owner=owner.name)


def _within_group(owner: Party, payer: Party) -> Refusal | None:
    if not owner.group or not same_group(owner.group, payer.group):
        return NotInGroup(payer=payer.name, owner=owner.name)
    waiting = next((one for one in (owner, payer) if not one.group_confirmed), None)
    return None if waiting is None else GroupNotConfirmed(party=waiting.name, group=waiting.group)


def _both_farms(owner: Party, payer: Party) -> Refusal | None:
    if owner.role is not Role.PRODUCER:
        return OwnerNotAFarm(owner=owner.name)
    if payer.role is not Role.PRODUCER:
        return PayerNotAFarm(payer=payer.name)
    waiting = next((one for one in (owner, payer) if not one.is_farm), None)
    return None if waiting is None else FarmNotConfirmed(party=waiting.name)


def _between_farms(regime: Regime, carriage: Carriage) -> Refusal | None:
    refusal = _both_farms(carriage.owner, carriage.payer)
    if refusal is not None:
        return refusal
    if regime is Regime.COTRANSPORT_AGRICOLE:
        for place in (carriage.pickup, carriage.drop):
            distance_m = crow_distance_m(carriage.origin, place)
            if distance_m > COTRANSPORT_RADIUS.value:
                return OutsideRadius(
                    site=place.name,
                    distance_km=ceil(distance_m / 100) / 10,
                    radius_km=COTRANSPORT_RADIUS.value // 1000,
                )
    return None
