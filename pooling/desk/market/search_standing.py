"""
A search that is newly kept, tried on what stands already: trips and tours that were announced before it.

A duty tries it day by day, by the code of a search that is made by hand, and notes how far it came; whatever
is announced meanwhile is told by ``search_matching``. Either way a ride is told once.
"""

import logging
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row

from geodata.refusal import Refusal
from pooling.desk.desk import Desk, Moved
from pooling.desk.market.offers import rides_for
from pooling.desk.market.search_matching import (
    Fit,
    Ride,
    by_turns,
    fit_for,
    is_looked_for_on,
    tell_once,
    wanted_on,
)
from pooling.store import Tx, View
from pooling.store.open_days import open_days
from pooling.store.searches import next_standing, stood

log = logging.getLogger("carriole.searches")

DAYS_AT_ONCE = 20
"""Days of searches that one call of the duty tries; the next one goes on."""


def try_standing(desk: Desk) -> int:
    """Try new searches on what stands; returns how many rides were told. Any number of workers may do so."""
    return by_turns(lambda: _day_told(desk), DAYS_AT_ONCE)


def _day_told(desk: Desk) -> int | None:
    """Try the first new search on its next day with any ride; ``None`` where no search is new."""
    with desk.store.view() as stored:
        search = next_standing(stored)
        if search is None:
            return None
        view = stored.seen_by(search.party_id).remembering()
        days = _days(view, search)
        fits = _fits(desk, view, search, days[0]) if days else {}

    def save(tx: Tx) -> int:
        if not stood(tx, search, days[1] if len(days) > 1 else None):
            raise Moved
        return sum(tell_once(tx, ride, search.id, fit) for ride, fit in fits.items())

    told: int = desk.store.change(save)
    return told


def _days(view: View, search: Row[Any]) -> list[date]:
    """List the days of a search on which anything runs; a tour may still be under way next morning."""
    first, one = search.standing_day, timedelta(days=1)
    runs = open_days(view, first - one, search.last_day)
    days = sorted({*runs, *(day + one for day in runs)})
    return [day for day in days if day >= first and is_looked_for_on(search, day)]


def _fits(desk: Desk, view: View, search: Row[Any], day: date) -> Mapping[Ride, Fit]:
    try:
        rides = rides_for(desk, view, wanted_on(desk, view, search, day)).rides
    except Refusal:  # one of its places is gone, or closed on that day
        return {}
    except Exception:  # of one search no other waits in vain
        log.exception("a search went wrong", extra={"search": search.id})
        return {}
    others = [one for one in rides if one.owner_id != search.party_id]
    found = ((one, fit_for(search, one.price_cents)) for one in others)
    return {(one.kind, one.ride_id): fit for one, fit in found if fit is not None}
