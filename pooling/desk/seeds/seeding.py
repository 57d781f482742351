"""
Tours drafted from an operator's flows, as a job; and a draft that becomes a proposed tour in one step.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row

from geodata.gazetteer import plain
from geodata.place import Place
from geodata.refusal import Refusal
from pooling.desk.actor import Actor
from pooling.desk.communities.posting import FOR_EVERYBODY, Posting
from pooling.desk.desk import Desk
from pooling.desk.goods.shipments import day_at
from pooling.desk.goods.sites import HoursBackwards
from pooling.desk.market.demand import unmet_told
from pooling.desk.seeds.flows import as_flow, known_area
from pooling.desk.tours.tour_words import TourWords
from pooling.desk.tours.tours import must_operate, write_posted
from pooling.hours import DayClock
from pooling.seeding.demand import sought_of, wishes_of
from pooling.seeding.draft import SEARCH_S, Draft, DraftAsk, Drafts, Stock, Terms
from pooling.seeding.drafting import draft_tours
from pooling.seeding.kept import draft_words, kept_draft, kept_terms, summary_words, terms_words
from pooling.store import Ask, Tx, View
from pooling.store.days import homes_by_party, parties_by_id
from pooling.store.drafts import add_drafting, find_draft, find_drafting, tour_draft
from pooling.store.fleet import has_cards
from pooling.store.flows import flows_counted, flows_of
from pooling.store.rows import NotFound, changed
from pooling.store.shortlists import stocks_on
from pooling.work.jobs import Progress, enqueue

UNMET_BACK, UNMET_AHEAD, UNMET_LIMIT = timedelta(days=60), timedelta(days=30), 1_000
"""What was looked for in vain on these days around today joins a draft as a wish; at most so many rows."""

STOCKS_LIMIT = 20_000
"""Goods on short lists that a drafting looks at, to find who has what was asked for in vain."""

BACK_LATER_S = 3600
"""A proposed tour may be back so much later than its draft: who signs up is never quite as drafted."""


class NoFlows(Refusal):
    code = "no_flows"
    reason = "There are no past purchases to draft tours from."
    cure = "Import a file of them first: producer, buyer, and where each lies."


class DraftProposed(Refusal):
    code = "draft_proposed"
    reason = "This draft is a proposed tour already."
    cure = "Change that tour, or have tours drafted anew."


class DraftOffRoads(Refusal):
    code = "draft_off_roads"
    reason = "No built region covers {area}: {stop} lies off the roads of {region}."
    cure = (
        'Build one: carriole region build NAME --place "{town}, France"; then serve with '
        "CARRIOLE_REGION=NAME."
    )


class DraftWrongDay(Refusal):
    code = "draft_wrong_day"
    reason = "{day} is not the weekday of this draft."
    cure = "Choose a day that is, or have tours drafted for other weekdays."


class DraftPriceMissing(Refusal):
    code = "draft_price_missing"
    reason = "This carrier drives at its own rate card, not at the prices that the draft was reckoned with."
    cure = "Say what a crate may cost at most on this tour."


@dataclass(frozen=True)
class DraftFilling:
    """
    Hold what an operator adds to a draft: carrier, driver, day, cut-off; the rest is the draft's.

    Without sites the van sets out from the carrier's first site and returns there; without a price
    shown a crate costs at most the dearest share of the draft. ``gap_cents`` are the most that the
    operator's own account adds where the shares do not cover the cost.
    """

    carrier_id: str
    driver: str
    day: date
    cutoff_at: int
    start_site_id: str = ""
    end_site_id: str = ""
    vehicle_id: str = ""
    crate_cents: int | None = None
    minimum_crates: int = 0
    gap_cents: int = 0


def ask_drafts(desk: Desk, who: Actor, ask: Ask, operator_id: str, terms: Terms) -> str:
    """Ask for tours to be drafted from one's own flows; returns the job."""
    must_operate(who, operator_id)
    if terms.opens_s >= terms.closes_s:
        raise HoursBackwards

    def save(tx: Tx) -> str:
        if not flows_counted(tx, operator_id):
            raise NoFlows
        words = {"operator": operator_id, "member": who.member_id, "terms": terms_words(terms)}
        return enqueue(tx, "draft_tours", words, "party", operator_id, who.member_id, party_id=operator_id)

    return desk.once(ask, save)


def draft_tours_job(desk: Desk, arguments: Mapping[str, Any], progress: Progress) -> dict[str, Any]:
    """Do the job of kind ``draft_tours``: read the flows, draft, keep the drafts, the best first."""
    progress("reading", 0.0)
    operator_id = arguments["operator"]
    with desk.store.view() as view:
        flows = [as_flow(row) for row in flows_of(view, operator_id)]
        asked = _asked(desk, view, arguments)
    if not flows:
        raise NoFlows
    found = draft_tours(flows, asked, lambda step, share: progress(step, 0.05 + 0.9 * share))

    def save(tx: Tx) -> str:
        progress.fence(tx)
        return _kept(tx, arguments, found)

    return {"drafting": desk.store.change(save), **summary_words(found)}


def seen_draft(view: View, who: Actor, draft_id: str) -> Row[Any]:
    """Return a draft to the operator whose flows it is made of; to anybody else there is none."""
    row = find_draft(view, draft_id)
    if row.operator_id not in who.manages:
        raise NotFound(kind="tour draft", id=draft_id)
    return row


def body_of(row: Row[Any]) -> Draft:
    """Return what was drafted."""
    return kept_draft(json.loads(row.body))


def propose_draft(
    desk: Desk,
    who: Actor,
    ask: Ask,
    draft_id: str,
    filling: DraftFilling,
    posting: Posting = FOR_EVERYBODY,
) -> str:
    """
    Make a draft a proposed tour, once, for everybody or for the members of a community; returns the tour.

    Refused where the roads of the region in use do not reach one of its stops.
    """

    def decide(view: View) -> TourWords:
        row = seen_draft(view, who, draft_id)
        if row.tour_id is not None:
            raise DraftProposed
        draft = body_of(row)
        _must_be_on_roads(desk, draft)
        terms = kept_terms(json.loads(find_drafting(view, row.drafting_id).terms))
        words = _tour_words(desk, view, draft, terms, filling)
        return replace(words, gap_party_id=row.operator_id if filling.gap_cents else None)

    def save(tx: Tx, words: TourWords) -> str:
        row = seen_draft(tx, who, draft_id)
        if row.tour_id is not None:
            raise DraftProposed
        tour_id = write_posted(desk, tx, row.operator_id, words, posting)
        changed(tx, tour_draft, row, {"tour_id": tour_id}, kind="tour draft")
        return tour_id

    return desk.once_decided(ask, decide, save)


def _kept(tx: Tx, arguments: Mapping[str, Any], found: Drafts) -> str:
    drafts = [
        {
            "weekday": one.weekday,
            "area": one.area,
            "approximate": one.approximate,
            "body": json.dumps(draft_words(one), ensure_ascii=False),
        }
        for one in found.drafts
    ]
    operator_id, member_id = arguments["operator"], arguments["member"]
    drafting_id = add_drafting(tx, operator_id, member_id, arguments["terms"], summary_words(found), drafts)
    facts = {"tours": len(drafts), "flows": found.flows}
    tx.tell("tours.drafted", "drafting", drafting_id, {operator_id}, **facts)
    return drafting_id


def _asked(desk: Desk, view: View, arguments: Mapping[str, Any]) -> DraftAsk:
    """Return with what tours are drafted; of what was looked for in vain only what may be told."""
    today = day_at(desk, view.now_at)
    unmet = unmet_told(view, today - UNMET_BACK, today + UNMET_AHEAD, UNMET_LIMIT)
    sought = sought_of((one.area, one.day, one.products) for one in unmet if one.wanted)
    return DraftAsk(
        terms=kept_terms(arguments["terms"]),
        area_of=known_area,
        roads=desk.grounds.region.roads,
        wishes=wishes_of((one.area, one.day, one.crates) for one in unmet if one.crates and not one.wanted),
        search_s=float(arguments.get("search_s", SEARCH_S)),
        sought=sought,
        stocks=_stocks(view, today) if sought else (),
    )


def _stocks(view: View, today: date) -> tuple[Stock, ...]:
    """Return what producers have on their open short lists, by producer and place of collection."""
    products: dict[tuple[str, float, float], set[str]] = {}
    for row in stocks_on(view, today, STOCKS_LIMIT):
        products.setdefault((row.name, row.lat, row.lon), set()).add(plain(row.product))
    return tuple(
        Stock(name, Place(lat=lat, lon=lon), frozenset(has)) for (name, lat, lon), has in products.items()
    )


def _must_be_on_roads(desk: Desk, draft: Draft) -> None:
    region = desk.grounds.region
    refused = region.roads.snap_all([stop.place for stop in draft.stops]).refusals
    if refused:
        stop = draft.stops[min(refused)].name
        town = draft.area.partition(" ")[2] or draft.area
        raise DraftOffRoads(area=draft.area, stop=stop, region=region.name, town=town)


def hours_on(day: date, draft: Draft, terms: Terms, timezone: str) -> tuple[int, int]:
    """Return when a draft's tour begins and ends on a day: on the wall, where the clocks change too."""
    clock = DayClock(day, timezone)
    opens_s = min(terms.opens_s, draft.opens_s)
    closes_s = max(terms.closes_s, min(86_400, draft.closes_s + BACK_LATER_S))
    walls = (f"{one // 3600:02d}:{one % 3600 // 60:02d}" for one in (opens_s, closes_s))
    opens_at, closes_at = (int(clock.utc(clock.seconds(wall)).timestamp()) for wall in walls)
    return opens_at, closes_at


def _tour_words(desk: Desk, view: View, draft: Draft, terms: Terms, filling: DraftFilling) -> TourWords:
    if filling.day.isoweekday() != draft.weekday:
        raise DraftWrongDay(day=filling.day)
    if filling.carrier_id not in parties_by_id(view, [filling.carrier_id]):
        raise NotFound(kind="party", id=filling.carrier_id)
    home = homes_by_party(view, [filling.carrier_id]).get(filling.carrier_id, "")
    start = filling.start_site_id or home
    opens_at, closes_at = hours_on(filling.day, draft, terms, desk.timezone)
    own_card = has_cards(view, filling.carrier_id)
    if own_card and filling.crate_cents is None:
        raise DraftPriceMissing
    return TourWords(
        carrier_id=filling.carrier_id,
        driver=filling.driver,
        start_site_id=start,
        end_site_id=filling.end_site_id or start,
        opens_at=opens_at,
        closes_at=closes_at,
        crate_cents=draft.dearest_crate_cents if filling.crate_cents is None else filling.crate_cents,
        fee_cents=0,
        gap_cents=filling.gap_cents,
        gap_party_id=None,
        minimum_crates=filling.minimum_crates,
        cutoff_at=filling.cutoff_at,
        vehicle_id=filling.vehicle_id,
        **_room(terms, filling),  # type: ignore[arg-type]
        **_card(terms, own_card=own_card),  # type: ignore[arg-type]
    )


def _room(terms: Terms, filling: DraftFilling) -> dict[str, int | None]:
    """Return the room that was drafted with; that of the vehicle where one is named."""
    names = ("ambient_crates", "chilled_crates", "frozen_crates", "payload_kg")
    return {name: None if filling.vehicle_id else terms_words(terms)[name] for name in names}


def _card(terms: Terms, *, own_card: bool) -> dict[str, int | None]:
    """Return the prices that were drafted with; those of the carrier's own card where it has one."""
    names = ("fixed_cents", "cents_per_km", "cents_per_hour", "cents_per_stop")
    return {name: None if own_card else getattr(terms.card, name) for name in names}
