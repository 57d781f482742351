"""
A server that speaks OSRM's HTTP interface, version 1: asked for ways, believed where its words make sense.

    OsrmServer.table  GET /table/v1/driving/…   seconds and metres, in blocks that every server takes
    OsrmServer.drawn  GET /route/v1/driving/…   the points and the streets of one way
"""

import json
import re
from base64 import b64encode
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from itertools import groupby
from time import monotonic
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

import numpy as np

from geodata.place import Place, PlaceOffEarth
from geodata.refusal import Refusal
from geodata.snapping import Floats, PlaceOffMap
from geodata.survey import Point

ANSWERS_WITHIN_S = 10.0
"""How long one answer may take, from the first word to the last."""
TRIES = 2
PLACES_PER_REQUEST = 100
"""What ``osrm-routed`` takes unless its ``--max-table-size`` says otherwise."""
ANSWER_LIMIT_BYTES = 32_000_000
FARTHEST = 1e8
"""Seconds or metres beyond this are no way on the earth."""
DETAIL_LIMIT = 200
MENDED_LIMIT = 100
"""Cells per answer that are asked for again as a route. Between two places on one stretch of road
OSRM's table sometimes tells negative metres (its issue 5855), and its route never does."""

Answer = dict[str, Any]
Ask = Callable[[str], Answer]


class RoadServerUnreadable(Refusal):
    code = "road_server_unreadable"
    reason = "“{address}” is no address of a road server."
    cure = "Write ROADS_URL as http://127.0.0.1:5000, or leave it empty for Carriole's own engine."


class RoadServerAway(Refusal):
    code = "road_server_away"
    reason = "The road server at {server} does not answer: {detail}."
    cure = "Start it, or leave ROADS_URL empty for Carriole's own engine; then try again."


class RoadServerNonsense(Refusal):
    code = "road_server_nonsense"
    reason = "The road server at {server} gave an answer that cannot be used: {detail}."
    cure = (
        "Let ROADS_URL name an OSRM server (version 5 or later) that takes tables of 100 places, and has "
        "seconds and metres."
    )


class PlaceOffServer(PlaceOffMap):
    """Refuse a place that lies on the region's map, and far from every road of the server's."""

    reason = "The road server at {server} has no road near {lat}, {lon}."
    cure = "Check the address, or give the road server a map that holds this region."


class NoWayByRoad(Refusal):
    code = "no_way_by_road"
    reason = "The road server knows no way from {from_lat}, {from_lon} to {to_lat}, {to_lon}."
    cure = "Check both addresses: one of them may lie on an island, or behind a gate."


class _FailedError(Exception):
    """Tell that an answer was none; another try may help."""


@dataclass(frozen=True)
class Block:
    """Hold one answer: seconds and metres, and where the server met the road for each row and column."""

    rows: range
    columns: range
    seconds: Floats
    metres: Floats
    starts: tuple[Place, ...]
    ends: tuple[Place, ...]


@dataclass(frozen=True)
class OsrmServer:
    """Hold where a server stands. A connection serves one call and is closed: safe from any thread."""

    url: str
    answers_within_s: float = ANSWERS_WITHIN_S

    def __post_init__(self) -> None:
        try:
            parts = urlsplit(self.url)
            good = parts.scheme in ("http", "https") and parts.hostname and (parts.port or True)
        except ValueError:
            good = False
        if not good or re.search(r"[\s?#]", self.url):
            raise RoadServerUnreadable(address=self.url.rpartition("@")[2])

    @property
    def name(self) -> str:
        """Return the address as it may be shown: without the password that it may hold."""
        return f"{self._parts.scheme}://{self._parts.netloc.rpartition('@')[2]}"

    def table(self, places: Sequence[Place]) -> Iterator[Block]:
        """
        Yield the seconds and metres between places, block by block, as the server gives them.

        Up to 100 places are one request; beyond, each block of 50 by 50 is one.
        """
        count = len(places)
        size = count if count <= PLACES_PER_REQUEST else PLACES_PER_REQUEST // 2
        spans = [range(first, min(first + size, count)) for first in range(0, count, max(size, 1))]
        with self._asking() as ask:
            for rows in spans:
                for columns in spans:
                    yield self._block(ask, places, rows, columns)

    def drawn(self, start: Place, end: Place) -> tuple[list[Point], list[str]]:
        """Return the points of the fastest way in order, and the names of its streets."""
        path = f"/route/v1/driving/{_words([start, end])}?geometries=geojson&overview=full&steps=true"
        with self._asking() as ask:
            answer = self._refused_well(ask(path), [start, end])
        try:
            route = answer["routes"][0]
            points = [_point(pair) for pair in route["geometry"]["coordinates"]]
            steps = [step for leg in route["legs"] for step in leg["steps"]]
            names = [str(step.get("name") or step.get("ref") or "") for step in steps]
        except (AttributeError, IndexError, KeyError, PlaceOffEarth, TypeError, ValueError) as error:
            raise self._nonsense("a route without its points or streets") from error
        return points, [name for name, _ in groupby(filter(None, names))]

    def _block(self, ask: Ask, places: Sequence[Place], rows: range, columns: range) -> Block:
        asked = [places[at] for at in rows] + ([] if rows == columns else [places[at] for at in columns])
        path = f"/table/v1/driving/{_words(asked)}?annotations=duration,distance"
        if rows != columns:
            numbers = [str(at) for at in range(len(asked))]
            sources, destinations = numbers[: len(rows)], numbers[len(rows) :]
            path += f"&sources={';'.join(sources)}&destinations={';'.join(destinations)}"
        answer = self._refused_well(ask(path), asked)
        starts, ends = (self._met(answer.get(key)) for key in ("sources", "destinations"))
        seconds, metres = (self._grid(answer.get(key)) for key in ("durations", "distances"))
        shape = (len(rows), len(columns))
        if (seconds < 0).any():
            raise self._nonsense("negative seconds")
        if not seconds.shape == metres.shape == shape or (len(starts), len(ends)) != shape:
            raise self._nonsense("a table of another size than was asked for")
        for row, column in np.argwhere(np.isnan(seconds) | np.isnan(metres)).tolist():
            raise _no_way(places[rows[row]], places[columns[column]])
        wrong = np.argwhere(metres < 0).tolist()
        if len(wrong) > MENDED_LIMIT:
            raise self._nonsense("a table of negative metres")
        for row, column in wrong:
            told = self._routed(ask, places[rows[row]], places[columns[column]])
            seconds[row, column], metres[row, column] = told
        return Block(rows, columns, seconds, metres, starts, ends)

    def _routed(self, ask: Ask, start: Place, end: Place) -> tuple[float, float]:
        """Return seconds and metres by the route, which is right where the table is not."""
        path = f"/route/v1/driving/{_words([start, end])}?overview=false"
        answer = self._refused_well(ask(path), [start, end])
        try:
            told = [[answer["routes"][0][key] for key in ("duration", "distance")]]
        except (IndexError, KeyError, TypeError) as error:
            raise self._nonsense("a route without seconds or metres") from error
        seconds, metres = self._grid(told)[0].tolist()
        if not (seconds >= 0 and metres >= 0):
            raise self._nonsense("a route of negative length")
        return seconds, metres

    def _grid(self, rows: object) -> Floats:
        """Return a table of numbers; what has no way is not a number."""
        try:
            cells = [cell for row in rows for cell in row]  # type: ignore[attr-defined]
            if not {type(cell) for cell in cells} <= {int, float, type(None)}:
                raise TypeError
            grid = np.array(rows, dtype=np.float64)
        except (OverflowError, TypeError, ValueError) as error:
            raise self._nonsense("no table of seconds and metres") from error
        if (np.abs(grid) > FARTHEST).any():
            raise self._nonsense("seconds or metres that nobody drives")
        return grid

    def _met(self, waypoints: object) -> tuple[Place, ...]:
        """Return where the server met the road."""
        try:
            met = [_point(waypoint["location"]) for waypoint in waypoints]  # type: ignore[attr-defined]
        except (KeyError, PlaceOffEarth, TypeError, ValueError) as error:
            raise self._nonsense("a table without the points on the road") from error
        return tuple(Place(lat=lat, lon=lon) for lat, lon in met)

    def _refused_well(self, answer: Answer, asked: Sequence[Place]) -> Answer:
        """Return an answer that is one; a refusal of the server's becomes ours."""
        code, message = (str(answer.get(key, ""))[:DETAIL_LIMIT] for key in ("code", "message"))
        if code == "Ok":
            return answer
        if code == "NoSegment":
            which = re.search(r"coordinate (\d+)", message)
            if which and int(which[1]) < len(asked):
                place = asked[int(which[1])]
                raise PlaceOffServer(server=self.name, lat=place.lat, lon=place.lon)
        if code == "NoRoute" and len(asked) == 2:
            raise _no_way(*asked)
        raise self._nonsense(f"{code or 'no code'}: {message or 'no word why'}".rstrip("."))

    @contextmanager
    def _asking(self) -> Iterator[Ask]:
        """Give a way to ask that keeps its connection, and opens another after a failure."""
        open_ones = [self._connection()]

        def ask(path: str) -> Answer:
            for left in reversed(range(TRIES)):
                try:
                    return self._told(open_ones[0], path)
                except (OSError, HTTPException, _FailedError) as error:
                    open_ones[0].close()
                    open_ones[0] = self._connection()
                    if not left:
                        detail = str(error) or type(error).__name__
                        raise RoadServerAway(server=self.name, detail=detail[:DETAIL_LIMIT]) from error
            raise AssertionError("TRIES is at least one")

        try:
            yield ask
        finally:
            open_ones[0].close()

    def _told(self, connection: HTTPConnection, path: str) -> Answer:
        until_s = monotonic() + self.answers_within_s
        connection.request("GET", self._parts.path.rstrip("/") + path, headers=self._headers)
        body = bytearray()
        with connection.getresponse() as response:
            while piece := response.read1(65_536):
                body += piece
                if len(body) > ANSWER_LIMIT_BYTES:
                    raise self._nonsense(f"more than {ANSWER_LIMIT_BYTES:,} bytes")
                if monotonic() > until_s:
                    raise _FailedError("it takes too long")
        if response.status >= 500:
            raise _FailedError(f"status {response.status}")
        try:
            answer = json.loads(body)
        except (RecursionError, ValueError) as error:
            raise self._nonsense(f"status {response.status}, and no JSON") from error
        if not isinstance(answer, dict):
            raise self._nonsense("JSON that is no object")
        return answer

    def _connection(self) -> HTTPConnection:
        kind = HTTPSConnection if self._parts.scheme == "https" else HTTPConnection
        return kind(self._parts.hostname or "", self._parts.port, timeout=self.answers_within_s)

    @property
    def _headers(self) -> dict[str, str]:
        known, _, _ = self._parts.netloc.rpartition("@")
        headers = {"Accept": "application/json", "User-Agent": "Carriole"}
        if known:
            headers["Authorization"] = f"Basic {b64encode(unquote(known).encode()).decode()}"
        return headers

    @property
    def _parts(self) -> SplitResult:
        return urlsplit(self.url)

    def _nonsense(self, detail: str) -> RoadServerNonsense:
        return RoadServerNonsense(server=self.name, detail=detail)


def _words(places: Sequence[Place]) -> str:
    """Write places as OSRM reads them: longitude first, to 0.1 m."""
    return ";".join(f"{place.lon:.6f},{place.lat:.6f}" for place in places)


def _point(pair: Sequence[float]) -> Point:
    """Read one of OSRM's points, longitude first; refused where it is none on the earth."""
    lon, lat = pair
    place = Place(lat=lat, lon=lon)
    return float(place.lat), float(place.lon)


def _no_way(start: Place, end: Place) -> NoWayByRoad:
    return NoWayByRoad(from_lat=start.lat, from_lon=start.lon, to_lat=end.lat, to_lon=end.lon)
