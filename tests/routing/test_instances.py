"""Published problems become ours and back; what is malformed is refused by file and line."""

from dataclasses import replace
from math import sqrt
from pathlib import Path

import pytest

from bench.pdptw_check import Published, score
from routing.check import check
from routing.cost import plan_cents
from routing.instance_files import (
    InstanceUnreadable,
    instance_text,
    read_instance,
    read_solution,
    solution_text,
)
from routing.instances import node_routes, orders_of, problem_of
from routing.mending import plan_of
from tests.bench.worlds import SQUARE, STREET


@pytest.fixture
def square(tmp_path):
    (tmp_path / "square.txt").write_text(SQUARE.replace("\n", "\r\n"))
    return read_instance(tmp_path / "square.txt")


@pytest.fixture
def street(tmp_path):
    (tmp_path / "street.txt").write_text(STREET)
    return read_instance(tmp_path / "street.txt")


def planned(instance, routes):
    problem = problem_of(instance)
    return problem, plan_of(problem, orders_of(instance, routes))


def test_which_set_a_file_belongs_to_shows_in_its_first_line(square, street):
    assert (square.name, square.form, square.vehicles) == ("square", "li_lim", 2)
    assert (street.name, street.form, street.vehicles) == ("street-n4-1", "sartori_buriol", None)


def test_straight_ways_are_thousandths_rounded_up_and_whole_ones_exact(square):
    matrix = problem_of(square).matrix
    assert matrix.durations_s[0, 1] == 5_000
    assert matrix.durations_s[3, 4] == 1_415  # The root of 2 is 1.41421…
    assert (matrix.distances_m == matrix.durations_s).all()


def test_minutes_are_seconds_each_way(street):
    matrix = problem_of(street).matrix
    assert (matrix.durations_s[0, 1], matrix.durations_s[1, 0]) == (240, 300)


def test_a_plan_costs_its_way_and_a_vehicle_more_than_any_way(square):
    problem, two = planned(square, [[1, 2], [3, 4]])
    _, one = planned(square, [[1, 2, 3, 4]])
    assert check(problem, two) == check(problem, one) == ()
    fixed_cents = problem.vehicles[0].fixed_cents
    assert plan_cents(problem, two) - 2 * fixed_cents == 5_000 + 4_000 + 3_000 + 4_000 + 1_415 + 5_100
    assert plan_cents(problem, one) < plan_cents(problem, two)
    assert fixed_cents > problem.matrix.distances_m.max() * 6


def test_there_is_a_vehicle_for_each_request_where_the_file_has_no_number(square, street):
    assert len(problem_of(street).vehicles) == 2
    assert len(problem_of(replace(square, vehicles=7)).vehicles) == 7


def test_nodes_become_orders_and_come_back(square):
    routes = ((3, 1, 4, 2),)
    assert node_routes(square, orders_of(square, routes)) == routes
    assert node_routes(square, {"2": (), **orders_of(square, routes)}) == routes


@pytest.mark.parametrize(("closes", "legal"), [(7_414, False), (7_415, True)])
def test_what_thousandths_allow_the_roots_allow(square, closes, legal):
    """At 3 the vehicle leaves after 4 and a service of 1; the root of 2 later it is at 4."""
    assert 7.414 < 5 + 1 + sqrt(2) < 7.415 if closes == 7_415 else True
    problem = problem_of(square)
    request = problem.requests[1]
    windows = (replace(request.drop.windows[0], opens_s=0, closes_s=closes),)
    pickup = replace(request.pickup, service_s=2_000)
    tight = replace(request, pickup=pickup, drop=replace(request.drop, windows=windows))
    plan = plan_of(replace(problem, requests=(tight,)), orders_of(square, [[3, 4]]))
    assert (plan.unserved == ()) is legal


def test_a_problem_is_written_as_it_was_read(tmp_path, square, street):
    for instance in (square, street):
        path = tmp_path / f"{instance.name}.txt"
        path.write_text(instance_text(instance))
        assert read_instance(path) == instance


def test_a_solution_is_written_as_it_is_published(tmp_path):
    text = solution_text("square", [[1, 2], [3, 4]], authors="A. Nybody", date="2026-11-22")
    assert "Instance name : square\n" in text and "Route 2 : 3 4\n" in text
    (tmp_path / "solution.txt").write_text(text.replace("3 4", "0 3 4 0"))
    assert read_solution(tmp_path / "solution.txt") == ((1, 2), (3, 4))


@pytest.mark.parametrize(
    ("old", "new", "line", "word"),
    [
        ("2 10 1", "2 10", 1, "it has 2 columns, not 3"),
        ("2 10 1", "0 10 1", 1, "it has no vehicle"),
        ("1 3 4 6 0", "1 3 4 six 0", 3, "“six” is no whole number"),
        ("1 3 4 6 0", "1 3 O 6 0", 3, "its point is no pair of numbers"),
        ("2 3 0 -6 0 30 2 1 0", "2 3 0 -6 0 30 2 1", 4, "it has 8 columns, not 9"),
        ("2 3 0 -6", "2 3 0 -5", 3, "what node 1 takes is not what node 2 gives"),
        ("1 3 4 6 0 12 2 0 2", "1 3 4 6 0 12 2 0 4", 3, "node 1 and node 4 are no pair"),
        ("1 3 4 6 0 12 2 0 2", "1 3 4 6 0 20 2 4 2", 3, "either a pickup or a drop"),
        ("4 1 5 -5 10 50", "4 1 5 -5 60 50", 6, "its window closes before it opens"),
        ("3 0 4", "5 0 4", 5, "node 3 should stand here, not 5"),
        ("0 0 0 0 0 100 0 0 0", "0 0 0 7 0 100 0 0 1", 2, "should be the depot"),
    ],
)
def test_a_malformed_file_is_refused_by_its_name_and_line(tmp_path, old, new, line, word):
    path = tmp_path / "bad.txt"
    path.write_text(SQUARE.replace(old, new))
    with pytest.raises(InstanceUnreadable, match=word) as refused:
        read_instance(path)
    assert (refused.value.facts["file"], refused.value.facts["line"]) == ("bad.txt", line)


@pytest.mark.parametrize(
    ("old", "new", "line", "word"),
    [
        ("CAPACITY: 10\n", "", 1, "it has no CAPACITY"),
        ("CAPACITY: 10", "CAPACITY: ten", 5, "“ten” is no whole number"),
        ("SIZE: 5", "SIZE: 4", 9, "no pair"),
        ("SIZE: 5", "SIZE: 6", 12, "columns, not 9"),
        ("EDGES\n", "", 12, "EDGES should stand here"),
        ("5 0 2 4 6", "5 0 2 4", 14, "it has 4 columns, not 5"),
        ("5 0 2 4 6", "5 0 2 -4 6", 14, "a way is negative"),
        ("NODES", "KNOTS", 6, "NODES should stand here"),
        ("11 7 5 3 0\nEOF\n", "", 17, "the file ends too early"),
    ],
)
def test_a_malformed_file_of_minutes_is_refused_too(tmp_path, old, new, line, word):
    path = tmp_path / "bad.txt"
    path.write_text(STREET.replace(old, new))
    with pytest.raises(InstanceUnreadable, match=word) as refused:
        read_instance(path)
    assert refused.value.facts["line"] == line


def test_what_is_no_file_or_no_solution_is_refused(tmp_path):
    (tmp_path / "empty.txt").write_text("")
    for path in (tmp_path / "none.txt", tmp_path / "empty.txt"):
        with pytest.raises(InstanceUnreadable):
            read_instance(path)
        with pytest.raises(InstanceUnreadable):
            read_solution(path)


def test_every_published_file_reads_and_both_judges_agree_about_its_trivial_plan(data):
    """One vehicle per request keeps every rule but the size of the fleet."""
    paths = sorted((data / "pdptw").glob("*/*.txt"))
    assert len(paths) == 103
    for path in paths:
        instance = read_instance(path)
        routes = [(pickup, instance.nodes[pickup].partner) for pickup in instance.pickups]
        found = score(Published(Path(path).read_text()), routes)
        problem, plan = planned(replace(instance, vehicles=len(routes)), routes)
        assert check(problem, plan) == ()
        assert [one for one in found.violations if "vehicles" not in one] == []
        way = plan_cents(problem, plan) - len(routes) * problem.vehicles[0].fixed_cents
        scale = 1_000 if instance.form == "li_lim" else 60
        assert 0 <= way / scale - found.cost <= 3 * len(routes) / scale
