"""Hubs: crates that nobody collects at their door are brought to one, or fetched there, one call away."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from geodata.refusal import Refusal
from pooling.desk import NotAllowed
from pooling.desk.goods.hubs import crates_expected, mark_hub
from pooling.desk.goods.shipments import cancel_shipment, change_shipment, enter_shipment
from pooling.desk.market.offers import offers_for
from pooling.desk.trips.trips import cancel_trip
from pooling.goods.hub import HubRoom, NoHubKeeper
from pooling.store import Page
from pooling.store.hubs import expected_at
from pooling.store.market import shipment as shipments
from pooling.store.people import membership
from pooling.store.rows import NotFound, as_words
from pooling.store.sites import sites_by_id
from tests.desk.hands import told
from tests.desk.market import announced, crates, newcomer, sent, the_bid
from tests.desk.test_other_ways import taken, ways
from tests.desk.touring import row


def hub_at(town, near="restaurant", keeps=10, **other):
    """Let an intermediary keep a hub a few steps from a site; returns its site."""
    name = newcomer(town, f"hub at {near}", near, "intermediary")
    mark(town, name, **({"ambient": keeps} | other))
    return town.sites[name]


def mark(town, name, **room):
    desk, who = town.house.desk, town.actor(name)
    return mark_hub(desk, who, town.ask(name), town.sites[name], None, HubRoom(**room))


def by_hub(town, shipment, who="hill"):
    return [one for one in ways(town, shipment, who).ways if one.hub]


def refused(act, *args, **more):
    with pytest.raises(Refusal) as found:
        act(*args, **more)
    return found.value


@pytest.fixture
def passing(town):
    """A trip that passes the restaurant and makes no detour for the door of the farm on the hill."""
    newcomer(town, "hill", "operator")
    return announced(town, detour_s=150)


def from_hill(town, **other):
    return sent(town, start="hill", end="shop", **other)


def test_crates_that_nobody_collects_at_their_door_are_brought_to_a_hub_in_one_call(town, passing):
    shipment, hub = from_hill(town), hub_at(town)
    (way,) = ways(town, shipment, "hill").ways
    assert (way.kind, way.hub.hub.site.id, way.offer.ride_id) == ("bring", hub, passing)
    bid = the_bid(town, taken(town, shipment, way, "hill", hub_id=hub, hub_use="bring"))
    now = row(town, shipments, shipment)
    assert (way.hub.alone_cents, way.hub.way_m) == (771, 1301), "the figures of docs/hands.md"
    assert (way.hub.way_cents, way.offer.price_cents) == (482, 31)
    assert bid.trip_id == passing and (now.from_site_id, now.to_site_id) == (hub, town.sites["shop"])
    assert told(town, "hub.expects") == [town.parties["hub at restaurant"]]


def test_the_way_to_a_hub_is_driven_on_the_road_and_with_the_ride_costs_no_more_than_alone(town, passing):
    shipment, hub = from_hill(town), hub_at(town)
    (way,) = by_hub(town, shipment)
    desk = town.house.desk
    with desk.store.view() as view:
        stands = row(town, shipments, shipment)
        sites = {one: town.sites[one] for one in ("hill", "hub at restaurant")}
        known = sites_by_id(view, sites.values())
        ground = desk.grounds.ground(list(known.values()))
        first, last = (ground.row[sites[one]] for one in ("hill", "hub at restaurant"))
        assert way.hub.way_m == ground.matrix.distances_m[first, last] > 0
        assert way.ready_at >= stands.ready_at + ground.matrix.durations_s[first, last]
        hours = {"ready_at": way.ready_at, "pickup_by_at": way.pickup_by_at}
        asked = SimpleNamespace(**{**as_words(stands), "from_site_id": hub, **hours})
        assert way.offer in offers_for(desk, view, asked).rides, "as acceptance decides it"
    assert way.offer.price_cents + way.hub.way_cents <= way.hub.alone_cents


def test_a_hub_takes_no_more_crates_in_a_day_than_it_keeps(town, passing):
    first, hub = from_hill(town), hub_at(town, keeps=6)
    second = from_hill(town)
    (seen,) = by_hub(town, second)
    (way,) = by_hub(town, first)
    taken(town, first, way, "hill", hub_id=hub, hub_use="bring")
    no = refused(taken, town, second, seen, "hill", hub_id=hub, hub_use="bring")
    assert no.code == "hub_full" and (no.facts["most"], no.facts["free"]) == (6, 2)
    assert row(town, shipments, second).from_site_id == town.sites["hill"]
    assert by_hub(town, second) == []
    cold = replace(crates(town, start="hill", end="shop"), temperature="chilled")
    third = enter_shipment(town.house.desk, town.actor("hill"), town.ask("hill"), cold)
    assert by_hub(town, third) == [], "it has no cold room"


def test_where_the_ride_is_gone_the_crates_never_left_their_own_door_and_no_hub_heard_of_them(town, passing):
    shipment, hub = from_hill(town), hub_at(town)
    (way,) = by_hub(town, shipment)
    cancel_trip(town.house.desk, town.actor("farm"), town.ask("farm"), passing, None)
    no = refused(taken, town, shipment, way, "hill", hub_id=hub, hub_use="bring")
    assert no.code == "other_way_gone"
    assert row(town, shipments, shipment).from_site_id == town.sites["hill"]
    assert told(town, "hub.expects") == told(town, "hub.released") == []


def test_the_keeper_is_told_of_crates_that_are_changed_or_cancelled_and_its_room_holds(town, passing):
    shipment, hub = from_hill(town), hub_at(town)
    own = replace(crates(town, start="hill", end="shop"), from_site_id=hub)
    desk, hill, keeper = town.house.desk, town.actor("hill"), town.parties["hub at restaurant"]
    brought = enter_shipment(desk, hill, town.ask("hill"), own)
    assert told(town, "hub.expects") == [keeper], "crates that are entered at a hub at once count as well"
    with desk.store.view() as view:
        who = town.actor("hub at restaurant")
        ((one,), after) = crates_expected(desk, view, who, hub, Page(limit=1))
        assert (one.row.id, one.use, one.row.shipper_name, after) == (brought, "bring", "Hill", "")
        assert one.room_left == 10 - one.row.crates
        for stranger in (hill, town.actor("farm")):
            with pytest.raises(NotFound):
                crates_expected(desk, view, stranger, hub, Page())
    change = lambda **new: change_shipment(  # noqa: E731
        desk, hill, town.ask("hill"), brought, None, replace(own, **new)
    )
    assert refused(change, crates=11).code == "hub_full"
    change(crates=9)
    change(crates=9, goods="apples")
    assert told(town, "hub.expects") == [keeper] * 2, "what changes nothing for the keeper is not told"
    change(from_site_id=town.sites["hill"])
    assert told(town, "hub.released") == [keeper]
    change()
    cancel_shipment(desk, hill, town.ask("hill"), brought, None)
    cancel_shipment(desk, hill, town.ask("hill"), shipment, None)
    assert told(town, "hub.released") == [keeper] * 2 and told(town, "hub.expects") == [keeper] * 3
    with desk.store.view() as view:
        assert expected_at(view, hub, row(town, shipments, brought).day) == []


def test_crates_are_fetched_at_a_hub_only_where_whoever_receives_them_asks(town):
    """No trip drives up the hill; one passes the restaurant below it, beside which the hub is."""
    announced(town, detour_s=420)
    hub, hill = hub_at(town), newcomer(town, "hill", "operator")
    shipment = sent(town, end=hill)
    assert {one.kind for one in by_hub(town, shipment, "neighbour")} <= {"bring"}
    both_ends = {"member_id": town.members["neighbour"], "party_id": town.parties[hill]}
    insert = membership.insert().values(duty="manager", created_at=0, **both_ends)
    town.house.desk.store.change(lambda tx: tx.connection.execute(insert))
    way = next(one for one in by_hub(town, shipment, "neighbour") if one.kind == "fetch")
    before = row(town, shipments, shipment)
    taken(town, shipment, way, hub_id=hub, hub_use="fetch")
    now = row(town, shipments, shipment)
    assert (now.from_site_id, now.to_site_id) == (before.from_site_id, hub)
    assert (now.ready_at, now.pickup_by_at) == (before.ready_at, before.pickup_by_at)
    assert now.deliver_by_at < before.deliver_by_at, "time is left to fetch them"


def test_only_an_operator_or_an_intermediary_keeps_a_hub_and_only_at_its_own_site(town):
    assert isinstance(refused(mark, town, "farm", ambient=4), NoHubKeeper)
    desk, who = town.house.desk, town.actor("operator")
    with pytest.raises(NotAllowed):
        mark_hub(desk, who, town.ask("operator"), town.sites["farm"], None, HubRoom(4))
    mark(town, "operator", ambient=4)
    mark(town, "operator", ambient=0)
    newcomer(town, "hill", "operator")
    announced(town, detour_s=150)
    assert by_hub(town, from_hill(town)) == []
