"""
The morning over HTTP, by a client generated from the OpenAPI document: the same test on both houses.

``small``: one process on SQLite that does its own jobs. ``large``: two web processes and two workers over
a real PostgreSQL and a real Valkey, every call to the other web process than the one before (by
``make test-all``).
"""

import itertools
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from api.playing import call_in, drive_all, freeze_rides, play_market
from api.playing.invented import invented_day, next_market_day, token_mailed
from geodata.region import open_region
from tests.door.houses import large_house, small_house
from tests.door.stranger import Refused, Stranger, generate
from tests.thorough import THOROUGH

SEED = 2
SHIPMENTS = 99 if THOROUGH else 20
"""So many of the day's shipments go: enough that one tour is paid and the other is not."""


class Everywhere:
    """One person who asks another web process each time."""

    def __init__(self, addresses, token=""):
        self.ways = itertools.cycle([Stranger(address, token) for address in addresses])

    def do(self, operation, *path, **more):
        return next(self.ways).do(operation, *path, **more)


def once(name, *marks):
    """Keep the tests of one house in one process of pytest, so that its morning is played once."""
    return pytest.param(name, marks=[pytest.mark.xdist_group(f"house-{name}"), *marks])


@pytest.fixture(scope="module", params=[once("small"), once("large", pytest.mark.slow)])
def house(request, tmp_path_factory):
    start = small_house if request.param == "small" else large_house
    with start(tmp_path_factory.mktemp(request.param)) as started:
        generate(started.document, tmp_path_factory.mktemp("client"))
        yield started


@pytest.fixture(scope="module")
def morning(house):
    """Play the whole morning once; the tests look at what it came to."""
    region = open_region("riviera")
    today = datetime.now(UTC).date()
    whole = invented_day(region, SEED, next_market_day(today))
    day = replace(whole, shipments=whole.shipments[:SHIPMENTS])
    first = Everywhere(house.addresses).do("confirm_sign_in", body={"token": house.operator_token()})

    def signed_in(token):
        return Everywhere(house.addresses, token)

    operator = signed_in(first["token"])
    cast = call_in(day, operator, signed_in, lambda email: token_mailed(house.mail, email))
    played = play_market(day, cast)
    freeze_rides(day, cast, played)
    house.turn_to(int(day.clock.midnight.timestamp()) + 5 * 3600)
    handed = drive_all(day, cast, played)
    return day, cast, played, handed, operator


def test_bids_are_refused_for_law_room_and_hours_and_others_ride(morning):
    _, _, played, _, _ = morning
    codes = {code for about, _, code in played.refused if about == "bid"}
    assert {"payer_not_a_farm", "no_room", "drop_hours_missed"} <= codes
    assert len(played.bids) >= 2


def test_a_tour_is_confirmed_and_every_share_is_at_most_alone_and_the_price_shown(morning):
    _, _, played, _, operator = morning
    assert played.confirmed == ["H1"], "it is paid as it stands, whatever the search finds in its time"
    assert played.lacking["H2"] > 0, "the other one says what keeps it from setting out"
    tours = {name: operator.do("read_tour", tour_id) for name, tour_id in played.tours.items()}
    confirmed = {name: tour for name, tour in tours.items() if tour["state"] not in ("proposed", "refused")}
    assert confirmed and set(played.confirmed) <= set(confirmed)
    for name, tour in confirmed.items():
        signed = operator.do("list_sign_ups", played.tours[name], limit=100)["items"]
        riding = [one for one in signed if one["state"] == "riding"]
        crates = {one["shipment"]: operator.do("read_shipment", one["shipment"])["crates"] for one in riding}
        for one in riding:
            assert one["share_cents"] <= one["alone_cents"]
            assert one["share_cents"] <= tour["crate_cents"] * crates[one["shipment"]]


def test_every_manifest_is_a_page_that_a_driver_can_hold(morning):
    _, _, played, handed, operator = morning
    assert played.manifests and handed >= 2 * len(played.bids)
    for manifest_id in played.manifests.values():
        manifest = operator.do("read_manifest", manifest_id)
        assert manifest["state"] == "done" and manifest["stops"]


def test_whatever_was_handed_over_is_delivered(morning):
    day, cast, played, _, _ = morning
    for name, shipment_id in played.shipments.items():
        shipment = cast.callers[day.shipment_by_id[name].payer].do("read_shipment", shipment_id)
        not_frozen = name in played.joined and played.joined[name] not in played.confirmed
        assert shipment["state"] == ("delivered" if name in played.bids else shipment["state"])
        assert shipment["state"] in ("open", "delivered") or (not_frozen and shipment["state"] == "riding")


def test_the_ledger_adds_up_to_nothing_and_nothing_is_pending_for_what_was_driven(morning):
    _, _, _, _, operator = morning
    checked = operator.do("check_ledger")
    assert checked["sum_cents"] == 0 and checked["transfers"] > 0


def test_a_guest_owes_its_price_and_the_trips_owner_is_owed_it(morning):
    day, cast, played, _, _ = morning
    bids = {bid.shipment: bid for bid in day.bids}
    owed = Counter()
    for name, bid_id in played.bids.items():
        shipment = day.shipment_by_id[name]
        bid = cast.callers[shipment.payer].do("read_bid", bid_id)
        assert 0 < bid["price_cents"] <= bid["most_cents"]
        owed[day.trip_by_id[bids[name].trip].owner] += bid["price_cents"]
    for owner, cents in owed.items():
        assert cast.callers[owner].do("read_balances", cast.parties[owner])["posted_cents"] >= cents


def test_nobody_sees_what_a_neighbour_sends(morning):
    day, cast, played, _, _ = morning
    names = list(played.shipments)
    for name in names[:5]:
        stranger = next(
            party
            for party in cast.callers
            if day.parties[party].role.value == "producer"
            and party not in (day.shipment_by_id[name].payer, day.shipment_by_id[name].shipper)
        )
        with pytest.raises(Refused) as refused:
            cast.callers[stranger].do("read_shipment", played.shipments[name])
        assert refused.value.status == 404


def test_who_was_told_can_read_it_again(morning):
    day, cast, played, _, _ = morning
    name = next(iter(played.bids))
    payer = day.shipment_by_id[name].payer
    topics = {one["topic"] for one in cast.callers[payer].do("list_events", limit=100)["items"]}
    assert "bid.accepted" in topics
