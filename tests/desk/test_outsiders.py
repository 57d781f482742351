"""
What is posted in a community, walked by those outside: every operation with an id answers that there is none.

A trip, a series, a tour and a round of a closed community, with all that hangs on them, and three outsiders:
a restaurant, the house's operator, and a farm that came by and was removed again.
"""

import json

import pytest

from pooling.clock import TurnedClock
from pooling.desk.communities.communities import leave_community
from pooling.desk.communities.posting import Posting
from pooling.desk.market.clearing_trips import clear_trip
from pooling.desk.market.quotes import quote_offer
from pooling.desk.market.search_matching import match_searches
from pooling.desk.runs.departing import name_vehicle
from pooling.desk.runs.freezing_rides import freeze_tour
from pooling.desk.runs.handovers import HandoverWords, begin_run, hand_over
from pooling.desk.tours.rounds import propose_round
from pooling.desk.tours.tour_planning import plan_tour
from pooling.desk.tours.tours import propose_tour
from pooling.desk.trips.reserving import RoomWords, reserve_room
from pooling.desk.trips.series import announce_series
from pooling.store import touring
from pooling.store.events import Reader, events_after
from pooling.store.jobs import list_jobs
from pooling.store.manifests import list_manifests
from pooling.store.rows import Page
from pooling.store.shipments import list_shipments
from pooling.store.tours import list_tours
from pooling.store.trips import list_trips
from pooling.work.jobs import enqueue
from tests.browsers import hurried
from tests.desk import market
from tests.desk.circle import closed_circle, come_in, founded, posted
from tests.desk.competitor import settled
from tests.desk.conftest import judged, settled_town
from tests.desk.looking import kept
from tests.desk.test_rights import asked, document  # noqa: F401 - a fixture
from tests.desk.test_rounds import round_words
from tests.desk.test_runs import in_order
from tests.desk.test_series import words as series_words
from tests.desk.touring import EVENING, Watch, joined, row, sent, words
from tests.desk.walking import every_operation
from tests.houses import MORNING

pytestmark = pytest.mark.xdist_group("outsiders")
"""One process has the community that all stand before."""

OUTSIDERS = ("restaurant", "operator", "gone")
APART = ("stream_events", "list_transfers", "list_accounts")
"""A stream does not end; and the house's ledger stays whole to its operator: see docs/communities.md."""
IN_PATHS = ("trip_id", "series_id", "tour_id", "round_id", "bid_id", "sign_up_id", "manifest_id")


def steward_of_tours(town, community_id):
    """Let another operator settle, who belongs to the community and runs its tours."""
    settled(town, "runner", "operator", "shop", 0.0003)
    come_in(town, community_id, "runner")


def ridden_tour(town, posting):
    """Propose a tour for members that the farm and the neighbour join; returns tour, sign-up, manifest."""
    desk, runner = town.house.desk, town.actor("runner")

    def proposed():
        said = words(town)
        return propose_tour(desk, runner, town.ask("runner"), town.parties["runner"], said, posting)

    done, open_tour = proposed(), proposed()
    ups = [joined(town, done, name, sent(town, name)) for name in ("farm", "neighbour")]
    plan_tour(desk, done, Watch(), search_s=0.0)
    manifest_id = freeze_tour(desk, town.actor("carrier"), town.ask("carrier"), done)
    name_vehicle(desk, town.actor("carrier"), town.ask("carrier"), manifest_id, "AB-123-CD")
    waits = joined(town, open_tour, "farm", sent(town, "farm"))
    return {
        "tour_id": open_tour,
        "sign_up_id": waits,
        "manifest_id": manifest_id,
        "ridden": ups[0],
        "done": done,
    }


def repeated(town, posting):
    """Propose a round for members; returns it."""
    who, said = town.actor("runner"), round_words(town)
    return propose_round(town.house.desk, who, town.ask("runner"), town.parties["runner"], said, posting)


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    """Settle the town before which the outsiders stand: they change nothing."""
    with settled_town(tmp_path_factory.mktemp("outside"), TurnedClock(MORNING)) as settled:
        yield settled


@pytest.fixture(scope="module")
def client(town):
    with judged(town) as opened:
        yield hurried(opened)


@pytest.fixture(scope="module")
def inside(town):
    return all_posted(town)


def all_posted(town):
    """Return the ids of what is posted in a closed community, and of what hangs on it."""
    town.clock.at = market.TOMORROW - 36 * market.HOUR
    circle = closed_circle(town)
    steward_of_tours(town, circle.id)
    settled(town, "gone", "producer", "neighbour", 0.0005)
    come_in(town, circle.id, "gone")
    desk, farm = town.house.desk, town.actor("farm")
    trip = posted(town, circle.id)
    bid = market.bidden(town, trip, market.sent(town))
    asker = town.actor("neighbour")
    room = RoomWords(
        town.parties["neighbour"], town.sites["neighbour"], town.sites["restaurant"], "ambient", 2
    )
    other = posted(town, circle.id)
    cleared = market.bidden(town, other, market.sent(town))
    tour = ridden_tour(town, circle.posting)
    ids = (
        circle.ids
        | tour
        | {
            "trip_id": trip,
            "bid_id": bid,
            "series_id": announce_series(desk, farm, town.ask("farm"), series_words(town), circle.posting),
            "round_id": repeated(town, circle.posting),
            "quote_id": quote_offer(desk, asker, town.ask("neighbour"), trip, market.sent(town)),
            "reservation_id": reserve_room(desk, asker, town.ask("neighbour"), trip, room, 5_000),
            "clearing_id": clear_trip(desk, farm, town.ask("farm"), other, None, [cleared]),
            "plan_id": row(town, touring.tour, tour["tour_id"]).plan_id,
            "job_id": desk.store.change(
                lambda tx: enqueue(tx, "plan_tour", {}, "tour", tour["tour_id"], town.members["runner"])
            ),
        }
    )
    leave_community(desk, farm, town.ask("farm"), circle.id, town.parties["gone"])
    return ids


def own(town, name):
    """Return what an outsider itself sends, so that it is refused for the ride and for nothing else."""
    start = name if name in town.sites else "restaurant"
    mine = market.sent(town, start=start, end="shop")
    said = {"owner": "owner_id", "operator": "operator_id"}
    return {
        "shipment": mine,
        "from_site": town.sites[start],
        "to_site": town.sites["shop"],
        "start_site": town.sites[start],
        "end_site": town.sites["shop"],
        "carrier": town.parties["carrier"],
        **dict.fromkeys((*said, "party", "payer", "shipper"), town.parties[name]),
    }


@pytest.mark.parametrize("name", OUTSIDERS)
def test_no_operation_knows_it(client, town, inside, document, name):  # noqa: F811 - the fixture
    mine, walked = own(town, name), set()
    for path, method, operation in every_operation(document):
        named = {one["name"] for one in operation.get("parameters", []) if one["in"] == "path"}
        if not named or not named <= inside.keys():
            continue
        walked |= named
        headers = {"Authorization": f"Bearer {name}"}
        ids = mine | {one: inside[one] for one in named}
        status = asked(client, document, path, method, operation, ids, headers)
        assert status == 404, (operation["operationId"], status)
    assert walked >= {*IN_PATHS, "community_id", "shop_id", "turn_id", "swap_id", "link_id", "quote_id"}


@pytest.mark.parametrize("name", OUTSIDERS)
def test_no_list_and_no_search_shows_it(client, town, inside, document, name):  # noqa: F811
    hidden = {one for key, one in inside.items() if key != "duty_day"}
    headers = {"Authorization": f"Bearer {name}"}
    days = ({}, {"day": "2026-09-12"}, {"day": "2026-09-13"})
    for path, method, operation in every_operation(document):
        if method != "get" or "{" in path:
            continue
        told = {inside["community_id"]} if (path.endswith("/events/page") and name == "gone") else set()
        for more in days if operation["operationId"] not in APART else ():
            answer = client.get(path, params=more, headers=headers)
            shown = {one for one in hidden - told if one in answer.text}
            assert not shown, (operation["operationId"], shown)
    wanted = own(town, name)["shipment"]
    found = client.post("/api/v1/offers", json={"shipment": wanted}, headers=headers)
    assert found.status_code == 200 and not any(one in found.text for one in hidden)


def test_crates_that_ride_on_it_are_hidden_with_it_from_the_operator(client, town, inside):
    for name, status in (("operator", 404), ("farm", 200)):
        aboard = row(town, touring.sign_up, inside["ridden"]).shipment_id
        answer = client.get(f"/api/v1/shipments/{aboard}", headers=town.headers(name))
        assert answer.status_code == status


def test_the_houses_operator_corrects_a_custody_record_of_a_ride_that_does_not_exist_for_it(tmp_path, clock):
    with settled_town(tmp_path, clock) as town, judged(town) as client:
        corrected_by_the_operator(client, town, all_posted(town))


def corrected_by_the_operator(client, town, inside):
    """Hand over, correct and pass on crates of a ride that only its members see."""
    desk, carrier, manifest_id = town.house.desk, town.actor("carrier"), inside["manifest_id"]
    town.clock.at = row(town, touring.tour, inside["done"]).opens_at
    begin_run(desk, carrier, town.ask("carrier"), manifest_id)
    shipment, way = in_order(town, manifest_id)[0]
    noted = hand_over(
        desk,
        carrier,
        town.ask("carrier"),
        manifest_id,
        HandoverWords(shipment_id=shipment, way=way, crates=4),
    )
    right = {"crates": 3, "note": "One stayed behind"}
    path = f"/api/v1/handovers/{noted}/corrections"
    for name in ("restaurant", "gone"):
        answer = client.post(path, json=right, headers=town.headers(name))
        assert answer.status_code == 404, name
    answer = client.post(path, json=right, headers=town.headers("operator"))
    assert answer.status_code == 201 and answer.json()["corrects"] == noted, answer.text
    passed = client.post(
        f"/api/v1/shipments/{shipment}/passes",
        json={"way": "back", "crates": 1},
        headers=town.headers("operator"),
    )
    assert passed.status_code == 201, passed.text
    assert client.get(f"/api/v1/manifests/{manifest_id}", headers=town.headers("operator")).status_code == 404


def test_members_do_see_it(client, town, inside):
    headers = {"Authorization": "Bearer neighbour"}
    listed = client.get("/api/v1/trips", params={"day": "2026-09-13"}, headers=headers).json()["items"]
    assert inside["trip_id"] in {one["id"] for one in listed}
    read = client.get(f"/api/v1/trips/{inside['trip_id']}", headers=headers).json()
    assert read["community"] == inside["community_id"]
    assert client.get(f"/api/v1/tours/{inside['tour_id']}", headers=headers).status_code == 200


def test_the_operator_that_runs_a_tour_and_the_carrier_that_drives_it_see_their_own(client, inside):
    for name in ("runner", "carrier"):
        answer = client.get(f"/api/v1/tours/{inside['tour_id']}", headers={"Authorization": f"Bearer {name}"})
        assert answer.status_code == 200
    answer = client.get(f"/api/v1/trips/{inside['trip_id']}", headers={"Authorization": "Bearer carrier"})
    assert answer.status_code == 404


def test_a_search_that_is_kept_outside_is_told_nothing(tmp_path, clock):
    with settled_town(tmp_path, clock) as town:
        town.clock.at = market.TOMORROW - 36 * market.HOUR
        circle = closed_circle(town)
        settled(town, "late", "producer", "neighbour", 0.0007)
        kept(town, "late")
        match_searches(town.house.desk)
        posted(town, circle.id)
        assert match_searches(town.house.desk) == 0
        market.announced(town)
        assert match_searches(town.house.desk) == 1


def test_the_feed_of_carpools_shows_it_to_members_only(client, town, inside):
    ends = {"departureLat": 43.7431, "departureLng": 7.3652, "arrivalLat": 43.7384, "arrivalLng": 7.4246}
    wanted = ends | {"departureDate": market.TOMORROW, "timeDelta": 7200}
    found = {
        name: client.get(
            "/api/v1/carpool/driver_journeys", params=wanted, headers={"Authorization": f"Bearer {name}"}
        )
        for name in ("neighbour", "restaurant")
    }
    texts = {name: json.dumps(answer.json()) for name, answer in found.items()}
    assert inside["trip_id"] in texts["neighbour"] and inside["trip_id"] not in texts["restaurant"]


def test_the_house_itself_sees_everything(town, inside):
    with town.house.desk.store.view() as view:
        assert inside["manifest_id"] in {one.id for one in list_manifests(view, None, Page())[0]}
    with town.house.desk.seen_by(town.actor("operator").parties).store.view() as view:
        assert list_manifests(view, None, Page())[0] == []
    assert Posting().community_id is None


def test_the_condition_holds_on_either_database(market):
    town, market.clock.at = market, EVENING
    community_id = founded(town)
    steward_of_tours(town, community_id)
    said = words(town)
    runner = town.actor("runner")
    tour = propose_tour(
        town.house.desk, runner, town.ask("runner"), town.parties["runner"], said, Posting(community_id)
    )
    trip = posted(town, community_id)
    for name, there in (("farm", True), ("restaurant", False), ("operator", False)):
        who = town.actor(name)
        with town.house.desk.seen_by(who.parties).store.view() as view:
            told = {one.about_id for one in events_after(view, Reader(who.parties, everything=True), 0, 100)}
            trips = {one.id for one in list_trips(view, None, Page())[0]}
            tours = {one.id for one in list_tours(view, Page(), day=None, state="")[0]}
            assert list_jobs(view, who.member_id, None, Page())[0] == []
            assert list_shipments(view, None, Page())[0] == []
        assert [trip in trips, tour in tours, {trip, tour} <= told] == [there] * 3
