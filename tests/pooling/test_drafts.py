"""Drafts: the same slots as insertion finds, with the room of the legs, breaks in the hours, and stands."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pooling.legs import fits, sold_on, stretch_of
from pooling.market.award import legs_free
from pooling.market.drafts import Drafts
from routing.insertion import best_in_route
from routing.plan import Plan
from routing.problem import Window
from tests.pooling.clearing_cases import case_of, lists_of_bids, rooms
from tests.pooling.worlds import hours
from tests.thorough import examples

BREAK = (Window(0, hours("06:20", "06:20").opens_s), hours("06:50", "23:00"))
"""Nobody is there from 06:20 to 06:50."""


def put_in_slowly(case, requests, route, legs, aboard, at):
    """Put one more in by insertion alone, and count the room of the legs anew, as ``Drafts.put_in`` does."""
    shipment, request = case.day.shipment_by_id[f"S{at + 1}"], requests[at]
    problem = replace(case.book.problem, requests=(*(requests[one] for one in aboard), request))
    standing = replace(case.book, plan=Plan((route,), ()), legs=legs)
    may = legs_free(standing, shipment, request)
    slot = best_in_route(problem, case.book.vehicle, route, request, may=may)
    if slot is None:
        return None
    left = case.book.legs
    for one in (*aboard, at) if left else ():
        stretch, load = stretch_of(slot.route, f"S{one + 1}"), case.day.shipments[one].load
        if not fits(left, stretch, load):
            return None
        left = sold_on(left, stretch, load)
    return slot.route, left


@given(
    lists_of_bids(6), rooms, st.integers(5, 60), st.booleans(), st.booleans(), st.sets(st.integers(0, 5)),
    st.sampled_from([None, 0, 1, 2]),
)  # fmt: skip
@examples(40)
def test_a_draft_goes_where_insertion_goes(bids, room, detour_min, by_leg, breaks, has_break, stands):
    case = case_of(*bids, room=room, detour_min=detour_min, by_leg=by_leg)
    stops = tuple(replace(one, stands=at == stands) for at, one in enumerate(case.book.trip.stops))
    case = replace(case, book=replace(case.book, trip=replace(case.book.trip, stops=stops)))
    requests = [case.ground.request(one) for one in case.day.shipments]
    for at in has_break if breaks else ():
        if at < len(requests):
            drop = replace(requests[at].drop, windows=BREAK)
            requests[at] = replace(requests[at], drop=drop)
    drafts = Drafts(case.book, case.day.shipments, requests)
    route, legs, draft, aboard = case.book.route, case.book.legs, None, []
    draft = drafts.of_route(route, legs)
    for at in range(len(requests)):
        slow = put_in_slowly(case, requests, route, legs, aboard, at)
        quick = drafts.put_in(draft, f"S{at + 1}")
        assert (quick is None) == (slow is None)
        if quick is not None:
            (route, legs), draft, aboard = slow, quick, [*aboard, at]
            assert drafts.scheduled(draft) == route
            assert (draft.distance_m, draft.duration_s) == (route.distance_m, route.duration_s)
            assert [tuple(leg) for leg in draft.free] == [leg.free for leg in legs]


def test_a_van_with_rides_of_a_longest_time_is_not_drafted():
    case = case_of(("dairy", "shop", 2, 900, "", ""))
    requests = [replace(case.ground.request(one), longest_ride_s=600) for one in case.day.shipments]
    drafts = Drafts(case.book, case.day.shipments, requests)
    with pytest.raises(ValueError, match="one van"):
        drafts.put_in(drafts.of_route(case.book.route, ()), "S1")
