"""A plan frozen for the driver: the right names, the right hours, and what room is really there."""

from dataclasses import replace
from datetime import date

import pytest

from geodata.roads import RoadLine
from pooling.bid import Bid
from pooling.days.dayplan import plan_day
from pooling.ground import Ground
from pooling.hours import DayClock
from pooling.load import Room, Space
from pooling.manifest import FreeRoom, Manifest, OnBoard
from pooling.runs.freezing import freeze_day
from pooling.tour import RateCard
from routing.problem import Window
from tests.pooling.worlds import day, ground, shipment, tour, trip

BID = (Bid("S1", "T1", 5_000),)
CHEAP = RateCard(fixed_cents=100, cents_per_km=1, cents_per_hour=100, cents_per_stop=1)
"""A card so low that every tour here can be paid."""


def way(start: int, end: int) -> RoadLine:
    return RoadLine(((43.7, 7.4), (43.8, 7.4)), abs(start - end) * 60, abs(start - end) * 1000, ())


def frozen(announced, on: Ground | None = None) -> Manifest:
    (manifest,) = freeze_day(plan_day(announced, on or ground(), deadline_s=0.2), way, "©")
    return manifest


def at_one_point(site: str, other: str) -> Ground:
    """Put two sites at one point: they share a row of the matrix."""
    plain = ground()
    return replace(plain, row={**plain.row, other: plain.row[site]})


def names(manifest: Manifest) -> list[str]:
    return [stop.site for stop in manifest.stops]


def test_each_stop_bears_the_name_of_its_own_site_where_another_lies_at_the_same_point():
    """Mill stands where Dairy does, Café where Shop does: nobody goes to Mill nor to Café."""
    plain = at_one_point("dairy", "mill")
    both = replace(plain, row={**plain.row, "cafe": plain.row["shop"], "depot": plain.row["farm"]})
    manifest = frozen(day(shipment(), trips=[trip()], bids=BID), both)
    assert names(manifest) == ["Farm", "Dairy", "Town", "Shop", "Farm"]
    assert (manifest.departs_from, manifest.ends_at) == ("Farm", "Farm")


def test_a_later_site_at_the_same_point_keeps_its_name_too():
    manifest = frozen(
        day(shipment(start="mill", end="town"), trips=[trip()], bids=BID), at_one_point("dairy", "mill")
    )
    assert "Mill" in names(manifest) and "Dairy" not in names(manifest)


def test_three_handovers_at_one_place_are_one_stop_with_its_hours_and_all_its_crates():
    several = [shipment(f"S{at}", end="shop", payer="dairy") for at in range(3)]
    manifest = frozen(day(*several, tours=[tour(card=CHEAP)]))
    assert names(manifest) == ["Dairy", "Shop"]
    assert [len(stop.handlings) for stop in manifest.stops] == [3, 3]


def test_one_stop_that_serves_two_sites_names_both():
    asked = day(shipment(end="cafe"), trips=[trip()], bids=BID)
    manifest = frozen(asked, at_one_point("shop", "cafe"))
    assert {"Shop", "Cafe"} in [set(name.split(" · ")) for name in names(manifest)]


def test_a_tour_begins_and_ends_at_its_own_sites():
    asked = day(shipment(crates=20), shipment("S2", end="cafe", crates=10), tours=[tour(card=CHEAP)])
    manifest = frozen(asked, at_one_point("depot", "orchard"))
    assert manifest.departs_from == manifest.ends_at == "Depot"


@pytest.mark.parametrize("on", ["2025-03-30", "2025-10-26", "2025-09-12"], ids=["23 h", "25 h", "24 h"])
@pytest.mark.parametrize(("closes", "said"), [("24:00", ""), ("23:30", "23:30")])
def test_hours_end_with_the_days_own_clock(on, closes, said):
    """A site that is open all day sets no end; one that closes half an hour earlier does."""
    clock = DayClock(date.fromisoformat(on))
    drop = Window(0, clock.seconds(closes))
    guest = shipment(end="cafe", pickup=Window(0, clock.seconds("24:00")), drop=drop)
    shift = Window(clock.seconds("05:00"), clock.seconds("13:00"))
    plain = day(guest, shipment("S2", crates=20), tours=[tour(card=CHEAP, shift=shift)])
    manifest = frozen(replace(plain, clock=clock))
    (stop,) = (stop for stop in manifest.stops if stop.site == "Cafe")
    assert (stop.from_hour, stop.until_hour) == ("", said)


def test_the_room_of_each_leg_is_what_the_owners_own_goods_and_the_guests_leave_free():
    """Four crates are free to Town, twenty to Shop, ten on the way home; three ride from Dairy to Shop."""
    manifest = frozen(day(shipment(), trips=[trip(4, 20, 10)], bids=BID))
    free = {stop.site: stop.free.ambient_crates for stop in manifest.stops[:-1]}
    assert free == {"Farm": 4, "Dairy": 1, "Town": 17, "Shop": 10}
    assert {stop.site: stop.on_board.ambient_crates for stop in manifest.stops[:-1]} == {
        "Farm": 0,
        "Dairy": 3,
        "Town": 3,
        "Shop": 0,
    }


def test_own_goods_known_as_a_shipment_are_on_board_and_take_their_room():
    own = replace(shipment("OWN", "farm", "shop", 6), shipper="farm", payer="farm")
    manifest = frozen(day(own, trips=[trip(10, 10, 10)]))
    first, *_ = manifest.stops
    assert first.on_board == OnBoard(6, 0, 0, 48)
    assert first.free == FreeRoom(4, 0, 0, None)


def test_a_tour_states_the_kilos_that_are_left_where_its_payload_is_known():
    limited = tour(card=CHEAP, room=Room(ambient=Space(40), payload_kg=500))
    manifest = frozen(day(shipment(crates=20), shipment("S2", end="cafe", crates=10), tours=[limited]))
    full = min(manifest.stops, key=lambda stop: stop.free.ambient_crates)
    assert full.free == FreeRoom(10, 0, 0, 500 - 30 * 8)
