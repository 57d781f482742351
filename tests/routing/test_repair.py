"""Repairing a plan in its run: history stands, promises break last, and everything is judged."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from routing.check import check
from routing.event import Add, Cancel, Delay, Event, EventNonsense, LoseVehicle
from routing.fate import Fate, Repaired
from routing.mending import plan_of
from routing.plan import Plan
from routing.problem import Problem, Visit, Window
from routing.promise import Told, Tolerance, told_by
from routing.repair import repair
from routing.rules import Rule
from routing.scene import Scene
from routing.solve import solve
from routing.task import Task
from tests.routing.brute_force import REQUESTS, best_plan
from tests.routing.many_worlds import Day, days
from tests.routing.worlds import along_the_road, parcel, requests, stop, van
from tests.thorough import examples

MINUTE_S, HOUR_S = 60, 3600
LEG_S = 10 * MINUTE_S
"""Between neighbours of the road."""


def _planned(problem: Problem, **orders: str) -> Plan:
    """Plan an order for each vehicle, such as ``van="+a +b -b -a"``; an announced stop is ``.name``."""
    kinds = {"+": "pickup", "-": "drop", ".": "announced"}
    plan = plan_of(
        problem,
        {
            name: tuple(Task(kinds[one[0]], one[1:]) for one in order.split())
            for name, order in orders.items()
        },
    )
    assert plan is not None and check(problem, plan) == ()
    return plan


def _repaired(problem: Problem, plan: Plan, event: Event, now_s: int, **how: object) -> Repaired:
    """Repair with so many iterations that the same comes out every time."""
    found = repair(
        problem, plan, event, now_s=now_s, deadline_s=30, iterations=200, **{"tolerance_s": 300} | how
    )  # type: ignore[arg-type]
    assert check(found.problem, found.plan) == ()
    return found


def _hours(plan: Plan) -> dict[tuple[str, str], int]:
    return {(v.task.kind, v.task.id): v.begins_s for route in plan.routes for v in route.visits}


EARLY, LATE = parcel("early", 1, 3), parcel("late", 2, 4)
MUST = {"prize_cents": None}


def _one_van() -> tuple[Problem, Plan]:
    """Let one van pick up two parcels and drop them further up the road, ten minutes apart."""
    problem = along_the_road(EARLY, LATE)
    return problem, _planned(problem, van="+early +late -early -late")


def test_a_cancelled_shipment_is_gone_and_the_others_keep_their_hours() -> None:
    problem, plan = _one_van()
    found = _repaired(problem, plan, Cancel("late"), now_s=0)
    assert [one.fate for one in found.outcomes] == [Fate.KEPT, Fate.CANCELLED]
    assert found.plan.served == {"early"} and "late" not in {one.id for one in found.problem.requests}
    assert found.plan.routes[0].distance_m == 2 * 30_000


def test_a_cancelled_pickup_that_the_van_is_driving_to_is_only_passed() -> None:
    problem, plan = _one_van()
    found = _repaired(problem, plan, Cancel("late"), now_s=15 * MINUTE_S)
    tasks = [task for route in found.plan.routes for task in route.tasks]
    assert [task.id for task in tasks] == ["early", "passed 1", "early"]
    assert found.plan.routes[0].visits[1].place == 2
    assert found.outcome("early").fate is Fate.KEPT


def test_what_is_cancelled_on_board_stays_there_to_the_end() -> None:
    problem, plan = _one_van()
    found = _repaired(problem, plan, Cancel("late"), now_s=25 * MINUTE_S)
    outcome = found.outcome("late")
    assert (outcome.fate, outcome.stays_aboard, outcome.vehicle) == (Fate.CANCELLED, True, "van")
    assert found.plan.routes[0].visits[-1].load == (1,)
    assert found.plan.routes[0].ends_s == plan.routes[0].ends_s - 2 * LEG_S


def test_one_more_joins_where_no_promise_suffers() -> None:
    problem, plan = _one_van()
    found = _repaired(problem, plan, Add(parcel("new", 3, 4, prize_cents=5_000)), now_s=5 * MINUTE_S)
    assert [one.fate for one in found.outcomes] == [Fate.KEPT, Fate.KEPT, Fate.JOINED]


def test_one_more_for_whom_a_promise_would_suffer_is_left_with_a_reason() -> None:
    problem, plan = _one_van()
    there_and_back = parcel("new", 5, 1, **MUST)
    narrow = replace(there_and_back, drop=Visit(1, (Window(0, 40 * MINUTE_S),)))
    found = _repaired(problem, plan, Add(narrow), now_s=5 * MINUTE_S)
    outcome = found.outcome("new")
    assert outcome.fate is Fate.LEFT_BEHIND and outcome.vehicle_before is None
    assert outcome.reason is not None and Rule.DROP_HOURS in outcome.reason.rules
    assert found.broken == ()


def test_a_delay_within_the_tolerance_breaks_nothing() -> None:
    problem, plan = _one_van()
    found = _repaired(problem, plan, Delay("van", 300), now_s=15 * MINUTE_S)
    assert {one.fate for one in found.outcomes} == {Fate.KEPT}
    assert {one.later_s for one in found.outcomes} == {300}


def _fork() -> tuple[Problem, Plan]:
    """Load twice at the fork (20 and 25 min, away at 30), drop to the left (40), then to the right (70)."""
    at_the_fork = Visit(2, service_s=5 * MINUTE_S)
    left, right = parcel("left", at_the_fork, 1), parcel("right", at_the_fork, 4)
    problem = along_the_road(left, right, vehicles=[van(end=None)])
    return problem, _planned(problem, van="+left +right -left -right")


def test_after_a_delay_the_promise_that_can_still_be_kept_comes_first() -> None:
    """Away from the fork at 50 instead of 30, the left is lost anyhow; the right can be reached by 70."""
    problem, plan = _fork()
    found = _repaired(problem, plan, Delay("van", 20 * MINUTE_S), now_s=26 * MINUTE_S)
    assert [(one.request, one.fate) for one in found.outcomes] == [("left", Fate.LATER), ("right", Fate.KEPT)]
    assert _hours(found.plan)["drop", "right"] == 70 * MINUTE_S
    assert found.outcome("left").later_s == 60 * MINUTE_S
    assert [one.request for one in found.broken] == ["left"]


def test_what_was_told_may_be_other_than_the_plan_says() -> None:
    problem, plan = _fork()
    told = {"left": Told(None, 60 * MINUTE_S), "right": Told(None, 90 * MINUTE_S)}
    found = _repaired(problem, plan, Delay("van", 20 * MINUTE_S), now_s=26 * MINUTE_S, told=told)
    assert found.broken == ()


def test_how_much_earlier_an_hour_may_come_is_asked_apart() -> None:
    """Without the first drop, the second would come twenty minutes before its hour."""
    problem, plan = _fork()
    for earlier_s, drop_s in ((0, 70 * MINUTE_S), (HOUR_S, 50 * MINUTE_S)):
        found = _repaired(problem, plan, Cancel("left"), now_s=15 * MINUTE_S, earlier_s=earlier_s)
        assert found.outcome("right").fate is Fate.KEPT
        assert _hours(found.plan)["drop", "right"] == drop_s - 5 * MINUTE_S * (earlier_s > 0)


def test_what_finds_its_door_closed_stays_on_board_and_says_by_how_much() -> None:
    """The left closes at 45; after the right, whose promise is kept at 70, the van would be there at 100."""
    problem, plan = _fork()
    left = problem.request("left")
    closing = replace(left, drop=replace(left.drop, windows=(Window(0, 45 * MINUTE_S),)))
    problem = replace(problem, requests=(closing, problem.request("right")))
    found = _repaired(problem, plan, Delay("van", 20 * MINUTE_S), now_s=26 * MINUTE_S)
    outcome = found.outcome("left")
    assert (outcome.fate, outcome.stays_aboard, outcome.vehicle) == (Fate.LEFT_BEHIND, True, "van")
    assert outcome.reason is not None and outcome.reason.rules == (Rule.DROP_HOURS,)
    assert outcome.reason.change is not None and outcome.reason.change.would_do == 100 * MINUTE_S
    assert found.outcome("right").fate is Fate.KEPT
    assert found.plan.routes[0].visits[-1].load == (1,)


def _two_vans() -> tuple[Problem, Plan]:
    """Let one van carry from 1 to 5 and from 4 to 5 (there at 50 min); another stands at 3."""
    problem = along_the_road(
        parcel("aboard", 1, 5), parcel("ahead", 4, 5), vehicles=[van(), van(id="other", start=3, end=3)]
    )
    return problem, _planned(problem, van="+aboard +ahead -aboard -ahead")


def test_goods_of_a_van_that_broke_down_are_fetched_by_another() -> None:
    """At 25 min the van stands at 2: the other is there at 35, at 4 by 55 and at 5 by 65."""
    problem, plan = _two_vans()
    lost = LoseVehicle("van", 2)
    found = _repaired(problem, plan, lost, now_s=25 * MINUTE_S, tolerance_s=15 * MINUTE_S)
    assert {one.fate for one in found.outcomes} == {Fate.OTHER_VEHICLE} and len(found.moved) == 2
    assert _hours(found.plan)["pickup", "aboard"] == 35 * MINUTE_S
    assert _hours(found.plan)["drop", "aboard"] == 65 * MINUTE_S
    assert found.problem.request("aboard").pickup.place == 2
    assert [vehicle.id for vehicle in found.problem.vehicles] == ["other"]
    assert found.broken_down is not None
    assert [visit.task.id for visit in found.broken_down.visits] == ["aboard"]


def test_where_not_all_can_be_kept_the_nearer_promise_is() -> None:
    """With five minutes only, what waits at 4 is in time, and what must be fetched from 2 is not."""
    problem, plan = _two_vans()
    found = _repaired(problem, plan, LoseVehicle("van", 2), now_s=25 * MINUTE_S)
    assert [one.fate for one in found.outcomes] == [Fate.LATER, Fate.OTHER_VEHICLE]
    assert _hours(found.plan)["pickup", "ahead"] == 35 * MINUTE_S, "five minutes early are tolerated, too"


def test_without_another_van_all_is_left_behind() -> None:
    problem, plan = _one_van()
    found = _repaired(problem, plan, LoseVehicle("van", 2), now_s=25 * MINUTE_S)
    assert {one.fate for one in found.outcomes} == {Fate.LEFT_BEHIND}
    assert found.plan == Plan((), ("early", "late")) and len(found.broken) == 2


def test_what_a_lost_van_had_delivered_is_delivered() -> None:
    problem, plan = _one_van()
    found = _repaired(problem, plan, LoseVehicle("van", 3), now_s=31 * MINUTE_S)
    assert found.outcome("early").fate is Fate.DELIVERED
    assert {request.id for request in found.problem.requests} == {"late"}


def test_a_shipment_moves_only_where_it_must() -> None:
    """Both could ride with either; only the one that its van would bring too late changes vans."""
    slow, other = van(id="slow", start=0), van(id="other", start=0)
    first, second = parcel("first", 1, 2), parcel("second", 3, 4)
    problem = along_the_road(first, second, vehicles=[slow, other])
    plan = _planned(problem, slow="+first -first +second -second")
    found = _repaired(problem, plan, Delay("slow", 10 * MINUTE_S), now_s=21 * MINUTE_S)
    assert found.outcome("first").fate is Fate.DELIVERED
    assert found.outcome("second").fate is Fate.LATER  # From 0 the other van would be later still.
    found = _repaired(problem, plan, Delay("slow", 10 * MINUTE_S), now_s=1)
    assert found.outcome("first").fate is Fate.LATER and found.outcome("second").fate is Fate.OTHER_VEHICLE
    assert len(found.broken) == len(found.moved) == 1


def test_a_trip_that_is_late_still_makes_its_own_stops() -> None:
    shop = stop("shop", 3, windows=(Window(0, 30 * MINUTE_S),))
    problem = along_the_road(EARLY, vehicles=[van(announced=(shop,))])
    plan = _planned(problem, van="+early .shop -early")
    found = _repaired(problem, plan, Delay("van", HOUR_S), now_s=11 * MINUTE_S)
    assert _hours(found.plan)["announced", "shop"] >= 90 * MINUTE_S
    assert found.outcome("early").fate is Fate.LATER


def test_what_was_locked_by_hand_stays_locked_until_the_van_has_left() -> None:
    problem, plan = _one_van()
    head = (Task("pickup", "early"), Task("pickup", "late"), Task("drop", "early"))
    problem = replace(
        problem,
        vehicles=(van(head=head, shift=Window(HOUR_S, 9 * HOUR_S)),),
        requests=tuple(replace(one, **MUST) for one in problem.requests),
    )
    plan = _planned(problem, van="+early +late -early -late")
    found = _repaired(problem, plan, Add(parcel("new", 0, 5, prize_cents=9_000)), now_s=0)
    assert found.problem.vehicle("van").head == head
    assert found.outcome("new").fate is Fate.JOINED
    found = _repaired(problem, plan, Cancel("late"), now_s=0)
    assert found.problem.vehicle("van").head == (head[0], head[2])


def test_a_bundle_under_way_stays_with_its_van() -> None:
    """One of two is on board when the van falls behind: the other still rides beside it, or not at all."""
    mates = [replace(one, bundle="both") for one in (EARLY, LATE)]
    problem = along_the_road(*mates, vehicles=[van(), van(id="other", start=2, end=2)])
    plan = _planned(problem, van="+early +late -early -late")
    found = _repaired(problem, plan, Delay("van", HOUR_S), now_s=11 * MINUTE_S)
    assert found.outcome("late").vehicle in ("van", None)


def test_a_repaired_plan_can_be_repaired_again() -> None:
    problem, plan = _two_vans()
    first = _repaired(problem, plan, Delay("van", 5 * MINUTE_S), now_s=15 * MINUTE_S)
    second = _repaired(first.problem, first.plan, LoseVehicle("van", 2), now_s=30 * MINUTE_S)
    third = _repaired(second.problem, second.plan, Cancel("ahead"), now_s=31 * MINUTE_S)
    assert third.plan.served == {"aboard"}


@pytest.mark.parametrize(
    ("event", "subject"),
    [
        (Cancel("nobody"), "shipment nobody"),
        (Cancel("early"), "shipment early"),
        (Add(EARLY), "shipment early"),
        (Delay("bus", 60), "vehicle bus"),
        (Delay("van", -1), "vehicle van"),
        (LoseVehicle("van", 99), "vehicle van"),
    ],
)
def test_what_cannot_have_happened_is_refused(event: Event, subject: str) -> None:
    problem, plan = _one_van()
    with pytest.raises(EventNonsense) as refused:
        _repaired(problem, plan, event, now_s=35 * MINUTE_S)
    assert refused.value.facts["subject"] == subject


def test_an_illegal_plan_is_our_mistake_and_loud() -> None:
    problem, _ = _one_van()
    with pytest.raises(ValueError, match="request_forgotten"):
        repair(problem, Plan((), ()), Cancel("early"), now_s=0, deadline_s=0)


# Small worlds of every feature at once.


@st.composite
def _events(draw: st.DrawFn, day: Day, number: int) -> Event | None:
    """Draw what may happen to a day; nothing where it has no vehicle left."""
    vehicles = [vehicle.id for vehicle in day.problem.vehicles]
    served = sorted(day.plan.served)
    kind = draw(st.sampled_from([Cancel, Add, Delay, LoseVehicle]))
    if kind is Cancel and served:
        return Cancel(draw(st.sampled_from(served)))
    if kind is Delay and vehicles:
        return Delay(draw(st.sampled_from(vehicles)), draw(st.integers(0, 15)))
    if kind is LoseVehicle and vehicles:
        return LoseVehicle(draw(st.sampled_from(vehicles)), draw(st.integers(0, 3)))
    new = replace(draw(requests("new", 1)), id=f"new {number}", vehicles=None)
    mates = [None, *(request for request in day.problem.requests if request.bundle is not None)]
    mate = draw(st.sampled_from(mates))
    if mate is not None:
        must = mate.prize_cents is None
        new = replace(new, bundle=mate.bundle, vehicles=mate.vehicles, prize_cents=None if must else 50)
    return Add(new)


def _assert_history_stands(before: Day, after: Repaired, now_s: int) -> None:
    """What was begun at a place was begun there then; only what stays on board changes its name."""
    for route in before.plan.routes:
        begun = [visit for visit in route.visits if visit.begins_s <= now_s and route.leaves_s <= now_s]
        same = after.plan.route(route.vehicle) or after.broken_down
        if not begun:
            continue
        assert same is not None and same.leaves_s == route.leaves_s and same.load == route.load
        for old, new in zip(begun, same.visits, strict=False):
            assert (old.place, old.arrives_s, old.begins_s, old.load) == (
                new.place,
                new.arrives_s,
                new.begins_s,
                new.load,
            )
            assert old.task == new.task or new.task.id == f"{old.task.id} stays on board"


@settings(examples(50), suppress_health_check=list(HealthCheck))
@given(st.data())
def test_whatever_happens_one_after_the_other_the_plan_is_legal_and_history_stands(
    data: st.DataObject,
) -> None:
    day = data.draw(days(vans=2, parcels=4))
    assume(not check(day.problem, day.plan))
    now_s = data.draw(st.integers(0, 40))
    for number in range(data.draw(st.integers(1, 3))):
        event = data.draw(_events(day, number))
        try:
            found = repair(day.problem, day.plan, event, now_s=now_s, deadline_s=0, tolerance_s=3)
        except EventNonsense:
            return
        assert check(found.problem, found.plan) == ()
        _assert_history_stands(day, found, now_s)
        if isinstance(event, Cancel):
            assert event.request not in {task.id for route in found.plan.routes for task in route.tasks}
        told = {one.request for one in found.outcomes}
        assert day.plan.served <= told
        day, now_s = Day(found.problem, found.plan), data.draw(st.integers(now_s, 45))


@settings(examples(40), suppress_health_check=list(HealthCheck))
@given(st.data())
def test_no_plan_breaks_fewer_promises(data: st.DataObject) -> None:
    """Brute force on the rest of the day keeps no more; what stays on board for good is left out."""
    day = data.draw(days(vans=2, parcels=3))
    assume(not check(day.problem, day.plan) and day.plan.served)
    event = data.draw(_events(day, 0))
    now_s, tolerance_s = data.draw(st.integers(0, 30)), data.draw(st.sampled_from([0, 3]))
    try:
        scene = Scene(day.problem, day.plan, event, now_s, told_by(day.plan))
        rest = scene.rest(Tolerance(tolerance_s, tolerance_s))
    except EventNonsense:
        assume(False)
    asked = rest.ask(rest.promised(stay=False))
    assume(rest.told and len(asked.requests) <= REQUESTS)
    found = _repaired(day.problem, day.plan, event, now_s, tolerance_s=tolerance_s)
    best = best_plan(asked)
    assume(best is not None and not any(one.stays_aboard for one in found.outcomes))
    kept = {one.request for one in found.outcomes if one.fate in (Fate.KEPT, Fate.OTHER_VEHICLE)}
    assert len(kept & rest.told.keys()) >= len(best.served & rest.told.keys())


def test_who_rides_elsewhere_forgets_the_lost_vehicle_that_it_names() -> None:
    problem = along_the_road(
        parcel("a", 1, 3, vehicles=frozenset({"van", "other"}), prize_cents=9_000),
        vehicles=[van(), van(id="other", cents_per_km=1)],
    )
    plan = solve(problem, 5, iterations=100).plan
    assert [route.vehicle for route in plan.routes] == ["other"]
    for now_s in (0, 700, 1_900):
        found = _repaired(problem, plan, LoseVehicle("van", 2), now_s=now_s)
        assert found.problem.request("a").vehicles == {"other"}
        assert found.plan.served == {"a"}


def test_a_delay_of_years_is_refused_as_an_event() -> None:
    problem = along_the_road(parcel("a", 1, 3, prize_cents=1))
    with pytest.raises(EventNonsense):
        _repaired(problem, Plan((), ("a",)), Delay("van", 10**9), now_s=0)
