"""One paper of a stored manifest as an answer of either door: its bytes, type and the name of its file."""

from dataclasses import replace
from typing import Any, Literal

from sqlalchemy import Row
from starlette.responses import Response

from geodata.region import Region
from pooling.desk import Grounds
from pooling.desk.goods.ride_carbon import carbon_on
from pooling.desk.runs.transport_papers import papers_on
from pooling.manifest import Manifest
from pooling.runs.manifest_json import read_manifest
from pooling.store import View

PaperForm = Literal["pdf", "svg", "geojson", "html", "labels", "waybills", "csv", "json", "gpx", "ics"]

PAPER_TYPES: dict[PaperForm, str] = {
    "pdf": "application/pdf",
    "labels": "application/pdf",
    "waybills": "application/pdf",
    "svg": "image/svg+xml",
    "html": "text/html; charset=utf-8",
    "geojson": "application/geo+json",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "gpx": "application/gpx+xml",
    "ics": "text/calendar; charset=utf-8",
}
SAVED = frozenset({"csv", "json", "geojson", "gpx", "ics"})
"""What a browser saves rather than shows."""

READ: frozenset[PaperForm] = frozenset({"pdf", "html"})
"""What a person reads on the way: it names the vehicle by its plate too."""


def paper_answer(
    view: View, region: Region, row: Row[Any], form: PaperForm, language: str, part: int = 1
) -> Response:
    """Make one paper of a manifest; who may see it was asked before."""
    from api.papers import file_stem, words  # typesetting is loaded when it is needed
    from api.papers.single import draw_paper
    from api.papers.waybill import transport_papers_pdf

    written = _plated(read_manifest(row.body), row.plate) if form in READ else read_manifest(row.body)
    if form == "waybills":
        grams = {one: part.co2_g for one, part in carbon_on(Grounds(region), view, row).items()}
        drawn = transport_papers_pdf(papers_on(view, row), written.date, words(language), grams)
    else:
        drawn = draw_paper(written, form, region, language, part)
    ending = f"{form}.pdf" if form in ("labels", "waybills") else form
    how = "attachment" if form in SAVED else "inline"
    name = f'{how}; filename="{file_stem(written.number)}.{ending}"'
    headers = {"Cache-Control": "private, no-cache", "Content-Disposition": name}
    return Response(drawn, media_type=PAPER_TYPES[form], headers=headers)


def _plated(manifest: Manifest, plate: str) -> Manifest:
    """Name the vehicle's plate beside its name: it is entered after the manifest was written."""
    if not plate or plate in manifest.vehicle:
        return manifest
    return replace(manifest, vehicle=f"{manifest.vehicle} · {plate}" if manifest.vehicle else plate)
