"""Communities on pages: those of one's party, who belongs to one, links that invite, and joining by one."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from api.pages.forms import Filled, Form, FormFaulty
from api.pages.lists import part_of
from api.pages.names import known_sites, party_names
from api.pages.press import answer, go, page
from api.pages.said import message
from api.pages.tours.newcomers import NEWCOMERS, newcomers_of, newcomers_typed
from api.pages.visit import AnyVisit, Signed, Visit
from api.routes.people.communities import join_url
from geodata.refusal import Refusal
from pooling.desk.communities.belonging import own_membership
from pooling.desk.communities.communities import (
    CommunityWords,
    change_community,
    found_community,
    give_role,
    leave_community,
)
from pooling.desk.communities.community_links import (
    LinkWords,
    invite_to_community,
    join_community,
    read_invitation,
    revoke_community_link,
    seen_link,
)
from pooling.desk.communities.shops import ShopWords, open_shop
from pooling.store import Page
from pooling.store.communities import (
    belongs,
    find_community,
    list_communities,
    list_links,
    list_parties_in,
)
from pooling.store.rotas import list_shops

router = APIRouter()

RULES_LIMIT = 10_000
HOURS_LIMIT = 7 * 24
USES = {"once": message("one party"), "open": message("whoever has it, until its last day")}
ROLES = {"steward": message("steward"), "member": message("member")}


@router.get("/communities")
def listed(visit: Signed) -> Response:
    return _list(visit, Form(), None)


@router.post("/communities")
def found(visit: Signed, form: Filled) -> Response:
    party = visit.own_party()
    return answer(
        form,
        lambda: found_community(visit.desk, visit.who, form.ask, party.id, _words(form)),
        then=lambda community_id: f"/communities/{community_id}",
        again=lambda refusal: _list(visit, form, refusal),
        said="community_founded",
    )


@router.get("/communities/{community_id}")
def one(visit: Signed, community_id: str) -> Response:
    return _community(visit, community_id, Form(), None)


@router.post("/communities/{community_id}")
def change(visit: Signed, form: Filled, community_id: str) -> Response:
    def do() -> str:
        words = _words(form)
        return change_community(visit.desk, visit.who, form.ask, community_id, form.revision, words)

    return _on(visit, form, community_id, do, "saved")


@router.post("/communities/{community_id}/invite")
def invite(visit: Signed, form: Filled, community_id: str) -> Response:
    """Make a link; it is shown on the page that answers, and nowhere else."""
    try:
        last = form.day("last", visit.moments.today + timedelta(days=14))
        single = form.choice("uses", USES) == "once"
        form.check()
        words = LinkWords(visit.moments.seconds(last, 86_400), single, form.text("note", needed=False))
        made = invite_to_community(visit.desk, visit.who, form.ask, community_id, words)
    except FormFaulty:
        return _community(visit, community_id, form, None)
    except Refusal as refusal:
        return _community(visit, community_id, form, refusal)
    link = join_url(visit.house.settings.public_url, made.token)
    return _community(visit, community_id, Form(), None, link)


@router.post("/communities/links/{link_id}/revoke")
def revoke(visit: Signed, form: Filled, link_id: str) -> Response:
    with visit.desk.store.view() as view:
        community_id = str(seen_link(view, visit.who, link_id).community_id)
    return _on(
        visit,
        form,
        community_id,
        lambda: revoke_community_link(visit.desk, visit.who, form.ask, link_id),
        "saved",
    )


@router.post("/communities/{community_id}/shops")
def open_one(visit: Signed, form: Filled, community_id: str) -> Response:
    def do() -> str:
        words = ShopWords(form.text("site", limit=40), form.text("shop_name"), form.hour("opens"))
        form.check()
        return open_shop(visit.desk, visit.who, form.ask, community_id, words)

    return _on(visit, form, community_id, do, "saved")


@router.post("/communities/{community_id}/parties/{party_id}/role")
def role(visit: Signed, form: Filled, community_id: str, party_id: str) -> Response:
    def do() -> str:
        given = form.choice("role", ROLES)
        form.check()
        return give_role(visit.desk, visit.who, form.ask, community_id, party_id, form.revision, given)

    return _on(visit, form, community_id, do, "saved")


@router.post("/communities/{community_id}/parties/{party_id}/leave")
def leave(visit: Signed, form: Filled, community_id: str, party_id: str) -> Response:
    """Leave, or remove a party; who has left goes on to the list of its communities."""
    own = visit.who.acts_for(party_id)
    return answer(
        form,
        lambda: leave_community(visit.desk, visit.who, form.ask, community_id, party_id),
        then=lambda _: "/communities" if own else f"/communities/{community_id}",
        again=lambda refusal: _community(visit, community_id, form, refusal),
        said="saved",
    )


@router.get("/join/{token}")
def invited(visit: AnyVisit, token: str) -> Response:
    return _invited(visit, token, Form(), None)


@router.post("/join/{token}")
def join(visit: Signed, form: Filled, token: str) -> Response:
    def do() -> str:
        party = form.text("party", limit=40)
        form.check()
        return join_community(visit.desk, visit.who, form.ask, token, party)

    return answer(
        form,
        do,
        then=lambda community_id: f"/communities/{community_id}",
        again=lambda refusal: _invited(visit, token, form, refusal),
        said="community_joined",
    )


def _on(visit: Visit, form: Form, community_id: str, do: Callable[[], str], said: str) -> Response:
    return answer(
        form,
        do,
        then=lambda _: f"/communities/{community_id}",
        again=lambda refusal: _community(visit, community_id, form, refusal),
        said=said,
    )


def _words(form: Form) -> CommunityWords:
    words = CommunityWords(
        name=form.name("name"),
        rules=form.value("rules").strip()[:RULES_LIMIT],
        detour_s=_given(form, "detour", 240, 60),
        target_percent=_given(form, "target", 100, 1, low=1),
        cutoff_s=_given(form, "cutoff_hours", HOURS_LIMIT, 3600),
        fee_cents=form.cents("fee") if form.value("fee").strip() else None,
        each_pays_its_way=newcomers_of(form),
    )
    form.check()
    return words


def _given(form: Form, name: str, high: int, unit: int, *, low: int = 0) -> int | None:
    """Read a default in the unit that is kept; nothing where the house's own holds."""
    return form.whole(name, low, high) * unit if form.value(name).strip() else None


def _list(visit: Visit, form: Form, refusal: Refusal | None) -> Response:
    visit.own_party()
    with visit.desk.store.view() as view:
        rows, after = list_communities(view, visit.who.manages, part_of(visit))
    return page(visit, "communities.html", form=form, refusal=refusal, rows=rows, after=after)


def _community(
    visit: Visit, community_id: str, form: Form, refusal: Refusal | None, link: str = ""
) -> Response:
    with visit.desk.store.view() as view:
        mine = own_membership(view, visit.who, community_id)
        row = find_community(view, community_id)
        parties, after = list_parties_in(view, community_id, part_of(visit, 50))
        steward = mine.role == "steward"
        links, _ = list_links(view, community_id, Page(limit=20)) if steward else ([], "")
        shops, _ = list_shops(view, community_id, Page(limit=20))
        sites = known_sites(view, visit) if steward else []
        names = party_names(view, [one.party_id for one in parties])
    return page(
        visit,
        "community.html",
        form=form,
        refusal=refusal,
        row=row,
        newcomers=NEWCOMERS,
        newcomers_now=newcomers_typed(row.each_pays_its_way),
        parties=parties,
        after=after,
        names=names,
        steward=steward,
        invitations=[(one, _is_live(one, visit.now_at)) for one in links],
        shops=shops,
        sites=sites,
        link=link,
        uses=USES,
        roles=ROLES,
        usual_last=visit.moments.today + timedelta(days=14),
    )


def _is_live(link: Any, now_at: int) -> bool:  # noqa: ANN401 - a row
    spent = link.uses_limit is not None and link.used >= link.uses_limit
    return not spent and link.revoked_at is None and link.expires_at > now_at


def _invited(visit: Visit, token: str, form: Form, refusal: Refusal | None) -> Response:
    """Show what a link invites to; whoever belongs already goes on to the community's page."""
    with visit.desk.store.view() as view:
        manages = visit.actor.manages if visit.actor else {}
        try:
            _, row = read_invitation(view, token[:100])
        except Refusal as closed:
            return page(visit, "sorry.html", refusal=closed)
        outside = [one for one in visit.parties if one.id in manages and not belongs(view, row.id, one.id)]
    if manages and not outside and refusal is None:
        return go(f"/communities/{row.id}")
    return page(
        visit,
        "join.html",
        form=form,
        refusal=refusal,
        row=row,
        choices=[(one.id, one.name) for one in outside],
    )
