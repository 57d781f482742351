"""What a trip may carry: by the law of its ground, and by what its owner says may travel with it."""

from geodata.refusal import Refusal
from pooling.day import Day
from pooling.kinds import kind_of, told
from pooling.market.matching import DoesNotFit
from pooling.regimes import Carriage, forbidden_by_law
from pooling.shipment import Shipment
from pooling.trip import Trip


class KindNotCarried(DoesNotFit):
    code = "kind_not_carried"
    reason = "{ride} does not carry this kind of goods: {kind}."
    cure = "Its owner takes only: {kinds}. Choose another trip; no other hour, load or price would do."


def not_allowed(day: Day, trip: Trip, shipment: Shipment) -> Refusal | None:
    """Return why this trip may not carry this shipment on any road, the law first; ``None`` where it may."""
    return forbidden_by_law(trip.regime, carriage_of(day, trip, shipment)) or not_carried(day, trip, shipment)


def permitted(day: Day, trip: Trip, shipment: Shipment) -> bool:
    """Tell whether the law and its owner let this trip carry this shipment at all."""
    return not_allowed(day, trip, shipment) is None


def not_carried(day: Day, trip: Trip, shipment: Shipment) -> KindNotCarried | None:
    """Return why the trip's owner does not take goods of this kind, whatever the law says of them."""
    kind = kind_of(shipment.load.temperature, shipment.food)
    if not trip.carries or kind in trip.carries:
        return None
    facts = {"kind": told([kind]), "kinds": told(trip.carries)}
    return KindNotCarried(ride=ride_name(day, trip), shipment=shipment.id, **facts)


def ride_name(day: Day, trip: Trip) -> str:
    return f"{trip.id} ({day.parties[trip.owner].name})"


def carriage_of(day: Day, trip: Trip, shipment: Shipment) -> Carriage:
    return Carriage(
        owner=day.parties[trip.owner],
        payer=day.parties[shipment.payer],
        origin=day.sites[trip.stops[0].site].place,
        pickup=day.sites[shipment.from_site].place,
        drop=day.sites[shipment.to_site].place,
        day=day.clock.day,
    )
