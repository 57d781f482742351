"""A problem refuses nonsense when it is made: what is allowed at the edge, then each numbered refusal."""

import re
from collections.abc import Callable
from dataclasses import FrozenInstanceError, replace
from pathlib import Path

import numpy as np
import pytest

from geodata.matrix import Matrix
from routing.nonsense import ProblemNonsense
from routing.problem import (
    ALWAYS,
    AMOUNT_LIMIT,
    REQUESTS_LIMIT,
    VEHICLES_LIMIT,
    AnnouncedStop,
    Problem,
    Request,
    Vehicle,
    Visit,
    Window,
    open_drops,
)
from routing.sense import CENTS_LIMIT, FURTHEST, KINDS_LIMIT, RATE_LIMIT
from routing.task import Task
from tests.routing.worlds import CRATES, along_the_road, parcel, road, stop, van

MANY = Matrix(np.zeros((1, 1), dtype=np.int64), np.zeros((1, 1), dtype=np.int64))
BUS = van(announced=(stop("a", 1, 3), stop("b", 2, -3)), capacity=(3,))


UP, DOWN, FIRST, SECOND = (
    Task("pickup", "parcel"),
    Task("drop", "parcel"),
    Task("announced", "a"),
    Task("announced", "b"),
)
FISH, FLOWERS = frozenset({"fish"}), frozenset({"flowers"})
APART = frozenset({FISH | FLOWERS})


def _locked(*head: Task, more: tuple[Vehicle, ...] = (), **of_the_parcel) -> Problem:
    """Lock a bus that announced two stops, and that may take a parcel, into the beginning of its route."""
    return along_the_road(parcel(**of_the_parcel), vehicles=[replace(BUS, head=head), *more])


def _bundled(one: dict, other: dict, vehicles: tuple[Vehicle, ...] = ()) -> Problem:
    vans = vehicles or (van(), van(id="tram"))
    mates = (parcel("one", bundle="both", **one), parcel("other", bundle="both", **other))
    return along_the_road(*mates, vehicles=vans)


def _far_apart(furthest: int) -> Matrix:
    metres = np.zeros((6, 6), dtype=np.int64)
    metres[4, 5] = furthest
    return Matrix(np.zeros((6, 6), dtype=np.int64), metres)


def _kept_apart(kinds: int) -> frozenset[frozenset[str]]:
    return frozenset(frozenset({"fish", f"kind {at}"}) for at in range(1, kinds))


def _fleet(count: int) -> Problem:
    return Problem(CRATES, MANY, tuple(Vehicle(str(at), 0, None, (0,)) for at in range(count)), ())


def _crowd(count: int) -> Problem:
    return Problem(CRATES, MANY, (), tuple(parcel(str(at), 0, 0) for at in range(count)))


@pytest.mark.parametrize(
    "make",
    [
        lambda: Window(5, 5),  # a window of one second
        lambda: Visit(0, (Window(0, 4), Window(5, 9))),  # windows that touch
        lambda: Visit(0, service_s=0, setup_s=0),
        lambda: along_the_road(parcel(load=AMOUNT_LIMIT, pickup=0, drop=5, prize_cents=0)),
        lambda: along_the_road(parcel(pickup=2, drop=2, vehicles=frozenset())),  # nobody may carry it
        lambda: along_the_road(parcel(vehicles=frozenset({"van"}))),
        lambda: along_the_road(parcel("van")),  # a shipment may be called as a vehicle is
        lambda: along_the_road(vehicles=[van(capacity=(AMOUNT_LIMIT,), start=5, end=0)]),
        lambda: along_the_road(vehicles=[BUS]),  # full to the last crate, then empty
        lambda: along_the_road(vehicles=[van(capacity=(0,)), van(id="other", initial_load=(10,))]),
        lambda: _fleet(VEHICLES_LIMIT),
        lambda: _crowd(REQUESTS_LIMIT),
        lambda: along_the_road(parcel(longest_ride_s=0)),
        lambda: along_the_road(vehicles=[van(longest_s=0, longest_drive_s=0, longest_m=0)]),
        lambda: replace(along_the_road(parcel(goods=FISH), parcel("b", goods=FLOWERS)), apart=APART),
        lambda: _bundled({}, {}),
        lambda: _bundled({"prize_cents": 1}, {"prize_cents": 0}),  # together they are worth a cent
        lambda: _bundled({"vehicles": frozenset({"tram"})}, {"vehicles": frozenset({"tram"})}),
        lambda: _bundled({}, {}, (van(head=(Task("pickup", "one"),)), van(id="tram"))),  # its mate may follow
        lambda: replace(along_the_road(), matrix=_far_apart(FURTHEST)),
        lambda: along_the_road(parcel(prize_cents=CENTS_LIMIT)),
        lambda: along_the_road(vehicles=[van(fixed_cents=CENTS_LIMIT, cents_per_km=RATE_LIMIT)]),
        lambda: replace(along_the_road(), apart=_kept_apart(KINDS_LIMIT)),
        lambda: _locked(FIRST),
        lambda: _locked(UP, FIRST, DOWN, SECOND),
        lambda: _locked(UP, vehicles=frozenset({"van"})),  # its drop is made later
    ],
)
def test_what_lies_on_the_edge_is_allowed(make: Callable[[], object]) -> None:
    make()


@pytest.mark.parametrize(
    ("number", "make"),
    [
        (1, lambda: Window(5, 4)),  # closes before it opens
        (2, lambda: Visit(0, ())),  # nobody could ever come
        (3, lambda: Visit(0, (Window(0, 5), Window(5, 9)))),  # the second 5 stands in both
        (3, lambda: Visit(0, (Window(6, 9), Window(0, 5)))),  # the later one stands first
        (4, lambda: Visit(0, service_s=-1)),
        (4, lambda: Visit(0, setup_s=-1)),
        (5, lambda: along_the_road(vehicles=[replace(BUS, capacity=(2,))])),  # full at the first stop
        (5, lambda: along_the_road(vehicles=[van(initial_load=(11,))])),  # full at the start
        (5, lambda: along_the_road(vehicles=[van(announced=(stop("a", 1, -1),))])),  # gives what it lacks
        (6, lambda: along_the_road(vehicles=[van(fixed_cents=-1)])),
        (6, lambda: along_the_road(vehicles=[van(cents_per_km=-1)])),
        (6, lambda: along_the_road(vehicles=[van(cents_per_hour=-1)])),
        (6, lambda: along_the_road(vehicles=[van(cents_per_stop=-1)])),
        (7, lambda: along_the_road(parcel(load=0))),
        (8, lambda: along_the_road(parcel(prize_cents=-1))),
        (9, lambda: along_the_road(parcel(vehicles=frozenset({"van", "tram"})))),
        (10, lambda: along_the_road(parcel(pickup=6))),  # the road has the places 0 to 5
        (10, lambda: along_the_road(parcel(drop=-1))),
        (10, lambda: along_the_road(vehicles=[van(start=6)])),
        (10, lambda: along_the_road(vehicles=[van(end=6)])),
        (10, lambda: along_the_road(vehicles=[van(announced=(stop("a", 6),))])),
        (11, lambda: along_the_road(replace(parcel(), load=(1, 1)))),
        (11, lambda: along_the_road(vehicles=[van(capacity=(1, 1))])),
        (11, lambda: along_the_road(vehicles=[van(initial_load=(1, 1))])),
        (11, lambda: along_the_road(vehicles=[van(announced=(AnnouncedStop("a", Visit(1), ()),))])),
        (12, lambda: along_the_road(parcel(load=AMOUNT_LIMIT + 1))),
        (12, lambda: along_the_road(parcel(load=-1))),
        (12, lambda: along_the_road(vehicles=[van(capacity=(AMOUNT_LIMIT + 1,))])),
        (12, lambda: along_the_road(vehicles=[van(capacity=(-1,))])),
        (13, lambda: _fleet(VEHICLES_LIMIT + 1)),
        (13, lambda: _crowd(REQUESTS_LIMIT + 1)),
        (14, lambda: along_the_road(parcel(), parcel())),
        (14, lambda: along_the_road(vehicles=[van(), van()])),
        (14, lambda: along_the_road(vehicles=[van(announced=(stop("a", 1), stop("a", 2)))])),
        (15, lambda: along_the_road(parcel(longest_ride_s=-1))),
        (15, lambda: along_the_road(vehicles=[van(longest_s=-1)])),
        (15, lambda: along_the_road(vehicles=[van(longest_drive_s=-1)])),
        (15, lambda: along_the_road(vehicles=[van(longest_m=-1)])),
        (16, lambda: replace(along_the_road(), apart=frozenset({FISH}))),  # fish may lie beside fish
        (16, lambda: replace(along_the_road(), apart=frozenset({FISH | FLOWERS | {"cheese"}}))),
        (17, lambda: replace(along_the_road(parcel(goods=FISH | FLOWERS | {"eggs"})), apart=APART)),
        (18, lambda: _bundled({"prize_cents": 1}, {})),
        (19, lambda: _bundled({"vehicles": frozenset({"van"})}, {})),
        (19, lambda: _bundled({"vehicles": frozenset({"van"})}, {"vehicles": frozenset({"tram", "van"})})),
        (20, lambda: _locked(SECOND)),  # it is not the first one
        (20, lambda: _locked(SECOND, FIRST)),
        (20, lambda: _locked(FIRST, FIRST)),
        (20, lambda: _locked(Task("announced", "moon"))),
        (21, lambda: _locked(Task("pickup", "moon"))),
        (22, lambda: _locked(UP, UP)),
        (22, lambda: _locked(UP, DOWN, DOWN)),
        (22, lambda: _locked(UP, more=(van(id="tram", head=(UP,)),))),
        (23, lambda: _locked(DOWN)),
        (23, lambda: _locked(DOWN, UP)),
        (24, lambda: _locked(UP, prize_cents=0)),
        (25, lambda: _locked(UP, vehicles=frozenset())),
        (25, lambda: _locked(UP, skills=frozenset({"cold"}))),
        (
            26,
            lambda: _bundled(
                {}, {}, (van(head=(Task("pickup", "one"),)), van(id="tram", head=(Task("pickup", "other"),)))
            ),
        ),
        (27, lambda: replace(along_the_road(), matrix=_far_apart(FURTHEST + 1))),
        (28, lambda: along_the_road(parcel(prize_cents=CENTS_LIMIT + 1))),
        (28, lambda: along_the_road(vehicles=[van(fixed_cents=CENTS_LIMIT + 1)])),
        (28, lambda: along_the_road(vehicles=[van(cents_per_km=RATE_LIMIT + 1)])),
        (28, lambda: along_the_road(vehicles=[van(cents_per_hour=RATE_LIMIT + 1)])),
        (28, lambda: along_the_road(vehicles=[van(cents_per_stop=RATE_LIMIT + 1)])),
        (29, lambda: replace(along_the_road(), apart=_kept_apart(KINDS_LIMIT + 1))),
    ],
)
def test_nonsense_is_refused_by_its_number(number: int, make: Callable[[], object]) -> None:
    with pytest.raises(ProblemNonsense, match=rf"^E{number:03d}: ") as refused:
        make()
    assert refused.value.facts["number"] == number


def test_every_numbered_refusal_stands_here() -> None:
    routing = Path(__file__).parents[2] / "routing"
    sources = [(routing / name).read_text(encoding="utf-8") for name in ("sense.py", "visit.py")]
    numbers = {int(number) for source in sources for number in re.findall(r"number=(\d+)", source)}
    (marked,) = [
        mark.args[1]
        for mark in test_nonsense_is_refused_by_its_number.pytestmark
        if mark.name == "parametrize"
    ]
    assert {number for number, _ in marked} == numbers == set(range(1, max(numbers) + 1))


def test_a_refusal_names_its_subject_and_what_to_do() -> None:
    with pytest.raises(ProblemNonsense) as refused:
        along_the_road(parcel("honey", vehicles=frozenset({"tram", "bus"})))
    assert refused.value.code == "problem_nonsense"
    assert refused.value.sentence == "E009: shipment honey: it names unknown vehicles: bus, tram"
    assert refused.value.what_to_do == "Mend shipment honey and plan again."


def test_a_limit_is_shown_in_its_refusal() -> None:
    with pytest.raises(ProblemNonsense, match=f"{VEHICLES_LIMIT + 1} vehicles, at most {VEHICLES_LIMIT}"):
        _fleet(VEHICLES_LIMIT + 1)


def test_nothing_of_a_problem_can_be_changed() -> None:
    problem = along_the_road(parcel())
    with pytest.raises(FrozenInstanceError):
        problem.vehicles = ()  # type: ignore[misc]
    with pytest.raises(ValueError, match="read-only"):
        problem.matrix.durations_s[0, 0] = 1


def test_what_is_locked_and_what_is_bundled_is_found() -> None:
    """The second parcel is picked up in the head and dropped later; the first is done with."""
    head = tuple(Task(kind, name) for kind, name in (("pickup", "a"), ("pickup", "b"), ("drop", "a")))
    mates = [parcel("a"), parcel("b", bundle="both"), parcel("c"), parcel("d", bundle="both")]
    problem = along_the_road(*mates, vehicles=[van(head=head)])
    assert problem.locked_in == {"a": "van", "b": "van"}
    assert open_drops(problem.vehicles[0]) == (Task("drop", "b"),)
    assert problem.bundles == {"both": ("b", "d")}


def test_the_foes_of_goods_are_found() -> None:
    apart = frozenset({FISH | FLOWERS, frozenset({"cheese", "flowers"})})
    problem = replace(along_the_road(parcel("a", goods=FLOWERS), parcel("b", goods=FISH)), apart=apart)
    assert problem.foes_of(problem.request("a")) == {"fish", "cheese"}
    assert problem.foes_of(problem.request("b")) == {"flowers"}
    assert problem.foes_of(parcel(goods=frozenset({"eggs"}))) == frozenset()


def test_vehicles_and_requests_are_found_by_name() -> None:
    problem = along_the_road(parcel("a"), parcel("b"), vehicles=[van(id="x"), van(id="y")])
    assert (problem.vehicle("y"), problem.request("b")) == (problem.vehicles[1], problem.requests[1])


def test_twins_differ_in_name_only() -> None:
    """The third costs a cent more and is nobody's twin."""
    twins = [van(id="a"), van(id="b"), van(id="c", fixed_cents=1), van(id="d")]
    assert along_the_road(vehicles=twins).first_twin == {"a": "a", "b": "a", "c": "c", "d": "a"}


def test_what_is_not_said_is_open() -> None:
    """Any hour, nothing on board, no limit, any vehicle, must be carried."""
    vehicle, request = Vehicle("v", 0, None, (1,)), Request("r", Visit(0), Visit(1), (1,))
    assert (request.pickup.windows, vehicle.shift) == (ALWAYS, ALWAYS[0])
    assert vehicle.load_at_start(2) == (0, 0)
    assert (request.prize_cents, request.vehicles, request.longest_ride_s) == (None, None, None)
    Problem(CRATES, road(2), (vehicle,), (request,))
