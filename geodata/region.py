"""
A named region: a road network with its places, built once from a map file and opened in well under a second.

The region ``riviera`` ships with Carriole; it is built when it is first opened, and again whenever its
source, the speeds or the built form have changed.
"""

import hashlib
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import cached_property
from importlib.resources import as_file, files
from pathlib import Path

import numpy as np

from geodata.address_files import drop_addresses
from geodata.driving import Driving, VehicleWithoutRoads, drive, slowed
from geodata.gazetteer import Gazetteer, NamedPlace, gazetteer_of
from geodata.home import home_folder
from geodata.joining import RegionWithoutRoads, join_streets
from geodata.osm import RegionFileUnreadable, read_osm
from geodata.place import Place
from geodata.profiles import SMALL_VAN, Profile
from geodata.reading import watched
from geodata.refusal import Refusal
from geodata.region_files import RegionCorrupt, RegionNotWritten, RegionOutdated, Shelf, Stored
from geodata.roadmap import RoadMap
from geodata.roads import RoadNetwork
from geodata.shelving import opened_driving, opened_map, stored_driving, stored_map
from geodata.survey import Survey

EMBEDDED = "riviera"
ATTRIBUTION = "© OpenStreetMap contributors"
"""The line that the Open Database Licence asks for, wherever a map or a figure from it is shown."""

NAME_PATTERN = re.compile(r"[a-z0-9_-]{1,40}")
GRAPH_ENDING = ".graphml"
PLACE_OPTION = "--place"
VEHICLE_PATTERN = re.compile(r"[a-z0-9_]+-[0-9a-f]{8}")
"""How a profile's fingerprint is written: without the dash that a region's name may hold."""

SCANNED_AT, JOINED_FROM, DRIVEN_FROM, WRITTEN_FROM = 0.45, 0.65, 0.93, 0.96
"""Which share of a build's time lies behind it when a step begins; ordering at 0.7."""

Progress = Callable[[str, float], None]


class RegionNameBad(Refusal):
    code = "region_name_bad"
    reason = "“{name}” is no name for a region."
    cure = "Use 1 to 40 of: small letters without accents, digits, - and _."


class RegionNameTaken(Refusal):
    code = "region_name_taken"
    reason = "The name {name} belongs to the region that ships with Carriole."
    cure = "Choose another name."


class RegionUnknown(Refusal):
    code = "region_unknown"
    reason = "There is no region {name}; built ones: {built}."
    cure = "Choose one of these, or build it: carriole region build {name} FILE"


@dataclass(frozen=True)
class RegionMeta:
    """
    Hold what is known of a build.

    ``junctions``, ``arcs`` and ``km`` count the roads that a small van may drive, and
    ``connected_share`` is the share of these junctions that it reaches from anywhere and leaves for anywhere;
    ``arcs_kept`` and ``km_kept`` are the roads there.
    """

    junctions: int
    arcs: int
    km: float
    connected_share: float
    arcs_kept: int
    km_kept: float
    turns_barred: int
    turns_left_out: int
    country: str
    source: str
    sha256: str
    built_at: str = ""
    attribution: str = ATTRIBUTION


@dataclass(frozen=True, eq=False)
class Region:
    """Hold a region, opened: its roads, its names, where it came from."""

    name: str
    map: RoadMap
    gazetteer: Gazetteer
    meta: RegionMeta
    shelf: Shelf

    @cached_property
    def roads(self) -> RoadNetwork:
        """Return the roads as a small van drives them."""
        return self.roads_of(SMALL_VAN)

    def roads_of(self, profile: Profile, hour: int | None = None) -> RoadNetwork:
        """
        Return the roads as a vehicle drives them, at an hour of the day where its profile knows hours.

        Worked out in about a second for a French region, and kept on disk for the next time.
        """
        driving = self._driving(profile)
        factors = [1.0 if hour is None else profile.factor(one, hour) for one in self.map.class_of_traits]
        if any(factor != 1.0 for factor in factors):
            driving = slowed(self.map, driving, factors)
        return RoadNetwork(self.map, driving)

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """Return south, west, north, east in degrees."""
        return self.roads.bounds

    def keep(self, profile: Profile, driving: Driving) -> None:
        """Write down how a vehicle drives, for the next time; a disk that is full or closed is borne."""
        facts = {"build": self._build, "source": self.meta.source}
        with suppress(RegionNotWritten):
            self.shelf.vehicles.put(f"{self.name}-{profile.fingerprint}", stored_driving(driving, facts))

    @property
    def _build(self) -> str:
        return f"{self.meta.sha256} {self.meta.built_at}"

    def _driving(self, profile: Profile) -> Driving:
        kept, name = self.shelf.vehicles, f"{self.name}-{profile.fingerprint}"
        try:
            if kept.facts(name)["build"] == self._build:
                return opened_driving(kept.get(name), self.map)
        except (OSError, RegionCorrupt, RegionOutdated):
            pass
        driving = drive(self.map, profile)
        self.keep(profile, driving)
        return driving


def build_region(
    name: str, source_path: str | Path, *, home: Path | None = None, progress: Progress | None = None
) -> Region:
    """
    Build a region from a map file and keep it under a name; one of that name is replaced whole.

    ``.graphml`` is read as a saved OSMnx graph, everything else by osmium. A build that is
    killed leaves the former region as it was. Costs about 1 s per 10,000 junctions. Refused with
    ``region_name_bad``, ``region_name_taken``, ``region_file_unreadable`` or ``region_without_roads``.
    """
    source = Path(source_path)
    shelf = _shelf(home, name)
    if source.is_dir():
        raise RegionFileUnreadable(file=str(source), detail="it is a folder")
    with watched(source, lambda share: _tell(progress, "reading", SCANNED_AT * min(1.0, share))):
        survey = _read(source)
    sha256 = _sha256(source)
    if name == EMBEDDED and sha256 != _embedded_sha256():
        raise RegionNameTaken(name=name)
    return keep_survey(name, survey, str(source), sha256, shelf=shelf, progress=progress)


def build_region_of_place(
    name: str, place: str, *, home: Path | None = None, progress: Progress | None = None
) -> Region:
    """
    Build a region from the name of a town or district, which OSMnx fetches over the network.

    Refused with ``place_needs_network``, ``place_not_found``, or as a build from a file.
    """
    from geodata.osmnx_graph import read_place

    shelf = _shelf(home, name)
    if name == EMBEDDED:
        raise RegionNameTaken(name=name)
    _tell(progress, "reading", 0.0)
    survey = read_place(place, cache=home_folder(home) / "osmnx")
    sha256 = hashlib.sha256(repr(survey.streets).encode()).hexdigest()
    return keep_survey(name, survey, f"{PLACE_OPTION} {place!r}", sha256, shelf=shelf, progress=progress)


def open_region(
    name: str = EMBEDDED, *, home: Path | None = None, progress: Progress | None = None
) -> Region:
    """
    Open a built region; the arrays stay on disk until they are used.

    Refused with ``region_unknown``, ``region_corrupt`` or ``region_outdated``; the embedded region
    is built anew instead.
    """
    shelf = _shelf(home, name)
    if name == EMBEDDED:
        return _open_embedded(shelf, home, progress)
    try:
        return _opened(name, shelf.get(name), shelf)
    except FileNotFoundError as missing:
        raise RegionUnknown(name=name, built=", ".join(list_regions(home=home))) from missing


def list_regions(*, home: Path | None = None) -> tuple[str, ...]:
    """Return the names of the built regions, and of the embedded one whether built or not."""
    return tuple(sorted({EMBEDDED, *_shelf(home).names()}))


def remove_region(name: str, *, home: Path | None = None) -> None:
    """
    Take a built region from the disk, with its addresses; the embedded one may be built anew.

    Refused with ``region_unknown`` where there is none.
    """
    shelf = _shelf(home, name)
    if name not in (EMBEDDED, *shelf.names()):
        raise RegionUnknown(name=name, built=", ".join(list_regions(home=home)))
    shelf.drop(name)
    _drop_vehicles(shelf, name)
    drop_addresses(addresses_folder(home), name)


def addresses_folder(home: Path | None = None) -> Path:
    """Return the folder of the address tables, which need not exist yet."""
    return home_folder(home) / "addresses"


def keep_survey(
    name: str, survey: Survey, source: str, sha256: str, *, shelf: Shelf, progress: Progress | None = None
) -> Region:
    """Join a survey, write it to the shelf and open it from there."""
    _tell(progress, "joining", JOINED_FROM)
    roads = join_streets(survey, file=source, progress=progress)
    _tell(progress, "driving", DRIVEN_FROM)
    try:
        driving = drive(roads, SMALL_VAN)
    except VehicleWithoutRoads as none:
        raise RegionWithoutRoads(file=source) from none
    meta = _meta(survey, roads, driving, source, sha256)
    stored = _stored(roads, gazetteer_of(survey.places), meta)
    left = 1 - WRITTEN_FROM
    shelf.put(name, stored, tell=lambda share: _tell(progress, "writing", WRITTEN_FROM + left * share))
    _drop_vehicles(shelf, name)
    region = _opened(name, shelf.get(name), shelf)
    region.keep(SMALL_VAN, driving)
    _tell(progress, "done", 1.0)
    return region


def knows_no_turns(source: str) -> bool:
    """Tell whether a region was made by OSMnx, whose graphs hold neither turn restrictions nor barriers."""
    return source.endswith(GRAPH_ENDING) or source.startswith(PLACE_OPTION)


def vehicles_of(shelf: Shelf, name: str) -> tuple[str, ...]:
    """Return what was worked out for the vehicles of a region: names on the shelf of vehicles."""
    kept = (vehicle for vehicle in shelf.vehicles.names() if vehicle.startswith(f"{name}-"))
    return tuple(vehicle for vehicle in kept if VEHICLE_PATTERN.fullmatch(vehicle.removeprefix(f"{name}-")))


def _drop_vehicles(shelf: Shelf, name: str) -> None:
    for vehicle in vehicles_of(shelf, name):
        shelf.vehicles.drop(vehicle)


def _open_embedded(shelf: Shelf, home: Path | None, progress: Progress | None) -> Region:
    try:
        if shelf.facts(EMBEDDED)["sha256"] == _embedded_sha256():
            return _opened(EMBEDDED, shelf.get(EMBEDDED), shelf)
    except (FileNotFoundError, RegionCorrupt, RegionOutdated):
        pass
    with as_file(files("geodata") / "data" / f"{EMBEDDED}.osm.pbf") as source:
        return build_region(EMBEDDED, source, home=home, progress=progress)


def _read(source: Path) -> Survey:
    if source.suffix == GRAPH_ENDING:
        from geodata.osmnx_graph import read_graphml

        return read_graphml(source)
    return read_osm(source)


def _meta(survey: Survey, roads: RoadMap, driving: Driving, source: str, sha256: str) -> RegionMeta:
    edges = roads.edges
    driven = np.isfinite(driving.arc_s)
    on_driven, on_kept = (
        np.unique(np.concatenate([edges.tail[chosen], edges.head[chosen]]))
        for chosen in (driven.reshape(-1, 2).any(axis=1), driving.connected)
    )
    return RegionMeta(
        junctions=len(on_driven),
        arcs=int(driven.sum()),
        km=round(float(edges.length_m[driven.reshape(-1, 2).any(axis=1)].sum()) / 1000, 1),
        connected_share=round(len(on_kept) / max(1, len(on_driven)), 4),
        arcs_kept=int(driven.reshape(-1, 2)[driving.connected].sum()),
        km_kept=round(float(edges.length_m[driving.connected].sum()) / 1000, 1),
        turns_barred=len(survey.barred),
        turns_left_out=survey.turns_left_out,
        country=survey.country,
        source=source,
        sha256=sha256,
    )


def _stored(roads: RoadMap, gazetteer: Gazetteer, meta: RegionMeta) -> Stored:
    places = [[named.name, named.kind, named.place.lat, named.place.lon] for named in gazetteer.places]
    return stored_map(roads, asdict(meta), {"places": places})


def _opened(name: str, stored: Stored, shelf: Shelf) -> Region:
    places = tuple(
        NamedPlace(title, kind, Place(lat=lat, lon=lon, name=title))
        for title, kind, lat, lon in stored.texts["places"]
    )
    return Region(name, opened_map(stored), Gazetteer(places), RegionMeta(**stored.facts), shelf)


def _shelf(home: Path | None, name: str = EMBEDDED) -> Shelf:
    if not NAME_PATTERN.fullmatch(name):
        raise RegionNameBad(name=name)
    return Shelf(home_folder(home) / "regions")


def _embedded_sha256() -> str:
    return hashlib.sha256((files("geodata") / "data" / f"{EMBEDDED}.osm.pbf").read_bytes()).hexdigest()


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _tell(progress: Progress | None, step: str, share: float) -> None:
    if progress is not None:
        progress(step, share)
