"""A solution is scored from the published file alone, and each broken rule is named."""

from math import sqrt

import pytest

from bench.pdptw_check import Published, main, score
from tests.bench.worlds import SQUARE, STREET

GOOD = [[1, 2], [3, 4]]


def broken(routes, text=SQUARE):
    return score(Published(text), routes).violations


def test_a_good_solution_has_its_vehicles_and_its_way_in_doubles():
    found = score(Published(SQUARE), GOOD)
    assert found.violations == ()
    assert (found.vehicles, found.cost) == (2, pytest.approx(5 + 4 + 3 + 4 + sqrt(2) + sqrt(26)))


def test_one_vehicle_may_do_both_pairs_one_after_the_other():
    assert score(Published(SQUARE), [[1, 2, 3, 4]]).violations == ()


def test_minutes_are_taken_from_the_file_each_way():
    found = score(Published(STREET), [[1, 3, 2, 4]])
    assert (found.vehicles, found.cost, found.violations) == (1, 4 + 4 + 3 + 4 + 11, ())


@pytest.mark.parametrize(
    ("routes", "word"),
    [
        ([[1, 2], [3]], "node 4 is called at 0 times"),
        ([[1, 2], [3, 4], [1]], "node 1 is called at 2 times"),
        ([[1, 2], [3, 4, 9]], "node 9 does not exist"),
        ([[2, 1], [3, 4]], "without its pickup"),
        ([[1, 4], [3, 2]], "never dropped: 1"),
        ([[1, 3, 2, 4]], "carries 11 of 10"),
        ([[3, 4, 1, 2]], "node 1 begins at"),
        ([[1], [2], [3, 4]], "3 vehicles, there are 2"),
    ],
)
def test_each_broken_rule_is_named(routes, word):
    assert any(word in violation for violation in broken(routes))


def test_coming_home_late_is_named():
    late = SQUARE.replace("0 0 0 0 0 100 0 0 0", "0 0 0 0 0 10 0 0 0")
    assert any("is home at" in violation for violation in broken(GOOD, late))


def test_the_command_prints_the_score_and_ends_with_whether_it_is_good(tmp_path, capsys):
    (tmp_path / "square.txt").write_text(SQUARE)
    (tmp_path / "good.txt").write_text("Instance name : square\nSolution\nRoute 1 : 1 2\nRoute 2 : 3 4\n")
    (tmp_path / "bad.txt").write_text("Route 1 : 2 1\nRoute 2 : 3 4\n")
    assert main(str(tmp_path / "square.txt"), str(tmp_path / "good.txt")) == 0
    assert "2 vehicles, cost 22.5132, 0 rules broken" in capsys.readouterr().out
    assert main(str(tmp_path / "square.txt"), str(tmp_path / "bad.txt")) == 1
