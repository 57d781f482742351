"""Two maps of one day side by side: every van of everyone alone, and what is driven when they pool."""

from collections.abc import Sequence
from itertools import pairwise
from math import cos, radians

from pooling.days.driven import Journey
from pooling.ground import Way

PANEL, GAP, MARGIN = 560, 24, 28
INK, POOLED, ALONE = "#222222", "#0b5fa5", "#c8500a"

Line = list[tuple[float, float]]


def picture(name: str, before: Sequence[Journey], after: Sequence[Journey], way: Way) -> str:
    """Draw both as one SVG; a way that more vans drive looks darker."""
    panels = [[_line(one, way) for one in journeys] for journeys in (before, after)]
    points = [point for lines in panels for line in lines for point in line]
    if not points:
        return f'<svg xmlns="http://www.w3.org/2000/svg" width="{2 * PANEL}" height="{PANEL}"/>'
    south, west = min(lat for lat, _ in points), min(lon for _, lon in points)
    north, east = max(lat for lat, _ in points), max(lon for _, lon in points)
    narrow = cos(radians((south + north) / 2))
    scale = (PANEL - 2 * MARGIN) / max(north - south, (east - west) * narrow, 1e-6)

    def path(line: Line, left: int) -> str:
        at = [
            (left + MARGIN + (lon - west) * narrow * scale, MARGIN + (north - lat) * scale)
            for lat, lon in line
        ]
        return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in at)

    drawn = []
    for number, (lines, colour, word) in enumerate(
        zip(panels, (ALONE, POOLED), ("everyone alone", "pooled"), strict=True)
    ):
        left = number * (PANEL + GAP)
        drawn.append(
            f'<text x="{left + MARGIN}" y="18" font-family="sans-serif" font-size="14" fill="{INK}">'
            f"{name}, {word}: {len(lines)} rounds</text>"
        )
        drawn += [
            f'<path d="{path(line, left)}" fill="none" stroke="{colour}" stroke-opacity="0.45"/>'
            for line in lines
            if len(line) > 1
        ]
    width = 2 * PANEL + GAP
    size = f'viewBox="0 0 {width} {PANEL}" width="{width}" height="{PANEL}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size}>'
    return "\n".join([head, f'<rect width="{width}" height="{PANEL}" fill="#ffffff"/>', *drawn, "</svg>", ""])


def _line(journey: Journey, way: Way) -> Line:
    stops = [journey.start, *(visit.place for visit in journey.route.visits), journey.end]
    line: Line = []
    for here, there in pairwise(stops):
        if here != there:
            line += way(here, there).places
    return line
