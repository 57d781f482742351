"""
Room reserved before its goods are named: how much of a trip may be held, and which goods take the place.

What is held is a guest like any other, with its own room, hours and price. Naming the goods puts them in
its stead: the same stops in the same order, at hours within those that were promised.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from geodata.refusal import Refusal
from pooling.legs import Amounts, LegRoom
from pooling.market.award import Guest, TripBook
from pooling.phrases import Phrases, message
from pooling.shipment import Shipment
from pooling.week import common
from routing.check import check
from routing.plan import Plan
from routing.problem import Request, Visit
from routing.schedule import schedule_route

UNLIKE = {
    "places": message("other places"),
    "temperature": message("another temperature"),
    "crates": message("more crates"),
    "kg": message("more kilos"),
    "payer": message("another payer"),
    "hours": message("other hours than promised"),
}


class GoodsUnlikeRoom(Refusal):
    code = "goods_unlike_room"
    reason = "These goods do not fit the room that is held: {unlike}."
    cure = "Name goods for the same way and class, no more than was reserved; bid for the rest by itself."


def beyond_share(
    legs: Sequence[LegRoom], percent: int, held: Iterable[Amounts], wanted: Amounts, class_at: int
) -> bool:
    """
    Tell whether room that is wanted would be more than an owner lets be held for goods that are not named.

    Counted over the whole trip, whichever legs are ridden: so many percent of what its roomiest leg has
    of the class, and of the kilos, rounded down.
    """
    held = list(held)
    for at in (class_at, len(wanted) - 1):
        most = max(leg.cap[at] for leg in legs) * percent // 100
        if sum(one[at] for one in held) + wanted[at] > most:
            return True
    return False


def must_be_like(room: Shipment, goods: Shipment) -> None:
    """Refuse goods that are not what room was held for, with all that differs."""
    differs = {
        "places": (room.from_site, room.to_site) != (goods.from_site, goods.to_site),
        "payer": room.payer != goods.payer,
        "temperature": room.load.temperature is not goods.load.temperature,
        "crates": goods.load.crates > room.load.crates,
        "kg": goods.load.kg > room.load.kg,
    }
    unlike = [UNLIKE[name] for name, is_so in differs.items() if is_so]
    if unlike:
        raise GoodsUnlikeRoom(unlike=Phrases(unlike))


def take_place(book: TripBook, room_id: str, goods: Shipment, request: Request) -> TripBook:
    """
    Put goods in the place of the room that was held for them; every promise to the others is kept.

    They are collected and handed over when both the promise and their own hours allow. Judged by the checker.
    """
    held = next(guest for guest in book.guests if guest.shipment.id == room_id)
    named = replace(held, shipment=goods, request=_promised(held, request))
    guests = tuple(named if guest is held else guest for guest in book.guests)
    problem = replace(book.problem, requests=tuple(guest.request for guest in guests))
    order = [
        replace(task, id=goods.id) if task.kind != "announced" and task.id == room_id else task
        for task in book.route.tasks
    ]
    route = schedule_route(problem, book.vehicle, order)
    plan = Plan((route,), ()) if route else None
    if plan is None or check(problem, plan):
        raise _other_hours()
    return replace(book, guests=guests, problem=problem, plan=plan)


def _promised(held: Guest, request: Request) -> Request:
    pickup = _within(held.request.pickup, request.pickup)
    return replace(request, pickup=pickup, drop=_within(held.request.drop, request.drop))


def _within(promised: Visit, own: Visit) -> Visit:
    """Return a visit at hours that were promised and that its own goods allow."""
    windows = common(own.windows, promised.windows[0])
    if not windows:
        raise _other_hours()
    return replace(own, windows=(max(windows, key=lambda one: one.closes_s - one.opens_s),))


def _other_hours() -> GoodsUnlikeRoom:
    return GoodsUnlikeRoom(unlike=Phrases((UNLIKE["hours"],)))
