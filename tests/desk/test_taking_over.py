"""Crates change vans on the road: one holder each, both manifests carry it, what was agreed stands."""

import pytest

from api.rates import VAN_CODES_PER_MINUTE
from geodata.refusal import Refusal
from pooling.desk.runs.checking import check_house
from pooling.desk.runs.codes import van_code
from pooling.desk.runs.custody import seen_custody
from pooling.desk.runs.departing import name_vehicle, seen_papers
from pooling.desk.runs.freezing_rides import freeze_tour
from pooling.desk.runs.handovers import HandoverWords, begin_run, end_run, hand_over
from pooling.desk.runs.repairing_runs import RepairWords, repair_manifest
from pooling.desk.runs.taking_over import TakeOverWords, take_over
from pooling.runs.manifest_json import read_manifest
from pooling.runs.repairing import too_late
from pooling.store.people import member, membership, party
from pooling.store.rows import NotFound, added
from pooling.store.touring import manifest, sign_up
from tests.desk.carrying import FAR
from tests.desk.touring import confirmed, frozen, ledger, row

CRATES = 4
PAPERS = {"address": "3 quai Antoine, Monaco", "siren": "552100554", "licence": "LTI-2"}


class TwoVans:
    """Hold two tours under way on one morning: the carrier's, loaded at two farms, and another carrier's."""

    def __init__(self, town, later_s=8 * 3600, **other):
        self.town = town
        self.other = town.house.desk.store.change(self._another_carrier)
        tour_id, ups = confirmed(town, carrier_id=self.other, **other)
        self.taker = self.did(freeze_tour, tour_id, who="other")
        self.did(name_vehicle, self.taker, "CD-456-EF", who="other")
        self.own = [row(town, sign_up, one).shipment_id for one in ups]
        self.giver, self.loads = frozen(town)
        town.clock.at = row(town, manifest, self.giver).created_at + later_s
        for name, run in (("carrier", self.giver), ("other", self.taker)):
            self.did(begin_run, run, who=name)
        for one in self.loads:
            self.hand(self.giver, one, "on")

    def _another_carrier(self, tx):
        town = self.town
        until = {"vetted": True, "licence_until": FAR}
        town.parties["other"] = added(tx, party, "pty", name="Other", role="carrier", **PAPERS, **until)
        words = {"email": "other@example.org", "name": "Otto", "unsubscribe_token": "leave-other"}
        town.members["other"] = added(tx, member, "mem", **words)
        both = {"member_id": town.members["other"], "party_id": town.parties["other"]}
        tx.connection.execute(membership.insert().values(**both, created_at=tx.now_at))
        return town.parties["other"]

    def did(self, change, *words, who="carrier"):
        self.town.clock.forward(60)
        return change(self.town.house.desk, self.town.actor(who), self.town.ask(who), *words)

    def hand(self, run, shipment, way, who="carrier", crates=CRATES):
        words = HandoverWords(shipment_id=shipment, way=way, crates=crates)
        return self.did(hand_over, run, words, who=who)

    def code(self, run):
        with self.town.house.desk.store.view() as view:
            return van_code(view, run)

    def over(self, way="give", **words):
        own, other = (self.giver, self.taker) if way == "give" else (self.taker, self.giver)
        said = TakeOverWords(
            **{"way": way, "code": self.code(other), "note": "Gearbox", "anyway": True} | words
        )
        return self.did(take_over, own, said, who="carrier" if way == "give" else "other")

    def stands(self, run):
        return read_manifest(row(self.town, manifest, run).body)

    def held(self, shipment):
        with self.town.house.desk.store.view() as view:
            names = {party_id: name for name, party_id in self.town.parties.items()}
            seen = seen_custody(view, self.town.actor("operator"), shipment).custody
        return {names[one]: crates for one, crates in seen.held.items()}

    def refused(self, do):
        with pytest.raises(Refusal) as refused:
            do()
        return refused.value.code


@pytest.fixture
def vans(town):
    return TwoVans(town)


def drops(written):
    return [one.shipment for stop in written.stops for one in stop.handlings if one.way == "off"]


def test_vans_that_meet_on_the_eve_make_nothing_late(town):
    vans = TwoVans(town, later_s=3600)
    vans.over(anyway=False)
    given, taken = vans.stands(vans.giver), vans.stands(vans.taker)
    met = [next(stop for stop in one.stops if stop.site == given.vehicle) for one in (given, taken)]
    assert [(one.begins, one.next_day) for one in met] == [(given.departs, ()), (taken.departs, ())]
    assert not too_late(taken, frozenset())


def test_a_broken_vans_crates_ride_on_with_another_and_are_paid_as_agreed(town, vans):
    numbers = {stop.code: stop.site for stop in vans.stands(vans.taker).stops}
    vans.over(lat=43.7400, lon=7.4000)
    assert all(vans.held(one) == {"other": CRATES} for one in vans.loads)
    given, taken = vans.stands(vans.giver), vans.stands(vans.taker)
    assert (given.edition, taken.edition) == (2, 2)
    assert (given.why, taken.why) == (
        "crates went over to another van",
        "crates came over from another van",
    )
    assert set(drops(taken)) == {*vans.own, *vans.loads}
    assert numbers.items() <= {stop.code: stop.site for stop in taken.stops}.items()
    assert given.stops[-1].on_board.ambient_crates == taken.stops[-1].on_board.ambient_crates == 0
    assert max(stop.on_board.ambient_crates for stop in taken.stops) == 4 * CRATES
    vans.did(end_run, vans.giver)
    assert not any(one == "neighbour" for one in vans.held(vans.loads[0]))
    for one in vans.own:
        vans.hand(vans.taker, one, "on", "other")
    for one in (*vans.loads, *vans.own):
        vans.hand(vans.taker, one, "off", "other")
    vans.did(end_run, vans.taker, who="other")
    assert all(vans.held(one) == {"restaurant": CRATES} for one in (*vans.loads, *vans.own))
    assert (ledger(town).sum_cents, ledger(town).unbalanced) == (0, 0)
    with town.house.desk.store.view() as view:
        assert check_house(view).broken == ()
        papers = seen_papers(view, town.actor("other"), vans.taker)
    written = {one.shipment: one for one in papers}
    assert set(written) == {*vans.own, *vans.loads}
    assert written[vans.loads[0]].value("carrier") == "Other"
    assert written[vans.loads[0]].value("unloaded")


def test_whoever_takes_may_note_it_and_some_stay_with_the_other(town, vans):
    first, second = vans.loads
    vans.over(counted={first: CRATES})
    assert (vans.held(first), vans.held(second)) == ({"other": CRATES}, {"carrier": CRATES})
    assert drops(vans.stands(vans.giver)).count(second) == 1
    vans.over("take")
    assert vans.held(second) == {"other": CRATES}
    assert vans.stands(vans.taker).edition == 3
    assert vans.refused(lambda: vans.over("take")) == "nothing_to_take_over"
    with town.house.desk.store.view() as view:
        seen = seen_custody(view, town.actor("carrier"), first)
        assert [one.way for one in seen.records] == ["on", "over"]
        with pytest.raises(NotFound):
            seen_custody(view, town.actor("carrier"), vans.own[0])


def test_what_is_missing_is_said_and_a_shipment_goes_over_whole(town, vans):
    first = vans.loads[0]
    assert vans.refused(lambda: vans.over(counted={first: 3})) == "taken_over_whole"
    assert vans.refused(lambda: vans.over(counted={first: 5})) == "taken_over_whole"
    vans.over(counted={first: 3}, missing_lost=True)
    assert vans.held(first) == {"other": 3}
    assert {one.crates for stop in vans.stands(vans.taker).stops for one in stop.handlings} == {3, 4}
    vans.hand(vans.taker, first, "off", "other", crates=3)
    assert vans.held(first) == {"restaurant": 3}


def test_only_a_van_under_way_that_agreed_and_has_room_takes_crates(town, vans):
    assert vans.refused(lambda: vans.over(code="12345678")) == "van_code_wrong"
    assert vans.refused(lambda: vans.over(code=vans.code(vans.giver))) == "van_code_wrong"
    assert vans.refused(lambda: vans.over(counted={vans.own[0]: 4})) == "nothing_to_take_over"
    with pytest.raises(NotFound):
        vans.did(take_over, vans.taker, TakeOverWords("give", vans.code(vans.giver)), who="farm")


def test_a_van_without_room_takes_nothing(town):
    vans = TwoVans(town, ambient_crates=9)
    assert vans.refused(vans.over) == "no_room_to_take_over"
    assert all(vans.held(one) == {"carrier": CRATES} for one in vans.loads)


def test_a_run_that_took_crates_over_is_repaired_as_any_other(town, vans):
    vans.over()
    before = vans.stands(vans.taker)
    words = RepairWords("late", minutes=300, anyway=True)
    vans.did(repair_manifest, vans.taker, words, who="other")
    after = vans.stands(vans.taker)
    assert [stop.number for stop in after.stops] == [stop.number for stop in before.stops]
    met = next(
        stop for stop in after.stops if len(stop.handlings) == 2 and stop.handlings[0].shipment in vans.loads
    )
    assert met.begins == next(stop.begins for stop in before.stops if stop.number == met.number)
    assert after.stops[-1].begins > before.stops[-1].begins


def test_codes_of_vans_are_not_guessed_at_a_machines_speed(client, town):
    path, headers = "/api/v1/manifests/mnf_01hg0000abcd/take-overs", town.headers("carrier")
    asked = [client.post(path, json={}, headers=headers).status_code for _ in range(VAN_CODES_PER_MINUTE + 1)]
    assert 429 not in asked[:-1] and asked[-1] == 429
