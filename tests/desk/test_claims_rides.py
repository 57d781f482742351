"""Claims on tours, on rides found anew, and in communities: terms go along, and an operator may decide."""

import json

import pytest

from geodata.refusal import Refusal
from pooling.claims.cover import COVER_VERSION
from pooling.desk.claims.deciding import answer_claim, pass_unanswered
from pooling.desk.claims.opening import ClaimWords, open_claim, seen_claim
from pooling.desk.market.bids import place_bid
from pooling.desk.market.other_ways import Taking, take_other_way
from pooling.desk.market.placing import BidTerms
from pooling.desk.market.rematching import rematch_freed
from pooling.desk.people.trust import trust_in
from pooling.desk.runs.departing import name_vehicle
from pooling.desk.runs.freezing_rides import freeze_tour
from pooling.desk.runs.handovers import begin_run, end_run
from pooling.desk.tours.sign_ups import join_tour
from pooling.desk.tours.tour_planning import plan_tour
from pooling.desk.trips.trips import cancel_trip
from pooling.store import Page
from pooling.store.bids import bids_by_id
from pooling.store.claims import find_claim, list_claims
from pooling.store.rows import NotFound
from pooling.store.statements import balances_with
from tests.desk import market, touring
from tests.desk.circle import founded, posted
from tests.desk.claiming import Ride
from tests.desk.somebodys import claimed
from tests.desk.test_rematching import another, done, matches
from tests.desk.test_runs import hand

DECLARED = 12_000


def refused(do):
    with pytest.raises(Refusal) as refusal:
        do()
    return refusal.value.code


def test_a_tours_carrier_pays_what_it_held_and_nobody_else_aboard(town):
    tour = touring.proposed(town)
    declared = touring.sent(town, "neighbour", declared_value_cents=DECLARED)
    desk, who = town.house.desk, town.actor("neighbour")
    touring.joined(town, tour, "farm", touring.sent(town, "farm"))
    assert (
        refused(lambda: join_tour(desk, who, town.ask("neighbour"), tour, declared)) == "cover_not_accepted"
    )
    plain = refused(lambda: join_tour(desk, who, town.ask("neighbour"), tour, declared))
    assert plain == "cover_not_accepted"
    join_tour(desk, who, town.ask("neighbour"), tour, declared, COVER_VERSION)
    plan_tour(desk, tour, touring.Watch(), search_s=0.0)
    carrier = town.actor("carrier")
    manifest = freeze_tour(desk, carrier, town.ask("carrier"), tour)
    name_vehicle(desk, carrier, town.ask("carrier"), manifest, "AB-123-CD")
    begin_run(desk, carrier, town.ask("carrier"), manifest)
    for way in ("on", "off"):
        for one in (declared, *others(town, tour, declared)):
            seen = {"damaged": 1, "condition": "damaged"} if (one, way) == (declared, "off") else {}
            hand(town, manifest, one, way, **seen)
    end_run(desk, carrier, town.ask("carrier"), manifest)
    before = {name: market.owes(town, name)["posted"] for name in town.parties}
    claim = open_claim(desk, who, town.ask("neighbour"), declared, ClaimWords("damaged", 1))
    answer_claim(desk, carrier, town.ask("carrier"), claim, None, accepts=True)
    after = {name: market.owes(town, name)["posted"] for name in town.parties}
    moved = {name: after[name] - before[name] for name in after if after[name] != before[name]}
    assert moved == {"carrier": -DECLARED // 4, "neighbour": DECLARED // 4}
    assert market.books(town).sum_cents == 0


def others(town, tour, declared):
    with town.house.desk.store.view() as view:
        rows = view.connection.execute(touring.sign_up.select().where(touring.sign_up.c.tour_id == tour))
        return [row.shipment_id for row in rows if row.shipment_id != declared]


def test_a_ride_found_anew_keeps_the_terms_that_were_accepted(town):
    another(town, instant=True)
    trip = market.announced(town)
    shipment = market.sent(town, 4, declared_value_cents=DECLARED)
    desk, who = town.house.desk, town.actor("neighbour")
    terms = BidTerms(cover=COVER_VERSION)
    market.accepted(town, place_bid(desk, who, town.ask("neighbour"), trip, shipment, 5_000, terms))
    done(town, cancel_trip, trip, "farm")
    assert rematch_freed(desk) == 1
    (row,) = matches(town)
    (new,) = market.read(town, bids_by_id, json.loads(row.bids))
    assert (new.state, new.cover_version) == ("accepted", COVER_VERSION)


def test_an_alternative_for_declared_crates_is_taken_by_the_terms_too(town):
    trip = market.announced(town)
    shipment = market.sent(town, 4, declared_value_cents=DECLARED)
    row = market.the_shipment(town, shipment)
    hours = {name: getattr(row, name) for name in ("ready_at", "pickup_by_at", "deliver_from_at")}

    def take(crates, cover):
        taking = Taking("trip", trip, 5_000, crates, **hours, deliver_by_at=row.deliver_by_at, cover=cover)
        who = town.actor("neighbour")
        return take_other_way(town.house.desk, who, town.ask("neighbour"), shipment, None, taking)

    assert refused(lambda: take(4, "")) == "other_way_gone"
    bid = take(3, COVER_VERSION)
    assert market.the_bid(town, bid).cover_version == COVER_VERSION
    assert market.the_shipment(town, shipment).declared_value_cents == DECLARED * 3 // 4


def test_an_operator_sees_of_a_community_only_the_claims_that_are_laid_before_it(town):
    """The rides of a community exist for its members; who asks an operator to decide shows it the claim."""
    claim = claimed(town, market.sent(town), "neighbour", "farm", on=hidden_trip(town))
    operator = town.actor("operator")
    with town.house.desk.seen_by(operator.parties).store.view() as view:
        assert list_claims(view, None, Page())[0] == []
        with pytest.raises(NotFound):
            seen_claim(view, operator, claim)
    farm = town.actor("farm")
    answer_claim(town.house.desk, farm, town.ask("farm"), claim, None, accepts=False, note="Not ours")
    with town.house.desk.seen_by(operator.parties).store.view() as view:
        assert [one.id for one in list_claims(view, None, Page())[0]] == [claim]
        assert seen_claim(view, operator, claim).state == "with_operator"
    assert market.read(town, find_claim, claim).answer == "disputed"


def hidden_trip(town):
    """Announce a trip of the farm's for the members of its community."""
    return posted(town, founded(town))


def test_a_claim_goes_its_way_on_either_database(market):
    ride = Ride(market).delivered(off=5, lost=1)
    lost = ride.claim("missing", 1)
    ride.answer(lost, accepts=False, note="Never there")
    ride.decide(lost)
    silent = ride.claim("damaged", 1)
    assert ride.moved() == {"farm": -DECLARED // 6, "neighbour": DECLARED // 6}
    with market.house.desk.store.view() as view:
        record = trust_in(view, market.parties["farm"])[1]
        rows, _ = list_claims(view, [market.parties["farm"]], Page())
        owed = balances_with(view, market.parties["neighbour"])
    assert (record.claims_unanswered, record.claims_lost) == (0, 1)
    assert [one.id for one in rows] == [lost] and ride.row(silent).fault_id is None
    assert set(owed) == {market.parties["farm"]}
    assert pass_unanswered(market.house.desk) == 0
