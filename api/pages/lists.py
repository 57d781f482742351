"""Long lists on pages: one part at a time, by ``after`` in the address."""

from api.pages.visit import Visit
from pooling.store import Page

PART = 20


def part_of(visit: Visit, limit: int = PART) -> Page:
    return Page(visit.request.query_params.get("after", "")[:40], limit)
