"""The commands ``carriole region`` as a person types them."""

import json
import os
from pathlib import Path
from xml.etree import ElementTree

import pytest
from typer.testing import CliRunner

from api.commands.cli import app
from api.settings import settings
from geodata.region import EMBEDDED, open_region
from geodata.region_use import region_in_use
from tests.desk.servers import free_port
from tests.forks import ran
from tests.geodata.town import draw

HOUSE = Path(__file__).parents[1]
REFUSED, SUSPICIOUS = 2, 1
SKETCH = "A...B...C\n|.......|\nD...E...F\n\n\n\n\n\n\n\n\n\n\n\n\nP"
STREETS = ["ABC", "DEF", "AD", "CF", "BE"]


def run(*arguments: str):
    return CliRunner().invoke(app, list(arguments))


def object_of(*arguments: str):
    answer = run(*arguments, "--json")
    assert answer.exit_code == 0, answer.output
    return json.loads(answer.stdout)


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("CARRIOLE_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("CARRIOLE_REGION", raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path / "home"


@pytest.fixture
def small(home, tmp_path):
    nodes = {"B": {"place": "village", "name": "Lisle <b>"}, "P": {"place": "hamlet", "name": "Loin"}}
    town = draw(tmp_path, SKETCH, STREETS, nodes=nodes)
    assert run("region", "build", "small", str(town.path)).exit_code == 0
    return town


def test_a_build_says_each_step_on_a_line_where_nobody_watches(home, tmp_path):
    town = draw(tmp_path, SKETCH, STREETS)
    answer = run("region", "build", "small", str(town.path), "--lang", "fr")
    assert "small\xa0: 6 carrefours, 14 arcs" in answer.stdout and "OpenStreetMap" in answer.stdout
    lines = answer.stderr.splitlines()
    steps = [line.split()[-1] for line in lines]
    assert steps == [
        "lecture",
        "carrefours",
        "ordre",
        "vitesses",
        "écriture",
        "terminé",
    ]
    assert lines[0].startswith("  0%") and lines[-1].startswith("100%")


def test_a_region_that_was_chosen_is_taken_where_none_is_named(small, home):
    assert region_in_use() == EMBEDDED
    assert "small is taken from now on" in run("region", "use", "small").output
    assert region_in_use() == settings().region == "small"
    assert object_of("region", "check")["region"] == object_of("region", "show")["name"] == "small"
    assert [one["name"] for one in object_of("region", "list")["regions"] if one["in_use"]] == ["small"]
    assert "small *" in run("region", "list").output


def test_the_environment_wins_over_what_was_chosen(small, monkeypatch):
    monkeypatch.setenv("CARRIOLE_REGION", EMBEDDED)
    answer = run("region", "use", "small")
    assert "CARRIOLE_REGION is set to riviera, and wins" in answer.output
    assert region_in_use() == settings().region == EMBEDDED
    monkeypatch.setenv("CARRIOLE_REGION", "")
    assert settings().region == "small"


def test_an_unknown_region_cannot_be_chosen(small, home):
    for name, code in (("none", "region_unknown"), ("../x", "region_unknown")):
        answer = run("region", "use", name)
        assert answer.exit_code == REFUSED and code in answer.output
    assert region_in_use() == EMBEDDED and [path.name for path in home.iterdir()] == ["regions"]


def test_removing_the_region_in_use_falls_back_with_a_word(small, home):
    run("region", "use", "small")
    said = run("region", "remove", "small").output
    assert "small was removed" in said and "now it is riviera again" in said
    assert region_in_use() == EMBEDDED


def test_a_day_without_a_region_is_planned_on_the_one_in_use(small, tmp_path):
    run("region", "use", "small")
    (tmp_path / "day.json").write_text('{"day": {"date": "2026-02-20"}}', encoding="utf-8")
    answer = run("plan", "day.json", "--json")
    assert json.loads(answer.stdout)["error"]["code"] == "nothing_to_plan"
    run("region", "remove", "small")
    (tmp_path / "home" / "region-in-use").write_text("gone\n")
    answer = run("plan", "day.json", "--json")
    assert json.loads(answer.stdout)["error"]["code"] == "region_unknown"


def test_a_region_is_drawn_with_its_figures(small, tmp_path):
    answer = run("region", "show", "small")
    assert answer.exit_code == 0 and "Picture: small.svg" in answer.output
    for word in ("junctions", "residential", "village", "source", "small_van", "OpenStreetMap"):
        assert word in answer.output
    drawn = ElementTree.parse(tmp_path / "small.svg")  # noqa: S314 - we wrote it ourselves
    said = [node.text for node in drawn.iter("{http://www.w3.org/2000/svg}text")]
    assert "Lisle <b>" in said and "Loin" in said and "© OpenStreetMap contributors" in said
    assert "Place far from any road" in said


def test_a_picture_is_a_page_or_points_of_ink_where_its_name_says_so(small, tmp_path):
    assert run("region", "show", "small", "--out", "deep/small.html", "--lang", "fr").exit_code == 0
    page = (tmp_path / "deep" / "small.html").read_text(encoding="utf-8")
    assert "Lieux nommés" in page and "<svg" in page and "Lisle &lt;b&gt;" in page and "<b>" not in page
    assert run("region", "show", "small", "--out", "small.png").exit_code == 0
    assert (tmp_path / "small.png").read_bytes().startswith(b"\x89PNG")
    answer = run("region", "show", "small", "--out", "small.docx")
    assert answer.exit_code == REFUSED and "picture_form_unknown" in answer.output


@pytest.mark.slow
def test_a_large_region_is_drawn_by_its_main_roads_in_a_sane_size(data, home, tmp_path):
    source = data / "roads" / "toulouse" / "toulouse.osm.pbf"
    assert run("region", "build", "toulouse", str(source)).exit_code == 0
    assert run("region", "show", "toulouse").exit_code == 0
    text = (tmp_path / "toulouse.svg").read_text(encoding="utf-8")
    assert len(text) < 1_000_000 and "smaller ones are left out" in text


def test_a_check_says_what_to_do_and_is_strict_where_asked(small):
    answer = run("region", "check", "small")
    assert answer.exit_code == 0 and "(region_turns_missing)" in answer.output
    assert "1 Loin" in answer.output and "place_far_from_road" in answer.output
    assert run("region", "check", "small", "--strict").exit_code == SUSPICIOUS
    found = object_of("region", "check", "small")
    assert found["suspicious"] and found["places_far"][0]["warning"]["code"] == "place_far_from_road"
    assert all(one["reason"] and one["cure"] for one in found["findings"])
    french = run("region", "check", "small", "--lang", "fr").output
    assert "Suspect" in french and "carrefours reliés" in french


def test_a_strict_check_of_the_region_that_ships_is_content():
    open_region(EMBEDDED)
    assert run("region", "check", EMBEDDED, "--strict").exit_code == 0


@pytest.mark.parametrize("arguments", [["list"], ["show"], ["check"]], ids=" ".join)
def test_a_refusal_of_these_commands_is_an_object_too(home, arguments, monkeypatch):
    home.write_text("in the way")
    answer = run("region", *arguments, "--json")
    assert answer.exit_code == REFUSED
    assert json.loads(answer.stdout)["error"]["code"] == "file_denied"


def test_a_broken_region_is_listed_with_what_is_wrong(small, home):
    (home / "regions" / "small.json").write_text("{}")
    assert "is damaged" in run("region", "list").output
    assert object_of("region", "list")["regions"][1]["refusal"]["code"] == "region_corrupt"


def written(folder: Path, name: str) -> Path:
    """Write a file that is no map, by the name of what is wrong with it."""
    path = folder / {"png": "png.osm.pbf", "graph": "bad.graphml"}.get(name, f"{name}.osm.pbf")
    town = draw(folder, SKETCH, STREETS)
    whole = town.path.read_bytes()
    content = {
        "truncated": whole[: len(whole) // 2],
        "short": whole[:10],
        "empty": b"",
        "png": b"\x89PNG\r\n\x1a\n" + bytes(500),
        "damaged": whole[:100] + bytes([whole[100] ^ 255]) + whole[101:],
        "graph": b"<svg/>",
    }
    if name == "folder":
        path.mkdir()
    elif name in content:
        path.write_bytes(content[name])
    return path


@pytest.mark.parametrize(
    "name", ["truncated", "short", "empty", "png", "damaged", "graph", "folder", "missing"]
)
def test_a_file_that_is_no_map_is_refused_in_a_sentence(home, tmp_path, name):
    path = written(tmp_path, name)
    answer = run("region", "build", "bad", str(path))
    assert answer.exit_code == REFUSED and "region_file_unreadable" in answer.output
    assert path.name in answer.output.replace("\n", "") and "Traceback" not in answer.output
    assert object_of("region", "list")["regions"][0]["name"] == EMBEDDED


def test_a_map_whose_roads_lead_nowhere_or_that_has_none_is_refused(home, tmp_path):
    town = draw(tmp_path, SKETCH, STREETS, missing="ABCDEF")
    answer = run("region", "build", "bad", str(town.path))
    assert answer.exit_code == REFUSED and "which it does not hold" in answer.output
    town = draw(tmp_path, SKETCH, [("ABC", {"building": "yes"})], name="none.osm.pbf")
    answer = run("region", "build", "bad", str(town.path))
    assert answer.exit_code == REFUSED and "region_without_roads" in answer.output


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_map_that_may_not_be_read_is_refused(small, tmp_path):
    small.path.chmod(0)
    answer = run("region", "build", "bad", str(small.path))
    assert answer.exit_code == REFUSED and "Traceback" not in answer.output


def test_a_full_disk_is_refused_with_its_cure(small, home):
    code = (
        "import os\n"
        "def full(_): raise OSError(28, 'No space left on device')\n"
        "os.fsync = full\n"
        "from api.commands.cli import main; main()"
    )
    child = ran(code, "region", "build", "small", small.path)
    assert child.returncode == REFUSED and "Traceback" not in child.stderr
    assert "No space left on device" in child.stderr and "Make room on that disk" in child.stderr
    assert run("region", "check", "small").exit_code == 0


def test_a_saved_graph_is_said_to_know_no_turn_restrictions(home, tmp_path):
    import networkx
    import osmnx

    graph = networkx.MultiDiGraph(crs="epsg:4326")
    graph.add_node(1, x=2.0, y=44.0)
    graph.add_node(2, x=2.01, y=44.0)
    for ends in ((1, 2), (2, 1)):
        graph.add_edge(*ends, highway="residential", osmid=1, length=800.0)
    osmnx.save_graphml(graph, tmp_path / "saved.graphml")
    answer = run("region", "build", "saved", "saved.graphml")
    assert answer.exit_code == 0 and "knows no turn restrictions" in answer.output


def test_nothing_or_two_things_to_build_from_are_told_apart(home):
    for given in ([], ["map.osm.pbf", "--place", "Grenoble, France"]):
        answer = run("region", "build", "small", *given)
        assert answer.exit_code == REFUSED and "either a file or --place" in answer.output


def test_a_house_is_not_served_on_a_region_that_is_not_there(home, tmp_path, monkeypatch):
    monkeypatch.setenv("CARRIOLE_REGION", "nowhere")
    monkeypatch.setenv("CARRIOLE_STATE", str(tmp_path / "state"))
    answer = run("serve", "--port", str(free_port()))
    assert answer.exit_code == REFUSED and "region_unknown" in answer.output


def test_a_way_is_told_with_its_time_length_and_streets():
    answer = run("region", "route", EMBEDDED, "Èze", "Boulevard des Moulins, Monaco")
    assert answer.exit_code == 0, answer.output
    assert "min, 8.3" in answer.stdout
    assert "Moyenne Corniche" in answer.stdout
    far = object_of("region", "route", EMBEDDED, "43.7280, 7.3617", "43.7000, 7.3900")
    assert far["properties"]["warnings"] == ["place_far_from_road"]


def test_a_way_is_a_feature_for_machines_and_another_vehicle_takes_its_own_time(tmp_path):
    ends = ("43.7280, 7.3617", "43.7384, 7.4246")
    slow = tmp_path / "slow.toml"
    slow.write_text('name = "slow_van"\nlike = "small_van"\ntop_kmh = 20\n', encoding="utf-8")
    usual, bike, own = (
        object_of("region", "route", EMBEDDED, *ends, "--vehicle", vehicle)
        for vehicle in ("small_van", "cargo_bike", str(slow))
    )
    assert usual["geometry"]["coordinates"][0] == [7.3617, 43.728]
    seconds = [way["properties"]["duration_s"] for way in (usual, bike, own)]
    assert seconds[0] < seconds[2] < seconds[1]


@pytest.mark.parametrize(
    ("ends", "vehicle", "code"),
    [
        (("Rue de la République", "43.7384, 7.4246"), "small_van", "address_doubtful"),
        (("Nulle Part", "43.7384, 7.4246"), "small_van", "address_unknown"),
        (("43.7280, 7.3617", "43.7384, 7.4246"), "tank", "profile_unknown"),
        (("43.7280, 7.3617", "48.85, 2.35"), "small_van", "address_outside"),
        (("43.7280, 7.3617", "7.4246, 43.7384"), "small_van", "degrees_swapped"),
    ],
)
def test_a_way_is_refused_by_name(ends, vehicle, code):
    answer = run("region", "route", EMBEDDED, *ends, "--vehicle", vehicle, "--json")
    assert answer.exit_code == REFUSED
    assert json.loads(answer.stdout)["error"]["code"] == code
