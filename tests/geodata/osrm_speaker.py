"""A small server that answers as OSRM documents it (``table`` and ``route``), out of a network of ours."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from geodata.place import Place
from geodata.roads import RoadNetwork

MOST_PLACES = 100

Reply = tuple[int, bytes]
Told = dict[str, object]


@dataclass
class Speaker:
    """Hold the address, the paths that were asked, and replies to give before the true ones."""

    url: str = ""
    asked: list[str] = field(default_factory=list)
    first: list[Reply | Callable[[BaseHTTPRequestHandler], None]] = field(default_factory=list)


@contextmanager
def speaking(roads: RoadNetwork | None = None) -> Iterator[Speaker]:
    """Serve a network on a port of this machine, until the block ends."""
    speaker = Speaker()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            speaker.asked.append(self.path)
            reply = speaker.first.pop(0) if speaker.first else _reply(roads, self.path)
            if callable(reply):
                reply(self)
                return
            status, body = reply
            self.send_response(status)
            self.send_header("Content-Type", "application/json; charset=UTF-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: object, client_address: object) -> None:
            """Say nothing: clients hang up on purpose."""

    server = Server(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    speaker.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield speaker
    finally:
        server.shutdown()
        server.server_close()


def _reply(roads: RoadNetwork | None, path: str) -> Reply:
    assert roads is not None
    parts = urlsplit(path)
    options = {key: values[0] for key, values in parse_qs(parts.query, separator="&").items()}
    _, service, version, profile, words = parts.path.split("/")
    assert (version, profile) == ("v1", "driving")
    pairs = [one.split(",") for one in words.split(";")]
    places = [Place(lat=float(lat), lon=float(lon)) for lon, lat in pairs]
    if len(places) < 2:
        return _refuse("InvalidOptions", "Number of coordinates needs to be at least two.")
    if len(places) > MOST_PLACES:
        return _refuse("TooBig", "Too many table coordinates")
    snaps = roads.snap_all(places).snaps
    for at, snap in enumerate(snaps):
        if snap is None:
            return _refuse("NoSegment", f"Could not find a matching segment for coordinate {at}")
    met = [snap.on_road for snap in snaps]
    told = {"table": _table, "route": _route}[service](roads, places, met, options)
    return 200, json.dumps({"code": "Ok", **told}).encode()


def _refuse(code: str, message: str) -> Reply:
    return 400, json.dumps({"code": code, "message": message}).encode()


def _table(roads: RoadNetwork, places: list[Place], met: list[Place], options: dict[str, str]) -> Told:
    assert options["annotations"] == "duration,distance"
    rows, columns = (
        [int(at) for at in options[key].split(";")] if key in options else list(range(len(places)))
        for key in ("sources", "destinations")
    )
    matrix = roads.matrix(list(roads.snap_all(met).snaps))
    waypoints = [{"location": [one.lon, one.lat], "name": "", "distance": 0.0, "hint": "AA"} for one in met]
    return {
        "durations": [[matrix.seconds[row][column] for column in columns] for row in rows],
        "distances": [[matrix.metres[row][column] for column in columns] for row in rows],
        "sources": [waypoints[at] for at in rows],
        "destinations": [waypoints[at] for at in columns],
    }


def _route(roads: RoadNetwork, places: list[Place], met: list[Place], options: dict[str, str]) -> Told:
    assert options == {"geometries": "geojson", "overview": "full", "steps": "true"}
    line = roads.line(*roads.snap_all(met).snaps)
    steps = [{"name": name, "distance": 0.0, "duration": 0.0} for name in line.streets]
    route = {
        "duration": line.duration_s,
        "distance": line.distance_m,
        "geometry": {"type": "LineString", "coordinates": [[lon, lat] for lat, lon in line.places]},
        "legs": [{"steps": [*steps, {"name": "", "distance": 0, "duration": 0}]}],
    }
    return {"routes": [route], "waypoints": []}
