"""Who plays: each party of an invented day with one member, invited by the operator and signed in."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from pooling.day import Day
from pooling.party import Party, Role
from pooling.site import Site
from pooling.week import week_text

SIREN = "123456782"
"""Nobody's."""


class Caller(Protocol):
    """Call an operation of the API as one person; a refusal is raised with its ``code``."""

    def do(self, operation: str, *path: str, **more: Any) -> Any: ...  # noqa: ANN401 - JSON


SignedIn = Callable[[str], Caller]
"""From the token of a session to whoever holds it."""

Inbox = Callable[[str], str]
"""From an address to the token of the last link that was mailed to it."""


@dataclass
class Cast:
    """Hold everybody by the names of the invented day: their way in, their parties' and sites' ids."""

    callers: dict[str, Caller] = field(default_factory=dict)
    emails: dict[str, str] = field(default_factory=dict)
    parties: dict[str, str] = field(default_factory=dict)
    sites: dict[str, str] = field(default_factory=dict)


def call_in(day: Day, operator: Caller, signed_in: SignedIn, inbox: Inbox, language: str = "fr") -> Cast:
    """Invite a member for each party of the day, let it sign in, vet the carriers, enter the sites."""
    cast = Cast()
    for party in day.parties.values():
        if party.role is Role.OPERATOR:
            _operator(cast, operator, party)
        else:
            seat = next((site.address for site in day.sites.values() if site.party == party.id), "")
            _invited(cast, operator, party, seat, (signed_in, inbox), language)
    for site in day.sites.values():
        entered = cast.callers[site.party].do(
            "enter_site",
            body={
                "party": cast.parties[site.party],
                "name": site.name[:120],
                "lat": site.place.lat,
                "lon": site.place.lon,
                **_hours(site),
                "address": site.address,
            },
        )
        cast.sites[site.id] = entered["id"]
    return cast


def _hours(site: Site) -> dict[str, str]:
    if site.week is not None:
        return {"week": week_text(site.week)}
    (every_day,) = site.hours
    return {"opens": _wall(every_day.opens_s), "closes": _wall(min(every_day.closes_s, 24 * 3600))}


def email_of(party: Party) -> str:
    """Make an address that nobody owns, of a party's name."""
    letters = unicodedata.normalize("NFKD", party.name.lower()).encode("ascii", "ignore").decode()
    plain = re.sub(r"[^a-z0-9]+", ".", letters).strip(".") or "party"
    return f"{plain}@example.org"


def _operator(cast: Cast, operator: Caller, party: Party) -> None:
    me = operator.do("read_me")
    cast.callers[party.id], cast.emails[party.id] = operator, me["email"]
    cast.parties[party.id] = _operating(me)["id"]


def _operating(me: Mapping[str, Any]) -> Mapping[str, Any]:
    own: Mapping[str, Any] = next(one for one in me["parties"] if one["role"] == Role.OPERATOR.value)
    return own


def _invited(
    cast: Cast,
    operator: Caller,
    party: Party,
    seat: str,
    ways: tuple[SignedIn, Inbox],
    language: str,
) -> None:
    email, (signed_in, inbox) = email_of(party), ways
    invitation = {
        "email": email,
        "party_name": party.name[:120],
        "role": party.role.value,
        "language": language,
    }
    operator.do("invite", body=invitation)
    opened = operator.do("confirm_sign_in", body={"token": inbox(email)})
    caller = signed_in(opened["token"])
    caller.do("change_me", body={"name": party.name[:120]})
    cast.callers[party.id], cast.emails[party.id] = caller, email
    cast.parties[party.id] = opened["me"]["parties"][0]["id"]
    if party.licence:
        said = {"name": party.name[:120], "licence": party.licence, "language": language}
        caller.do("change_party", cast.parties[party.id], body={**said, "address": seat, "siren": SIREN})
    if party.vetted:
        until = party.licence_until.isoformat() if party.licence_until else None
        body = {"vetted": True, "licence": party.licence, "until": until}
        operator.do("vet_party", cast.parties[party.id], body=body)


def _wall(seconds: int) -> str:
    return f"{seconds // 3600:02d}:{seconds % 3600 // 60:02d}"
