"""
Who is deliverable to me on this tour: the producers whose goods fit into it, from their site to mine.

Each list is asked for by the fewest crates that one order of it fills, at the very place that ordering would
find: room, hours, area, freshness and price. One matrix and one reckoning of those aboard serve all lists.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Row

from geodata.refusal import Refusal
from pooling.desk.actor import Actor
from pooling.desk.desk import Desk
from pooling.desk.goods.shipments import wished_values
from pooling.desk.market.rides import Asking
from pooling.desk.selling.order_rides import (
    Terms,
    joinable_tour,
    said_to_buyer,
    shipment_words,
    terms_of,
    wished,
)
from pooling.desk.selling.shortlists import BUYERS
from pooling.desk.selling.tour_orders import NotABuyer
from pooling.desk.tours.tour_places import Joining, place_of, placed
from pooling.desk.tours.tour_terms import windows_told
from pooling.desk.tours.tour_world import TourWorld, asked_in, tour_world
from pooling.goods.goods import GoodsLoad, crates_for
from pooling.store import Page, View
from pooling.store.bids import paid_that_day
from pooling.store.shipments import payers_day
from pooling.store.shortlists import goods_on, open_short_lists, spoken_for
from pooling.store.sites import find_site

LISTS_AT_ONCE = 25
"""Lists of one page; each is tried in every slot of the tour."""

EXPLAINED_AT_ONCE = 8
"""Lists of one page where the reasons are told too: to find one takes as long as to try several."""


@dataclass(frozen=True)
class OnTour:
    """
    Hold what one list offers on a tour: its goods that are to be had, and the place of its least order.

    ``taken`` counts the units that standing orders took. ``share_cents`` is what that order's carriage
    would cost the buyer now; ``None`` where the producer pays. Where ``refusal`` is set, none of it is
    deliverable, and that is why.
    """

    of_list: Row[Any]
    goods: Sequence[Row[Any]]
    taken: Mapping[str, int]
    crates: int = 0
    pickup_from_at: int | None = None
    pickup_until_at: int | None = None
    drop_from_at: int | None = None
    drop_until_at: int | None = None
    share_cents: int | None = None
    refusal: Refusal | None = None


@dataclass(frozen=True)
class _Candidate:
    of_list: Row[Any]
    goods: Sequence[Row[Any]]
    terms: Terms
    rows: Sequence[SimpleNamespace]
    refusal: Refusal | None = None


def deliverable(
    desk: Desk, who: Actor, tour_id: str, to_site_id: str, page: Page, *, explained: bool = False
) -> tuple[list[OnTour], str]:
    """
    List what each open list offers on a tour that can be joined, by pages.

    ``explained``: those of which nothing fits too, each with its reason.
    """
    with desk.store.view() as view:
        tour_row = joinable_tour(view, tour_id)
        buyer_id = find_site(view, to_site_id).party_id
        who.must_act_for(buyer_id, "whose site it goes to")
        if who.manages[buyer_id] not in BUYERS:
            raise NotABuyer
        few = Page(page.after, min(page.limit, EXPLAINED_AT_ONCE if explained else LISTS_AT_ONCE))
        lists, after = open_short_lists(view, tour_row.day, few, not_of=buyer_id)
        stock = goods_on(view, [one.id for one in lists], tour_row.day)
        taken = spoken_for(view, [one.id for rows in stock.values() for one in rows])
        candidates = [
            _candidate(desk, view, tour_row, one, _to_be_had(stock[one.id], taken), buyer_id, to_site_id)
            for one in lists
        ]
        tried = list(_tried(desk, view, tour_row, candidates, taken, explained=explained))
        return tried, after


def _to_be_had(rows: Sequence[Row[Any]], taken: Mapping[str, int]) -> list[Row[Any]]:
    """Leave out what is sold out: of which there is less left than one order takes."""
    return [one for one in rows if one.available is None or one.available - taken.get(one.id, 0) >= one.least]


def _candidate(
    desk: Desk,
    view: View,
    tour_row: Row[Any],
    of_list: Row[Any],
    rows: Sequence[Row[Any]],
    buyer_id: str,
    to_site_id: str,
) -> _Candidate:
    """Ask for the least that one may order of a list, in each class of temperature and food."""
    terms = terms_of(desk, of_list, tour_row, buyer_id, to_site_id, (None, None))
    try:
        values = [wished_values(desk, view, shipment_words(terms, one)) for one in _least(rows)]
    except Refusal as refusal:
        return _Candidate(of_list, rows, terms, (), said_to_buyer(refusal, terms))
    return _Candidate(of_list, rows, terms, wished(view, values))


def _least(rows: Sequence[Row[Any]]) -> list[GoodsLoad]:
    """Return the smallest load of each class, the smallest of all first."""
    least: dict[tuple[str, str], GoodsLoad] = {}
    for row in rows:
        crates = crates_for(row.least, row.units_per_crate)
        value_cents = row.least * row.price_cents
        load = GoodsLoad(
            row.temperature, row.food, crates, crates * row.kg_per_crate, value_cents, (row.product,)
        )
        known = least.get((row.temperature, row.food))
        if known is None or crates < known.crates:
            least[row.temperature, row.food] = load
    return sorted(least.values(), key=lambda one: (one.crates, one.temperature, one.food))


def _tried(
    desk: Desk,
    view: View,
    tour_row: Row[Any],
    candidates: Sequence[_Candidate],
    taken: Mapping[str, int],
    *,
    explained: bool,
) -> Iterator[OnTour]:
    days = {
        payer: Asking(payers_day(view, payer, tour_row.day), paid_that_day(view, payer, tour_row.day))
        for payer in sorted({one.terms.payer_id for one in candidates})
    }
    measured: list[Any] = [row for one in candidates for row in one.rows]
    others = {row.id: row for asking in days.values() for row in asking.own}
    world = tour_world(desk, view, tour_row, besides=[*measured, *others.values()])
    for one in candidates:
        if one.goods:
            found = _on_tour(world, one, days[one.terms.payer_id], taken, explained=explained)
            if found is not None:
                yield found


def _on_tour(
    world: TourWorld, one: _Candidate, asking: Asking, taken: Mapping[str, int], *, explained: bool
) -> OnTour | None:
    """Take the first class of goods that has a place; where none has, the reason of the first if asked."""
    refusal = one.refusal
    rows: list[Any] = list(one.rows)
    for row in rows:
        asked = asked_in(world, row, asking.own, asking.paid)
        try:
            joining = placed(asked, row) if explained else place_of(asked, row)
        except Refusal as why:
            refusal = refusal or said_to_buyer(why, one.terms)
            continue
        if joining is not None:
            return _placed(world, one, joining, taken)
    return OnTour(one.of_list, one.goods, taken, refusal=refusal) if explained else None


def _placed(world: TourWorld, one: _Candidate, joining: Joining, taken: Mapping[str, int]) -> OnTour:
    windows: Any = windows_told(world, joining.terms.told[joining.shipment.id])
    return OnTour(
        one.of_list,
        one.goods,
        taken,
        crates=joining.shipment.crates,
        share_cents=joining.share.share_cents if one.of_list.carriage == "buyer" else None,
        **windows,
    )
