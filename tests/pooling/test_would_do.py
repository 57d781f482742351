"""What would do: each change that is told, once made, puts the shipment on that ride of the committed day."""

from dataclasses import replace

from pooling.days.alternatives import Committed
from pooling.days.changed import at_hours, changed, of_crates
from pooling.days.dayplan import plan_day
from pooling.days.turned import turned_of_payer, turned_shipments
from pooling.load import Room, Space, Temperature
from pooling.market.award import best_slot
from pooling.tour import RateCard
from pooling.tours.confirming import payable
from routing.abreast import abreast
from routing.check import check
from routing.insertion import best_in_route, insert
from routing.plan import Plan
from tests.pooling.worlds import day, ground, hours, shipment, tour, trip


def planned(*shipments, **what):
    return plan_day(day(*shipments, **what), ground(), deadline_s=0)


def turned(plan, name):
    return next(one for one in plan.turned if (one.about, one.subject) == ("shipment", name))


def committed(plan):
    possible = tuple(one for one in plan.day.shipments if one.id not in plan.impossible)
    return Committed(
        plan.day, plan.ground, plan.trips, plan.tour_problem, plan.tour_plan, plan.payers, possible
    )


def made(one, told):
    """Return the shipment as a change that was told makes it."""
    if told.kind == "hours":
        return at_hours(one, told.pickup_s, told.drop_s)
    return of_crates(one, told.crates)


def by_kind(plan, name):
    return {told.kind: told for told in turned(plan, name).would_do}


def van_lacks_cents(plan, one, told):
    """Add the van that was told, with this shipment only; return what its card asks above its payer's cap."""
    like = plan.tour_problem.vehicle(told.ride)
    asked = replace(plan.tour_problem.request(one.id), prize_cents=None)
    others = tuple(each for each in plan.tour_problem.requests if each.id != one.id)
    problem = replace(
        plan.tour_problem,
        vehicles=(*plan.tour_problem.vehicles, replace(like, id="more")),
        requests=(*others, asked),
    )
    slot = best_in_route(problem, problem.vehicle("more"), None, asked)
    joined = insert(plan.tour_plan, slot)
    assert not check(problem, joined)
    cap = plan.payers.caps(plan.day.tour_by_id[told.ride], joined, slot.route)[one.payer]
    return slot.added_cents - cap.cap_cents


def rides(plan, one, told):
    """Put the changed shipment on the tour that was told, and have checker and caps judge it."""
    after = changed(committed(plan), made(one, told))
    asked = after.tour_problem.request(one.id)
    if told.kind == "gap":
        asked = replace(asked, prize_cents=None)
        gaps = tuple(
            replace(each, gap_cents=each.gap_cents + told.missing_cents, gap_account="depot")
            if each.id == told.ride
            else each
            for each in after.day.tours
        )
        after = replace(after, day=replace(after.day, tours=gaps))
    requests = (*(each for each in after.tour_problem.requests if each.id != one.id), asked)
    problem = replace(after.tour_problem, requests=requests)
    route = after.tour_plan.route(told.ride)
    slot = best_in_route(problem, problem.vehicle(told.ride), route, asked)
    assert (slot.pickup_s, slot.drop_s) == (told.pickup_s, told.drop_s)
    joined = insert(Plan(after.tour_plan.routes, after.tour_plan.unserved), slot)
    assert not check(problem, joined)
    return payable(after.day, problem, joined, after.payers)


CHEAP = RateCard(fixed_cents=100, cents_per_km=20, cents_per_hour=500, cents_per_stop=10)
SMALL = tour(room=Room(ambient=Space(5)), card=CHEAP)


def test_a_shipment_too_large_for_the_room_is_told_how_many_crates_would_ride():
    left = shipment("left", "mill", "cafe", 9)
    plan = planned(shipment("other", "orchard", "cafe", 2), left, tours=[SMALL])
    told = by_kind(plan, "left")["size"]
    assert told.crates == 5, "as the van holds"
    assert rides(plan, left, told)


def test_a_shipment_whose_hours_no_tour_keeps_is_told_hours_that_would_do():
    left = shipment("left", "mill", "cafe", 4, drop=hours("04:00", "05:05"))
    plan = planned(shipment("other"), left, tours=[tour(card=CHEAP)])
    (told,) = (one for one in turned(plan, "left").would_do if one.kind == "hours")
    assert told.drop_s > left.drop.closes_s
    assert rides(plan, left, told)


def test_a_shipment_that_costs_more_than_it_brings_is_told_what_is_missing_to_the_cent():
    left = shipment("left", "shop", "cafe", 1, payer="shop")
    plan = planned(left, tours=[tour()])
    (told,) = turned(plan, "left").would_do
    assert told.kind == "gap" and told.missing_cents > 0, "another van would cost no less"
    assert rides(plan, left, told)
    assert not rides(plan, left, replace(told, missing_cents=told.missing_cents - 1))


def test_a_shipment_that_full_vans_leave_is_told_what_one_van_more_would_take():
    full = shipment("full", "dairy", "shop", 5, drop=hours("05:30", "06:30"), pickup=hours("05:00", "06:00"))
    left = shipment("left", "mill", "cafe", 1, drop=hours("05:30", "06:30"), pickup=hours("05:00", "06:00"))
    plan = planned(full, left, tours=[SMALL])
    (name,) = plan.tour_plan.unserved
    told = by_kind(plan, name)["van"]
    assert max(0, van_lacks_cents(plan, plan.day.shipment_by_id[name], told)) == told.missing_cents


def test_goods_that_nobody_could_deliver_in_their_hours_are_told_hours_on_a_tour():
    never = shipment(
        "never", "orchard", "cafe", 4, pickup=hours("10:20", "11:00"), drop=hours("06:00", "10:30")
    )
    plan = planned(never, tours=[tour(card=CHEAP)])
    assert plan.impossible == ("never",)
    (told,) = (one for one in turned(plan, "never").would_do if one.kind == "hours")
    assert told.drop_s > never.drop.closes_s and rides(plan, never, told)


def test_a_trip_that_would_take_it_at_another_hour_is_told_with_its_price():
    left = shipment(
        "left", "town", "shop", 2, payer="town", drop=hours("05:00", "05:30"), pickup=hours("05:00", "06:00")
    )
    plan = planned(left, trips=[trip(12, 9, 12)], tours=[])
    for told in turned(plan, "left").would_do:
        assert told.ride == "T1" and told.price_cents > 0
        slot = best_slot(plan.ground, plan.trips[0], made(left, told))
        assert (slot.pickup_s, slot.drop_s) == (told.pickup_s, told.drop_s)


def test_where_nothing_would_do_nothing_is_told():
    left = shipment("left", "mill", "cafe", 4, temperature=Temperature.FROZEN)
    plan = planned(left, tours=[tour(card=CHEAP)])
    assert turned(plan, "left").would_do == ()


def test_two_processes_tell_what_one_does():
    """Reasons, counterfactuals and changes travel whole; the second process does a part of them."""
    left = [
        shipment(f"s{at}", "mill", "cafe", 3 + at, payer=payer, drop=hours("04:00", "05:05"))
        for at, payer in enumerate(("mill", "dairy", "farm", "orchard"))
    ]
    plan = planned(*left, tours=[SMALL])
    asked = committed(plan)
    alone = turned_shipments(asked, {}, processes=1)
    begun: list[int] = []
    both = abreast(turned_of_payer, (asked, {}), [[one] for one in left], processes=2, on_start=begun.append)
    assert [repr(one) for group in both for one in group] == [repr(one) for one in alone]
    assert [one.refusal.sentence for group in both for one in group] == [
        one.refusal.sentence for one in alone
    ]
    assert len(begun) <= 1
