"""Where each newcomer pays its way, who does not waits, or joins in company with others who do not."""

import pytest

from geodata.refusal import Refusal
from pooling.desk.tours.company import join_together, join_waiting_job
from pooling.desk.tours.sign_ups import join_tour, leave_tour
from pooling.desk.tours.tour_planning import plan_tour
from pooling.desk.tours.waiting_list import JOIN_WAITING
from pooling.store.market import shipment
from pooling.store.people import membership
from pooling.store.touring import sign_up, tour
from pooling.store.tours import planning_waits, sign_ups_aboard
from tests.desk.competitor import settled
from tests.desk.hands import told
from tests.desk.touring import HOUR, Watch, joined, proposed, row, sent

DEAR = {"fixed_cents": 9_000, "cents_per_hour": 0, "cents_per_stop": 0, "cents_per_km": 100}
FARMS = ("hill", "beyond")
BY_THE_LETTER = {**DEAR, "each_pays_its_way": True}


@pytest.fixture
def hilly(town):
    """
    A tour far from paid, on which each pays its way and either of two farms adds more than it may pay.

    What they add does not hang on the price per crate: it is read from a refusal, and the price put so that
    two pay for what one adds.
    """
    for name in FARMS:
        settled(town, name, "producer", "restaurant", 0.0)
    crates = {name: sent(town, name, to="shop") for name in FARMS}
    cheap = proposed(town, **BY_THE_LETTER, crate_cents=1)
    joined(town, cheap, "farm", sent(town, "farm"))
    adds_cents = int(refused(town, cheap, "hill", crates["hill"]).facts["adds"])
    tour_id = proposed(town, **BY_THE_LETTER, crate_cents=adds_cents * 7 // 10 // 4)
    joined(town, tour_id, "farm", sent(town, "farm"))
    return tour_id, crates


def refused(town, tour_id, name, crates_id):
    with pytest.raises(Refusal) as found:
        joined(town, tour_id, name, crates_id)
    assert found.value.code == "adds_more_than_it_pays"
    return found.value


def waits(town, tour_id, name, crates_id):
    return join_tour(town.house.desk, town.actor(name), town.ask(name), tour_id, crates_id, wait=True)


def tried(town, tour_id):
    with town.house.desk.store.view() as view:
        assert planning_waits(view, tour_id, JOIN_WAITING), "whoever changes the tour has them tried again"
    return join_waiting_job(town.house.desk, {"tour": tour_id}, Watch())["joined"]


def aboard(town, tour_id):
    with town.house.desk.store.view() as view:
        return {one.payer_id: one.share_cents for one in sign_ups_aboard(view, tour_id)}


def test_two_farms_that_are_refused_singly_ride_together_and_nobody_pays_more(town, client, hilly):
    tour_id, crates = hilly
    before, both = aboard(town, tour_id), list(crates.values())
    for name in FARMS:
        no = refused(town, tour_id, name, crates[name])
        assert no.facts["adds"] > no.facts["most"] and "company" in no.what_to_do
    with pytest.raises(Refusal) as strange:
        join_together(town.house.desk, town.actor("hill"), town.ask("hill"), tour_id, both)
    assert strange.value.code == "not_found", "nobody joins with another's crates"
    duty = {"member_id": town.members["hill"], "party_id": town.parties["beyond"]}
    insert = membership.insert().values(duty="manager", created_at=0, **duty)
    town.house.desk.store.change(lambda tx: tx.connection.execute(insert))
    path, wish = f"/api/v1/tours/{tour_id}/group-sign-ups", {"shipments": both}
    places = client.post(path, json=wish, headers=town.headers("hill")).json()["items"]
    assert [(one["shipment"], one["state"]) for one in places] == [(one, "joined") for one in both]
    now = aboard(town, tour_id)
    assert set(now) == {*before, town.parties["hill"], town.parties["beyond"]}
    assert all(now[one] <= cents for one, cents in before.items())
    assert all(row(town, shipment, one).state == "riding" for one in both)


def test_where_it_holds_once_paid_either_farm_rides_though_more_is_missing(town, hilly):
    tour_id, crates = hilly
    lenient = proposed(town, **DEAR, crate_cents=row(town, tour, tour_id).crate_cents)
    joined(town, lenient, "neighbour", sent(town, "neighbour"))
    joined(town, lenient, "hill", crates["hill"])
    assert town.parties["hill"] in aboard(town, lenient)


def test_who_waits_is_joined_in_company_as_soon_as_they_pay_their_way_together(town, client, hilly):
    tour_id, crates = hilly
    first, second = crates.values()
    wish = {"shipment": first, "wait": True}
    said = client.post(f"/api/v1/tours/{tour_id}/sign-ups", json=wish, headers=town.headers("hill")).json()
    waiting = said["id"]
    assert (said["state"], said["reason"]["code"]) == ("waiting", "adds_more_than_it_pays")
    kept = row(town, sign_up, waiting)
    assert (kept.state, kept.share_cents) == ("waiting", None) and "adds_more_than_it_pays" in kept.reason
    assert row(town, shipment, first).state == "open", "it may ride elsewhere meanwhile"
    assert waits(town, tour_id, "hill", first) == waiting, "it waits once"
    assert tried(town, tour_id) == []
    other = waits(town, tour_id, "beyond", second)
    found = join_waiting_job(town.house.desk, {"tour": tour_id}, Watch())["joined"]
    assert set(found) == {waiting, other}
    for one, name in ((waiting, "hill"), (other, "beyond")):
        place = row(town, sign_up, one)
        assert (place.state, place.reason) == ("joined", "") and place.share_cents == place.joined_cents > 0
        assert town.parties[name] in told(town, "tour.joined")


def test_who_waits_gives_up_or_is_told_at_the_cut_off_that_the_tour_goes_without_it(town, hilly):
    tour_id, crates = hilly
    here, there = crates.values()
    stays, gives_up = waits(town, tour_id, "hill", here), waits(town, tour_id, "beyond", there)
    leave_tour(town.house.desk, town.actor("beyond"), town.ask("beyond"), gives_up)
    assert row(town, sign_up, gives_up).state == "left" and row(town, shipment, there).state == "open"
    assert tried(town, tour_id) == []
    town.clock.forward(11 * HOUR)
    plan_tour(town.house.desk, tour_id, Watch(), search_s=0.0)
    turned = row(town, sign_up, stays)
    assert turned.state == "turned" and row(town, shipment, here).state == "open"
    assert town.parties["hill"] in told(town, "tour.refused")
