"""The map: everything on it, small enough, safe, and the same in grey."""

import re
from dataclasses import replace
from itertools import combinations
from xml.etree import ElementTree

import numpy as np
import pytest

from api.papers import write_manifest
from api.papers.frame import FLATTEST, PHONE_WIDTH, SHEET_WIDTH, TALLEST, frame_around
from api.papers.marks import RADIUS, TAG_WIDE, spread, tag_places, tag_width
from api.papers.picture import (
    PALETTE,
    Picture,
    RouteLine,
    StopMark,
    Town,
    draw_map,
    manifest_picture,
    overview_picture,
)
from api.papers.strokes import arrows_along, road_strokes, sheet_line
from geodata.streets import streets_of
from tests.papers.sample import NO_STREETS, friday_trip, grid_streets, harvest_tour, stranger

SVG = "{http://www.w3.org/2000/svg}"


def parsed(svg):
    return ElementTree.fromstring(svg)  # noqa: S314 - we wrote it ourselves


def texts(svg):
    return [node.text for node in parsed(svg).iter(f"{SVG}text")]


def test_the_map_of_a_trip_shows_stops_names_legend_scale_and_source():
    said = texts(draw_map(manifest_picture(friday_trip(), grid_streets()), "en"))
    for each in (
        "1",
        "2",
        "3",
        "Chèvrerie du Mont Agel",
        "The way to drive",
        "© OpenStreetMap contributors (ODbL)",
    ):
        assert each in said
    assert any(re.fullmatch(r"\d+\N{NO-BREAK SPACE}k?m", text) for text in said)


def test_every_text_of_the_map_on_a_page_is_legible_on_a_phone():
    """A page of 390 points leaves the map 358; no text is then lower than 11."""
    trips = overview_picture([friday_trip(), harvest_tour()], grid_streets(), "Day")
    for picture in (manifest_picture(harvest_tour(), grid_streets()), trips):
        root = parsed(draw_map(picture, "fr", PHONE_WIDTH))
        width = float(root.get("viewBox").split()[2])
        sizes = {float(size) for node in root.iter() if (size := node.get("font-size"))}
        assert min(sizes) * 358 / width >= 11


def test_the_page_holds_the_map_for_phones_and_the_file_the_wide_one(tmp_path):
    page, *_, picture = write_manifest(tmp_path, friday_trip(), NO_STREETS, "fr")
    assert f'viewBox="0 0 {PHONE_WIDTH:.0f} ' in page.read_text("utf-8")
    assert f'viewBox="0 0 {SHEET_WIDTH:.0f} ' in picture.read_text("utf-8")


def test_the_map_speaks_french():
    said = texts(draw_map(manifest_picture(friday_trip(), grid_streets()), "fr"))
    assert "La route à suivre" in said
    assert "Le trajet annoncé, sans les envois des autres" in said


def test_a_screen_reader_gets_a_title_and_the_stops_in_words():
    root = parsed(draw_map(manifest_picture(friday_trip(), grid_streets()), "en"))
    assert root.get("role") == "img"
    assert root.find(f"{SVG}title").text == "T7-2026-10-16 · L'Escarène – Monaco"
    assert "2 Chèvrerie du Mont Agel" in root.find(f"{SVG}desc").text


def test_the_announced_way_is_dashed_and_only_there_for_a_trip():
    assert "stroke-dasharray" in draw_map(manifest_picture(friday_trip(), NO_STREETS), "en")
    assert "stroke-dasharray" not in draw_map(manifest_picture(harvest_tour(), NO_STREETS), "en")


def test_the_overview_tags_each_way_on_the_map_and_in_the_legend():
    said = texts(draw_map(overview_picture([friday_trip(), harvest_tour()], grid_streets(), "Day"), "en"))
    assert said.count("1") == said.count("2") == 2
    assert "T7-2026-10-16 · L'Escarène – Monaco" in said


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_name_that_is_markup_stays_a_name(language):
    svg = draw_map(manifest_picture(stranger(), NO_STREETS, [Town("<b>x", 43.8, 7.4)]), language)
    assert "<script" not in svg
    assert "<b>" not in svg
    assert any(text.startswith("<script>") for text in texts(svg))


def test_a_map_of_24_000_roads_stays_small():
    rng = np.random.default_rng(7)
    starts = np.column_stack((rng.uniform(43.6, 43.9, 24_000), rng.uniform(7.0, 7.6, 24_000)))
    bends = starts[:, None, :] + np.cumsum(rng.normal(0, 0.0006, (24_000, 5, 2)), axis=1)
    edges = [("residential", tuple(map(tuple, line))) for line in bends.tolist()]
    svg = draw_map(overview_picture([friday_trip()], streets_of(edges), "Region"), "en")
    assert len(svg.encode()) < 600_000


def test_a_road_given_in_both_directions_is_drawn_once():
    frame = frame_around([(43.7, 7.4), (43.8, 7.5)])
    there = ("primary", ((43.72, 7.42), (43.78, 7.48)))
    back = ("primary", tuple(reversed(there[1])))
    assert road_strokes(streets_of([there, back]), frame) == road_strokes(streets_of([there]), frame)


def test_roads_beyond_the_frame_are_not_drawn():
    frame = frame_around([(43.7, 7.4), (43.71, 7.41)])
    here, there = ("primary", ((43.7, 7.4), (43.71, 7.41))), ("primary", ((44.7, 7.4), (44.8, 7.5)))
    assert road_strokes(streets_of([there]), frame) == ()
    assert road_strokes(streets_of([here, there]), frame) == road_strokes(streets_of([here]), frame)


def test_a_road_that_crosses_the_frame_is_drawn_to_its_edges():
    frame = frame_around([(43.7, 7.4), (43.71, 7.41)])
    middle = (frame.min_lat + frame.max_lat) / 2
    (stroke,) = road_strokes(streets_of([("primary", ((middle, 7.0), (middle, 8.0)))]), frame)
    x, steps = int(stroke.path[1:].split()[0]), stroke.path.split("l")[1]
    assert x < 0
    assert x + int(steps.split()[0]) > SHEET_WIDTH * 10


def parallel(road_class, count):
    """Lay so many roads of 1° to the east, one over the other on 1°, each in forty pieces."""
    return [
        (road_class, ((43 + at / count, 7 + east / 40), (43 + at / count, 7 + (east + 1) / 40)))
        for at in np.arange(0.5, count)
        for east in range(40)
    ]


def classes_on(roads, frame):
    return [stroke.name for stroke in road_strokes(streets_of(roads), frame)]


def test_small_roads_that_would_be_a_grey_blur_are_left_out_by_the_scale_of_the_map():
    roads = [*parallel("secondary", 10), *parallel("residential", 400)]
    whole, quarter = frame_around([(43.0, 7.0), (44.0, 8.0)]), frame_around([(43.4, 7.4), (43.6, 7.6)])
    assert classes_on(roads, quarter) == ["street", "secondary"]
    assert classes_on(roads, whole) == ["secondary"]


def test_a_narrow_sheet_shows_the_larger_roads_where_a_wide_one_shows_all():
    roads = [*parallel("secondary", 5), *parallel("residential", 250)]
    wide, narrow = (frame_around([(43.0, 7.0), (44.0, 8.0)], width) for width in (SHEET_WIDTH, PHONE_WIDTH))
    assert classes_on(roads, wide) == ["street", "secondary"]
    assert classes_on(roads, narrow) == ["secondary"]


def test_the_largest_roads_show_however_many_they_are():
    assert classes_on(parallel("residential", 2_000), frame_around([(43.0, 7.0), (44.0, 8.0)])) == ["street"]


def test_the_tags_of_many_ways_on_one_road_cover_each_other_nowhere():
    ways = [np.column_stack((np.linspace(0, 780, 400), np.full(400, 300.0)))] * 20
    spots = tag_places(ways)
    assert all(abs(x - a) >= TAG_WIDE for (x, _), (a, _) in combinations(spots, 2))


def test_a_tag_of_three_digits_has_a_wider_frame_than_one_of_two():
    assert tag_width("7") == tag_width("42") < tag_width("140")


def test_the_more_ways_a_map_shows_the_finer_they_are_drawn():
    few, many = (
        draw_map(overview_picture([friday_trip()] * count, NO_STREETS, "Day"), "en") for count in (2, 60)
    )
    assert 'stroke-width="32"' in few
    assert 'stroke-width="16"' in many


def test_a_map_of_nothing_is_still_a_map():
    parsed(draw_map(Picture(NO_STREETS, (), (), title="Nothing"), "en"))
    alone = Picture(NO_STREETS, (), (StopMark(1, 43.7, 7.4, "Here"),), title="One stop")
    assert "Here" in texts(draw_map(alone, "en"))
    still = Picture(NO_STREETS, (RouteLine("", PALETTE[0], ((43.7, 7.4), (43.7, 7.4))),), (), title="Parked")
    parsed(draw_map(still, "en"))


@pytest.mark.parametrize("points", [[(43.7, 7.0), (43.7, 8.0)], [(43.0, 7.4), (44.0, 7.4)], [(43.7, 7.4)]])
def test_every_frame_suits_a_page_and_holds_its_points(points):
    frame = frame_around(points)
    assert 1 / FLATTEST - 0.01 <= frame.height / SHEET_WIDTH <= 1 / TALLEST + 0.01
    sheet = frame.on_sheet(np.array(points))
    assert (sheet >= 0).all()
    assert (sheet <= [SHEET_WIDTH, frame.height]).all()


def test_a_kilometre_is_as_long_to_the_north_as_to_the_east():
    frame = frame_around([(43.7, 7.4), (43.8, 7.5)])
    south, north, east = frame.on_sheet(
        np.array([(43.75, 7.45), (43.76, 7.45), (43.75, 7.45 + 0.01 / frame.shrink)])
    )
    assert np.linalg.norm(north - south) == pytest.approx(np.linalg.norm(east - south), rel=1e-6)


def test_stops_at_one_door_are_pushed_apart():
    discs = spread(np.full((6, 2), 300.0), frame_around([(43.7, 7.4), (43.8, 7.5)]))
    far = np.linalg.norm(discs[:, None] - discs[None], axis=2) + np.eye(6) * 99
    assert far.min() > 2 * RADIUS - 1


def test_arrows_point_the_way_that_is_driven():
    frame = frame_around([(43.7, 7.4), (43.7, 7.5)])
    east = sheet_line([(43.7, 7.4), (43.7, 7.5)], frame, 0)
    nobody = np.empty((0, 2))
    assert {arrow.turn for arrow in arrows_along(east, nobody)} == {0.0}
    assert {abs(arrow.turn) for arrow in arrows_along(east[::-1], nobody)} == {180.0}


def test_a_way_and_its_return_are_drawn_side_by_side():
    frame = frame_around([(43.7, 7.4), (43.7, 7.5)])
    rows = sheet_line([(43.7, 7.4), (43.7, 7.5), (43.7, 7.4)], frame, 3)
    assert rows[0][1] == pytest.approx(rows[-1][1] + 6)


def test_a_manifest_without_attribution_still_names_the_source():
    svg = draw_map(manifest_picture(replace(friday_trip(), attribution=""), NO_STREETS), "en")
    assert "© OpenStreetMap contributors" in texts(svg)
