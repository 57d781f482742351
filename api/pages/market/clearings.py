"""The best set of bids on pages: who would ride and pay what, who not and why, then one button."""

from fastapi import APIRouter
from starlette.responses import Response

from api.pages.forms import Filled, Form
from api.pages.names import party_names
from api.pages.press import answer, page
from api.pages.reasons import said_reason
from api.pages.visit import Signed, Visit
from geodata.refusal import Refusal
from pooling.desk.market.clearing_trips import clear_trip, propose_clearing, take_day_set
from pooling.desk.market.placing import OPEN_BIDS_LIMIT
from pooling.desk.reasons import reason_words
from pooling.desk.trips.cancel_terms import terms_of_trip
from pooling.store.clearings import find_clearing, proposed_on, said_in
from pooling.store.shipments import shipments_by_id
from pooling.store.sites import sites_by_id
from pooling.store.trips import find_trip, stops_of

router = APIRouter()


@router.get("/trips/{trip_id}/best")
def propose(visit: Signed, trip_id: str) -> Response:
    return _proposal(visit, trip_id, Form(), None)


@router.post("/trips/{trip_id}/best")
def take(visit: Signed, form: Filled, trip_id: str) -> Response:
    """Take the set that the page showed; where it is no longer the best, the page shows the new one."""
    shown = form.value("chosen").split()[:OPEN_BIDS_LIMIT]
    return answer(
        form,
        lambda: clear_trip(visit.desk, visit.who, form.ask, trip_id, form.revision, shown),
        then=lambda _: f"/trips/{trip_id}",
        again=lambda refusal: _proposal(visit, trip_id, form, refusal),
        said="cleared",
    )


@router.post("/clearings/{clearing_id}/take")
def take_set(visit: Signed, form: Filled, clearing_id: str) -> Response:
    """Take the set that was proposed for a trip with its whole day."""
    with visit.desk.store.view() as view:
        trip_id = find_clearing(view, clearing_id).trip_id
        visit.who.must_see("clearing", clearing_id, find_trip(view, trip_id).owner_id)
    return answer(
        form,
        lambda: take_day_set(visit.desk, visit.who, form.ask, clearing_id),
        then=lambda _: f"/trips/{trip_id}",
        again=lambda refusal: _proposal(visit, trip_id, form, refusal),
        said="cleared",
    )


def _proposal(visit: Visit, trip_id: str, form: Form, refusal: Refusal | None) -> Response:
    found = propose_clearing(visit.desk, visit.who, trip_id)
    with visit.desk.store.view() as view:
        shipments = shipments_by_id(view, [one.shipment_id for one in found.bids.values()])
        stops = stops_of(view, [trip_id])[trip_id]
        ends = [one for each in shipments.values() for one in (each.from_site_id, each.to_site_id)]
        sites = sites_by_id(view, [stop.site_id for stop in stops] + ends)
        names = party_names(view, [one.payer_id for one in found.bids.values()])
        steps = terms_of_trip(view, found.trip).steps
        proposed = proposed_on(view, trip_id)
    of_day = said_in(proposed) if proposed is not None else None
    return page(
        visit,
        "best_set.html",
        form=form,
        refusal=refusal,
        found=found,
        hours={bid_id: ride.promised() for bid_id, ride in found.chosen.items()},
        reasons={bid_id: said_reason(visit, reason_words(why)) for bid_id, why in found.refused.items()},
        shipments=shipments,
        stops=stops,
        steps=steps,
        sites=sites,
        names=names,
        owns=visit.who.acts_for(found.trip.owner_id),
        proposed=proposed,
        of_day=of_day,
        why_not={one: said_reason(visit, why) for one, why in of_day["reasons"].items()} if of_day else {},
    )
