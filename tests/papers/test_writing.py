"""The papers of a day: told one by one, and all or nothing when they are interrupted."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from api.commands.play import PAPERS_FROM, Wish, write_papers
from geodata.gazetteer import Gazetteer
from tests.papers.sample import friday_trip, grid_streets

REGION = SimpleNamespace(roads=SimpleNamespace(streets=grid_streets()), gazetteer=Gazetteer(()))
MANIFESTS = tuple(replace(friday_trip(), number=f"T{at}-2026-10-16") for at in range(3))
ENDINGS = ("html", "pdf", "json", "geojson", "svg")


def write(folder, tell, manifests=MANIFESTS):
    return write_papers(manifests, REGION, Wish(folder, "fr", 1.0), tell)


def files(folder):
    return {path.name: path.read_bytes() for path in (folder / "manifests").iterdir()}


@pytest.fixture(scope="module")
def told():
    return []


@pytest.fixture(scope="module")
def out(tmp_path_factory, told):
    """The papers of three manifests, written once; nothing changes them."""
    folder = tmp_path_factory.mktemp("out")
    write(folder, lambda step, share: told.append((step, share)))
    return folder


@pytest.mark.usefixtures("out")
def test_papers_tell_their_share_for_each_manifest(told):
    assert {step for step, _ in told} == {"papers"}
    assert [share for _, share in told] == pytest.approx([PAPERS_FROM, 0.85, 0.9, 0.95, 1.0])


def test_every_manifest_has_its_papers_beside_the_overview(out):
    wanted = {f"{one.number}.{ending}" for one in MANIFESTS for ending in ENDINGS}
    assert set(files(out)) == wanted | {"index.html", "map.svg"}
    assert all(files(out).values())


def test_who_interrupts_keeps_the_earlier_papers_whole(out):
    before = files(out)

    def stop_at_the_second(_step, share):
        if share > PAPERS_FROM:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write(out, stop_at_the_second, MANIFESTS[::-1])
    assert files(out) == before
    assert [path.name for path in out.iterdir()] == ["manifests"]


def test_a_day_without_manifests_has_an_empty_list_of_papers(tmp_path):
    told = []
    assert write(tmp_path, lambda step, share: told.append((step, share)), ()) == ()
    assert sorted(files(tmp_path)) == ["index.html", "map.svg"]
    assert told == [("papers", PAPERS_FROM), ("papers", 1.0)]


def test_two_processes_write_what_one_does(out, tmp_path, monkeypatch):
    monkeypatch.setattr("api.commands.play.ABREAST_FROM", 1)
    assert [path.name for path in write(tmp_path, lambda _step, _share: None)] == [
        f"{one.number}.{ending}" for one in MANIFESTS for ending in ("html", "pdf", "json", "geojson", "svg")
    ]
    assert files(tmp_path) == files(out)
