"""Ways that share a road lie side by side on a map, and none of them covers another."""

from api.papers.lanes import LANES_LIMIT, Run, in_lanes

A, B, C, D, NORTH, SOUTH = (43.7, 7.1), (43.7, 7.2), (43.7, 7.3), (43.7, 7.4), (43.8, 7.2), (43.6, 7.3)


def test_a_way_that_shares_no_road_keeps_to_its_middle():
    assert in_lanes([(A, B, C), (NORTH, D)]) == ((Run((A, B, C), 0),), (Run((NORTH, D), 0),))


def test_two_ways_lie_side_by_side_where_they_share_a_road_and_only_there():
    one, other = in_lanes([(A, B, C, D), (NORTH, B, C, SOUTH)])
    assert one == (Run((A, B), 0), Run((B, C), -0.5), Run((C, D), 0))
    assert other == (Run((NORTH, B), 0), Run((B, C), 0.5), Run((C, SOUTH), 0))


def test_ways_in_opposite_directions_do_not_meet_on_one_side():
    """To the right of who goes east is to the left of who goes west."""
    (east,), (west,) = in_lanes([(A, B, C), (C, B, A)])
    assert east == Run((A, B, C), -0.5)
    assert west == Run((C, B, A), -0.5)


def test_a_way_and_its_own_return_share_one_lane():
    (there, back), _ = in_lanes([(A, B, A), (A, B)])
    assert (there, back) == (Run((A, B), -0.5), Run((B, A), 0.5))


def test_three_ways_keep_three_lanes_about_the_middle():
    assert [run.aside for (run,) in in_lanes([(A, B)] * 3)] == [-1, 0, 1]


def test_a_way_that_goes_nowhere_has_no_run():
    assert in_lanes([(A, A), (), (A,)]) == ((), (), ())


def test_many_ways_on_one_road_are_no_broader_than_seven():
    aside = [run.aside for (run,) in in_lanes([(A, B)] * 29)]
    assert aside == sorted(aside)
    assert aside[-1] - aside[0] <= LANES_LIMIT
