"""
Today's real offers beside a cost: for crates that were only reckoned with, between addresses of no site.

The search is that of offers, decided by the code of an acceptance. Whoever is not signed in is asked for as
some farm, sees what is public only, and of that nobody's name, stop or hour to the minute.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from geodata.place import Place
from pooling.desk.days import day_clock
from pooling.desk.desk import Desk
from pooling.desk.goods.shipments import (
    DAYS_AHEAD_LIMIT,
    HoursPast,
    ShipmentWords,
    TooFarAhead,
    day_at,
    wished_values,
)
from pooling.desk.market.demand import note_unmet_search
from pooling.desk.market.offer import Offer, Offers, RideKind
from pooling.desk.market.offers import rides_for, unentered
from pooling.figures import PUBLIC_PRICE_STEP
from pooling.hours import day_seconds
from pooling.party import Party, Role
from pooling.site import Site
from pooling.store import View
from pooling.store.open_days import open_days
from pooling.store.transaction import Unkept
from routing.problem import Window

STRANGER = "pty_asked"
HOME, DROP = "site_asked_home", "site_asked_drop"

DAYS_LIMIT = 8
"""Today and the coming week."""

LOOKS_LIMIT = 24
"""Searches, one for each delivery and day, that one question takes; a stranger's takes fewer."""

STRANGERS_LOOKS_LIMIT = 12
SHOWN_LIMIT = 3
"""Offers of one delivery and day that a stranger is shown."""

FROM_S = 4 * 3600
"""No crates are collected before."""

ANY_HOUR = Window(FROM_S, 21 * 3600)
"""The hours of a day in which crates that have none may be handed over."""

ROUND_S = 1800
ALL_DAY = Window(0, 24 * 3600)


@dataclass(frozen=True)
class CratesAsked:
    """Hold crates that were reckoned with: where they would go, how many, and in which hours if in any."""

    drop: Place
    crates: int
    temperature: str = "ambient"
    hours: Window = ANY_HOUR


@dataclass(frozen=True)
class DayFound:
    """Hold what one delivery, by its number, was offered on one day."""

    number: int
    day: date
    offers: Offers


@dataclass(frozen=True)
class Looked:
    """
    Hold what was found from a first to a last day, day by day.

    Where more deliveries are asked for than one question takes, fewer days are looked at.
    """

    first: date
    last: date
    found: tuple[DayFound, ...]

    def without(self, deliveries: int) -> list[int]:
        """Return which of so many deliveries nothing was found for, by their numbers."""
        carried = {one.number for one in self.found if one.offers.rides}
        return [number for number in range(deliveries) if number not in carried]

    def cheapest_cents(self, deliveries: int) -> int | None:
        """Return what all deliveries would cost at the lowest offer of each; ``None`` where one has none."""
        if self.without(deliveries):
            return None
        prices = {number: set[int]() for number in range(deliveries)}
        for one in self.found:
            prices[one.number] |= {ride.price_cents for ride in one.offers.rides}
        return sum(min(each) for each in prices.values())

    def public_cents(self, crates: Mapping[int, int]) -> int | None:
        """Return what all deliveries, by number, cost at most by what a stranger sees; else ``None``."""
        if self.without(len(crates)):
            return None
        prices = {number: set[int]() for number in crates}
        for found in self.found:
            for one in public_offers(found, crates[found.number]):
                prices[one.number].add(one.crate_until_cents * crates[one.number])
        return sum(min(each) for each in prices.values())


@dataclass(frozen=True)
class PublicOffer:
    """Hold what a stranger may see of an offer: hours to the half hour, and a price within a step."""

    number: int
    day: date
    kind: RideKind
    regime: str
    from_at: int
    until_at: int
    crate_from_cents: int
    crate_until_cents: int


def look_beside(
    desk: Desk,
    payer_id: str | None,
    home: Place,
    asked: Sequence[CratesAsked],
    first: date | None = None,
    days: int = DAYS_LIMIT,
) -> Looked:
    """
    Look for real offers for crates that nobody entered, from a first day on (else today).

    ``payer_id`` is who asks, ``None`` a stranger. What a member finds nothing for is counted as unmet
    demand of the first day, which names nobody.
    """
    limit = STRANGERS_LOOKS_LIMIT if payer_id is None else LOOKS_LIMIT
    with desk.store.view() as view:
        today = day_at(desk, view.now_at)
        begins = max(first or today, today)
        if begins > today + timedelta(days=DAYS_AHEAD_LIMIT):
            raise TooFarAhead(days=DAYS_AHEAD_LIMIT)
        ends = begins + timedelta(days=min(days, DAYS_LIMIT) - 1)
        open_ones = open_days(view, begins, ends)
        most = max(1, limit // max(1, len(asked)))
        last = open_ones[most] - timedelta(days=1) if len(open_ones) > most else ends
        guest = view.beside(_unkept(payer_id, home, asked))
        payer = payer_id or STRANGER
        found = Looked(begins, last, tuple(_found(desk, guest, payer, asked, open_ones[:most])))
        in_vain = found.without(len(asked)) if payer_id else []
        rows = [_row(desk, guest, payer, asked[number], number, begins) for number in in_vain]
    for row in filter(None, rows):
        note_unmet_search(desk, row, home)
    return found


def public_offers(found: DayFound, crates: int) -> list[PublicOffer]:
    """Return the first offers of a delivery and day as a stranger may see them."""
    return [_public(found, one, crates) for one in found.offers.rides[:SHOWN_LIMIT]]


def _public(found: DayFound, offer: Offer, crates: int) -> PublicOffer:
    step = PUBLIC_PRICE_STEP.value
    least_cents = offer.price_cents // crates // step * step
    return PublicOffer(
        number=found.number,
        day=found.day,
        kind=offer.kind,
        regime=offer.regime,
        from_at=offer.pickup_from_at // ROUND_S * ROUND_S,
        until_at=-(-offer.drop_until_at // ROUND_S) * ROUND_S,
        crate_from_cents=least_cents,
        crate_until_cents=_at_most(least_cents, least_cents + step, offer, crates),
    )


def _at_most(least_cents: int, most_cents: int, offer: Offer, crates: int) -> int:
    """Return the upper end of a price, no higher than what riding spares: nobody pays more than that."""
    spared_cents = offer.most_cents if offer.alone_cents is None else offer.alone_cents
    return max(least_cents, -(-offer.price_cents // crates), min(most_cents, -(-spared_cents // crates)))


def _found(
    desk: Desk, view: View, payer: str, asked: Sequence[CratesAsked], days: Sequence[date]
) -> Iterator[DayFound]:
    for day in days:
        for number, one in enumerate(asked):
            row = _row(desk, view, payer, one, number, day)
            if row is not None:
                yield DayFound(number, day, rides_for(desk, view, row))


def _row(desk: Desk, view: View, payer: str, asked: CratesAsked, number: int, day: date) -> Any:  # noqa: ANN401
    """Return crates of a day as a row that is not kept; ``None`` where that day is as good as over."""
    clock = day_clock(desk, day)
    midnight_at = int(clock.midnight.timestamp())
    ready_at = max(view.now_at, midnight_at + day_seconds(clock, FROM_S))
    opens_at, closes_at = (
        midnight_at + day_seconds(clock, wall_s) for wall_s in (asked.hours.opens_s, asked.hours.closes_s)
    )
    words = ShipmentWords(
        shipper_id=payer,
        payer_id=payer,
        from_site_id=HOME,
        to_site_id=f"{DROP}_{number}",
        temperature=asked.temperature,
        crates=asked.crates,
        ready_at=ready_at,
        pickup_by_at=closes_at,
        deliver_from_at=max(ready_at, opens_at),
        deliver_by_at=closes_at,
    )
    try:
        return unentered(view, wished_values(desk, view, words)) if ready_at < closes_at else None
    except HoursPast:  # the clock went on meanwhile
        return None


def _unkept(payer_id: str | None, home: Place, asked: Sequence[CratesAsked]) -> Unkept:
    """Lay out the addresses as sites; a stranger counts as a farm, whose needs the law lets others carry."""
    payer = payer_id or STRANGER
    places = {HOME: home} | {f"{DROP}_{number}": one.drop for number, one in enumerate(asked)}
    sites = {one: Site(one, place.name or one, payer, place, (ALL_DAY,)) for one, place in places.items()}
    return Unkept(sites, {} if payer_id else {STRANGER: Party(STRANGER, "", Role.PRODUCER)})
