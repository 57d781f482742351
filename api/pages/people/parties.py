"""Every party, for an operator: who is there, what its papers say, and that they were seen."""

from collections.abc import Callable

from fastapi import APIRouter
from starlette.responses import Response

from api.pages.forms import Filled, Form
from api.pages.lists import part_of
from api.pages.names import party_names
from api.pages.press import answer, page
from api.pages.states import DUTIES
from api.pages.visit import Signed, Visit
from geodata.refusal import Refusal
from pooling.desk.people.confirmations import confirm_farm, confirm_group
from pooling.desk.people.parties import Vetting, vet_party
from pooling.party import Role
from pooling.store import Page
from pooling.store.members import list_members
from pooling.store.parties import find_party, list_parties

router = APIRouter()


@router.get("/parties")
def listed(visit: Signed) -> Response:
    visit.own_party(Role.OPERATOR)
    waiting = visit.request.query_params.get("waiting") == "yes"
    with visit.desk.store.view() as view:
        rows, after = list_parties(view, None, part_of(visit), waiting=waiting)
    return page(visit, "parties.html", rows=rows, after=after, waiting=waiting)


@router.get("/parties/{party_id}")
def one(visit: Signed, party_id: str) -> Response:
    return _party(visit, party_id, Form(), None)


@router.post("/parties/{party_id}/vet")
def vet(visit: Signed, form: Filled, party_id: str) -> Response:
    def do() -> str:
        vetted = form.value("vetted") == "yes"
        licence = form.text("licence", needed=False)
        until = form.day("until", visit.moments.today) if form.value("until").strip() else None
        form.check()
        found = Vetting(vetted, licence, until)
        return vet_party(visit.desk, visit.who, form.ask, party_id, form.revision, found)

    return answer(
        form,
        do,
        then=lambda _: f"/parties/{party_id}",
        again=lambda refusal: _party(visit, party_id, form, refusal),
        said="party_vetted",
        beside={"licence_run_out": "until"},
    )


@router.post("/parties/{party_id}/group")
def group(visit: Signed, form: Filled, party_id: str) -> Response:
    def do() -> str:
        named, yes = form.value("group"), form.value("confirmed") == "yes"
        return confirm_group(visit.desk, visit.who, form.ask, party_id, form.revision, named, yes=yes)

    return _confirmed(visit, form, party_id, do)


@router.post("/parties/{party_id}/farm")
def farm(visit: Signed, form: Filled, party_id: str) -> Response:
    def do() -> str:
        yes = form.value("confirmed") == "yes"
        return confirm_farm(visit.desk, visit.who, form.ask, party_id, form.revision, yes=yes)

    return _confirmed(visit, form, party_id, do)


def _confirmed(visit: Visit, form: Form, party_id: str, do: Callable[[], str]) -> Response:
    return answer(
        form,
        do,
        then=lambda _: f"/parties/{party_id}",
        again=lambda refusal: _party(visit, party_id, form, refusal),
        said="party_vetted",
    )


def _party(visit: Visit, party_id: str, form: Form, refusal: Refusal | None) -> Response:
    visit.own_party(Role.OPERATOR)
    with visit.desk.store.view() as view:
        row = find_party(view, party_id)
        members, _ = list_members(view, party_id, Page(limit=100))
        names = party_names(view, [row.group_confirmed_by_id, row.farm_confirmed_by_id])
    return page(
        visit,
        "vetting.html",
        form=form,
        refusal=refusal,
        row=row,
        members=members,
        names=names,
        duties=DUTIES,
    )
