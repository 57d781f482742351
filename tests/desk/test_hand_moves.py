"""An operator's hands on a tour: each move is judged first, none breaks a promise, the last is taken back."""

import json

import pytest
from sqlalchemy import select

from geodata.refusal import Refusal
from pooling import hands
from pooling.desk import NotAllowed
from pooling.desk.hands.hand_moves import (
    look_by_hand,
    move_by_hand,
    seen_by_hand,
    seen_hand_moves,
    undo_by_hand,
)
from pooling.desk.hands.hand_words import HandWords
from pooling.desk.runs.freezing_rides import freeze_tour
from pooling.desk.tours.sign_ups import leave_tour
from pooling.desk.tours.tour_planning import plan_tour
from pooling.desk.tours.tour_world import tour_world
from pooling.store import Page, market
from pooling.store.hand_moves import holds_of
from pooling.store.people import member, membership
from pooling.store.plans import planned_tasks
from pooling.store.proposals import prices_told
from pooling.store.rows import NotFound, added
from pooling.store.touring import sign_up, tour
from pooling.store.tours import find_tour, sign_ups_aboard
from pooling.store.work import outbox, outbox_party
from routing.check import check
from routing.promise import Tolerance
from routing.task import Task
from tests.desk.desk_world import Looked
from tests.desk.touring import HOUR, Watch, confirmed, joined, ledger, proposed, row, sent
from tests.houses import MORNING


def order(town, tour_id):
    with town.house.desk.store.view() as view:
        return planned_tasks(view, find_tour(view, tour_id).plan_id)


def holds(town, tour_id):
    with town.house.desk.store.view() as view:
        return holds_of(view, tour_id)


def aboard(town, tour_id):
    with town.house.desk.store.view() as view:
        return [one.shipment_id for one in sign_ups_aboard(view, tour_id)]


def looked(town, tour_id, kind, **more):
    return look_by_hand(town.house.desk, town.actor("operator"), tour_id, HandWords(kind, **more))


def done(town, tour_id, kind, revision=None, **more):
    who, ask = town.actor("operator"), town.ask("operator", f"hand-{next(KEYS)}")
    return move_by_hand(town.house.desk, who, ask, tour_id, revision, HandWords(kind, **more))


KEYS = iter(range(10_000))


def undone(town, tour_id, revision=None):
    who, ask = town.actor("operator"), town.ask("operator", f"undo-{next(KEYS)}")
    return undo_by_hand(town.house.desk, who, ask, tour_id, revision)


def refused(act, *args, **more):
    with pytest.raises(Refusal) as found:
        act(*args, **more)
    return found.value


def told(town, topic):
    with town.house.desk.store.view() as view:
        parties = select(outbox_party.c.party_id).join(outbox, outbox.c.id == outbox_party.c.outbox_id)
        return list(view.connection.execute(parties.where(outbox.c.topic == topic)).scalars())


def judged(town, tour_id, *, told=True):
    """Hold a tour to the checker, and its stored plan to what stands."""
    with town.house.desk.store.view() as view:
        world = tour_world(town.house.desk, view, find_tour(view, tour_id))
    problem, plan = world.committed
    assert check(problem, plan) == () and not plan.unserved
    route = plan.route(tour_id)
    assert (route.tasks if route else ()) == world.planned
    begins = {visit.task: world.at(visit.begins_s) for visit in route.visits} if route else {}
    for one in world.sign_ups if told else ():
        assert one.pickup_at == begins[Task("pickup", one.shipment_id)]
        assert one.drop_at == begins[Task("drop", one.shipment_id)]
    return world


def two_aboard(town, **other):
    """Have the farm and its neighbour aboard a tour that is only proposed; returns it and their shipments."""
    tour_id = proposed(town, **other)
    shipments = [sent(town, name) for name in ("farm", "neighbour")]
    for name, one in zip(("farm", "neighbour"), shipments, strict=True):
        joined(town, tour_id, name, one)
    return tour_id, shipments


def another(town, **other):
    """Propose another tour of the day."""
    at = town.clock.at
    tour_id = proposed(town, **other)
    town.clock.at = at
    return tour_id


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


def way(task):
    return "on" if task.kind == "pickup" else "off"


def codes(town, tour_id, kind, **more):
    return {one.code for one in looked(town, tour_id, kind, **more).broken}


def legal(town, tour_id, words):
    try:
        act = looked(town, tour_id, "move", **words)
    except Refusal:
        return None
    return None if act.broken else act


def costs_more(act):
    return act.parts[0].after_figures.cost_cents > act.parts[0].before_figures.cost_cents


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


def drop_at(town, tour_id, shipment_id):
    world = judged(town, tour_id, told=False)
    visits = world.committed[1].route(tour_id).visits
    return next(world.at(one.begins_s) for one in visits if one.task == Task("drop", shipment_id))


def sign_up_of(town, shipment_id):
    with town.house.desk.store.view() as view:
        query = select(sign_up.c.id).where(sign_up.c.shipment_id == shipment_id)
        return view.connection.execute(query).scalar_one()


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


def test_what_others_built_on_since_is_not_undone(town):
    tour_id, (farm, _) = two_aboard(town)
    done(town, tour_id, "pin", shipment_id=farm)
    joined(town, tour_id, "shop", sent(town, "shop", crates=1))
    assert refused(undone, town, tour_id).code == "hand_undo_too_late"


def test_a_merge_is_not_undone_once_one_who_came_with_it_has_left(town):
    first, (farm, _) = two_aboard(town)
    second = another(town)
    joined(town, second, "shop", sent(town, "shop", crates=1))
    done(town, second, "merge", other_tour_id=first)
    leave_tour(town.house.desk, town.actor("farm"), town.ask("farm"), sign_up_of(town, farm))
    assert refused(undone, town, second).code == "hand_undo_too_late"


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


def colleague(town, name):
    """Let one more person act for the operator."""

    def work(tx):
        town.members[name] = added(tx, member, "mem", email=f"{name}@example.org", name=name)
        duty = {"member_id": town.members[name], "party_id": town.parties["operator"]}
        tx.connection.execute(membership.insert().values(created_at=tx.now_at, duty="manager", **duty))

    town.house.desk.store.change(work)


def test_an_operator_is_told_that_somebody_joined_meanwhile(town):
    tour_id, (farm, _) = two_aboard(town)
    revision = row(town, tour, tour_id).revision
    joined(town, tour_id, "shop", sent(town, "shop", crates=1))
    late = refused(done, town, tour_id, "pin", revision, shipment_id=farm)
    assert late.code == "changed_meanwhile" and "somebody joined or left" in late.sentence


def test_two_operators_do_not_overwrite_each_other(town):
    tour_id, (farm, neighbour) = two_aboard(town)
    revision = row(town, tour, tour_id).revision
    colleague(town, "Maud")
    pin = HandWords("pin", shipment_id=farm)
    move_by_hand(town.house.desk, town.actor("Maud"), town.ask("Maud"), tour_id, revision, pin)
    late = refused(done, town, tour_id, "pin", revision, shipment_id=neighbour)
    assert late.code == "changed_meanwhile" and "Maud (pinned)" in late.sentence
    assert holds(town, tour_id).pinned == {farm}
    done(town, tour_id, "pin", revision + 1, shipment_id=neighbour)
    assert holds(town, tour_id).pinned == {farm, neighbour}


def test_a_frozen_tour_is_moved_by_hand_no_more(town):
    tour_id, ups = confirmed(town)
    farm = row(town, sign_up, ups[0]).shipment_id
    freeze_tour(town.house.desk, town.actor("operator"), town.ask("operator"), tour_id)
    assert refused(done, town, tour_id, "pin", shipment_id=farm).code == "tour_closed"
    assert refused(plan_tour, town.house.desk, tour_id, Watch(), search_s=0.0).code == "tour_closed"
    assert refused(undone, town, tour_id).code == "tour_closed"


def test_only_its_operator_has_hands_on_a_tour(town):
    tour_id, (farm, _) = two_aboard(town)
    desk, pin = town.house.desk, HandWords("pin", shipment_id=farm)
    for name in ("farm", "carrier", "restaurant"):
        who = town.actor(name)
        with pytest.raises(NotAllowed):
            move_by_hand(desk, who, town.ask(name), tour_id, None, pin)
        with pytest.raises(NotAllowed):
            look_by_hand(desk, who, tour_id, pin)
        with pytest.raises(NotFound), desk.store.view() as view:
            seen_by_hand(desk, view, who, tour_id)
        with pytest.raises(NotFound), desk.store.view() as view:
            seen_hand_moves(view, who, tour_id, Page())


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


def prices_are_noted(town, ups):
    """Hold each place to the price that its payer was told last: that is what it pays, and its ceiling."""
    for one in ups:
        place = row(town, sign_up, one)
        with town.house.desk.store.view() as view:
            told, _ = prices_told(view, one, Page())
        newest = [price.share_cents for price in told if price.created_at == told[0].created_at]
        assert place.share_cents == place.told_cents and place.share_cents in newest


def promises_hold(town):
    """Hold the whole house against the promises."""
    with town.house.desk.store.view() as view:
        Looked(town.house.desk, view, {}).all()
