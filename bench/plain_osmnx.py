"""The usual way in Python: OSMnx reads the map, networkx searches it by junctions, without barred turns."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import Any

import networkx as nx
import numpy as np
import osmium
import osmnx as ox
from scipy.spatial import cKDTree

from bench.timing import resident_mb, timed
from geodata.place import Place
from geodata.profiles import SMALL_VAN
from geodata.traits import class_of, is_known, traits_of
from geodata.vehicle import NO_PASSAGE


def measure(source: Path, places: list[Place], sizes: list[int], seconds: float) -> dict[str, Any]:
    """Prepare, save, open and search; a matrix that would take longer than ``seconds`` is left out."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "graph.graphml"
        build_s = timed(lambda: _prepare(source, Path(folder), file))[1]
        begun_s = perf_counter()
        graph = ox.load_graphml(file)
        open_ms = 1000 * (perf_counter() - begun_s)
    ids = list(graph.nodes)
    spots = np.array([(graph.nodes[one]["y"], graph.nodes[one]["x"]) for one in ids])
    scale = np.array([1.0, np.cos(np.radians(spots[:, 0].mean()))])
    _, found = cKDTree(spots * scale).query(np.array([(one.lat, one.lon) for one in places]) * scale)
    nodes = [ids[at] for at in found]
    one_s = min(timed(lambda: _row(graph, nodes[0], nodes[:50]))[1] for _ in range(2))
    rss_mb = resident_mb()
    matrix = {size: _table_s(graph, nodes[:size]) if one_s * size <= seconds else None for size in sizes}
    return {"build_s": build_s, "open_ms": open_ms, "rss_mb": rss_mb, "junctions": len(ids), "matrix": matrix}


def _prepare(source: Path, folder: Path, file: Path) -> None:
    """Write the ways that our van may drive, at its speeds, as XML; read them with OSMnx's own functions."""
    xml = folder / "map.osm"
    _write_xml(source, xml)
    graph = ox.truncate.largest_component(ox.graph_from_xml(xml), strongly=True)
    graph = ox.routing.add_edge_travel_times(ox.routing.add_edge_speeds(graph))
    ox.save_graphml(graph, file)


def _write_xml(source: Path, xml: Path) -> None:
    ways = []
    for way in osmium.FileProcessor(str(source), osmium.osm.WAY):
        told = {tag.k: tag.v for tag in way.tags}
        use = SMALL_VAN.passage(traits_of(told)) if is_known(told) else NO_PASSAGE
        forward_kmh, backward_kmh = use.forward_kmh, use.backward_kmh
        if forward_kmh or backward_kmh:
            nodes = [node.ref for node in way.nodes]
            tags = {
                "highway": class_of(told),
                "maxspeed": f"{max(forward_kmh, backward_kmh):.3f}",
                "oneway": "no" if forward_kmh and backward_kmh else "yes",
            }
            ways.append(
                osmium.osm.mutable.Way(id=way.id, nodes=nodes if forward_kmh else nodes[::-1], tags=tags)
            )
    used = {node for way in ways for node in way.nodes}
    writer = osmium.SimpleWriter(str(xml))
    for node in osmium.FileProcessor(str(source), osmium.osm.NODE):
        if node.id in used:
            writer.add_node(
                osmium.osm.mutable.Node(id=node.id, location=(node.location.lon, node.location.lat))
            )
    for way in ways:
        writer.add_way(way)
    writer.close()


def _row(graph: nx.MultiDiGraph, start: int, ends: Sequence[int]) -> list[tuple[float, float]]:
    """Return seconds and metres from one node to others, by one tree."""
    seconds, paths = nx.single_source_dijkstra(graph, start, weight="travel_time")
    return [(seconds[end], nx.path_weight(graph, paths[end], "length")) for end in ends]


def _table_s(graph: nx.MultiDiGraph, nodes: Sequence[int]) -> float:
    begun_s = process_time()
    for start in nodes:
        _row(graph, start, nodes)
    return process_time() - begun_s
