"""A proposed tour as a story: shares fall as others join, a leaver harms nobody, a late one rides."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from geodata.refusal import Refusal
from pooling.carriers.dossier import PaperKind
from pooling.desk.runs.freezing_rides import freeze_tour
from pooling.desk.tours.choosing_carrier import candidates_now, give_to_cheapest
from pooling.desk.tours.sign_ups import leave_tour
from pooling.desk.tours.tour_planning import plan_tour
from pooling.desk.tours.tour_standing import place_standing, tour_standing
from pooling.store import Page, market
from pooling.store.carrying import paper as paper_table
from pooling.store.ledger import account_balances, party_account, tour_account
from pooling.store.rows import NotFound
from pooling.store.touring import sign_up, tour
from pooling.store.tours import find_tour, sign_ups_aboard
from pooling.store.work import outbox, outbox_party
from pooling.tours.tour_area import Around, tour_area_text
from tests.desk import carrying
from tests.desk.market import announced
from tests.desk.market import sent as sent_tomorrow
from tests.desk.test_other_ways import taken, ways
from tests.desk.touring import DAY, HOUR, Watch, joined, ledger, proposed, row, sent
from tests.houses import MORNING

DEAR = {"fixed_cents": 1_200, "crate_cents": 300}
NO_PRICES = dict.fromkeys(("fixed_cents", "cents_per_km", "cents_per_hour", "cents_per_stop"))


def aboard(town, tour_id):
    with town.house.desk.store.view() as view:
        return {one.id: one for one in sign_ups_aboard(view, tour_id)}


def stands(town, tour_id):
    with town.house.desk.store.view() as view:
        return tour_standing(view, town.actor("operator"), tour_id)


def place(town, name, sign_up_id):
    with town.house.desk.store.view() as view:
        return place_standing(view, town.actor(name), sign_up_id, Page())


def planned(town, tour_id):
    return plan_tour(town.house.desk, tour_id, Watch(), search_s=0.0)


def pending(town, name):
    with town.house.desk.store.view() as view:
        return account_balances(view, party_account(town.parties[name]))["pending"]


def told_of(town, topic):
    told = select(outbox_party.c.party_id).join(outbox, outbox.c.id == outbox_party.c.outbox_id)
    with town.house.desk.store.view() as view:
        return set(view.connection.execute(told.where(outbox.c.topic == topic)).scalars())


def nobody_harmed(before, after):
    for one, was in before.items():
        if one in after:
            now = after[one]
            assert now.share_cents <= was.share_cents <= was.joined_cents == now.joined_cents
            assert was.pickup_from_at <= now.pickup_from_at <= now.pickup_at <= now.pickup_until_at
            assert now.pickup_until_at <= was.pickup_until_at and now.drop_until_at <= was.drop_until_at
            assert was.drop_from_at <= now.drop_from_at <= now.drop_at <= now.drop_until_at


def refused(code, do, *args, **more):
    with pytest.raises(Refusal) as found:
        do(*args, **more)
    assert found.value.code == code
    return found.value


def left(town, name, sign_up_id):
    return leave_tour(town.house.desk, town.actor(name), town.ask(name), sign_up_id)


def free(town, sign_up_id):
    return row(town, market.shipment, row(town, sign_up, sign_up_id).shipment_id)


def test_shares_fall_a_leaver_harms_nobody_and_a_late_one_rides_before_the_manifest(town):
    tour_id = proposed(town, **DEAR, minimum_shipments=3)
    ups, before = [], {}
    for name in ("farm", "neighbour", "farm", "neighbour"):
        ups.append(joined(town, tour_id, name, sent(town, name)))
        now = aboard(town, tour_id)
        nobody_harmed(before, now)
        before = now
        standing = stands(town, tour_id)
        assert standing.shares_cents + standing.gap_cents + standing.lacking_cents == standing.cost_cents
    first = place(town, "farm", ups[0])
    assert first.row.share_cents < first.row.joined_cents and first.lacking_cents == 0
    assert {one.why for one in first.prices[:-1]} == {"others_joined", "own_place"}
    assert first.prices[-1].why == "joined"
    told = [one.share_cents for one in first.prices]
    assert told == sorted(told) and len(told) > 1
    left(town, "farm", ups[2])
    nobody_harmed(before, aboard(town, tour_id))
    standing = stands(town, tour_id)
    assert standing.shares_cents + standing.lacking_cents == standing.cost_cents and standing.minimum_met
    again = joined(town, tour_id, "farm", free(town, ups[2]).id)
    nobody_harmed(before, aboard(town, tour_id))
    before = aboard(town, tour_id)
    town.clock.forward(11 * HOUR)
    refused("cutoff_passed", joined, town, tour_id, "shop", sent(town, "shop", to="restaurant"))
    assert planned(town, tour_id)["state"] == "confirmed"
    nobody_harmed(before, aboard(town, tour_id))
    before = aboard(town, tour_id)
    late = joined(town, tour_id, "neighbour", sent(town, "neighbour", crates=1))
    nobody_harmed(before, aboard(town, tour_id))
    rides = row(town, sign_up, late)
    assert rides.state == "riding" and rides.share_cents > 0 and {again, late} <= set(aboard(town, tour_id))
    for name in ("farm", "neighbour"):
        mine = [one for one in aboard(town, tour_id).values() if one.payer_id == town.parties[name]]
        assert pending(town, name) == -sum(one.share_cents for one in mine)
    with town.house.desk.store.view() as view:
        assert account_balances(view, tour_account(tour_id))["pending"] == 0
    assert (ledger(town).sum_cents, ledger(town).unbalanced) == (0, 0)
    freeze_tour(town.house.desk, town.actor("operator"), town.ask("operator"), tour_id)
    refused("tour_closed", joined, town, tour_id, "farm", sent(town, "farm", crates=1))


def test_a_late_one_that_would_harm_those_aboard_is_refused_with_the_reason(town):
    tour_id = proposed(town, cents_per_km=70)
    for name in ("farm", "neighbour"):
        joined(town, tour_id, name, sent(town, name))
    town.clock.forward(11 * HOUR)
    assert planned(town, tour_id)["state"] == "confirmed"
    before = aboard(town, tour_id)
    refused("no_room", joined, town, tour_id, "restaurant", sent(town, "restaurant", to="shop", crates=21))
    refused("adds_more_than_it_pays", joined, town, tour_id, "shop", sent(town, "shop", to="farm", crates=1))
    assert aboard(town, tour_id) == before


def test_what_a_leaver_leaves_uncovered_is_shown_and_no_share_rises(town):
    tour_id = proposed(town, fixed_cents=1_800, crate_cents=400)
    ups = [joined(town, tour_id, name, sent(town, name)) for name in ("farm", "neighbour")]
    before = aboard(town, tour_id)
    left(town, "farm", ups[0])
    nobody_harmed(before, aboard(town, tour_id))
    assert stands(town, tour_id).lacking_cents == place(town, "neighbour", ups[1]).lacking_cents > 0
    town.clock.forward(11 * HOUR)
    assert planned(town, tour_id)["reason"]["code"] == "tour_not_payable"


def test_a_gap_account_takes_what_a_leaver_leaves_uncovered(town):
    account = {"gap_cents": 5_000, "gap_party_id": town.parties["operator"]}
    tour_id = proposed(town, fixed_cents=1_800, crate_cents=400, **account)
    ups = [joined(town, tour_id, name, sent(town, name)) for name in ("farm", "neighbour")]
    left(town, "farm", ups[0])
    standing = stands(town, tour_id)
    assert standing.lacking_cents == 0 < standing.gap_cents
    town.clock.forward(11 * HOUR)
    result = planned(town, tour_id)
    assert (result["state"], result["gap_cents"]) == ("confirmed", standing.gap_cents)


@pytest.mark.parametrize("least", [{"minimum_shipments": 3}, {"minimum_share_cents": 100_000}])
def test_below_its_minimum_a_tour_is_refused_and_each_is_shown_the_nearest_alternatives(town, least):
    tour_id = proposed(town, **least)
    ups = [joined(town, tour_id, name, sent(town, name)) for name in ("farm", "neighbour")]
    mine, theirs = (row(town, sign_up, one).shipment_id for one in ups)
    refused("shipment_not_open", ways, town, mine, "farm")
    other = proposed(town)
    day = 24 * HOUR
    hours = {"opens_at": MORNING + day, "closes_at": MORNING + day + 6 * HOUR, "cutoff_at": MORNING + day}
    morrow = proposed(town, **hours)
    town.clock.forward(9 * HOUR)
    assert not stands(town, tour_id).minimum_met
    town.clock.forward(2 * HOUR)
    assert planned(town, tour_id)["reason"]["code"] == "minimum_not_met"
    town.clock.at -= 3 * HOUR
    found = ways(town, mine, "farm")
    assert [one["code"] for one in found.reasons] == ["minimum_not_met"]
    assert [(one.kind, one.offer.ride_id) for one in found.ways] == [("ride", other), ("day", morrow)]
    with pytest.raises(NotFound):
        ways(town, mine, "neighbour")
    assert row(town, sign_up, taken(town, mine, found.ways[0], "farm")).tour_id == other
    (_, moves) = ways(town, theirs, "neighbour").ways
    assert row(town, sign_up, taken(town, theirs, moves, "neighbour")).tour_id == morrow
    moved = row(town, market.shipment, theirs)
    assert moved.day == DAY + timedelta(days=1) and moved.ready_at == MORNING + day


def test_an_alternative_on_a_trip_is_a_bid_at_what_it_is_shown_to_cost(town):
    tour_id = proposed(town, opens_at=MORNING + 24 * HOUR, closes_at=MORNING + 30 * HOUR)
    trip_id = announced(town)
    sign_up_id = joined(town, tour_id, "neighbour", sent_tomorrow(town))
    left(town, "neighbour", sign_up_id)
    shipment_id = row(town, sign_up, sign_up_id).shipment_id
    (trip,) = [one for one in ways(town, shipment_id).ways if one.offer.ride_id == trip_id]
    bid_id = taken(town, shipment_id, trip)
    assert row(town, market.bid, bid_id).most_cents == trip.offer.most_cents


def test_what_a_buyer_ordered_for_its_day_has_no_alternative_on_another(town):
    hours = {
        "opens_at": MORNING + 24 * HOUR,
        "closes_at": MORNING + 30 * HOUR,
        "cutoff_at": MORNING + 20 * HOUR,
    }
    morrow = proposed(town, **hours)
    mine = sent(town, "farm")
    (moves,) = ways(town, mine, "farm").ways
    assert moves.offer.ride_id == morrow
    ordered = update(market.shipment).where(market.shipment.c.id == mine)
    buyer = town.parties["restaurant"]
    town.house.desk.store.change(lambda tx: tx.connection.execute(ordered.values(ordered_by_id=buyer)))
    assert ways(town, mine, "farm").ways == []
    refused("ordered_for_day", taken, town, mine, moves, "farm")


def test_whoever_lies_outside_the_area_of_a_tour_is_told_so(town):
    area = tour_area_text(None, [Around(43.7431, 7.3652, 3_500)])
    found = refused("outside_tour_area", joined, town, proposed(town, area=area), "farm", sent(town, "farm"))
    assert "Restaurant" in found.sentence


def hired(town, **card):
    carrying.applied(town)
    carrying.active(town)
    carrying.card(town, **card)
    return carrying.van(town)


def any_carrier(town, **other):
    return proposed(town, carrier_id="", driver="", **NO_PRICES, **other)


def test_any_vetted_carrier_is_chosen_at_the_cutoff_by_card_price_among_those_that_can(town):
    assert "Carrier (no rate card)" in refused("no_carrier_free", any_carrier, town).sentence
    van_id = hired(town)
    refused("prices_of_any_carrier", proposed, town, carrier_id="", fixed_cents=1)
    tour_id = any_carrier(town)
    pencilled = row(town, tour, tour_id)
    assert (pencilled.carrier_id, pencilled.vehicle_id) == (town.parties["carrier"], van_id)
    assert (pencilled.carrier_open, pencilled.cents_per_km) == (True, 30)
    for name in ("farm", "neighbour"):
        joined(town, tour_id, name, sent(town, name))
    assert told_of(town, "tour.proposed") == {town.parties["operator"]}
    with town.house.desk.store.view() as view:
        (only,) = candidates_now(town.house.desk, view, find_tour(view, tour_id))
    assert only.refusal is None and only.cost_cents > 0 and only.drives
    ended = update(paper_table).where(paper_table.c.kind == PaperKind.INSURANCE.value)
    town.house.desk.store.change(lambda tx: tx.connection.execute(ended.values(expires=DAY - timedelta(1))))
    assert give_to_cheapest(town.house.desk, tour_id).code == "no_carrier_free"
    with town.house.desk.store.view() as view:
        (only,) = candidates_now(town.house.desk, view, find_tour(view, tour_id))
    assert only.refusal.code == "papers_lacking" and not only.drives
    town.clock.forward(11 * HOUR)
    assert planned(town, tour_id)["reason"]["code"] == "no_carrier_free"


def test_the_carrier_that_a_tour_names_is_judged_as_it_was_when_it_was_assigned(town):
    tour_id = proposed(town, cents_per_km=77)
    with town.house.desk.store.view() as view:
        (named,) = candidates_now(town.house.desk, view, find_tour(view, tour_id))
    assert (named.refusal, named.drives, named.card.cents_per_km) == (None, True, 77)
    hired(town)
    lacking = row(town, tour, tour_id)
    ended = update(paper_table).where(paper_table.c.kind == PaperKind.INSURANCE.value)
    town.house.desk.store.change(lambda tx: tx.connection.execute(ended.values(expires=DAY - timedelta(1))))
    with town.house.desk.store.view() as view:
        (named,) = candidates_now(town.house.desk, view, lacking)
    assert (named.refusal.code, named.drives) == ("papers_lacking", False)
    assert planned(town, tour_id)["not_yet"]["code"] == "papers_lacking"


def test_a_tour_for_any_carrier_has_no_more_cold_room_than_the_papers_of_its_van_allow(town):
    carrying.active(town)
    carrying.card(town)
    van_id = carrying.van(town, chilled_crates=8)
    unsaid = any_carrier(town, chilled_crates=None)
    assert row(town, tour, unsaid).chilled_crates == 0
    found = refused("no_carrier_free", any_carrier, town, chilled_crates=4)
    assert "Carrier (no vehicle with the room, its papers and these hours free)" in found.sentence
    carrying.paper(town, PaperKind.COLD_CERTIFICATE, about=van_id)
    town.house.desk.store.change(lambda tx: tx.connection.execute(update(tour).values(state="cancelled")))
    cold = any_carrier(town, chilled_crates=4)
    joined(town, cold, "farm", sent(town, "farm"))
    ended = update(paper_table).where(paper_table.c.kind == PaperKind.COLD_CERTIFICATE.value)
    town.house.desk.store.change(lambda tx: tx.connection.execute(ended.values(expires=DAY - timedelta(1))))
    town.clock.forward(11 * HOUR)
    assert planned(town, cold)["state"] == "confirmed", "nothing cold is aboard"
    assert row(town, tour, cold).chilled_crates == 0
