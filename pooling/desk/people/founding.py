"""
Found a house: its first operator, by whoever has the machine in hand.

It asks for no rights: who may run a command on the machine could write into its database as well.
"""

from dataclasses import dataclass

from geodata.refusal import Refusal
from pooling.desk.people.links import Link, Occasion, keep_link, plain_email
from pooling.party import Role
from pooling.store import Store, Tx
from pooling.store.members import add_member, duty_in, join, member_of_email
from pooling.store.parties import add_party, first_operator


class HouseFounded(Refusal):
    code = "house_founded"
    reason = "This house is founded already: {party} operates it."
    cure = "Give somebody a part in that: carriole operator {email}"


class HouseNotFounded(Refusal):
    code = "house_not_founded"
    reason = "Nobody operates this house yet."
    cure = "Found it first: carriole init --email {email} --name NAME"


@dataclass(frozen=True)
class Founded:
    """Hold who operates a house now, whether that is new, and a link that signs it in."""

    party: str
    new: bool
    link: Link


def found_house(store: Store, email: str, name: str, party_name: str, language: str) -> Founded:
    """
    Make the first operator's party and member; for the same member again it only makes a new link.

    Refuses anybody else once the house has its operator.
    """
    email = plain_email(email)

    def work(tx: Tx) -> Founded:
        party = first_operator(tx)
        if party is not None:
            known = member_of_email(tx, email)
            if known is None or duty_in(tx, known.id, party.id) != "manager":
                raise HouseFounded(party=party.name, email=email)
            return Founded(party.name, new=False, link=_link(tx, email, known.language))
        party_id = add_party(tx, party_name, Role.OPERATOR, language)
        _joined(tx, email, name, party_id, language)
        return Founded(party_name, new=True, link=_link(tx, email, language))

    return store.change(work)


def make_operator(store: Store, email: str, name: str, language: str) -> Founded:
    """Let a member, known or new, act for the party that operates the house."""
    email = plain_email(email)

    def work(tx: Tx) -> Founded:
        party = first_operator(tx)
        if party is None:
            raise HouseNotFounded(email=email)
        new = _joined(tx, email, name, party.id, language)
        return Founded(party.name, new=new, link=_link(tx, email, language))

    return store.change(work)


def _joined(tx: Tx, email: str, name: str, party_id: str, language: str) -> bool:
    """Make an address a manager of a party; tells whether it was none before."""
    known = member_of_email(tx, email)
    member_id = known.id if known else add_member(tx, email, name, language)
    new = duty_in(tx, member_id, party_id) != "manager"
    join(tx, member_id, party_id, "manager")
    return new


def _link(tx: Tx, email: str, language: str) -> Link:
    return keep_link(tx, Link(Occasion.SIGN_IN, email, language))
