"""Freeze a plan into a manifest: the words, hours and numbers that a driver holds in the hand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Any

from pooling.day import Day
from pooling.days.dayplan import DayPlan
from pooling.ground import Way
from pooling.manifest import Handling, LoadPlace, Manifest, ManifestStop
from pooling.market.award import TripBook
from pooling.regimes import Regime, papers_to_carry
from pooling.runs.aboard import EMPTY, after, free_room, room
from pooling.shipment import Shipment
from pooling.site import Site
from pooling.tour import Tour
from routing.loading import load_order
from routing.plan import PlannedVisit, Route
from routing.problem import Problem, Vehicle

STREETS_SHOWN = 4

ID_LETTERS, SPOKEN = 24, 7
"""Letters of an id after its kind, and how many of its last ones name the van: 3 × 10¹⁰ names for a day."""


@dataclass(frozen=True)
class _Van:
    """
    Hold what differs between a trip and a tour when it is frozen.

    Sites are named here, not looked up by their row of the matrix: sites at one point share a row.
    """

    id: str
    problem: Problem
    vehicle: Vehicle
    route: Route
    announced: Route | None
    driver: str
    title: str
    vehicle_name: str
    regime: Regime
    start_site: str
    end_site: str
    announced_sites: Mapping[str, str]


def freeze_day(plan: DayPlan, way: Way, attribution: str) -> tuple[Manifest, ...]:
    """Write a manifest for each trip with guests and for each confirmed tour."""
    day, problem = plan.day, plan.tour_problem
    trips = [freeze_trip(day, book, way, attribution) for book in plan.trips if book.guests or book.own]
    tours = [freeze_tour(day, problem, one.tour, one.route, way, attribution) for one in plan.tours]
    return (*trips, *tours)


def freeze_trip(day: Day, book: TripBook, way: Way, attribution: str) -> Manifest:
    """Write the manifest of one trip, its guests and its owner's own goods."""
    return _freeze(day, _trip_van(day, book), way, attribution)


def freeze_tour(day: Day, problem: Problem, tour: Tour, route: Route, way: Way, attribution: str) -> Manifest:
    """Write the manifest of one confirmed tour."""
    return _freeze(day, _tour_van(day, problem, tour, route), way, attribution)


def _trip_van(day: Day, book: TripBook) -> _Van:
    owner = day.parties[book.trip.owner].name
    return _Van(
        id=book.trip.id,
        problem=book.problem,
        vehicle=book.vehicle,
        route=book.route,
        announced=book.announced,
        driver=book.trip.driver,
        title=owner,
        vehicle_name=owner,
        regime=book.trip.regime,
        start_site=book.trip.stops[0].site,
        end_site=book.trip.stops[-1].site,
        announced_sites={
            announced.id: stop.site
            for announced, stop in zip(book.vehicle.announced, book.trip.stops, strict=True)
        },
    )


def _tour_van(day: Day, problem: Problem, tour: Tour, route: Route) -> _Van:
    carrier = day.parties[tour.carrier].name
    return _Van(
        id=tour.id,
        problem=problem,
        vehicle=problem.vehicle(tour.id),
        route=route,
        announced=None,
        driver=tour.driver,
        title=carrier,
        vehicle_name=carrier,
        regime=Regime.TRANSPORTEUR,
        start_site=tour.start_site,
        end_site=tour.end_site,
        announced_sites={},
    )


def _freeze(day: Day, van: _Van, way: Way, attribution: str) -> Manifest:
    route = van.route
    number = f"{day.clock.day:%Y%m%d}-{_called(van.id)}"
    halts = [list(visits) for _, visits in groupby(route.visits, key=lambda visit: visit.place)]
    rows = _rows(van.vehicle, [halt[0].place for halt in halts])
    announced = van.announced
    return Manifest(
        number=number,
        kind="tour" if announced is None else "trip",
        title=van.title,
        date=day.clock.day.isoformat(),
        region=day.region,
        timezone=day.clock.timezone,
        driver=van.driver,
        vehicle=van.vehicle_name,
        regime=van.regime.value,
        papers=papers_to_carry(van.regime),
        departs_from=day.sites[van.start_site].name,
        departs=day.clock.wall(route.leaves_s),
        ends=day.clock.wall(route.ends_s),
        ends_at=day.sites[van.end_site].name,
        distance_m=route.distance_m,
        drive_s=route.drive_s,
        detour_s=route.drive_s - announced.drive_s if announced else 0,
        detour_m=route.distance_m - announced.distance_m if announced else 0,
        room=room(van.vehicle),
        on_board_at_start=EMPTY,
        stops=_stops(day, van, halts, number, way),
        load_order=_load_places(day, van, halts),
        line=_line(rows, way),
        announced_line=_line(_rows(van.vehicle, [v.place for v in announced.visits]), way)
        if announced
        else (),
        attribution=attribution,
        next_day=_next_day(day, {"departs": route.leaves_s, "ends": route.ends_s}),
    )


def _called(van_id: str) -> str:
    """Name a van on papers: of an id of the house its last letters, which a person can read aloud."""
    _, mark, letters = van_id.partition("_")
    return letters[-SPOKEN:].upper() if mark and len(letters) == ID_LETTERS else van_id


def _next_day(day: Day, hours: Mapping[str, int | None]) -> tuple[str, ...]:
    """Name the hours that lie on the day that follows; the midnight between belongs to the day."""
    ends_s = day.clock.seconds("24:00")
    return tuple(sorted(name for name, at_s in hours.items() if at_s is not None and at_s > ends_s))


def _walls(day: Day, hours: Mapping[str, int | None]) -> dict[str, Any]:
    return {name: "" if at_s is None else day.clock.wall(at_s) for name, at_s in hours.items()}


def _stops(
    day: Day, van: _Van, halts: Sequence[Sequence[PlannedVisit]], number: str, way: Way
) -> tuple[ManifestStop, ...]:
    stops: list[ManifestStop] = []
    before, on_board = van.vehicle.start, EMPTY
    for at, halt in enumerate(halts, start=1):
        handlings = tuple(_handling(day, visit) for visit in halt if visit.task.kind in ("pickup", "drop"))
        on_board = after(on_board, handlings)
        leg = way(before, halt[0].place)
        from_s, until_s = _hours(day, van, halt)
        hours: dict[str, int | None] = {
            "arrives": halt[0].arrives_s,
            "begins": halt[0].begins_s,
            "leaves": halt[-1].leaves_s,
            "from_hour": from_s,
            "until_hour": until_s,
        }
        sites = [_site(day, van, visit) for visit in halt]
        stops.append(
            ManifestStop(
                number=at,
                code=f"{number}-{at:02d}",
                site=" · ".join(dict.fromkeys(site.name for site in sites)),
                lat=sites[0].place.lat,
                lon=sites[0].place.lon,
                **_walls(day, hours),
                next_day=_next_day(day, hours),
                own=any(visit.task.kind == "announced" for visit in halt),
                handlings=handlings,
                on_board=on_board,
                free=free_room(van.vehicle, halt[-1].load),
                leg_m=leg.distance_m,
                leg_s=leg.duration_s,
                streets=leg.streets[:STREETS_SHOWN],
                address=_of_all(sites, "address"),
                contact=_of_all(sites, "contact"),
                phone=_of_all(sites, "phone"),
                access=_of_all(sites, "access"),
            )
        )
        before = halt[0].place
    return tuple(stops)


def _site(day: Day, van: _Van, visit: PlannedVisit) -> Site:
    if visit.task.kind == "announced":
        return day.sites[van.announced_sites[visit.task.id]]
    shipment = day.shipment_by_id[visit.task.id]
    return day.sites[shipment.from_site if visit.task.kind == "pickup" else shipment.to_site]


def _of_all(sites: Sequence[Site], name: str) -> str:
    """Put together what a driver must know of the sites at one stop."""
    return " · ".join(dict.fromkeys(said for site in sites if (said := getattr(site, name))))


def _handling(day: Day, visit: PlannedVisit) -> Handling:
    shipment = day.shipment_by_id[visit.task.id]
    return Handling(
        shipment=shipment.id,
        way="on" if visit.task.kind == "pickup" else "off",
        crates=shipment.load.crates,
        kg=shipment.load.kg,
        temperature=shipment.load.temperature.value,
        shipper=day.parties[shipment.shipper].name,
        consignee=_consignee(day, shipment),
        goods=shipment.goods,
        food=shipment.food,
        tail_lift=shipment.tail_lift,
    )


def _consignee(day: Day, shipment: Shipment) -> str:
    return day.parties[day.sites[shipment.to_site].party].name


def _hours(day: Day, van: _Van, halt: Sequence[PlannedVisit]) -> tuple[int | None, int | None]:
    """Bound the hours in which every handling of a halt may begin; ``None`` where any hour will do."""
    windows = [_window(van, visit) for visit in halt]
    opens_s = max(opens for opens, _ in windows)
    closes_s = min(closes for _, closes in windows)
    day_ends_s = day.clock.seconds("24:00")
    bounds = closes_s < day_ends_s or day_ends_s < closes_s <= van.vehicle.shift.closes_s
    return opens_s if opens_s > 0 else None, closes_s if bounds else None


def _window(van: _Van, visit: PlannedVisit) -> tuple[int, int]:
    if visit.task.kind == "announced":
        handling = next(stop.visit for stop in van.vehicle.announced if stop.id == visit.task.id)
    else:
        request = van.problem.request(visit.task.id)
        handling = request.pickup if visit.task.kind == "pickup" else request.drop
    window = handling.window_at(visit.begins_s)
    return window.opens_s, window.closes_s


def _load_places(day: Day, van: _Van, halts: Sequence[Sequence[PlannedVisit]]) -> tuple[LoadPlace, ...]:
    stop = {visit.task: at for at, halt in enumerate(halts, start=1) for visit in halt}
    served = [visit.task.id for visit in van.route.visits if visit.task.kind == "drop"]
    compartments = {one: day.shipment_by_id[one].load.temperature.value for one in served}
    by_task = {(task.kind, task.id): at for task, at in stop.items()}
    return tuple(
        LoadPlace(
            compartment=berth.compartment,
            depth=berth.depth,
            shipment=berth.request,
            crates=day.shipment_by_id[berth.request].load.crates,
            on_at=by_task["pickup", berth.request],
            off_at=by_task["drop", berth.request],
            moved=berth.moved,
        )
        for berth in load_order(van.route, compartments)
    )


def _rows(vehicle: Vehicle, places: Sequence[int]) -> list[int]:
    return [vehicle.start, *places, *([] if vehicle.end is None else [vehicle.end])]


def _line(rows: Sequence[int], way: Way) -> tuple[tuple[float, float], ...]:
    points: list[tuple[float, float]] = []
    for a, b in pairwise(rows):
        if a != b:
            points += way(a, b).places
    return tuple(points)
