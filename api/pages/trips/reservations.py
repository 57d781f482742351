"""Room reserved on pages: asked for on a trip, and its goods named, or the room given back."""

from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter
from sqlalchemy import Row
from starlette.responses import Response

from api.pages.forms import Filled, Form
from api.pages.names import has_sites, known_sites, party_names
from api.pages.press import answer, page
from api.pages.reasons import kept_reason
from api.pages.states import RESERVATIONS, colour
from api.pages.visit import Signed, Visit
from api.papers.words import TEMPERATURES
from geodata.refusal import Refusal
from pooling.desk.market.placing import BidTerms
from pooling.desk.trips.cancel_terms import terms_of_trip
from pooling.desk.trips.held_room import is_unnamed, name_by
from pooling.desk.trips.naming_goods import GoodsWords, name_goods
from pooling.desk.trips.reserving import RoomWords, release_room, reservation_of, reserve_room
from pooling.desk.trips.trips import trip_in_sight
from pooling.load import CRATES_LIMIT
from pooling.store import Page, View
from pooling.store.shipments import find_shipment, list_shipments
from pooling.store.sites import sites_by_id
from pooling.store.trips import find_trip, stops_of

router = APIRouter()
KG_LIMIT = 20_000
NOTE_LIMIT = 500


@router.get("/trips/{trip_id}/reserve")
def new(visit: Signed, trip_id: str) -> Response:
    return _form(visit, Form(), None, trip_id)


@router.post("/trips/{trip_id}/reserve")
def reserve(visit: Signed, form: Filled, trip_id: str) -> Response:
    def do() -> str:
        words, most_cents = _words(visit, form), form.cents("most")
        terms = BidTerms(form.text("message", limit=NOTE_LIMIT, needed=False))
        form.check()
        return reserve_room(visit.desk, visit.who, form.ask, trip_id, words, most_cents, terms)

    return answer(
        form,
        do,
        then=lambda bid_id: f"/reservations/{bid_id}",
        again=lambda refusal: _form(visit, form, refusal, trip_id),
        said="room_asked",
        beside={"held_enough": "crates", "pickup_is_drop": "to_site", "pickup_elsewhere": "from_site"},
    )


@router.get("/reservations/{reservation_id}")
def one(visit: Signed, reservation_id: str) -> Response:
    return _reservation(visit, reservation_id, Form(), None)


@router.post("/reservations/{reservation_id}/name")
def name(visit: Signed, form: Filled, reservation_id: str) -> Response:
    def do() -> str:
        words = _goods(form)
        form.check()
        return name_goods(visit.desk, visit.who, form.ask, reservation_id, form.revision, words)

    return answer(
        form,
        do,
        then=lambda _: f"/reservations/{reservation_id}",
        again=lambda refusal: _reservation(visit, reservation_id, form, refusal),
        said="goods_named",
    )


@router.post("/reservations/{reservation_id}/release")
def release(visit: Signed, form: Filled, reservation_id: str) -> Response:
    return answer(
        form,
        lambda: release_room(visit.desk, visit.who, form.ask, reservation_id, form.revision),
        then=lambda _: f"/reservations/{reservation_id}",
        again=lambda refusal: _reservation(visit, reservation_id, form, refusal),
        said="room_released",
    )


def _words(visit: Visit, form: Form) -> RoomWords:
    return RoomWords(
        party_id=visit.own_party().id,
        from_site_id=form.text("from_site", limit=40),
        to_site_id=form.text("to_site", limit=40),
        temperature=form.choice("temperature", TEMPERATURES),
        crates=form.whole("crates", 1, CRATES_LIMIT),
        kg=form.whole("kg", 1, KG_LIMIT) if form.value("kg").strip() else None,
    )


def _goods(form: Form) -> GoodsWords:
    """Read which goods are named: a shipment where one was chosen, else the crates that were typed."""
    shipment_id = form.value("shipment")[:40]
    if shipment_id:
        return GoodsWords(shipment_id)
    return GoodsWords(
        crates=form.whole("crates", 1, CRATES_LIMIT),
        kg=form.whole("kg", 1, KG_LIMIT) if form.value("kg").strip() else None,
        goods_value_cents=form.cents("goods_value", 0),
    )


def _form(visit: Visit, form: Form, refusal: Refusal | None, trip_id: str) -> Response:
    visit.own_party()
    with visit.desk.store.view() as view:
        trip = trip_in_sight(view, visit.who, trip_id)
        stops = stops_of(view, [trip_id])[trip_id]
        sites = known_sites(view, visit)
        settled = has_sites(view, visit)
        named = sites_by_id(view, [stop.site_id for stop in stops])
        names = party_names(view, [trip.owner_id])
        steps = terms_of_trip(view, trip).steps
    return page(
        visit,
        "reserve.html",
        steps=steps,
        form=form,
        refusal=refusal,
        trip=trip,
        stops=stops,
        sites=sites,
        settled=settled,
        named=named,
        names=names,
        name_by_at=name_by(trip),
    )


def _reservation(visit: Visit, bid_id: str, form: Form, refusal: Refusal | None) -> Response:
    with visit.desk.store.view() as view:
        row = reservation_of(view, visit.who, bid_id)
        trip, crates = find_trip(view, row.trip_id), find_shipment(view, row.shipment_id)
        pays, holds = visit.who.acts_for(row.payer_id), row.state == "accepted" and is_unnamed(row)
        may_name = pays and holds and view.now_at < min(row.name_by_at, trip.cutoff_at)
        mine = _that_fit(view, row.payer_id, crates) if may_name else []
        stops = stops_of(view, [trip.id])[trip.id]
        ends = [crates.from_site_id, crates.to_site_id, stops[0].site_id, stops[-1].site_id]
        sites = sites_by_id(view, ends)
        names = party_names(view, [row.payer_id, trip.owner_id])
    return page(
        visit,
        "reservation.html",
        form=form,
        refusal=refusal,
        bid=row,
        trip=trip,
        crates=crates,
        stops=stops,
        sites=sites,
        names=names,
        mine=mine,
        may_name=may_name,
        gives_back=pays and is_unnamed(row) and row.state in ("open", "countered", "accepted"),
        state=_state(row),
        reason=kept_reason(visit, row.reason),
        states=RESERVATIONS,
        colour=colour,
    )


def _state(row: Row[Any]) -> str:
    """Return how far a reservation is, in a word of its own."""
    if row.state == "accepted":
        return "held" if row.named_at is None else "named"
    return "released" if row.state == "withdrawn" else str(row.state)


def _that_fit(view: View, payer_id: str, room: Row[Any]) -> Sequence[Row[Any]]:
    """List the shipments of a party that could take the place: same way, day and class, no more crates."""
    rows, _ = list_shipments(view, [payer_id], Page(limit=100))
    same = ("payer_id", "from_site_id", "to_site_id", "temperature", "day")
    return [
        one
        for one in rows
        if one.state == "open"
        and all(getattr(one, name) == getattr(room, name) for name in same)
        and one.crates <= room.crates
        and one.kg <= room.kg
    ]
