"""
OSMnx comes in here, and only here: saved graphs, and towns fetched by name.

OSMnx knows no turn restrictions and no barriers, and takes a second and 100 MB to import; so it
is imported late, and a map file read by osmium is the better source where one has it.
"""

from collections.abc import Mapping
from pathlib import Path
from socket import create_connection
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies

from geodata.country import country_of
from geodata.maxspeed import limit_written_kmh
from geodata.osm import RegionFileUnreadable, street_name
from geodata.place import Place, PlaceOffEarth
from geodata.refusal import Refusal
from geodata.survey import Point, Street, Survey, Tags
from geodata.traits import TRAIT_KEYS, is_known, traits_of

REACHED_WITHIN_S = 5
"""How long we wait for a network that may be away."""

NO_GRAPH = (KeyError, TypeError, AttributeError)
"""What OSMnx stumbles with over a file that holds something else."""

Data = Mapping[str, Any]
Key = tuple[int, int, int]

TOLD_KEYS = sorted(TRAIT_KEYS | {"name", "ref"})
"""The tags of ways that are fetched; where one of them changes, a street ends."""


class PlaceNeedsNetwork(Refusal):
    code = "place_needs_network"
    reason = "The roads of {place} could not be fetched: {detail}."
    cure = "Connect to the network and try again, or give a map file instead of a place."


class PlaceNotFound(Refusal):
    code = "place_not_found"
    reason = "OpenStreetMap knows no town or district {place}: {detail}."
    cure = "Write it as on a letter, with the country: Grenoble, France."


def read_graphml(path: Path, *, country: str | None = None) -> Survey:
    """
    Read a graph saved by ``osmnx.save_graphml``, simplified or not, in degrees or projected.

    Refused with ``region_file_unreadable`` where it is missing or something else.
    """
    import networkx
    import osmnx

    if not path.is_file():
        raise RegionFileUnreadable(file=str(path), detail="there is no such file")
    try:
        graph = osmnx.load_graphml(path)
        if osmnx.projection.is_projected(graph.graph["crs"]):
            graph = osmnx.project_graph(graph, to_latlong=True)
        _refuse_spots(graph)
        return survey_graph(graph, country=country)
    except NO_GRAPH as error:
        raise RegionFileUnreadable(file=str(path), detail="it is no graph that OSMnx saved") from error
    except (networkx.NetworkXError, SyntaxError, ValueError, OSError) as error:
        detail = str(error).rstrip(".") or type(error).__name__
        raise RegionFileUnreadable(file=str(path), detail=detail) from error


def read_place(place: str, *, cache: Path, country: str | None = None) -> Survey:
    """
    Fetch the roads inside the border of a named place, by Nominatim and Overpass.

    What was fetched once is kept in ``cache``. Refused with ``place_needs_network`` or ``place_not_found``.
    """
    import osmnx

    osmnx.settings.cache_folder = cache
    osmnx.settings.useful_tags_way = TOLD_KEYS
    if not _is_reached(osmnx.settings.nominatim_url):
        osmnx.settings.requests_timeout = REACHED_WITHIN_S
    try:
        raw = osmnx.graph_from_place(place, network_type="all", retain_all=True, simplify=False)
    except OSError as error:
        raise PlaceNeedsNetwork(place=place, detail=type(error).__name__) from error
    except (ValueError, TypeError) as error:
        if type(error).__name__ == "ResponseStatusCodeError":
            raise PlaceNeedsNetwork(place=place, detail=str(error).rstrip(".")) from error
        raise PlaceNotFound(place=place, detail=str(error).rstrip(".")) from error
    return survey_graph(osmnx.simplify_graph(raw, edge_attrs_differ=TOLD_KEYS), country=country)


def _is_reached(url: str) -> bool:
    """Tell whether a server can be reached at all, so that nobody waits minutes for nothing."""
    if getproxies():
        return True
    server = urlsplit(url)
    try:
        with create_connection((server.hostname or "", server.port or 443), timeout=REACHED_WITHIN_S):
            return True
    except OSError:
        return False


def _refuse_spots(graph: Any) -> None:  # noqa: ANN401 - networkx names it loosely
    """Refuse nodes that lie nowhere on the earth."""
    for node, data in graph.nodes(data=True):
        try:
            Place(lat=float(data["y"]), lon=float(data["x"]))
        except KeyError:
            raise ValueError(f"node {node} has no place (x, y)") from None
        except PlaceOffEarth as off:
            raise ValueError(f"node {node}: {off.sentence}") from off


def survey_graph(graph: Any, *, country: str | None = None) -> Survey:  # noqa: ANN401 - networkx names it loosely
    """
    Turn an OSMnx graph into a survey: two arcs drawn over one another are one two-way street.

    Where simplification merged several values, the first stands, for the limit the lowest. A street
    with one arc is one-way, whatever implies it.
    """
    spots = {node: _spot(node, data) for node, data in graph.nodes(data=True)}
    numbers = {node: at for at, node in enumerate(spots)}
    arcs: dict[Key, tuple[Point, ...]] = {}
    tags: dict[Key, Tags] = {}
    for tail, head, key, data in graph.edges(keys=True, data=True):
        told = _tags(data)
        if is_known(told):
            arcs[tail, head, key] = _points(data, spots[tail], spots[head])
            tags[tail, head, key] = told
    pairs = _two_way(arcs)
    back = set(pairs.values())
    rows: dict[tuple[tuple[str, str], ...], int] = {}
    streets: list[Street] = []
    for arc, points in arcs.items():
        if arc not in back:
            told = traits_of({**tags[arc], "oneway": "no" if arc in pairs else "yes"})
            row = rows.setdefault(tuple(told.items()), len(rows))
            streets.append(Street(numbers[arc[0]], numbers[arc[1]], points, row, street_name(tags[arc])))
    country = country or country_of(spots.values())
    return Survey(tuple(streets), tuple(dict(told) for told in rows), country=country)


def _two_way(arcs: Mapping[Key, tuple[Point, ...]]) -> dict[Key, Key]:
    """Return, for the first arc of each two-way street, the arc that runs back over it."""
    waiting: dict[tuple[int, int, tuple[Point, ...]], Key] = {}
    pairs: dict[Key, Key] = {}
    for arc, points in arcs.items():
        tail, head, _ = arc
        first = waiting.pop((head, tail, points[::-1]), None)
        if first is None:
            waiting[tail, head, points] = arc
        else:
            pairs[first] = arc
    return pairs


def _spot(node: int, data: Data) -> Point:
    if not {"x", "y"} <= data.keys():
        raise ValueError(f"roads point to node {node}, which it does not hold")
    lat, lon = float(data["y"]), float(data["x"])
    if not (abs(lat) <= 90 and abs(lon) <= 180):
        raise ValueError(f"node {node} lies at {lat}, {lon}: these are no degrees")
    return lat, lon


def _points(data: Data, tail: Point, head: Point) -> tuple[Point, ...]:
    line = data.get("geometry")
    return (tail, head) if line is None else tuple((lat, lon) for lon, lat in line.coords)


def _tags(data: Data) -> dict[str, str]:
    words = {key: value for key, value in data.items() if isinstance(value, (str, list)) and value}
    tags = {key: value if isinstance(value, str) else str(value[0]) for key, value in words.items()}
    if isinstance(data.get("maxspeed"), list):
        limits = {limit_written_kmh(str(one)): str(one) for one in data["maxspeed"]}
        known = [limit for limit in limits if limit is not None]
        tags["maxspeed"] = limits[min(known)] if known else ""
    return tags
