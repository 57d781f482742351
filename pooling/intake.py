"""
From the lines of tables to a day: each bad line is reported with its cure, each good one is kept.

A line that speaks of a refused one is refused too, and says so: nothing is dropped in silence.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from geodata.place import Place
from geodata.refusal import Refusal
from pooling.bid import Bid
from pooling.day import Day
from pooling.figures import CRATE_WEIGHT, TRIP_DETOUR
from pooling.hours import DEFAULT_TIMEZONE, DayClock
from pooling.line import BadLine, Line
from pooling.load import CRATES_LIMIT, Load, Room, Space, Temperature
from pooling.party import Party, Role
from pooling.regimes import Regime
from pooling.shipment import Shipment
from pooling.site import Site
from pooling.tables import LineRagged, RawLine, Tables
from pooling.tour import RateCard, Tour
from pooling.trip import Trip, TripStop
from pooling.vans import Van
from routing.problem import AMOUNT_LIMIT, Window

SITES_LIMIT = 2_000
DETOUR_MIN_LIMIT = 240
ROOM_LIMIT = 2_000
SHIPMENT_KG_LIMIT = 10_000

Locate = Callable[[Sequence[Place]], Mapping[int, Refusal]]
"""Tell which of some places cannot be reached by road, and why."""


class NameTwice(Refusal):
    code = "name_twice"
    reason = "{column}: “{name}” stands twice."
    cure = "Give each line a name of its own; the first one was kept."


class NotKnown(Refusal):
    code = "name_unknown"
    reason = "{column}: there is no {kind} “{name}”, or its own line was refused."
    cure = "Check the spelling, or mend the line of that {kind} first."


class DeliveryMissing(Refusal):
    code = "delivery_missing"
    reason = "The shipment has a pickup and no delivery."
    cure = "Name the site where it goes in to_site."


class PickupMissing(Refusal):
    code = "pickup_missing"
    reason = "The shipment has a delivery and no pickup."
    cure = "Name the site where it is collected in from_site."


class OutsideSiteHours(Refusal):
    code = "outside_site_hours"
    reason = "Nobody is at {site} in these hours."
    cure = "Choose hours in which the site is open, or correct the site's hours."


class BidWithoutPrice(Refusal):
    code = "bid_incomplete"
    reason = "A bid needs a trip and the most you would pay; one of the two is missing."
    cure = "Fill in both bid_trip and bid_eur, or neither."


class TripIncomplete(Refusal):
    code = "trip_incomplete"
    reason = "Trip {trip} was left out: one of its lines was refused."
    cure = "Mend that line; a trip is planned whole or not at all."


class OwnTrip(Refusal):
    code = "own_trip"
    reason = "{party} bids on its own trip {trip}."
    cure = "Take your own goods aboard without a bid, and announce less free room."


class DayMissing(Refusal):
    code = "day_missing"
    reason = "The day has no date or no region."
    cure = "Fill in the table day (date, region), or give --date and --region."


class TooManySites(Refusal):
    code = "too_many_sites"
    reason = "The day has {count} sites; at most {limit} are planned in one run."
    cure = "Split the day by area."


@dataclass(frozen=True)
class Intake:
    """Hold the day made of the good lines, and everything that was wrong, in the order of the tables."""

    day: Day
    bad_lines: tuple[BadLine, ...]


@dataclass
class _Reading:
    """Gather the good values and the bad lines while the tables are read."""

    clock: DayClock
    bad: list[BadLine] = field(default_factory=list)
    parties: dict[str, Party] = field(default_factory=dict)
    sites: dict[str, Site] = field(default_factory=dict)
    trips: dict[str, Trip] = field(default_factory=dict)
    shipments: dict[str, Shipment] = field(default_factory=dict)
    bids: list[Bid] = field(default_factory=list)
    tours: dict[str, Tour] = field(default_factory=dict)

    def close(self, line: Line) -> bool:
        """Report what is wrong with a line; return whether it is good."""
        if line.raw.ragged:
            line.refuse("", LineRagged())
        self.bad += line.found
        return not line.bad

    def fresh(self, line: Line, column: str, taken: Mapping[str, object]) -> str:
        name = line.text(column)
        if name in taken:
            line.refuse(column, NameTwice(column=column, name=name))
        return name

    def known(self, line: Line, column: str, kind: str, names: Iterable[str], name: str) -> str:
        if name and name not in names:
            line.refuse(column, NotKnown(column=column, kind=kind, name=name))
        return name


def day_and_region(tables: Tables, day: date | None, region: str | None) -> tuple[DayClock, str]:
    """
    Read which day and region the tables speak of; what the caller says wins.

    Refuses where neither says it, or where the table's date or time zone cannot be read.
    """
    raw = next(iter(tables.lines.get("day", ())), RawLine(1, {}))
    line = Line("day", raw)
    found = day or line.day("date")
    where = region or line.text("region", default="")
    zone = line.text("timezone", default=DEFAULT_TIMEZONE)
    if line.bad:
        raise line.found[0].refusal
    if found is None or not where:
        raise DayMissing()
    return DayClock(found, zone), where


def read_day(tables: Tables, clock: DayClock, region: str, locate: Locate) -> Intake:
    """Make a day of the tables. ``locate`` is asked once for all sites; what it refuses leaves the day."""
    reading = _Reading(clock)
    reading.bad += [BadLine(table, 1, "", refusal) for table, refusal in tables.unread]
    _read_sites(reading, tables.lines.get("sites", ()), locate)
    _read_trips(reading, tables.lines.get("trips", ()))
    _read_shipments(reading, tables.lines.get("shipments", ()))
    _read_tours(reading, tables.lines.get("vehicles", ()))
    day = Day(
        clock=clock,
        region=region,
        parties=reading.parties,
        sites=reading.sites,
        trips=tuple(reading.trips.values()),
        shipments=tuple(reading.shipments.values()),
        bids=tuple(reading.bids),
        tours=tuple(reading.tours.values()),
    )
    return Intake(day, tuple(reading.bad))


def _read_sites(reading: _Reading, lines: Sequence[RawLine], locate: Locate) -> None:
    if len(lines) > SITES_LIMIT:
        raise TooManySites(count=len(lines), limit=SITES_LIMIT)
    found: list[tuple[Line, Site, Party]] = []
    names: dict[str, object] = {}
    for raw in lines:
        line = Line("sites", raw)
        site, party = _site(reading, line, names)
        if not line.bad:
            names[site.id] = site
            found.append((line, site, party))
        else:
            reading.close(line)
    off_road = locate([site.place for _, site, _ in found])
    for at, (line, site, party) in enumerate(found):
        if at in off_road:
            line.refuse("lat", off_road[at])
        if reading.close(line):
            reading.sites[site.id] = site
            reading.parties.setdefault(party.id, party)


def _site(reading: _Reading, line: Line, names: Mapping[str, object]) -> tuple[Site, Party]:
    name = reading.fresh(line, "site", names)
    owner = line.text("party")
    party = Party(
        id=owner,
        name=owner,
        role=line.one_of("role", Role),
        group=line.text("group", default=""),
        vetted=line.flag("vetted"),
        licence=line.text("licence", default=""),
        licence_until=line.day("licence_until"),
    )
    shown = line.text("name", default=name)
    hours = line.window(reading.clock, "opens", "closes", ("00:00", "24:00"))
    lat, lon = line.degrees("lat"), line.degrees("lon")
    place = Place(lat=0, lon=0, name=shown)
    if not line.bad:
        try:
            place = Place(lat=lat, lon=lon, name=shown)
        except Refusal as refusal:
            line.refuse("lat", refusal)
    return Site(name, shown, owner, place, hours), party


def _read_trips(reading: _Reading, lines: Sequence[RawLine]) -> None:
    """Read a line for each announced stop; the lines of one trip stand together in their order."""
    whole: dict[str, list[tuple[Line, TripStop]]] = {}
    broken: dict[str, Line] = {}
    for raw in lines:
        line = Line("trips", raw)
        trip = line.text("trip")
        stop = _trip_stop(reading, line)
        if reading.close(line):
            whole.setdefault(trip, []).append((line, stop))
        else:
            broken.setdefault(trip, line)
    for trip, stops in whole.items():
        first = stops[0][0]
        if trip in broken:
            reading.bad.append(BadLine("trips", first.raw.number, "trip", TripIncomplete(trip=trip)))
            continue
        line = Line("trips", first.raw)
        made = _trip(reading, line, trip, [stop for _, stop in stops])
        if reading.close(line) and made is not None:
            reading.trips[trip] = made


def _trip_stop(reading: _Reading, line: Line) -> TripStop:
    site = reading.known(line, "site", "site", reading.sites, line.text("site"))
    hours = line.window(reading.clock, "from", "until", ("", ""))
    return TripStop(site, hours, _room(line, "free_", "free_kg"))


def _trip(reading: _Reading, line: Line, trip: str, stops: list[TripStop]) -> Trip | None:
    owner = reading.known(line, "owner", "party", reading.parties, line.text("owner"))
    van = line.one_of("vehicle", Van, Van.SMALL)
    regime = line.one_of("regime", Regime)
    detour_s = line.whole("detour_min", 0, DETOUR_MIN_LIMIT, TRIP_DETOUR.value // 60) * 60
    driver = line.text("driver", default=owner)
    if line.bad:
        return None
    try:
        return Trip(trip, owner, driver, regime, tuple(stops), detour_s, van is Van.REFRIGERATED)
    except Refusal as refusal:
        line.refuse("from", refusal)
        return None


def _read_shipments(reading: _Reading, lines: Sequence[RawLine]) -> None:
    for raw in lines:
        line = Line("shipments", raw)
        shipment = _shipment(reading, line)
        bid = _bid(reading, line, shipment)
        if reading.close(line) and shipment is not None:
            reading.shipments[shipment.id] = shipment
            if bid is not None:
                reading.bids.append(bid)


def _shipment(reading: _Reading, line: Line) -> Shipment | None:
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
    pickup = _within(reading.sites[from_site], pickup, line, "ready")
    drop = _within(reading.sites[to_site], drop, line, "deliver_by")
    try:
        made = Shipment(
            name, shipper, payer, from_site, to_site, load, pickup, drop, goods_value_cents, ordered_by
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
        kg=line.whole("kg", 0, SHIPMENT_KG_LIMIT, crates * CRATE_WEIGHT.value),
        litres=line.whole("litres", 0, AMOUNT_LIMIT, 0),
    )


def _ends(reading: _Reading, line: Line) -> tuple[str, str]:
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


def _room(line: Line, prefix: str, payload: str) -> Room:
    ambient, chilled, frozen = (
        Space(line.whole(f"{prefix}{temperature}", 0, ROOM_LIMIT, 0)) for temperature in Temperature
    )
    return Room(ambient, chilled, frozen, line.whole(payload, 0, AMOUNT_LIMIT, AMOUNT_LIMIT))


def _within(site: Site, hours: Window, line: Line, column: str) -> Window:
    """Narrow hours to those in which somebody is at the site."""
    opens_s, closes_s = max(hours.opens_s, site.hours.opens_s), min(hours.closes_s, site.hours.closes_s)
    if closes_s < opens_s:
        line.refuse(column, OutsideSiteHours(site=site.name))
        return hours
    return Window(opens_s, closes_s)


def _bid(reading: _Reading, line: Line, shipment: Shipment | None) -> Bid | None:
    if not line.has("bid_trip") and not line.has("bid_eur"):
        return None
    if not (line.has("bid_trip") and line.has("bid_eur")):
        line.refuse("bid_trip", BidWithoutPrice())
        return None
    trip = reading.known(line, "bid_trip", "trip", reading.trips, line.text("bid_trip"))
    most_cents = line.cents("bid_eur")
    if line.bad or shipment is None:
        return None
    if reading.trips[trip].owner == shipment.payer:
        line.refuse("bid_trip", OwnTrip(party=shipment.payer, trip=trip))
        return None
    return Bid(shipment.id, trip, most_cents)


def _read_tours(reading: _Reading, lines: Sequence[RawLine]) -> None:
    for raw in lines:
        line = Line("vehicles", raw)
        tour = _tour(reading, line)
        if tour.id in reading.trips:
            line.refuse("tour", NameTwice(column="tour", name=tour.id))
        if reading.close(line):
            reading.tours[tour.id] = tour


def _tour(reading: _Reading, line: Line) -> Tour:
    name = reading.fresh(line, "tour", reading.tours)
    carrier = reading.known(line, "carrier", "party", reading.parties, line.text("carrier"))
    start = reading.known(line, "start_site", "site", reading.sites, line.text("start_site"))
    end = reading.known(line, "end_site", "site", reading.sites, line.text("end_site", default=start))
    return Tour(
        id=name,
        carrier=carrier,
        driver=line.text("driver", default=carrier),
        start_site=start,
        end_site=end,
        shift=line.window(reading.clock, "opens", "closes", ("", "")),
        room=_room(line, "", "payload_kg"),
        card=RateCard(
            fixed_cents=line.cents("fixed_eur", 0),
            cents_per_km=line.cents("per_km_eur", 0),
            cents_per_hour=line.cents("per_hour_eur", 0),
            cents_per_stop=line.cents("per_stop_eur", 0),
        ),
        crate_cents=line.cents("crate_eur"),
        fee_cents=line.cents("fee_eur", 0),
        gap_cents=line.cents("gap_eur", 0),
        gap_account=line.text("gap_account", default=""),
    )
