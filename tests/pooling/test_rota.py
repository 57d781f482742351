"""Who is on duty: turns that repeat, days that are left out, days that were swapped."""

from datetime import date

from pooling.people.rota import Turn, duties, duty_of
from pooling.recurrence import read_rule

FIRST = date(2026, 9, 12)
SATURDAYS = Turn("a", "farm", read_rule("FREQ=WEEKLY;BYDAY=SA"), FIRST)
SUNDAYS = Turn("b", "neighbour", read_rule("FREQ=WEEKLY;BYDAY=SU"), FIRST)
TURNS = (SATURDAYS, SUNDAYS)


def served(changes, until=date(2026, 9, 27)):
    return [(str(one.day), one.party) for one in duties(TURNS, changes, FIRST, until)]


def test_turns_fall_on_the_days_of_their_rules():
    assert served({}, date(2026, 9, 20)) == [
        ("2026-09-12", "farm"),
        ("2026-09-13", "neighbour"),
        ("2026-09-19", "farm"),
        ("2026-09-20", "neighbour"),
    ]
    assert SATURDAYS.falls_on(date(2026, 9, 19)) and not SATURDAYS.falls_on(date(2026, 9, 20))


def test_a_day_that_is_left_out_is_served_by_nobody():
    assert ("2026-09-19", "farm") not in served({("a", date(2026, 9, 19)): None})


def test_two_days_that_are_swapped_are_served_by_the_other():
    changes = {("a", date(2026, 9, 19)): "b", ("b", date(2026, 9, 20)): "a"}
    assert {("2026-09-19", "neighbour"), ("2026-09-20", "farm")} <= set(served(changes))
    swapped = duty_of(TURNS, changes, "a", date(2026, 9, 19))
    assert swapped.swapped and swapped.by_turn == "b"


def test_a_day_whose_taker_has_ended_its_turn_is_served_by_nobody():
    assert duties((SATURDAYS,), {("a", date(2026, 9, 19)): "b"}, FIRST, date(2026, 9, 19)) == [
        duty_of((SATURDAYS,), {}, "a", FIRST)
    ]
