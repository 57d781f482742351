"""One paper of one manifest, made when it is asked for: page, print, map or way."""

from collections.abc import Callable, Mapping
from typing import Literal

from api.papers.data import legible, manifest_geojson
from api.papers.diary import manifest_ics
from api.papers.frame import PHONE_WIDTH
from api.papers.labels import labels_pdf
from api.papers.page import manifest_html
from api.papers.paper import manifest_pdf
from api.papers.picture import Picture, Town, draw_map, manifest_picture
from api.papers.sheet import sheet_of
from api.papers.table import manifest_csv
from api.papers.track import manifest_gpx
from api.papers.words import words
from geodata.region import Region
from pooling.manifest import Manifest
from pooling.runs.manifest_json import manifest_json

Form = Literal["pdf", "svg", "geojson", "html", "labels", "csv", "json", "gpx", "ics"]

MEDIA_TYPES: dict[Form, str] = {
    "labels": "application/pdf",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "gpx": "application/gpx+xml",
    "ics": "text/calendar; charset=utf-8",
    "pdf": "application/pdf",
    "svg": "image/svg+xml",
    "geojson": "application/geo+json",
    "html": "text/html; charset=utf-8",
}

_DATA: Mapping[str, Callable[[Manifest], bytes]] = {
    "geojson": lambda manifest: manifest_geojson(manifest).encode(),
    "json": lambda manifest: manifest_json(manifest).encode(),
    "csv": lambda manifest: manifest_csv(manifest).encode(),
    "gpx": manifest_gpx,
}
"""The forms that say nothing in any language."""

TOWN_KINDS = ("city", "town", "village", "suburb")


def draw_paper(manifest: Manifest, form: Form, region: Region, language: str, part: int = 1) -> bytes:
    """
    Make one paper; the map shows the roads and towns of the region around the way.

    ``part`` is which of the labels, where there are more than one file holds.
    """
    manifest, say = legible(manifest), words(language)
    if form == "labels":
        return labels_pdf(manifest, part, say)
    if form == "ics":
        return manifest_ics(manifest, say)
    if form in _DATA:
        return _DATA[form](manifest)
    picture = _picture(manifest, region)
    if form == "svg":
        return draw_map(picture, language).encode()
    sheet = sheet_of(manifest, say)
    if form == "html":
        return manifest_html(sheet, draw_map(picture, language, PHONE_WIDTH), say).encode()
    return manifest_pdf(sheet, draw_map(picture, language), say, manifest.date)


def towns_of(region: Region) -> list[Town]:
    """List names for the ground of a map, the largest places first."""
    named = [place for kind in TOWN_KINDS for place in region.gazetteer.of_kind(kind)]
    return [Town(one.name, one.place.lat, one.place.lon) for one in named]


def _picture(manifest: Manifest, region: Region) -> Picture:
    return manifest_picture(manifest, region.roads.streets, towns_of(region))
