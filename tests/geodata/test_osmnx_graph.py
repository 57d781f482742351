"""OSMnx's graphs become the same network as a map file."""

import networkx as nx
import numpy as np
import pytest

from geodata.osm import RegionFileUnreadable
from geodata.osmnx_graph import PlaceNeedsNetwork, PlaceNotFound, read_graphml, read_place, survey_graph
from geodata.profiles import SMALL_VAN
from geodata.region import build_region
from tests.geodata.town import draw, network_of

TOWN = "S...A...B\n....|...|\n....D...C"
WAYS = [
    ("AB", {"oneway": "yes", "highway": "primary", "maxspeed": "70"}),
    ("BC", {}),
    ("CDA", {"highway": "tertiary", "name": "Rue du Bas"}),
    ("SA", {}),
    ("BD", {"access": "private"}),
]


@pytest.fixture
def town(tmp_path):
    return draw(tmp_path, TOWN, WAYS)


@pytest.fixture
def graphml(town, tmp_path):
    osmnx = pytest.importorskip("osmnx")
    from shapely import LineString

    graph = nx.MultiDiGraph(crs="epsg:4326", simplified=True)
    for letter in "SABCD":
        place = town.place(letter)
        graph.add_node(ord(letter), x=place.lon, y=place.lat)
    for number, (letters, tags) in enumerate(WAYS, 1):
        line = [(town.place(letter).lon, town.place(letter).lat) for letter in letters]
        words = {"highway": "residential", **tags, "oneway": "oneway" in tags, "osmid": number, "length": 1.0}
        if len(letters) > 2:
            words["geometry"] = LineString(line)
        graph.add_edge(ord(letters[0]), ord(letters[-1]), reversed=False, **words)
        if "oneway" not in tags:
            back = {**words, "geometry": LineString(line[::-1])} if len(letters) > 2 else words
            graph.add_edge(ord(letters[-1]), ord(letters[0]), reversed=True, **back)
    osmnx.save_graphml(graph, tmp_path / "town.graphml")
    return tmp_path / "town.graphml"


def test_a_saved_graph_gives_the_same_matrix_as_the_map_file(town, graphml):
    places = [town.place(letter, east_m=30) for letter in "SABCD"]
    networks = [town.roads(), network_of(read_graphml(graphml))]
    first, second = (network.matrix([network.snap(place) for place in places]) for network in networks)
    assert np.abs(first.durations_s - second.durations_s).max() <= 1
    assert np.abs(first.distances_m - second.distances_m).max() <= 1


def test_a_saved_graph_keeps_directions_speeds_and_names(graphml):
    survey = read_graphml(graphml)
    passages = [SMALL_VAN.passage(survey.traits[street.traits]) for street in survey.streets]
    assert sorted(passage.backward_kmh > 0 for passage in passages) == [False, True, True, True, True]
    assert [passage.forward_kmh for passage in passages if passage.speed_signed] == [pytest.approx(50.4)]
    assert [street.name for street in survey.streets if street.name] == ["Rue du Bas"]
    private = [street for street, passage in zip(survey.streets, passages, strict=True) if passage.ends_only]
    assert [survey.traits[street.traits]["access"] for street in private] == ["private"]


def test_a_roundabout_of_a_saved_graph_that_has_both_arcs_is_driven_both_ways(town):
    """OSMnx has already said which senses are open; nothing is implied a second time."""
    graph = nx.MultiDiGraph()
    for letter in "AB":
        place = town.place(letter)
        graph.add_node(letter, x=place.lon, y=place.lat)
    for pair in ("AB", "BA"):
        graph.add_edge(*pair, highway="residential", junction="roundabout")
    survey = survey_graph(graph)
    assert len(survey.streets) == 1 and SMALL_VAN.passage(survey.traits[0]).backward_kmh == 24


def test_a_region_is_built_from_a_saved_graph(graphml, tmp_path):
    assert build_region("small", graphml, home=tmp_path).roads.edges.count == 5


def graph_text(*nodes, edge="<edge source='1' target='2' id='0'/>"):
    lines = [
        f"<node id='{node}'><data key='y'>{lat}</data><data key='x'>{lon}</data></node>"
        for node, lat, lon in nodes
    ]
    axes = [f"<key id='{axis}' for='node' attr.name='{axis}' attr.type='string'/>" for axis in "xy"]
    space = "http://graphml.graphdrawing.org/xmlns"
    graph = f"<graph edgedefault='directed'>{''.join(lines)}{edge}</graph>"
    return f"<graphml xmlns='{space}'>{''.join(axes)}{graph}</graphml>"


@pytest.mark.parametrize(
    "content",
    [
        "",
        "This is no graph.",
        "<graphml></graphml>",
        graph_text((1, 44, 2)),
        graph_text((1, 44, 2), (2, 4_872_000, 2)),
        graph_text((1, 44, 2), (2, "nan", 2)),
        graph_text((1, 44, 2), (2, 44, 3))[:-40],
    ],
    ids=["empty", "text", "bare", "points nowhere", "in metres", "no number", "broken off"],
)
def test_a_file_that_is_no_graph_is_refused(tmp_path, content):
    (tmp_path / "bad.graphml").write_text(content)
    with pytest.raises(RegionFileUnreadable):
        read_graphml(tmp_path / "bad.graphml")
    with pytest.raises(RegionFileUnreadable):
        read_graphml(tmp_path / "none.graphml")


@pytest.mark.parametrize(
    ("trouble", "refusal"),
    [(ConnectionError("no route"), PlaceNeedsNetwork), (TypeError("no border"), PlaceNotFound)],
)
def test_fetching_a_place_fails_with_a_word(tmp_path, monkeypatch, trouble, refusal):
    import osmnx

    def fail(*_, **__):
        raise trouble

    monkeypatch.setattr(osmnx, "graph_from_place", fail)
    with pytest.raises(refusal) as refused:
        read_place("Grenoble, France", cache=tmp_path)
    assert "Grenoble, France" in refused.value.sentence


def test_a_projected_graph_is_brought_back_to_degrees(graphml, tmp_path):
    import osmnx

    osmnx.save_graphml(osmnx.project_graph(osmnx.load_graphml(graphml)), tmp_path / "metres.graphml")
    spots = [street.points[0] for street in read_graphml(graphml).streets]
    back = [street.points[0] for street in read_graphml(tmp_path / "metres.graphml").streets]
    assert np.abs(np.array(back) - np.array(spots)).max() < 1e-6


@pytest.mark.parametrize(
    ("nodes", "word"),
    [
        ({1: {}, 2: {}}, "has no place"),
        ({1: {"x": "2.0", "y": "123.0"}, 2: {"x": "2.0", "y": "44.0"}}, "no point on the earth"),
        ({1: {"x": "nan", "y": "44.0"}, 2: {"x": "2.0", "y": "44.0"}}, "no point on the earth"),
    ],
)
def test_a_graph_whose_nodes_lie_nowhere_is_refused(tmp_path, nodes, word):
    graph = nx.MultiDiGraph(crs="epsg:4326")
    graph.add_nodes_from(nodes.items())
    graph.add_edge(1, 2, highway="residential")
    nx.write_graphml(graph, tmp_path / "nowhere.graphml")
    with pytest.raises(RegionFileUnreadable, match=word):
        read_graphml(tmp_path / "nowhere.graphml")


@pytest.mark.parametrize("graph", [nx.Graph([(1, 2)]), nx.DiGraph([("a", "b")])])
def test_a_graph_that_osmnx_did_not_save_is_refused(tmp_path, graph):
    nx.set_node_attributes(graph, 44.0, "y")
    nx.write_graphml(graph, tmp_path / "other.graphml")
    with pytest.raises(RegionFileUnreadable):
        read_graphml(tmp_path / "other.graphml")


@pytest.mark.parametrize(("speeds", "streets"), [(("50", "50"), 1), (("50", "80"), 2)])
def test_a_fetched_street_ends_where_its_tags_change(town, tmp_path, monkeypatch, speeds, streets):
    import osmnx

    def fetched(*_, **__):
        graph = nx.MultiDiGraph(crs="epsg:4326", simplified=False)
        for number, letter in enumerate("SAB"):
            place = town.place(letter)
            graph.add_node(number, x=place.lon, y=place.lat)
        for start, speed in enumerate(speeds):
            for pair in ((start, start + 1), (start + 1, start)):
                graph.add_edge(
                    *pair, osmid=start, highway="residential", maxspeed=speed, length=400.0, oneway=False
                )
        return graph

    monkeypatch.setattr(osmnx, "graph_from_place", fetched)
    assert len(read_place("Grenoble, France", cache=tmp_path).streets) == streets
