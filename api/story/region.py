"""A region told to a person at a terminal: the list of all, the figures of one, and what is suspicious."""

from collections.abc import Mapping, Sequence

from rich.text import Text

from api.papers import Words
from api.story.voice import Voice
from geodata.region_check import FarPlace, LostPart, RegionCheck
from geodata.region_counts import Listed, RegionCounts

SHOWN = 20
MEGABYTE = 1_000_000

Rows = list[tuple[str, str]]
Tables = list[tuple[str, Rows]]


def tell_list(voice: Voice, listed: Sequence[Listed]) -> None:
    """Print a line for each region; an asterisk marks the one in use."""
    say = voice.words
    table = voice.table(say.say("Region"), say.say("junctions"), "km", "MB")
    table.add_column(say.say("built"))
    table.add_column(say.say("vehicles"))
    for one in listed:
        table.add_row(*(Text(cell) for cell in _line(one, say)))
    voice.show(table)
    voice.line(say.say("* is taken where no region is named: carriole region use NAME"))


def tell_counts(voice: Voice, counts: RegionCounts) -> None:
    """Print the figures of a region, table by table."""
    for head, rows in count_tables(counts, voice.words):
        voice.head(head)
        voice.grid([(name, "", figure) for name, figure in rows])


def tell_check(voice: Voice, found: RegionCheck) -> None:
    """Print what was found about a region, each with what to do about it."""
    say, meta = voice.words, found.counts.meta
    voice.head(found.counts.name)
    voice.grid([(name, "", figure) for name, figure in check_rows(found, say)])
    _tell_findings(voice, found)
    if found.lost_parts:
        voice.head(say.say("Roads that cannot be reached from the others"))
        for part in found.lost_parts:
            voice.line(_lost(part, say))
    if found.places_far:
        voice.head(say.say("Places far from any road"))
        for number, far in enumerate(found.places_far[:SHOWN], start=1):
            voice.line(
                _far(far, say),
                lead=f"{number} {far.named.name}",
                aside=f"({far.warning.code})" if far.warning else "",
            )
        voice.more(found.places_far, SHOWN)
    voice.line(say.credit(meta.attribution), depth=0, style="dim")


def count_tables(counts: RegionCounts, say: Words) -> Tables:
    """Return the figures of a region as tables of a name and a figure, each under its head."""
    tables = [
        (counts.name, _whole(counts, say)),
        (say.say("Roads that a van may drive, km"), _figures(counts.km_by_class, say, digits=1)),
        (say.say("Named places"), _figures(counts.places, say)),
        (say.say("Barriers at junctions"), _barriers(counts, say)),
        (say.say("Where it comes from"), _origin(counts, say)),
    ]
    return [(head, rows) for head, rows in tables if rows]


def check_rows(found: RegionCheck, say: Words) -> Rows:
    """Return the shares that a check looks at."""
    counts, meta = found.counts, found.counts.meta
    unsigned_km = sum(found.unsigned_km.values())
    worst = ", ".join(
        f"{road_class} {say.number(km)}" for road_class, km in list(found.unsigned_km.items())[:4]
    )
    return [
        (say.say("junctions connected"), _percent(meta.connected_share, say)),
        (say.say("km connected"), _percent(1 - counts.km_lost / max(0.1, meta.km), say)),
        (say.say("km without a written speed limit"), _percent(unsigned_km / max(0.1, meta.km), say)),
        *([(say.say("most of them, km"), worst)] if worst else []),
        (say.say("km for the ends of a way only"), _percent(counts.km_ends_only / max(0.1, meta.km), say)),
        (say.say("turn restrictions heeded"), say.number(meta.turns_barred)),
        (say.say("turn restrictions left out"), say.number(meta.turns_left_out)),
        (say.say("named places"), say.number(sum(counts.places.values()))),
    ]


def _tell_findings(voice: Voice, found: RegionCheck) -> None:
    say = voice.words
    for head, wanted in ((say.say("Suspicious"), True), (say.say("Worth knowing"), False)):
        told = [finding.refusal for finding in found.findings if finding.suspicious is wanted]
        if told:
            voice.head(head)
        for refusal in told:
            voice.line(" ".join(say.refusal(refusal)), aside=f"({refusal.code})")
    if not found.suspicious:
        voice.head(say.say("Nothing is suspicious."))


def _line(one: Listed, say: Words) -> tuple[str, ...]:
    name = f"{one.name} *" if one.in_use else one.name
    if one.refusal is not None:
        return name, "", "", "", say.refusal(one.refusal)[0], ""
    if one.meta is None:
        return name, "", "", "", say.say("when it is first opened"), ""
    return (
        name,
        say.number(one.meta.junctions),
        say.number(one.meta.km),
        say.number(one.bytes_on_disk / MEGABYTE, 1),
        one.meta.built_at[:16].replace("T", " "),
        ", ".join(one.vehicles),
    )


def _whole(counts: RegionCounts, say: Words) -> Rows:
    meta = counts.meta
    return [
        (say.say("junctions"), say.number(meta.junctions)),
        (say.say("arcs"), say.number(meta.arcs)),
        ("km", say.number(meta.km, 1)),
        (say.say("junctions connected"), _percent(meta.connected_share, say)),
        (say.say("km that cannot be reached"), say.number(counts.km_lost, 1)),
        (say.say("km for the ends of a way only"), say.number(counts.km_ends_only, 1)),
        (say.say("ferries"), say.number(counts.ferries)),
        (say.say("turn restrictions heeded"), say.number(meta.turns_barred)),
        (say.say("turn restrictions left out"), say.number(meta.turns_left_out)),
    ]


def _barriers(counts: RegionCounts, say: Words) -> Rows:
    rows = _figures(counts.barriers, say)
    return [*rows, (say.say("closed to vans"), say.number(counts.barriers_closed))] if rows else []


def _origin(counts: RegionCounts, say: Words) -> Rows:
    meta = counts.meta
    return [
        (say.say("source"), meta.source),
        (say.say("built"), meta.built_at),
        (say.say("country of the speed limits"), meta.country),
        (say.say("size on disk, MB"), say.number(counts.bytes_on_disk / MEGABYTE, 1)),
        (say.say("vehicles worked out"), ", ".join(counts.vehicles)),
        (say.say("map"), say.credit(meta.attribution)),
    ]


def _figures(by_name: Mapping[str, float], say: Words, digits: int = 0) -> Rows:
    rows = list(by_name.items())
    told = [(name, say.number(figure, digits)) for name, figure in rows[:SHOWN]]
    rest = sum(figure for _, figure in rows[SHOWN:])
    return [*told, (say.say("others"), say.number(rest, digits))] if rest else told


def _lost(part: LostPart, say: Words) -> str:
    where = say.say(
        "{km} km at {lat}, {lon}", km=part.km, lat=f"{part.place.lat:.5f}", lon=f"{part.place.lon:.5f}"
    )
    near = say.say("near {name}", name=part.near) if part.near else ""
    return " · ".join(word for word in (where, near, part.street) if word)


def _far(far: FarPlace, say: Words) -> str:
    if far.warning is not None:
        return " ".join(say.refusal(far.warning))
    spot = f"{far.named.place.lat:.5f}, {far.named.place.lon:.5f}"
    return say.say(
        "{kind} at {spot}, {off_road_m} m", kind=far.named.kind, spot=spot, off_road_m=far.off_road_m
    )


def _percent(share: float, say: Words) -> str:
    return f"{say.number(100 * share, 1)} %"
