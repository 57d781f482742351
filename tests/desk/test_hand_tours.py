"""Shipments moved by hand from one tour to another: tours split, merged, and put back as they were."""

import json

from pooling.desk.hands.hand_moves import (
    seen_hand_moves,
)
from pooling.desk.tours.sign_ups import leave_tour
from pooling.store import Page, market
from pooling.store.proposals import prices_told
from pooling.store.touring import sign_up, tour
from pooling.tours import hands
from routing.promise import Tolerance
from tests.desk.hands import (
    aboard,
    another,
    codes,
    done,
    judged,
    looked,
    order,
    promises_hold,
    refused,
    sign_up_of,
    told,
    two_aboard,
    undone,
)
from tests.desk.touring import HOUR, confirmed, joined, row, sent
from tests.houses import MORNING


def test_a_shipment_is_moved_to_another_tour_and_back_and_its_payer_is_told(town):
    tour_id, (farm, neighbour) = two_aboard(town)
    other = another(town)
    before = order(town, tour_id)
    done(town, tour_id, "move_to", shipment_id=farm, other_tour_id=other)
    assert (aboard(town, tour_id), aboard(town, other)) == ([neighbour], [farm])
    assert row(town, market.shipment, farm).rides_id == other
    assert told(town, "tour.moved") == [town.parties["farm"]]
    judged(town, tour_id), judged(town, other)
    undone(town, other)
    assert (order(town, tour_id), aboard(town, other)) == (before, [])
    assert row(town, market.shipment, farm).rides_id == tour_id
    judged(town, tour_id)


def test_a_shipment_is_not_moved_to_a_dearer_tour_nor_off_one_to_which_it_is_pinned(town):
    tour_id, (farm, _) = two_aboard(town)
    other = another(town, crate_cents=500)
    codes = {
        one.code for one in looked(town, tour_id, "move_to", shipment_id=farm, other_tour_id=other).broken
    }
    assert codes == {"hand_price_rises"}
    done(town, tour_id, "pin", shipment_id=farm)
    cheap = another(town)
    codes = {
        one.code for one in looked(town, tour_id, "move_to", shipment_id=farm, other_tour_id=cheap).broken
    }
    assert codes == {"hand_pinned"}
    full = another(town, ambient_crates=2)
    codes = {
        one.code for one in looked(town, tour_id, "move_to", shipment_id=farm, other_tour_id=full).broken
    }
    assert "hand_no_room" in codes


def test_what_must_be_gone_before_a_harvest_is_not_moved_to_its_tour_nor_joins_it(town):
    tour_id, _ = two_aboard(town)
    early = sent(town, "farm", crates=1, pickup_by_at=MORNING + HOUR)
    joined(town, tour_id, "farm", early)
    harvest = another(town, ready_from_at=MORNING + 2 * HOUR, fresh_by_at=MORNING + 5 * HOUR)
    assert "hand_hours" in codes(town, tour_id, "move_to", shipment_id=early, other_tour_id=harvest)
    no = refused(joined, town, harvest, "farm", sent(town, "farm", crates=1, pickup_by_at=MORNING + HOUR))
    assert no.code == "pickup_hours_missed" and no.facts["would_do"] >= "08:00"


def test_a_tour_is_split_and_put_together_again(town):
    tour_id, (farm, neighbour) = two_aboard(town)
    before = order(town, tour_id)
    act = looked(town, tour_id, "split", shipment_ids=(farm,), driver="Sam")
    assert not act.broken and len(act.parts) == 2
    done(town, tour_id, "split", shipment_ids=(farm,), driver="Sam")
    second = row(town, market.shipment, farm).rides_id
    assert second != tour_id and row(town, tour, second).driver == "Sam"
    assert (aboard(town, tour_id), aboard(town, second)) == ([neighbour], [farm])
    judged(town, tour_id), judged(town, second)
    done(town, tour_id, "merge", other_tour_id=second)
    assert row(town, tour, second).state == "cancelled" and set(aboard(town, tour_id)) == {farm, neighbour}
    assert json.loads(row(town, tour, second).reason)["code"] == "tour_merged"
    judged(town, tour_id)
    undone(town, tour_id)
    assert row(town, tour, second).state == "proposed" and aboard(town, second) == [farm]
    undone(town, tour_id)
    assert row(town, tour, second).state == "cancelled" and order(town, tour_id) == before
    judged(town, tour_id)
    assert refused(undone, town, tour_id).code == "hand_nothing_to_undo"
    with town.house.desk.store.view() as view:
        rows, _ = seen_hand_moves(view, town.actor("operator"), tour_id, Page())
    assert [one.kind for one in sorted(rows, key=lambda one: one.tour_revision)] == [
        "split", "merge", "undo", "undo"
    ]  # fmt: skip


def test_a_merge_is_not_undone_once_one_who_came_with_it_has_left(town):
    first, (farm, _) = two_aboard(town)
    second = another(town)
    joined(town, second, "shop", sent(town, "shop", crates=1))
    done(town, second, "merge", other_tour_id=first)
    leave_tour(town.house.desk, town.actor("farm"), town.ask("farm"), sign_up_of(town, farm))
    assert refused(undone, town, second).code == "hand_undo_too_late"


def prices_are_noted(town, ups):
    """Hold each place to the price that its payer was told last: that is what it pays, and its ceiling."""
    for one in ups:
        place = row(town, sign_up, one)
        with town.house.desk.store.view() as view:
            told, _ = prices_told(view, one, Page())
        newest = [price.share_cents for price in told if price.created_at == told[0].created_at]
        assert place.share_cents == place.told_cents and place.share_cents in newest


def test_between_confirmed_tours_shares_and_gap_still_add_up_to_the_cost(town, monkeypatch):
    monkeypatch.setattr(hands, "PROMISE", Tolerance(2 * HOUR, 2 * HOUR))  # the town is small: all is near
    gap = {"gap_cents": 5_000, "gap_party_id": town.parties["operator"]}
    tour_id, ups = confirmed(town, **gap)
    shipments = [row(town, sign_up, one).shipment_id for one in ups]
    agreed = {one: row(town, sign_up, one).share_cents for one in ups}
    splits = [one for one in shipments if not codes(town, tour_id, "split", shipment_ids=(one,))]
    assert splits
    done(town, tour_id, "split", shipment_ids=(splits[0],), driver="Sam")
    second = row(town, market.shipment, splits[0]).rides_id
    assert row(town, tour, second).state == "confirmed" and splits[0] not in aboard(town, tour_id)
    promises_hold(town)
    assert all(row(town, sign_up, one).share_cents <= cents for one, cents in agreed.items())
    prices_are_noted(town, ups)
    undone(town, tour_id)
    promises_hold(town)
    prices_are_noted(town, ups)
    assert {one: row(town, sign_up, one).share_cents for one in ups} == agreed
    assert row(town, tour, second).state == "cancelled" and row(town, sign_up, ups[0]).state == "riding"
