"""A carrier's week: three days of tours, unless the operator grants more for one week, with its reason."""

from collections.abc import Iterable
from datetime import date, timedelta

from geodata.refusal import Refusal


class WeekFull(Refusal):
    code = "week_full"
    reason = (
        "{carrier} drives on {taken} {taken:day/days} already in the week of {monday}: "
        "{day} would be one more."
    )
    cure = "Choose another carrier or week, or let the operator grant this week one more day."


def monday_of(day: date) -> date:
    """Return the Monday of a day's week, as ISO 8601 counts weeks."""
    return day - timedelta(days=day.weekday())


def may_drive(day: date, taken: Iterable[date], allowed: int) -> bool:
    """Tell whether a day is one on which the carrier drives anyway, or one more that its week allows."""
    days = {one for one in taken if monday_of(one) == monday_of(day)}
    return day in days or len(days) < allowed
