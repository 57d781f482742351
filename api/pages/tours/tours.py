"""Tours on pages: looked at and joined by everybody, proposed, planned and frozen by their operator."""

import json
from collections.abc import Callable
from typing import Any

from fastapi import APIRouter
from sqlalchemy import Row
from starlette.responses import Response

from api.pages.forms import Filled, Form, asked
from api.pages.lists import coming_first, part_of
from api.pages.names import fleet_choices, known_sites, party_names
from api.pages.posting import TOUR_UNSAID, community_name, own_communities, posting_of_form
from api.pages.press import answer, page
from api.pages.reasons import kept_reason, said_reason
from api.pages.states import JOBS, SIGN_UPS, TOURS, colour
from api.pages.tours.newcomers import NEWCOMERS
from api.pages.tours.sharing_rules import RULE_NAMES
from api.pages.tours.tour_area import said_area
from api.pages.tours.tour_form import tour_words, typed_tour
from api.pages.visit import Signed, Visit
from geodata.refusal import Refusal
from pooling.desk.carriers.drivers import substitute_driver
from pooling.desk.carriers.paying import pay_of_tour
from pooling.desk.runs.freezing_rides import freeze_tour
from pooling.desk.tours.choosing_carrier import SUBSTITUTED
from pooling.desk.tours.company import COMPANY_LIMIT, join_together
from pooling.desk.tours.sign_ups import join_tour, leave_tour
from pooling.desk.tours.tour_jobs import ask_plan
from pooling.desk.tours.tour_standing import outlooks, standing_of
from pooling.desk.tours.tour_world import is_of_its_day
from pooling.desk.tours.tours import cancel_tour, change_tour, propose_tour
from pooling.party import Role
from pooling.phrases import message
from pooling.store import Page, View
from pooling.store.fleet import has_cards
from pooling.store.jobs import list_jobs
from pooling.store.manifests import manifest_of
from pooling.store.members import list_members
from pooling.store.parties import list_parties
from pooling.store.share_books import last_share_book
from pooling.store.shipments import list_shipments, shipments_by_id
from pooling.store.sites import sites_by_id
from pooling.store.tours import (
    crates_aboard,
    find_tour,
    for_any_carrier,
    list_sign_ups,
    list_tours,
    sign_ups_aboard,
)

router = APIRouter()

BESIDE = {
    "hours_backwards": "closes",
    "cutoff_too_late": "cutoff",
    "cutoff_over": "cutoff",
    "tour_too_long": "closes",
}
CHOOSE_SOME = message("Choose at least one shipment and at most {limit}.")


@router.get("/tours")
def listed(visit: Signed) -> Response:
    with visit.desk.store.view() as view:
        rows, after = list_tours(view, part_of(visit), day=None, state="")
        aboard = crates_aboard(view, [row.id for row in rows])
        names = party_names(view, [row.carrier_id for row in rows])
        sites = sites_by_id(view, [one for row in rows for one in (row.start_site_id, row.end_site_id)])
    return page(
        visit,
        "tours.html",
        tours=coming_first(visit, rows, lambda row: row.opens_at),
        after=after,
        aboard=aboard,
        names=names,
        sites=sites,
        states=TOURS,
        colour=colour,
    )


@router.get("/tours/new")
def new(visit: Signed) -> Response:
    visit.own_party(Role.OPERATOR)
    return _form(visit, asked(visit), None, None)


@router.post("/tours/new")
def propose(visit: Signed, form: Filled) -> Response:
    operator = visit.own_party(Role.OPERATOR)
    posting = posting_of_form(form, TOUR_UNSAID)
    return answer(
        form,
        lambda: propose_tour(visit.desk, visit.who, form.ask, operator.id, tour_words(visit, form), posting),
        then=lambda tour_id: f"/tours/{tour_id}",
        again=lambda refusal: _form(visit, form, refusal, None),
        said="tour_proposed",
        beside=BESIDE,
    )


@router.get("/tours/{tour_id}")
def one(visit: Signed, tour_id: str) -> Response:
    return _tour(visit, tour_id, Form(), None)


@router.get("/tours/{tour_id}/change")
def edit(visit: Signed, tour_id: str) -> Response:
    row = _own_tour(visit, tour_id)
    return _form(visit, Form(typed_tour(visit, row)), None, row)


@router.post("/tours/{tour_id}/change")
def change(visit: Signed, form: Filled, tour_id: str) -> Response:
    row = _own_tour(visit, tour_id)
    return answer(
        form,
        lambda: change_tour(visit.desk, visit.who, form.ask, tour_id, form.revision, tour_words(visit, form)),
        then=lambda _: f"/tours/{tour_id}",
        again=lambda refusal: _form(visit, form, refusal, row),
        said="saved",
        beside=BESIDE,
    )


@router.post("/tours/{tour_id}/join")
def join(visit: Signed, form: Filled, tour_id: str) -> Response:
    def do() -> str:
        shipment_id = form.text("shipment", limit=40)
        form.check()
        cover, wait = form.value("cover")[:20], form.ticked("wait")
        return join_tour(visit.desk, visit.who, form.ask, tour_id, shipment_id, cover, wait=wait)

    return _on_tour(visit, form, tour_id, do, "joined_or_waits" if form.ticked("wait") else "joined")


@router.post("/tours/{tour_id}/join-together")
def join_in_company(visit: Signed, form: Filled, tour_id: str) -> Response:
    """Put all own shipments that were chosen on the tour, or none: what they add is judged together."""
    chosen = [name.removeprefix("pick_")[:40] for name in form.fields if name.startswith("pick_")]
    cover = form.value("cover")[:20]

    def do() -> str:
        if not 0 < len(chosen) <= COMPANY_LIMIT:
            form.wrong("together", CHOOSE_SOME, limit=COMPANY_LIMIT)
        form.check()
        return join_together(visit.desk, visit.who, form.ask, tour_id, chosen, cover)

    return _on_tour(visit, form, tour_id, do, "joined")


@router.post("/tours/{tour_id}/leave")
def leave(visit: Signed, form: Filled, tour_id: str) -> Response:
    return _on_tour(
        visit,
        form,
        tour_id,
        lambda: leave_tour(visit.desk, visit.who, form.ask, form.value("sign_up")[:40]),
        "left",
    )


@router.post("/tours/{tour_id}/plan")
def plan(visit: Signed, form: Filled, tour_id: str) -> Response:
    return _on_tour(
        visit, form, tour_id, lambda: ask_plan(visit.desk, visit.who, form.ask, tour_id), "planning"
    )


@router.post("/tours/{tour_id}/freeze")
def freeze(visit: Signed, form: Filled, tour_id: str) -> Response:
    return _on_tour(
        visit,
        form,
        tour_id,
        lambda: freeze_tour(visit.desk, visit.who, form.ask, tour_id),
        "frozen",
    )


@router.post("/tours/{tour_id}/driver")
def substitute(visit: Signed, form: Filled, tour_id: str) -> Response:
    def do() -> str:
        driver, reason = form.text("other_driver", limit=40), form.text("why", limit=300)
        form.check()
        return substitute_driver(visit.desk, visit.who, form.ask, tour_id, form.revision, driver, reason)

    return _on_tour(visit, form, tour_id, do, "driver_told")


@router.post("/tours/{tour_id}/cancel")
def cancel(visit: Signed, form: Filled, tour_id: str) -> Response:
    return _on_tour(
        visit,
        form,
        tour_id,
        lambda: cancel_tour(visit.desk, visit.who, form.ask, tour_id, form.revision),
        "cancelled",
    )


def _on_tour(visit: Visit, form: Form, tour_id: str, do: Callable[[], str], said: str) -> Response:
    return answer(
        form,
        do,
        then=lambda _: f"/tours/{tour_id}",
        again=lambda refusal: _tour(visit, tour_id, form, refusal),
        said=said,
    )


def _own_tour(visit: Visit, tour_id: str) -> Row[Any]:
    with visit.desk.store.view() as view:
        row = find_tour(view, tour_id)
    visit.who.must_act_for(row.operator_id, "its operator")
    return row


def _form(visit: Visit, form: Form, refusal: Refusal | None, row: Row[Any] | None) -> Response:
    with visit.desk.store.view() as view:
        parties, _ = list_parties(view, None, Page(limit=100))
        sites, communities = known_sites(view, visit), own_communities(view, visit)
        carriers = [one for one in parties if one.role == Role.CARRIER.value and one.vetted]
        vehicles = fleet_choices(view, carriers)
        cards = any(has_cards(view, one.id) for one in carriers)
    return page(
        visit,
        "tour_form.html",
        communities=communities,
        form=form,
        refusal=refusal,
        row=row,
        carriers=[(one.id, one.name) for one in carriers],
        vehicles=vehicles,
        cards=cards,
        sites=sites,
        rules=RULE_NAMES,
        newcomers=NEWCOMERS,
    )


def _tour(visit: Visit, tour_id: str, form: Form, refusal: Refusal | None) -> Response:
    manages = list(visit.who.manages)
    with visit.desk.store.view() as view:
        row = find_tour(view, tour_id)
        operates = visit.who.acts_for(row.operator_id)
        drives = row.carrier_id in visit.who.parties
        sign_ups, after = list_sign_ups(view, tour_id, None if operates else manages, part_of(visit, 50))
        shipments = shipments_by_id(view, [one.shipment_id for one in sign_ups])
        mine = _open_shipments(view, visit, row)
        known = [*shipments.values(), *mine]
        sites = sites_by_id(
            view,
            [row.start_site_id, row.end_site_id, *(end for one in known for end in _ends(one))],
        )
        names = party_names(view, [row.carrier_id, row.operator_id, *(one.payer_id for one in sign_ups)])
        aboard = crates_aboard(view, [tour_id]).get(tour_id, 0)
        community = community_name(view, row)
        jobs = _jobs(view, visit, tour_id) if operates else []
        not_yet = _not_yet(view, visit, row, jobs)
        frozen = manifest_of(view, "tour", tour_id) if operates or drives else None
        carries = visit.who.acts_for(row.carrier_id)
        pay = pay_of_tour(view, visit.who, tour_id) if operates or carries else None
        drivers, _ = list_members(view, row.carrier_id, Page(limit=100)) if operates or carries else ([], "")
    return page(
        visit,
        "tour.html",
        form=form,
        refusal=refusal,
        tour=row,
        community=community,
        operates=operates,
        drives=drives,
        sign_ups=sign_ups,
        after=after,
        shipments=shipments,
        mine=mine,
        sites=sites,
        names=names,
        aboard=aboard,
        job=jobs[0] if jobs else None,
        pay=pay,
        substituted=SUBSTITUTED,
        drivers=[(one.id, one.name) for one in drivers],
        not_yet=not_yet,
        manifest=frozen,
        **_proposal(visit, row, operates),
        reason=kept_reason(visit, row.reason),
        reasons={one.id: kept_reason(visit, one.reason) for one in sign_ups},
        rules=RULE_NAMES,
        newcomers=NEWCOMERS,
        states=TOURS,
        sign_up_states=SIGN_UPS,
        job_states=JOBS,
        colour=colour,
    )


def _proposal(visit: Visit, row: Row[Any], operates: bool) -> dict[str, object]:  # noqa: FBT001 - as it is read
    """Read what a proposed tour shows beside its facts: how it stands, and what more stops would do."""
    with visit.desk.store.view() as view:
        standing = standing_of(view, row)
        seen = outlooks(view, row)
        mine = any(visit.who.acts_for(one.payer_id) for one in sign_ups_aboard(view, row.id))
    late = row.state == "confirmed" and visit.moments.now_at < row.opens_at
    return {
        "pencilled": for_any_carrier(row),
        "standing": standing if operates else None,
        "lacking_cents": standing.lacking_cents if mine and row.state == "proposed" else 0,
        "outlooks": seen,
        "takes_more": row.state == "proposed" or late,
        "area": said_area(visit, row.area),
    }


def _ends(shipment: Row[Any]) -> tuple[str, str]:
    return shipment.from_site_id, shipment.to_site_id


def _open_shipments(view: View, visit: Visit, row: Row[Any]) -> list[Row[Any]]:
    """List what the party that one acts for could still put on this tour."""
    if visit.party is None or row.state not in ("proposed", "confirmed"):
        return []
    party_id = visit.party.id
    rows, _ = list_shipments(view, [party_id], Page(limit=100))
    mine = [one for one in rows if (one.state, one.payer_id) == ("open", party_id)]
    return [one for one in mine if is_of_its_day(row, one)]


def _not_yet(view: View, visit: Visit, row: Row[Any], jobs: list[Row[Any]]) -> tuple[str, str] | None:
    """
    Say why the last planning did not confirm a tour that can still be joined.

    Its figures are those of the shares that were told then: once others are, they are said no more.
    """
    if not jobs or jobs[0].state != "done" or row.state != "proposed":
        return None
    told, kept = json.loads(jobs[0].result or "{}"), last_share_book(view, row.id)
    found, book_id = told.get("not_yet"), told.get("book")
    stands = not book_id or (kept is not None and (kept.id, kept.plan_id) == (book_id, row.plan_id))
    return said_reason(visit, found) if found and stands else None


def _jobs(view: View, visit: Visit, tour_id: str) -> list[Row[Any]]:
    rows, _ = list_jobs(view, visit.who.member_id, frozenset(visit.who.manages), Page(limit=50))
    return [one for one in rows if one.about_id == tour_id]
