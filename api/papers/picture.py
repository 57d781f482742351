"""
The map that a driver holds: the roads of the region, the way over them, and the numbered stops.

Plain values in, one SVG out: it is the same in the page, in the print and as a file of its own.
No meaning hangs on colour alone: ways carry a tag, the announced way is dashed, stops are numbered.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from api.papers.frame import SHEET_WIDTH, Frame, Points, frame_around
from api.papers.lanes import in_lanes
from api.papers.legend import Entry, lay_out, scale
from api.papers.marks import (
    NOWHERE,
    RADIUS,
    Box,
    Name,
    name_box,
    place_names,
    shortened,
    spread,
    tag_places,
    tag_width,
)
from api.papers.press import render
from api.papers.strokes import Arrow, arrows_along, line_path, road_strokes, sheet_line, sheet_lines
from api.papers.words import ATTRIBUTION, Words, words
from geodata.streets import Streets
from pooling.manifest import Manifest

PALETTE = ("#0b5fa5", "#c8500a", "#007a5a", "#8a3f82", "#7a5c00", "#222222")
"""After Okabe and Ito, darkened for paper: apart for every kind of colour blindness, in grey by tags."""

LANE = 6.4
"""How far a way and its return on the same road are drawn from each other."""
ONE_WIDTH = 4.6
MANY_WIDTH = 3.2
MANY_LANE = 3.8
"""How far ways that share a road are drawn from each other."""
FEW = 10
"""So many ways are drawn in full width on one map."""
FINEST = 0.5
TOWN_COVERS = 16.0
"""Units of a way that the name of a town may cover."""
TOWNS_LIMIT = 400
"""So many towns of a map are tried, the largest first; what finds no room is left out."""


@dataclass(frozen=True)
class RouteLine:
    """Hold a way as (lat, lon) points, and the way as announced where there is one."""

    label: str
    colour: str
    points: Sequence[tuple[float, float]]
    announced: Sequence[tuple[float, float]] = ()


@dataclass(frozen=True)
class StopMark:
    """Hold a numbered stop. An empty label is not written beside the mark."""

    number: int
    lat: float
    lon: float
    label: str
    colour: str = PALETTE[0]


@dataclass(frozen=True)
class Town:
    """Hold a name for the ground of the map; towns are given with the largest first."""

    name: str
    lat: float
    lon: float


@dataclass(frozen=True)
class Picture:
    """Hold what a map shows. It is framed around the ways and stops, or around all roads if ``whole``."""

    streets: Streets
    lines: tuple[RouteLine, ...]
    stops: tuple[StopMark, ...]
    title: str
    towns: tuple[Town, ...] = ()
    attribution: str = ATTRIBUTION
    whole: bool = False


def manifest_picture(manifest: Manifest, streets: Streets, towns: Iterable[Town] = ()) -> Picture:
    """Show one manifest around its way."""
    return Picture(
        streets=streets,
        lines=(RouteLine("", PALETTE[0], manifest.line, manifest.announced_line),),
        stops=tuple(StopMark(stop.number, stop.lat, stop.lon, stop.site) for stop in manifest.stops),
        title=f"{manifest.number} · {manifest.title}",
        towns=tuple(towns),
        attribution=manifest.attribution or ATTRIBUTION,
    )


def overview_picture(
    manifests: Sequence[Manifest], streets: Streets, title: str, towns: Iterable[Town] = ()
) -> Picture:
    """Show the ways of all manifests on the whole region."""
    colours = [PALETTE[at % len(PALETTE)] for at in range(len(manifests))]
    return Picture(
        streets=streets,
        lines=tuple(
            RouteLine(f"{manifest.number} · {manifest.title}", colour, manifest.line)
            for manifest, colour in zip(manifests, colours, strict=True)
        ),
        stops=(),
        title=title,
        towns=tuple(towns),
        attribution=next((manifest.attribution for manifest in manifests), ATTRIBUTION),
        whole=True,
    )


@dataclass(frozen=True, eq=False)
class DrawnLine:
    """Hold a way on the sheet; the tag stands at its middle and in the legend."""

    colour: str
    width: float
    casing: float
    rows: Points
    path: str
    announced: str
    arrows: tuple[Arrow, ...]
    tag: str
    tag_at: tuple[float, float]


@dataclass(frozen=True)
class DrawnStop:
    """Hold a mark on the sheet: its disc at (x, y), its true place at (true_x, true_y)."""

    number: int
    colour: str
    x: float
    y: float
    true_x: float
    true_y: float

    @property
    def moved(self) -> bool:
        return abs(self.x - self.true_x) + abs(self.y - self.true_y) > 3


def draw_map(picture: Picture, language: str, width: float = SHEET_WIDTH) -> str:
    """
    Draw a picture as one SVG of ``width`` units; 24,000 roads take about a second and 500 kB.

    Marks and text are the same number of units on any width: a narrow sheet has large ones.
    """
    say = words(language)
    frame = _frame(picture, width)
    stops = _drawn_stops(picture.stops, frame)
    lines = _drawn_lines(picture, stops, frame)
    names, towns = _names(picture, stops, lines, frame)
    keys, legend_height = lay_out(_entries(picture, say), width)
    bar_m, bar_words = scale(frame, say)
    return render(
        "map.svg",
        say,
        title=picture.title,
        description=_description(picture, say),
        width=width,
        height=round(frame.height, 1),
        full_height=round(frame.height + legend_height, 1),
        radius=RADIUS,
        roads=road_strokes(picture.streets, frame),
        lines=lines,
        tag_width=tag_width,
        stops=stops,
        names=names,
        towns=towns,
        keys=keys,
        bar=round(bar_m * frame.units_per_m, 1),
        bar_words=bar_words,
        attribution=say.credit(picture.attribution),
    )


def _frame(picture: Picture, width: float) -> Frame:
    points = [point for line in picture.lines for point in (*line.points, *line.announced)]
    points += [(stop.lat, stop.lon) for stop in picture.stops]
    if picture.whole or not points:
        points += _corners(picture.streets)
    return frame_around(points, width)


def _corners(streets: Streets) -> list[tuple[float, float]]:
    if streets.bounds is None:
        return []
    south, west, north, east = streets.bounds
    return [(south, west), (north, east)]


def _drawn_lines(picture: Picture, stops: Sequence[DrawnStop], frame: Frame) -> tuple[DrawnLine, ...]:
    """Draw one way beside its own return; draw many beside each other where they share a road."""
    if len(picture.lines) > 1:
        return _many_lines(picture.lines, frame)
    discs = np.array([(stop.x, stop.y) for stop in stops]).reshape(-1, 2)
    ways = [(line, sheet_line(line.points, frame, LANE / 2)) for line in picture.lines]
    return tuple(
        DrawnLine(
            colour=line.colour,
            casing=3.0,
            width=ONE_WIDTH,
            rows=rows,
            path=line_path(rows),
            announced=line_path(sheet_line(line.announced, frame, 0)),
            arrows=arrows_along(rows, discs),
            tag="",
            tag_at=NOWHERE,
        )
        for line, rows in ways
    )


def _many_lines(lines: Sequence[RouteLine], frame: Frame) -> tuple[DrawnLine, ...]:
    """Draw ways with a tag on each; the more there are, the finer, down to ``FINEST`` of their width."""
    fine = max((FEW / max(len(lines), FEW)) ** 0.5, FINEST)
    lanes = in_lanes([line.points for line in lines])
    ways = [
        sheet_lines([run.points for run in runs], [run.aside * MANY_LANE * fine for run in runs], frame)
        for runs in lanes
    ]
    return tuple(
        DrawnLine(
            colour=line.colour,
            casing=1.2,
            width=MANY_WIDTH * fine,
            rows=rows,
            path=line_path(rows),
            announced=line_path(sheet_line(line.announced, frame, 0)),
            arrows=(),
            tag=str(at),
            tag_at=spot,
        )
        for at, (line, rows, spot) in enumerate(zip(lines, ways, tag_places(ways), strict=True), start=1)
    )


def _drawn_stops(stops: Sequence[StopMark], frame: Frame) -> tuple[DrawnStop, ...]:
    if not stops:
        return ()
    true = frame.on_sheet(np.array([(stop.lat, stop.lon) for stop in stops]))
    places = np.round(np.hstack((spread(true, frame), true)), 1).tolist()
    return tuple(
        DrawnStop(stop.number, stop.colour, *place) for stop, place in zip(stops, places, strict=True)
    )


def _names(
    picture: Picture, stops: Sequence[DrawnStop], lines: Sequence[DrawnLine], frame: Frame
) -> tuple[tuple[Name, ...], tuple[Name, ...]]:
    """Write the names of stops first, then those of towns where they cover little."""
    discs = [(stop.x, stop.y) for stop in stops] + [line.tag_at for line in lines if line.tag]
    taken = [Box(x - RADIUS, y - RADIUS, x + RADIUS, y + RADIUS) for x, y in discs]
    ways = shapely.MultiLineString([line.rows for line in lines if len(line.rows) > 1])
    marks = [
        (mark.label, stop.x, stop.y, RADIUS + 4) for mark, stop in zip(picture.stops, stops, strict=True)
    ]
    names = place_names(marks, taken, frame, ways)
    places = np.array([(town.lat, town.lon) for town in picture.towns]).reshape(-1, 2)
    spots = frame.on_sheet(places)
    shown = ((spots > 0) & (spots < (frame.width, frame.height))).all(axis=1)
    wanted = [
        (picture.towns[at].name, *spots[at].tolist(), 2.0) for at in np.flatnonzero(shown)[:TOWNS_LIMIT]
    ]
    taken += [name_box(name) for name in names]
    return names, place_names(wanted, taken, frame, ways, bearable=TOWN_COVERS)


def _entries(picture: Picture, say: Words) -> list[Entry]:
    entries: list[Entry] = []
    if len(picture.lines) > 1:
        entries += [
            Entry("line", shortened(line.label, 44), line.colour, str(at))
            for at, line in enumerate(picture.lines, start=1)
        ]
    elif picture.lines:
        entries.append(Entry("line", say.say("The way to drive"), picture.lines[0].colour))
    if any(line.announced for line in picture.lines):
        entries.append(Entry("announced", say.say("The way as announced, without guests")))
    if picture.stops:
        entries.append(Entry("stop", say.say("Stop"), tag="1"))
    return entries


def _description(picture: Picture, say: Words) -> str:
    if len(picture.lines) > 1:
        ways = say.semicolon.join(line.label for line in picture.lines)
        return say.say("Map of the roads with the ways: {ways}.", ways=ways)
    stops = say.semicolon.join(f"{stop.number} {stop.label}" for stop in picture.stops)
    return say.say("Map of the roads with the way and its stops: {stops}.", stops=stops)
