"""Who sees which page: every address of the pages has its row, and every role its answer."""

import re
from functools import cache

import pytest
from fastapi.testclient import TestClient

from api.app import make_app
from api.asking import COOKIE
from api.pages import rooms
from pooling.clock import TurnedClock
from pooling.desk.carriers.documents import send_document
from pooling.desk.tools.owning import ToolWords, share_tool
from tests.browsers import browser_beside, hurried
from tests.desk import seeds
from tests.desk.carrying import INSURANCE, paper, van
from tests.desk.circle import closed_circle
from tests.desk.somebodys import claimed
from tests.desk.touring import day_planned, joined, sent
from tests.houses import MORNING, new_house, settle
from tests.pages.scenes import play
from tests.pooling.test_document import PDF

pytestmark = pytest.mark.xdist_group("pages-rights")
"""One process has the scene that all look at."""

ROLES = ("", "farm", "neighbour", "restaurant", "shop", "carrier", "driver", "operator")
OPEN = dict.fromkeys(ROLES, 200)
MEMBERS = OPEN | {"": 401}
MANAGERS = MEMBERS | {"driver": 403}
OPERATORS = dict.fromkeys(ROLES, 403) | {"": 401, "operator": 200}


def only(*names: str) -> dict[str, int]:
    """Let these parties in, and operators; to other members it does not exist."""
    return dict.fromkeys(ROLES, 404) | {"": 401, "operator": 200} | dict.fromkeys(names, 200)


CIRCLE = dict.fromkeys(ROLES, 404) | {"": 401} | dict.fromkeys(("farm", "neighbour", "shop"), 200)
"""Its members are let in; to everybody else, operators among them, a community does not exist."""

CIRCLE_STEWARDS = dict.fromkeys(ROLES, 404) | {"": 401, "driver": 403, "farm": 200}
"""Who looks after it, and whom it owes: here nobody else."""
OWNERS = dict.fromkeys(ROLES, 404) | {"": 401, "driver": 403, "farm": 200}
"""Who owns a part of a tool; to everybody else, operators among them, there is no such tool."""

PAGES = {
    "/sign-in": OPEN | {name: 303 for name in ROLES if name},
    "/sign-in/{token}": OPEN,
    "/sign-up": OPEN,
    "/cost": OPEN,
    "/": MEMBERS,
    "/board/map.svg": OPERATORS,
    "/me": MEMBERS,
    "/party": MEMBERS,
    "/parties": OPERATORS,
    "/parties/{farm}": OPERATORS,
    "/dossier": dict.fromkeys(ROLES, 403) | {"": 401, "carrier": 200},
    "/dossier/{carrier}": only("carrier"),
    "/papers/{paper}/document": only("carrier"),
    "/vehicles/{vehicle}": dict.fromkeys(ROLES, 404) | {"": 401, "carrier": 200, "operator": 403},
    "/partner-events": dict.fromkeys(ROLES, 403) | {"": 401, "carrier": 200},
    "/rounds": dict.fromkeys(ROLES, 403) | {"": 401, "carrier": 200, "operator": 200},
    "/rounds/new": OPERATORS,
    "/rounds/{round}": only("carrier"),
    "/rounds/{round}/change": dict.fromkeys(ROLES, 404) | {"": 401, "carrier": 403, "operator": 200},
    "/sites": MANAGERS,
    "/sites/new": MANAGERS,
    "/sites/{farm_site}": only("farm"),
    "/pin.svg": MEMBERS,
    "/search": MANAGERS,
    "/shipments": MANAGERS,
    "/shipments/new": MANAGERS,
    "/shipments/{shipment}": only("neighbour"),
    "/shipments/{shipment}/claim": only("neighbour", "restaurant") | {"operator": 403},
    "/cover-terms": OPEN,
    "/claims": MANAGERS,
    "/claims/{claim}": only("neighbour", "farm"),
    "/claims/{claim}/photo": only("neighbour", "farm"),
    "/shipments/{shipment}/true-price": only("neighbour") | {"operator": 404},
    "/shipments/{shipment}/custody": only("neighbour", "restaurant"),
    "/handovers/{handover}": only()
    | dict.fromkeys(("farm", "restaurant", "carrier", "driver", "operator"), 303),
    "/handovers/{handover}/photo": only("farm", "restaurant", "carrier", "driver"),
    "/shipments/{shipment}/change": only("neighbour"),
    "/shipments/{shipment}/alternatives": only("neighbour"),
    "/trips": MANAGERS,
    "/trips/new": MANAGERS,
    "/trips/{trip}": MEMBERS,
    "/trips/{trip}/change": dict.fromkeys(ROLES, 403) | {"": 401, "farm": 200},
    "/trips/{trip}/best": dict.fromkeys(ROLES, 403) | {"": 401, "farm": 200, "operator": 200},
    "/trips/{trip}/reserve": MANAGERS,
    "/reservations/{room}": only("farm", "neighbour"),
    "/bundles/new": MANAGERS,
    "/series/{series}": only("farm"),
    "/communities": MANAGERS,
    "/communities/{community}": CIRCLE,
    "/join/{token}": dict.fromkeys(ROLES, 404),
    "/shops/{shop}": CIRCLE,
    "/clear-day": OPERATORS,
    "/plan-day": OPERATORS,
    "/day-plans/{day_plan}": only("operator"),
    "/demand": OPERATORS,
    "/seeding": OPERATORS,
    "/tour-drafts/{draft}": only(),
    "/tour-drafts/{draft}/invitations.csv": only(),
    "/draft-invitations/{invitation}": only("farm"),
    "/bids": MANAGERS,
    "/bids/{bid}": only("farm", "neighbour"),
    "/orders": MANAGERS,
    "/orders/new": MANAGERS,
    "/orders/{order}": only("farm", "restaurant"),
    "/collections": MANAGERS,
    "/collections/proofs.csv": MANAGERS,
    "/collections/files/{list}": only(),
    "/collections/{collection}": only(),
    "/short-lists": MANAGERS,
    "/short-lists/new": dict.fromkeys(ROLES, 403) | {"": 401, "farm": 200, "neighbour": 200},
    "/short-lists/{short_list}": only("farm", "restaurant", "shop"),
    "/short-lists/{short_list}/change": dict.fromkeys(ROLES, 404) | {"": 401, "farm": 200},
    "/short-lists/{short_list}/goods.csv": only("farm", "restaurant", "shop"),
    "/goods/{goods}": dict.fromkeys(ROLES, 404) | {"": 401, "farm": 200},
    "/tour-orders": MANAGERS,
    "/tour-orders/{tour_order}": only("farm", "restaurant"),
    "/tours/{tour}/deliverable": dict.fromkeys(ROLES, 403) | {"": 401, "restaurant": 200, "shop": 200},
    "/tours": MEMBERS,
    "/tours/new": OPERATORS,
    "/tours/{tour}": MEMBERS,
    "/tours/{tour}/change": OPERATORS,
    "/tours/{tour}/by-hand": only("operator"),
    "/tours/{tour}/candidates": OPERATORS,
    "/tours/{tour}/shares": MEMBERS,
    "/sign-ups/{place}": only("shop"),
    "/manifests": MEMBERS,
    "/manifests/{manifest}": only("carrier", "driver"),
    "/manifests/{manifest}/editions/1": only("carrier", "driver"),
    "/manifests/{manifest}/paper.pdf": only("carrier", "driver"),
    "/money": MANAGERS,
    "/money/statement": MANAGERS,
    "/money/statement.csv": MANAGERS,
    "/money/statement.pdf": MANAGERS,
    "/money/mutual-aid": MANAGERS,
    "/money/mutual-aid.csv": MANAGERS,
    "/money/deposits": MANAGERS,
    "/communities/{community}/account": CIRCLE_STEWARDS,
    "/money/tools": MANAGERS,
    "/money/tools/{tool}": OWNERS,
    "/money/tools/{tool}/month.csv": OWNERS,
    "/money/accounts": MANAGERS,
    "/money/legal": MANAGERS,
    "/money/payments.xml": MANAGERS | {name: 409 for name, status in MANAGERS.items() if status == 200},
    "/money/invoice.pdf": MANAGERS | {name: 404 for name, status in MANAGERS.items() if status == 200},
    "/money/bill": MANAGERS,
    "/money/bill.csv": MANAGERS,
    "/money/bill.pdf": MANAGERS,
}
"""Each page with what each role gets: 401 is the sign-in page, 404 the page that says there is none."""

NAMES = {"party_id": "farm", "site_id": "farm_site", "shipment_id": "shipment", "trip_id": "trip"}
NAMES |= {"reservation_id": "room", "series_id": "series", "job_id": "job"}
NAMES |= {"list_id": "list", "collection_id": "collection"}
NAMES |= {"reservation_id": "room", "handover_id": "handover", "series_id": "series", "job_id": "job"}
NAMES |= {"carrier_id": "carrier", "round_id": "round", "paper_id": "paper", "card_id": "card"}
NAMES |= {"bid_id": "bid", "order_id": "order", "tour_id": "tour", "manifest_id": "manifest"}
NAMES |= {"plan_id": "day_plan", "community_id": "community", "shop_id": "shop", "turn_id": "turn"}
NAMES |= {"link_id": "link", "swap_id": "swap"}
NAMES |= {"plan_id": "day_plan", "sign_up_id": "place"}
NAMES |= {"plan_id": "day_plan", "draft_id": "draft", "draft_invitation_id": "invitation"}
NAMES |= {"plan_id": "day_plan", "vehicle_id": "vehicle"}
NAMES |= {"plan_id": "day_plan", "short_list_id": "short_list", "goods_id": "goods"}
NAMES |= {"tour_order_id": "tour_order", "claim_id": "claim", "tool_id": "tool"}


@pytest.fixture(scope="module")
def scene(tmp_path_factory):
    clock = TurnedClock(MORNING)
    town = settle(new_house(tmp_path_factory.mktemp("rights"), clock), clock)
    ids = {
        **play(town),
        "farm": town.parties["farm"],
        "carrier": town.parties["carrier"],
        "farm_site": town.sites["farm"],
        "token": "spent",
    }
    ids["day_plan"] = day_planned(town)
    circle = closed_circle(town).ids
    ids |= {name: circle[f"{name}_id"] for name in ("community", "shop", "turn", "link", "swap")}
    ids["place"] = joined(town, ids["tour"], "shop", sent(town, "shop"))
    ids["draft"] = seeds.drafted_first(town)
    ids["invitation"] = seeds.invited(town, ids["draft"], party_id=town.parties["farm"])[0]
    ids["vehicle"] = van(town)
    carrier = town.actor("carrier"), town.ask("carrier")
    ids["paper"] = paper(town, INSURANCE)
    send_document(town.house.desk, *carrier, ids["paper"], PDF)
    ids["tool"] = share_tool(
        town.house.desk,
        town.actor("farm"),
        town.ask("farm"),
        town.parties["farm"],
        ToolWords("Van", "van", "", 60, 1),
    )
    ids["claim"] = claimed(town, ids["shipment"], "neighbour", "farm")
    app = make_app(town.house)
    with TestClient(app, raise_server_exceptions=False) as opened:
        yield opened, ids
    town.house.close()


def routes(method: str) -> list[str]:
    return [route.path for router in rooms.ROUTERS for route in router.routes if method in route.methods]


def browser(opened: TestClient, name: str) -> TestClient:
    client = hurried(browser_beside(opened, follow=False))
    if name:
        client.cookies.set(COOKIE, name)
    return client


def test_every_page_has_its_row():
    names = {name: f"{{{value}}}" for name, value in {**NAMES, "token": "token"}.items()}
    names |= {"form": "pdf", "edition": "1"}
    written = {path.format(**names) for path in routes("GET")}
    assert written == set(PAGES)


@pytest.fixture(scope="module")
def looked(scene):
    """Return all pages as a role gets them, each asked for once."""
    opened, ids = scene

    @cache
    def looking(role):
        client = browser(opened, role)
        return {path: client.get(path.format(**ids)) for path in PAGES}

    return looking


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role or "nobody")
def test_every_page_answers_each_role_as_its_row_says(looked, role):
    answered = {path: answer.status_code for path, answer in looked(role).items()}
    assert answered == {path: row[role] for path, row in PAGES.items()}


@pytest.mark.parametrize("role", ["farm", "operator"])
def test_no_form_is_taken_without_the_word_of_its_session(scene, role):
    opened, ids = scene
    client = browser(opened, role)
    known = {name: ids[value] for name, value in NAMES.items()}
    known |= {
        "token": "spent",
        "session_id": "ses_0",
        "feed_id": "cal_0",
        "search_id": "search_0",
        "transfer_id": "tr_0",
        "invitation_id": "inv_0",
        "member_id": "mem_0",
        "pickup_id": "pck_0",
        "clearing_id": "clr_0",
        "entry_id": "ten_0",
    }
    for path in routes("POST"):
        refused = client.post(path.format(**known), data={"key": "k", "form_token": "forged"})
        assert refused.status_code == 403, path


def test_nobody_who_is_not_signed_in_changes_anything(scene):
    opened, ids = scene
    client = browser(opened, "")
    open_to_all = {"/sign-in", "/sign-in/{token}", "/sign-up", "/language"}
    known = {name: ids[value] for name, value in NAMES.items()}
    known |= {"session_id": "ses_0", "feed_id": "cal_0", "search_id": "search_0", "token": "spent"}
    known |= {"invitation_id": "inv_0", "member_id": "mem_0", "transfer_id": "tr_0"}
    known |= {"pickup_id": "pck_0", "clearing_id": "clr_0"}
    known |= {"invitation_id": "inv_0", "member_id": "mem_0", "transfer_id": "tr_0", "entry_id": "ten_0"}
    for path in set(routes("POST")) - open_to_all:
        assert client.post(path.format(**known), data={}).status_code in (401, 403), path


WITHOUT_MENU = {"/sign-in", "/sign-up", "/sign-in/{token}", "/join/{token}"}


@pytest.mark.parametrize("role", [role for role in ROLES if role])
def test_every_page_is_french_has_one_heading_and_says_no_id(looked, role):
    for path, row in PAGES.items():
        if row[role] == 200 and not path.endswith((".svg", ".pdf", ".csv", ".xml", "/photo", "/document")):
            text = looked(role)[path].text
            assert '<html lang="fr">' in text and text.count("<h1>") == 1, path
            listed = path == "/" or f'href="{path}"' in text
            assert listed or 'class="back"' in text or path in WITHOUT_MENU, path
            said = re.sub(r"<[^>]*>", " ", text)
            assert not re.search(r"\b[a-z]{2,6}_[0-9a-z]{24}\b|\bNone\b|\{\w+\}", said), path
