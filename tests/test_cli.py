"""The commands as a person types them: what they print, what they refuse, and how they end."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from api.commands.cli import DEFAULT_SEED, app
from api.commands.morning import invent_morning
from geodata.region import EMBEDDED, open_region
from tests.desk.servers import until
from tests.forks import COMMAND, Forked
from tests.geodata.streets import BEAUSOLEIL, GOOD, OUTSIDE, line, write
from tests.geodata.town import draw

REFUSED = 2
FEW = 9
AT_ONCE = ("--json", "--seconds", "0.1")


def run(*arguments: str):
    return CliRunner().invoke(app, list(arguments))


@pytest.fixture(scope="module")
def few():
    """Return the demo's day with few of its shipments: guests of a trip among them."""
    rows = invent_morning(open_region(EMBEDDED), DEFAULT_SEED)
    return rows | {"shipments": rows["shipments"][:FEW]}


def written(rows, folder):
    """Write a day to a file; returns its path."""
    path = folder / "few.json"
    path.write_text(json.dumps(rows), encoding="utf-8")
    return str(path)


@pytest.mark.xdist_group("demo")
def test_the_demo_writes_manifests_maps_figures_and_the_day_itself(demo):
    out, found = demo
    assert {Path(path).suffix for path in found["manifests"]} == {
        ".html",
        ".pdf",
        ".json",
        ".geojson",
        ".svg",
    }
    assert all(Path(path).stat().st_size > 500 for path in found["manifests"])
    assert (out / "manifests" / "index.html").is_file() and (out / "manifests" / "map.svg").is_file()
    assert json.loads((out / "result.json").read_text(encoding="utf-8")) == found
    assert {path.name for path in (out / "day").iterdir()} == {
        f"{table}.csv" for table in ("day", "sites", "trips", "shipments", "vehicles")
    }


@pytest.mark.xdist_group("demo")
def test_the_demo_day_has_what_the_morning_promises(demo):
    """Trips with guests, a tour, and a bid refused for law, for room and for hours."""
    _, found = demo
    assert len(found["trips"]) == 5
    assert any(trip["guests"] for trip in found["trips"]) and found["tours"]
    codes = {refusal["code"] for refusal in found["refusals"]}
    assert codes >= {"payer_not_a_farm", "no_room", "drop_hours_missed"}
    assert found["pooled"]["euro_cents"] < found["alone"]["euro_cents"]


@pytest.mark.xdist_group("demo")
@pytest.mark.parametrize("form", ["day.json", pytest.param("day", marks=pytest.mark.slow)])
def test_the_day_that_the_demo_wrote_can_be_planned_again(demo, form, tmp_path):
    """As JSON and as a folder of CSV tables; the baseline is the same to the cent."""
    out, found = demo
    answer = run("plan", str(out / form), "--out", str(tmp_path), *AT_ONCE)
    assert answer.exit_code == 0, answer.output
    again = json.loads(answer.stdout)
    assert again["alone"]["euro_cents"] == found["alone"]["euro_cents"]
    assert again["violations"] == [] and again["bad_lines"] == []


def test_a_smaller_second_day_leaves_no_papers_of_the_first(few, tmp_path):
    first = run("plan", written(few, tmp_path), "--out", str(tmp_path), *AT_ONCE)
    assert json.loads(first.stdout)["manifests"]
    rows = [{**row, "bid_trip": "", "bid_eur": ""} for row in few["shipments"]]
    smaller = few | {"trips": [], "vehicles": [], "shipments": rows}
    answer = run("plan", written(smaller, tmp_path), "--out", str(tmp_path), *AT_ONCE)
    assert json.loads(answer.stdout)["manifests"] == []
    assert {path.name for path in (tmp_path / "manifests").iterdir()} == {"index.html", "map.svg"}


def test_the_story_is_told_in_french_too(few, tmp_path):
    answer = run("plan", written(few, tmp_path), "--out", str(tmp_path), "--lang", "fr", "--seconds", "0.1")
    assert answer.exit_code == 0
    assert "tournée" in answer.output.lower() and "trajet" in answer.output.lower()
    page = next((tmp_path / "manifests").glob("*-T*.html")).read_text(encoding="utf-8")
    assert 'lang="fr"' in page


def test_an_unknown_language_is_refused_before_anything_is_planned(tmp_path):
    answer = run("demo", "--lang", "xx", "--out", str(tmp_path), "--json")
    assert answer.exit_code == REFUSED
    assert json.loads(answer.stdout)["error"]["code"] == "language_unknown"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("", "day_file_unreadable"),
        ("not json", "day_file_unreadable"),
        ("[1, 2]", "day_file_unreadable"),
        ('{"sites": 3}', "day_file_unreadable"),
        ('{"sites": []}', "day_missing"),
        ('{"day": {"date": "2026-02-30", "region": "riviera"}}', "not_a_date"),
        (
            '{"day": {"date": "2026-02-20", "region": "riviera", "timezone": "Mars/Olympus"}}',
            "timezone_unknown",
        ),
        ('{"day": {"date": "2026-02-20", "region": "nowhere"}}', "region_unknown"),
        ('{"day": {"date": "2026-02-20", "region": "../etc"}}', "region_name_bad"),
        ('{"day": {"date": "2026-02-20", "region": "riviera"}}', "nothing_to_plan"),
        ('{"day": {"date": "9999-12-31", "region": "riviera"}}', "day_out_of_range"),
        ('{"day": {"date": "0001-01-01", "region": "riviera"}}', "day_out_of_range"),
    ],
)
def test_a_file_that_is_no_day_is_refused_by_its_code(content, code, tmp_path):
    path = tmp_path / "day.json"
    path.write_text(content, encoding="utf-8")
    answer = run("plan", str(path), "--out", str(tmp_path / "out"), "--json")
    assert answer.exit_code == REFUSED, answer.output
    error = json.loads(answer.stdout)["error"]
    assert error["code"] == code and error["reason"] and error["cure"]


@pytest.mark.parametrize("tables", ['{"shipments": []}', "{}"])
def test_a_day_without_shipments_is_told_that_and_not_of_bad_lines(tables, tmp_path):
    (tmp_path / "day.json").write_text(tables, encoding="utf-8")
    asked = ("plan", str(tmp_path / "day.json"), "--date", "2026-09-12", "--region", EMBEDDED)
    error = json.loads(run(*asked, "--out", str(tmp_path), "--json").stdout)["error"]
    assert error["code"] == "nothing_to_plan"
    assert "shipments is missing or empty" in error["reason"] and "listed" not in error["cure"]


@pytest.mark.parametrize("on", ["9999-12-31", "0001-01-01"])
def test_a_day_at_the_end_of_the_calendar_is_refused(on, tmp_path):
    (tmp_path / "day.json").write_text("{}", encoding="utf-8")
    answer = run("plan", str(tmp_path / "day.json"), "--date", on, "--region", EMBEDDED, "--json")
    assert answer.exit_code == REFUSED
    assert json.loads(answer.stdout)["error"]["code"] == "day_out_of_range"


def test_a_day_that_is_not_there_is_refused(tmp_path):
    answer = run("plan", str(tmp_path / "none.json"), "--json")
    assert answer.exit_code == REFUSED
    assert json.loads(answer.stdout)["error"]["code"] == "day_file_unreadable"


def test_bad_lines_are_listed_together_and_good_ones_are_planned(few, tmp_path):
    """Every problem of the file in one answer, with table, line, column, code and cure."""
    day = {table: list(rows) for table, rows in few.items()}
    good = len(day["shipments"])
    template = {**day["shipments"][-1], "bid_trip": "", "bid_eur": ""}
    broken = [
        ({"crates": "0"}, "amount_out_of_range"),
        ({"crates": "1000000"}, "amount_out_of_range"),
        ({"to_site": ""}, "delivery_missing"),
        ({"from_site": ""}, "pickup_missing"),
        ({"deliver_from": "11:00", "deliver_by": "09:00"}, "hours_reversed"),
        ({"ready": "25:61"}, "hour_unreadable"),
        ({"from_site": "NOPE"}, "name_unknown"),
        ({"temperature": "warm"}, "not_one_of"),
    ]
    day["shipments"] += [
        {**template, "shipment": f"X{at}", **change} for at, (change, _) in enumerate(broken)
    ]
    site = day["sites"][0]
    day["sites"] += [
        {**site, "site": "SWAP", "lat": site["lon"], "lon": site["lat"]},
        {**site, "site": "FAR", "lat": "48.85", "lon": "2.35"},
        {**site, "site": "MARS", "lat": "143", "lon": "7.4"},
    ]
    answer = run("plan", written(day, tmp_path), "--out", str(tmp_path), *AT_ONCE)
    assert answer.exit_code == 0, answer.output
    found = json.loads(answer.stdout)
    lines = {(line["table"], line["line"]): line for line in found["bad_lines"]}
    for at, (_, code) in enumerate(broken, start=good + 1):
        assert lines["shipments", at]["code"] == code
    assert [lines["sites", len(day["sites"]) - 2 + at]["code"] for at in range(3)] == [
        "place_off_map",
        "place_off_map",
        "place_off_earth",
    ]
    assert "the other way round" in lines["sites", len(day["sites"]) - 2]["reason"]
    assert all(line["reason"] and line["cure"] and line["column"] for line in found["bad_lines"])
    riding = {guest["shipment"] for trip in found["trips"] for guest in trip["guests"]}
    riding |= {shipment for tour in found["tours"] for shipment in tour["shipments"]}
    riding |= {shipment for trip in found["trips"] for shipment in trip["own_shipments"]}
    left = {refusal["subject"] for refusal in found["refusals"] if refusal["about"] == "shipment"}
    assert len(riding | left) == good


def test_a_folder_that_cannot_be_written_is_refused(tmp_path):
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    answer = run("demo", "--out", str(tmp_path / "file" / "out"), "--json")
    assert answer.exit_code == REFUSED
    assert json.loads(answer.stdout)["error"]["code"] == "file_denied"


@pytest.mark.parametrize(
    "arguments",
    [["demo"], ["region", "list"], ["region", "check"], ["region", "remove", "riviera"]],
    ids=" ".join,
)
def test_a_file_where_the_built_regions_should_be_is_refused_by_every_command(
    arguments, tmp_path, monkeypatch
):
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    for home in ("file", "file/below"):
        monkeypatch.setenv("CARRIOLE_HOME", str(tmp_path / home))
        answer = run(*arguments)
        assert answer.exit_code == REFUSED and "Traceback" not in answer.output
        assert "file_denied" in answer.output and "CARRIOLE_HOME" in answer.output


def test_removing_a_region_says_what_was_removed(tmp_path, monkeypatch):
    monkeypatch.setenv("CARRIOLE_HOME", str(tmp_path))
    assert run("region", "build", "tarn", str(draw(tmp_path, "A...B", ["AB"]).path)).exit_code == 0
    said = run("region", "remove", "tarn").output
    assert "tarn was removed" in said and "again" not in said
    assert "built again" in run("region", "remove", EMBEDDED).output
    assert "reconstruite" in run("region", "remove", EMBEDDED, "--lang", "fr").output


def test_the_demo_keeps_a_day_that_somebody_edited_and_says_where_it_wrote_the_new_one(
    few, tmp_path, monkeypatch
):
    monkeypatch.setattr("api.commands.cli.invent_morning", lambda *_: few)
    mine = tmp_path / "day.json"
    mine.write_text("mine", encoding="utf-8")
    said = run("demo", "--out", str(tmp_path), "--seconds", "0.1").output
    assert "was edited, and kept" in said and "day-2.json" in said
    assert mine.read_text(encoding="utf-8") == "mine" and (tmp_path / "day-2" / "sites.csv").is_file()


LATER = [pytest.param(after_s, marks=pytest.mark.slow) for after_s in (0.1, 1.0, 2.5)]
WORD = "Interrupted.\n"


@pytest.mark.parametrize("after_s", [0.0, 0.4, *LATER])
def test_interrupting_a_command_is_answered_with_one_word(after_s, tmp_path):
    """Also while modules are loaded; Python itself takes its first moments to come up."""
    door = "import sys; from api.door import main; sys.stderr.write('.'); sys.stderr.flush(); main()"
    child = subprocess.Popen(
        [sys.executable, "-c", door, "demo", "--out", str(tmp_path), "--seconds", "60"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
        # A shell that starts these tests in its background lets its children ignore interrupts.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    assert child.stderr.read(1) == b"."
    time.sleep(after_s + 0.05)
    os.killpg(child.pid, signal.SIGINT)
    _, said = child.communicate(timeout=20)
    assert (child.returncode, said.decode()) == (130, WORD)


def test_interrupting_a_command_at_work_is_answered_with_one_word(tmp_path):
    with (tmp_path / "said").open("w+b") as said:
        child = Forked(COMMAND, "demo", "--out", tmp_path, "--seconds", "60", stderr=said)
        until((tmp_path / "day.json").exists)
        os.killpg(child.pid, signal.SIGINT)
        assert child.wait(20) == 130
    assert (tmp_path / "said").read_text(encoding="utf-8") == WORD


def test_a_region_name_that_looks_like_markup_is_said_as_it_is(tmp_path):
    path = tmp_path / "day.json"
    path.write_text('{"day": {"date": "2026-02-20", "region": "riv[/red]"}}', encoding="utf-8")
    answer = run("plan", str(path), "--out", str(tmp_path / "out"))
    assert answer.exit_code == REFUSED and "riv[/red]" in answer.output


def test_a_corrupt_region_is_refused_with_its_cure(tmp_path, monkeypatch):
    monkeypatch.setenv("CARRIOLE_HOME", str(tmp_path))
    source = draw(tmp_path, "A...B...C", ["ABC"]).path
    assert run("region", "build", "tarn", str(source)).exit_code == 0
    assert "tarn" in run("region", "list").output.split()
    assert "junctions" in run("region", "check", "tarn").output
    largest = max(tmp_path.rglob("*.npy"), key=lambda path: path.stat().st_size)
    largest.write_bytes(largest.read_bytes()[: largest.stat().st_size // 2])
    answer = run("region", "check", "tarn")
    assert answer.exit_code == REFUSED
    assert run("region", "remove", "tarn").exit_code == 0
    assert run("region", "check", "tarn").exit_code == REFUSED


def test_a_second_opening_of_the_region_needs_no_build():
    open_region(EMBEDDED)
    told: list[str] = []
    open_region(EMBEDDED, progress=lambda step, _: told.append(step))
    assert told == []


def test_killing_the_solver_child_at_any_moment_leaves_a_legal_plan(few, tmp_path):
    """Kill every child of the run as soon as it is seen, until the run ends; the plan is legal."""
    words = ("plan", written(few, tmp_path), "--out", tmp_path, "--json", "--seconds", "0.4")
    with (tmp_path / "told").open("wb") as told:
        child = Forked(COMMAND, *words, stdout=told)
    killed = 0
    while child.poll() is None:
        for pid in _grandchildren(child.pid):
            try:
                os.kill(pid, 9)
                killed += 1
            except ProcessLookupError:
                continue
    assert child.returncode == 0
    found = json.loads((tmp_path / "told").read_text(encoding="utf-8"))
    assert killed > 0, "nothing was killed: the test shows nothing"
    assert found["violations"] == []
    riding = {shipment for tour in found["tours"] for shipment in tour["shipments"]}
    riding |= {guest["shipment"] for trip in found["trips"] for guest in trip["guests"]}
    assert riding, "the insertion plan alone still carries somebody"


def _grandchildren(pid: int) -> list[int]:
    """Return the solver's processes: whatever descends from the run's own helpers."""
    return [below for child in _children(pid) for below in _children(child)]


def _children(pid: int) -> list[int]:
    try:
        words = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except (FileNotFoundError, ProcessLookupError):
        return []
    return [int(word) for word in words]


def test_addresses_are_imported_and_found(tmp_path, monkeypatch):
    monkeypatch.setenv("CARRIOLE_HOME", str(tmp_path))
    unreadable = line("twelve", "", "Rue Haute", BEAUSOLEIL, 43.742, 7.424)
    source = write(tmp_path / "adresses-06.csv", [*GOOD, unreadable, *OUTSIDE])
    said = run("region", "addresses", EMBEDDED, str(source))
    assert said.exit_code == 0
    assert f"{len(GOOD) - 1} houses on 5 streets; 1 line lies outside, 1 is bad." in said.output
    assert f"adresses-06.csv, line {len(GOOD) + 2}, numero: “twelve” is no house number." in said.output
    certain = run("region", "find", EMBEDDED, "12 bis bd de la République, Beausoleil")
    assert "certain:" in certain.output and "(house, 43.74260, 7.42500)" in certain.output
    doubtful = run("region", "find", EMBEDDED, "13 bd de la République, Beausoleil", "--lang", "fr")
    assert "incertain" in doubtful.output and "Ce numéro n’y est pas connu." in doubtful.output


def test_an_address_that_nobody_knows_is_refused(tmp_path, monkeypatch):
    monkeypatch.setenv("CARRIOLE_HOME", str(tmp_path))
    refused = run("region", "find", EMBEDDED, "xqzzk")
    assert refused.exit_code == REFUSED and "address_unknown" in refused.output
    strange = run("region", "addresses", EMBEDDED, str(tmp_path / "missing.csv"))
    assert strange.exit_code == REFUSED and "address_file_unreadable" in strange.output
