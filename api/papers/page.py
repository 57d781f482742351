"""
The manifest and the list of manifests as pages: one file each, without network, phone first.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from api.papers.press import render
from api.papers.qr import qr_svg
from api.papers.sheet import Sheet
from api.papers.words import Words


@dataclass(frozen=True)
class Card:
    """Hold one manifest in the list, and what its files are called before the dot."""

    stem: str
    sheet: Sheet


def manifest_html(sheet: Sheet, map_svg: str, words: Words) -> str:
    """Lay out a sheet as one file of HTML; the map and the squares, our own drawings, go in as they are."""
    return render(
        "manifest.html",
        words,
        sheet=sheet,
        map=_drawing(map_svg),
        squares=[_drawing(qr_svg(halt.uri)) for halt in sheet.halts],
    )


def overview_html(title: str, cards: Sequence[Card], map_svg: str, attribution: str, words: Words) -> str:
    """Lay out the list of manifests over the map of all their ways."""
    return render(
        "overview.html", words, title=title, cards=cards, map=_drawing(map_svg), attribution=attribution
    )


def _drawing(svg: str) -> Markup:
    return Markup(svg)  # noqa: S704 - drawn by our own templates, which escape every name
