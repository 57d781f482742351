"""One's own party: what is said of it, who acts for it, who is invited; and a further one founded."""

import re
from typing import Any

from fastapi import APIRouter, BackgroundTasks
from sqlalchemy import Row
from starlette.responses import Response

from api.letters.letters import letter
from api.letters.mail import send_quietly
from api.pages.forms import Filled, Form
from api.pages.lists import part_of
from api.pages.names import party_names
from api.pages.press import answer, page
from api.pages.said import message
from api.pages.states import DUTIES, INVITATIONS
from api.pages.visit import ROLE_WORDS, Signed, Visit
from geodata.refusal import Refusal
from pooling.desk.people.confirmations import confirm_group, group_askers
from pooling.desk.people.invitations import Invited, invite, take_invitation, withdraw_invitation
from pooling.desk.people.links import plain_email
from pooling.desk.people.members import remove_member
from pooling.desk.people.parties import PartyWords, change_party, found_party
from pooling.party import SIREN, Role
from pooling.site import ADDRESS_LIMIT
from pooling.store import Page
from pooling.store.invitations import list_invitations
from pooling.store.members import list_members

router = APIRouter()

FOUNDED = tuple(role.value for role in ROLE_WORDS if role is not Role.OPERATOR)


@router.get("/party")
def mine(visit: Signed) -> Response:
    return _party(visit, Form(), None)


@router.post("/party")
def change(visit: Signed, form: Filled) -> Response:
    party = visit.own_party()

    def do() -> str:
        words = PartyWords(
            name=form.name("name"),
            group_name=form.name("group", needed=False),
            licence=form.text("licence", needed=False),
            language=form.choice("language", ("fr", "en")),
            address=form.text("address", limit=ADDRESS_LIMIT, needed=False),
            siren=form.text("siren", needed=False).replace(" ", ""),
        )
        if not re.fullmatch(SIREN, words.siren):
            form.wrong("siren", message("Nine digits."))
        form.check()
        return change_party(visit.desk, visit.who, form.ask, party.id, form.revision, words)

    return _on_party(visit, form, do, "saved")


@router.post("/party/found")
def found(visit: Signed, form: Filled) -> Response:
    def do() -> str:
        name, role = form.name("new_name"), form.choice("new_role", FOUNDED)
        form.check()
        return found_party(visit.desk, visit.who, form.ask, name, Role(role))

    return _on_party(visit, form, do, "party_founded")


@router.post("/party/invite")
def ask(visit: Signed, form: Filled, later: BackgroundTasks) -> Response:
    """Invite somebody to one's own party; an operator may invite a new party as well."""
    party = visit.own_party()

    def do() -> str:
        wish = _invited(visit, form, party)
        invitation_id, link = invite(visit.desk, visit.who, form.ask, wish)
        if link is not None:
            mail = letter(link, visit.house.settings.public_url)
            later.add_task(send_quietly, visit.house.mailer, mail)
        return invitation_id

    done = _on_party(visit, form, do, "invited")
    done.background = later
    return done


@router.post("/party/invitations/{invitation_id}/withdraw")
def withdraw(visit: Signed, form: Filled, invitation_id: str) -> Response:
    return _on_party(
        visit,
        form,
        lambda: withdraw_invitation(visit.desk, visit.who, form.ask, invitation_id),
        "withdrawn",
    )


@router.post("/party/invitations/{invitation_id}/take")
def take(visit: Signed, form: Filled, invitation_id: str) -> Response:
    return _on_party(
        visit, form, lambda: take_invitation(visit.desk, visit.who, form.ask, invitation_id), "saved"
    )


@router.post("/party/members/{member_id}/remove")
def remove(visit: Signed, form: Filled, member_id: str) -> Response:
    party = visit.own_party()
    return _on_party(
        visit,
        form,
        lambda: remove_member(visit.desk, visit.who, form.ask, party.id, member_id),
        "member_removed",
    )


@router.post("/party/group-askers/{party_id}/confirm")
def confirm(visit: Signed, form: Filled, party_id: str) -> Response:
    """Confirm that somebody else belongs to the group of one's own party."""
    return _on_party(
        visit,
        form,
        lambda: confirm_group(visit.desk, visit.who, form.ask, party_id, None, form.value("group"), yes=True),
        "saved",
    )


def _invited(visit: Visit, form: Form, party: Row[Any]) -> Invited:
    email = plain_email(form.text("email", limit=254))
    if email and ("@" not in email or " " in email):
        form.wrong("email", message("An address such as name@example.org."))
    language = visit.words.language
    if form.value("whom") == "new":
        name, role = form.name("invited_name"), form.choice("invited_role", list(Role))
        form.check()
        return Invited(email, "manager", language, party_name=name, role=Role(role))
    duty = form.choice("duty", tuple(DUTIES))
    form.check()
    return Invited(email, duty, language, party_id=party.id)


def _on_party(visit: Visit, form: Form, do: Any, said: str) -> Response:  # noqa: ANN401
    return answer(
        form, do, then=lambda _: "/party", again=lambda refusal: _party(visit, form, refusal), said=said
    )


def _party(visit: Visit, form: Form, refusal: Refusal | None) -> Response:
    """Show the party that one acts for; who acts for none may take an invitation, or found one."""
    manages = visit.party is not None and visit.who.acts_for(visit.party.id)
    email = visit.member.email if visit.member is not None else ""
    with visit.desk.store.view() as view:
        party = visit.party
        members, after = (
            list_members(view, party.id, part_of(visit)) if party is not None and manages else ([], "")
        )
        own = [party.id] if party is not None and manages else []
        invitations, _ = list_invitations(view, own, email, Page(limit=50))
        askers, more_ask = group_askers(view, own[0], Page(limit=50)) if own else ([], "")
        confirmers = [party.group_confirmed_by_id, party.farm_confirmed_by_id] if party else []
        names = party_names(view, confirmers)
    return page(
        visit,
        "party.html",
        form=form,
        refusal=refusal,
        party=party if manages else None,
        members=members,
        after=after,
        to_me=[one for one in invitations if one.email == email and one.state == "open"],
        invitations=[one for one in invitations if party is not None and one.party_id == party.id],
        askers=askers,
        more_ask=bool(more_ask),
        names=names,
        founded={role: ROLE_WORDS[Role(role)] for role in FOUNDED},
        duties=DUTIES,
        states=INVITATIONS,
    )
