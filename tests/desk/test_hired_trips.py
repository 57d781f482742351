"""Trips for hire are for carriers vetted on the day; blocked pairs share no tour either."""

from datetime import date

import pytest

from geodata.refusal import Refusal
from pooling.desk.carriers.dossiers import suspend_carrier
from pooling.desk.market.offers import find_offers
from pooling.desk.people.parties import PartyWords, Vetting, change_party, vet_party
from pooling.desk.people.trust import block_party
from pooling.desk.runs.freezing_rides import freeze_trip
from pooling.desk.trips.trips import announce_trip
from pooling.regimes import Regime
from pooling.store.tours import find_sign_up
from tests.desk import market, touring
from tests.desk.carrying import active, carrier, did

LATER = PartyWords("Carrier", "", "LTI-8", "fr")


def refused(do, *words):
    with pytest.raises(Refusal) as caught:
        do(*words)
    return caught.value.code


@pytest.fixture
def hired(town):
    """A carrier's trip for hire with the neighbour's crates aboard; returns the trip and the bid."""
    active(town)
    words = market.trip_words(town, owner="carrier", regime=Regime.TRANSPORTEUR)
    trip = announce_trip(town.house.desk, town.actor("carrier"), town.ask("carrier"), words)
    shipment = market.sent(town)
    bid = market.accepted(town, market.bidden(town, trip, shipment), "carrier")
    return trip, shipment, bid


def test_the_trips_of_a_carrier_that_is_suspended_are_cancelled_and_their_guests_are_free(town, hired):
    trip, shipment, bid = hired
    did(town, suspend_carrier, "operator", carrier(town), None, "insurance forged")
    assert market.the_trip(town, trip).state == "cancelled"
    assert (
        market.the_bid(town, bid).state == "refused" and market.the_shipment(town, shipment).state == "open"
    )
    assert market.sold(town, trip) == [0, 0, 0] and market.books(town).sum_cents == 0
    words = market.trip_words(town, owner="carrier", regime=Regime.TRANSPORTEUR)
    assert refused(did, town, announce_trip, "carrier", words) == "not_vetted_for_hire"


def test_the_short_way_of_taking_a_vetting_back_ends_them_too(town, hired):
    trip, _, _ = hired
    did(town, vet_party, "operator", carrier(town), None, Vetting(False, "LTI-1", date(2030, 12, 31)))
    assert market.the_trip(town, trip).state == "cancelled"


def test_a_carrier_whose_licence_is_looked_at_anew_takes_nobody_and_sets_out_with_nobody(town, hired):
    """It keeps its guests meanwhile: its new licence may be seen in time."""
    trip, _, _ = hired
    did(town, change_party, "carrier", carrier(town), None, LATER)
    assert market.the_trip(town, trip).state == "open"
    assert refused(did, town, freeze_trip, "carrier", trip) == "carrier_not_active"
    other = market.sent(town, 2)
    assert refused(market.bidden, town, trip, other) in ("not_vetted_for_hire", "licence_missing")


@pytest.mark.parametrize(("who", "whom"), [("farm", "carrier"), ("carrier", "farm")])
def test_a_blocked_pair_shares_no_tour_whoever_said_so(town, who, whom):
    tour, shipment = touring.proposed(town), touring.sent(town, "farm")
    block_party(town.house.desk, town.actor(who), town.ask(who), town.parties[who], town.parties[whom])
    assert refused(touring.joined, town, tour, "farm", shipment) == "pair_blocked"
    found = find_offers(town.house.desk, town.actor("farm"), shipment)
    assert [one.refusal.code for one in found.others if one.ride_id == tour] == ["pair_blocked"]


def test_who_is_aboard_when_a_block_is_set_keeps_what_was_agreed(town):
    tour = touring.proposed(town)
    place = touring.joined(town, tour, "farm", touring.sent(town, "farm"))
    block_party(
        town.house.desk, town.actor("farm"), town.ask("farm"), town.parties["farm"], town.parties["carrier"]
    )
    with town.house.desk.store.view() as view:
        assert find_sign_up(view, place).state == "joined"
