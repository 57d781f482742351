"""What a round is expected to carry: a mean with its band, the vehicle that would do, and what came."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from pooling.load import Load, Temperature
from pooling.manifest import OnBoard
from pooling.tours.forecast import (
    Carried,
    Move,
    Van,
    carried,
    expected,
    expected_by_weekday,
    looked_back,
    mean_miss,
    part_kg,
    smallest,
)
from tests.thorough import examples

TUESDAY = date(2026, 9, 1)


def run(weeks, crates, days=0):
    return Carried(TUESDAY + timedelta(days=7 * weeks + days), crates, OnBoard(crates, 0, 0, 8 * crates))


def move(way, crates, kind=Temperature.AMBIENT):
    return Move(way, Load(kind, crates, 10 * crates))


def test_a_weekday_is_the_mean_of_its_runs_between_the_least_and_the_most():
    """The figures of docs/carriers.md."""
    found = expected([run(0, 40), run(1, 44), run(2, 50), run(3, 31), run(3, 400, days=1)], 2)
    assert (found.crates, found.least, found.most, found.runs, found.few) == (41, 31, 50, 4, False)


def test_only_the_last_eight_runs_count_and_fewer_than_four_are_few():
    runs = [run(0, 900), *(run(week, 10) for week in range(1, 9))]
    assert expected(runs, 2).most == 10
    assert expected(runs[:3], 2).few and expected(runs, 3) is None
    assert [one.weekday for one in expected_by_weekday([*runs, run(0, 3, days=3)])] == [2, 5]


def test_the_most_on_board_at_once_is_counted_in_each_compartment():
    cold = Temperature.CHILLED
    found = carried(TUESDAY, [move("on", 6), move("on", 2, cold), move("off", 6), move("on", 4, cold)])
    assert found.crates == 12 and found.most == OnBoard(6, 6, 0, 80)
    assert part_kg(100, 1, 3) == 34


def test_each_run_stands_beside_what_those_before_it_had_let_expect():
    came = looked_back([run(0, 10), run(1, 20), run(2, 18)])
    assert [(one.run.crates, one.expected and one.expected.crates) for one in came] == [
        (18, 15), (20, 10), (10, None),
    ]  # fmt: skip
    assert mean_miss(came) == 7 and mean_miss(came[-1:]) is None


def test_the_smallest_vehicle_with_room_in_each_compartment_is_chosen():
    small, cold, large = (
        Van(name, name, OnBoard(*room))
        for name, room in {"s": (20, 0, 0, 300), "c": (20, 10, 0, 300), "l": (60, 20, 0, 900)}.items()
    )
    fleet = [large, cold, small]
    assert smallest(fleet, OnBoard(20, 0, 0, 300)) is small
    assert smallest(fleet, OnBoard(5, 5, 0, 50)) is cold
    assert smallest(fleet, OnBoard(5, 0, 0, 301)) is large
    assert smallest(fleet, OnBoard(0, 0, 1, 1)) is None


@examples(160)
@given(st.lists(st.integers(0, 400), min_size=1, max_size=12))
def test_an_expectation_lies_within_its_band(counts):
    found = expected([run(week, crates) for week, crates in enumerate(counts)], 2)
    assert found.least <= found.crates <= found.most and found.runs <= 8
