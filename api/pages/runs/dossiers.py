"""A carrier's dossier on a page: its papers, vehicles, cards, area and weeks; the operator vets it there."""

from collections.abc import Callable

from fastapi import APIRouter
from starlette.responses import Response

from api.pages.forms import Filled, FilledWithFile, Form, asked
from api.pages.names import own_sites
from api.pages.press import answer, page
from api.pages.runs.dossier_form import (
    ENERGY_WORDS,
    KINDS,
    PROFILES_SAID,
    card_words,
    paper_words,
    vehicle_words,
)
from api.pages.said import message
from api.pages.states import DOSSIERS, PAPERS, colour
from api.pages.visit import Signed, Visit
from api.shapes.runs.carriers import document_answer
from geodata.refusal import Refusal
from pooling.carriers.dossier import PAPER_WORDS, SOURCES, Assignment, lacking
from pooling.desk.carriers.documents import seen_document, send_document, take_document_back
from pooling.desk.carriers.dossiers import (
    apply_as_carrier,
    carrier_in_sight,
    check_paper,
    enter_paper,
    grant_days,
    set_area,
    suspend_carrier,
    vet_carrier,
)
from pooling.desk.carriers.fleet import end_card, enter_card, enter_vehicle
from pooling.desk.tours.tours import local_day
from pooling.party import Role
from pooling.store import Page
from pooling.store.carriers import find_dossier, list_papers, papers_of, weeks_granted
from pooling.store.fleet import list_cards, list_vehicles
from pooling.store.members import list_members

router = APIRouter()
SHOWN = Page(limit=100)


@router.get("/dossier")
def mine(visit: Signed) -> Response:
    return _dossier(visit, visit.own_party(Role.CARRIER).id, Form(), None)


@router.get("/dossier/{carrier_id}")
def one(visit: Signed, carrier_id: str) -> Response:
    return _dossier(visit, carrier_id, Form(), None)


@router.post("/dossier/{carrier_id}/apply")
def apply(visit: Signed, form: Filled, carrier_id: str) -> Response:
    return _on(visit, form, carrier_id, lambda: apply_as_carrier(visit.desk, visit.who, form.ask, carrier_id))


@router.post("/dossier/{carrier_id}/papers")
def enter(visit: Signed, form: Filled, carrier_id: str) -> Response:
    def do() -> str:
        return enter_paper(visit.desk, visit.who, form.ask, carrier_id, paper_words(visit, form))

    return _on(visit, form, carrier_id, do)


@router.post("/dossier/{carrier_id}/papers/{paper_id}")
def check(visit: Signed, form: Filled, carrier_id: str, paper_id: str) -> Response:
    def do() -> str:
        state = form.choice("found", ("checked", "refused", "waived"))
        note = form.text("note", limit=300, needed=False)
        form.check()
        return check_paper(visit.desk, visit.who, form.ask, paper_id, form.revision, state, note)

    return _on(visit, form, carrier_id, do)


@router.post("/dossier/{carrier_id}/papers/{paper_id}/document")
def send(visit: Signed, sent: FilledWithFile, carrier_id: str, paper_id: str) -> Response:
    """Send the file of a paper, or take it away."""
    form = sent.form

    def do() -> str:
        if form.value("away"):
            return take_document_back(visit.desk, visit.who, form.ask, paper_id)
        if not sent.raw:
            form.wrong("document", message("Choose a file first."))
        form.check()
        return send_document(visit.desk, visit.who, form.ask, paper_id, sent.raw)

    return _on(visit, form, carrier_id, do)


@router.get("/papers/{paper_id}/document")
def document(visit: Signed, paper_id: str) -> Response:
    """Give the file of a paper; ``?vetted=yes``: the one that was vetted."""
    with visit.desk.store.view() as view:
        found = seen_document(view, visit.who, paper_id, vetted=asked(visit).value("vetted") == "yes")
    return document_answer(found.content, found.media_type)


@router.post("/dossier/{carrier_id}/vet")
def vet(visit: Signed, form: Filled, carrier_id: str) -> Response:
    def do() -> str:
        return vet_carrier(visit.desk, visit.who, form.ask, carrier_id, form.revision)

    return _on(visit, form, carrier_id, do)


@router.post("/dossier/{carrier_id}/suspend")
def suspend(visit: Signed, form: Filled, carrier_id: str) -> Response:
    def do() -> str:
        reason = form.text("reason", limit=300)
        form.check()
        return suspend_carrier(visit.desk, visit.who, form.ask, carrier_id, form.revision, reason)

    return _on(visit, form, carrier_id, do)


@router.post("/dossier/{carrier_id}/weeks")
def grant(visit: Signed, form: Filled, carrier_id: str) -> Response:
    def do() -> str:
        day, days = form.day("week", visit.moments.today), form.whole("days", 0, 7)
        reason = form.text("why", limit=300)
        form.check()
        return grant_days(visit.desk, visit.who, form.ask, carrier_id, day, days, reason)

    return _on(visit, form, carrier_id, do)


@router.post("/dossier/{carrier_id}/area")
def area(visit: Signed, form: Filled, carrier_id: str) -> Response:
    def do() -> str:
        text = form.value("area").strip()[:40_000]
        return set_area(visit.desk, visit.who, form.ask, carrier_id, form.revision, text or None)

    return _on(visit, form, carrier_id, do)


@router.post("/dossier/{carrier_id}/vehicles")
def vehicle(visit: Signed, form: Filled, carrier_id: str) -> Response:
    return _on(
        visit,
        form,
        carrier_id,
        lambda: enter_vehicle(visit.desk, visit.who, form.ask, carrier_id, vehicle_words(form)),
    )


@router.post("/dossier/{carrier_id}/cards")
def card(visit: Signed, form: Filled, carrier_id: str) -> Response:
    return _on(
        visit,
        form,
        carrier_id,
        lambda: enter_card(visit.desk, visit.who, form.ask, carrier_id, card_words(visit, form)),
    )


@router.post("/dossier/{carrier_id}/cards/{card_id}/end")
def end(visit: Signed, form: Filled, carrier_id: str, card_id: str) -> Response:
    def do() -> str:
        until = form.day("until", visit.moments.today)
        form.check()
        return end_card(visit.desk, visit.who, form.ask, card_id, form.revision, until)

    return _on(visit, form, carrier_id, do)


BESIDE = {
    "plate_taken": "plate",
    "room_missing": "ambient",
    "area_unreadable": "area",
    "area_crosses_itself": "area",
    "area_too_large": "area",
    "cards_overlap": "from_day",
    "paper_unclear": "about",
    "document_unreadable": "document",
    "document_too_large": "document",
    "document_acts": "document",
    "documents_full": "document",
}


def _on(visit: Visit, form: Form, carrier_id: str, do: Callable[[], str]) -> Response:
    return answer(
        form,
        do,
        then=lambda _: f"/dossier/{carrier_id}",
        again=lambda refusal: _dossier(visit, carrier_id, form, refusal),
        said="saved",
        beside=BESIDE,
    )


def _dossier(visit: Visit, carrier_id: str, form: Form, refusal: Refusal | None) -> Response:
    today = local_day(visit.now_at, visit.desk.timezone)
    with visit.desk.store.view() as view:
        row = carrier_in_sight(view, visit.who, carrier_id)
        dossier = find_dossier(view, carrier_id)
        papers, _ = list_papers(view, carrier_id, SHOWN)
        lacks = lacking(papers_of(view, carrier_id), Assignment(today)) if dossier else ()
        vehicles, _ = list_vehicles(view, carrier_id, SHOWN)
        cards, _ = list_cards(view, carrier_id, SHOWN)
        drivers, _ = list_members(view, carrier_id, SHOWN)
        weeks = weeks_granted(view, carrier_id, 10)
        sites = own_sites(view, carrier_id)
    abouts = [(one.id, one.plate) for one in vehicles] + [(one.id, one.name) for one in drivers]
    return page(
        visit,
        "dossier.html",
        form=form,
        refusal=refusal,
        row=row,
        dossier=dossier,
        papers=papers,
        lacks=[PAPER_WORDS[one.kind] for one in lacks],
        vehicles=vehicles,
        cards=cards,
        weeks=weeks,
        sites=sites,
        abouts=abouts,
        about_names=dict(abouts),
        kinds=KINDS,
        sources=SOURCES,
        energies=ENERGY_WORDS,
        profiles=PROFILES_SAID,
        states=DOSSIERS,
        paper_states=PAPERS,
        owns=visit.who.acts_for(carrier_id),
        operates=visit.who.is_operator,
        today=today,
        colour=colour,
    )
