"""Regions on disk: whole or not there, opened fast, refused by name."""

import json
import os
import signal
from dataclasses import replace
from pathlib import Path
from time import perf_counter

import pytest

from geodata.joining import RegionWithoutRoads
from geodata.osm import RegionFileUnreadable
from geodata.place import Place
from geodata.profiles import SMALL_VAN
from geodata.reading import share_read
from geodata.region import (
    RegionNameBad,
    RegionNameTaken,
    RegionUnknown,
    build_region,
    list_regions,
    open_region,
    remove_region,
)
from geodata.region_counts import list_counts
from geodata.region_files import RegionCorrupt, RegionNotWritten, RegionOutdated
from geodata.vehicle import Hours
from tests.forks import Forked, ran
from tests.geodata.data import map_file
from tests.geodata.town import draw

MONACO = Place(lat=43.7384, lon=7.4246)
EZE = Place(lat=43.7280, lon=7.3617)
ALBI = Place(lat=43.9289, lon=2.1464)
CASTRES = Place(lat=43.6060, lon=2.2410)


@pytest.fixture(scope="module")
def riviera_home(tmp_path_factory):
    home = tmp_path_factory.mktemp("home")
    open_region(home=home)
    return home


@pytest.fixture
def town(tmp_path):
    return draw(tmp_path, "A...B...C\n....D", ["ABC", "BD"])


@pytest.fixture
def built(town, tmp_path):
    build_region("small", town.path, home=tmp_path)
    return tmp_path / "regions"


def test_the_embedded_region_has_the_figures_of_its_source(riviera_home):
    meta = open_region("riviera", home=riviera_home).meta
    assert (meta.junctions, meta.arcs, round(meta.km)) == (2350, 4504, 351)
    assert f"{meta.connected_share:.1%}" == "92.4%"
    assert (meta.arcs_kept, meta.turns_barred, meta.turns_left_out) == (4245, 55, 0)
    assert meta.attribution == "© OpenStreetMap contributors"


def test_the_embedded_region_routes_from_eze_to_monaco(riviera_home):
    roads = open_region(home=riviera_home).roads
    snaps = [roads.snap(place) for place in (EZE, MONACO)]
    matrix = roads.matrix(snaps)
    assert 7_000 < matrix.distances_m[0, 1] < 12_000
    assert 600 < matrix.durations_s[0, 1] < 1_500
    assert roads.line(*snaps).distance_m == matrix.distances_m[0, 1]


def test_the_embedded_region_knows_names_and_restaurants(riviera_home):
    gazetteer = open_region(home=riviera_home).gazetteer
    assert gazetteer.find("eze")[0].name == "Èze"
    assert len(gazetteer.of_kind("restaurant")) == 65


def test_a_built_region_opens_at_once(riviera_home):
    begun_s = perf_counter()
    open_region(home=riviera_home)
    assert perf_counter() - begun_s < 2


def test_a_region_is_the_same_after_opening_as_after_building(town, tmp_path):
    built = build_region("small", town.path, home=tmp_path)
    opened = open_region("small", home=tmp_path)
    assert opened.meta == built.meta
    assert opened.bounds == town.roads().bounds
    snaps = [opened.roads.snap(town.place(letter)) for letter in "AD"]
    assert opened.roads.matrix(snaps).distances_m.tolist() == [[0, 500], [500, 0]]


def test_progress_is_told(town, tmp_path):
    told = []
    build_region("small", town.path, home=tmp_path, progress=lambda step, share: told.append((step, share)))
    steps = list(dict.fromkeys(step for step, _ in told))
    assert steps == ["reading", "joining", "ordering", "driving", "writing", "done"]
    assert [share for _, share in told] == sorted(share for _, share in told)


def test_regions_are_listed_and_removed(built, tmp_path):
    assert list_regions(home=tmp_path) == ("riviera", "small")
    remove_region("small", home=tmp_path)
    assert list_regions(home=tmp_path) == ("riviera",)
    assert [path for path in built.rglob("*") if path.is_file()] == []


def test_the_home_is_named_by_the_environment(town, tmp_path, monkeypatch):
    monkeypatch.setenv("CARRIOLE_HOME", str(tmp_path / "elsewhere"))
    build_region("small", town.path)
    assert (tmp_path / "elsewhere" / "regions" / "small.json").is_file()


def test_an_unknown_region_is_refused_with_the_known_ones(built, tmp_path):
    with pytest.raises(RegionUnknown) as refused:
        open_region("tarn", home=tmp_path)
    assert "riviera, small" in refused.value.sentence
    with pytest.raises(RegionUnknown):
        remove_region("tarn", home=tmp_path)


@pytest.mark.parametrize("name", ["", "Tarn", "a/b", "../x", "é", "x" * 41, "a.b", "small\n"])
def test_a_bad_name_is_refused(town, tmp_path, name):
    with pytest.raises(RegionNameBad):
        build_region(name, town.path, home=tmp_path)


def test_the_name_of_the_embedded_region_is_kept_for_it(town, tmp_path):
    with pytest.raises(RegionNameTaken):
        build_region("riviera", town.path, home=tmp_path)


def test_a_file_without_roads_or_no_map_at_all_leaves_nothing_behind(tmp_path):
    town = draw(tmp_path, "A...B", [("AB", {"highway": "footway"})])
    with pytest.raises(RegionWithoutRoads) as refused:
        build_region("small", town.path, home=tmp_path)
    assert town.path.name in refused.value.sentence
    with pytest.raises(RegionFileUnreadable):
        build_region("small", tmp_path / "none.osm.pbf", home=tmp_path)
    assert list_regions(home=tmp_path) == ("riviera",)


def _flip(path):
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)


def _halve(path):
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


@pytest.mark.parametrize("harm", [_flip, _halve, os.remove])
@pytest.mark.parametrize("file", ["edges.points.npy", "hierarchy.head.npy", "places.json"])
def test_a_damaged_build_is_refused_with_the_command_that_mends_it(built, tmp_path, town, harm, file):
    harm(next(built.glob(f"small.*/{file}")))
    with pytest.raises(RegionCorrupt) as refused:
        open_region("small", home=tmp_path)
    assert refused.value.what_to_do == f"Build it again: carriole region build small {town.path}"


@pytest.mark.parametrize("harm", [_halve, lambda path: path.write_text(path.read_text().replace("17", "18"))])
def test_a_damaged_pointer_is_refused(built, tmp_path, harm):
    text = (built / "small.json").read_text()
    harm(built / "small.json")
    assert (built / "small.json").read_text() != text
    with pytest.raises(RegionCorrupt):
        open_region("small", home=tmp_path)


def test_a_build_of_another_version_is_refused(built, tmp_path, monkeypatch):
    monkeypatch.setattr("geodata.region_files.FORMAT", 99)
    with pytest.raises(RegionOutdated):
        open_region("small", home=tmp_path)


def test_the_embedded_region_mends_itself(tmp_path):
    open_region(home=tmp_path)
    _halve(next((tmp_path / "regions").glob("riviera.*/edges.points.npy")))
    assert open_region(home=tmp_path).meta.junctions == 2350


def test_another_vehicle_is_worked_out_once_and_then_read(riviera_home, monkeypatch):
    region = open_region(home=riviera_home)
    slow = replace(SMALL_VAN, top_kmh=20)
    snaps = [region.roads.snap(place) for place in (EZE, MONACO)]
    seconds = [region.roads_of(van).matrix(snaps).durations_s[0, 1] for van in (SMALL_VAN, slow)]
    assert seconds[0] < seconds[1]
    monkeypatch.setattr("geodata.region.drive", None)
    again = open_region(home=riviera_home).roads_of(slow)
    assert again.matrix(snaps).durations_s[0, 1] == seconds[1]


def test_what_was_worked_out_for_a_vehicle_goes_with_the_region(built, tmp_path):
    region = open_region("small", home=tmp_path)
    region.roads_of(replace(SMALL_VAN, top_kmh=20))
    assert len(region.shelf.vehicles.names()) == 2
    other = draw(tmp_path, "A...B", ["AB"], name="other.osm.pbf")
    assert build_region("small", other.path, home=tmp_path).roads.edges.count == 1
    assert len(region.shelf.vehicles.names()) == 1


def test_a_region_leaves_the_vehicles_of_one_whose_name_begins_like_its_own(town, tmp_path):
    for name in ("tarn", "tarn-nord"):
        build_region(name, town.path, home=tmp_path)
    build_region("tarn", town.path, home=tmp_path)
    remove_region("tarn", home=tmp_path)
    assert [listed.vehicles for listed in list_counts(home=tmp_path)] == [(), ("small_van",)]


def test_hours_of_the_day_lengthen_the_way(riviera_home):
    region = open_region(home=riviera_home)
    busy = replace(SMALL_VAN, hours=(Hours(7, 9, 1.5),))
    snaps = [region.roads.snap(place) for place in (EZE, MONACO)]
    night, morning = (region.roads_of(busy, hour).matrix(snaps) for hour in (3, 8))
    assert morning.durations_s[0, 1] == pytest.approx(1.5 * night.durations_s[0, 1], abs=15)
    assert morning.distances_m[0, 1] == night.distances_m[0, 1]


def test_building_again_replaces_the_region_whole_and_leaves_one_folder(built, tmp_path):
    open_before = open_region("small", home=tmp_path)
    other = draw(tmp_path, "A...B", ["AB"], name="other.osm.pbf")
    build_region("small", other.path, home=tmp_path)
    assert open_region("small", home=tmp_path).map.edges.count == 1
    assert open_before.map.edges.length_m.sum() == pytest.approx(900, abs=3)
    assert len(list(built.glob("small.*/"))) == 1


DISK = """
import os, signal, sys
from geodata.region import build_region
real, calls = os.fsync, 0
def fsync(handle):
    global calls
    calls += 1
    if calls == int(sys.argv[3]):
        if sys.argv[4] == "die":
            os.kill(os.getpid(), signal.SIGKILL)
        raise OSError(28, "No space left on device")
    real(handle)
os.fsync = fsync
build_region("small", sys.argv[1], home=sys.argv[2])
sys.stdout.write(str(calls))
"""
"""Builds a region, and dies or finds the disk full when it is about to make the N-th write safe."""


def built_on_disk(path, home, write, fate):
    return ran(DISK, path, home, write, fate)


@pytest.fixture(scope="module")
def writes(tmp_path_factory):
    """Return how many writes a build makes safe: those of the region, then those of the vehicle."""
    folder = tmp_path_factory.mktemp("writes")
    town = draw(folder, "A...B", ["AB"])
    whole = int(built_on_disk(town.path, folder, 0, "die").stdout)
    vehicle = len(list((folder / "regions" / "vehicles").rglob("*.npy")))
    of_vehicle = vehicle + 3  # its folder, its pointer, and the folder of pointers
    return whole - of_vehicle, whole


def edges_as_driven(home):
    """Open the region as the next command would, and count what a small van may drive, worked out or not."""
    region = open_region("small", home=home)
    assert region.roads.snap(region.gazetteer.places[0].place if region.gazetteer.places else _corner(region))
    assert len(region.roads.driving.connected) == region.map.edges.count
    return region.map.edges.count


def _corner(region):
    south, west, _, _ = region.bounds
    return Place(lat=south, lon=west)


@pytest.mark.parametrize("share", [0.0, 0.3, 0.6, 0.95])
@pytest.mark.parametrize("fate", ["die", "full"])
def test_a_build_that_is_killed_or_finds_the_disk_full_leaves_the_former_region(
    built, tmp_path, writes, share, fate
):
    other = draw(tmp_path, "A...B", ["AB"], name="other.osm.pbf")
    child = built_on_disk(other.path, tmp_path, 1 + int(share * (writes[0] - 2)), fate)
    assert child.returncode == (-signal.SIGKILL if fate == "die" else 1)
    assert edges_as_driven(tmp_path) == 3
    assert list_regions(home=tmp_path) == ("riviera", "small")
    if fate == "full":
        assert "RegionNotWritten" in child.stderr and "No space left on device" in child.stderr
        assert len(list(built.glob("small.*/"))) == 1


@pytest.mark.parametrize("share", [0.0, 0.4, 0.8, 1.0])
@pytest.mark.parametrize("fate", ["die", "full"])
def test_what_is_worked_out_for_a_vehicle_is_never_broken(built, tmp_path, writes, share, fate):
    """The region stands by then; its vehicle is worked out anew where it could not be kept."""
    other = draw(tmp_path, "A...B", ["AB"], name="other.osm.pbf")
    write = writes[0] + 1 + int(share * (writes[1] - writes[0] - 1))
    child = built_on_disk(other.path, tmp_path, write, fate)
    assert child.returncode == (-signal.SIGKILL if fate == "die" else 0)
    assert edges_as_driven(tmp_path) == 1
    if fate == "full" and share < 0.8:
        assert len(list((built / "vehicles").glob("small-*.*/"))) == 1


def test_a_disk_that_is_truly_full_is_refused_by_its_name(built, tmp_path):
    """The system itself bounds the size of a file here: a write fails in the middle."""
    other = draw(tmp_path, "A...B", ["AB"], name="other.osm.pbf")
    script = (
        "import resource, signal, sys; from geodata.region import build_region;"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (130, 130));"
        "build_region('small', sys.argv[1], home=sys.argv[2])"
    )
    child = ran(script, other.path, tmp_path)
    assert "RegionNotWritten" in child.stderr and "File too large" in child.stderr
    assert edges_as_driven(tmp_path) == 3


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="needs a folder in which nobody may write")
def test_a_home_that_nobody_may_write_to_is_refused(town):
    with pytest.raises(RegionNotWritten) as refused:
        build_region("small", town.path, home=Path("/proc/self/home"))
    assert "CARRIOLE_HOME" in refused.value.what_to_do


def test_a_region_on_a_closed_disk_is_read_all_the_same(built, tmp_path):
    """What is worked out for another vehicle cannot be kept, and that is borne."""
    (built / "vehicles").rename(tmp_path / "away")
    (built / "vehicles").write_text("in the way")
    assert open_region("small", home=tmp_path).roads_of(replace(SMALL_VAN, top_kmh=20)).map.edges.count == 3


def test_what_a_killed_build_left_is_swept_by_a_later_one(built, tmp_path, town):
    left = built / "small.0123456789ab"
    left.mkdir()
    os.utime(left, (0, 0))
    build_region("small", town.path, home=tmp_path)
    assert not left.exists()


def test_what_was_left_under_another_name_is_swept_too(built, tmp_path, town):
    left = [built / "gone.0123456789ab", built / ".gone.0123456789ab"]
    left[0].mkdir()
    left[1].touch()
    for path in left:
        os.utime(path, (0, 0))
    build_region("small", town.path, home=tmp_path)
    assert not any(path.exists() for path in left)


def test_two_builders_of_one_region_leave_one_whole_build(town, tmp_path):
    script = (
        "import sys; from geodata.region import build_region;"
        "build_region('small', sys.argv[1], home=sys.argv[2])"
    )
    children = [Forked(script, town.path, tmp_path) for _ in range(3)]
    assert [child.wait() for child in children] == [0, 0, 0]
    assert edges_as_driven(tmp_path) == 3
    assert len(list((tmp_path / "regions").glob("small.*/"))) == 1


def test_two_builders_at_once_do_no_harm(tmp_path):
    script = "import sys; from geodata.region import open_region; open_region(home=sys.argv[1]).roads.bounds"
    children = [Forked(script, tmp_path) for _ in range(3)]
    assert [child.wait() for child in children] == [0, 0, 0]
    assert open_region(home=tmp_path).meta.junctions == 2350


def test_the_facts_of_a_build_are_plain_json(built):
    facts = json.loads((built / "small.json").read_text())["facts"]
    assert facts["junctions"] == 4
    assert facts["built_at"].endswith("+00:00")


def test_a_county_builds_and_opens_at_once(tmp_path):
    region = build_region("tarn", map_file("tarn"), home=tmp_path)
    assert (region.meta.junctions, region.meta.arcs) == (9644, 23670)
    albi, castres = (region.roads.snap(place) for place in (ALBI, CASTRES))
    line = region.roads.line(albi, castres)
    assert (round(line.distance_m / 1000), round(line.duration_s / 60)) == (41, 43)
    begun_s = perf_counter()
    open_region("tarn", home=tmp_path)
    assert perf_counter() - begun_s < 2


def test_how_far_a_file_has_been_read_is_seen_from_outside(tmp_path):
    (tmp_path / "map").write_bytes(b"x" * 1000)
    assert share_read(tmp_path / "map") == 0.0
    with (tmp_path / "map").open("rb", buffering=0) as file:
        file.read(250)
        assert share_read(tmp_path / "map") in (0.25, 0.0 if not Path("/proc/self/fd").is_dir() else 0.25)
    assert share_read(tmp_path / "none") == 0.0
