"""A party's month out of the store, no longer than an answer bears."""

import re
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from geodata.refusal import Refusal
from pooling.store import View
from pooling.store.bills import Bill, bill_of
from pooling.store.months import Month, midnight_at, month_end, month_of
from pooling.store.statements import LINES_LIMIT


class StatementTooLong(Refusal):
    code = "statement_too_long"
    reason = "The statement has more than {limit} lines."
    cure = "Ask for a shorter period."


class MonthUnreadable(Refusal):
    code = "month_unreadable"
    reason = "“{month}” is no month."
    cure = "Write it with its year first, such as 2026-09."


def month_named(asked: str, today: date) -> date:
    """Return the first day of a month written as ``2026-09``; of this one where nothing is written."""
    if not asked:
        return today.replace(day=1)
    if not re.fullmatch(r"20\d\d-(0[1-9]|1[0-2])", asked):
        raise MonthUnreadable(month=asked[:20])
    return date.fromisoformat(f"{asked}-01")


def month_statement(view: View, party_id: str, first: date, timezone: str) -> Month:
    """Return a party's month that begins on a day; refuses one that is too long."""
    found = month_of(view, party_id, first, month_end(first), timezone)
    if found.more:
        raise StatementTooLong(limit=LINES_LIMIT)
    return found


def month_bill(view: View, party_id: str, first: date, timezone: str) -> Bill:
    """Return the bill of the month that begins on a day; refuses one that is too long."""
    following = (first + timedelta(days=31)).replace(day=1)
    from_at, until_at = (midnight_at(day, ZoneInfo(timezone)) for day in (first, following))
    found = bill_of(view, party_id, from_at, until_at)
    if found.more:
        raise StatementTooLong(limit=LINES_LIMIT)
    return found
