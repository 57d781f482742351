"""What else there is for a shipment that does not ride, each one click away from being taken."""

from fastapi import APIRouter
from starlette.responses import Response

from api.pages.forms import Filled, Form
from api.pages.plain import plain_refusal
from api.pages.press import answer, page
from api.pages.reasons import said_reason
from api.pages.said import message
from api.pages.visit import Signed, Visit
from geodata.refusal import Refusal
from pooling.desk.market.other_ways import HOURS, Taking, other_ways, take_other_way
from pooling.goods.hub import HubUse
from pooling.store.sites import sites_by_id

router = APIRouter()

MOMENT_DIGITS = 10

CHANGES = {
    "ride": message("Another ride, as it is"),
    "size": message("Fewer crates"),
    "hours": message("Other hours of that day"),
    "day": message("Another day"),
    "bring": message("You bring it to a hub"),
    "fetch": message("You fetch it at a hub"),
}


@router.get("/shipments/{shipment_id}/alternatives")
def found(visit: Signed, shipment_id: str) -> Response:
    return _page(visit, shipment_id, Form(), None)


@router.post("/shipments/{shipment_id}/alternatives")
def take(visit: Signed, form: Filled, shipment_id: str) -> Response:
    def do() -> str:
        ready_at, pickup_by_at, deliver_from_at, deliver_by_at = (_moment(form, name) for name in HOURS)
        kind = form.choice("kind", ("trip", "tour"))
        crates, cents = form.whole("crates", 1, 400), form.whole("most_cents", 0, 10_000_000)
        form.check()
        hub_id, use = form.value("hub")[:40], form.value("hub_use")
        hub_use: HubUse | None = "bring" if use == "bring" else "fetch" if use == "fetch" else None
        taking = Taking(
            kind="tour" if kind == "tour" else "trip",
            ride_id=form.value("ride")[:40],
            most_cents=cents,
            crates=crates,
            ready_at=ready_at,
            pickup_by_at=pickup_by_at,
            deliver_from_at=deliver_from_at,
            deliver_by_at=deliver_by_at,
            cover=form.value("cover")[:20],
            hub_id=hub_id,
            hub_use=hub_use if hub_id else None,
        )
        return take_other_way(visit.desk, visit.who, form.ask, shipment_id, form.revision, taking)

    return answer(
        form,
        do,
        then=lambda _: f"/shipments/{shipment_id}",
        again=lambda refusal: _page(visit, shipment_id, form, refusal),
        said="alternative_taken",
    )


def _moment(form: Form, name: str) -> int:
    """Read a moment as this page wrote it into its own form."""
    given = form.value(name)
    if not (given.isdecimal() and len(given) <= MOMENT_DIGITS):
        form.wrong(name, message("Choose one of the list."))
        return 0
    return int(given)


def _page(visit: Visit, shipment_id: str, form: Form, refusal: Refusal | None) -> Response:
    ways = other_ways(visit.desk, visit.who, shipment_id)
    with visit.desk.store.view() as view:
        sites = sites_by_id(view, [ways.row.from_site_id, ways.row.to_site_id])
    return page(
        visit,
        "other_ways.html",
        form=form,
        refusal=refusal,
        row=ways.row,
        sites=sites,
        ways=ways.ways,
        reasons=[said_reason(visit, one) for one in ways.reasons],
        others=[(one, plain_refusal(visit, one.refusal)) for one in ways.others],
        changes=CHANGES,
        pays=visit.who.acts_for(ways.row.payer_id),
        hours=HOURS,
    )
