"""Over night, rounds and trips: collected in the evening, handed over next morning before the set hour."""

from datetime import UTC, date, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import pytest

from api.papers.diary import manifest_ics
from api.papers.labels import labels_of
from api.papers.sheet import sheet_of
from api.papers.words import words
from geodata.refusal import Refusal
from pooling.desk.goods.shipments import ShipmentWords, enter_shipment
from pooling.desk.market.offers import find_offers
from pooling.desk.runs.freezing_rides import freeze_tour, freeze_trip
from pooling.desk.runs.handovers import HandoverWords, begin_run, hand_over
from pooling.desk.tours.tour_planning import plan_tour
from pooling.desk.tours.tours import propose_tour
from pooling.desk.trips.trips import StopWords, TripWords, announce_trip
from pooling.load import UNLIMITED
from pooling.manifest import moment_of_hour
from pooling.regimes import Regime
from pooling.runs.manifest_json import manifest_json, read_manifest
from pooling.runs.repairing import Repair, repaired
from pooling.store import Page, market, touring
from pooling.store.day_plans import list_lines
from pooling.store.tour_orders import loads_of_orders
from tests.desk.market import accepted, bidden
from tests.desk.market_wire import series_wish
from tests.desk.selling import listed, ordered
from tests.desk.test_day_plans import planned
from tests.desk.touring import DAY, EVENING, HOUR, Watch, joined, ledger, row
from tests.desk.touring import words as tour_words

ZONE = ZoneInfo("Europe/Paris")
BOTH = ("farm", "neighbour")


def at(hour, days=0, *, of=DAY):
    """Return an hour on the wall in Paris, so many days after a day."""
    local = datetime.combine(of + timedelta(days=days), datetime.min.time(), ZONE)
    return int(local.replace(hour=hour).timestamp())


def wall(moment_at):
    return f"{datetime.fromtimestamp(moment_at, UTC).astimezone(ZONE):%a %H:%M}"


def wall_of(written):
    return wall(datetime.fromisoformat(written).timestamp())


def overnight(town, *, of=DAY, **other):
    """Propose a tour of one evening that ends next morning; goods are to be there by 7."""
    usual = {
        "opens_at": at(18, of=of),
        "closes_at": at(8, 1, of=of),
        "cutoff_at": at(16, of=of),
        "ready_from_at": at(18, of=of),
        "fresh_by_at": at(7, 1, of=of),
        "cents_per_hour": 60,
    }
    town.clock.at = at(6, of=of)
    who, said = town.actor("operator"), tour_words(town, **(usual | other))
    return propose_tour(town.house.desk, who, town.ask("operator"), town.parties["operator"], said)


def hours(of=DAY, **other):
    """Say crates that are ready at 18:00 and handed over between 5 and 7 of the next morning."""
    usual = {
        "ready_at": at(18, of=of),
        "pickup_by_at": at(21, of=of),
        "deliver_from_at": at(5, 1, of=of),
        "deliver_by_at": at(7, 1, of=of),
    }
    return usual | other


def harvest(town, name, **other):
    said = ShipmentWords(
        shipper_id=town.parties[name],
        payer_id=town.parties[name],
        from_site_id=town.sites[name],
        to_site_id=town.sites["restaurant"],
        temperature="ambient",
        crates=4,
        **hours(**other),
    )
    return enter_shipment(town.house.desk, town.actor(name), town.ask(name), said)


def refused(do):
    with pytest.raises(Refusal) as caught:
        do()
    return caught.value


def test_an_evening_round_hands_over_next_morning_and_refuses_what_would_come_late(town):
    tour_id = overnight(town)
    crates = {name: harvest(town, name) for name in BOTH}
    assert {row(town, market.shipment, one).day for one in crates.values()} == {DAY}
    offers = find_offers(town.house.desk, town.actor("farm"), crates["farm"])
    assert tour_id in {one.ride_id for one in offers.rides}
    for name, one in crates.items():
        place = row(town, touring.sign_up, joined(town, tour_id, name, one))
        assert at(18) <= place.pickup_at <= at(21) and at(5, 1) <= place.drop_at <= at(7, 1)
        assert 0 < place.share_cents <= place.alone_cents
        assert place.alone_cents < 4_000, "alone nobody is paid to sit beside crates all night"
    late = harvest(town, "shop", deliver_from_at=at(7, 1) + 600, deliver_by_at=at(9, 1))
    why = refused(lambda: joined(town, tour_id, "shop", late))
    assert why.code == "too_late_to_be_fresh" and "+10 min" in why.sentence
    plan_tour(town.house.desk, tour_id, Watch(), search_s=0.0)
    assert row(town, touring.tour, tour_id).state == "confirmed"
    asked = town.ask("carrier")
    manifest_id = freeze_tour(town.house.desk, town.actor("carrier"), asked, tour_id)
    manifest = read_manifest(row(town, touring.manifest, manifest_id).body)
    _says_both_days(manifest)
    _says_them_on_paper(manifest)
    assert (ledger(town).sum_cents, ledger(town).unbalanced) == (0, 0)


def _says_both_days(manifest):
    *evening, morning = manifest.stops
    assert manifest.date == "2026-09-12" and manifest.next_day == ("ends",)
    assert [stop.next_day for stop in evening] == [()] * 2
    assert set(morning.next_day) >= {"begins", "leaves", "from_hour", "until_hour"}
    assert wall(moment_of_hour(manifest, morning, "begins").timestamp()) == "Sun 05:00"
    assert (morning.from_hour, morning.until_hour) == ("05:00", "07:00")
    assert read_manifest(manifest_json(manifest)) == manifest
    later = repaired(
        manifest, Repair("late", late_min=20, done=frozenset({1, 2}), away=True), lambda _start, _end: None
    )
    assert later.stops[-1].next_day == morning.next_day, "it waits less at the door"
    assert (later.stops[-1].begins, later.ends, later.changes) == ("05:00", manifest.ends, ())


def _says_them_on_paper(manifest):
    sheet = sheet_of(manifest, words("en"))
    assert sheet.ends.startswith("Sun 05:") and sheet.halts[-1].begins == "Sun 05:00"
    assert sheet.halts[-1].hours == "between Sun 05:00 and Sun 07:00"
    assert {one.day for one in labels_of(manifest, words("en"))} == {"Sunday 13 September 2026"}
    assert b"DTEND:20260913T03" in manifest_ics(manifest, words("en"))


def test_crates_of_the_next_morning_ride_on_the_tour_that_reaches_them(town):
    tour_id = overnight(town)
    reached = {"ready_at": at(3, 1), "pickup_by_at": at(5, 1), "deliver_from_at": at(4, 1)}
    morning = harvest(town, "farm", **reached)
    assert row(town, market.shipment, morning).day == DAY + timedelta(days=1)
    joined(town, tour_id, "farm", harvest(town, "farm"))
    offers = find_offers(town.house.desk, town.actor("farm"), morning)
    assert tour_id in {one.ride_id for one in offers.rides}
    place = row(town, touring.sign_up, joined(town, tour_id, "farm", morning))
    assert at(3, 1) <= place.pickup_at <= place.drop_at <= at(7, 1)
    after = {"ready_at": at(9, 1), "pickup_by_at": at(10, 1), "deliver_from_at": at(9, 1)}
    missed = harvest(town, "neighbour", **after, deliver_by_at=at(12, 1))
    assert refused(lambda: joined(town, tour_id, "neighbour", missed)).code == "other_day"


def test_what_a_payer_drives_alone_next_morning_counts_where_its_crates_of_that_day_ride(town):
    """Its other crates go the same way: riding spares it next to nothing, so it pays next to nothing."""
    reached = {"ready_at": at(3, 1), "pickup_by_at": at(6, 1), "deliver_from_at": at(4, 1)}
    first = harvest(town, "farm", **reached)
    shares = []
    for _ in range(2):
        tour_id = overnight(town)
        offers = find_offers(town.house.desk, town.actor("farm"), first)
        shares.append(next((one.price_cents for one in offers.rides if one.ride_id == tour_id), 0))
        harvest(town, "farm", **reached)
    assert shares[1] < shares[0]


def test_an_order_from_a_list_is_handed_over_next_morning_where_its_tour_goes_over_midnight(town):
    """The evening's list is collected that evening; the list of the small hours on the way, next morning."""
    tour_id = overnight(town, fresh_by_at=None)
    for name, ready, collected, days in (("farm", 18, 21, 0), ("neighbour", 3, 5, 1)):
        list_id, (courgettes, _) = listed(town, name, ready_s=ready * HOUR, collect_by_s=collected * HOUR)
        order_id = ordered(town, list_id, {courgettes: 24}, tour_id=tour_id)
        with town.house.desk.store.view() as view:
            (load,) = loads_of_orders(view, [order_id])[order_id]
        crates = row(town, market.shipment, load.shipment_id)
        assert (crates.day, crates.ready_at) == (DAY + timedelta(days=days), at(ready, days))
        assert (crates.state, crates.deliver_by_at) == ("riding", (at(8, 1), at(0, 2))[days])


def test_a_planned_day_puts_crates_of_the_evening_and_of_the_next_morning_on_the_nights_tour(town):
    tour_id = overnight(town)
    reached = {"ready_at": at(3, 1), "pickup_by_at": at(5, 1), "deliver_from_at": at(4, 1)}
    evening, morning = harvest(town, "farm"), harvest(town, "neighbour", **reached)
    harvest(town, "shop", ready_at=at(9, 1), pickup_by_at=at(10, 1), deliver_from_at=at(9, 1), **LATER)
    found = planned(town)
    with town.house.desk.store.view() as view:
        lines, _ = list_lines(view, found["day_plan"], Page())
    assert {one.shipment_id: one.tour_id for one in lines} == {evening: tour_id, morning: tour_id}
    assert (found["shipments"], found["riding"], found["left"]) == (2, 2, 0)


LATER = {"deliver_by_at": at(12, 1)}


@pytest.mark.parametrize("of", [date(2026, 3, 28), date(2026, 10, 24)])
def test_the_hours_stay_on_the_wall_in_a_night_in_which_the_clocks_change(town, of):
    tour_id = overnight(town, of=of)
    place = row(town, touring.sign_up, joined(town, tour_id, "farm", harvest(town, "farm", of=of)))
    kept = row(town, market.shipment, place.shipment_id)
    assert (kept.day, wall(kept.deliver_from_at), wall(kept.deliver_by_at)) == (of, "Sun 05:00", "Sun 07:00")
    assert wall(place.drop_at) == "Sun 05:00" and wall(place.drop_until_at) == "Sun 07:00"
    plan_tour(town.house.desk, tour_id, Watch(), search_s=0.0)
    asked = town.ask("carrier")
    manifest_id = freeze_tour(town.house.desk, town.actor("carrier"), asked, tour_id)
    last = read_manifest(row(town, touring.manifest, manifest_id).body).stops[-1]
    assert (last.begins, last.until_hour) == ("05:00", "07:00") and "begins" in last.next_day


def night_trip(town, of=DAY, ends=(5, 7), **other):
    """Announce the farm's own trip of an evening, that hands over at the restaurant next morning."""
    free = (20, 0, 0, UNLIMITED)
    stops = (
        StopWords(town.sites["farm"], at(18, of=of), at(20, of=of), free),
        StopWords(town.sites["restaurant"], *(at(one, 1, of=of) for one in ends), (0, 0, 0, 0)),
    )
    usual = {"driver": "Ange", "regime": Regime.COTRANSPORT_AGRICOLE, "detour_s": 3600, "hour_cents": 0}
    words = TripWords(town.parties["farm"], **({"stops": stops} | usual | other))
    return announce_trip(town.house.desk, town.actor("farm"), town.ask("farm"), words)


def test_a_trip_of_an_evening_carries_to_the_next_morning_and_is_driven_over_midnight(town):
    town.clock.at = at(6)
    trip, crates = night_trip(town), harvest(town, "neighbour")
    assert row(town, market.trip, trip).day == DAY
    (offer,) = find_offers(town.house.desk, town.actor("neighbour"), crates).rides
    assert offer.ride_id == trip and at(18) <= offer.pickup_at <= at(21) < at(5, 1) <= offer.drop_at
    desk, bid = town.house.desk, bidden(town, trip, crates)
    agreed = row(town, market.bid, accepted(town, bid))
    assert at(5, 1) <= agreed.drop_from_at <= agreed.drop_until_at <= at(7, 1)
    manifest_id = freeze_trip(desk, town.actor("farm"), town.ask("farm"), trip)
    manifest = read_manifest(row(town, touring.manifest, manifest_id).body)
    assert (manifest.date, manifest.next_day) == ("2026-09-12", ("ends",))
    assert wall(moment_of_hour(manifest, manifest.stops[-1], "begins").timestamp()).startswith("Sun 05:")
    town.clock.at = agreed.pickup_at
    begin_run(desk, town.actor("farm"), town.ask("farm"), manifest_id)
    for way, moment_at in (("on", agreed.pickup_at), ("off", agreed.drop_at)):
        town.clock.at = moment_at
        said = HandoverWords(shipment_id=crates, way=way, crates=4, happened_at=moment_at)
        hand_over(desk, town.actor("farm"), town.ask("farm"), manifest_id, said)
    assert row(town, market.shipment, crates).state == "delivered"
    assert (ledger(town).sum_cents, ledger(town).unbalanced) == (0, 0)


def test_a_trip_takes_a_day_at_most_and_a_series_of_nights_keeps_its_hours_on_the_wall(client, town):
    town.clock.at = at(6)
    assert night_trip(town, ends=(17, 18))
    assert refused(partial(night_trip, town, ends=(17, 19))).code == "longer_than_a_day"
    wish = series_wish(town, overnight=True, first_day="2026-10-24", rule="FREQ=DAILY;COUNT=1")
    hours = [("farm", "20:00", "23:30"), ("shop", "23:30", "01:00"), ("restaurant", "05:00", "07:00")]
    wish["stops"] = [
        {"site": town.sites[site], "opens": opens, "closes": closes, "ambient": 9}
        for site, opens, closes in hours
    ]
    made = client.post("/api/v1/trip-series", json=wish, headers=town.headers("farm")).json()
    first = f"/api/v1/trips/{made['occurrences'][0]['trip']}"
    stops = client.get(first, headers=town.headers("shop")).json()["stops"]
    walls = [[wall_of(one["opens"]), wall_of(one["closes"])] for one in stops]
    assert walls == [["Sat 20:00", "Sat 23:30"], ["Sat 23:30", "Sun 01:00"], ["Sun 05:00", "Sun 07:00"]]


def test_crates_end_with_the_day_after_they_are_ready(town):
    town.clock.at = EVENING
    for other in ({"deliver_by_at": at(1, 2)}, {"deliver_from_at": at(18) - 24 * HOUR}):
        assert refused(partial(harvest, town, "farm", **other)).code == "beyond_next_day"
    assert harvest(town, "farm", deliver_by_at=at(0, 2))


def test_an_overnight_shipment_is_entered_and_joins_over_http(client, town):
    tour_id = overnight(town)
    said = {name: datetime.fromtimestamp(one, UTC).isoformat() for name, one in hours().items()}
    wish = {
        "shipper": town.parties["farm"],
        "from_site": town.sites["farm"],
        "to_site": town.sites["restaurant"],
        "crates": 3,
        **{name.removesuffix("_at"): moment for name, moment in said.items()},
    }
    entered = client.post("/api/v1/shipments", json=wish, headers=town.headers("farm"))
    assert (entered.status_code, entered.json()["day"]) == (201, "2026-09-12"), entered.text
    join = {"shipment": entered.json()["id"]}
    place = client.post(f"/api/v1/tours/{tour_id}/sign-ups", json=join, headers=town.headers("farm"))
    assert place.status_code == 201, place.text
    far = wish | {"deliver_by": "2026-09-14T01:00:00+02:00"}
    answer = client.post("/api/v1/shipments", json=far, headers=town.headers("farm"))
    assert answer.json()["code"] == "beyond_next_day"
