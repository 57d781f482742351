"""
A geocoder somewhere on the network, asked by URL: BAN's and Nominatim's answers are understood.

What it finds is judged by the same rule as the rest (``geodata.address_match``): its own score makes
nothing certain. The text of an address leaves the house here, and only here, and is never logged.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from math import isfinite
from time import monotonic
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from geodata.addresses import Kind, Known
from geodata.place import Place, PlaceOffEarth
from geodata.refusal import Refusal

TIMEOUT_S = 3.0
"""How long the house waits for each word of an answer, and for the whole of it."""

ANSWER_LIMIT_BYTES = 500_000
ASKED_LIMIT = 10
PIECE_BYTES = 65_536

REACH_UNKNOWN_M = 1_000
"""How far a street reaches whose geocoder does not tell it."""

BAN_KINDS = {"housenumber": Kind.HOUSE, "street": Kind.STREET, "locality": Kind.PLACE,
             "municipality": Kind.COMMUNE}  # fmt: skip
SETTLEMENT_KEYS = ("city", "town", "village", "municipality", "hamlet")
SETTLEMENT_TYPES = frozenset({"administrative", "city", "town", "village", "municipality"})


class GeocoderDown(Refusal):
    """Warn, not refuse: what the region itself knows was searched."""

    code = "geocoder_down"
    reason = "The geocoder of this house does not answer: {detail}."
    cure = "What the region knows was searched; try again later, or put a pin on the map."


class GeocoderUrlBad(Refusal):
    code = "geocoder_url_bad"
    reason = "“{url}” is no address of a geocoder."
    cure = "Let GEOCODER_URL name its search, such as https://data.geopf.fr/geocodage/search"


@dataclass(frozen=True)
class UrlGeocoder:
    """Ask one geocoder; refused with ``geocoder_url_bad`` where the URL is none."""

    url: str
    timeout_s: float = TIMEOUT_S

    def __post_init__(self) -> None:
        try:
            parts = urlsplit(self.url)
            good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
        except ValueError:
            good = False
        if not good:
            raise GeocoderUrlBad(url=self.url)

    def ask(self, text: str, near: Place) -> tuple[Known, ...]:
        """
        Return what the geocoder finds, its best first; refused with ``geocoder_down``.

        Both kinds are asked with the same words; a strict one that does not know ``format`` is asked again
        without it. Redirects are not followed.
        """
        wish = {"q": text, "limit": str(ASKED_LIMIT), "lat": f"{near.lat:.3f}", "lon": f"{near.lon:.3f}"}
        status, body = self._get({**wish, "format": "jsonv2", "addressdetails": "1"})
        if status == 400:
            status, body = self._get(wish)
        if status != 200:
            raise GeocoderDown(detail=f"status {status}")
        try:
            return known_of(json.loads(body))
        except (ValueError, RecursionError) as error:
            raise GeocoderDown(detail="its answer has neither BAN's nor Nominatim's shape") from error

    def _get(self, wish: Mapping[str, str]) -> tuple[int, bytes]:
        parts = urlsplit(self.url)
        words = urlencode({**dict(parse_qsl(parts.query)), **wish})
        kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        connection = kind(parts.hostname or "", parts.port, timeout=self.timeout_s)
        until = monotonic() + self.timeout_s
        try:
            connection.request("GET", f"{parts.path or '/'}?{words}", headers=HEADERS)
            answer = connection.getresponse()
            body = b""
            while piece := answer.read1(PIECE_BYTES):
                body += piece
                if len(body) > ANSWER_LIMIT_BYTES:
                    raise GeocoderDown(detail=f"its answer is larger than {ANSWER_LIMIT_BYTES} bytes")
                if monotonic() > until:
                    raise GeocoderDown(detail="it is too slow")
            return answer.status, body
        except (OSError, HTTPException) as error:
            raise GeocoderDown(detail=type(error).__name__) from error
        finally:
            connection.close()


HEADERS = {"Accept": "application/json", "User-Agent": "Carriole/1 (co-delivery in short food circuits)"}


def known_of(answer: object) -> tuple[Known, ...]:
    """
    Read an answer by its shape: a ``FeatureCollection`` is BAN's, a list is Nominatim's.

    One that lacks a point or a name is left out, the others are kept. Another shape is a ``ValueError``.
    """
    if isinstance(answer, dict) and isinstance(answer.get("features"), list):
        return _gathered(_of_ban, answer["features"])
    if isinstance(answer, list):
        return _gathered(_of_nominatim, answer)
    raise ValueError("neither shape")


def _gathered(read: Callable[[Any], Known], items: Iterable[object]) -> tuple[Known, ...]:
    found = []
    for item in items:
        try:
            found.append(read(item))
        except (KeyError, TypeError, ValueError, AttributeError, IndexError, PlaceOffEarth):
            continue
    return tuple(found[:ASKED_LIMIT])


def _of_ban(feature: Mapping[str, Any]) -> Known:
    told = feature["properties"]
    lon, lat = feature["geometry"]["coordinates"][:2]
    kind = BAN_KINDS.get(told.get("type", ""), Kind.PLACE)
    name = _text(told, "street") or _text(told, "name") or _text(told, "label")
    city, number = _text(told, "city"), _text(told, "housenumber")
    return _known(kind, name, (lat, lon), city, _text(told, "postcode"), number, _text(told, "type"))


def _of_nominatim(item: Mapping[str, Any]) -> Known:
    told = item.get("address") or {}
    city = next((_text(told, key) for key in SETTLEMENT_KEYS if told.get(key)), "")
    road, number = _text(told, "road"), _text(told, "house_number")
    what, place = _text(item, "type"), (item["lat"], item["lon"])
    post = _text(told, "postcode")
    called = _text(item, "name")
    if number and road:
        return _known(Kind.HOUSE, road, place, city, post, number, what)
    if road and (called == road or item.get("category", item.get("class")) == "highway"):
        return _known(Kind.STREET, road, place, city, post, "", what)
    name = called or _text(item, "display_name")
    kind = Kind.COMMUNE if what in SETTLEMENT_TYPES and name in (city, called) else Kind.PLACE
    return _known(kind, name, place, city, post, "", what)


def _known(
    kind: Kind, name: str, degrees: tuple[Any, Any], city: str, postcode: str, number: str, what: str
) -> Known:
    lat, lon = (float(one) for one in degrees)
    if not name or not (isfinite(lat) and isfinite(lon)):
        raise ValueError("no name or no point")
    place = Place(lat=lat, lon=lon, name=f"{number} {name}".strip())
    commune = city or (name if kind is Kind.COMMUNE else "")
    within_m = REACH_UNKNOWN_M if kind is Kind.STREET else 0
    return Known(kind, name, place, commune, "", postcode, within_m, what, number)


def _text(told: Mapping[str, Any], key: str) -> str:
    """Return a word of an answer, made safe for pages: one line, of bounded length."""
    given = told.get(key)
    return " ".join(str(given).split())[:120] if isinstance(given, str | int) else ""
