"""The picture of a region as a file: a drawing, a page with the figures beside it, or points of ink."""

from collections.abc import Sequence
from pathlib import Path

from markupsafe import Markup

from api.papers.folder import write_whole
from api.papers.press import render
from api.papers.words import Words
from geodata.refusal import Refusal
from geodata.region_check import RegionCheck

FORMS = (".svg", ".html", ".png")
POINTS_PER_INCH = 144

SHEET = b"""
#set page(width: auto, height: auto, margin: 0pt)
#image(bytes(sys.inputs.drawn), format: "svg", width: 1000pt)
"""


class PictureFormUnknown(Refusal):
    code = "picture_form_unknown"
    reason = "No picture can be written as {file}."
    cure = "Let its name end in one of these: {known}."


def must_be_known(path: Path) -> None:
    """Refuse a form that is not written, before anything is drawn."""
    if path.suffix.lower() not in FORMS:
        raise PictureFormUnknown(file=path, known=", ".join(FORMS))


def write_region(
    path: Path, svg: str, found: RegionCheck, tables: Sequence[tuple[str, object]], say: Words
) -> Path:
    """Write the drawing in the form that the name of the file asks for; whole, or not at all."""
    if path.suffix.lower() == ".html":
        return write_whole(path, _page(svg, found, tables, say).encode())
    return write_whole(path, _points(svg) if path.suffix.lower() == ".png" else svg.encode())


def _page(svg: str, found: RegionCheck, tables: Sequence[tuple[str, object]], say: Words) -> str:
    return render(
        "region.html",
        say,
        title=found.counts.name,
        map=Markup(svg),  # noqa: S704 - drawn by our own template, which escapes every name
        tables=tables,
        findings=[say.refusal(finding.refusal) for finding in found.findings],
        attribution=say.credit(found.counts.meta.attribution),
    )


def _points(svg: str) -> bytes:
    import typst  # only whoever prints must load it

    png = typst.compile(
        SHEET, format="png", ppi=POINTS_PER_INCH, ignore_system_fonts=True, sys_inputs={"drawn": svg}
    )
    if not isinstance(png, bytes):
        raise TypeError("typst draws one sheet as one file")
    return png
