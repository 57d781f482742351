"""A drafted tour on pages: its map and figures, whom to invite, what they answered, and the way to a tour."""

from fastapi import APIRouter, BackgroundTasks
from starlette.responses import Response

from api.files.csv_file import attached, csv_file, euro
from api.letters.invite_letters import WEEKDAYS
from api.pages.forms import Filled, Form
from api.pages.posting import TOUR_UNSAID, own_communities, posting_of_form
from api.pages.press import answer, page
from api.pages.said import message
from api.pages.states import DRAFT_ANSWERS, colour
from api.pages.tours.draft_map import draft_map
from api.pages.visit import Signed, Visit
from api.routes.tours.draft_invitations import mail_later
from geodata.refusal import Refusal
from pooling.desk.people.links import ADDRESS_LIMIT, is_address
from pooling.desk.seeds.draft_invitations import (
    DraftInvite,
    answer_draft_invitation,
    invite_to_draft,
    remind_draft_invitation,
    seen_invitation,
)
from pooling.desk.seeds.draft_told import told_to_invited
from pooling.desk.seeds.seeding import DraftFilling, body_of, propose_draft, seen_draft
from pooling.load import CRATES_LIMIT
from pooling.party import Role
from pooling.store import Page
from pooling.store.draft_invitations import invitations_by_rank
from pooling.store.drafts import find_draft
from pooling.store.parties import list_parties

router = APIRouter()
BESIDE = {
    "draft_wrong_day": "day",
    "cutoff_too_late": "cutoff",
    "cutoff_over": "cutoff",
    "not_found": "carrier",
}
ROLES = {"producer": message("Producers"), "buyer": message("Shops and restaurants")}
ANSWERS = {"seen": message("has heard of it"), "declined": message("does not come")}
COLUMNS = ("rank", "role", "name", "crates", "share_eur", "alone_eur", "state")


@router.get("/tour-drafts/{draft_id}")
def one(visit: Signed, draft_id: str) -> Response:
    return _draft(visit, draft_id, Form(), None)


@router.get("/tour-drafts/{draft_id}/invitations.csv")
def exported(visit: Signed, draft_id: str) -> Response:
    """Hand out whom to invite, for whoever telephones or writes by hand."""
    with visit.desk.store.view() as view:
        wanted = body_of(seen_draft(view, visit.who, draft_id)).wanted
        sent = invitations_by_rank(view, draft_id)
    rows = [
        (
            at,
            who.role,
            who.name,
            who.crates,
            euro(who.share_cents),
            euro(who.alone_cents),
            sent[at].state if at in sent else "",
        )
        for at, who in enumerate(wanted, start=1)
    ]
    return attached(csv_file(COLUMNS, rows), f"invitations-{draft_id}.csv")


@router.post("/tour-drafts/{draft_id}/propose")
def propose(visit: Signed, form: Filled, draft_id: str) -> Response:
    """Make it a proposed tour."""
    return answer(
        form,
        lambda: propose_draft(
            visit.desk,
            visit.who,
            form.ask,
            draft_id,
            _filling(visit, form),
            posting_of_form(form, TOUR_UNSAID),
        ),
        then=lambda tour_id: f"/tours/{tour_id}",
        again=lambda refusal: _draft(visit, draft_id, form, refusal),
        said="tour_proposed",
        beside=BESIDE,
    )


@router.post("/tour-drafts/{draft_id}/invite")
def invite(visit: Signed, form: Filled, draft_id: str, later: BackgroundTasks) -> Response:
    """Invite one of the list: by mail, by its party's own letters, or by hand."""

    def do() -> str:
        rank, email = form.whole("rank", 1, 1_000), form.text("email", limit=ADDRESS_LIMIT, needed=False)
        if email and not is_address(email):
            form.wrong("email", message("An address such as anna@example.org."))
        wish = DraftInvite(rank, email, form.text("party", limit=40, needed=False), visit.words.language)
        form.check()
        invitation_id, letter = invite_to_draft(visit.desk, visit.who, form.ask, draft_id, wish)
        mail_later(visit.house, later, letter)
        return invitation_id

    done = answer(
        form,
        do,
        then=lambda _: f"/tour-drafts/{draft_id}",
        again=lambda refusal: _draft(visit, draft_id, form, refusal),
        said="draft_invited",
    )
    done.background = later
    return done


@router.get("/draft-invitations/{draft_invitation_id}")
def invitation(visit: Signed, draft_invitation_id: str) -> Response:
    """Show an invitation to whom it went, by its party; and to its operator."""
    return _invitation(visit, draft_invitation_id, Form(), None)


@router.post("/draft-invitations/{draft_invitation_id}/remind")
def remind(visit: Signed, form: Filled, draft_invitation_id: str, later: BackgroundTasks) -> Response:
    """Remind whoever has not answered, once."""

    def do() -> str:
        sent = remind_draft_invitation(visit.desk, visit.who, form.ask, draft_invitation_id)
        mail_later(visit.house, later, sent[1])
        return _draft_of(visit, draft_invitation_id)

    done = answer(
        form,
        do,
        then=lambda draft_id: f"/tour-drafts/{draft_id}",
        again=lambda refusal: _invitation(visit, draft_invitation_id, form, refusal),
        said="draft_reminded",
    )
    done.background = later
    return done


@router.post("/draft-invitations/{draft_invitation_id}/answer")
def answered(visit: Signed, form: Filled, draft_invitation_id: str) -> Response:
    """Answer for one's own party, or note what was told."""

    def do() -> str:
        said = form.choice("answer", ANSWERS)
        form.check()
        return answer_draft_invitation(visit.desk, visit.who, form.ask, draft_invitation_id, said)

    return answer(
        form,
        do,
        then=lambda _: f"/draft-invitations/{draft_invitation_id}",
        again=lambda refusal: _invitation(visit, draft_invitation_id, form, refusal),
        said="saved",
    )


def _draft_of(visit: Visit, invitation_id: str) -> str:
    with visit.desk.store.view() as view:
        return str(seen_invitation(view, visit.who, invitation_id).draft_id)


def _filling(visit: Visit, form: Form) -> DraftFilling:
    day = form.day("day", visit.moments.today)
    cutoff_day = form.day("cutoff_day", day)
    filling = DraftFilling(
        carrier_id=form.text("carrier", limit=40),
        driver=form.name("driver"),
        day=day,
        cutoff_at=visit.moments.seconds(cutoff_day, form.hour("cutoff")),
        crate_cents=form.cents("crate", 0) or None,
        minimum_crates=form.whole("minimum", 0, CRATES_LIMIT, 0),
        gap_cents=form.cents("gap", 0),
    )
    form.check()
    return filling


def _draft(visit: Visit, draft_id: str, form: Form, refusal: Refusal | None) -> Response:
    with visit.desk.store.view() as view:
        row = seen_draft(view, visit.who, draft_id)
        sent = invitations_by_rank(view, draft_id)
        parties, _ = list_parties(view, None, Page(limit=100))
        communities = own_communities(view, visit)
    draft = body_of(row)
    return page(
        visit,
        "tour_draft.html",
        form=form,
        refusal=refusal,
        row=row,
        draft=draft,
        map=draft_map(draft.stops),
        wanted=[(at, who, sent.get(at)) for at, who in enumerate(draft.wanted, start=1)],
        roles=ROLES,
        communities=communities,
        carriers=[(one.id, one.name) for one in parties if one.role == Role.CARRIER and one.vetted],
        members=[(one.id, one.name) for one in parties if one.role in (Role.PRODUCER, Role.BUYER)],
        weekday=WEEKDAYS[row.weekday - 1],
        states=DRAFT_ANSWERS,
        colour=colour,
    )


def _invitation(visit: Visit, invitation_id: str, form: Form, refusal: Refusal | None) -> Response:
    with visit.desk.store.view() as view:
        row = seen_invitation(view, visit.who, invitation_id)
        told = told_to_invited(view, find_draft(view, row.draft_id), row)
    return page(
        visit,
        "draft_invitation.html",
        form=form,
        refusal=refusal,
        told=told,
        one=row,
        mine=row.operator_id in visit.who.manages,
        weekday=WEEKDAYS[told.weekday - 1],
        states=DRAFT_ANSWERS,
        colour=colour,
    )
