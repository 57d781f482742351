"""An operator's hands on a tour: each move is judged first, none breaks a promise, what is held stays."""

from pooling.desk.hands.hand_moves import (
    seen_by_hand,
)
from pooling.desk.tours.sign_ups import leave_tour
from pooling.desk.tours.tour_planning import plan_tour
from pooling.store.touring import sign_up, tour
from tests.desk.hands import (
    aboard,
    another,
    costs_more,
    done,
    drop_at,
    holds,
    judged,
    legal,
    looked,
    order,
    promises_hold,
    refused,
    sign_up_of,
    told,
    two_aboard,
    way,
)
from tests.desk.touring import HOUR, Watch, confirmed, joined, ledger, row, sent
from tests.houses import MORNING


def test_a_move_that_does_not_say_what_it_means_is_refused_in_whole_sentences(town):
    tour_id, (farm, _) = two_aboard(town)
    backwards = {"shipment_id": farm, "from_at": MORNING + HOUR, "until_at": MORNING + HOUR - 1}
    assert refused(done, town, tour_id, "lock_hour", **backwards).code == "hours_backwards"
    no = refused(looked, town, tour_id, "lock_hour", shipment_id=farm)
    assert no.sentence == "It is not said which hour is meant."
    for kind in ("pin", "unpin", "lock", "unlock", "lock_hour", "move", "move_to"):
        no = refused(looked, town, tour_id, kind)
        assert (no.code, no.sentence) == ("hand_unsaid", "It is not said which shipment is meant.")
    assert refused(looked, town, tour_id, "move_to", shipment_id=farm).code == "hand_unsaid"
    assert refused(looked, town, tour_id, "merge").code == "hand_unsaid"
    many = refused(done, town, tour_id, "lock_first", count=5)
    assert many.code == "hand_fewer_stops" and many.facts | {"stops": 4, "count": 5} == many.facts
    done(town, tour_id, "lock_first", count=4)
    exactly = {"shipment_id": farm, "way": "off", "from_at": drop_at(town, tour_id, farm)}
    assert not looked(town, tour_id, "lock_hour", **exactly).broken


def test_a_stop_is_moved_only_as_it_was_seen_and_whoever_has_new_hours_is_told(town):
    tour_id, (farm, neighbour) = two_aboard(town)
    before = order(town, tour_id)
    first, last = before[0], before[-1]
    act = looked(town, tour_id, "move", shipment_id=first.id, way="on", place=2)
    part = act.parts[0]
    assert order(town, tour_id) == before and not told(town, "hours.changed")
    assert part.before_figures.cost_cents > 0 and part.side.tasks != before
    assert (part.after_figures.cost_cents, part.after_figures.distance_m) != (0, 0)
    assert not act.broken
    done(town, tour_id, "move", shipment_id=first.id, way="on", place=2)
    assert order(town, tour_id) == part.side.tasks and last in order(town, tour_id)
    judged(town, tour_id)
    assert set(told(town, "hours.changed")) <= {
        town.parties[one] for one in ("farm", "neighbour", "restaurant")
    }
    assert {farm, neighbour} == set(aboard(town, tour_id))


def test_a_move_that_breaks_promises_is_refused_with_all_of_them(town):
    tour_id, (farm, _) = two_aboard(town, fixed_cents=100_000)
    tight = {"deliver_by_at": MORNING + 1800, "crates": 2}
    joined(town, tour_id, "shop", sent(town, "shop", **tight))
    drop = next(task for task in order(town, tour_id) if task.kind == "drop")
    act = looked(town, tour_id, "move", shipment_id=drop.id, way="off", place=9)
    if act.broken:
        no = refused(done, town, tour_id, "move", shipment_id=drop.id, way="off", place=9)
        assert no.code == "hand_breaks_promises" and set(no.facts["breaks"].values()) == {
            one.code for one in act.broken
        }
    backwards = refused(looked, town, tour_id, "move", shipment_id=farm, way="on", place=9)
    assert backwards.code == "hand_order_impossible"


def test_what_is_pinned_is_not_turned_away_and_what_is_locked_stays_though_the_search_would_move_it(town):
    gap = {"gap_cents": 5_000, "gap_party_id": town.parties["operator"]}
    tour_id, (farm, neighbour) = two_aboard(town, **gap)
    dear = order(town, tour_id)
    worse = next(
        (act.parts[0].side.tasks, words)
        for task in dear
        for place in range(1, len(dear) + 1)
        for words in [
            {"shipment_id": task.id, "way": "on" if task.kind == "pickup" else "off", "place": place}
        ]
        for act in [legal(town, tour_id, words)]
        if act is not None and costs_more(act)
    )
    done(town, tour_id, "move", **worse[1])
    for task in worse[0]:
        done(town, tour_id, "lock", shipment_id=task.id, way=way(task))
    done(town, tour_id, "pin", shipment_id=farm)
    done(town, tour_id, "lock_first", count=1)
    assert holds(town, tour_id).pinned == {farm} and holds(town, tour_id).first == worse[0][:1]
    plan_tour(town.house.desk, tour_id, Watch(), search_s=0.3)
    assert order(town, tour_id) == worse[0] and row(town, tour, tour_id).state == "confirmed"
    judged(town, tour_id)
    no = refused(done, town, tour_id, "move", **(worse[1] | {"place": 1 + dear.index(worse[0][0])}))
    assert no.code in ("hand_breaks_promises", "hand_nothing", "hand_order_impossible")
    assert ledger(town) and neighbour in aboard(town, tour_id)


def test_a_tour_that_could_only_be_paid_without_what_is_pinned_does_not_set_out(town):
    tour_id, (farm, _) = two_aboard(town, fixed_cents=100_000)
    done(town, tour_id, "pin", shipment_id=farm)
    town.clock.forward(11 * HOUR)
    plan_tour(town.house.desk, tour_id, Watch(), search_s=0.0)
    assert row(town, tour, tour_id).state == "refused" and not aboard(town, tour_id)


def test_a_newcomer_is_put_behind_what_is_locked(town):
    tour_id, _ = two_aboard(town)
    done(town, tour_id, "lock_first", count=4)
    before = order(town, tour_id)
    joined(town, tour_id, "shop", sent(town, "shop", crates=1))
    assert order(town, tour_id)[:4] == before
    judged(town, tour_id, told=False)


def test_an_hour_is_locked_within_a_shipments_own_hours_only(town):
    tour_id, (farm, _) = two_aboard(town)
    at = drop_at(town, tour_id, farm)
    late = {"from_at": at + 600, "until_at": at + 1200}
    done(town, tour_id, "lock_hour", shipment_id=farm, way="off", **late)
    judged(town, tour_id)
    assert at + 600 <= drop_at(town, tour_id, farm) <= at + 1200
    never = {"from_at": MORNING + 20 * HOUR, "until_at": MORNING + 21 * HOUR}
    no = refused(done, town, tour_id, "lock_hour", shipment_id=farm, way="off", **never)
    assert no.code == "hand_breaks_promises" and "hand_hours" in no.facts["breaks"].values()
    done(town, tour_id, "unlock", shipment_id=farm, way="off")
    assert not holds(town, tour_id).hours


def test_on_a_confirmed_tour_no_share_rises_and_no_promised_hour_goes_far(town):
    tour_id, ups = confirmed(town)
    shares = {one: row(town, sign_up, one).share_cents for one in ups}
    farm, neighbour = (row(town, sign_up, one).shipment_id for one in ups)
    for task in order(town, tour_id):
        for place in range(1, 5):
            words = {"shipment_id": task.id, "way": way(task), "place": place}
            act = legal(town, tour_id, words)
            if act is not None:
                done(town, tour_id, "move", **words)
                judged(town, tour_id)
                assert all(row(town, sign_up, one).share_cents <= cents for one, cents in shares.items())
    promises_hold(town)
    assert row(town, tour, tour_id).state == "confirmed" and ledger(town)
    other = another(town)
    codes = {
        one.code for one in looked(town, tour_id, "move_to", shipment_id=farm, other_tour_id=other).broken
    }
    assert "hand_ride_promised" in codes
    done(town, tour_id, "pin", shipment_id=neighbour)
    done(town, tour_id, "unpin", shipment_id=neighbour)
    assert row(town, sign_up, ups[0]).state == "riding"


def test_who_leaves_takes_its_pin_and_lock_along(town):
    tour_id, (farm, neighbour) = two_aboard(town)
    done(town, tour_id, "pin", shipment_id=farm)
    done(town, tour_id, "lock", shipment_id=farm, way="off")
    leave_tour(town.house.desk, town.actor("farm"), town.ask("farm"), sign_up_of(town, farm))
    judged(town, tour_id, told=False)
    with town.house.desk.store.view() as view:
        found = seen_by_hand(town.house.desk, view, town.actor("operator"), tour_id)
    assert not found.stood.holds.pinned and not found.stood.holds.places
    done(town, tour_id, "pin", shipment_id=neighbour)


def test_who_leaves_and_comes_back_is_held_no_more(town):
    tour_id, (farm, neighbour) = two_aboard(town)
    done(town, tour_id, "lock_first", count=2)
    done(town, tour_id, "pin", shipment_id=farm)
    leave_tour(town.house.desk, town.actor("farm"), town.ask("farm"), sign_up_of(town, farm))
    town.clock.forward(1)
    joined(town, tour_id, "farm", farm)
    world = judged(town, tour_id, told=False)
    assert not world.holds.pinned and {task.id for task in world.holds.first} <= {neighbour}
    assert world.holds.keeps(order(town, tour_id))
