"""The matrix and the line, judged by another engine on a turn graph built by other code."""

from itertools import product

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.joining import RegionWithoutRoads, join_streets
from geodata.place import Place
from geodata.roads import MATRIX_PLACES_LIMIT, MatrixTooLarge
from geodata.snapping import Snap, lengths_m
from geodata.survey import Street, Survey
from tests.geodata.data import map_file
from tests.geodata.town import at, draw


def street(tail, head, points, *, speed_kmh=36.0, forward=True, backward=True, name=""):
    return Street(
        tail=tail,
        head=head,
        points=tuple((place.lat, place.lon) for place in points),
        forward=forward,
        backward=backward,
        road_class="residential",
        name=name,
        speed_kmh=speed_kmh,
        speed_signed=False,
        may_stop=True,
    )


@st.composite
def towns(draw, *, barred=True):
    """Draw a town where every junction has a spur to turn round in, so that all of it is connected."""
    spots = draw(
        st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 2000)), min_size=3, max_size=7, unique=True)
    )
    count = len(spots)
    ring = [(i, (i + 1) % count, True) for i in range(count)]
    more = st.tuples(st.integers(0, count - 1), st.integers(0, count - 1), st.booleans())
    chords = draw(st.lists(more, max_size=6))
    streets = []
    for tail, head, two_way in [*ring, *chords]:
        bend = (draw(st.integers(0, 2000)), draw(st.integers(0, 2000)))
        points = [at(*spots[tail]), at(*bend), at(*spots[head])]
        speed_kmh = draw(st.sampled_from([18.0, 36.0, 72.0]))
        streets.append(street(tail, head, points, backward=two_way, speed_kmh=speed_kmh))
    core = 2 * len(streets)
    for i, (x, y) in enumerate(spots):
        streets.append(street(i, count + i, [at(x, y), at(x, y + 100)]))
    turn = st.tuples(st.integers(0, core - 1), st.integers(0, core - 1))
    turns = draw(st.sets(turn, max_size=12)) if barred else set()
    return Survey(tuple(streets), barred_turns=frozenset(turns))


def snaps_on(survey, shares):
    """Put one place on each of the first streets, that share of the way along."""
    snaps = []
    for edge, share in enumerate(shares[: len(survey.streets)]):
        length_m = float(lengths_m(np.array(survey.streets[edge].points)).sum())
        place = Place(lat=NORTH_OF_ALL + edge / 1000, lon=2.0)
        snaps.append(Snap(place=place, edge=edge, offset_m=share * length_m, on_road=place, off_road_m=0.0))
    return snaps


NORTH_OF_ALL = 45.0


def turn_graph(survey):
    """Build the turn graph by plain loops: a node per arc, weighted steps to those that may follow."""
    arcs = {}
    for number, one in enumerate(survey.streets):
        length_m = float(lengths_m(np.array(one.points)).sum())
        seconds = length_m / (one.speed_kmh / 3.6)
        if one.forward:
            arcs[2 * number] = (one.tail, one.head, seconds, length_m)
        if one.backward:
            arcs[2 * number + 1] = (one.head, one.tail, seconds, length_m)
    graph = nx.DiGraph()
    for a, (_, head, seconds, _) in arcs.items():
        onward = [b for b in arcs if arcs[b][0] == head and (a, b) not in survey.barred_turns]
        straight = [b for b in onward if b != a ^ 1]
        graph.add_weighted_edges_from((a, b, seconds) for b in (straight or onward))
    return graph, arcs


def reference_seconds(survey, start, end):
    """Search with networkx from one place to another, each a node of its own."""
    graph, arcs = turn_graph(survey)
    found = [float("inf")]

    def through(snap):
        for arc in (2 * snap.edge, 2 * snap.edge + 1):
            if arc in arcs:
                _, _, seconds, length_m = arcs[arc]
                behind = snap.offset_m / length_m if arc % 2 == 0 else 1 - snap.offset_m / length_m
                yield arc, seconds * behind, seconds * (1 - behind)

    for (a, driven, left), (b, until, _) in product(through(start), through(end)):
        if a == b and until >= driven:
            found.append(until - driven)
        onward = [nx.dijkstra_path_length(graph, after, b) for after in graph.successors(a)]
        found.extend(left + between + until for between in onward)
    return min(found)


@settings(max_examples=60, deadline=None)
@given(towns(), st.lists(st.floats(0, 1), min_size=3, max_size=5))
def test_the_matrix_agrees_with_another_engine_on_a_turn_graph(survey, shares):
    roads = join_streets(survey).roads
    snaps = snaps_on(survey, shares)
    assert roads.edge_count == len(survey.streets)
    matrix = roads.matrix(snaps)
    for i, j in product(range(len(snaps)), repeat=2):
        expected = 0.0 if i == j else reference_seconds(survey, snaps[i], snaps[j])
        assert matrix.durations_s[i, j] == pytest.approx(expected, abs=0.51)


@settings(max_examples=40, deadline=None)
@given(towns(), st.lists(st.floats(0, 1), min_size=3, max_size=5))
def test_a_line_has_the_figures_of_the_matrix_and_the_length_it_tells(survey, shares):
    roads = join_streets(survey).roads
    snaps = snaps_on(survey, shares)
    matrix = roads.matrix(snaps)
    for i, j in product(range(len(snaps)), repeat=2):
        line = roads.line(snaps[i], snaps[j])
        assert (line.duration_s, line.distance_m) == (matrix.durations_s[i, j], matrix.distances_m[i, j])
        drawn_m = lengths_m(np.array(line.places[1:-1])).sum() if i != j else 0
        assert drawn_m == pytest.approx(line.distance_m, abs=0.6)


@settings(max_examples=40, deadline=None)
@given(towns(barred=False), st.lists(st.floats(0, 1), min_size=4, max_size=5))
def test_without_barred_turns_no_detour_by_a_third_place_is_shorter(survey, shares):
    seconds = join_streets(survey).roads.matrix(snaps_on(survey, shares)).durations_s
    for i, j, k in product(range(len(seconds)), repeat=3):
        rounding = 2
        assert seconds[i, k] <= seconds[i, j] + seconds[j, k] + rounding


def test_the_matrix_is_whole_numbers_and_the_same_again(tmp_path):
    town = draw(tmp_path, "A...B...C\n....D", ["ABC", "BD"])
    places = [town.place(letter, north_m=20) for letter in "ABCD"]
    first, again = (
        roads.matrix(list(roads.snap_all(places).snaps)) for roads in (town.roads(), town.roads())
    )
    assert first.durations_s.dtype == np.int64
    assert np.array_equal(first.durations_s, again.durations_s)
    assert np.array_equal(first.distances_m, again.distances_m)
    assert not first.durations_s.diagonal().any()


def test_chunks_give_the_same_matrix_as_one_search(tmp_path, monkeypatch):
    town = draw(tmp_path, "A...B...C\n....D", ["ABC", "BD"])
    places = [town.place(letter) for letter in "ABCDACBD"]
    roads = town.roads()
    whole = roads.matrix(list(roads.snap_all(places).snaps))
    monkeypatch.setattr("geodata.search.CHUNK_BYTES", 1)
    pieces = roads.matrix(list(roads.snap_all(places).snaps))
    assert np.array_equal(whole.distances_m, pieces.distances_m)


def test_a_line_names_its_streets_once_and_begins_and_ends_at_the_places(tmp_path):
    ways = [("AB", {"name": "Rue A"}), ("BC", {"name": "Rue A"}), "CD", ("DE", {"name": "Rue D"})]
    town = draw(tmp_path, "A.B.C.D.E", ways)
    roads = town.roads()
    start, end = town.place("A", north_m=30), town.place("E", north_m=30)
    line = roads.line(roads.snap(start), roads.snap(end))
    assert line.streets == ("Rue A", "Rue D")
    assert line.places[0] == (start.lat, start.lon)
    assert line.places[-1] == (end.lat, end.lon)


def test_a_street_that_only_leads_away_is_not_kept(tmp_path):
    town = draw(tmp_path, "A...B...C...D", ["AB", "BC", ("CD", {"oneway": "yes"})])
    joined = join_streets(town.survey())
    assert joined.roads.edge_count == 2
    assert joined.connected_share == pytest.approx(3 / 4)
    assert town.metres("A", "D") == pytest.approx(800 + 400, abs=2)


@pytest.mark.parametrize("tags", [{"highway": "footway"}, {"oneway": "yes"}])
def test_a_map_without_roads_to_drive_round_on_is_refused(tmp_path, tags):
    with pytest.raises(RegionWithoutRoads) as refused:
        draw(tmp_path, "A...B", [("AB", tags)]).roads()
    assert refused.value.code == "region_without_roads"


def test_a_matrix_has_a_limit(tmp_path):
    town = draw(tmp_path, "A...B", ["AB"])
    snap = town.roads().snap(town.place("A"))
    with pytest.raises(MatrixTooLarge):
        town.roads().matrix([snap] * (MATRIX_PLACES_LIMIT + 1))


def test_edges_within_a_box_come_once_each(tmp_path):
    town = draw(tmp_path, "A...B...C", [("AB", {"highway": "primary"}), "BC"])
    west, east = town.place("A"), town.place("B")
    roads = town.roads()
    assert [found[0] for found in roads.edges_within(*roads.bounds)] == ["primary", "residential"]
    box = (west.lat - 0.001, west.lon - 0.001, east.lat + 0.001, east.lon - 0.001)
    assert [found[0] for found in roads.edges_within(*box)] == ["primary"]


def test_a_county_is_measured_in_a_few_seconds():
    from time import process_time

    from geodata.osm import read_osm

    roads = join_streets(read_osm(map_file("tarn"))).roads
    south, west, north, east = roads.bounds
    grid = product(np.linspace(south, north, 10), np.linspace(west, east, 10))
    snapped = roads.snap_all([Place(lat=float(lat), lon=float(lon)) for lat, lon in grid])
    snaps = [snap for snap in snapped.snaps if snap]
    begun_s = process_time()
    matrix = roads.matrix(snaps)
    assert process_time() - begun_s < 5
    line = roads.line(snaps[0], snaps[-1])
    assert (line.duration_s, line.distance_m) == (matrix.durations_s[0, -1], matrix.distances_m[0, -1])
