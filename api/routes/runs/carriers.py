"""Carriers: the dossier by which an operator vets them, where they serve, and their weeks."""

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Response

from api.asking import Paging, Revision, TheHouse, Who, Wish
from api.shapes.runs.carriers import (
    DOCUMENT,
    AreaWish,
    DaysGranted,
    DocumentWish,
    DossierShown,
    PaperFound,
    PaperShown,
    PaperWish,
    Suspension,
    document_answer,
    dossier_shown,
    paper_shown,
)
from api.shapes.words import CHANGES, SIGNED_IN, WRITES, Id, Listed, refusals
from pooling.carriers.dossier import Assignment, lacking
from pooling.desk import Actor
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
from pooling.desk.tours.tours import local_day
from pooling.store import View
from pooling.store.carriers import find_dossier, find_paper, list_papers, papers_of, weeks_granted
from pooling.store.rows import NotFound

router = APIRouter(tags=["carriers"])
CarrierId = Annotated[Id, Path(description="The carrier.", examples=["pty_01hg0000abcd"])]
PaperId = Annotated[Id, Path(description="The paper.", examples=["paper_01hg0000abcd"])]
WEEKS_SHOWN = 20
CARRIER = ("not_found", "not_a_carrier")


@router.post(
    "/carriers/{party_id}/dossier",
    status_code=201,
    summary="Apply as a carrier",
    operation_id="apply_as_carrier",
    responses=refusals(*WRITES, *CARRIER),
)
def apply(house: TheHouse, who: Who, ask: Wish, party_id: CarrierId) -> DossierShown:
    """Open the dossier of your carrier; a second time changes nothing."""
    return _shown(house, who, apply_as_carrier(house.desk, who, ask, party_id))


@router.get(
    "/carriers/{party_id}/dossier",
    summary="Read a carrier's dossier",
    operation_id="read_dossier",
    responses=refusals(*SIGNED_IN, *CARRIER),
)
def read(house: TheHouse, who: Who, party_id: CarrierId, response: Response) -> DossierShown:
    """Read the dossier of your carrier, with what is lacking today; an operator reads any."""
    shown = _shown(house, who, party_id)
    response.headers["ETag"] = f'"{shown.revision}"'
    return shown


@router.post(
    "/carriers/{party_id}/papers",
    status_code=201,
    summary="Enter a paper",
    operation_id="enter_paper",
    responses=refusals(*WRITES, *CARRIER, "too_many_papers", "paper_unclear", "driver_not_theirs"),
)
def enter(house: TheHouse, who: Who, ask: Wish, party_id: CarrierId, wish: PaperWish) -> PaperShown:
    """Enter a paper of your carrier, its vehicle or driver; it counts once an operator has checked it."""
    return _paper(house, enter_paper(house.desk, who, ask, party_id, wish.words()))


@router.get(
    "/carriers/{party_id}/papers",
    summary="List a carrier's papers",
    operation_id="list_papers",
    responses=refusals(*SIGNED_IN, *CARRIER),
)
def papers(house: TheHouse, who: Who, party_id: CarrierId, page: Paging) -> Listed[PaperShown]:
    """List the papers of your carrier, newest first; an operator lists any carrier's."""
    with house.desk.store.view() as view:
        carrier_in_sight(view, who, party_id)
        rows, after = list_papers(view, party_id, page)
    return Listed(items=[paper_shown(row) for row in rows], next=after)


@router.put(
    "/papers/{paper_id}/document",
    summary="Send a paper's file",
    operation_id="send_document",
    responses=refusals(
        *WRITES,
        *CARRIER,
        "document_unreadable",
        "document_too_large",
        "document_acts",
        "documents_full",
        "photo_unreadable",
    ),
)
def send(house: TheHouse, who: Who, ask: Wish, paper_id: PaperId, wish: DocumentWish) -> PaperShown:
    """Send the file of a paper of your carrier, in place of the one before; what was vetted is kept."""
    return _paper(house, send_document(house.desk, who, ask, paper_id, wish.content))


@router.delete(
    "/papers/{paper_id}/document",
    summary="Take a paper's file away",
    operation_id="take_document_back",
    responses=refusals(*WRITES, *CARRIER),
)
def take_back(house: TheHouse, who: Who, ask: Wish, paper_id: PaperId) -> PaperShown:
    """Take the file of a paper of your carrier away; what was vetted is kept."""
    return _paper(house, take_document_back(house.desk, who, ask, paper_id))


@router.get(
    "/papers/{paper_id}/document",
    summary="See a paper's file",
    operation_id="read_document",
    responses=DOCUMENT | refusals(*SIGNED_IN, "not_found"),
    response_class=Response,
)
def document(
    house: TheHouse,
    who: Who,
    paper_id: PaperId,
    which: Annotated[
        Literal["last", "vetted"],
        Query(description="The last one that was sent, or the one that was vetted.", examples=["last"]),
    ] = "last",
) -> Response:
    """See the file of a paper, as its carrier or an operator."""
    with house.desk.store.view() as view:
        found = seen_document(view, who, paper_id, vetted=which == "vetted")
    return document_answer(found.content, found.media_type)


@router.post(
    "/papers/{paper_id}/check",
    summary="Check a paper",
    operation_id="check_paper",
    responses=refusals(*CHANGES, "revision_needed", "paper_over", "reason_missing", "licence_incomplete"),
)
def check(
    house: TheHouse, who: Who, ask: Wish, paper_id: PaperId, wish: PaperFound, revision: Revision
) -> PaperShown:
    """Note, as an operator, what you found in a paper; refuse or waive it with a reason."""
    return _paper(house, check_paper(house.desk, who, ask, paper_id, revision, wish.state, wish.note))


@router.post(
    "/carriers/{party_id}/vet",
    summary="Vet a carrier",
    operation_id="vet_carrier",
    responses=refusals(*CHANGES, "not_a_carrier", "papers_lacking"),
)
def vet(house: TheHouse, who: Who, ask: Wish, party_id: CarrierId, revision: Revision) -> DossierShown:
    """Make a carrier active, as an operator: only with all papers that a carrier needs checked."""
    return _shown(house, who, vet_carrier(house.desk, who, ask, party_id, revision))


@router.post(
    "/carriers/{party_id}/suspend",
    summary="Suspend a carrier",
    operation_id="suspend_carrier",
    responses=refusals(*CHANGES, "not_a_carrier", "reason_missing"),
)
def suspend(
    house: TheHouse, who: Who, ask: Wish, party_id: CarrierId, wish: Suspension, revision: Revision
) -> DossierShown:
    """Suspend a carrier, as an operator: it is given no tour, and none of its tours is frozen."""
    return _shown(house, who, suspend_carrier(house.desk, who, ask, party_id, revision, wish.reason))


@router.put(
    "/carriers/{party_id}/area",
    summary="Say where a carrier serves",
    operation_id="set_area",
    responses=refusals(*CHANGES, "not_a_carrier", "area_unreadable", "area_crosses_itself", "area_too_large"),
)
def area(
    house: TheHouse, who: Who, ask: Wish, party_id: CarrierId, wish: AreaWish, revision: Revision
) -> DossierShown:
    """Say where your carrier serves: tours and shipments outside are refused, by the name of the site."""
    return _shown(house, who, set_area(house.desk, who, ask, party_id, revision, wish.area))


@router.post(
    "/carriers/{party_id}/weeks",
    summary="Grant a carrier days in a week",
    operation_id="grant_days",
    responses=refusals(*WRITES, *CARRIER, "reason_missing"),
)
def weeks(house: TheHouse, who: Who, ask: Wish, party_id: CarrierId, wish: DaysGranted) -> DossierShown:
    """Grant a carrier more, or fewer, days of tours in one week, as an operator, with a reason."""
    done = grant_days(house.desk, who, ask, party_id, wish.day, wish.days, wish.reason)
    return _shown(house, who, done)


def _paper(house: TheHouse, paper_id: str) -> PaperShown:
    with house.desk.store.view() as view:
        return paper_shown(find_paper(view, paper_id))


def _shown(house: TheHouse, who: Actor, party_id: str) -> DossierShown:
    with house.desk.store.view() as view:
        carrier_in_sight(view, who, party_id)
        return _seen(view, party_id, house.desk.timezone)


def _seen(view: View, party_id: str, timezone: str) -> DossierShown:
    row = find_dossier(view, party_id)
    if row is None:
        raise NotFound(kind="dossier", id=party_id)
    lacks = lacking(papers_of(view, party_id), Assignment(local_day(view.now_at, timezone)))
    return dossier_shown(row, weeks_granted(view, party_id, WEEKS_SHOWN), [one.kind for one in lacks])
