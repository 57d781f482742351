"""
Until when one may claim: so many days after the handover, of which Sundays and holidays do not count.

Code de commerce, L133-3, in our reading; the days of rest are those of Code du travail, L3133-1.
"""

from datetime import date, timedelta

from dateutil.easter import easter

FIXED = ((1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25))
"""The holidays that have a date, as month and day."""

AFTER_EASTER = (1, 39, 50)
"""Easter Monday, Ascension and Whit Monday, in days after Easter."""


def is_day_of_rest(day: date) -> bool:
    """Tell whether a day is a Sunday or a holiday of the whole of France."""
    moving = {easter(day.year) + timedelta(days=one) for one in AFTER_EASTER}
    return day.isoweekday() == 7 or (day.month, day.day) in FIXED or day in moving


def last_day(received: date, days: int) -> date:
    """Return the last day to claim: so many days after the one of the handover, days of rest left out."""
    day = received
    while days:
        day += timedelta(days=1)
        days -= not is_day_of_rest(day)
    return day
