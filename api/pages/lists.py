"""Long lists on pages: one part at a time, by ``after`` in the address."""

from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import Row

from api.pages.visit import Visit
from pooling.store import Page

PART = 20


def part_of(visit: Visit, limit: int = PART) -> Page:
    return Page(visit.request.query_params.get("after", "")[:40], limit)


def coming_first(
    visit: Visit, rows: Iterable[Row[Any]], begins_at: Callable[[Row[Any]], int]
) -> list[Row[Any]]:
    """Order a part of a list by when each begins: from today on, then what is over, the latest first."""
    today = visit.moments.today

    def turn(row: Row[Any]) -> tuple[bool, int]:
        at = begins_at(row)
        over = visit.moments.local(at).date() < today
        return over, -at if over else at

    return sorted(rows, key=turn)
