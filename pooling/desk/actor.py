"""Who asks: a member, the parties it may act for, and what follows from that."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from geodata.refusal import Refusal
from pooling.party import Role
from pooling.phrases import Phrases, message
from pooling.store.rows import NotFound


class NotAllowed(Refusal):
    code = "not_allowed"
    reason = "Only {who} may do this."
    cure = "Sign in as a member of that party, or ask them."

    def __init__(self, *, who: str) -> None:
        super().__init__(who=Phrases((who,)))


class SignInNeeded(Refusal):
    code = "sign_in_needed"
    reason = "You are not signed in."
    cure = "Ask for a sign-in link by mail, then open it."


WHO_MAY = (
    message("a manager of the party"),
    message("a steward of the community"),
    message("an operator"),
    message("an operator, in its own name,"),
    message("an operator, or a confirmed member of the group,"),
    message("its operator"),
    message("its operator or its carrier"),
    message("its own members"),
    message("the keeper of the tool"),
    message("managers of the party that pays"),
    message("managers of the party that received the money"),
    message("the buyer"),
    message("the owner"),
    message("the producer"),
    message("the series' owner"),
    message("the shipper"),
    message("the trip's owner"),
    message("an operator that has no part in it"),
    message("who claims"),
    message("who held the crates"),
    message("who pays for the shipment or receives it"),
    message("who is asked to swap"),
    message("who is on duty"),
    message("who pays for the shipment"),
    message("who reserved the room"),
    message("who reserves the room"),
    message("who rode or who drove"),
    message("whoever pays for it"),
    message("whoever pays for the shipment"),
    message("whoever takes the gap"),
    message("whose site it goes to"),
)
"""To whom something may be left alone, as words of the catalogue."""


@dataclass(frozen=True)
class Actor:
    """
    Hold a member and the parties it acts for.

    ``manages`` maps the parties for which it may do everything to their role; ``drives`` are those
    whose manifests it may see and sign, and nothing else.
    """

    member_id: str
    manages: Mapping[str, Role] = field(default_factory=dict)
    drives: frozenset[str] = frozenset()

    @property
    def is_operator(self) -> bool:
        return Role.OPERATOR in self.manages.values()

    @property
    def parties(self) -> frozenset[str]:
        return frozenset(self.manages) | self.drives

    @property
    def duties(self) -> frozenset[tuple[str, str]]:
        """Return each party with the duty there, as a wish remembers them."""
        return frozenset((one, "manager") for one in self.manages) | {(one, "driver") for one in self.drives}

    def acts_for(self, party_id: str) -> bool:
        return party_id in self.manages

    def must_act_for(self, party_id: str, who: str = "its own members") -> None:
        """Refuse whoever does not manage the party; that it exists is no secret."""
        if party_id not in self.manages:
            raise NotAllowed(who=who)

    def must_be_operator(self) -> None:
        if not self.is_operator:
            raise NotAllowed(who="an operator")

    def must_see(self, kind: str, subject_id: str, *parties: str) -> None:
        """Refuse as if it did not exist what none of its parties is part of; an operator sees all."""
        if not self.is_operator and not any(party in self.manages for party in parties):
            raise NotFound(kind=kind, id=subject_id)


HOUSE = Actor(member_id="")
"""The house itself: jobs that run by the clock."""
