"""
The morning itself: trips announced, room bid for, a tour joined, planned and driven, money told apart.

Nothing is expected of a step but what the API answers; what was refused is kept with its code.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from api.playing.cast import Caller, Cast
from geodata.refusal import Refusal
from pooling.bid import Bid
from pooling.day import Day
from pooling.load import UNLIMITED
from pooling.party import Role
from pooling.shipment import Shipment
from pooling.tour import Tour
from pooling.trip import Trip

Wait = Callable[[], object]
JOB_WITHIN_S = 120
GOODS = "Caisse de la semaine"


class JobStuck(Refusal):
    code = "job_stuck"
    reason = "Job {job} is not done after {seconds} s: it is {state}."
    cure = "Look at the logs of the workers."


@dataclass
class Played:
    """
    Hold what the morning came to: ids by the names of the invented day, and every refusal's code.

    ``lacking`` are the cents that keep a tour from setting out.
    """

    trips: dict[str, str] = field(default_factory=dict)
    shipments: dict[str, str] = field(default_factory=dict)
    bids: dict[str, str] = field(default_factory=dict)
    tours: dict[str, str] = field(default_factory=dict)
    joined: dict[str, str] = field(default_factory=dict)
    confirmed: list[str] = field(default_factory=list)
    lacking: dict[str, int] = field(default_factory=dict)
    manifests: dict[str, str] = field(default_factory=dict)
    refused: list[tuple[str, str, str]] = field(default_factory=list)


def play_market(day: Day, cast: Cast, *, wait: Wait = lambda: time.sleep(0.2)) -> Played:
    """Announce, bid, accept, propose, join, plan and freeze, as the people of the day would."""
    played = Played()
    for trip in day.trips:
        played.trips[trip.id] = _owner(cast, trip).do("announce_trip", body=_trip(day, cast, trip))["id"]
    for shipment in day.shipments:
        _try(played, "shipment", shipment.id, lambda one=shipment: _enter(day, cast, played, one))  # type: ignore[misc]
    for bid in day.bids:
        _try(played, "bid", bid.shipment, lambda one=bid: _bid(day, cast, played, one))  # type: ignore[misc]
    for tour in day.tours:
        played.tours[tour.id] = _operator(day, cast).do("propose_tour", body=_tour(day, cast, tour))["id"]
    for shipment in day.shipments:
        if shipment.id in played.shipments and shipment.id not in played.bids:
            _join(day, cast, played, shipment)
    for tour in day.tours:
        if _planned(day, cast, played.tours[tour.id], wait)["state"] == "confirmed":
            played.confirmed.append(tour.id)
        else:
            standing = _operator(day, cast).do("read_standing", played.tours[tour.id])
            played.lacking[tour.id] = standing["lacking_cents"]
    return played


def freeze_rides(day: Day, cast: Cast, played: Played) -> None:
    """Close trips with guests and confirmed tours: their manifests are in the drivers' hands."""
    aboard = {bid.trip for bid in day.bids if bid.shipment in played.bids}
    for trip in day.trips:
        if trip.id in aboard:
            frozen = _owner(cast, trip).do("freeze_trip", played.trips[trip.id])
            played.manifests[trip.id] = frozen["id"]
    for tour in played.confirmed:
        frozen = _operator(day, cast).do("freeze_tour", played.tours[tour])
        played.manifests[tour] = frozen["id"]


def _try(played: Played, about: str, name: str, step: Callable[[], object]) -> bool:
    """Do a step; what the rules forbid is noted by its code, anything else is raised."""
    try:
        step()
    except Exception as refused:
        code = getattr(refused, "code", "")
        if not code or code in ("malformed", "our_mistake"):
            raise
        played.refused.append((about, name, code))
        return False
    return True


def _enter(day: Day, cast: Cast, played: Played, shipment: Shipment) -> None:
    payer = day.parties[shipment.payer]
    if payer.role is Role.PRODUCER and shipment.ordered_by:
        played.shipments[shipment.id] = _ordered(day, cast, shipment)
        return
    # A restaurant that pays sends from its own door: there, too, a trip between farms may not serve it.
    own = payer.role is not Role.PRODUCER
    ends = (shipment.to_site, shipment.from_site) if own else (shipment.from_site, shipment.to_site)
    body = {
        "shipper": cast.parties[shipment.payer if own else shipment.shipper],
        "payer": cast.parties[shipment.payer],
        "from_site": cast.sites[ends[0]],
        "to_site": cast.sites[ends[1]],
        **_crates(shipment),
        "goods": GOODS,
        **({"ready": _at(day, 6 * 3600)} if own else {"ready": _at(day, shipment.pickup.opens_s)}),
        "pickup_by": _at(day, 13 * 3600 if own else shipment.pickup.closes_s),
        "deliver_from": _at(day, 6 * 3600 if own else shipment.drop.opens_s),
        "deliver_by": _at(day, 18 * 3600 if own else shipment.drop.closes_s),
        "goods_value_cents": shipment.goods_value_cents,
    }
    played.shipments[shipment.id] = cast.callers[shipment.payer].do("enter_shipment", body=body)["id"]


def _ordered(day: Day, cast: Cast, shipment: Shipment) -> str:
    """Let the buyer order and the producer accept: the order becomes a shipment."""
    buyer, producer = cast.callers[shipment.ordered_by], cast.callers[shipment.shipper]
    order = buyer.do(
        "place_order",
        body={
            "buyer": cast.parties[shipment.ordered_by],
            "producer": cast.parties[shipment.shipper],
            "to_site": cast.sites[shipment.to_site],
            "product": GOODS,
            "quantity": shipment.load.crates,
            "unit": "×",
            "price_cents": shipment.goods_value_cents,
            "deliver_from": _at(day, shipment.drop.opens_s),
            "deliver_by": _at(day, shipment.drop.closes_s),
        },
    )
    filling = {
        "from_site": cast.sites[shipment.from_site],
        **_crates(shipment),
        "ready": _at(day, shipment.pickup.opens_s),
        "pickup_by": _at(day, shipment.pickup.closes_s),
    }
    return str(producer.do("accept_order", order["id"], body=filling)["shipment"])


def _bid(day: Day, cast: Cast, played: Played, bid: Bid) -> None:
    """Bid for room; the owner accepts at once."""
    shipment = day.shipment_by_id[bid.shipment]
    wish = {"shipment": played.shipments[bid.shipment], "most_cents": bid.most_cents}
    placed = cast.callers[shipment.payer].do("place_bid", played.trips[bid.trip], body=wish)
    _owner(cast, day.trip_by_id[bid.trip]).do("accept_bid", placed["id"])
    played.bids[bid.shipment] = placed["id"]


def _join(day: Day, cast: Cast, played: Played, shipment: Shipment) -> None:
    """Put a shipment on the first proposed tour that takes it."""
    for tour in day.tours:
        wish = {"shipment": played.shipments[shipment.id]}
        caller = cast.callers[shipment.payer]
        if _try(
            played,
            "sign_up",
            shipment.id,
            lambda: caller.do("join_tour", played.tours[tour.id], body=wish),  # noqa: B023 - called at once
        ):
            played.joined[shipment.id] = tour.id
            return


def _planned(day: Day, cast: Cast, tour_id: str, wait: Wait) -> dict[str, Any]:
    """Ask for a tour's plan, wait for the job, and read the tour again; it may be proposed still."""
    operator = _operator(day, cast)
    _wait_for(operator, operator.do("plan_tour", tour_id)["job"], wait)
    return dict(operator.do("read_tour", tour_id))


def _wait_for(operator: Caller, job_id: str, wait: Wait) -> None:
    until = time.monotonic() + JOB_WITHIN_S
    while (job := operator.do("read_job", job_id))["state"] in ("queued", "running"):
        if time.monotonic() > until:
            raise JobStuck(job=job_id, seconds=JOB_WITHIN_S, state=job["state"])
        wait()


def _trip(day: Day, cast: Cast, trip: Trip) -> dict[str, Any]:
    return {
        "owner": cast.parties[trip.owner],
        "driver": trip.driver or day.parties[trip.owner].name,
        "regime": trip.regime.value,
        "refrigerated": trip.refrigerated,
        "detour_min": trip.detour_s // 60,
        "stops": [
            {
                "site": cast.sites[stop.site],
                "opens": _at(day, stop.hours.opens_s),
                "closes": _at(day, stop.hours.closes_s),
                "ambient": stop.free.ambient.crates,
                "chilled": stop.free.chilled.crates,
                "frozen": stop.free.frozen.crates,
                **({"kg": stop.free.payload_kg} if stop.free.payload_kg < UNLIMITED else {}),
            }
            for stop in trip.stops
        ],
    }


def _tour(day: Day, cast: Cast, tour: Tour) -> dict[str, Any]:
    """Propose the tour, open to sign-ups until the evening before."""
    return {
        "operator": cast.parties[_operating_party(day)],
        "carrier": cast.parties[tour.carrier],
        "driver": tour.driver,
        "start_site": cast.sites[tour.start_site],
        "end_site": cast.sites[tour.end_site],
        "opens": _at(day, tour.shift.opens_s),
        "closes": _at(day, tour.shift.closes_s),
        "cutoff": _at(day, -6 * 3600),
        "ambient_crates": tour.room.ambient.crates,
        "chilled_crates": tour.room.chilled.crates,
        "frozen_crates": tour.room.frozen.crates,
        "payload_kg": tour.room.payload_kg,
        "fixed_cents": tour.card.fixed_cents,
        "cents_per_km": tour.card.cents_per_km,
        "cents_per_hour": tour.card.cents_per_hour,
        "cents_per_stop": tour.card.cents_per_stop,
        "crate_cents": tour.crate_cents,
        "fee_cents": tour.fee_cents,
        "gap_cents": tour.gap_cents,
        "gap_party": cast.parties[_operating_party(day)] if tour.gap_cents else None,
    }


def _crates(shipment: Shipment) -> dict[str, Any]:
    load = shipment.load
    return {
        "temperature": load.temperature.value,
        "crates": load.crates,
        "kg": load.kg,
        "litres": load.litres,
    }


def _at(day: Day, seconds: int) -> str:
    return day.clock.utc(seconds).isoformat()


def _owner(cast: Cast, trip: Trip) -> Caller:
    return cast.callers[trip.owner]


def _operator(day: Day, cast: Cast) -> Caller:
    return cast.callers[_operating_party(day)]


def _operating_party(day: Day) -> str:
    return next(party.id for party in day.parties.values() if party.role is Role.OPERATOR)
