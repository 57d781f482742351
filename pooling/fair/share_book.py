"""
The book of a tour's shares as they were told: all that a proof of them needs, kept with the plan.

A proof reckoned again from today's state is no proof: caps, days alone and plans move on. So what was shared,
by what, within which caps and with which answer is written down once, when the shares are, and every page
reads it there.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from math import ceil
from typing import Any

from pooling.fair.charging import Charge, How
from pooling.fair.complaints import Complaint
from pooling.fair.of_tour import BestGroups, ProvenTour, proven
from pooling.fair.rules import share
from pooling.fair.sharing import fee_parts
from pooling.sharing_rule import USUAL_RULE, Rule
from pooling.shipment import Shipment
from routing.cost import route_cost
from routing.plan import Route
from routing.problem import Problem


@dataclass(frozen=True)
class Group:
    """
    Hold a group that could complain most: how many it is, and what it saves by staying.

    Below 0 it could complain. What is less than a cent for each of the group is rounding, and counts as 0.
    Who is in it is not told.
    """

    parties: int
    saves_cents: int


@dataclass(frozen=True)
class PartyShare:
    """
    Hold the proof of one party's share, of which ``fee_cents`` are the fee and the rest is the card.

    ``shapley_cents`` is what it would pay by the Shapley value within the same caps. What the game says
    (from ``adds_cents`` on) is ``None`` where the game could not be asked.
    """

    party: str
    alone_cents: int
    cap_cents: int
    share_cents: int
    fee_cents: int
    adds_cents: int | None = None
    detour_m: int | None = None
    detour_s: int | None = None
    ridden_m: int | None = None
    shapley_cents: int | None = None
    group: Group | None = None

    @property
    def card_cents(self) -> int:
        return self.share_cents - self.fee_cents

    @property
    def saved_cents(self) -> int:
        return self.alone_cents - self.share_cents


@dataclass(frozen=True)
class Card:
    """Hold the lines of the carrier's card for the plan."""

    fixed_cents: int
    distance_cents: int
    time_cents: int
    stops_cents: int

    @property
    def total_cents(self) -> int:
        return self.fixed_cents + self.distance_cents + self.time_cents + self.stops_cents


@dataclass(frozen=True)
class ShareBook:
    """
    Hold what a tour's shares rest on; card, fee, shares and gap are one sum.

    ``sampled_error_cents`` is how far the Shapley value may be off where it was sampled, with 99 %.
    ``every_group_asked`` tells that no group could complain more than ``worst``. ``allowed_cents`` is the
    least that some group must bear under any shares within the caps, ``None`` where that was not asked.
    """

    rule: Rule
    how: How
    card: Card
    fee_cents: int
    gap_cents: int
    parties: tuple[PartyShare, ...]
    sampled_error_cents: int = 0
    every_group_asked: bool = False
    allowed_cents: int | None = None
    worst: Group | None = None

    def __post_init__(self) -> None:
        if self.shares_cents + self.gap_cents != self.cost_cents:
            raise ValueError("Shares and gap add up to card and fee.")

    @property
    def cost_cents(self) -> int:
        return self.card.total_cents + self.fee_cents

    @property
    def shares_cents(self) -> int:
        return sum(one.share_cents for one in self.parties)

    def of(self, party: str) -> PartyShare | None:
        """Return the proof of one party's share, if it pays."""
        return next((one for one in self.parties if one.party == party), None)


@dataclass(frozen=True)
class BestBook:
    """
    Hold the groups that could complain most by the best plan of every group, by party.

    Nothing is named where ``searched`` is 0.
    """

    groups: int
    searched: int
    of: Mapping[str, Group]


def book_of(
    charged: Charge, problem: Problem, route: Route, aboard: Iterable[Shipment], fee_cents: int
) -> ShareBook:
    """Write the book of what was charged for a route."""
    split, card = charged.split, route_cost(problem.vehicle(route.vehicle), route)
    fees = fee_parts(fee_cents, split.shares_cents, split.gap_cents)
    found = None
    if charged.how != "alone_unknown":
        found = proven(problem, route, aboard, charged.claimants, split.shares_cents)
    more: dict[str, Any] = _stability(charged, found) if found else {}
    return ShareBook(
        rule=charged.rule,
        how=charged.how,
        card=Card(card.fixed_cents - fee_cents, card.distance_cents, card.time_cents, card.stops_cents),
        fee_cents=fee_cents,
        gap_cents=split.gap_cents,
        parties=_parties(charged, fees, found),
        **more,
    )


def best_book(found: BestGroups) -> BestBook:
    """Return what is kept of a search for the best plan of every group."""
    of = {party: _group(one) for party, one in found.of.items()}
    return BestBook(found.groups, found.searched, of)


def book_words(book: ShareBook | BestBook) -> str:
    """Return a book as it is kept."""
    return json.dumps(asdict(book))


def kept_book(text: str) -> ShareBook:
    """Return a book as it was kept."""
    words = json.loads(text)
    parties = tuple(PartyShare(**{**one, "group": _kept(one["group"])}) for one in words["parties"])
    more = {"card": Card(**words["card"]), "worst": _kept(words["worst"]), "parties": parties}
    return ShareBook(**{**words, **more})


def kept_best(text: str) -> BestBook | None:
    """Return what was found of the best plans; ``None`` where nothing was searched for."""
    if not text:
        return None
    words = json.loads(text)
    return BestBook(
        words["groups"], words["searched"], {one: Group(**group) for one, group in words["of"].items()}
    )


def _parties(charged: Charge, fees: Mapping[str, int], found: ProvenTour | None) -> tuple[PartyShare, ...]:
    shares_cents = charged.split.shares_cents
    lines = {line.party: line for line in found.lines} if found else {}
    by_shapley = _by_shapley(charged, found) if found else {}
    parties = []
    for party, claim in charged.claimants.items():
        told = (party, claim.alone_cents, claim.cap_cents, shares_cents[party], fees[party])
        line = lines.get(party)
        if line is None:
            parties.append(PartyShare(*told))
            continue
        ways = (line.adds_cents, line.detour_m, line.detour_s, line.ridden_m)
        group = _group(line.group) if line.group else Group(1, line.saved_cents)
        parties.append(PartyShare(*told, *ways, by_shapley.get(party), group))
    return tuple(parties)


def _by_shapley(charged: Charge, found: ProvenTour) -> Mapping[str, int]:
    """Return what the Shapley value asks within the same caps; nothing where no solver finds that."""
    if charged.shared is not None and charged.rule == USUAL_RULE:
        return charged.shared.shares_cents
    try:
        return share(found.asked, USUAL_RULE).shares_cents
    except ArithmeticError:
        return {}


def _stability(charged: Charge, found: ProvenTour) -> dict[str, Any]:
    """Return who could complain most of what is paid, and how much of that no shares could spare."""
    groups = [line.group for line in found.lines if line.group is not None]
    worst = max(groups, key=lambda one: one.excess, default=None)
    told = None if worst is None else _group(worst)
    asked: dict[str, Any] = {"worst": told, "every_group_asked": found.asked.game.listed}
    shared = charged.shared
    if shared is not None:
        return asked | {"allowed_cents": round(shared.allowed), "sampled_error_cents": ceil(shared.error)}
    if charged.how in ("told", "caps", "one"):  # nothing was left to choose: what some group bears, it must
        asked["allowed_cents"] = 0 if told is None else max(0, -told.saves_cents)
    return asked


def _group(one: Complaint) -> Group:
    parties, saves_cents = len(one.parties), round(-one.excess)
    return Group(parties, 0 if -parties <= saves_cents < 0 else saves_cents)


def _kept(words: Mapping[str, int] | None) -> Group | None:
    return None if words is None else Group(**words)
