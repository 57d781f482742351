"""Trips on pages: announced with their stops and free room, looked at, frozen, cancelled."""

from collections.abc import Callable, Sequence
from typing import Any

from fastapi import APIRouter
from sqlalchemy import Row
from starlette.responses import Response

from api.pages.forms import Filled, Form, asked
from api.pages.lists import part_of
from api.pages.names import known_sites, party_names
from api.pages.posting import TRIP_UNSAID, community_name, own_communities, posting_of_form
from api.pages.press import answer, page
from api.pages.reasons import kept_reason
from api.pages.states import BIDS, TRIPS, colour
from api.pages.trips.regimes import REGIME_WORDS, barred_by_law
from api.pages.trips.series import rule_words
from api.pages.trips.series_form import DAY_NAMES, REPEATS, following_words, repeats, series_words
from api.pages.trips.trip_form import ROWS_LIMIT, SHARES, carries, rows_of, trip_words, typed_stops
from api.pages.visit import Signed, Visit
from geodata.refusal import Refusal
from pooling.desk.people.trust import trust_in
from pooling.desk.planbook import kept_plan
from pooling.desk.runs.freezing_rides import freeze_trip
from pooling.desk.trips.cancel_terms import terms_of_trip
from pooling.desk.trips.changing_series import cancel_following, change_following
from pooling.desk.trips.changing_trips import change_trip
from pooling.desk.trips.held_room import name_by
from pooling.desk.trips.letting_down import cancelling_costs
from pooling.desk.trips.series import announce_series, read_series
from pooling.desk.trips.series_words import WallStop
from pooling.desk.trips.trips import announce_trip, cancel_trip, trip_in_sight
from pooling.figures import LABOUR_PER_HOUR, PALLET_CRATES
from pooling.kinds import KIND_WORDS, read_kinds, told
from pooling.people.trust import COUNTS_TOLD
from pooling.regimes import Regime, papers_to_carry
from pooling.store import Page, View
from pooling.store.bids import list_bids
from pooling.store.days import parties_by_id
from pooling.store.manifests import manifest_of
from pooling.store.series import exceptions_of, list_series
from pooling.store.shipments import shipments_by_id
from pooling.store.sites import sites_by_id
from pooling.store.trips import legs_of, return_of, stops_of
from pooling.store.trips_ahead import trips_ahead, trips_over

router = APIRouter()

BESIDE = {
    "series_empty": "repeats",
    "return_nowhere": "returns_by",
    "cutoff_late": "cutoff",
    "hours_past": "day",
    "too_far_ahead": "day",
}


@router.get("/trips")
def listed(visit: Signed) -> Response:
    """List what is to come, soonest first; what is over on a page of its own."""
    party = visit.own_party()
    over = visit.request.query_params.get("over") == "yes"
    with visit.desk.store.view() as view:
        listing = trips_over if over else trips_ahead
        rows, after = listing(view, party.id, visit.moments.today, part_of(visit))
        stops = stops_of(view, [row.id for row in rows])
        sites = sites_by_id(view, [stop.site_id for one in stops.values() for stop in one])
        repeating = _repeating(view, visit, party.id)
        series_sites = sites_by_id(view, [stop.site_id for _, its, _ in repeating for stop in its])
    return page(
        visit,
        "trips.html",
        trips=rows,
        over=over,
        after=after,
        stops=stops,
        sites=sites,
        repeating=repeating,
        series_sites=series_sites,
        states=TRIPS,
        colour=colour,
    )


@router.get("/trips/new")
def new(visit: Signed) -> Response:
    return _form(visit, asked(visit), None, None)


@router.post("/trips/new")
def announce(visit: Signed, form: Filled) -> Response:
    """Announce a trip; the button for one more stop only shows the form with one more row."""
    if form.value("more_stops"):
        return _form(visit, form, None, None)

    posting = posting_of_form(form, TRIP_UNSAID)

    def do() -> str:
        if repeats(form):
            return announce_series(visit.desk, visit.who, form.ask, series_words(visit, form), posting)
        return announce_trip(visit.desk, visit.who, form.ask, trip_words(visit, form), posting)

    return answer(
        form,
        do,
        then=lambda made_id: f"/series/{made_id}" if repeats(form) else f"/trips/{made_id}",
        again=lambda refusal: _form(visit, form, refusal, None),
        said="trip_announced",
        beside=BESIDE,
    )


@router.get("/trips/{trip_id}")
def one(visit: Signed, trip_id: str) -> Response:
    return _trip(visit, trip_id, Form(), None)


@router.get("/trips/{trip_id}/change")
def edit(visit: Signed, trip_id: str) -> Response:
    row = _own(visit, trip_id)
    with visit.desk.store.view() as view:
        stops, legs = stops_of(view, [trip_id])[trip_id], legs_of(view, [trip_id])[trip_id]
    return _form(visit, Form(typed_stops(visit, row, stops, legs)), None, row)


@router.post("/trips/{trip_id}/change")
def change(visit: Signed, form: Filled, trip_id: str) -> Response:
    row = _own(visit, trip_id)
    if form.value("more_stops"):
        return _form(visit, form, None, row)

    def do() -> str:
        if row.series_id and form.value("scope") == "following":
            return _change_following(visit, form, row)
        return change_trip(visit.desk, visit.who, form.ask, trip_id, form.revision, trip_words(visit, form))

    return answer(
        form,
        do,
        then=lambda _: f"/trips/{trip_id}",
        again=lambda refusal: _form(visit, form, refusal, row),
        said="saved",
        beside=BESIDE,
    )


@router.post("/trips/{trip_id}/cancel")
def cancel(visit: Signed, form: Filled, trip_id: str) -> Response:
    return _on_trip(
        visit,
        form,
        trip_id,
        lambda: cancel_trip(visit.desk, visit.who, form.ask, trip_id, form.revision),
        "trip_cancelled",
    )


@router.post("/trips/{trip_id}/freeze")
def freeze(visit: Signed, form: Filled, trip_id: str) -> Response:
    return _on_trip(
        visit,
        form,
        trip_id,
        lambda: freeze_trip(visit.desk, visit.who, form.ask, trip_id),
        "frozen",
    )


@router.post("/trips/{trip_id}/cancel-following")
def cancel_all(visit: Signed, form: Filled, trip_id: str) -> Response:
    """Cancel a trip that repeats, and all that follow it."""
    row = _own(visit, trip_id)
    return _on_trip(
        visit,
        form,
        trip_id,
        lambda: cancel_following(visit.desk, visit.who, form.ask, row.series_id, None, row.series_day),
        "trip_cancelled",
    )


def _repeating(view: View, visit: Visit, party_id: str) -> list[tuple[Row[Any], Sequence[WallStop], str]]:
    """List the trips of a party that repeat, with their stops and their rule in words."""
    series, _ = list_series(view, [party_id], Page(limit=20))
    words = [(one, read_series(view, one)) for one in series if one.state == "open"]
    return [(one, its.stops, rule_words(visit, its.recurrence)) for one, its in words]


def _change_following(visit: Visit, form: Form, row: Row[Any]) -> str:
    with visit.desk.store.view() as view:
        words = following_words(view, visit, form, row)
    return change_following(visit.desk, visit.who, form.ask, row.series_id, None, words)


def _on_trip(visit: Visit, form: Form, trip_id: str, do: Callable[[], str], said: str) -> Response:
    return answer(
        form,
        do,
        then=lambda _: f"/trips/{trip_id}",
        again=lambda refusal: _trip(visit, trip_id, form, refusal),
        said=said,
    )


def _own(visit: Visit, trip_id: str) -> Row[Any]:
    with visit.desk.store.view() as view:
        row = trip_in_sight(view, visit.who, trip_id)
    visit.who.must_act_for(row.owner_id, "the trip's owner")
    return row


def _form(visit: Visit, form: Form, refusal: Refusal | None, row: Row[Any] | None) -> Response:
    visit.own_party()
    with visit.desk.store.view() as view:
        sites, communities = known_sites(view, visit), own_communities(view, visit)
    return page(
        visit,
        "trip_form.html",
        communities=communities,
        form=form,
        refusal=refusal,
        row=row,
        sites=sites,
        rows=rows_of(form),
        rows_limit=ROWS_LIMIT,
        repeats=REPEATS,
        shares=SHARES,
        day_names=DAY_NAMES,
        pallet_crates=PALLET_CRATES.value,
        labour_cents=LABOUR_PER_HOUR.value,
        kinds=KIND_WORDS,
        carries_said=bool(carries(form)),
        regime_words=REGIME_WORDS,
    )


def _barred(visit: Visit, view: View, row: Row[Any]) -> str:
    """Say why the party for which one looks can never pay for room on a trip, by the rule of its ground."""
    mine = visit.party.id if visit.party is not None else ""
    known = parties_by_id(view, {row.owner_id, mine} - {""})
    return barred_by_law(Regime(row.regime), known[row.owner_id], known.get(mine), visit.words)


def _trip(visit: Visit, trip_id: str, form: Form, refusal: Refusal | None) -> Response:
    with visit.desk.store.view() as view:
        row = trip_in_sight(view, visit.who, trip_id)
        owns = visit.who.acts_for(row.owner_id)
        stops, legs = stops_of(view, [trip_id])[trip_id], legs_of(view, [trip_id])[trip_id]
        bids, _ = list_bids(view, list(visit.who.manages), Page(limit=100), trip_id=trip_id)
        shipments = shipments_by_id(view, [one.shipment_id for one in bids])
        ends = [one for each in shipments.values() for one in (each.from_site_id, each.to_site_id)]
        sites = sites_by_id(view, [stop.site_id for stop in stops] + ends)
        names = party_names(view, [row.owner_id, *(one.payer_id for one in bids)])
        community = community_name(view, row)
        frozen = manifest_of(view, "trip", trip_id) if owns else None
        _, trust = trust_in(view, row.owner_id)
        back = return_of(view, trip_id)
        steps = terms_of_trip(view, row).steps
        goes = owns and row.state in ("open", "frozen")
        cancel_cents = cancelling_costs(view, row) if goes else None
        left_out = exceptions_of(view, row.series_id) if owns and row.series_id else []
        in_time = view.now_at < name_by(row)
        barred = _barred(visit, view, row)
    return page(
        visit,
        "trip.html",
        community=community,
        form=form,
        refusal=refusal,
        trip=row,
        owns=owns,
        stops=stops,
        legs=legs,
        bids=bids,
        shipments=shipments,
        sites=sites,
        names=names,
        manifest=frozen,
        trust=trust,
        back=back,
        steps=steps,
        cancel_cents=cancel_cents,
        counts_told=COUNTS_TOLD,
        sees_series=owns or visit.who.is_operator,
        may_reserve=bool(row.reserve_percent) and in_time and visit.role not in ("driver", "operator"),
        left_out=[(one, kept_reason(visit, one.reason)) for one in left_out],
        barred=barred,
        regime=REGIME_WORDS[row.regime],
        papers=papers_to_carry(Regime(row.regime)),
        carries=told(read_kinds(row.carries)),
        announced=kept_plan(row.plan)["announced"],
        states=TRIPS,
        bid_states=BIDS,
        colour=colour,
    )
