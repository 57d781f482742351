"""Each peer, in a process of its own, hands over legal answers, and no more of them than its time allows."""

from dataclasses import replace

import pytest

from bench.pdptw_check import Published, score
from bench.search_legal import legal_plan
from bench.search_pdptw import judged
from bench.search_runs import PACKAGES, Run, answers, version_of
from bench.search_sets import Case
from routing.check import check
from routing.instance_files import read_instance
from routing.instances import node_routes, problem_of
from tests.bench.worlds import SQUARE, STREET

SECONDS = 0.3


def run(solver):
    if version_of(solver) is None:
        pytest.skip(f"{solver} is installed for benchmarks only: make bench")
    return Run("pdptw", "square", "d", solver, "1", SECONDS, 1)


@pytest.mark.parametrize("solver", PACKAGES)
@pytest.mark.parametrize("text", [SQUARE, STREET], ids=["square", "street"])
def test_a_peer_finds_the_one_vehicle_that_is_enough(tmp_path, solver, text):
    path = tmp_path / "square.txt"
    path.write_text(text)
    found, told = answers(run(solver), {"instance": str(path)})
    instance = read_instance(path)
    row = judged(Case("square", path, 1, 20.0), instance, found)
    assert (row["vehicles"], told["answers"]) == (1, len(found))
    assert score(Published(text), row["routes"]).violations == ()
    assert all(answer.cpu_s < 2 * SECONDS for answer in found)
    assert check(problem_of(instance), legal_plan(problem_of(instance), found[-1].orders)) == ()


def test_what_a_peer_breaks_is_told_and_counts_as_no_answer(tmp_path):
    path = tmp_path / "square.txt"
    path.write_text(SQUARE)
    instance = read_instance(path)
    found, _ = answers(run("vroom"), {"instance": str(path)})
    half = [replace(found[-1], orders={"1": found[-1].orders["1"][:1]} if found[-1].orders else {})]
    row = judged(Case("square", path, 1, 20.0), instance, half)
    assert row["vehicles"] is None and any("is called at 0 times" in one for one in row["violations"])
    assert len(node_routes(instance, half[0].orders)) == 1


def test_a_peer_that_cannot_read_its_problem_has_no_answer_and_says_so(tmp_path):
    found, told = answers(run("vroom"), {"instance": str(tmp_path / "none.txt")})
    assert found == [] and told["ended"] != 0 and "none.txt" in told["said"]
