"""The matrix and the line, judged by another search on states drawn out by plain loops."""

import heapq
from dataclasses import dataclass
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.climbing import Doors, costs_from, costs_to, table
from geodata.driving import VehicleWithoutRoads
from geodata.joining import RegionWithoutRoads
from geodata.place import Place
from geodata.profiles import Passage
from geodata.roads import MATRIX_PLACES_LIMIT, MatrixTooLarge
from geodata.snapping import Snap, lengths_m
from geodata.survey import BarredTurn, Street, Survey
from tests.geodata.data import map_file
from tests.geodata.town import at, draw, network_of
from tests.thorough import examples

TRAITS = (
    {"highway": "residential", "kmh": "36"},
    {"highway": "residential", "kmh": "18"},
    {"highway": "residential", "kmh": "72"},
    {"highway": "residential", "kmh": "36", "oneway": "yes"},
    {"highway": "residential", "kmh": "36", "access": "private"},
)
PRIVATE = 4


@dataclass(frozen=True)
class Drawn:
    """Drive as the tags of the drawing say, and nothing else."""

    name: str = "drawn"
    fingerprint: str = "drawn-1"

    def passage(self, tags, country):  # noqa: ARG002
        kmh = float(tags["kmh"])
        back = 0.0 if tags.get("oneway") == "yes" else kmh
        return Passage(kmh, back, ends_only="access" in tags, may_stop=True, speed_signed=False)

    def passes(self, barrier):  # noqa: ARG002
        return False

    def heeds(self, exempt):
        return "drawn" not in exempt


DRAWN = Drawn()


def street(tail, head, points, traits=0):
    return Street(
        tail=tail, head=head, points=tuple((place.lat, place.lon) for place in points), traits=traits, name=""
    )


@st.composite
def towns(draw, *, barred=True, private=True):
    """Draw a town where every junction has a spur to turn round in, so that all of it is connected."""
    spots = draw(
        st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 2000)), min_size=3, max_size=7, unique=True)
    )
    count = len(spots)
    ring = [(i, (i + 1) % count, 0) for i in range(count)]
    kinds = st.integers(0, PRIVATE if private else PRIVATE - 1)
    more = st.tuples(st.integers(0, count - 1), st.integers(0, count - 1), kinds)
    chords = draw(st.lists(more, max_size=7))
    streets = []
    for tail, head, traits in [*ring, *chords]:
        bend = (draw(st.integers(0, 2000)), draw(st.integers(0, 2000)))
        streets.append(street(tail, head, [at(*spots[tail]), at(*bend), at(*spots[head])], traits))
    for i, (x, y) in enumerate(spots):
        streets.append(street(i, count + i, [at(x, y), at(x, y + 100)]))
    return Survey(tuple(streets), TRAITS, barred=tuple(draw(_bans(streets))) if barred else ())


@st.composite
def _bans(draw, streets):
    """Draw turns that are barred, some by way of one or two more streets, some not for us."""
    ends = [(one.tail, one.head) for one in streets]
    arcs = [end for pair in zip(ends, [pair[::-1] for pair in ends], strict=True) for end in pair]
    bans = []
    for _ in range(draw(st.integers(0, 8))):
        chain = [draw(st.integers(0, len(arcs) - 1))]
        for _ in range(draw(st.integers(1, 3))):
            onward = [b for b, (tail, _) in enumerate(arcs) if tail == arcs[chain[-1]][1] and b not in chain]
            if onward:
                chain.append(draw(st.sampled_from(onward)))
        if len(chain) > 1:
            bans.append(BarredTurn(tuple(chain), frozenset(draw(st.sampled_from([[], [], [], ["drawn"]])))))
    return bans


NORTH_OF_ALL = 45.0


class Walker:
    """Search as a careful driver would: remember the last arcs, and whether the public road is behind."""

    MEMORY = 3

    def __init__(self, survey):
        self.arcs, self.length_m = {}, []
        for number, one in enumerate(survey.streets):
            length_m = float(lengths_m(np.array(one.points)).sum())
            self.length_m.append(length_m)
            passage = DRAWN.passage(survey.traits[one.traits], "FR")
            for sense, (tail, head, kmh) in enumerate(
                [(one.tail, one.head, passage.forward_kmh), (one.head, one.tail, passage.backward_kmh)]
            ):
                if kmh:
                    arc = (tail, head, length_m / (kmh / 3.6), passage.ends_only)
                    self.arcs[2 * number + sense] = arc
        self.bans = {ban.arcs for ban in survey.barred if DRAWN.heeds(ban.exempt)}

    def onward(self, driven, phase):
        """Yield what may come after: phase 0 still leaves a private road, 1 is public, 2 has entered one."""
        here = driven[-1]
        found = list(self._steps(driven, phase))
        ahead = [step for step in found if step[0] != here ^ 1 and not (phase < 2 and step[1] == 2)]
        return [step for step in found if step[0] != here ^ 1 or not ahead]

    def _steps(self, driven, phase):
        for arc, (tail, _, _, private) in self.arcs.items():
            if tail != self.arcs[driven[-1]][1]:
                continue
            whole = (*driven, arc)
            remembered = (whole[at:] for at in range(len(whole) - 1)) if phase < 2 else [whole[-2:]]
            if arc != driven[-1] ^ 1 and any(tuple(tail) in self.bans for tail in remembered):
                continue
            if phase == 0:
                yield arc, 0 if private else 1
            elif phase == 1:
                yield arc, 2 if private else 1
            elif private:
                yield arc, 2

    def seconds(self, start, end):
        """Return the seconds of the fastest way between two snaps."""
        best, queue, seen = float("inf"), [], set()
        goal = {arc: self._share(end, arc) for arc in self._through(end)}
        for arc in self._through(start):
            driven = self._share(start, arc)
            if goal.get(arc, -1) >= driven:
                best = min(best, goal[arc] - driven)
            for after, phase in self.onward((arc,), 0 if self.arcs[arc][3] else 1):
                heapq.heappush(queue, (self.arcs[arc][2] - driven, (arc, after), phase))
        while queue:
            spent, driven, phase = heapq.heappop(queue)
            if (driven, phase) in seen or spent >= best:
                continue
            seen.add((driven, phase))
            if driven[-1] in goal:
                best = min(best, spent + goal[driven[-1]])
            for after, later in self.onward(driven, phase):
                step = (*driven, after)[-self.MEMORY :]
                heapq.heappush(queue, (spent + self.arcs[driven[-1]][2], step, later))
        return best

    def _through(self, snap):
        return [arc for arc in (2 * snap.edge, 2 * snap.edge + 1) if arc in self.arcs]

    def _share(self, snap, arc):
        """Return the seconds driven on an arc until a snap."""
        share = snap.offset_m / max(0.01, self.length_m[snap.edge])
        return self.arcs[arc][2] * (share if arc % 2 == 0 else 1 - share)


def stops_on(roads, shares):
    """Put one place on each of the last edges where one may stop, that share of the way along."""
    snaps = []
    for edge, share in zip(np.flatnonzero(roads.driving.stops)[::-1].tolist(), shares, strict=False):
        place = Place(lat=NORTH_OF_ALL + edge / 1000, lon=2.0)
        offset_m = share * float(roads.edges.length_m[edge])
        snaps.append(Snap(place=place, edge=edge, offset_m=offset_m, on_road=place, off_road_m=0.0))
    return snaps


SHARES = st.lists(st.floats(0, 1), min_size=12, max_size=20)


@examples(150)
@given(towns(), SHARES)
def test_the_matrix_agrees_with_a_driver_who_remembers_all_rules(survey, shares):
    roads = network_of(survey, DRAWN)
    snaps = stops_on(roads, shares)[:12:3]
    matrix, walker = roads.matrix(snaps), Walker(survey)
    for i, j in product(range(len(snaps)), repeat=2):
        expected = 0.0 if i == j else walker.seconds(snaps[i], snaps[j])
        assert matrix.durations_s[i, j] == pytest.approx(expected, abs=0.52)


@examples(60)
@given(towns(), SHARES)
def test_a_line_has_the_figures_of_the_matrix_and_the_length_it_tells(survey, shares):
    roads = network_of(survey, DRAWN)
    snaps = stops_on(roads, shares)[:12:3]
    matrix = roads.matrix(snaps)
    for i, j in product(range(len(snaps)), repeat=2):
        line = roads.line(snaps[i], snaps[j])
        assert (line.duration_s, line.distance_m) == (matrix.durations_s[i, j], matrix.distances_m[i, j])
        drawn_m = lengths_m(np.array(line.places[1:-1])).sum() if i != j else 0
        assert drawn_m == pytest.approx(line.distance_m, abs=0.8)


@examples(60)
@given(towns(), SHARES)
def test_seconds_between_states_obey_the_triangle_inequality(survey, shares):
    """Between edge states there is no detour that is shorter; between places a stop may turn round."""
    roads = network_of(survey, DRAWN)
    states = np.arange(roads.map.states.count, dtype=np.int32)
    alone = Doors(np.arange(len(states) + 1), states, np.zeros(len(states), dtype=np.int64))
    between = table(roads.driving.slopes, alone, alone)
    for by in range(len(states)):
        assert (between <= between[:, by, None] + between[None, by, :]).all()


@examples(40)
@given(towns())
def test_costs_from_and_to_everywhere_are_those_of_the_table(survey):
    roads = network_of(survey, DRAWN)
    states = np.arange(roads.map.states.count, dtype=np.int32)
    alone = Doors(np.arange(len(states) + 1), states, np.zeros(len(states), dtype=np.int64))
    between = table(roads.driving.slopes, alone, alone)
    for state in states[::7]:
        one, free = states[state : state + 1], np.zeros(1, dtype=np.int64)
        assert np.array_equal(costs_from(roads.driving.slopes, one, free), between[state])
        assert np.array_equal(costs_to(roads.driving.slopes, one, free), between[:, state])


@examples(40)
@given(towns(barred=False, private=False), SHARES)
def test_without_barred_turns_no_detour_by_a_third_place_is_shorter(survey, shares):
    roads = network_of(survey, DRAWN)
    seconds = roads.matrix(stops_on(roads, shares)[:8:2]).durations_s
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


def test_a_line_names_its_streets_once_and_begins_and_ends_at_the_places(tmp_path):
    ways = [("AB", {"name": "Rue A"}), ("BC", {"name": "Rue A"}), "CD", ("DE", {"name": "Rue D"})]
    town = draw(tmp_path, "A.B.C.D.E", ways)
    roads = town.roads()
    start, end = town.place("A", north_m=30), town.place("E", north_m=30)
    line = roads.line(roads.snap(start), roads.snap(end))
    assert line.streets == ("Rue A", "Rue D")
    assert line.places[0] == (start.lat, start.lon)
    assert line.places[-1] == (end.lat, end.lon)


def test_a_public_road_behind_a_private_one_is_reached_but_not_driven_through(tmp_path):
    """From A to E the short way leads over D, public, but with private roads on both sides of it."""
    private = {"access": "private"}
    ways = ["AB", ("BD", private), "DX", ("DE", private), "EF", "AG", "GF", "GH"]
    town = draw(tmp_path, "A.B.D.E.F\n....X\n\n\nG.......F\nH".replace("F\nH", ".\nH"), ways)
    assert town.metres("A", "X") == pytest.approx(500, abs=2)
    assert town.metres("X", "A") == pytest.approx(500, abs=2)
    assert town.metres("A", "E") > 1_000


def test_public_streets_stay_the_heart_of_a_wood_full_of_tracks(tmp_path):
    tracks = [(way, {"highway": "track"}) for way in ("CD", "DE", "EF", "FC", "CE", "DF")]
    roads = draw(tmp_path, "A...B...C...D\n........F...E", ["AB", "BC", *tracks]).roads()
    assert roads.driving.connected.all()


@pytest.mark.parametrize(
    "tags",
    [{"highway": "cycleway"}, {"maxheight": "2"}, {"motor_vehicle": "no"}],
    ids=["a cycleway", "a low bridge", "a closed street"],
)
def test_what_only_other_vehicles_reach_in_public_is_reached_by_the_private_road(tmp_path, tags):
    ways = ["AB", ("BD", {"access": "private"}), "DX", ("BCD", tags)]
    town = draw(tmp_path, "A.B.D.X\n...C", ways)
    assert town.roads().driving.connected.tolist()[:3] == [True, True, True]


def test_a_street_that_only_leads_away_is_not_kept(tmp_path):
    town = draw(tmp_path, "A...B...C...D", ["AB", "BC", ("CD", {"oneway": "yes"})])
    assert town.roads().driving.stops.tolist() == [True, True, False]
    assert town.metres("A", "D") == pytest.approx(800 + 400, abs=2)


@pytest.mark.parametrize("tags", [{"highway": "footway"}, {"oneway": "yes"}])
def test_a_map_without_roads_to_drive_round_on_is_refused(tmp_path, tags):
    with pytest.raises((RegionWithoutRoads, VehicleWithoutRoads)):
        draw(tmp_path, "A...B", [("AB", tags)]).roads()


def test_a_matrix_has_a_limit(tmp_path):
    town = draw(tmp_path, "A...B", ["AB"])
    snap = town.roads().snap(town.place("A"))
    with pytest.raises(MatrixTooLarge):
        town.roads().matrix([snap] * (MATRIX_PLACES_LIMIT + 1))


def classes(streets):
    return [streets.classes[row] for row in streets.row]


def test_streets_within_a_box_come_once_each(tmp_path):
    town = draw(tmp_path, "A...B...C", [("AB", {"highway": "primary"}), "BC"])
    west, east = town.place("A"), town.place("B")
    streets = town.roads().streets
    assert classes(streets.within(*streets.bounds)) == ["primary", "residential"]
    box = (west.lat - 0.001, west.lon - 0.001, east.lat + 0.001, east.lon - 0.001)
    assert classes(streets.within(*box)) == ["primary"]


def test_a_street_that_nobody_may_drive_is_not_among_those_to_draw(tmp_path):
    town = draw(tmp_path, "A...B...C", [("AB", {"highway": "primary"}), ("BC", {"highway": "footway"})])
    streets = town.roads().streets
    assert classes(streets.within(*streets.bounds)) == ["primary"]


def test_a_county_is_measured_in_a_few_seconds():
    from time import process_time

    from geodata.osm import read_osm

    roads = network_of(read_osm(map_file("tarn")))
    south, west, north, east = roads.bounds
    grid = product(np.linspace(south, north, 10), np.linspace(west, east, 10))
    snapped = roads.snap_all([Place(lat=float(lat), lon=float(lon)) for lat, lon in grid])
    snaps = [snap for snap in snapped.snaps if snap]
    begun_s = process_time()
    matrix = roads.matrix(snaps)
    assert process_time() - begun_s < 5
    line = roads.line(snaps[0], snaps[-1])
    assert (line.duration_s, line.distance_m) == (matrix.durations_s[0, -1], matrix.distances_m[0, -1])
