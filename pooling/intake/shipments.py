"""Shipments, and the bid that may stand on a shipment's line."""

from collections.abc import Sequence

from geodata.refusal import Refusal
from pooling.figures import CRATE_WEIGHT
from pooling.files.line import Line
from pooling.files.rawline import RawLine
from pooling.intake.bids import read_bid
from pooling.intake.reading import Reading
from pooling.load import CRATES_LIMIT, Load, Temperature
from pooling.shipment import Shipment
from pooling.site import nobody_there
from pooling.week import between, common
from routing.problem import Window

SHIPMENT_KG_LIMIT = 10_000
SHIPMENT_LITRES_LIMIT = 40_000
SHIPMENTS_LIMIT = 2_000
"""Alone, each shipment may need a van of its own, and no problem holds more vehicles than this."""


class DeliveryMissing(Refusal):
    code = "delivery_missing"
    reason = "The shipment has a pickup and no delivery."
    cure = "Name the site where it goes in to_site."


class PickupMissing(Refusal):
    code = "pickup_missing"
    reason = "The shipment has a delivery and no pickup."
    cure = "Name the site where it is collected in from_site."


class TooManyShipments(Refusal):
    code = "too_many_shipments"
    reason = "The day has {count} shipments; at most {limit} are planned in one run."
    cure = "Split the day by area."


def read_shipments(reading: Reading, lines: Sequence[RawLine]) -> None:
    if len(lines) > SHIPMENTS_LIMIT:
        raise TooManyShipments(count=len(lines), limit=SHIPMENTS_LIMIT)
    for raw in lines:
        line = Line("shipments", raw)
        shipment = _shipment(reading, line)
        if reading.close(line) and shipment is not None:
            reading.shipments[shipment.id] = shipment
        _take_bid(reading, raw, shipment)


def _take_bid(reading: Reading, raw: RawLine, shipment: Shipment | None) -> None:
    """Read the bid by itself; the bid on a line that cannot be read was reported with the line."""
    line = Line("shipments", raw)
    bid = read_bid(reading, line, shipment) if raw.wrong is None else None
    if bid is not None and reading.close(line):
        reading.bids.append(bid)
    else:
        reading.bad += line.found


def _shipment(reading: Reading, line: Line) -> Shipment | None:
    name = reading.fresh(line, "shipment", reading.shipments)
    shipper = reading.known(line, "shipper", "party", reading.parties, line.text("shipper"))
    payer = reading.known(line, "payer", "party", reading.parties, line.text("payer", default=shipper))
    ordered_by = reading.known(
        line, "ordered_by", "party", reading.parties, line.text("ordered_by", default="")
    )
    load = _load(line)
    pickup = line.window(reading.clock, "ready", "pickup_by", ("00:00", "24:00"))
    drop = line.window(reading.clock, "deliver_from", "deliver_by", ("00:00", "24:00"))
    goods_value_cents = line.cents("goods_value_eur", default=0)
    from_site, to_site = _ends(reading, line)
    if line.bad:
        return None
    pickups = _within(reading, from_site, pickup, line, "ready")
    drops = _within(reading, to_site, drop, line, "deliver_by")
    pickup, drop = (Window(open_[0].opens_s, open_[-1].closes_s) for open_ in (pickups, drops))
    try:
        made = Shipment(
            *(name, shipper, payer, from_site, to_site, load, pickup, drop, goods_value_cents, ordered_by),
            pickup_shut=between(pickups),
            drop_shut=between(drops),
        )
    except Refusal as refusal:
        line.refuse("to_site", refusal)
        return None
    return made


def _load(line: Line) -> Load:
    crates = line.whole("crates", 1, CRATES_LIMIT)
    return Load(
        temperature=line.one_of("temperature", Temperature, Temperature.AMBIENT),
        crates=crates,
        kg=line.units("kg", 0, SHIPMENT_KG_LIMIT, crates * CRATE_WEIGHT.value, up=True),
        litres=line.units("litres", 0, SHIPMENT_LITRES_LIMIT, 0, up=True),
    )


def _ends(reading: Reading, line: Line) -> tuple[str, str]:
    """Read the two sites; a shipment with one end only is refused by that name."""
    if line.has("from_site") and not line.has("to_site"):
        line.refuse("to_site", DeliveryMissing())
    elif line.has("to_site") and not line.has("from_site"):
        line.refuse("from_site", PickupMissing())
    else:
        return (
            reading.known(line, "from_site", "site", reading.sites, line.text("from_site")),
            reading.known(line, "to_site", "site", reading.sites, line.text("to_site")),
        )
    return "", ""


def _within(reading: Reading, name: str, hours: Window, line: Line, column: str) -> tuple[Window, ...]:
    """Narrow hours to those in which somebody is at the site, or refuse them."""
    there = common(reading.sites[name].hours, hours)
    if not there:
        line.refuse(column, nobody_there(reading.sites[name], reading.clock.day))
    return there or (hours,)
