"""Bids on pages: placed on a trip, answered by its owner, countered, taken, withdrawn."""

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter
from sqlalchemy import Row
from starlette.responses import Response

from api.pages.forms import Filled, Form
from api.pages.lists import part_of
from api.pages.names import party_names
from api.pages.press import answer, page
from api.pages.reasons import kept_reason
from api.pages.states import BIDS, colour
from api.pages.visit import Signed, Visit
from geodata.refusal import Refusal
from pooling.desk.market.bids import (
    accept_bid,
    counter_bid,
    place_bid,
    refuse_bid,
    take_counter,
    withdraw_bid,
)
from pooling.desk.market.placing import MESSAGE_LIMIT, BidTerms, price_in_sight
from pooling.desk.people.trust import sides_left, trust_in, write_review
from pooling.desk.runs.no_shows import say_nobody_came, why_not_said
from pooling.desk.trips.cancel_terms import must_not_have_set_out, terms_of_bid, terms_of_trip
from pooling.desk.trips.leaving_trips import leaving_costs
from pooling.goods.goods_share import goods_share
from pooling.ledger.reciprocity import MUTUAL
from pooling.money import Cents
from pooling.people.trust import COUNTS_TOLD, MOST_STARS
from pooling.pricing import DearerThanAlone
from pooling.regimes import COST_SHARING
from pooling.store import View
from pooling.store.bids import find_bid, list_bids, whole_of
from pooling.store.communities import targets_of
from pooling.store.shipments import find_shipment, shipments_by_id
from pooling.store.sites import sites_by_id
from pooling.store.trips import find_trip, owners_of, trips_by_id

router = APIRouter()
NOTE_LIMIT = 500


class BidAboveAlone(Refusal):
    """Ask, not refuse: whoever says that it means it may bid so much."""

    code = "bid_above_alone"
    reason = "You bid {most}; driving these crates alone would cost you {alone}."
    cure = "Bid less, or tick below that you mean it."


@router.get("/bids")
def listed(visit: Signed) -> Response:
    """List the bids that one's party placed, and those on its trips."""
    party = visit.own_party()
    with visit.desk.store.view() as view:
        rows, after = list_bids(view, [party.id], part_of(visit))
        shipments = shipments_by_id(view, [row.shipment_id for row in rows])
        sites = sites_by_id(
            view, [one for row in shipments.values() for one in (row.from_site_id, row.to_site_id)]
        )
        owners = owners_of(view, [row.trip_id for row in rows])
        names = party_names(view, [*owners.values(), *(row.payer_id for row in rows)])
    return page(
        visit,
        "bids.html",
        bids=rows,
        after=after,
        shipments=shipments,
        sites=sites,
        owners=owners,
        names=names,
        states=BIDS,
        colour=colour,
    )


@router.post("/bids/new")
def place(visit: Signed, form: Filled) -> Response:
    trip_id, shipment_id = form.value("trip")[:40], form.value("shipment")[:40]

    def do() -> str:
        most_cents, message, expires_at = form.cents("most"), *said_with(visit, form)
        form.check()
        must_mean_it(form, most_cents, form.value("alone"))
        terms = BidTerms(
            message=message,
            expires_at=expires_at,
            quote_id=form.value("quote")[:40],
            rematch=not form.ticked("no_rematch"),
            cover=form.value("cover")[:20],
            above_alone=form.ticked("sure"),
            in_kind=form.ticked("in_kind"),
        )
        return place_bid(visit.desk, visit.who, form.ask, trip_id, shipment_id, most_cents, terms)

    return answer(
        form,
        do,
        then=lambda bid_id: f"/bids/{bid_id}",
        again=lambda refusal: _again(visit, form, refusal, trip_id, shipment_id),
        said="bid_placed",
    )


@router.get("/bids/{bid_id}")
def one(visit: Signed, bid_id: str) -> Response:
    return _bid(visit, bid_id, Form(), None)


@router.post("/bids/{bid_id}/accept")
def accept(visit: Signed, form: Filled, bid_id: str) -> Response:
    return _on_bid(
        visit,
        form,
        bid_id,
        lambda: accept_bid(
            visit.desk, visit.who, form.ask, bid_id, form.revision, in_kind=form.ticked("in_kind")
        ),
        "bid_accepted",
    )


@router.post("/bids/{bid_id}/refuse")
def refuse(visit: Signed, form: Filled, bid_id: str) -> Response:
    return _on_bid(
        visit,
        form,
        bid_id,
        lambda: refuse_bid(visit.desk, visit.who, form.ask, bid_id, form.revision),
        "bid_refused",
    )


@router.post("/bids/{bid_id}/counter")
def counter(visit: Signed, form: Filled, bid_id: str) -> Response:
    def do() -> str:
        cents = form.cents("counter")
        form.check()
        return counter_bid(visit.desk, visit.who, form.ask, bid_id, form.revision, cents)

    return _on_bid(visit, form, bid_id, do, "bid_countered")


@router.post("/bids/{bid_id}/take")
def take(visit: Signed, form: Filled, bid_id: str) -> Response:
    return _on_bid(
        visit,
        form,
        bid_id,
        lambda: take_counter(
            visit.desk, visit.who, form.ask, bid_id, form.revision, above_alone=form.ticked("sure")
        ),
        "bid_accepted",
    )


@router.post("/bids/{bid_id}/withdraw")
def withdraw(visit: Signed, form: Filled, bid_id: str) -> Response:
    return _on_bid(
        visit,
        form,
        bid_id,
        lambda: withdraw_bid(visit.desk, visit.who, form.ask, bid_id, form.revision),
        "withdrawn",
    )


@router.post("/bids/{bid_id}/no-show")
def nobody_came(visit: Signed, form: Filled, bid_id: str) -> Response:
    return _on_bid(
        visit,
        form,
        bid_id,
        lambda: say_nobody_came(visit.desk, visit.who, form.ask, bid_id),
        "nobody_came",
    )


@router.post("/bids/{bid_id}/review")
def review(visit: Signed, form: Filled, bid_id: str) -> Response:
    def do() -> str:
        stars, note = stars_and_note(form)
        return write_review(visit.desk, visit.who, form.ask, bid_id, stars, note)

    return _on_bid(visit, form, bid_id, do, "reviewed")


def stars_and_note(form: Form) -> tuple[int, str]:
    """Read what a review says."""
    stars = form.whole("stars", 1, MOST_STARS)
    note = form.text("note", limit=NOTE_LIMIT, needed=False)
    form.check()
    return stars, note


def said_with(visit: Visit, form: Form) -> tuple[str, int | None]:
    """Read the word that is said with a bid, and until when it waits where that was typed (no day: today)."""
    message = form.text("message", limit=MESSAGE_LIMIT, needed=False)
    if not (form.value("expires").strip() or form.value("expires_day").strip()):
        return message, None
    today = visit.moments.today
    day = form.day("expires_day", today) if form.value("expires_day").strip() else today
    return message, visit.moments.seconds(day, form.hour("expires"))


def must_mean_it(form: Form, most_cents: int, alone: str) -> None:
    """Ask whoever bids above what driving alone would cost it, as the search found that."""
    if alone.isdecimal() and most_cents > int(alone) and not form.ticked("sure"):
        raise BidAboveAlone(most=Cents(most_cents), alone=Cents(int(alone)))


def asks_to_mean_it(refusal: Refusal | None) -> bool:
    """Tell whether a refusal may be overcome by saying that one means it."""
    wrapped = refusal is not None and refusal.facts.get("why_code") == DearerThanAlone.code
    return wrapped or isinstance(refusal, BidAboveAlone | DearerThanAlone)


def _on_bid(visit: Visit, form: Form, bid_id: str, do: Callable[[], str], said: str) -> Response:
    return answer(
        form,
        do,
        then=lambda _: f"/bids/{bid_id}",
        again=lambda refusal: _bid(visit, bid_id, form, refusal),
        said=said,
    )


def _again(visit: Visit, form: Form, refusal: Refusal | None, trip_id: str, shipment_id: str) -> Response:
    """Show a bid that was refused with its trip and its crates, the amount as it was typed."""
    with visit.desk.store.view() as view:
        trip, shipment = find_trip(view, trip_id), find_shipment(view, shipment_id)
        visit.who.must_see("shipment", shipment_id, shipment.shipper_id, shipment.payer_id)
        names = party_names(view, [trip.owner_id])
        sites = sites_by_id(view, [shipment.from_site_id, shipment.to_site_id])
        steps = terms_of_trip(view, trip).steps
    return page(
        visit,
        "bid_again.html",
        steps=steps,
        form=form,
        refusal=refusal,
        above_alone=asks_to_mean_it(refusal),
        trip=trip,
        mutual=trip.regime in MUTUAL,
        shipment=shipment,
        names=names,
        sites=sites,
    )


def _leave_cents(visit: Visit, view: View, row: Row[Any]) -> int | None:
    """Return what withdrawing an accepted bid would cost its payer now; ``None`` where it does not matter."""
    if row.state != "accepted" or not visit.who.acts_for(row.payer_id):
        return None
    try:
        trip = find_trip(view, row.trip_id)
        must_not_have_set_out(trip, terms_of_trip(view, trip), view.now_at)
        together = [one for one in whole_of(view, row) if one.state == "accepted"]
        return leaving_costs(visit.desk, view, together)
    except Refusal:
        return None


def _bid(visit: Visit, bid_id: str, form: Form, refusal: Refusal | None) -> Response:
    with visit.desk.store.view() as view:
        row = find_bid(view, bid_id)
        owner = owners_of(view, [row.trip_id])[row.trip_id]
        visit.who.must_see("bid", bid_id, row.payer_id, owner)
        shipment = find_shipment(view, row.shipment_id)
        sites = sites_by_id(view, [shipment.from_site_id, shipment.to_site_id])
        names = party_names(view, [row.payer_id, owner])
        trip = trips_by_id(view, [row.trip_id])[row.trip_id]
        price_cents = price_in_sight(row, to_payer=visit.who.acts_for(row.payer_id))
        target = targets_of(view, "trip", [row.trip_id]).get(row.trip_id)
        steps = terms_of_bid(row, terms_of_trip(view, trip)).steps
        leave_cents = _leave_cents(visit, view, row)
        may_say = visit.who.acts_for(row.payer_id) and why_not_said(view, row) is None
        _, payer_trust = trust_in(view, row.payer_id)
        may_review = row.state == "accepted" and bool(sides_left(view, visit.who, row, owner))
    share = goods_share(price_cents, shipment.goods_value_cents, target)
    return page(
        visit,
        "bid.html",
        form=form,
        refusal=refusal,
        bid=row,
        shipment=shipment,
        sites=sites,
        names=names,
        owner=owner,
        owns=visit.who.acts_for(owner),
        price_cents=price_cents,
        shares_cost=trip.regime in COST_SHARING,
        mutual=trip.regime in MUTUAL,
        pays=visit.who.acts_for(row.payer_id),
        may_review=may_review,
        may_say=may_say,
        steps=steps,
        leave_cents=leave_cents,
        payer_trust=payer_trust,
        share=share,
        counts_told=COUNTS_TOLD,
        above_alone=asks_to_mean_it(refusal),
        reason=kept_reason(visit, row.reason),
        states=BIDS,
        colour=colour,
    )
