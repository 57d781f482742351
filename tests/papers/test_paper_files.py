"""The papers of a manifest as files: data that read back, the way, codes, a folder without leftovers."""

import json
import re
from dataclasses import replace
from urllib.parse import unquote

import pytest

from api.papers import file_stem, write_manifest, write_overview
from api.papers.data import legible, manifest_geojson
from api.papers.qr import geo_uri, qr_svg, stop_uri
from pooling.runs.manifest_json import ManifestUnreadable, manifest_json, read_manifest
from tests.papers.sample import (
    NO_STREETS,
    friday_trip,
    grid_streets,
    harvest_tour,
    stranger,
)
from tests.papers.test_papers import Reader


@pytest.mark.parametrize("make", [friday_trip, harvest_tour, stranger])
def test_data_reads_back_to_the_same_manifest(make):
    assert read_manifest(manifest_json(make())) == make()


def test_data_names_its_form_first_and_keeps_the_order_of_the_fields():
    keys = list(json.loads(manifest_json(friday_trip())))
    assert keys[:3] == ["schema", "number", "kind"]
    assert json.loads(manifest_json(friday_trip()))["schema"] == "carriole.manifest/4"


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"schema": "carriole.manifest/1"}', '{"schema": "carriole.manifest/4"}']
)
def test_data_of_another_form_is_refused(text):
    with pytest.raises(ManifestUnreadable):
        read_manifest(text)


def test_data_with_an_unknown_field_is_refused():
    fields = json.loads(manifest_json(friday_trip())) | {"price_cents": 4}
    with pytest.raises(ManifestUnreadable, match="price_cents"):
        read_manifest(json.dumps(fields))


def test_the_way_as_geojson_puts_longitude_first():
    trip = friday_trip()
    collection = json.loads(manifest_geojson(trip))
    route, announced, *stops = collection["features"]
    assert route["geometry"]["coordinates"][0] == [trip.line[0][1], trip.line[0][0]]
    assert announced["properties"]["role"] == "announced"
    assert [stop["properties"]["number"] for stop in stops] == [1, 2, 3]
    assert stops[0]["geometry"] == {"type": "Point", "coordinates": [7.3555, 43.8349]}


def test_a_tour_has_no_announced_way():
    roles = [each["properties"]["role"] for each in json.loads(manifest_geojson(harvest_tour()))["features"]]
    assert roles == ["route", *["stop"] * 24]


def test_a_stop_opens_in_navigation_under_its_code_and_name():
    assert (
        geo_uri(43.74021, 7.42011, "C1 Marché") == "geo:43.74021,7.42011?q=43.74021,7.42011(C1%20March%C3%A9)"
    )
    assert stop_uri(friday_trip().stops[2]).endswith("(C%20March%C3%A9%20de%20la%20Condamine)")


@pytest.mark.parametrize("name", ["Bar (du Port) & fils #2?", "x" * 300, "<svg>", "Ferme \N{SNOWMAN}"])
def test_no_name_breaks_the_uri(name):
    uri = geo_uri(-43.7, 7.4, name)
    assert re.fullmatch(r"geo:-43\.70000,7\.40000\?q=-43\.70000,7\.40000\([\w.~%-]*\)", uri)
    assert unquote(uri).endswith(f"({name[:40]})")


def test_the_square_draws_the_matrix_of_its_content():
    import segno

    uri = stop_uri(friday_trip().stops[0])
    dark = sum(sum(row) for row in segno.make(uri, error="m", micro=False).matrix)
    drawn = sum(int(run) for run in re.findall(r"h(\d+)", qr_svg(uri)))
    assert drawn == dark


def test_all_papers_of_a_manifest_are_written_whole(tmp_path):
    paths = write_manifest(tmp_path / "out", friday_trip(), grid_streets(), "fr")
    assert [path.name for path in paths] == [
        f"T7-2026-10-16.{ending}" for ending in ("html", "pdf", "json", "geojson", "svg")
    ]
    assert all(path.stat().st_size for path in paths)
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == sorted(path.name for path in paths)


def test_writing_again_replaces_and_leaves_nothing_behind(tmp_path):
    write_manifest(tmp_path, friday_trip(), NO_STREETS, "en")
    before = sorted(path.name for path in tmp_path.iterdir())
    write_manifest(tmp_path, replace(friday_trip(), title="Anew"), NO_STREETS, "en")
    assert sorted(path.name for path in tmp_path.iterdir()) == before
    assert "Anew" in (tmp_path / "T7-2026-10-16.json").read_text()


def test_the_overview_links_papers_that_exist(tmp_path):
    manifests = [friday_trip(), stranger()]
    for manifest in manifests:
        write_manifest(tmp_path, manifest, NO_STREETS, "en")
    index, picture = write_overview(tmp_path, manifests, grid_streets(), "en")
    assert picture.name == "map.svg"
    reader = Reader(index.read_text())
    links = [href for href in reader.all("href") if not href.startswith("#")]
    assert len(links) == 8
    assert all((tmp_path / href).is_file() for href in links)
    assert reader.tags["script"] == 0


@pytest.mark.parametrize(
    "number",
    [
        "../../etc/passwd",
        "/abs",
        "..",
        "",
        "a\0b",
        "C:\\x",
        "index",
        "map",
        "Тур",
        "x" * 500,
        "a b",
        "\ud800",
        "-rf",
    ],
)
def test_no_number_chooses_its_own_path(number):
    stem = file_stem(number)
    assert re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9_-]{0,100}", stem)
    assert stem not in ("index", "map", number)


def test_different_numbers_never_share_a_file():
    numbers = ["A-1", "A/1", "A 1", "A.1", "Ä-1", "x" * 99, "x" * 100]
    assert len({file_stem(number) for number in numbers}) == len(numbers)


def test_a_plain_number_keeps_its_name():
    assert file_stem("20261016-T7") == "20261016-T7"


def test_signs_that_no_paper_holds_are_left_out_and_stop_nothing(tmp_path):
    trip = friday_trip()
    broken = replace(trip.stops[0], site="Fer\0me\ud800 \x1b[31mdu Port")
    page, *_ = write_manifest(tmp_path, replace(trip, stops=(broken, *trip.stops[1:])), NO_STREETS, "fr")
    assert "Ferme [31mdu Port" in page.read_text("utf-8")


def test_a_legible_manifest_stays_the_same():
    assert legible(harvest_tour()) == harvest_tour()
