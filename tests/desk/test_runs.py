"""Frozen rides and runs: the manifest, its papers, handovers noted once, and what is then owed."""

import json
from dataclasses import replace

import pytest

from geodata.refusal import Refusal
from pooling.desk import Actor
from pooling.desk.runs.freezing_rides import freeze_tour, freeze_trip
from pooling.desk.runs.handovers import HandoverWords, begin_run, end_run, hand_over, seen_manifest
from pooling.desk.runs.recording import AHEAD_S
from pooling.desk.tours.sign_ups import leave_tour
from pooling.desk.tours.tours import cancel_tour
from pooling.party import Role
from pooling.runs.manifest_json import read_manifest
from pooling.store import touring
from pooling.store.ledger import account_balances, fee_account, party_account, tour_account
from pooling.store.market import shipment
from pooling.store.rows import NotFound
from tests.desk import market
from tests.desk.touring import confirmed, frozen, joined, ledger, proposed, row, sent
from tests.forks import ran
from tests.houses import MORNING


@pytest.fixture
def run(town):
    """A tour that has set out; returns its manifest and the shipments aboard."""
    manifest_id, aboard = frozen(town)
    begin_run(town.house.desk, town.actor("carrier"), town.ask("carrier"), manifest_id)
    return manifest_id, aboard


def hand(town, manifest_id, shipment_id, way, **other):
    words = HandoverWords(shipment_id=shipment_id, way=way, **({"crates": 4} | other))
    return hand_over(town.house.desk, town.actor("carrier"), town.ask("carrier"), manifest_id, words)


def posted(town, account):
    with town.house.desk.store.view() as view:
        return account_balances(view, account)["posted"]


def paid_to_the_carrier(town):
    return posted(town, party_account(town.parties["carrier"]))


def in_order(town, manifest_id):
    written = read_manifest(row(town, touring.manifest, manifest_id).body)
    return [(one.shipment, one.way) for stop in written.stops for one in stop.handlings]


def test_a_frozen_tour_takes_nobody_and_lets_nobody_go(town):
    tour_id, (first, _) = confirmed(town)
    freeze_tour(town.house.desk, town.actor("operator"), town.ask("operator"), tour_id)
    assert row(town, touring.tour, tour_id).state == "frozen"
    with pytest.raises(Refusal) as late:
        joined(town, tour_id, "farm", sent(town, "farm"))
    with pytest.raises(Refusal) as gone:
        leave_tour(town.house.desk, town.actor("farm"), town.ask("farm"), first)
    assert late.value.code == gone.value.code == "tour_closed"


def test_only_a_confirmed_tour_is_frozen_and_only_by_its_operator_or_carrier(town):
    tour_id, _ = confirmed(town)
    other_operator = replace(town.actor("operator"), manages={"pty_other": Role.OPERATOR})
    for who in (town.actor("farm"), town.actor("shop"), other_operator):
        with pytest.raises(Refusal) as refused:
            freeze_tour(town.house.desk, who, town.ask("shop"), tour_id)
        assert refused.value.code == "not_allowed"
    with pytest.raises(Refusal) as early:
        freeze_tour(town.house.desk, town.actor("operator"), town.ask("operator"), proposed(town))
    assert early.value.code == "tour_closed"


def test_the_manifest_holds_the_hours_that_everybody_was_told(town):
    manifest_id, aboard = frozen(town)
    kept = row(town, touring.manifest, manifest_id)
    written = read_manifest(kept.body)
    assert written.number == f"20260912-{kept.ride_id[-7:].upper()}", "to be read aloud, no id"
    assert {one.shipment for stop in written.stops for one in stop.handlings} == set(aboard)
    plan = row(town, touring.plan, row(town, touring.tour, kept.ride_id).plan_id)
    visits = json.loads(plan.body)["visits"]
    assert in_order(town, manifest_id) == [(one["shipment"], one["way"]) for one in visits]
    assert len(written.line) > 1 and written.regime == "transporteur"


def test_a_driver_sees_its_manifest_and_a_stranger_none(town):
    manifest_id, _ = frozen(town)
    driver = Actor("mem_driver", drives=frozenset({town.parties["carrier"]}))
    with town.house.desk.store.view() as view:
        assert seen_manifest(view, driver, manifest_id).id == manifest_id
        for name in ("farm", "restaurant"):
            with pytest.raises(NotFound):
                seen_manifest(view, town.actor(name), manifest_id)


def test_a_run_ends_with_everything_delivered_and_owed_to_the_cent(town, run):
    manifest_id, aboard = run
    for shipment_id, way in in_order(town, manifest_id):
        hand(town, manifest_id, shipment_id, way)
    end_run(town.house.desk, town.actor("carrier"), town.ask("carrier"), manifest_id)
    assert {row(town, shipment, one).state for one in aboard} == {"delivered"}
    tour_id = row(town, touring.manifest, manifest_id).ride_id
    assert row(town, touring.tour, tour_id).state == "done"
    owed = -sum(posted(town, party_account(town.parties[one])) for one in ("farm", "neighbour"))
    assert owed > 0 and posted(town, tour_account(tour_id)) == 0
    fee = posted(town, fee_account(town.parties["operator"]))
    assert posted(town, party_account(town.parties["carrier"])) + fee == owed
    assert (ledger(town).sum_cents, ledger(town).unbalanced) == (0, 0)


def test_a_handover_repeated_changes_nothing(town, run):
    manifest_id, (first, _) = run
    once = hand(town, manifest_id, first, "on", receiver="Mme Rossi")
    again = hand(town, manifest_id, first, "on", crates=3, receiver="Somebody")
    stands = row(town, touring.handover, once)
    assert (again, stands.crates, stands.receiver) == (once, 4, "Mme Rossi")


def test_fewer_crates_than_agreed_are_noted_as_short_and_early_hours_are_kept(town, run):
    manifest_id, (first, _) = run
    early_at = town.clock.at
    town.clock.forward(1_700)
    noted = row(town, touring.handover, hand(town, manifest_id, first, "on", crates=3, happened_at=early_at))
    assert (noted.condition, noted.happened_at) == ("short", early_at)


def test_nothing_happens_before_the_manifest_was_frozen_or_the_eve_of_its_day(town, run):
    manifest_id, (first, _) = run
    frozen_at = row(town, touring.manifest, manifest_id).created_at
    for at in (978_307_200, frozen_at - AHEAD_S - 1):  # 2001, and just before
        with pytest.raises(Refusal) as refused:
            hand(town, manifest_id, first, "on", happened_at=at)
        assert refused.value.code == "happened_too_soon"
    noted = row(town, touring.handover, hand(town, manifest_id, first, "on", happened_at=frozen_at))
    assert noted.happened_at == frozen_at


def test_what_nobody_signed_for_says_why_and_is_owed_by_nobody_but_the_operator(town, run):
    manifest_id, aboard = run
    ways = in_order(town, manifest_id)
    with pytest.raises(Refusal) as unsaid:
        hand(town, manifest_id, aboard[0], "on", outcome="failed")
    assert unsaid.value.code == "failure_unexplained"
    for shipment_id, way in ways:
        if (shipment_id, way) == (aboard[0], "off"):
            hand(town, manifest_id, shipment_id, way, outcome="failed", note="Nobody there")
        else:
            hand(town, manifest_id, shipment_id, way)
    assert row(town, shipment, aboard[0]).state == "failed"
    end_run(town.house.desk, town.actor("carrier"), town.ask("carrier"), manifest_id)
    payer = row(town, shipment, aboard[0]).payer_id
    assert posted(town, party_account(payer)) == 0
    assert posted(town, party_account(town.parties["operator"])) < 0 < paid_to_the_carrier(town)
    tour_id = row(town, touring.manifest, manifest_id).ride_id
    assert posted(town, tour_account(tour_id)) == 0
    assert (ledger(town).sum_cents, ledger(town).unbalanced) == (0, 0)


def test_nothing_is_handed_over_that_was_not_collected_and_no_run_ends_half_noted(town, run):
    manifest_id, (first, second) = run
    with pytest.raises(Refusal) as refused:
        hand(town, manifest_id, first, "off")
    assert refused.value.code == "not_on_board" and first not in refused.value.sentence
    assert all(str(refused.value.facts[one]) in refused.value.sentence for one in ("shipper", "consignee"))
    hand(town, manifest_id, first, "on", outcome="failed", note="Not ready")
    with pytest.raises(Refusal) as missing:
        end_run(town.house.desk, town.actor("carrier"), town.ask("carrier"), manifest_id)
    assert (missing.value.code, missing.value.facts["count"]) == ("handovers_missing", 2)
    assert "the next is" in missing.value.sentence and second not in missing.value.sentence
    for way in ("on", "off"):
        hand(town, manifest_id, second, way)
    end_run(town.house.desk, town.actor("carrier"), town.ask("carrier"), manifest_id)


def test_what_is_not_on_the_manifest_or_not_yet_under_way_is_refused(town):
    manifest_id, (first, _) = frozen(town)
    with pytest.raises(Refusal) as early:
        hand(town, manifest_id, first, "on")
    assert early.value.code == "run_not_under_way"
    begin_run(town.house.desk, town.actor("carrier"), town.ask("carrier"), manifest_id)
    with pytest.raises(Refusal) as other:
        hand(town, manifest_id, sent(town, "farm"), "on")
    with pytest.raises(Refusal) as later:
        hand(town, manifest_id, first, "on", happened_at=town.clock.at + 3600)
    assert (other.value.code, later.value.code) == ("not_on_manifest", "happened_later")


def test_nobody_sets_out_with_the_manifest_of_a_cancelled_tour(town):
    manifest_id, _ = frozen(town)
    tour_id = row(town, touring.manifest, manifest_id).ride_id
    cancel_tour(town.house.desk, town.actor("operator"), town.ask("operator"), tour_id, None)
    with pytest.raises(Refusal) as refused:
        begin_run(town.house.desk, town.actor("carrier"), town.ask("carrier"), manifest_id)
    assert refused.value.code == "run_not_under_way"


def test_a_frozen_trip_takes_no_bids_and_refuses_those_that_wait(town):
    trip_id = market.announced(town)
    market.accepted(town, market.bidden(town, trip_id, market.sent(town)))
    waiting = market.bidden(town, trip_id, market.sent(town, 2))
    with pytest.raises(Refusal) as foreign:
        freeze_trip(town.house.desk, town.actor("shop"), town.ask("shop"), trip_id)
    assert foreign.value.code == "not_allowed"
    freeze_trip(town.house.desk, town.actor("farm"), town.ask("farm"), trip_id)
    assert market.the_bid(town, waiting).state == "refused"
    with pytest.raises(Refusal) as late:
        market.bidden(town, trip_id, market.sent(town, 1))
    assert late.value.code in {"trip_not_open", "not_found"}


def test_a_guest_of_a_trip_owes_its_price_once_its_crates_are_handed_over(town):
    trip_id, shipment_id = market.announced(town), market.sent(town)
    bid_id = market.bidden(town, trip_id, shipment_id)
    market.accepted(town, bid_id)
    manifest_id = freeze_trip(town.house.desk, town.actor("farm"), town.ask("farm"), trip_id)
    farm = town.actor("farm"), town.ask("farm")
    begin_run(town.house.desk, *farm, manifest_id)
    for way in ("on", "off"):
        assert posted(town, party_account(town.parties["neighbour"])) == 0
        words = HandoverWords(shipment_id=shipment_id, way=way, crates=4)
        hand_over(town.house.desk, town.actor("farm"), town.ask("farm"), manifest_id, words)
    price_cents = market.the_bid(town, bid_id).price_cents
    assert posted(town, party_account(town.parties["neighbour"])) == -price_cents < 0
    end_run(town.house.desk, town.actor("farm"), town.ask("farm"), manifest_id)
    assert market.the_trip(town, trip_id).state == "done"
    assert (ledger(town).sum_cents, ledger(town).unbalanced) == (0, 0)


def test_a_drop_of_a_trip_that_failed_is_owed_by_nobody_once_the_run_has_ended(town):
    trip_id, shipment_id = market.announced(town), market.sent(town)
    market.accepted(town, market.bidden(town, trip_id, shipment_id))
    manifest_id = freeze_trip(town.house.desk, town.actor("farm"), town.ask("farm"), trip_id)
    begin_run(town.house.desk, town.actor("farm"), town.ask("farm"), manifest_id)
    for way, outcome in (("on", "done"), ("off", "failed")):
        words = HandoverWords(shipment_id=shipment_id, way=way, crates=4, outcome=outcome, note="Shut")
        hand_over(town.house.desk, town.actor("farm"), town.ask("farm"), manifest_id, words)
    assert market.owes(town, "neighbour")["pending"] < 0
    end_run(town.house.desk, town.actor("farm"), town.ask("farm"), manifest_id)
    assert market.owes(town, "neighbour") == {"pending": 0, "posted": 0}


@pytest.mark.parametrize(
    ("form", "begins"),
    [("pdf", b"%PDF"), ("svg", b"<svg"), ("geojson", b'{"type":"FeatureCollection"'), ("html", b"<!")],
)
def test_every_paper_is_made_for_the_carrier_and_for_no_stranger(client, town, form, begins):
    manifest_id, _ = frozen(town)
    path = f"/api/v1/manifests/{manifest_id}/paper?form={form}&language=en"
    made = client.get(path, headers=town.headers("carrier"))
    assert made.status_code == 200 and made.content.startswith(begins)
    assert client.get(path, headers=town.headers("farm")).status_code == 404


def test_a_run_goes_over_the_wire(client, town):
    manifest_id, (first, _) = frozen(town)
    path, carrier = f"/api/v1/manifests/{manifest_id}", town.headers
    assert client.post(f"{path}/begin", headers=carrier("carrier")).json()["state"] == "under_way"
    wish = {"shipment": first, "way": "on", "crates": 4, "receiver": "Mme Rossi"}
    noted = client.post(f"{path}/handovers", json=wish, headers=carrier("carrier"))
    again = client.post(f"{path}/handovers", json=wish, headers=carrier("carrier"))
    assert noted.status_code == 201 and noted.json()["id"] == again.json()["id"]
    listed = client.get(f"{path}/handovers", headers=carrier("operator")).json()["items"]
    assert [one["receiver"] for one in listed] == ["Mme Rossi"]
    assert client.get("/api/v1/manifests", headers=carrier("carrier")).json()["items"][0]["id"] == manifest_id
    assert client.get("/api/v1/manifests", headers=carrier("farm")).json()["items"] == []


def test_the_web_process_typesets_nothing_until_it_is_asked():
    """Told by the process of the tests that has imported all that a web process does."""
    loaded = set(ran("import sys; print(*sys.modules)").stdout.split())
    assert "api.commands.serving" in loaded and "typst" not in loaded


@pytest.mark.parametrize(("hours", "may"), [(30.5, False), (29.5, True)])
def test_nobody_sets_out_before_the_day_before(town, hours, may):
    """The run is on Saturday from 06:00: not on Thursday at 23:30, at 00:30 on Friday it may."""
    manifest_id, _ = frozen(town)
    town.clock.at = MORNING - int(hours * 3600)
    carrier = town.actor("carrier"), town.ask("carrier"), manifest_id
    if may:
        assert begin_run(town.house.desk, *carrier) == manifest_id
        return
    with pytest.raises(Refusal) as early:
        begin_run(town.house.desk, *carrier)
    assert early.value.code == "ride_far_ahead" and "2026-09-12" in early.value.sentence
