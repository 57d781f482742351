"""
A visit: who looks at a page, in which language, for which party, and by which token its forms are known.

The party is chosen by a cookie among those that the member acts for; the language is the member's
own, or, where nobody is signed in, the one of a cookie or of the browser.
"""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any

from fastapi import Depends, Request
from sqlalchemy import Row

from api.asking import COOKIE
from api.house import House
from api.pages.moments import Moments
from api.pages.said import message
from api.papers.words import LOCALES, Words, words
from pooling.desk import Actor, Desk, NotAllowed, SignInNeeded
from pooling.desk.people.sessions import actor_of_token
from pooling.party import Role
from pooling.store.members import duties_of, find_member

LANGUAGE_COOKIE = "carriole_language"
PARTY_COOKIE = "carriole_party"
GUEST_COOKIE = "carriole_guest"
"""A random word by which the forms of somebody who is not signed in are known."""


@dataclass(frozen=True)
class Visit:
    """Hold who looks. ``secret`` is what only this browser holds: the session's token, or a guest's word."""

    request: Request
    house: House
    words: Words
    secret: str
    now_at: int
    actor: Actor | None = None
    member: Row[Any] | None = None
    parties: Sequence[Row[Any]] = ()
    party: Row[Any] | None = None

    @property
    def desk(self) -> Desk:
        return self.house.desk

    @property
    def who(self) -> Actor:
        if self.actor is None:
            raise SignInNeeded
        return self.actor

    @property
    def path(self) -> str:
        return self.request.url.path

    @property
    def role(self) -> str:
        """Return as what the member looks at this page: its party's role, or driver."""
        if self.party is None:
            return ""
        return "driver" if self.party.duty == "driver" else str(self.party.role)

    @property
    def moments(self) -> Moments:
        return Moments(self.words, self.house.settings.timezone, self.now_at)

    @property
    def form_token(self) -> str:
        """Return the word that every form of this browser carries: nobody else can make one."""
        return hashlib.sha256(f"form {self.secret}".encode()).hexdigest()[:40]

    def own_party(self, *roles: Role) -> Row[Any]:
        """Return the party that the member manages and acts for now; refuses where its role is another."""
        self.who  # noqa: B018 - refuses whoever is not signed in
        if self.party is None or self.role not in (roles or tuple(Role)):
            raise NotAllowed(who=self.words.say(ROLE_WORDS[roles[0]] if roles else "a manager of the party"))
        return self.party


ROLE_WORDS = {
    Role.PRODUCER: message("a producer"),
    Role.BUYER: message("a buyer"),
    Role.CARRIER: message("a carrier"),
    Role.INTERMEDIARY: message("an intermediary"),
    Role.OPERATOR: message("an operator"),
    Role.PRIVATE: message("a private person"),
}


def visit_of(request: Request) -> Visit:
    """Return who visits, signed in or not."""
    house: House = request.app.state.house
    token = request.cookies.get(COOKIE, "")
    with house.desk.store.view() as view:
        actor = actor_of_token(view, token)
        seen = house.seen_by(actor.parties if actor else ())
        visit = Visit(request, seen, guest_words(request), _guest_secret(request), view.now_at)
        if actor is None:
            return visit
        member = find_member(view, actor.member_id)
        parties = duties_of(view, actor.member_id)
    chosen = request.cookies.get(PARTY_COOKIE, "")
    party = next((one for one in parties if one.id == chosen), parties[0] if parties else None)
    return replace(
        visit,
        words=words(member.language if member.language in LOCALES else "fr"),
        secret=token,
        actor=actor,
        member=member,
        parties=parties,
        party=party,
    )


def _guest_secret(request: Request) -> str:
    return request.cookies.get(GUEST_COOKIE, "") or secrets.token_urlsafe(24)


def guest_words(request: Request) -> Words:
    """Return the language of the cookie, else the first of the browser's that is known, else French."""
    wanted = [request.cookies.get(LANGUAGE_COOKIE, "")]
    wanted += [one.split(";")[0].strip()[:2] for one in request.headers.get("accept-language", "").split(",")]
    return words(next((one for one in wanted if one in LOCALES), "fr"))


GuestWords = Annotated[Words, Depends(guest_words)]
"""The words for whoever is not known: most who come without saying a language speak French here."""


AnyVisit = Annotated[Visit, Depends(visit_of)]


def signed_in(visit: AnyVisit) -> Visit:
    if visit.actor is None:
        raise SignInNeeded
    return visit


Signed = Annotated[Visit, Depends(signed_in)]
