"""Results are kept by what was run, and figures have the names that are promised."""

import json

import pytest

from bench.search_pdptw import Ask, figures, middle, runs_of
from bench.search_pooled import figures as pooled_figures
from bench.search_runs import Results, Run, seeds_of
from bench.search_sets import BEST_KNOWN, Case, NoInstances, of_folder, published, set_of
from tests.bench.worlds import SQUARE, STREET


def run(**changes):
    known = {"part": "pdptw", "problem": "square", "digest": "d", "solver": "ours", "version": "1"}
    return Run(**{**known, "seconds": 10.0, "seed": 1, **changes})


def row(vehicles, cost):
    told = {"problem": "square", "seconds": 10.0, "solver": "ours"}
    return {**told, "vehicles": vehicles, "cost": cost}


def test_a_result_is_found_again_in_the_file_and_not_for_another_run(tmp_path):
    file = tmp_path / "out" / "results.jsonl"
    kept = Results(file).keep(run(), {"vehicles": 2, "cost": 22.5})
    assert Results(file).of(run()) == kept
    for other in ({"seed": 2}, {"seconds": 60.0}, {"version": "2"}, {"digest": "e"}, {"solver": "vroom"}):
        assert Results(file).of(run(**other)) is None


def test_of_two_results_for_a_run_the_later_one_holds(tmp_path):
    results = Results(tmp_path / "results.jsonl")
    for vehicles in (3, 2):
        results.keep(run(), {"vehicles": vehicles})
    assert Results(tmp_path / "results.jsonl").of(run())["vehicles"] == 2


def test_without_a_file_nothing_is_kept_on_disk(tmp_path):
    results = Results(None)
    results.keep(run(), {"vehicles": 2})
    assert results.of(run())["vehicles"] == 2 and list(tmp_path.iterdir()) == []


def test_a_solver_without_a_seed_runs_once():
    assert seeds_of("ortools", (1, 2, 3)) == (1,)
    assert seeds_of("ours", (1, 2, 3)) == (1, 2, 3)


def test_of_several_seeds_the_middle_one_counts_and_none_is_the_worst():
    assert middle([row(2, 9.0), row(1, 8.0), row(2, 7.0)])["cost"] == 7.0
    assert middle([row(None, None), row(1, 8.0), row(None, None)])["vehicles"] is None


def test_the_figures_of_a_set_have_their_names_and_count_what_has_no_answer(tmp_path):
    cases = tuple(Case(name, tmp_path, 2, 20.0) for name in ("square", "street", "third"))
    rows = [row(2, 21.0), row(3, 15.0) | {"problem": "street"}, row(None, None) | {"problem": "third"}]
    found = figures({"all": cases}, rows)["all"]["10"]["ours"]
    assert found["instances"] == 3 and found["answered"] == 2
    assert found["vehicles_met_share"] == pytest.approx(1 / 3, abs=1e-4)
    assert found["vehicles_over_mean"] == 0.5
    assert found["cost_gap_mean_pct"] == 5.0  # Only where the vehicles are those of the best known solution.


def test_the_figures_of_pooled_days_are_added_up_and_none_stays_none():
    def day(region, solver, cost, served):
        mended = {"mended_cost": cost, "mended_served": served}
        told = {"problem": f"{region}-150-1", "seconds": 60.0, "solver": solver}
        return {**told, "cost": cost, "served": served, **mended}

    rows = [day("tarn", "ours", 100, 9), day("midi_pyrenees", "ours", 200, 8)]
    rows += [day("tarn", "pyvrp", 110, 7), day("midi_pyrenees", "pyvrp", None, None)]
    found = json.loads(json.dumps(pooled_figures(rows)))["150"]["60"]
    assert (found["ours"]["cost"], found["ours"]["served"]) == (300, 17)
    assert (found["pyvrp"]["cost"], found["pyvrp"]["served"]) == (None, None)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "some").mkdir()
    (tmp_path / "square.txt").write_text(SQUARE)
    (tmp_path / "some" / "street-n4-1.txt").write_text(STREET)
    (tmp_path / "other.txt").write_text("not named in the table")
    table = "instance,vehicles,cost\nsquare,1,20.5\nstreet-n4-1,1,26\nmissing,1,1\n"
    (tmp_path / BEST_KNOWN).write_text(table)
    return tmp_path


def test_any_folder_with_a_table_of_best_known_solutions_runs(folder):
    sets = of_folder(folder)
    assert list(sets) == [folder.name]
    assert [(case.name, case.vehicles, case.cost) for case in sets[folder.name]] == [
        ("square", 1, 20.5),
        ("street-n4-1", 1, 26.0),
    ]


def test_a_table_may_name_the_sets(folder):
    table = "set,instance,vehicles,cost,by,date\nplane,square,1,20.5,x,y\nroads,street-n4-1,1,26,x,y\n"
    (folder / BEST_KNOWN).write_text(table)
    assert {name: len(cases) for name, cases in of_folder(folder).items()} == {"plane": 1, "roads": 1}


def test_a_folder_without_a_table_or_without_files_is_refused(tmp_path):
    (tmp_path / "deep").mkdir()
    with pytest.raises(NoInstances, match=BEST_KNOWN):
        of_folder(tmp_path / "deep")
    (tmp_path / BEST_KNOWN).write_text("instance,vehicles,cost\nlc101,10,828.9\n")
    with pytest.raises(NoInstances, match="no file"):
        of_folder(tmp_path / "deep")


def test_each_run_is_asked_once_for_each_solver_second_and_seed(folder):
    cases = next(iter(of_folder(folder).values()))
    ask = Ask({"ours": "1", "ortools": "2"}, (1.0, 10.0), (1, 2))
    runs = [run for run, _ in runs_of(cases, ask)]
    assert len(runs) == len({one.key for one in runs}) == 2 * 2 * (2 + 1)


def test_the_four_sets_and_the_sixteen_with_a_name(data):
    sets = published(data / "pdptw")
    assert {name: len(cases) for name, cases in sets.items()} == {
        "ll100": 56,
        "ll200": 18,
        "sb100": 25,
        "sb400": 4,
        "named": 16,
        "quick": 2,
    }


@pytest.mark.parametrize(
    ("name", "of"),
    [("lc101", "ll100"), ("lrc2_10_3", "ll1000"), ("bar-n100-1", "sb100"), ("nyc-n5000-2", "sb5000")],
)
def test_the_set_of_a_problem_shows_in_its_name(name, of):
    assert set_of(name) == of
