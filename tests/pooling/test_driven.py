"""What vans drive: empty and loaded legs, how full, and how much of it in towns, counted by hand."""

import numpy as np

from geodata.matrix import Matrix
from geodata.place import Place
from geodata.roads import RoadLine
from pooling.days.driven import Driven, Journey, Town, driven, town_of
from pooling.ground import Ground
from routing.plan import PlannedVisit, Route
from routing.task import Task

KM = np.array([[0, 10, 20], [10, 0, 10], [20, 10, 0]], dtype=np.int64)
GROUND = Ground(Matrix(KM * 60, KM * 1_000), {"home": 0, "farm": 1, "shop": 2})
DEGREE = 0.09
"""Of latitude: ten kilometres."""


def _visit(kind: str, place: int, crates: int) -> PlannedVisit:
    return PlannedVisit(Task(kind, "one"), place, 0, 0, 0, (crates, 0, 0, 0))  # type: ignore[arg-type]


ROUTE = Route("van", 0, 3_600, (0, 0, 0, 0), 2_400, 40_000, (_visit("pickup", 1, 5), _visit("drop", 2, 0)))
JOURNEY = Journey(ROUTE, start=0, end=0, crates=10)


def _line(start: int, end: int) -> RoadLine:
    """Draw a straight way to the north, a point every kilometre."""
    steps = np.linspace(start * DEGREE, end * DEGREE, 11 if abs(start - end) == 1 else 21)
    return RoadLine(tuple((float(lat), 0.0) for lat in steps), 0, 0, ())


def test_legs_are_empty_or_loaded_and_as_full_as_their_crates() -> None:
    assert driven([JOURNEY], GROUND) == Driven(1, 40_000, 30_000, 0.5, 0, 0)
    assert driven([JOURNEY], GROUND).empty_share == 0.75
    assert driven([], GROUND) == Driven(0, 0, 0, 0.0, 0, 0)


def test_a_leg_at_one_place_is_no_leg() -> None:
    twice = Route(
        "van", 0, 0, (0, 0, 0, 0), 0, 0, (*ROUTE.visits[:1], _visit("pickup", 1, 8), *ROUTE.visits[1:])
    )
    assert driven([Journey(twice, 0, 0, 10)], GROUND).fill_mean == 0.8


def test_what_is_driven_in_a_town_is_counted_and_so_is_coming_into_it() -> None:
    town = Town("at the shop", Place(lat=2 * DEGREE, lon=0), 2_100)
    found = driven([JOURNEY], GROUND, _line, [town])
    assert 3_900 < found.town_m < 4_100 and found.entries == 1  # two kilometres in, two out again
    through = Town("at the farm", Place(lat=DEGREE, lon=0), 2_100)
    found = driven([JOURNEY], GROUND, _line, [through])
    assert 7_900 < found.town_m < 8_100 and found.entries == 2
    assert driven([JOURNEY], GROUND, _line, [Town("home", Place(lat=0, lon=0), 2_100)]).entries == 1


def test_a_larger_town_is_a_larger_circle() -> None:
    assert town_of("Albi", Place(lat=0, lon=0), 49_000).radius_m < 2_000 < 5_000
