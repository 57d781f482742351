"""
Papers on disk: every file appears whole or not at all, under a name that no manifest can choose.
"""

import os
import re
import unicodedata
from collections.abc import Iterable, Sequence
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile

from api.papers.data import legible, manifest_geojson
from api.papers.frame import PHONE_WIDTH
from api.papers.page import Card, manifest_html, overview_html
from api.papers.paper import manifest_pdf
from api.papers.picture import Town, draw_map, manifest_picture, overview_picture
from api.papers.sheet import sheet_of
from api.papers.words import words
from geodata.streets import Streets
from pooling.manifest import Manifest
from pooling.runs.manifest_json import manifest_json

STEM_LIMIT = 80
OUR_STEMS = frozenset({"index", "map"})


def file_stem(number: str) -> str:
    """
    Turn a manifest's number into what its files are called before the dot.

    Letters, digits, ``-`` and ``_`` only, at most ``STEM_LIMIT``. A number that is changed by this,
    or that is the name of a file of ours, gets eight digits of its hash: two numbers never share a file.
    """
    plain = unicodedata.normalize("NFKD", number).encode("ascii", "ignore").decode()
    stem = re.sub(r"[^A-Za-z0-9_]+", "-", plain).strip("-")[:STEM_LIMIT]
    if stem and stem == number and stem.lower() not in OUR_STEMS:
        return stem
    return f"{stem or 'manifest'}-{sha256(number.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"


def write_manifest(
    folder: Path,
    manifest: Manifest,
    streets: Streets,
    language: str,
    *,
    towns: Iterable[Town] = (),
) -> tuple[Path, ...]:
    """
    Write the papers of one manifest: page, print, data, way and map; return their paths in this order.

    ``towns`` are names for the ground of the map, the largest first.
    """
    say = words(language)
    manifest = legible(manifest)
    sheet = sheet_of(manifest, say)
    picture = manifest_picture(manifest, streets, towns)
    map_svg = draw_map(picture, language)
    on_phone = draw_map(picture, language, PHONE_WIDTH)
    stem = file_stem(manifest.number)
    return tuple(
        write_whole(folder / f"{stem}.{ending}", content)
        for ending, content in (
            ("html", manifest_html(sheet, on_phone, say).encode()),
            ("pdf", manifest_pdf(sheet, map_svg, say, manifest.date)),
            ("json", manifest_json(manifest).encode()),
            ("geojson", manifest_geojson(manifest).encode()),
            ("svg", map_svg.encode()),
        )
    )


def write_overview(
    folder: Path,
    manifests: Sequence[Manifest],
    streets: Streets,
    language: str,
    *,
    title: str = "",
    towns: Iterable[Town] = (),
) -> tuple[Path, ...]:
    """Write ``index.html``, which links the papers of all manifests, and ``map.svg`` of all their ways."""
    say = words(language)
    manifests = [legible(manifest) for manifest in manifests]
    title = title or say.say("Manifests of the day")
    picture = overview_picture(manifests, streets, title, towns)
    map_svg = draw_map(picture, language)
    cards = [Card(file_stem(manifest.number), sheet_of(manifest, say)) for manifest in manifests]
    on_phone = draw_map(picture, language, PHONE_WIDTH)
    page = overview_html(title, cards, on_phone, say.credit(picture.attribution), say)
    return (
        write_whole(folder / "index.html", page.encode()),
        write_whole(folder / "map.svg", map_svg.encode()),
    )


def write_together(
    folder: Path,
    streets: Streets,
    language: str,
    towns: Sequence[Town],
    what: Manifest | tuple[Manifest, ...],
) -> tuple[Path, ...]:
    """Write the papers of one manifest, or the overview of all: a part of the papers of a day."""
    if isinstance(what, tuple):
        return write_overview(folder, what, streets, language, towns=towns)
    return write_manifest(folder, what, streets, language, towns=towns)


def write_whole(path: Path, content: bytes) -> Path:
    """Write a file aside and let it take its place at once; its folder is made where it is missing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name[:40]}-", delete=False) as file:
        temporary = Path(file.name)
        try:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
            temporary.chmod(0o644)
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
    return path
