"""Small named manifests: a trip with one guest stop too many to forget, and a long harvest tour."""

from dataclasses import replace
from functools import cache
from itertools import pairwise

from geodata.streets import Streets, streets_of
from pooling.manifest import FreeRoom, Handling, LoadPlace, Manifest, ManifestStop, OnBoard

ATTRIBUTION = "© OpenStreetMap contributors (ODbL)"


NO_STREETS = streets_of(())


@cache
def grid_streets() -> Streets:
    """Lay a grid of roads over Nice and Monaco: an avenue every fifth row, lanes between."""
    return streets_of(_grid())


def _grid():
    lats = [43.66 + 0.005 * row for row in range(33)]
    lons = [7.15 + 0.007 * column for column in range(49)]
    for row, lat in enumerate(lats):
        kind = "primary" if row % 5 == 0 else "residential"
        for west, east in pairwise(lons):
            yield kind, ((lat, west), (lat + 0.0004, (west + east) / 2), (lat, east))
    for column, lon in enumerate(lons):
        kind = "secondary" if column % 6 == 0 else "service"
        for south, north in pairwise(lats):
            yield kind, ((south, lon), (north, lon))


def friday_trip() -> Manifest:
    """Return a trip from L'Escarène to Monaco: own eggs to the market, a guest's cheese on the way."""
    stops = (
        ManifestStop(
            number=1,
            code="A",
            site="Ferme des Oliviers, L'Escarène",
            lat=43.8349,
            lon=7.3555,
            arrives="05:10",
            begins="05:15",
            leaves="05:25",
            from_hour="05:15",
            until_hour="06:30",
            own=True,
            handlings=(
                Handling("T7-001", "on", 8, 64, "ambient", "Ferme des Oliviers", "Marché de la Condamine"),
            ),
            on_board=OnBoard(8, 0, 0, 64),
            free=FreeRoom(22, 12, 0, 536),
            leg_m=0,
            leg_s=0,
            streets=(),
        ),
        ManifestStop(
            number=2,
            code="B",
            site="Chèvrerie du Mont Agel",
            lat=43.7702,
            lon=7.4195,
            arrives="06:02",
            begins="06:02",
            leaves="06:10",
            from_hour="",
            until_hour="07:00",
            own=False,
            handlings=(
                Handling("T7-002", "on", 5, 40, "chilled", "Chèvrerie du Mont Agel", "Restaurant du Port"),
            ),
            on_board=OnBoard(8, 5, 0, 104),
            free=FreeRoom(10, 7, 0, 496),
            leg_m=18_420,
            leg_s=2_220,
            streets=("D2204", "Route de la Turbie", "D53"),
        ),
        ManifestStop(
            number=3,
            code="C",
            site="Marché de la Condamine",
            lat=43.7335,
            lon=7.4192,
            arrives="06:34",
            begins="06:40",
            leaves="06:58",
            from_hour="06:40",
            until_hour="08:00",
            own=True,
            handlings=(
                Handling("T7-001", "off", 8, 64, "ambient", "Ferme des Oliviers", "Marché de la Condamine"),
                Handling("T7-002", "off", 5, 40, "chilled", "Chèvrerie du Mont Agel", "Restaurant du Port"),
            ),
            on_board=OnBoard(0, 0, 0, 0),
            free=FreeRoom(0, 0, 0, 0),
            leg_m=9_870,
            leg_s=1_440,
            streets=("D37", "Boulevard du Jardin Exotique"),
        ),
    )
    return Manifest(
        number="T7-2026-10-16",
        kind="trip",
        title="L'Escarène – Monaco",
        date="2026-10-16",
        region="riviera",
        timezone="Europe/Paris",
        driver="Mireille Orengo",
        vehicle="Kangoo, AB-123-CD",
        regime="cotransport_agricole",
        papers=("Delivery note (justificatif)", "Note of shared costs"),
        departs_from="Ferme des Oliviers, L'Escarène",
        ends_at="Ferme des Oliviers, L'Escarène",
        departs="05:10",
        ends="07:50",
        distance_m=52_340,
        drive_s=5_940,
        detour_s=540,
        detour_m=4_300,
        room=OnBoard(30, 12, 0, 600),
        on_board_at_start=OnBoard(0, 0, 0, 0),
        stops=stops,
        load_order=(
            LoadPlace("ambient", 1, "T7-001", 8, 1, 3, 0),
            LoadPlace("chilled", 1, "T7-002", 5, 2, 3, 0),
        ),
        line=(
            (43.8349, 7.3555),
            (43.8100, 7.3700),
            (43.7900, 7.3900),
            (43.7702, 7.4195),
            (43.7500, 7.4050),
            (43.7400, 7.4100),
            (43.7335, 7.4192),
        ),
        announced_line=(
            (43.8349, 7.3555),
            (43.8100, 7.3700),
            (43.7900, 7.3900),
            (43.7500, 7.4050),
            (43.7400, 7.4100),
            (43.7335, 7.4192),
        ),
        attribution=ATTRIBUTION,
    )


FARMS = (
    ("Les Jardins de la Vésubie", 43.842, 7.202),
    ("Ferme du Vallon Obscur", 43.774, 7.238),
    ("GAEC des Deux Collines", 43.808, 7.251),
    ("Maraîchage Bellet & Fils", 43.742, 7.203),
    ("La Bergerie de Châteauneuf-Villevieille", 43.821, 7.283),
    ("Le Rucher de Peille", 43.803, 7.402),
    ("Moulin à huile de Contes", 43.812, 7.314),
    ("Les Agrumes de Menton", 43.782, 7.494),
    ("Ferme Saint-Pancrace", 43.752, 7.244),
    ("Coopérative des Paillons", 43.786, 7.296),
    ("Verger de Gorbio", 43.787, 7.444),
    ("Le Potager d'Aspremont", 43.785, 7.242),
)
TABLES = (
    ("Marché de la Libération", 43.7102, 7.2625),
    ("Épicerie Lympia", 43.6985, 7.2847),
    ("Restaurant La Petite Maison du Port et de la Mer", 43.6962, 7.2858),
    ("Cantine Jean-Moulin", 43.7168, 7.2801),
    ("Halle de la Gare du Sud", 43.7097, 7.2640),
    ("Brasserie de Villefranche", 43.7045, 7.3120),
    ("Le Bistrot d'Èze", 43.7275, 7.3620),
    ("Primeur de Beaulieu", 43.7070, 7.3315),
    ("Hôtel du Cap", 43.6880, 7.3330),
    ("Le Comptoir de La Turbie", 43.7457, 7.4010),
    ("Marché de la Condamine", 43.7335, 7.4192),
    ("Les Halles de Menton", 43.7748, 7.5045),
)


def harvest_tour() -> Manifest:
    """Return a tour of 24 stops: twelve farms before six o'clock, then twelve tables."""
    classes = ("ambient", "chilled", "frozen")
    loads = [
        (f"S-{1041 + at}", 3 + at * 5 % 14, classes[0 if at % 5 else 1 + at // 5 % 2], farm[0], table[0])
        for at, (farm, table) in enumerate(zip(FARMS, TABLES, strict=True))
    ]
    stops: list[ManifestStop] = []
    on_board = OnBoard(0, 0, 0, 0)
    minute = 4 * 60 + 20
    for number, (site, lat, lon) in enumerate((*FARMS, *TABLES), start=1):
        loading = number <= len(FARMS)
        code, crates, temperature, shipper, consignee = loads[(number - 1) % len(FARMS)]
        sign = 1 if loading else -1
        field = f"{temperature}_crates"
        on_board = replace(
            on_board,
            **{field: getattr(on_board, field) + sign * crates, "kg": on_board.kg + sign * crates * 8},
        )
        arrives = minute + 11
        minute = arrives + 7 + crates // 3
        handling = Handling(
            code, "on" if loading else "off", crates, crates * 8, temperature, shipper, consignee
        )
        stops.append(
            ManifestStop(
                number=number,
                code=f"H{number:02}",
                site=site,
                lat=lat,
                lon=lon,
                arrives=_wall(arrives),
                begins=_wall(arrives),
                leaves=_wall(minute),
                from_hour="" if number % 3 else "05:00",
                until_hour="" if number % 4 == 1 else "09:30",
                own=False,
                handlings=(handling,),
                on_board=on_board,
                free=FreeRoom(
                    120 - on_board.ambient_crates,
                    30 - on_board.chilled_crates,
                    20 - on_board.frozen_crates,
                    1_200 - on_board.kg,
                ),
                leg_m=1_250 * number % 9_700 + 800,
                leg_s=660,
                streets=("Route de Grenoble", "D6202", "Avenue du Général-de-Gaulle")[: number % 4],
            )
        )
    line = tuple((stop.lat, stop.lon) for stop in stops)
    places = [
        LoadPlace(temperature, 12 - at, code, crates, at + 1, at + 13, at % 4 // 3)
        for at, (code, crates, temperature, _, _) in enumerate(loads)
    ]
    return Manifest(
        number="R12-2026-10-17",
        kind="tour",
        title="Récolte du samedi : les Paillons, Nice, Monaco et Menton",
        date="2026-10-17",
        region="riviera",
        timezone="Europe/Paris",
        driver="Karim Benali",
        vehicle="Fourgon 12 m³ trois températures, CD-456-EF",
        regime="transporteur",
        papers=("Waybill (lettre de voiture)", "Carrier's licence (copy)"),
        departs_from="Plateforme de Carros",
        ends_at="Plateforme de Carros",
        departs="04:20",
        ends="13:05",
        distance_m=143_700,
        drive_s=17_160,
        detour_s=0,
        detour_m=0,
        room=OnBoard(120, 30, 20, 1_200),
        on_board_at_start=OnBoard(0, 0, 0, 0),
        stops=tuple(stops),
        load_order=tuple(sorted(places, key=lambda place: (place.compartment, place.depth))),
        line=line,
        announced_line=(),
        attribution=ATTRIBUTION,
    )


def _wall(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def stranger() -> Manifest:
    """Return the trip again with names that try to be markup, and a number that tries to be a path."""
    trip = friday_trip()
    evil = '<script>alert(1)</script> & "quotes" #eval("1") $x$ *b* `r` \\ {{ 7*7 }} {facts}'
    first, second, third = trip.stops
    return replace(
        trip,
        number="../../etc/<pass>wd",
        title=evil,
        driver=evil,
        stops=(replace(first, site=evil, streets=(evil,)), second, third),
    )


def crowded_stop() -> Manifest:
    """Return the trip with sixty shipments handed over at its last stop, more than a page holds."""
    trip = friday_trip()
    last = trip.stops[-1]
    many = tuple(replace(last.handlings[0], shipment=f"X-{at:03}") for at in range(60))
    return replace(trip, stops=(*trip.stops[:-1], replace(last, handlings=many)))
