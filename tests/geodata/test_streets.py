"""Streets to be drawn: each once, found by box and by class, whatever the order in which they are given."""

import numpy as np
import pytest

from geodata.streets import Streets, streets_of

AVENUE = ("primary", ((43.70, 7.40), (43.71, 7.41), (43.72, 7.40)))
LANE = ("service", ((43.80, 7.50), (43.81, 7.52)))
FAR = ("primary", ((45.0, 9.0), (45.1, 9.1)))


def lines(streets: Streets):
    ends = np.cumsum(streets.count)[:-1]
    pieces = zip(streets.row, np.split(streets.lines(), ends), strict=False)
    return [(streets.classes[row], tuple(map(tuple, points.tolist()))) for row, points in pieces]


def near(streets: Streets):
    return lines(streets.within(43.6, 7.3, 43.9, 7.6))


def test_a_box_gives_the_streets_that_touch_it_with_all_their_points():
    assert near(streets_of([FAR, AVENUE, LANE])) == [AVENUE, LANE]


def test_a_street_of_which_only_a_piece_lies_in_the_box_is_given_whole():
    assert lines(streets_of([AVENUE]).within(43.715, 7.3, 43.9, 7.6)) == [AVENUE]


def test_a_box_without_streets_gives_none():
    assert near(streets_of([FAR])) == []
    assert near(streets_of([])) == []


def test_a_class_gives_its_streets_alone():
    assert lines(streets_of([AVENUE, LANE, FAR]).of(["primary"])) == [AVENUE, FAR]
    assert lines(streets_of([AVENUE, LANE]).of([])) == []


def test_a_street_given_in_both_directions_is_there_once():
    back = (AVENUE[0], AVENUE[1][::-1])
    assert near(streets_of([AVENUE, LANE, back, AVENUE])) == [AVENUE, LANE]


def test_two_ways_around_one_block_are_two_streets():
    """Both lead from the same junction to the same junction, with as many points."""
    other = ("primary", ((43.70, 7.40), (43.71, 7.39), (43.72, 7.40)))
    assert near(streets_of([AVENUE, other])) == [AVENUE, other]


def test_a_single_point_is_no_street():
    assert near(streets_of([("primary", ((43.7, 7.4),)), LANE])) == [LANE]


def test_the_bounds_are_those_of_what_may_be_drawn():
    assert streets_of([AVENUE, LANE]).bounds == pytest.approx((43.70, 7.40, 43.81, 7.52))
    assert streets_of([]).bounds is None
