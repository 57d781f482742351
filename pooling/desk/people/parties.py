"""Found a party, change what is said of it, and vet it."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from geodata.refusal import Refusal
from pooling.desk.actor import Actor, NotAllowed
from pooling.desk.carriers.vetting import end_hire, not_vetted, vetted_by_licence
from pooling.desk.desk import Desk
from pooling.desk.people.confirmations import GROUP_UNCONFIRMED, tell_farm_asked, tell_group_asked
from pooling.names import same_group
from pooling.party import Role
from pooling.people.business_words import must_be_address, must_be_siren
from pooling.store import Ask, Tx
from pooling.store.members import find_member, join, parties_counted
from pooling.store.parties import add_party, find_party, group_known_as
from pooling.store.people import party
from pooling.store.rows import NotFound, at_revision, changed

PARTIES_LIMIT = 20
"""For how many parties one member may act."""


class TooManyParties(Refusal):
    code = "too_many_parties"
    reason = "You act for {limit} parties; no more are founded by one member."
    cure = "Leave one of them first, or let somebody else found it."


class LicenceRunOut(Refusal):
    code = "licence_run_out"
    reason = "The licence ran out on {until}."
    cure = "Ask the carrier for its new licence."


@dataclass(frozen=True)
class PartyWords:
    """Hold what a party says of itself; its role never changes."""

    name: str
    group_name: str
    licence: str
    language: str
    address: str = ""
    siren: str = ""


@dataclass(frozen=True)
class Vetting:
    """Hold what an operator found in a party's papers."""

    vetted: bool
    licence: str
    licence_until: date | None


def found_party(desk: Desk, who: Actor, ask: Ask, name: str, role: Role) -> str:
    """
    Found a party and manage it. It is not vetted; only an operator founds one that operates.

    A farm that anybody else founds waits until an operator confirms that it is one.
    """
    if role is Role.OPERATOR:
        who.must_be_operator()

    def save(tx: Tx) -> str:
        if parties_counted(tx, who.member_id) >= PARTIES_LIMIT:
            raise TooManyParties(limit=PARTIES_LIMIT)
        language = find_member(tx, who.member_id).language
        if who.is_operator:
            party_id = add_party(tx, name, role, language)
        else:
            party_id = party_by_itself(tx, name, role, language)
        join(tx, who.member_id, party_id, "manager")
        return party_id

    return desk.once(ask, save)


def party_by_itself(tx: Tx, name: str, role: Role, language: str) -> str:
    """Write a party that no operator asked in; where it says that it is a farm, the operator is told."""
    farm = role is Role.PRODUCER
    party_id = add_party(tx, name, role, language, farm_waits=farm)
    if farm:
        tell_farm_asked(tx, party_id)
    return party_id


def change_party(
    desk: Desk, who: Actor, ask: Ask, party_id: str, revision: int | None, words: PartyWords
) -> str:
    """Change what is said of one's own party. Another licence has to be vetted, another group confirmed."""

    def save(tx: Tx) -> str:
        row = find_party(tx, party_id)
        must_manage(who, party_id)
        at_revision(row, revision, kind="party")
        if words.siren != row.siren:
            must_be_siren(words.siren)
        if words.address != row.address:
            must_be_address(words.address)
        group = group_known_as(tx, words.group_name)
        values: dict[str, object] = {**vars(words), "group_name": group}
        if words.licence != row.licence:
            values |= {"vetted": False, "licence_until": None}
            not_vetted(tx, party_id, "applied")
        if not same_group(group, row.group_name) and (group or row.group_name):
            values |= GROUP_UNCONFIRMED
            tell_group_asked(tx, party_id, group)
        changed(tx, party, row, values)
        return party_id

    return desk.once(ask, save)


def vet_party(desk: Desk, who: Actor, ask: Ask, party_id: str, revision: int | None, found: Vetting) -> str:
    """Note that an operator saw a party's papers, and until when its licence holds; or take that back."""
    who.must_be_operator()

    def save(tx: Tx) -> str:
        row = find_party(tx, party_id)
        at_revision(row, revision, kind="party")
        if found.vetted and found.licence_until and found.licence_until < _today(desk, tx):
            raise LicenceRunOut(until=found.licence_until)
        changed(tx, party, row, vars(found))
        if found.vetted and row.role == Role.CARRIER:
            licence, until = found.licence, found.licence_until
            vetted_by_licence(tx, party_id, licence, until, _today(desk, tx), who.member_id)
        elif not found.vetted:
            not_vetted(tx, party_id, "suspended")
            end_hire(tx, party_id)
        tx.tell("party.vetted", "party", party_id, [party_id], vetted=found.vetted)
        return party_id

    return desk.once(ask, save)


def must_manage(who: Actor, party_id: str) -> None:
    """Refuse whoever does not manage the party; to a stranger it does not exist."""
    if not who.acts_for(party_id):
        if who.is_operator or party_id in who.drives:
            raise NotAllowed(who="a manager of the party")
        raise NotFound(kind="party", id=party_id)


def _today(desk: Desk, tx: Tx) -> date:
    return datetime.fromtimestamp(tx.now_at, UTC).astimezone(ZoneInfo(desk.timezone)).date()
