"""
An invented market morning on a real region: farms at its hill localities, buyers at its real shops.

Farms, trips, goods and prices are fiction; the places and roads are not. A seed gives the same
morning again; the lines have the form in which anybody's day is read.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

from geodata.gazetteer import NamedPlace
from geodata.matrix import Matrix
from geodata.region import Region

Row = dict[str, str]

FARMS = 12
BUYERS = 22
TRIPS = 5
OWNERS = 3
GUEST_FARMS = 4
TOUR_SHIPMENTS = 22
TRIP_DETOUR_MIN = 20
MARKET_DAY = "2026-09-12"

FARM_KINDS = (
    ("Jardins de", "ambient"),
    ("Chèvrerie de", "chilled"),
    ("Vergers de", "ambient"),
    ("Rucher de", "ambient"),
    ("Fromagerie de", "chilled"),
    ("Oliveraie de", "ambient"),
)
FARM_PLACES = ("locality", "village", "neighbourhood")
BUYER_PLACES = {
    "restaurant": "restaurant",
    "supermarket": "supermarché",
    "convenience": "supérette",
    "butcher": "boucherie",
    "bakery": "boulangerie",
    "cafe": "café",
}
"""Kinds of places that buy, and what their signs say: the names of a French morning are French."""


class RegionTooSmallError(Exception):
    """Tell that a region has too few places for a morning: a mistake of ours, since ours is shipped."""


@dataclass
class Morning:
    """Gather the lines of a day while it is invented."""

    random: Random
    farms: list[NamedPlace]
    buyers: list[NamedPlace]
    matrix: Matrix
    rows: dict[str, list[Row]] = field(default_factory=lambda: {"sites": [], "trips": [], "shipments": []})

    def farm(self, at: int) -> str:
        return f"F{at + 1:02d}"

    def buyer(self, at: int) -> str:
        return f"B{at + 1:02d}"

    def buyer_row(self, at: int) -> int:
        return len(self.farms) + at


def invent_morning(region: Region, seed: int) -> dict[str, list[Row]]:
    """Invent a day's tables: the same seed on the same region gives the same lines."""
    random = Random(seed)
    places = region.gazetteer
    farms = [place for place in places.of_kind(*FARM_PLACES) if not place.name.startswith("Site ")]
    buyers = list(places.of_kind(*BUYER_PLACES))
    if len(farms) < FARMS or len(buyers) < BUYERS:
        raise RegionTooSmallError(region.name)
    farms, buyers = random.sample(farms, FARMS), random.sample(buyers, BUYERS)
    snapped = region.roads.snap_all([place.place for place in (*farms, *buyers)])
    matrix = region.roads.matrix([snap for snap in snapped.snaps if snap is not None])
    morning = Morning(random, farms, buyers, matrix)
    morning.rows["day"] = [{"date": MARKET_DAY, "region": region.name, "timezone": "Europe/Paris"}]
    _write_sites(morning, region)
    routes = [_write_trip(morning, at) for at in range(TRIPS)]
    _write_too_many_crates(morning)
    _write_too_early(morning, routes[1])
    _write_unlawful(morning, routes[2])
    for farm in range(OWNERS, OWNERS + GUEST_FARMS):
        _write_guest(morning, farm, routes)
    _write_tour_shipments(morning)
    _write_vehicles(morning)
    return morning.rows


def _write_sites(morning: Morning, region: Region) -> None:
    kinds = [FARM_KINDS[at % len(FARM_KINDS)] for at in range(FARMS)]
    for at, (place, (kind, _)) in enumerate(zip(morning.farms, kinds, strict=True)):
        name = f"{kind} {place.name}"
        _write_site(morning, morning.farm(at), name, "producer", place, opens="04:00", closes="20:00")
    for at, place in enumerate(morning.buyers):
        name = f"{place.name} ({BUYER_PLACES[place.kind]})"
        _write_site(morning, morning.buyer(at), name, "buyer", place, opens="06:00", closes="14:00")
    for site, name, town in (
        ("C01", "Transports Mireille", "Beausoleil"),
        ("C02", "Coursiers du Cap", "Roquebrune-Cap-Martin"),
    ):
        _write_site(
            morning,
            site,
            name,
            "carrier",
            region.gazetteer.find(town)[0],
            vetted="yes",
            licence=f"LTI-{site}",
        )
    _write_site(morning, "O01", "Carriole Riviera", "operator", region.gazetteer.find("Monaco")[0])


def _write_site(morning: Morning, site: str, name: str, role: str, place: NamedPlace, **more: str) -> None:
    licence_until = {"licence_until": "2030-12-31"} if "licence" in more else {}
    morning.rows["sites"].append(
        {
            "site": site,
            "party": name,
            "role": role,
            "name": name,
            "lat": f"{place.place.lat:.6f}",
            "lon": f"{place.place.lon:.6f}",
            "address": f"1 place du Village, {place.name}",
            **more,
            **licence_until,
        }
    )


@dataclass(frozen=True)
class Route:
    """Hold an announced trip while guests are sought for it: its rows of the matrix and when it leaves."""

    trip: str
    owner: int
    rows: tuple[int, ...]
    leave_s: int


def _write_trip(morning: Morning, at: int) -> Route:
    """
    Announce a trip: farm, two buyers, home. The first is nearly full in its middle, and punctual there.

    Three farms announce them; the fourth and fifth trip are a second one, later in the morning.
    """
    random = morning.random
    owner, later_s = at % OWNERS, at // OWNERS * 3 * 3600
    first, second = random.sample(range(BUYERS), 2)
    rows = (owner, morning.buyer_row(first), morning.buyer_row(second), owner)
    leave_s = random.choice((375, 390, 405)) * 60 + later_s
    stops = (morning.farm(owner), morning.buyer(first), morning.buyer(second), morning.farm(owner))
    middle = 3 if at == 0 else random.randint(10, 16)
    free = ((random.randint(14, 20), 10), (middle, min(8, middle)), (20, 10), (0, 0))
    moment_s = leave_s
    patient_min = (15, 15 if at == 0 else 55, 55, 55)
    for number, (site, (ambient, chilled)) in enumerate(zip(stops, free, strict=True)):
        if number:
            moment_s += _drive_s(morning, rows[number - 1], rows[number]) + 5 * 60
        morning.rows["trips"].append(
            {
                "trip": f"T{at + 1}",
                "owner": _party(morning, morning.farm(owner)),
                "regime": "entraide" if at == TRIPS - 1 else "cotransport_agricole",
                "vehicle": "small_van",
                "detour_min": str(TRIP_DETOUR_MIN),
                "site": site,
                "from": _hour(moment_s),
                "until": _hour(moment_s + patient_min[number] * 60),
                "free_ambient": str(ambient),
                "free_chilled": str(chilled),
                "free_kg": "400",
            }
        )
    return Route(f"T{at + 1}", owner, rows, leave_s)


def _write_guest(morning: Morning, farm: int, routes: Sequence[Route]) -> None:
    """Let a farm bid for room on the trip whose way lies nearest, to a buyer close to that way."""
    route = min(routes, key=lambda one: _aside_s(morning, one.rows[0], farm, one.rows[1]))
    _write_shipment(
        morning,
        farm,
        _buyer_near(morning, route),
        crates=morning.random.randint(1, 3),
        ready=_hour(route.leave_s - 60 * 60),
        deliver_by="13:30",
        bid_trip=route.trip,
    )


def _write_too_many_crates(morning: Morning) -> None:
    """Ask for six crates from T1's yard to its last buyer: the leg before it has room for three."""
    start, first, last, _ = (row for row in morning.rows["trips"] if row["trip"] == "T1")
    _write_shipment(
        morning,
        FARMS - 1,
        int(last["site"][1:]) - 1,
        crates=6,
        from_site=start["site"],
        temperature="ambient",
        ready=_hour(_seconds(start["from"]) - 30 * 60),
        pickup_by=start["until"],
        deliver_from=_hour(_seconds(first["until"]) + 60),
        deliver_by="13:00",
        bid_trip="T1",
    )


def _write_too_early(morning: Morning, route: Route) -> None:
    """
    Ask for a drop at the trip's first buyer before the van could be there with anybody's crates.

    The crates wait in the owner's own yard, so that only the hour stands in the way.
    """
    first_stop = [row for row in morning.rows["trips"] if row["trip"] == route.trip][1]
    _write_shipment(
        morning,
        FARMS - 2,
        int(first_stop["site"][1:]) - 1,
        crates=2,
        from_site=morning.farm(route.owner),
        ready=_hour(route.leave_s - 90 * 60),
        deliver_by=_hour(max(route.leave_s, 6 * 3600)),
        bid_trip=route.trip,
    )


def _write_unlawful(morning: Morning, route: Route) -> None:
    """Let a restaurant pay for its own collection on a trip that shares costs between farms."""
    buyer = _buyer_near(morning, route)
    name = _party(morning, morning.buyer(buyer))
    _write_shipment(
        morning,
        FARMS - 1,
        buyer,
        crates=2,
        ready=_hour(route.leave_s - 60 * 60),
        deliver_by="12:00",
        bid_trip=route.trip,
        payer=name,
        ordered_by=name,
    )


def _write_tour_shipments(morning: Morning) -> None:
    """Let farms push shipments and restaurants pull orders; one is frozen, and no van of the day is."""
    for number in range(TOUR_SHIPMENTS):
        farm = morning.random.randrange(OWNERS + GUEST_FARMS, FARMS)
        buyer = morning.random.randrange(BUYERS)
        pulled = number % 2 == 1
        more = {"ordered_by": _party(morning, morning.buyer(buyer))} if pulled else {}
        if number == 0:
            more["temperature"] = "frozen"
        _write_shipment(
            morning,
            farm,
            buyer,
            crates=morning.random.randint(2, 7),
            ready=_hour(morning.random.choice((300, 330, 360, 390, 420)) * 60),
            deliver_by=_hour(morning.random.choice((570, 600, 630, 660, 720)) * 60),
            **more,
        )


def _write_vehicles(morning: Morning) -> None:
    for at, (carrier, driver) in enumerate(
        (("Transports Mireille", "Mireille"), ("Coursiers du Cap", "Ange")), start=1
    ):
        morning.rows.setdefault("vehicles", []).append(
            {
                "tour": f"H{at}",
                "carrier": carrier,
                "driver": driver,
                "start_site": f"C0{at}",
                "end_site": f"C0{at}",
                "opens": "05:30",
                "closes": "13:00",
                "ambient": "40",
                "chilled": "24",
                "frozen": "0",
                "payload_kg": "900",
                "fixed_eur": "8.00",
                "per_km_eur": "0.50",
                "per_hour_eur": "16.00",
                "per_stop_eur": "0.40",
                "crate_eur": "4.50",
                "fee_eur": "2.00",
                "gap_eur": "4.00",
                "gap_account": "Carriole Riviera",
            }
        )


def _write_shipment(morning: Morning, farm: int, buyer: int, *, crates: int, **more: str) -> None:
    random = morning.random
    temperature = more.pop("temperature", FARM_KINDS[farm % len(FARM_KINDS)][1])
    goods_cents = crates * random.randint(1800, 4200)
    row = {
        "shipment": f"S{len(morning.rows['shipments']) + 1:02d}",
        "shipper": _party(morning, morning.farm(farm)),
        "from_site": morning.farm(farm),
        "to_site": morning.buyer(buyer),
        "temperature": temperature,
        "crates": str(crates),
        "kg": str(crates * random.randint(5, 11)),
        "goods_value_eur": f"{goods_cents // 100}.{goods_cents % 100:02d}",
        **more,
    }
    if "bid_trip" in more:
        cents = _alone_guess_cents(morning, farm, buyer, crates) * random.randint(75, 100) // 100
        row["bid_eur"] = f"{cents // 100}.{cents % 100:02d}"
    morning.rows["shipments"].append(row)


def _alone_guess_cents(morning: Morning, farm: int, buyer: int, crates: int) -> int:
    """Guess as a farmer would: there and back at 0.40 €/km, 15 €/h, and ten minutes at the door."""
    there, back = (farm, morning.buyer_row(buyer)), (morning.buyer_row(buyer), farm)
    metres = int(morning.matrix.distances_m[there] + morning.matrix.distances_m[back])
    seconds = int(morning.matrix.durations_s[there] + morning.matrix.durations_s[back])
    return metres * 40 // 1000 + (seconds + 600 + crates * 40) * 1500 // 3600


def _buyer_near(morning: Morning, route: Route) -> int:
    """Choose a buyer on a trip's way between its two announced ones, or one of these."""
    _, first, second, _ = route.rows
    buyers = sorted(
        range(BUYERS), key=lambda buyer: _aside_s(morning, first, morning.buyer_row(buyer), second)
    )
    return morning.random.choice(buyers[:3])


def _aside_s(morning: Morning, before: int, place: int, after: int) -> int:
    return (
        _drive_s(morning, before, place) + _drive_s(morning, place, after) - _drive_s(morning, before, after)
    )


def _drive_s(morning: Morning, start: int, end: int) -> int:
    return int(morning.matrix.durations_s[start, end])


def _party(morning: Morning, site: str) -> str:
    return next(row["party"] for row in morning.rows["sites"] if row["site"] == site)


def _hour(seconds: int) -> str:
    return f"{seconds // 3600:02d}:{seconds % 3600 // 60:02d}"


def _seconds(hour: str) -> int:
    hours, minutes = hour.split(":")
    return int(hours) * 3600 + int(minutes) * 60
