"""
A competitor learns nothing: every operation and every page as everybody, and no fact of another slips out.

Two proofs. The first looks for the competitor's facts in whatever others are answered. The second tells one
story with and without the competitor: whoever has no part in it cannot tell the two apart.
"""

import json
import re
import uuid

import pytest
from fastapi.testclient import TestClient

from api.app import make_app
from api.asking import COOKIE
from api.pages import rooms
from pooling.clock import TurnedClock
from pooling.desk.market.clearing_trips import clear_trip, propose_clearing
from pooling.desk.market.rivals import tell_rivals
from pooling.desk.market.search_matching import match_searches
from pooling.desk.people.sessions import token_hash
from pooling.desk.telling.feeds import open_feed
from pooling.desk.telling.webhooks import create_webhook
from pooling.store.members import join
from pooling.store.people import member
from pooling.store.rows import added
from pooling.store.sessions import open_session
from tests.browsers import browser_beside, hurried
from tests.desk import market
from tests.desk.competitor import CENTS, RIVAL, competes, did, opened, slips
from tests.desk.conftest import document as made
from tests.desk.looking import kept
from tests.desk.market_wire import crates_wish
from tests.desk.telling import Outside, tell_all
from tests.desk.walking import every_operation, names_in, request_of
from tests.houses import MORNING, new_house, settle

pytestmark = pytest.mark.xdist_group("competitor")
"""One process has the towns that all look at."""

OTHERS = ("neighbour", "dairy", "shop", "restaurant", "carrier", "hand", "")
"""Who has no part in it: a guest of the trip, one who waits for it, buyers, a carrier, a driver, nobody."""

ID = re.compile(r"\b[a-z]{2,8}_01[0-9a-z]{22}\b")


FRESH = re.compile(r'value="[\w-]{20,}"|"(on|off)":"\d{4}"|<strong class="big">\d{4}</strong>')
"""Keys and words of a session in forms, made anew for each look; codes, of a secret of each house."""


def deals(town, trip):
    """Let the neighbour ride and the dairy wait; returns their ids by the names that paths use."""
    own = {}
    for name in ("neighbour", "dairy"):
        town.clock.forward(1)
        ship = market.sent(town, 4, name)
        town.clock.forward(1)
        bid = market.bidden(town, trip, ship, who=name)
        own[name] = {"shipment_id": ship, "shipment": ship, "bid_id": bid, "site_id": town.sites[name]}
        own[name] |= {"from_site": town.sites[name], "to_site": town.sites["restaurant"]}
        town.clock.forward(1)
        kept(town, name)
        hook = f"https://{name}.example/hook"
        did(town, name, lambda *all_: create_webhook(*all_, inside=True), town.parties[name], hook)
    market.accepted(town, own["neighbour"]["bid_id"])
    return own


def add_driver(town):
    def work(tx):
        town.members["hand"] = added(tx, member, "mem", email="hand@example.org", name="Hand")
        join(tx, town.members["hand"], town.parties["neighbour"], "driver")
        open_session(tx, town.members["hand"], token_hash("hand"), "test")

    town.house.desk.store.change(work)


class World:
    """Hold a house with the trip on which the neighbour rides, with or without the competitor."""

    def __init__(self, folder, *, rival, accepted=False):
        self.clock = TurnedClock(MORNING)
        self.town = settle(new_house(folder, self.clock), self.clock)
        self.clock.forward(1)
        add_driver(self.town)
        self.trip = opened(self.town)
        at = self.clock.at
        self.rivals = competes(self.town, self.trip, accepted=accepted) if rival else {}
        self.clock.at = at + 60
        self.own = deals(self.town, self.trip)
        self.clock.at = at + 120
        self.app = make_app(self.town.house)
        self.api = TestClient(self.app, raise_server_exceptions=False)
        hurried(self.api.__enter__())

    def duties(self, outside):
        tell_rivals(self.town.house.desk)
        match_searches(self.town.house.desk)
        tell_all(self.town, outside)

    def headers(self, who):
        key = {"Idempotency-Key": str(uuid.uuid4())}
        return {"Authorization": f"Bearer {who}", **key} if who else key

    def asked(self, path, method, operation, ids, who):
        """Call an operation about these ids; ``None`` where it needs another thing."""
        if not ids.keys() >= set(names_in(path)):
            return None
        path, params, body = request_of(made(self.app), path, operation, ids)
        return self.api.request(method, path, params=params, headers=self.headers(who), **body)

    def is_new(self, path, operation, ids, seen):
        """Tell whether this call can be made and was not made before; note it."""
        if not ids.keys() >= set(names_in(path)):
            return False
        call = str(request_of(made(self.app), path, operation, ids))
        before = len(seen)
        seen.add(call)
        return len(seen) > before

    def operations(self, *methods):
        return every_operation(made(self.app), *methods)

    def ids_of(self, who):
        party = {"party_id": self.town.parties.get(who, ""), "party": self.town.parties.get(who, "")}
        shared = {"trip_id": self.trip, "trip": self.trip, "day": "2026-09-13"}
        return shared | {name: one for name, one in party.items() if one} | self.own.get(who, {})

    def pages(self, who):
        """Yield every page that needs nothing, and those of what there is to see."""
        browser = hurried(browser_beside(self.api))
        browser.headers["accept-language"] = "en"
        if who:
            browser.cookies.set(COOKIE, who)
        own, theirs, seen = self.own.get(who, {}), self.rivals, set()
        for path in [one.path for router in rooms.ROUTERS for one in router.routes if "GET" in one.methods]:
            for ids in (own, theirs):
                known = {"trip_id": self.trip, **ids}
                if all(name in known for name in re.findall(r"{(\w+)}", path)):
                    address = re.sub(r"{(\w+)}", lambda found, known=known: known[found[1]], path)
                    if address in seen:
                        continue
                    seen.add(address)
                    yield address, browser.get(address, params={"shipment": own.get("shipment", "")})

    def close(self):
        self.api.__exit__(None, None, None)
        self.town.house.close()


BOTH = ("aboard", "waiting")
EVERYBODY = [
    pytest.param(state, who, marks=pytest.mark.slow if who in later else ())
    for state, later in (("aboard", ("restaurant",)), ("waiting", OTHERS[2:-1]))
    for who in OTHERS
]
"""
Of two buyers one is asked as; with a bid that waits, who rides, who waits beside it and nobody. The others
too by ``make test-all``.
"""

everybody = pytest.mark.parametrize(("world", "who"), EVERYBODY, indirect=["world"])


@pytest.fixture(scope="module", params=BOTH)
def world(request, tmp_path_factory):
    made_up = World(tmp_path_factory.mktemp("competitor"), rival=True, accepted=request.param == "aboard")
    yield made_up
    made_up.close()


def test_the_competitor_itself_and_its_trips_owner_do_see_it(world):
    """The negative control: what is looked for is there, and is found."""
    for who in (RIVAL, "farm", "operator"):
        answer = world.api.get("/api/v1/bids", headers=world.headers(who))
        assert {"Grmblfix", CENTS} <= set(slips(answer.text)), who


def hidden_in(world, ids):
    """Return the competitor's ids that an answer about these must not hold: sites stand in the directory."""
    known = {*ids.values(), *world.town.sites.values()}
    return [one for name, one in world.rivals.items() if one not in known and name != "member_id"]


@everybody
def test_no_operation_tells_anything_of_a_competitor(world, who):
    mine, seen = world.ids_of(who), set()
    for ids in (mine, mine | world.rivals):
        hidden = hidden_in(world, ids) if ids is mine else []
        for path, method, operation in world.operations("get"):
            if not world.is_new(path, operation, ids, seen):
                continue
            answer = world.asked(path, method, operation, ids, who)
            if answer is not None:
                assert not slips(answer.text, hidden), (operation["operationId"], who, answer.text[:2_000])


@everybody
def test_no_page_tells_anything_of_a_competitor(world, who):
    seen = 0
    for path, answer in world.pages(who):
        seen += answer.status_code == 200
        assert not slips(answer.text), (path, who, slips(answer.text))
    assert seen > (10 if who in ("neighbour", "dairy") else 0)


@pytest.mark.parametrize("who", ["neighbour", "dairy"])
def test_no_offer_no_quote_and_no_refusal_tells_anything_of_a_competitor(world, who):
    """Whatever is asked for, for much or little, the reason is told without anybody else's figures."""
    town, headers = world.town, lambda: world.headers(who)
    for number in (1, 4, 40, 60, 79):
        wish = crates_wish(town, number, shipper=town.parties[who], from_site=town.sites[who])
        asked = [world.api.post("/api/v1/offers", json={"crates": wish}, headers=headers())]
        ship = world.api.post("/api/v1/shipments", json=wish, headers=headers()).json()["id"]
        quote = world.api.post(
            f"/api/v1/trips/{world.trip}/quotes", json={"shipment": ship}, headers=headers()
        )
        asked.append(quote)
        for cents in (0, 1, 200, 9_000):
            words = {"shipment": ship, "most_cents": cents}
            asked.append(world.api.post(f"/api/v1/trips/{world.trip}/bids", json=words, headers=headers()))
        world.api.post(f"/api/v1/shipments/{ship}/cancel", headers=headers())
        for answer in asked:
            assert not slips(answer.text, hidden_in(world, {})), answer.text


@everybody
def test_what_is_done_to_the_things_of_a_competitor_is_refused_without_a_word_of_them(world, who):
    for path, method, operation in world.operations("post", "put", "delete"):
        if not re.search(r"{(?!trip_id|party_id)\w+}", path):
            continue
        answer = world.asked(path, method, operation, world.ids_of(who) | world.rivals, who)
        if answer is not None:
            assert not slips(answer.text), (operation["operationId"], who, answer.text)


def test_no_mail_no_webhook_no_calendar_and_no_journey_tells_anything_of_a_competitor(tmp_path):
    """A clearing takes another than it; whoever rides is told of the trip, and of nothing more."""
    world, outside = World(tmp_path, rival=True), Outside()
    town = world.town
    shown = list(propose_clearing(town.house.desk, town.actor("farm"), world.trip).chosen)
    assert shown == [world.own["dairy"]["bid_id"]]
    did(town, "farm", clear_trip, world.trip, None, shown)
    world.duties(outside)
    mails = [mail for mail in outside.mails if mail.to.partition("@")[0] in OTHERS]
    posts = [body for url, _, body in outside.posts if "zzyzx" not in url]
    assert mails and posts
    texts = [str(mail) for mail in mails] + [str(body) for body in posts]
    for who in ("neighbour", "dairy"):
        token = open_feed(town.house.desk, town.actor(who), town.ask(who)).token
        texts.append(world.api.get(f"/api/v1/calendar/{token}.ics").text)
        texts.append(world.api.get("/api/v1/events/page", headers=world.headers(who)).text)
        texts.append(world.api.get("/api/v1/bids", headers=world.headers(who)).text)
    for text in texts:
        assert not slips(text, list(world.rivals.values())), text
    world.close()


def told(world, who):
    """Return all that somebody is answered about its own things, ids by the order in which they are seen."""
    said = {}
    for path, method, operation in world.operations("get"):
        answer = world.asked(path, method, operation, world.ids_of(who), who)
        if answer is not None:
            said[operation["operationId"]] = answer.text
    wish = {"crates": crates_wish(world.town, 6, shipper=world.town.parties["neighbour"])}
    wish["crates"]["from_site"] = world.town.sites["neighbour"]
    offers = world.api.post("/api/v1/offers", json=wish, headers=world.headers(who)).json()
    offers.pop("pooled", None)  # reckoned with three parties at least, rounded: see docs/finding.md
    said["find_offers"] = json.dumps(offers)
    for path, answer in world.pages(who):
        if not any(one in path for one in world.rivals.values()):
            said[f"page {len(said)} {ID.sub('', path)}"] = FRESH.sub('value=""', answer.text)
    town = world.town
    kinds = {"party": town.parties, "member": town.members, "site": town.sites}
    names = {one: f"{name} {kind}" for kind, known in kinds.items() for name, one in known.items()}
    named = {
        name: ID.sub(
            lambda found: names.setdefault(found[0], f"id {len(names)}"), FRESH.sub('value=""', text)
        )
        for name, text in said.items()
        if name not in MADE_AT_ONCE
    }
    for name in MADE_AT_ONCE:
        items = json.loads(NUMBER.sub("0", said[name])).get("items", [])
        named[name] = sorted(ID.sub(lambda found: names.get(found[0], "id"), str(one)) for one in items)
    return named


MADE_AT_ONCE = ("search_directory", "list_notices")
"""What was made within one second stands in any order."""

NUMBER = re.compile(r'(?<="event":)"?\d+"?')
NUMBERED = ("list_events",)
"""Events are numbered through the whole house: that something happens elsewhere is all that shows."""


@pytest.mark.parametrize(
    "who",
    ["neighbour", "", *(pytest.param(one, marks=pytest.mark.slow) for one in ("shop", "carrier"))],
)
def test_with_and_without_a_competitors_bids_all_answers_are_the_same(tmp_path, who):
    with_it = World(tmp_path / "with", rival=True)
    without = World(tmp_path / "without", rival=False)
    for world in (with_it, without):
        world.duties(Outside())
    one, other = told(with_it, who), told(without, who)
    with_it.close()
    without.close()
    assert one.keys() == other.keys()
    for name in one:
        pair = [one[name], other[name]]
        if name in NUMBERED:  # compared without the numbers
            pair = [re.sub(r'"(?:id|next|event)":\s*"?\d+"?', "", text) for text in pair]
        assert pair[0] == pair[1], name
