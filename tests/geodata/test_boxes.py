"""The nearest of many lines, as a tree of boxes finds it, against looking at every one."""

import numpy as np
import shapely

from geodata.boxes import Plane, tree_of

PLANE = Plane(np.array([44.0, 2.0]), np.array([111_195.0, 80_000.0]))
LINES = 900


def test_the_tree_finds_the_line_that_looking_at_all_of_them_finds():
    random = np.random.default_rng(7)
    start = np.concatenate([[0], np.cumsum(random.integers(2, 7, LINES))])
    points = 44 + np.cumsum(random.normal(0, 1e-3, (start[-1], 2)), axis=0) - [0.0, 42.0]
    lines, later = np.flatnonzero(random.random(LINES) < 0.9), random.random(LINES) < 0.5
    beside = points[:300] + random.normal(0, 2e-3, (300, 2))
    spots = PLANE.flat(np.concatenate([points[:300], beside]))
    drawn = [shapely.LineString(PLANE.flat(points[start[one] : start[one + 1]])) for one in lines]
    nearest = []
    for spot in shapely.points(spots):
        apart = shapely.distance(drawn, spot)
        nearest.append(min(zip(apart, later[lines], lines, strict=True))[2])
    assert tree_of(lines, points, start, PLANE).nearest(spots, later).tolist() == nearest


def test_of_lines_equally_near_a_later_one_gives_way_and_then_the_least_number_goes_first():
    points = np.tile([[44.0, 2.0], [44.0, 2.1]], (3, 1))
    tree = tree_of(np.array([0, 1, 2]), points, np.array([0, 2, 4, 6]), PLANE)
    spot = PLANE.flat(np.array([[44.01, 2.05]]))
    assert tree.nearest(spot, np.array([True, False, False])).tolist() == [1]
    assert tree.nearest(spot, np.zeros(3, dtype=bool)).tolist() == [0]


def test_a_line_that_does_not_move_is_a_point():
    tree = tree_of(np.array([0]), np.array([[44.0, 2.0], [44.0, 2.0]]), np.array([0, 2]), PLANE)
    assert tree.nearest(PLANE.flat(np.array([[44.5, 2.5]])), np.array([False])).tolist() == [0]
