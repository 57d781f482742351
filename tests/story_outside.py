"""
Whoever stands outside the closed community of a story, and all that they are answered.

A farm, a carrier and an operator of the house with none of the story's tours, and nobody at all. They walk
every operation that reads, with every id of the story; nothing of it stands in what they are answered.
"""

import json
import uuid

from api.rights import RIGHTS
from tests.desk.competitor import settled
from tests.desk.conftest import document
from tests.desk.telling import Outside, tell_all
from tests.desk.walking import every_operation, names_in, request_of
from tests.story_tour import API, SATURDAY, SATURDAY_MORNING, SUNDAY, TOO_MANY, WORDS, on

SIGNED_IN = ("stranger", "haulier", "overseer")
NOBODY = ""
ALL = (*SIGNED_IN, NOBODY)

KEPT_BY_THE_HOUSE = frozenset(
    {
        *("list_transfers", "read_balances", "read_statement", "read_bill", "read_bill_file"),
        *("read_statement_file", "print_statement", "print_bill", "list_accounts", "read_legal"),
        *("read_reciprocity", "read_reciprocity_file", "prepare_invoice", "list_payouts", "write_payouts"),
        *("list_payment_requests", "list_claims", "read_claim", "read_claim_photo"),
        *("read_custody", "list_empties"),
        *("list_short_lists", "read_short_list", "list_goods", "read_goods_table"),
    }
)
"""
What an operator of the house reads of everybody: the ledger and custody, to settle, and what farms offer to
whoever buys. See docs/communities.md.
"""


OFFERED = ("short_list_id", "goods_id")
"""What farms offer to whoever buys, which an operator of the house reads too."""


class Outsiders:
    """Hold those outside, with crates of their own on the story's day; nobody where it is open to all."""

    def __init__(self, story):
        self.story = story
        if story.community is None:
            return
        for name, role in zip(SIGNED_IN, ("producer", "carrier", "operator"), strict=True):
            settled(story.town, name, role, "neighbour", 0.0021)
        story.sends("stranger", "restaurant", 3, goods="")
        story.ids["shipment_id"].clear()
        hook = {"party": story.town.parties["stranger"], "url": "https://stranger.example/hook"}
        story.does("stranger", "POST", "/webhooks", hook)
        feed = story.does("stranger", "POST", "/calendar-feeds")
        self.calendar = feed["url"].partition("/api/v1")[2]

    def learn_nothing(self, *, called):
        """Walk everything, so many operations at least; a thing of the story that any is shown fails."""
        if self.story.community is None:
            return
        for name in ALL:
            known = self._known(name)
            walked = set(self._walk_ids(name, known))
            assert len(walked) >= called, (name, sorted(walked))
            self._walk_lists(name, known)
        self._look_for_rides()
        self._read_what_came()

    def _known(self, name):
        """Return every id of the story by the names of paths, as far as it is hidden from one of them."""
        known = {kind: list(ids) for kind, ids in self.story.ids.items()}
        if name != "overseer":
            return known | self._of_people()
        free = ("open", "cancelled")
        known["shipment_id"] = [one for one, state in self._shipments() if state not in free]
        return {kind: ids for kind, ids in known.items() if kind not in OFFERED}

    def _of_people(self):
        """Return a party, a site and a member of the story: operators of the house know everybody's."""
        town = self.story.town
        parties = [town.parties[one] for one in ("orchard", "bistro")]
        return {
            "party_id": parties,
            "site_id": [town.sites["orchard"]],
            "member_id": [town.members["orchard"]],
        }

    def _shipments(self):
        """Tell how far each shipment of the story is, as those read it who may."""
        states = {}
        for name in self.story.town.parties:
            for one in self.story.reads(name, "/shipments", limit=100)["items"] if name not in ALL else ():
                states[one["id"]] = one["state"]
        return [(one, states[one]) for one in self.story.ids["shipment_id"]]

    def _walk_ids(self, name, known):
        """Ask for each thing of the story by its id: there is none of it, or who asks must sign in."""
        for path, _, operation in every_operation(document(self.story.app), "get"):
            called, needed = operation["operationId"], names_in(path)
            if not needed or not known.keys() >= set(needed) or self._may(name, called):
                continue
            yield path
            wanted = {401} if name == NOBODY and not RIGHTS[called].anonymous else {404}
            if called in ("read_trust", "read_crate_deposits"):
                wanted.add(200)  # of a party, to whoever is signed in
            for ids in self._each(needed, known):
                answer = self._asked(name, path, operation, ids)
                assert answer.status_code in wanted, (called, name, ids, answer.text[:400])
                self._holds_nothing(answer, (called, name), known, but=ids.values())

    def _walk_lists(self, name, known):
        for path, _, operation in every_operation(document(self.story.app), "get"):
            if names_in(path) or self._may(name, operation["operationId"]):
                continue
            mine = {"operator": self.story.town.parties["operator"]}
            for more in ({}, {"day": str(SATURDAY)}):
                answer = self._asked(name, path, operation, mine, **more)
                assert answer.status_code < 500, answer.text
                self._holds_nothing(answer, (operation["operationId"], name), known)

    def _may(self, name, called):
        return name == "overseer" and called in KEPT_BY_THE_HOUSE

    def _each(self, needed, known):
        """Yield the ids with which an address is asked for: each of the story in turn."""
        first, *others = needed
        for one in known[first]:
            yield {first: one, **{other: known[other][0] for other in others}}

    def _asked(self, name, path, operation, ids, **more):
        address, query, _ = request_of(document(self.story.app), path, operation, ids)
        headers = {"Idempotency-Key": str(uuid.uuid4())}
        headers |= {"Authorization": f"Bearer {name}"} if name else {}
        return self.story.api.get(address, params=query | more, headers=headers)

    def _look_for_rides(self):
        """Look for a ride on a day of the story: none is offered, nor named as one that cannot."""
        town = self.story.town
        day = SATURDAY if self.story.clock.at < SATURDAY_MORNING else SUNDAY
        wish = {"shipper": town.parties["stranger"], "from_site": town.sites["stranger"]}
        wish |= {"to_site": town.sites["restaurant"], "crates": 2, "ready": on(day, 6)}
        wish |= {"pickup_by": on(day, 12), "deliver_from": on(day, 6), "deliver_by": on(day, 15)}
        answer = self.story.call("stranger", "POST", "/offers", {"crates": wish})
        assert answer.status_code == 200, answer.text
        self._holds_nothing(answer, ("find_offers", "stranger"), self.story.ids)

    def _read_what_came(self):
        """Read what left the house for them: mails, webhooks, and the calendar that they opened."""
        outside, town = Outside(), self.story.town
        tell_all(town, outside)
        addresses = {f"{name}@example.org" for name in SIGNED_IN}
        came = [str(one) for one in outside.mails if one.to in addresses]
        came += [str(body) for url, _, body in outside.posts if "stranger" in url]
        came.append(self.story.api.get(f"{API}{self.calendar}").text)
        assert outside.mails, "others were written to"
        for text in came:
            self._slips(text, "what came", self.story.ids)

    def _holds_nothing(self, answer, where, known, but=()):
        told = "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
        self._slips(answer.text + told, where, known, but)
        cents = self.story.seen_cents & numbers_of(answer.text, "cents")
        assert not cents, (where, cents, answer.text[:2_000])
        assert TOO_MANY not in numbers_of(answer.text, "crates"), where

    def _slips(self, text, where, known, but=()):
        hidden = {one for ids in known.values() for one in ids} - set(but)
        found = [one for one in (*WORDS, *hidden - self._public()) if one in text]
        assert not found, (where, found, text[:2_000])

    def _public(self):
        """Return what the directory tells whoever is signed in: who there is, and where."""
        return {one for ids in self._of_people().values() for one in ids}


def numbers_of(text, named):
    """Return the whole numbers of an answer whose names hold a word."""
    try:
        waiting = [("", json.loads(text))]
    except ValueError:
        return set()
    found = set()
    while waiting:
        name, one = waiting.pop()
        if isinstance(one, dict):
            waiting += one.items()
        elif isinstance(one, list):
            waiting += [(name, each) for each in one]
        elif isinstance(one, int) and not isinstance(one, bool) and named in name:
            found.add(one)
    return found
