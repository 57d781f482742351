"""
The picture of a region: its roads by class, its towns, the roads that nothing reaches, places that lie far.

A large region shows its main roads only: smaller ones would be grey noise on a sheet, and megabytes of it.
No meaning hangs on colour alone: lost roads are drawn with a white edge, far places are numbered.
"""

from dataclasses import dataclass

import numpy as np
import shapely

from api.papers.data import legible_text
from api.papers.frame import Frame, frame_around
from api.papers.legend import Entry, lay_out, scale
from api.papers.marks import Box, Name, name_box, place_names
from api.papers.picture import PALETTE
from api.papers.press import render
from api.papers.single import towns_of
from api.papers.strokes import INKS, Ink, Stroke, ink_of, inks_within, stroke_path, stroke_width
from api.papers.words import Words
from geodata.edges import Flags
from geodata.region import Region
from geodata.region_check import FarPlace, RegionCheck, lost_edges
from geodata.region_counts import driven_edges

WIDTH = 1_000.0
"""Width of the sheet; text is 16 units high."""
INK_LIMIT = 110_000.0
"""So many units of road are drawn at most: about 600 kB."""
TOWNS_LIMIT = 400
"""So many towns are tried, the largest first; what finds no room is left out."""
FAR_LIMIT = 30
FAR_RADIUS = 11.0
LOST_COLOUR = PALETTE[1]


@dataclass(frozen=True)
class FarMark:
    """Hold a numbered mark on the sheet."""

    number: int
    x: float
    y: float


def draw_region(region: Region, found: RegionCheck, say: Words) -> str:
    """Draw a region as one SVG; 180,000 roads take a few seconds and less than a megabyte."""
    south, west, north, east = region.bounds
    frame = frame_around([(south, west), (north, east)], WIDTH)
    lost = lost_edges(region)
    inks, whole = drawn_inks(region, frame)
    far = found.places_far[:FAR_LIMIT]
    marks = _marks(far, frame)
    names, towns = _names(region, far, marks, frame)
    keys, legend_height = lay_out(_entries(lost, far, say, whole=whole), WIDTH)
    bar_m, bar_words = scale(frame, say)
    return render(
        "region.svg",
        say,
        title=region.name,
        description=say.say("Map of the roads of the region {name}.", name=region.name),
        width=WIDTH,
        height=round(frame.height, 1),
        full_height=round(frame.height + legend_height, 1),
        radius=FAR_RADIUS,
        lost_colour=LOST_COLOUR,
        roads=_strokes(region, inks, ~lost, frame),
        lost=_strokes(region, INKS, lost, frame),
        marks=marks,
        names=names,
        towns=towns,
        keys=keys,
        bar=round(bar_m * frame.units_per_m, 1),
        bar_words=bar_words,
        attribution=say.credit(region.meta.attribution),
    )


def drawn_inks(region: Region, frame: Frame) -> tuple[tuple[Ink, ...], bool]:
    """Return the classes that fit on the sheet, one at least, from below up; and whether that is all."""
    driven = driven_edges(region)
    units = {
        ink: float(region.map.edges.length_m[driven & _of_ink(region, ink)].sum()) * frame.units_per_m
        for ink in INKS
    }
    inks = inks_within(units, INK_LIMIT)
    return inks, all(ink in inks for ink in INKS if units[ink])


def _strokes(region: Region, inks: tuple[Ink, ...], chosen: Flags, frame: Frame) -> tuple[Stroke, ...]:
    chosen = chosen & driven_edges(region)
    strokes = (
        Stroke(ink.name, stroke_width(ink, frame), _path(region, chosen & _of_ink(region, ink), frame))
        for ink in inks
    )
    return tuple(stroke for stroke in strokes if stroke.path)


def _path(region: Region, chosen: Flags, frame: Frame) -> str:
    edges = region.map.edges
    counts = np.diff(edges.start)
    return stroke_path(np.asarray(edges.points[np.repeat(chosen, counts)]), counts[chosen], frame)


def _of_ink(region: Region, ink: Ink) -> Flags:
    mine = [ink_of(road_class) is ink for road_class in region.map.class_of_traits]
    return np.asarray(region.map.by_edge(mine), dtype=bool)


def _marks(far: tuple[FarPlace, ...], frame: Frame) -> tuple[FarMark, ...]:
    spots = np.array([(one.named.place.lat, one.named.place.lon) for one in far]).reshape(-1, 2)
    inside = np.clip(frame.on_sheet(spots), FAR_RADIUS, (frame.width - FAR_RADIUS, frame.height - FAR_RADIUS))
    return tuple(FarMark(at, x, y) for at, (x, y) in enumerate(np.round(inside, 1).tolist(), start=1))


def _names(
    region: Region, far: tuple[FarPlace, ...], marks: tuple[FarMark, ...], frame: Frame
) -> tuple[tuple[Name, ...], tuple[Name, ...]]:
    """Write the names of far places first, then those of towns."""
    nothing = shapely.GeometryCollection()
    taken = [
        Box(mark.x - FAR_RADIUS, mark.y - FAR_RADIUS, mark.x + FAR_RADIUS, mark.y + FAR_RADIUS)
        for mark in marks
    ]
    wanted = [
        (legible_text(one.named.name), mark.x, mark.y, FAR_RADIUS + 4)
        for one, mark in zip(far, marks, strict=True)
    ]
    names = place_names(wanted, taken, frame, nothing)
    towns = towns_of(region)[:TOWNS_LIMIT]
    spots = frame.on_sheet(np.array([(town.lat, town.lon) for town in towns]).reshape(-1, 2)).tolist()
    grounds = [(legible_text(town.name), x, y, 2.0) for town, (x, y) in zip(towns, spots, strict=True)]
    return names, place_names(grounds, [*taken, *map(name_box, names)], frame, nothing)


def _entries(lost: Flags, far: tuple[FarPlace, ...], say: Words, *, whole: bool) -> list[Entry]:
    every = say.say("Roads that a van may drive")
    main = say.say("Main roads that a van may drive; smaller ones are left out")
    entries = [Entry("road", every if whole else main)]
    if lost.any():
        entries.append(Entry("lost", say.say("Roads that cannot be reached from the others")))
    if far:
        entries.append(Entry("far", say.say("Place far from any road"), tag="1"))
    return entries
