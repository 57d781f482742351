"""Crates that lose their tour, or their broken van: looked at anew at once, each with its true reason."""

import json

from sqlalchemy import select

from pooling.desk.market.other_ways import other_ways
from pooling.desk.runs.freezing_rides import freeze_trip
from pooling.desk.runs.handovers import HandoverWords, begin_run, end_run, hand_over
from pooling.desk.runs.repairing_runs import RepairWords, repair_manifest
from pooling.desk.tours.sign_ups import join_tour
from pooling.desk.tours.tours import cancel_tour
from pooling.store.finding import unmet
from pooling.store.ledger import account_balances, party_account, tour_account
from pooling.store.market import shipment
from pooling.store.touring import manifest, sign_up
from pooling.store.work import outbox, outbox_party
from pooling.work.workers import work_off
from tests.desk import market
from tests.desk.touring import confirmed, frozen, joined, ledger, proposed, row, sent
from tests.houses import MORNING

HOUR = 3600


def stranded(town):
    """Return what was told of crates that lost their ride, by shipment, with whom it was told."""
    query = select(outbox.c.about_id, outbox.c.facts, outbox_party.c.party_id).join(
        outbox_party, outbox_party.c.outbox_id == outbox.c.id
    )
    with town.house.desk.store.view() as view:
        rows = view.connection.execute(query.where(outbox.c.topic == "shipment.stranded")).all()
    return {one.about_id: (json.loads(one.facts), one.party_id) for one in rows}


def did(town, change, name, *words):
    return change(town.house.desk, town.actor(name), town.ask(name), *words)


def posted(town, account):
    with town.house.desk.store.view() as view:
        return account_balances(view, account)["posted"]


def reasons(town, name, shipment_id):
    found = other_ways(town.house.desk, town.actor(name), shipment_id)
    return [one["code"] for one in found.reasons], [one.offer.ride_id for one in found.ways]


def test_what_a_broken_van_never_collected_is_free_with_its_reason_and_rides_elsewhere(town):
    manifest_id, (first, second) = frozen(town)
    other = proposed(town)
    tour_id = row(town, manifest, manifest_id).ride_id
    town.clock.at = MORNING - 3 * HOUR
    did(town, begin_run, "carrier", manifest_id)
    did(town, hand_over, "carrier", manifest_id, HandoverWords(shipment_id=first, way="on", crates=4))
    did(town, repair_manifest, "carrier", manifest_id, RepairWords("lost"))
    assert (row(town, shipment, second).state, row(town, shipment, first).state) == ("open", "aboard")
    codes, rides = reasons(town, "neighbour", second)
    assert codes == ["van_broke_down"] and other in rides
    work_off(town.house.desk)
    facts, party = stranded(town)[second]
    assert (facts["why"]["code"], party) == ("van_broke_down", town.parties["neighbour"])
    assert other in {one["ride"] for one in facts["offers"]}
    did(town, join_tour, "neighbour", other, second)
    did(town, hand_over, "carrier", manifest_id, HandoverWords(shipment_id=first, way="off", crates=4))
    did(town, end_run, "carrier", manifest_id)
    assert posted(town, party_account(town.parties["neighbour"])) == 0, "it owes nothing for the broken van"
    assert posted(town, tour_account(tour_id)) == 0 < posted(town, party_account(town.parties["carrier"]))
    assert (ledger(town).sum_cents, ledger(town).unbalanced) == (0, 0)


def test_a_guest_of_a_trip_that_broke_down_is_matched_anew_at_once(town):
    trip_id, shipment_id = market.announced(town), market.sent(town)
    market.accepted(town, market.bidden(town, trip_id, shipment_id))
    again = market.announced(town, instant=True)
    manifest_id = did(town, freeze_trip, "farm", trip_id)
    town.clock.at = market.TOMORROW - HOUR
    did(town, begin_run, "farm", manifest_id)
    did(town, repair_manifest, "farm", manifest_id, RepairWords("lost"))
    assert row(town, shipment, shipment_id).state == "open"
    work_off(town.house.desk)
    rides = row(town, shipment, shipment_id)
    assert (rides.state, rides.rides_id) == ("riding", again)
    did(town, end_run, "farm", manifest_id)
    assert (ledger(town).sum_cents, ledger(town).unbalanced) == (0, 0)


def test_each_shipment_of_a_cancelled_tour_is_told_at_once_what_else_there_is(town):
    tour_id, ups = confirmed(town)
    other = proposed(town)
    did(town, cancel_tour, "operator", tour_id, None)
    work_off(town.house.desk)
    told = stranded(town)
    for one in ups:
        its = row(town, sign_up, one)
        facts, party = told[its.shipment_id]
        assert (facts["why"]["code"], party) == ("tour_cancelled", its.payer_id)
        assert other in {ride["ride"] for ride in facts["offers"]}
    work_off(town.house.desk)
    assert stranded(town) == told, "a second look tells nothing twice"


def test_crates_of_a_refused_tour_that_find_nothing_count_as_unmet_demand(town):
    tour_id = proposed(town, minimum_shipments=9)
    shipments = [sent(town, name) for name in ("farm", "neighbour")]
    for name, one in zip(("farm", "neighbour"), shipments, strict=True):
        joined(town, tour_id, name, one)
    town.clock.at = MORNING - 2 * HOUR + 60
    while work_off(town.house.desk):
        pass
    told = stranded(town)
    assert set(told) == set(shipments)
    assert {facts["why"]["code"] for facts, _ in told.values()} == {"minimum_not_met"}
    assert all(facts["offers"] == [] for facts, _ in told.values())
    with town.house.desk.store.view() as view:
        assert len(view.connection.execute(select(unmet)).all()) == 2
