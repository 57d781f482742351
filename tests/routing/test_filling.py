"""Filling a day: everybody who must ride, whoever pays, and what is locked, bundled or kept apart."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.check import check
from routing.cost import plan_cents
from routing.insertion import (
    best_insertion,
    empty_plan,
    insert_all,
    insertions,
)
from routing.plan import Plan
from routing.problem import Problem, Request, Window
from routing.task import Task
from tests.routing.worlds import (
    along_the_road,
    parcel,
    problems,
    stop,
    van,
)
from tests.thorough import examples

# Serving everybody, or whoever pays.


def test_a_trip_that_cannot_keep_its_own_hours_has_no_plan() -> None:
    assert empty_plan(
        along_the_road(vehicles=[van(announced=(stop("in time", 1, windows=(Window(600, 600),)),))])
    )
    shift = Window(1, 100_000)
    late = van(shift=shift, announced=(stop("too late", 1, windows=(Window(600, 600),)),))
    assert empty_plan(along_the_road(vehicles=[late])) is None


@pytest.mark.parametrize(("prize_cents", "rides"), [(661, True), (660, False)])
def test_a_shipment_rides_if_it_costs_less_than_leaving_it(prize_cents: int, rides: bool) -> None:
    """The way costs 660 cents."""
    problem = along_the_road(parcel(prize_cents=prize_cents))
    plan = insert_all(problem, Plan((), ("parcel",)))
    assert ("parcel" in plan.served) == rides


def test_what_must_be_carried_rides_at_any_price_and_comes_first() -> None:
    """One crate of room: the dear optional one stays behind."""
    must = parcel("must", 1, 5)
    dear = parcel("dear", 1, 5, prize_cents=100_000)
    one_crate = van(capacity=(1,), shift=Window(0, 6_000))
    problem = along_the_road(dear, must, vehicles=[one_crate])
    assert insert_all(problem, Plan((), ("dear", "must"))).served == {"must"}


def test_what_must_be_carried_rides_where_it_costs_least() -> None:
    """The cheap van is taken, whatever the names of the others."""
    vans = [van(id="z", cents_per_km=90), van(id="a", cents_per_km=90), van(id="m")]
    problem = along_the_road(parcel(), vehicles=vans)
    assert [route.vehicle for route in insert_all(problem, Plan((), ("parcel",))).routes] == ["m"]


@examples(100)
@given(problem=problems(vans=2, parcels=5, horizon_s=40))
def test_a_day_is_filled_legally_and_never_at_a_loss(problem: Problem) -> None:
    """
    Never worse than serving nobody; what must be carried is left only where no slot is left; and no
    shipment stays behind for which a slot would still pay.
    """
    start = empty_plan(problem)
    if start is None:
        return
    plan = insert_all(problem, start)
    assert {v.code for v in check(problem, plan)} <= {"must_serve"}
    optional = replace(problem, requests=tuple(r for r in problem.requests if r.prize_cents is not None))
    only = insert_all(optional, Plan(start.routes, tuple(r.id for r in optional.requests)))
    assert plan_cents(optional, only) <= plan_cents(
        optional, Plan(start.routes, tuple(r.id for r in optional.requests))
    )
    for request in (problem.request(one) for one in plan.unserved):
        slot = best_insertion(problem, plan, request)
        assert slot is None or (request.prize_cents is not None and slot.added_cents >= request.prize_cents)


@examples(100)
@given(problem=problems(vans=2, parcels=4, horizon_s=40), data=st.data())
def test_the_only_one_that_must_be_carried_rides_if_it_fits_alone(
    problem: Problem, data: st.DataObject
) -> None:
    start = empty_plan(problem)
    if start is None:
        return
    chosen = data.draw(st.sampled_from(problem.requests))
    requests = tuple(_with_prize(one, None if one.id == chosen.id else 50) for one in problem.requests)
    problem = replace(problem, requests=requests)
    if best_insertion(problem, start, problem.request(chosen.id)) is not None:
        assert chosen.id in insert_all(problem, start).served


def _with_prize(request: Request, prize_cents: int | None) -> Request:
    return replace(request, prize_cents=prize_cents)


# What is locked, bundled or kept apart.


def _names(plan: Plan) -> list[str]:
    return [f"{task.kind} {task.id}" for route in plan.routes for task in route.tasks]


def test_nothing_goes_into_a_locked_beginning() -> None:
    """On the way it would go in for nothing between the two locked stops; it must come behind them."""
    trip = van(
        announced=(stop("near", 1), stop("far", 4), stop("back", 2)),
        head=(Task("announced", "near"), Task("announced", "far")),
    )
    problem = along_the_road(parcel(pickup=2, drop=3), vehicles=[trip])
    start = empty_plan(problem)
    assert start is not None
    found = insertions(problem, start, parcel(pickup=2, drop=3), every=True)
    assert {(slot.pickup_at, slot.drop_at) for slot in found} == {(2, 2), (2, 3), (3, 3)}
    assert (found[0].added_m, found[0].pickup_at, found[0].drop_at) == (20_000, 2, 2)


def test_what_is_on_board_is_brought_where_it_costs_least() -> None:
    """Picked up in the head, dropped on the way between the stops that are announced."""
    head = (Task("announced", "out"), Task("pickup", "parcel"))
    trip = van(announced=(stop("out", 1), stop("far", 5)), head=head)
    problem = along_the_road(parcel(pickup=2, drop=4), vehicles=[trip])
    plan = empty_plan(problem)
    assert plan is not None
    assert _names(plan) == ["announced out", "pickup parcel", "drop parcel", "announced far"]
    assert (check(problem, plan), plan.unserved) == ((), ())
    assert insertions(problem, plan, problem.requests[0]) == ()
    late = replace(trip, shift=Window(0, 1_200))
    assert empty_plan(replace(problem, vehicles=(late,))) is None


def test_what_is_on_board_is_brought_by_the_cheapest_order_though_another_drop_is_nearer() -> None:
    """At 2: by 1 and back to 5 and home 100 km, first to 5 and on the way home to 1 only 80 km."""
    trip = van(announced=(stop("far", 5),), head=(Task("pickup", "parcel"),))
    plan = empty_plan(along_the_road(parcel(pickup=2, drop=1), vehicles=[trip]))
    assert plan is not None
    assert _names(plan) == ["pickup parcel", "announced far", "drop parcel"]


@pytest.mark.parametrize(("prize_cents", "carried"), [(331, {"one", "other"}), (330, set())])
def test_a_bundle_pays_together_or_stays_behind(prize_cents: int, carried: set[str]) -> None:
    """The way costs 660 cents, which neither would pay alone."""
    mates = [parcel(name, prize_cents=prize_cents, bundle="both") for name in ("one", "other")]
    problem = along_the_road(*mates)
    assert insert_all(problem, Plan((), ("one", "other"))).served == carried


def test_a_bundle_rides_in_one_van_though_two_would_be_cheaper() -> None:
    """One starts beside each parcel; together they ride in one of them, or not at all."""
    west, east = van(id="west", capacity=(1,)), van(id="east", start=5, end=5, capacity=(1,))
    mates = [parcel("w", 0, 1, bundle="both"), parcel("e", 5, 4, bundle="both")]
    apart = along_the_road(*[replace(one, bundle=None) for one in mates], vehicles=[west, east])
    assert len(insert_all(apart, Plan((), ("w", "e"))).routes) == 2
    together = along_the_road(*mates, vehicles=[west, east])
    plan = insert_all(together, Plan((), ("w", "e")))
    assert (len(plan.routes), check(together, plan)) == (1, ())
    short = along_the_road(*mates, vehicles=[replace(one, longest_m=20_000) for one in (west, east)])
    assert insert_all(short, Plan((), ("w", "e"))) == Plan((), ("w", "e"))


def test_a_mate_rides_where_its_bundle_rides() -> None:
    """The bus is cheaper for it, but its mate is locked into the van."""
    bus = van(id="bus", cents_per_km=1)
    mates = [parcel(name, bundle="both") for name in ("one", "other")]
    problem = along_the_road(*mates, vehicles=[van(head=(Task("pickup", "one"),)), bus])
    start = empty_plan(problem)
    assert start is not None
    assert {slot.vehicle for slot in insertions(problem, start, mates[1], every=True)} == {"van"}
    assert check(problem, insert_all(problem, start)) == ()


def test_goods_apart_are_never_offered_a_slot_together() -> None:
    """Fish rides from 1 to 3; the flowers go in before it, behind it, or not at all."""
    fish = parcel("fish", 1, 3, goods=frozenset({"fish"}))
    flowers = parcel("flowers", 1, 3, goods=frozenset({"flowers"}))
    problem = replace(along_the_road(fish, flowers), apart=frozenset({frozenset({"fish", "flowers"})}))
    start = insert_all(problem, Plan((), ("fish",)))
    found = insertions(problem, start, flowers, every=True)
    assert {(slot.pickup_at, slot.drop_at) for slot in found} == {(0, 0), (2, 2)}


def test_who_was_left_is_tried_again_when_others_have_changed_a_route() -> None:
    """The far one does not pay 1,000 cents, but 200 behind the near one, which pays 800."""
    far, near = parcel("far", 1, 5, prize_cents=900), parcel("near", 1, 4, prize_cents=850)
    light = van(cents_per_hour=0)
    alone = along_the_road(far, vehicles=[light])
    assert insert_all(alone, Plan((), ("far",))).served == set()
    both = along_the_road(far, near, vehicles=[light])
    assert insert_all(both, Plan((), ("far", "near"))).served == {"far", "near"}
