"""Custody at the desk and on the wire: partly delivered, passed on, corrected, proven, paid as signed."""

from base64 import b64encode

import pytest

from geodata.refusal import Refusal
from pooling.desk.runs import photos
from pooling.desk.runs.correcting import CORRECTED_WITHIN_DAYS, CorrectionWords, correct_handover
from pooling.desk.runs.custody import PassWords, pass_on, seen_custody
from pooling.desk.runs.freezing_rides import freeze_trip
from pooling.desk.runs.handovers import HandoverWords, begin_run, end_run, hand_over
from pooling.desk.runs.photos import send_photo
from pooling.desk.runs.recording import AHEAD_S
from pooling.files.photo import PHOTOS_DAYS
from pooling.manifest import most_room
from pooling.runs.manifest_json import read_manifest
from pooling.runs.proof import TRIES_LIMIT
from pooling.store import touring
from pooling.store.ledger import account_balances, party_account, tour_account
from pooling.store.manifests import find_handover
from pooling.store.rows import NotFound
from tests.desk import market
from tests.desk.touring import frozen, ledger, row

CRATES = 6


class Run:
    """Hold a trip of the farm's under way, with six crates of the neighbour's for the restaurant."""

    def __init__(self, town):
        self.town, self.trip = town, market.announced(town)
        self.shipment = market.sent(town, CRATES)
        self.bid = market.accepted(town, market.bidden(town, self.trip, self.shipment))
        self.price_cents = market.the_bid(town, self.bid).price_cents
        self.manifest = self.did(freeze_trip, self.trip)
        self.did(begin_run, self.manifest)

    def did(self, change, *words, who="farm"):
        self.town.clock.forward(60)
        return change(self.town.house.desk, self.town.actor(who), self.town.ask(who), *words)

    def hand(self, way, crates=CRATES, **other):
        words = HandoverWords(shipment_id=self.shipment, way=way, crates=crates, **other)
        return self.did(hand_over, self.manifest, words)

    def passed(self, way, crates, who="farm", **other):
        return self.did(pass_on, self.shipment, PassWords(way=way, crates=crates, **other), who=who)

    def corrected(self, handover, crates, who="farm", **other):
        words = CorrectionWords(crates=crates, **{"note": "Counted again"} | other)
        return self.did(correct_handover, handover, words, who=who)

    def agreed(self, handover, crates, who="restaurant", **other):
        """Correct with the word of who faced the driver."""
        return self.corrected(handover, crates, code=self.seen(who).agreeing[handover], **other)

    def end(self):
        self.did(end_run, self.manifest)

    def note(self, handover):
        return market.read(self.town, find_handover, handover)

    def seen(self, who="farm"):
        with self.town.house.desk.store.view() as view:
            return seen_custody(view, self.town.actor(who), self.shipment)

    @property
    def held(self):
        names = {party: name for name, party in self.town.parties.items()} | {"": "outside"}
        return {names[party]: crates for party, crates in self.seen().custody.held.items()}

    @property
    def owed(self):
        return -market.owes(self.town, "neighbour")["posted"]

    @property
    def state(self):
        return market.the_shipment(self.town, self.shipment).state

    def refused(self, do):
        with pytest.raises(Refusal) as refused:
            do()
        return refused.value.code


@pytest.fixture
def run(town):
    return Run(town)


def test_four_of_six_are_signed_for_and_two_come_back(town, run):
    run.hand("on")
    told = run.note(run.hand("off", 4, reason="refused", receiver="Ana"))
    assert (told.condition, told.outcome) == ("short", "done")
    assert (told.reason, told.next_step) == ("refused", "bring_back")
    assert (run.held, run.state, run.owed) == ({"farm": 2, "restaurant": 4}, "delivered", 0)
    run.end()
    assert run.owed == run.price_cents * 4 // 6
    run.passed("back", 2)
    assert run.held == {"neighbour": 2, "restaurant": 4}
    assert (run.owed, market.owes(town, "neighbour")["pending"]) == (run.price_cents * 4 // 6, 0)
    assert (ledger(town).sum_cents, ledger(town).unbalanced) == (0, 0)


def test_what_is_signed_for_after_the_run_is_owed_then(town, run):
    run.hand("on")
    run.hand("off", 0, reason="nobody_there", next_step="try_again", next_day="2026-09-14")
    run.end()
    assert (run.state, run.owed, run.held) == ("failed", 0, {"farm": 6})
    run.passed("again", 5)
    assert (run.state, run.owed) == ("delivered", run.price_cents * 5 // 6)
    run.passed("left", 1, receiver="Boulangerie Sandri")
    assert run.held == {"restaurant": 5, "outside": 1}
    assert ledger(town).sum_cents == 0


def test_a_correction_is_a_record_of_its_own_and_moves_what_is_owed(town, run):
    run.hand("on")
    wrong = run.hand("off")
    assert run.owed == run.price_cents
    right = run.corrected(wrong, 5)
    assert (run.owed, run.held) == (run.price_cents * 5 // 6, {"farm": 1, "restaurant": 5})
    assert (run.note(wrong).crates, run.note(right).corrects) == (6, wrong)
    assert run.refused(lambda: run.corrected(wrong, 6)) == "corrected_before"
    assert run.refused(lambda: run.corrected(right, 6, note="")) == "correction_unexplained"
    assert run.note(run.agreed(right, 6)).proven
    assert run.owed == run.price_cents
    run.end()
    assert run.owed == run.price_cents
    assert run.hand("off", 3) == wrong


def test_a_correction_keeps_its_place_among_the_hours(town, run):
    taken = run.hand("on")
    dropped = run.hand("off")
    on_at, off_at = (run.note(one).happened_at for one in (taken, dropped))
    wrong = {taken: off_at + AHEAD_S + 60, dropped: on_at - AHEAD_S - 60}
    town.clock.forward(3600)
    for one, at in wrong.items():
        assert run.refused(lambda one=one, at=at: run.corrected(one, 6, happened_at=at)) == "happened_before"
    assert run.refused(lambda: run.corrected(taken, 6, happened_at=978_307_200)) == "happened_too_soon"
    assert run.note(run.corrected(dropped, 6, happened_at=off_at + 60)).happened_at == off_at + 60


def test_a_pickup_is_corrected_only_to_what_was_handed_on(town, run):
    taken = run.hand("on")
    dropped = run.hand("off")
    assert run.refused(lambda: run.agreed(taken, 5, "neighbour")) == "handed_on_before"
    run.corrected(dropped, 5)
    assert run.refused(lambda: run.corrected(taken, 5)) == "correction_unagreed"
    run.agreed(taken, 5, "neighbour")
    assert run.held == {"neighbour": 1, "restaurant": 5}


def test_nobody_forges_by_a_correction_what_a_code_proved(town, run):
    run.hand("on")
    first = run.hand("off", 1, code=run.seen("restaurant").codes["off"])
    run.end()
    owed = run.owed
    assert run.note(first).proven and owed == run.price_cents // 6
    code = run.seen("restaurant").codes.get("off", "")
    for said in ({}, {"receiver": "Chef"}):
        assert run.refused(lambda said=said: run.corrected(first, 6, **said)) == "correction_unagreed"
    assert run.refused(lambda: run.corrected(first, 0, reason="refused")) == "correction_unagreed"
    agreeing = run.seen("restaurant").agreeing[first]
    assert code != agreeing and first not in run.seen("farm").agreeing | run.seen("neighbour").agreeing
    wrong = f"{(int(agreeing) + 1) % 10_000:04d}"
    assert run.refused(lambda: run.corrected(first, 6, code=wrong)) == "code_wrong"
    assert run.owed == owed
    second = run.note(run.agreed(first, 6))
    assert (second.proven, run.owed) == (True, run.price_cents)
    neutral = run.corrected(second.id, 6, temperature_tenths=40)
    assert not run.note(neutral).proven, "what nobody said again is not proven"


def test_an_operator_without_a_part_corrects_and_whoever_carried_only_for_some_days(town, run):
    run.hand("on")
    noted = run.hand("off", 3)
    run.end()
    town.clock.forward(CORRECTED_WITHIN_DAYS * 86_400 + 1)
    assert run.refused(lambda: run.corrected(noted, 2)) == "correction_late"
    run.corrected(noted, 5, who="operator")
    assert run.owed == run.price_cents * 5 // 6


def test_a_correction_keeps_what_it_does_not_speak_of(town, run):
    run.hand("on")
    noted = run.hand("off", empties={"ambient": 2}, temperature_tenths=38, lat=43.7, lon=7.4)
    right = run.note(run.corrected(noted, 5))
    assert (right.empties, right.temperature_tenths, right.lat) == ('{"ambient": 2}', 38, 43.7)
    assert run.note(run.corrected(right.id, 5, says_empties=True)).empties == ""


def test_nobody_hands_over_what_it_does_not_hold(town, run):
    assert run.refused(lambda: run.hand("on", 7)) == "more_than_held"
    assert run.refused(lambda: run.passed("back", 1)) == "not_the_holder"
    run.hand("on", 5)
    assert run.refused(lambda: run.hand("off", 6)) == "more_than_held"
    assert run.refused(lambda: run.hand("off", 3, damaged=9)) == "damaged_more_than_there"
    run.hand("off", 4, lost=1)
    found = run.seen().custody
    assert (dict(found.held), found.lost) == (
        {town.parties["neighbour"]: 1, town.parties["restaurant"]: 4},
        1,
    )


def test_the_order_is_that_of_the_hours_and_phones_may_differ_a_little(town, run):
    now_at = town.clock.at
    run.hand("on", happened_at=now_at)
    assert run.refused(lambda: run.hand("off", happened_at=now_at - AHEAD_S - 60)) == "happened_before"
    told = run.note(run.hand("off", happened_at=now_at - 60))
    assert told.happened_at == now_at < told.created_at


def test_reasons_belong_to_their_stop(town, run):
    assert run.refused(lambda: run.hand("on", 0, reason="missing")) == "reason_out_of_place"
    assert run.refused(lambda: run.hand("on", 0)) == "failure_unexplained"
    run.hand("on")
    assert run.refused(lambda: run.passed("left", 1)) == "nobody_named"
    assert run.note(run.hand("off", 0, note="Shut")).reason == "other"


def test_a_code_proves_who_was_there_and_a_wrong_one_is_refused_a_few_times(town, run):
    run.hand("on")
    code = run.seen("restaurant").codes["off"]
    assert run.seen("farm").codes == {} and "off" not in run.seen("neighbour").codes
    wrong = [f"{(int(code) + n) % 10_000:04d}" for n in range(1, TRIES_LIMIT + 1)]
    for _ in range(TRIES_LIMIT + 1):  # the same wrong code, sent again, counts once
        assert run.refused(lambda: run.hand("off", code=wrong[0])) == "code_wrong"
    assert run.note(run.hand("off", code=code)).proven
    other = Run(town)
    for one in wrong:
        other.refused(lambda one=one: other.hand("on", code=f"{one[::-1]}x"))
    assert other.refused(lambda: other.hand("on", code="1")) == "code_spent"
    assert not other.note(other.hand("on", receiver="Ana")).proven


def test_who_sees_a_custody_and_what_of_it(town, run):
    run.hand("on", receiver="Ana")
    for who in ("farm", "neighbour", "restaurant", "operator"):
        assert len(run.seen(who).records) == 1
    for who in ("shop", "carrier"):
        with pytest.raises(NotFound):
            run.seen(who)
        assert run.refused(lambda who=who: run.passed("back", 1, who=who)) == "not_found"
    assert run.refused(lambda: run.passed("back", 1, who="neighbour")) == "not_allowed"
    (noted,) = run.seen().records
    assert run.refused(lambda: run.corrected(noted.id, 1, who="neighbour")) == "not_found"


def test_a_tours_missing_share_is_the_operators_until_it_is_signed_for(town):
    manifest, (first, second) = frozen(town)

    def posted(account):
        with town.house.desk.store.view() as view:
            return account_balances(view, account)["posted"]

    def did(change, *words):
        town.clock.forward(60)
        return change(town.house.desk, town.actor("carrier"), town.ask("carrier"), *words)

    did(begin_run, manifest)
    tour = row(town, touring.manifest, manifest).ride_id
    for shipment, way, crates in ((first, "on", 4), (second, "on", 4), (first, "off", 4), (second, "off", 1)):
        did(hand_over, manifest, HandoverWords(shipment_id=shipment, way=way, crates=crates))
    did(end_run, manifest)
    farms = {name: posted(party_account(town.parties[name])) for name in ("farm", "neighbour")}
    fronted = posted(party_account(town.parties["operator"]))
    assert fronted < 0 == posted(tour_account(tour))
    carrier = posted(party_account(town.parties["carrier"]))
    did(pass_on, second, PassWords(way="again", crates=3))
    assert posted(party_account(town.parties["operator"])) == 0
    assert posted(party_account(town.parties["carrier"])) == carrier
    assert sum(farms.values()) + fronted == sum(posted(party_account(town.parties[one])) for one in farms)
    assert (ledger(town).sum_cents, ledger(town).unbalanced) == (0, 0)


def test_custody_goes_over_the_wire_without_a_price(client, town, run):
    path = f"/api/v1/manifests/{run.manifest}/handovers"
    wish = {
        "shipment": run.shipment,
        "way": "on",
        "crates": 5,
        "reason": "not_ready",
        "temperature_tenths": 95,
    }
    wish |= {"lat": 43.7383, "lon": 7.3922, "empties": {"ambient": 2}}
    noted = client.post(path, json=wish, headers=town.headers("farm")).json()
    assert (noted["fault"], noted["too_warm"], noted["empties"]) == ("sender", False, {"ambient": 2})
    seen = client.get(f"/api/v1/shipments/{run.shipment}/custody", headers=town.headers("restaurant"))
    assert {one["party"]: one["crates"] for one in seen.json()["holders"]} == {
        town.parties["farm"]: 5,
        town.parties["neighbour"]: 1,
    }
    assert "cents" not in seen.text and list(seen.json()["codes"]) == ["off"]
    assert seen.json()["agreeing"] == {}, "the pickup is the sender's to agree to"
    right = {"crates": 6, "note": "All were there"}
    path = f"/api/v1/handovers/{noted['id']}/corrections"
    assert client.post(path, json=right, headers=town.headers("shop")).status_code == 404
    assert client.post(path, json=right, headers=town.headers("farm")).json()["corrects"] == noted["id"]
    assert (
        noted["empties"]
        == client.get(f"/api/v1/shipments/{run.shipment}/custody", headers=town.headers("farm")).json()[
            "records"
        ][1]["empties"]
    )
    back = {"way": "back", "crates": 6}
    path = f"/api/v1/shipments/{run.shipment}/passes"
    assert client.post(path, json=back, headers=town.headers("farm")).json()["number"] == 3


def test_no_more_empties_ride_than_the_van_has_room_for(town, run):
    run.hand("on")
    room = most_room(read_manifest(row(town, touring.manifest, run.manifest).body))
    too_many = run.refused(lambda: run.hand("off", 2, reason="refused", empties={"ambient": room - 3}))
    assert too_many == "empties_too_many", "four crates stay on board"
    noted = run.hand("off", 2, reason="refused", empties={"ambient": room - 4})
    assert run.note(noted).empties


def test_crates_that_were_passed_on_while_the_run_lasts_ask_for_no_handover_at_their_drop(town, run):
    run.hand("on")
    run.passed("back", 4)
    assert run.refused(run.end) == "handovers_missing"
    run.passed("again", 2)
    run.end()
    assert run.held == {"neighbour": 4, "restaurant": 2}
    assert (run.state, run.owed) == ("delivered", run.price_cents * 2 // 6)


def test_the_next_ride_is_told_how_many_empties_to_bring_back(client, town, run):
    run.hand("on")
    run.hand("off", CRATES, empties={"ambient": 2})
    run.end()
    path = "/api/v1/empties?limit=1"
    (mine,) = client.get(path, headers=town.headers("restaurant")).json()["items"]
    assert (mine["owner"], mine["crates"]) == (town.parties["neighbour"], 4)
    first = client.get(path, headers=town.headers("neighbour")).json()
    rest = client.get(f"{path}&after={first['next']}", headers=town.headers("neighbour")).json()
    assert {one["crates"] for one in (*first["items"], *rest["items"])} == {4, 2} and rest["next"] == ""
    assert client.get(path, headers=town.headers("shop")).json()["items"] == []
    path = f"/api/v1/manifests/{Run(town).manifest}"
    stops = client.get(path, headers=town.headers("farm")).json()["stops"]
    assert [one["empties"] for one in stops if one["empties"]] == [{"ambient": 4}]


def test_a_carrier_keeps_so_many_photos_of_a_month_and_the_same_one_again_is_no_more(town, run, monkeypatch):
    monkeypatch.setattr(photos, "PHOTOS_LIMIT", 2)
    taken = [b"\xff\xd8" + b"\xff\xda\0\x06scan" + b"picture%d\xff\xd9" % number for number in range(3)]

    def sent(number):
        return send_photo(town.house.desk, town.actor("farm"), town.ask("farm"), run.manifest, taken[number])

    assert sent(0) == sent(0) != sent(1) == sent(1)
    assert run.refused(lambda: sent(2)) == "too_many_photos"
    town.clock.forward(PHOTOS_DAYS * 24 * market.HOUR + 1)
    assert sent(2)


def test_a_photo_is_kept_once_and_seen_by_whoever_sees_its_handover(client, town, run):
    plain = b"\xff\xd8" + b"\xff\xda\0\x06scan" + b"picture\xff\xd9"
    taken = plain[:2] + b"\xff\xe1\0\x06GPS!" + plain[2:]
    path, wish = f"/api/v1/manifests/{run.manifest}/photos", {"content": b64encode(taken).decode()}
    first, again = (client.post(path, json=wish, headers=town.headers("farm")).json() for _ in range(2))
    assert first == again
    assert client.post(path, json=wish, headers=town.headers("shop")).status_code == 404
    assert run.refused(lambda: run.hand("on", photo="0" * 64)) == "not_found"
    noted = run.hand("on", photo=first["photo"])
    seen = client.get(f"/api/v1/handovers/{noted}/photo", headers=town.headers("restaurant"))
    assert (seen.content, seen.headers["content-type"]) == (plain, "image/jpeg")
    assert client.get(f"/api/v1/handovers/{noted}/photo", headers=town.headers("shop")).status_code == 404
