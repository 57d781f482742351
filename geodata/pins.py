"""A pin on a map, written as text: degrees in any usual way, a ``geo:`` address, a link of a map's page."""

import re
from urllib.parse import unquote

from geodata.place import Place, PlaceOffEarth

SIGNED = r"([+-]?\d{1,3}(?:\.\d{1,12})?)"
COMMA = r"([+-]?\d{1,3},\d{1,12})"
IN_LINKS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"[?&#]mlat={SIGNED}&(?:amp;)?mlon={SIGNED}",
        rf"#(?:.*&)?map=\d+(?:\.\d+)?/{SIGNED}/{SIGNED}",
        rf"!3d{SIGNED}!4d{SIGNED}",
        rf"[?&](?:q|query|ll|center|destination|daddr|loc)=(?:loc:)?{SIGNED},\+?{SIGNED}",
        rf"[?&]lat={SIGNED}&(?:lon|lng)={SIGNED}",
        rf"@{SIGNED},{SIGNED}",
        rf"/(?:search|place)/{SIGNED},[+\s]?{SIGNED}",
    )
)
"""Where OpenStreetMap, Google Maps and others write the point; a marker before the middle of the map."""

GEO = re.compile(rf"geo:{SIGNED},{SIGNED}")
GEO_ASKED = re.compile(rf"[?&]q={SIGNED},{SIGNED}")
DEGREES = (
    re.compile(rf"{SIGNED}\s*°?\s*[,;/\s]\s*{SIGNED}\s*°?"),
    re.compile(rf"{COMMA}\s*°?\s*(?:[;/\s]|,\s)\s*{COMMA}\s*°?"),
)
SIXTIETHS = re.compile(
    r"(\d{1,3})\s*°\s*(\d{1,2}(?:[.,]\d+)?)\s*['′’]\s*(?:(\d{1,2}(?:[.,]\d+)?)\s*(?:\"|″|''|”)\s*)?([NS])"
    r"[,;\s]*"
    r"(\d{1,3})\s*°\s*(\d{1,2}(?:[.,]\d+)?)\s*['′’]\s*(?:(\d{1,2}(?:[.,]\d+)?)\s*(?:\"|″|''|”)\s*)?([EWO])",
    re.IGNORECASE,
)


def read_pin(text: str) -> Place | None:
    """
    Return the place that a text gives as degrees, or ``None`` where it gives none.

    Latitude stands first: ``43.73, 7.42``, ``43,73 7,42``, ``43°44'N 7°25'E``, ``geo:43.73,7.42``, or a link
    to OpenStreetMap or Google Maps that holds the point (a shortened link does not). Two whole numbers
    are an address, not degrees. A point that is none on the earth is no pin.
    """
    said = unquote(text.strip())
    numbers = _in_link(said) or _typed(said)
    if numbers is None:
        return None
    try:
        return Place(lat=numbers[0], lon=numbers[1])
    except PlaceOffEarth:
        return None


def _in_link(said: str) -> tuple[float, float] | None:
    if said.startswith("geo:"):
        hit = GEO_ASKED.search(said) or GEO.match(said)
    elif said.startswith(("http://", "https://", "www.")):
        hit = next((hit for pattern in IN_LINKS if (hit := pattern.search(said))), None)
    else:
        return None
    return (float(hit[1]), float(hit[2])) if hit else None


def _typed(said: str) -> tuple[float, float] | None:
    hit = SIXTIETHS.fullmatch(said)
    if hit is not None:
        return _sixtieths(*hit.group(1, 2, 3, 4)), _sixtieths(*hit.group(5, 6, 7, 8))
    bare = re.sub(r"^\(|\)$", "", said).strip()
    for pattern in DEGREES:
        hit = pattern.fullmatch(bare)
        if hit is not None and (set(hit[1]) & set(".,") or set(hit[2]) & set(".,")):
            return float(hit[1].replace(",", ".")), float(hit[2].replace(",", "."))
    return None


def _sixtieths(degrees: str, minutes: str, seconds: str | None, side: str) -> float:
    parts = [float((part or "0").replace(",", ".")) for part in (degrees, minutes, seconds)]
    angle = parts[0] + parts[1] / 60 + parts[2] / 3600
    return -angle if side.upper() in "SWO" else angle
