"""Frozen rides repaired: a later edition, the one before readable, handovers kept, everybody told."""

import json

import pytest
from sqlalchemy import select

from geodata.refusal import Refusal
from pooling.desk import Actor
from pooling.desk.market.other_ways import other_ways
from pooling.desk.runs.calling_off import call_off
from pooling.desk.runs.freezing_rides import freeze_trip
from pooling.desk.runs.handovers import HandoverWords, begin_run, end_run, hand_over
from pooling.desk.runs.repairing_runs import RepairWords, repair_manifest
from pooling.runs.manifest_json import read_manifest
from pooling.store.ledger import account_balances, party_account, tour_account
from pooling.store.manifests import find_edition, handovers_of, list_editions
from pooling.store.market import bid, rematch, shipment
from pooling.store.rows import NotFound, Page
from pooling.store.touring import manifest, sign_up
from pooling.store.tours import sign_up_of
from pooling.store.trust import record_of
from pooling.store.work import outbox, transfer
from pooling.work.workers import work_off
from tests.desk import market
from tests.desk.touring import frozen, ledger, proposed, row
from tests.houses import MORNING

HOUR = 3600


def repair(town, manifest_id, name="carrier", **words):
    """Repair a tour's manifest; where it is late, on the morning of its day."""
    if words["kind"] == "late":
        town.clock.at = max(town.clock.at, MORNING)
    return repair_manifest(
        town.house.desk, town.actor(name), town.ask(name), manifest_id, RepairWords(**words)
    )


def stands(town, manifest_id):
    return read_manifest(row(town, manifest, manifest_id).body)


def posted(town, whose):
    account = tour_account(whose) if whose.startswith("tour_") else party_account(town.parties[whose])
    with town.house.desk.store.view() as view:
        return account_balances(view, account)["posted"]


def share(town, tour_id, shipment_id):
    with town.house.desk.store.view() as view:
        return sign_up_of(view, tour_id, shipment_id).share_cents


def card(town, tour_id):
    """Return what a tour's carrier is paid by its card, as it was agreed."""
    query = select(transfer.c.cents).where(
        transfer.c.about_id == tour_id, transfer.c.why == "tour card", transfer.c.kind == "pending"
    )
    with town.house.desk.store.view() as view:
        return view.connection.execute(query).scalar_one()


def driven(town, manifest_id, shipment_id):
    """Have the carrier drive one shipment, and come home."""
    desk, who = town.house.desk, town.actor("carrier")
    begin_run(desk, who, town.ask("carrier"), manifest_id)
    for way in ("on", "off"):
        words = HandoverWords(shipment_id=shipment_id, way=way, crates=4)
        hand_over(desk, who, town.ask("carrier"), manifest_id, words)
    end_run(desk, who, town.ask("carrier"), manifest_id)


def told(town, topic):
    with town.house.desk.store.view() as view:
        return [
            (one.about_id, json.loads(one.facts))
            for one in view.connection.execute(
                select(outbox).where(outbox.c.topic == topic).order_by(outbox.c.id)
            )
        ]


def test_a_late_run_has_a_new_manifest_and_its_shippers_new_hours(town):
    manifest_id, aboard = frozen(town)
    before = row(town, manifest, manifest_id)
    repair(town, manifest_id, kind="late", minutes=30)
    after = row(town, manifest, manifest_id)
    new = read_manifest(after.body)
    assert (after.edition, after.number) == (2, f"{before.number}-R2")
    assert new.supersedes == before.number and {one.kind for one in new.changes} == {"later"}
    with town.house.desk.store.view() as view:
        assert find_edition(view, after, 1).body == before.body
        assert find_edition(view, after, 2).body == after.body
        assert len(list_editions(view, manifest_id, Page())[0]) == 2
        ups = {one.shipment_id: one for one in view.connection.execute(select(sign_up))}
    hours = dict(told(town, "hours.changed"))
    assert set(hours) == set(aboard)
    for one in aboard:
        assert ups[one].drop_at in {
            facts["drop_at"] for about, facts in told(town, "hours.changed") if about == one
        }
    assert [about for about, _ in told(town, "manifest.repaired")] == [before.ride_id]


def test_whoever_only_receives_is_told_the_delivery_and_no_pickup(town):
    manifest_id, (first, _) = frozen(town)
    repair(town, manifest_id, kind="late", minutes=30)
    facts = [facts for about, facts in told(town, "hours.changed") if about == first]
    assert [set(one) for one in facts] == [{"pickup_at", "drop_at"}, {"drop_at"}]


def test_the_hours_that_a_trips_guest_was_told_move_with_it(town):
    trip_id, shipment_id = market.announced(town), market.sent(town)
    bid_id = market.bidden(town, trip_id, shipment_id)
    market.accepted(town, bid_id)
    manifest_id = freeze_trip(town.house.desk, town.actor("farm"), town.ask("farm"), trip_id)
    drop_at = row(town, bid, bid_id).drop_at
    town.clock.at = market.TOMORROW
    repair(town, manifest_id, "farm", kind="late", minutes=20, anyway=True)
    assert row(town, bid, bid_id).drop_at > drop_at


def test_what_is_called_off_is_free_at_once_and_the_run_ends_without_it(town):
    manifest_id, (first, second) = frozen(town)
    other = proposed(town)
    tour_id = row(town, manifest, manifest_id).ride_id
    share_cents = share(town, tour_id, first)
    repair(town, manifest_id, kind="cancel", shipment_id=first, reason="The van is full")
    assert {one.shipment for stop in stands(town, manifest_id).stops for one in stop.handlings} == {second}
    free = row(town, shipment, first)
    assert (free.state, free.rides_id) == ("open", "")
    facts = dict(told(town, "shipment.left_behind"))[first]
    assert (facts["why"]["code"], facts["why"]["facts"]["why"]) == ("called_off", "The van is full")
    found = other_ways(town.house.desk, town.actor("farm"), first)
    assert [one["code"] for one in found.reasons] == ["called_off"]
    assert other in {one.offer.ride_id for one in found.ways}
    work_off(town.house.desk)
    assert {about for about, _ in told(town, "shipment.stranded")} == {first}
    town.clock.at = MORNING
    driven(town, manifest_id, second)
    assert posted(town, "farm") == 0, "whose crates were called off owes nothing"
    assert posted(town, "carrier") == card(town, tour_id) - share_cents, "its own default"
    assert posted(town, tour_id) == 0
    assert (ledger(town).sum_cents, ledger(town).unbalanced) == (0, 0)
    with town.house.desk.store.view() as view:
        assert record_of(view, town.parties["carrier"]).late_driving == 1


def test_what_an_operator_calls_off_is_its_own_to_pay_and_no_fault_of_the_carrier(town):
    manifest_id, (first, second) = frozen(town)
    tour_id = row(town, manifest, manifest_id).ride_id
    repair(town, manifest_id, "operator", kind="cancel", shipment_id=first, reason="The road is closed")
    town.clock.at = MORNING
    driven(town, manifest_id, second)
    assert posted(town, "carrier") == card(town, tour_id) and posted(town, tour_id) == 0
    assert row(town, shipment, first).state == "open"
    with town.house.desk.store.view() as view:
        assert record_of(view, town.parties["carrier"]).late_driving == 0


def test_an_owner_that_calls_a_guest_off_owes_what_the_terms_say(town):
    trip_id = market.announced(town, cutoff_at=market.TOMORROW - 2 * HOUR)
    shipment_id = market.sent(town)
    bid_id = market.bidden(town, trip_id, shipment_id)
    market.accepted(town, bid_id)
    price_cents = row(town, bid, bid_id).price_cents
    manifest_id = freeze_trip(town.house.desk, town.actor("farm"), town.ask("farm"), trip_id)
    town.clock.at = market.TOMORROW
    repair(town, manifest_id, "farm", kind="cancel", shipment_id=shipment_id, reason="No room")
    ended = row(town, bid, bid_id)
    assert (ended.state, ended.late_by) == ("refused", "owner")
    assert ended.compensation_cents == price_cents * 3 // 4 > 0
    assert row(town, shipment, shipment_id).state == "open"
    with town.house.desk.store.view() as view:
        assert record_of(view, town.parties["farm"]).late_driving == 1
        assert [one.shipment_id for one in view.connection.execute(select(rematch))]


def test_handovers_carry_over_and_what_was_collected_is_not_called_off(town):
    manifest_id, (first, second) = frozen(town)
    begin_run(town.house.desk, town.actor("carrier"), town.ask("carrier"), manifest_id)
    words = HandoverWords(shipment_id=first, way="on", crates=4)
    noted = hand_over(town.house.desk, town.actor("carrier"), town.ask("carrier"), manifest_id, words)
    with pytest.raises(Refusal) as aboard:
        repair(town, manifest_id, kind="cancel", shipment_id=first, reason="Full")
    assert aboard.value.code == "aboard_already" and "→" in aboard.value.sentence
    assert aboard.value.facts["crates"] == 4 and first not in aboard.value.sentence
    repair(town, manifest_id, kind="lost")
    assert row(town, shipment, second).state == "open", "free again: see test_turned_away"
    with town.house.desk.store.view() as view:
        assert handovers_of(view, manifest_id)[first, "on"].id == noted
    assert {one.shipment for stop in stands(town, manifest_id).stops for one in stop.handlings} == {first}


def test_hours_that_cannot_be_kept_are_listed_first_and_told_when_they_are_known(town):
    manifest_id, _ = frozen(town)
    with pytest.raises(Refusal) as refused:
        repair(town, manifest_id, kind="late", minutes=400)
    assert refused.value.code == "promises_break" and refused.value.facts["breaks"]
    assert row(town, manifest, manifest_id).edition == 1
    repair(town, manifest_id, kind="late", minutes=400, anyway=True)
    assert row(town, manifest, manifest_id).edition == 2


def test_nobody_is_late_before_the_day_of_the_run(town):
    manifest_id, _ = frozen(town)
    asked = (town.house.desk, town.actor("carrier"), town.ask("carrier"), manifest_id)
    for at in (town.clock.at, MORNING - 6 * HOUR - 1):  # midnight at the place is 22:00 UTC
        town.clock.at = at
        with pytest.raises(Refusal) as refused:
            repair_manifest(*asked, RepairWords("late", minutes=700, anyway=True))
        assert refused.value.code == "late_too_soon"
    town.clock.at += 1
    repair_manifest(*asked, RepairWords("late", minutes=20))
    assert row(town, manifest, manifest_id).edition == 2


def test_whom_a_late_van_no_longer_serves_in_time_leaves_for_nothing_or_stays(town):
    manifest_id, (first, second) = frozen(town)
    tour_id = row(town, manifest, manifest_id).ride_id
    repair(town, manifest_id, kind="late", minutes=400, anyway=True)
    assert {about for about, _ in told(town, "hours.not_kept")} == {first, second}
    call_off(town.house.desk, town.actor("farm"), town.ask("farm"), first)
    assert row(town, shipment, first).state == "open"
    found = other_ways(town.house.desk, town.actor("farm"), first)
    assert [one["code"] for one in found.reasons] == ["hours_not_kept"]
    driven(town, manifest_id, second)
    assert posted(town, "farm") == 0 and posted(town, "carrier") == card(town, tour_id)
    assert posted(town, "neighbour") < 0, "who stayed pays as agreed"
    assert (ledger(town).sum_cents, ledger(town).unbalanced) == (0, 0)


def test_whoever_pays_calls_its_crates_off_a_frozen_tour_and_owes_its_share(town):
    manifest_id, (first, second) = frozen(town)
    tour_id = row(town, manifest, manifest_id).ride_id
    share_cents = share(town, tour_id, first)
    for stranger in ("neighbour", "carrier", "restaurant"):
        with pytest.raises(NotFound):
            call_off(town.house.desk, town.actor(stranger), town.ask(stranger), first)
    call_off(town.house.desk, town.actor("farm"), town.ask("farm"), first)
    assert row(town, shipment, first).state == "open"
    assert {one.shipment for stop in stands(town, manifest_id).stops for one in stop.handlings} == {second}
    with pytest.raises(Refusal) as refused:
        call_off(town.house.desk, town.actor("farm"), town.ask("farm"), first)
    assert refused.value.code == "not_on_frozen_ride"
    town.clock.at = MORNING
    driven(town, manifest_id, second)
    assert posted(town, "farm") == -share_cents < 0 and posted(town, tour_id) == 0
    assert posted(town, "carrier") == card(town, tour_id)
    assert (ledger(town).sum_cents, ledger(town).unbalanced) == (0, 0)
    with town.house.desk.store.view() as view:
        assert record_of(view, town.parties["farm"]).late_sending == 1
        assert record_of(view, town.parties["carrier"]).late_driving == 0


def test_a_guest_calls_its_crates_off_a_frozen_trip_by_the_terms(town):
    trip_id = market.announced(town, cutoff_at=market.TOMORROW - 2 * HOUR)
    shipment_id = market.sent(town)
    bid_id = market.bidden(town, trip_id, shipment_id)
    market.accepted(town, bid_id)
    price_cents = row(town, bid, bid_id).price_cents
    freeze_trip(town.house.desk, town.actor("farm"), town.ask("farm"), trip_id)
    town.clock.at = market.TOMORROW
    call_off(town.house.desk, town.actor("neighbour"), town.ask("neighbour"), shipment_id)
    ended = row(town, bid, bid_id)
    assert (ended.state, ended.late_by, ended.late_cents) == ("withdrawn", "payer", price_cents * 3 // 4)
    assert row(town, shipment, shipment_id).state == "open"
    assert (ledger(town).sum_cents, ledger(town).unbalanced) == (0, 0)


def test_a_van_that_never_set_out_is_not_lost(town):
    manifest_id, _ = frozen(town)
    with pytest.raises(Refusal) as refused:
        repair(town, manifest_id, kind="lost")
    assert refused.value.code == "not_set_out"


def test_a_driver_says_that_it_is_late_and_calls_nothing_off(town):
    manifest_id, (first, _) = frozen(town)
    driver = Actor(town.members["carrier"], drives=frozenset({town.parties["carrier"]}))
    asks = (town.house.desk, driver)
    town.clock.at = MORNING
    repair_manifest(*asks, town.ask("carrier"), manifest_id, RepairWords("late", minutes=10))
    with pytest.raises(Refusal) as refused:
        repair_manifest(*asks, town.ask("carrier"), manifest_id, RepairWords("cancel", first, reason="Full"))
    assert refused.value.code == "not_allowed"
    for stranger in ("farm", "restaurant"):
        with pytest.raises(NotFound):
            repair(town, manifest_id, stranger, kind="late", minutes=10)


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        ({"kind": "late", "minutes": 0}, "not_late"),
        ({"kind": "late"}, "not_late"),
        ({"kind": "cancel"}, "shipment_unnamed"),
        ({"kind": "cancel", "shipment": "shp_01hg0000abcd"}, "repair_unexplained"),
    ],
)
def test_a_repair_that_says_nothing_is_refused_with_what_to_say(client, town, wish, code):
    manifest_id, _ = frozen(town)
    path = f"/api/v1/manifests/{manifest_id}/repairs"
    refused = client.post(path, json=wish, headers=town.headers("carrier"))
    assert (refused.status_code, refused.json()["code"]) == (422, code)


def test_repairs_go_over_the_wire_and_the_edition_before_stays_readable(client, town):
    manifest_id, _ = frozen(town)
    town.clock.at = MORNING
    path = f"/api/v1/manifests/{manifest_id}"
    first = client.get(path, headers=town.headers("carrier")).json()
    wish = {"kind": "late", "minutes": 30}
    sent = town.headers("carrier", key="once")
    new = client.post(f"{path}/repairs", json=wish, headers=sent).json()
    again = client.post(f"{path}/repairs", json=wish, headers=sent).json()
    assert (new["edition"], again["edition"]) == (2, 2) and new["changes"][0]["kind"] == "later"
    cards = client.get(f"{path}/editions", headers=town.headers("carrier")).json()["items"]
    assert [(one["edition"], one["superseded"]) for one in cards] == [(2, False), (1, True)]
    old = client.get(f"{path}/editions/{cards[1]['id']}", headers=town.headers("carrier")).json()
    assert old["stops"] == first["stops"] and old["superseded"]
    assert client.get(f"{path}/editions/{old['id']}", headers=town.headers("farm")).status_code == 404
