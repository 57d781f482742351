"""Sites and their parties: each with a place on the map and hours in which somebody is there."""

from collections.abc import Callable, Mapping, Sequence

from geodata.place import Place
from geodata.refusal import Refusal
from pooling.intake.reading import Reading
from pooling.line import Line
from pooling.party import Party, Role
from pooling.rawline import RawLine
from pooling.site import Site

SITES_LIMIT = 2_000

Locate = Callable[[Sequence[Place]], Mapping[int, Refusal]]
"""Tell which of some places cannot be reached by road, and why."""


class TooManySites(Refusal):
    code = "too_many_sites"
    reason = "The day has {count} sites; at most {limit} are planned in one run."
    cure = "Split the day by area."


def read_sites(reading: Reading, lines: Sequence[RawLine], locate: Locate) -> None:
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


def _site(reading: Reading, line: Line, names: Mapping[str, object]) -> tuple[Site, Party]:
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
