"""A square code per stop: a phone that reads it opens the stop in its own navigation."""

from functools import lru_cache
from io import BytesIO
from urllib.parse import quote

import segno

from pooling.manifest import ManifestStop

LABEL_LIMIT = 40
"""Characters of a stop's label in its square: more would make the squares too fine to read."""
SQUARES_KEPT = 128


def geo_uri(lat: float, lon: float, label: str) -> str:
    """
    Name a place for a navigation app (RFC 5870, with the query label that phones understand).

    Five decimals are one metre. The label is shortened to ``LABEL_LIMIT`` characters.
    """
    point = f"{lat:.5f},{lon:.5f}"
    return f"geo:{point}?q={point}({quote(label[:LABEL_LIMIT].strip(), safe='')})"


def stop_uri(stop: ManifestStop) -> str:
    return geo_uri(stop.lat, stop.lon, f"{stop.code} {stop.site}")


@lru_cache(maxsize=SQUARES_KEPT)
def qr_svg(content: str) -> str:
    """
    Draw a square code as SVG that takes the size of what holds it, quiet zone included: some 10 ms.

    Kept until the page and the print of a manifest both have it.
    """
    drawing = BytesIO()
    segno.make(content, error="m", micro=False).save(
        drawing, kind="svg", border=4, omitsize=True, xmldecl=False, svgclass=None, lineclass=None, nl=False
    )
    return drawing.getvalue().decode()
