"""What others do between a decision and its saving, on both databases: what no longer holds is not saved."""

from dataclasses import dataclass, replace
from typing import Any

import pytest

from geodata.refusal import Refusal
from pooling.desk.goods.orders import Filling, OrderWords, accept_order, cancel_order, place_order
from pooling.desk.goods.shipments import cancel_shipment, change_shipment
from pooling.desk.market.bids import accept_bid, counter_bid, place_bid, withdraw_bid
from pooling.desk.market.clearing_trips import clear_trip
from pooling.desk.market.other_ways import HOURS, Taking, take_other_way
from pooling.desk.market.placing import BidTerms
from pooling.desk.people.members import remove_member
from pooling.desk.people.trust import block_party
from pooling.desk.runs.freezing_rides import freeze_trip
from pooling.desk.tours.sign_ups import join_tour, leave_tour
from pooling.desk.tours.tour_jobs import cutoff_due
from pooling.desk.trips.changing_trips import change_trip
from pooling.desk.trips.trips import ReturnWords, announce_trip, cancel_trip, way_back
from pooling.store import Ask
from pooling.store.bids import asking_for
from pooling.store.orders import find_order
from pooling.store.people import membership
from pooling.store.trips import return_of
from pooling.store.work import job
from tests.desk import touring
from tests.desk.market import (
    HOUR,
    TOMORROW,
    accepted,
    announced,
    bidden,
    crates,
    newcomer,
    read,
    sent,
    the_bid,
    the_shipment,
    trip_words,
)
from tests.desk.servers import at_once


@pytest.fixture
def town(market):
    """Return the town on each database."""
    return market


@dataclass
class Interrupted:
    """A store in which something else is changed just before the next change."""

    store: Any
    first: Any

    def __getattr__(self, name):
        return getattr(self.store, name)

    def change(self, work, by_member_id=""):
        act, self.first = self.first, lambda: None
        act()
        return self.store.change(work, by_member_id)


def meanwhile(town, act):
    """Return the desk on which somebody does something after the next decision, before it is saved."""
    return replace(town.house.desk, store=Interrupted(town.house.desk.store, act))


def refused(call) -> Refusal:
    with pytest.raises(Refusal) as caught:
        call()
    return caught.value


def waiting(town, shipment):
    with town.house.desk.store.view() as view:
        return asking_for(view, shipment_id=shipment)


def test_no_bid_is_left_for_crates_that_ride_elsewhere_since(town):
    here, there, shipment = announced(town), announced(town), sent(town)
    bid = bidden(town, here, shipment)
    desk = meanwhile(town, lambda: accepted(town, bid))
    neighbour, ask = town.actor("neighbour"), town.ask("neighbour")
    refusal = refused(lambda: place_bid(desk, neighbour, ask, there, shipment, 5_000))
    assert refusal.code == "shipment_not_open" and not waiting(town, shipment)


def test_no_bid_is_left_for_crates_that_were_cancelled_since(town):
    trip, shipment = announced(town), sent(town)
    neighbour = town.actor("neighbour")

    def cancel():
        cancel_shipment(town.house.desk, neighbour, town.ask("neighbour"), shipment, None)

    ask = town.ask("neighbour")
    refusal = refused(lambda: place_bid(meanwhile(town, cancel), neighbour, ask, trip, shipment, 5_000))
    assert refusal.code == "shipment_not_open" and not waiting(town, shipment)


def test_a_bid_is_decided_on_the_crates_as_they_were_changed_since(town):
    trip, shipment = announced(town, 6, 6, 6), sent(town, 2)
    neighbour = town.actor("neighbour")

    def grow():
        words = crates(town, 7)
        change_shipment(town.house.desk, neighbour, town.ask("neighbour"), shipment, None, words)

    ask = town.ask("neighbour")
    refusal = refused(lambda: place_bid(meanwhile(town, grow), neighbour, ask, trip, shipment, 5_000))
    assert refusal.code == "no_room"


def cut_off(town, trip, at):
    """Let the farm set another last hour for guests."""
    words = trip_words(town, cutoff_at=at)
    change_trip(town.house.desk, town.actor("farm"), town.ask("farm"), trip, None, words)


def test_no_bid_waits_longer_than_the_trip_takes_guests_as_it_was_changed_since(town):
    trip, shipment, soon_at = announced(town), sent(town), town.clock.at + HOUR
    neighbour, ask = town.actor("neighbour"), town.ask("neighbour")
    desk = meanwhile(town, lambda: cut_off(town, trip, soon_at))
    bid = place_bid(desk, neighbour, ask, trip, shipment, 5_000)
    assert the_bid(town, bid).expires_at == soon_at
    desk = meanwhile(town, lambda: cut_off(town, trip, soon_at + HOUR))
    counter_bid(desk, town.actor("farm"), town.ask("farm"), bid, None, 4_000)
    assert the_bid(town, bid).expires_at == soon_at + HOUR
    desk = meanwhile(town, lambda: cut_off(town, trip, soon_at))
    counter_bid(desk, town.actor("farm"), town.ask("farm"), bid, None, 3_000)
    assert the_bid(town, bid).expires_at == soon_at


def test_no_bid_rides_by_a_set_that_took_longer_to_find_than_the_bid_waits(town):
    trip, farm = announced(town), town.actor("farm")
    terms = BidTerms(expires_at=town.clock.at + 60)
    shipment, neighbour = sent(town), town.actor("neighbour")
    bid = place_bid(town.house.desk, neighbour, town.ask("neighbour"), trip, shipment, 5_000, terms)
    desk = meanwhile(town, lambda: town.clock.forward(60))
    refusal = refused(lambda: clear_trip(desk, farm, town.ask("farm"), trip, None, [bid]))
    assert refusal.code == "clearing_moved" and the_bid(town, bid).state == "open"


def test_a_trip_and_its_way_back_are_not_changed_past_each_other(town):
    """Each change alone keeps them apart; both together would have one van in two places."""
    farm, desk = town.actor("farm"), town.house.desk
    ends_at, back_at = TOMORROW + 4 * HOUR, TOMORROW + 8 * HOUR
    there = replace(trip_words(town), stops=trip_words(town).stops[:3])
    there = replace(there, stops=(*there.stops[:2], replace(there.stops[2], free=(0, 0, 0, 0))))
    back = ReturnWords(back_at, (5, 0, 0, 100))
    trip = announce_trip(desk, farm, town.ask("farm"), replace(there, returns=back))
    way_back_id = read(town, return_of, trip).id
    later = replace(there, stops=(*there.stops[:2], replace(there.stops[2], closes_at=ends_at + HOUR)))
    first, last = way_back(there, back).stops
    starts = replace(way_back(there, back), stops=(replace(first, opens_at=ends_at + 2 * HOUR), last))

    def change(which, words, desk=desk):
        change_trip(desk, farm, town.ask("farm"), which, None, words)

    change(way_back_id, starts)
    sooner = way_back(there, back)
    act = meanwhile(town, lambda: change(way_back_id, sooner))
    assert refused(lambda: change(trip, later, act)).code == "return_too_early"
    change(way_back_id, starts)
    act = meanwhile(town, lambda: change(trip, later))
    assert refused(lambda: change(way_back_id, sooner, act)).code == "return_too_early"


def test_another_way_changes_the_crates_and_has_them_ride_or_does_neither(town):
    trip, shipment = announced(town, 6, 6, 6), sent(town, 10)
    stood, desk = the_shipment(town, shipment), town.house.desk
    hours = {name: getattr(stood, name) for name in HOURS}
    wish = ("trip", trip, 1, 6)

    def take(taking):
        return take_other_way(desk, town.actor("neighbour"), town.ask("neighbour"), shipment, None, taking)

    assert refused(lambda: take(Taking(*wish, **hours))).code == "other_way_gone"
    assert the_shipment(town, shipment) == stood
    bid = take(Taking("trip", trip, 5_000, 6, **hours))
    assert the_shipment(town, shipment).crates == 6 and the_bid(town, bid).trip_id == trip


@pytest.mark.parametrize("end", [cancel_trip, freeze_trip])
def test_bids_placed_as_a_trip_closes_are_answered_too(town, end):
    trip, farm = announced(town), town.actor("farm")
    farms = [newcomer(town, f"farm{number}") for number in range(6)]
    shipments = [sent(town, 1, farm) for farm in farms]
    pairs = zip(farms, shipments, strict=True)
    calls = [lambda farm=farm, one=one: bidden(town, trip, one, who=farm) for farm, one in pairs]
    more = (None,) if end is cancel_trip else ()
    ask = town.ask("farm")
    at_once(*calls[:3], lambda: end(town.house.desk, farm, ask, trip, *more), *calls[3:])
    assert not [one for one in shipments if waiting(town, one)]


def test_who_was_taken_off_a_party_saves_nothing_more_for_it(town):
    trip, shipment = announced(town), sent(town)
    bid = bidden(town, trip, shipment)
    second = town.members["shop"]

    def join(tx):
        duty = {"member_id": second, "party_id": town.parties["farm"], "duty": "manager"}
        tx.connection.execute(membership.insert().values(created_at=tx.now_at, **duty))

    town.house.desk.store.change(join)
    farm, gone = town.actor("farm"), town.actor("shop")

    def remove():
        remove_member(town.house.desk, farm, town.ask("farm"), town.parties["farm"], second)

    ask = Ask(second, "late", "words", gone.duties)
    refusal = refused(lambda: accept_bid(meanwhile(town, remove), gone, ask, bid, None))
    assert refusal.code == "not_allowed" and the_bid(town, bid).state == "open"


def test_one_wish_sent_many_times_at_once_is_granted_to_each(town):
    """Whoever comes second finds that its wish was granted already, not that it comes too late."""
    trip, shipment = announced(town), sent(town)
    neighbour = town.actor("neighbour")
    for number in range(5):
        ask = Ask(town.members["neighbour"], f"again-{number}", "the same words")

        def place(ask=ask):
            return place_bid(town.house.desk, neighbour, ask, trip, shipment, 5_000)

        answers = at_once(*[place] * 6)
        assert len(set(answers)) == 1 and len(waiting(town, shipment)) == 1
        withdraw = Ask(town.members["neighbour"], f"back-{number}", "the same words")
        bid = answers[0]
        back = at_once(
            *[lambda bid=bid, ask=withdraw: withdraw_bid(town.house.desk, neighbour, ask, bid, None)] * 4
        )
        assert set(back) == {bid}


def test_a_key_is_never_used_for_another_wish_even_at_the_same_moment(town):
    trips, shipment = [announced(town), announced(town)], sent(town)
    neighbour = town.actor("neighbour")
    wishes = [
        (Ask(town.members["neighbour"], "one key", words), trip)
        for words, trip in zip("ab", trips, strict=True)
    ]
    calls = [
        lambda ask=ask, trip=trip: place_bid(town.house.desk, neighbour, ask, trip, shipment, 5_000)
        for ask, trip in wishes
    ]
    answers = at_once(*calls)
    codes = [one.code for one in answers if isinstance(one, Refusal)]
    assert codes == ["idempotency_key_reused"]


@pytest.mark.parametrize("way", ["join", "leave"])
def test_nobody_joins_or_leaves_a_tour_whose_cutoff_came_while_it_was_decided(town, way):
    tour_id = touring.proposed(town)
    shipment = touring.sent(town, "farm")
    cutoff_at = touring.words(town).cutoff_at
    desk = meanwhile(town, lambda: setattr(town.clock, "at", cutoff_at))
    farm = town.actor("farm")
    if way == "join":
        refusal = refused(lambda: join_tour(desk, farm, town.ask("farm"), tour_id, shipment))
    else:
        up = touring.joined(town, tour_id, "farm", shipment)
        refusal = refused(lambda: leave_tour(desk, farm, town.ask("farm"), up))
    assert refusal.code == "cutoff_passed"


def test_a_tour_whose_cutoff_came_is_planned_by_one_job_however_many_look(town):
    tour_id = touring.proposed(town)
    touring.joined(town, tour_id, "farm", touring.sent(town, "farm"))
    town.clock.at = touring.words(town).cutoff_at
    at_once(*[lambda: cutoff_due(town.house.desk)] * 8)
    with town.house.desk.store.view() as view:
        assert len(view.connection.execute(job.select()).all()) == 1


def test_an_order_whose_crates_were_cancelled_is_open_to_both_again(town):
    words = OrderWords(
        town.parties["restaurant"], town.parties["neighbour"], town.sites["restaurant"],
        "leeks", 10, "kg", 2_000, TOMORROW, TOMORROW + 6 * HOUR,
    )  # fmt: skip
    desk, buyer, producer = town.house.desk, town.actor("restaurant"), town.actor("neighbour")
    order = place_order(desk, buyer, town.ask("restaurant"), words)
    filling = Filling(town.sites["neighbour"], "ambient", 2, TOMORROW, TOMORROW + 5 * HOUR)
    for _ in range(2):
        accept_order(desk, producer, town.ask("neighbour"), order, None, filling)
        shipment = read(town, find_order, order).shipment_id
        cancel_shipment(desk, producer, town.ask("neighbour"), shipment, None)
        assert (the_shipment(town, shipment).state, read(town, find_order, order).state) == (
            "cancelled",
            "asked",
        )
    cancel_order(desk, buyer, town.ask("restaurant"), order, None)
    assert read(town, find_order, order).state == "cancelled"


def test_what_several_members_say_at_once_is_written_once_and_answered_to_all(town):
    """Each finds nothing yet and writes it, of which the database takes one."""
    desk, who, pair = town.house.desk, town.actor("farm"), (town.parties["farm"], town.parties["shop"])
    asks = [town.ask("farm") for _ in range(8)]
    said = at_once(*[lambda ask=ask: block_party(desk, who, ask, *pair) for ask in asks])
    assert len(set(said)) == 1 and said[0].startswith("blk_")
