"""The commands ``carriole region``: build, list, show, check, use and remove road networks."""

from pathlib import Path
from typing import Annotated

import typer

from api.commands.address_commands import find_addresses, import_addresses
from api.commands.region_figures import check_figures, count_figures, list_figures
from api.commands.route_command import tell_way, vehicle_of, way_between, way_figures
from api.commands.terminal import JsonOption, LanguageOption, out_console, print_json, progress, refusing
from api.papers import Words
from api.papers.region_paper import must_be_known, write_region
from api.papers.region_picture import draw_region
from api.story.region import count_tables, tell_check, tell_counts, tell_list
from api.story.voice import Voice
from geodata.region import (
    EMBEDDED,
    Region,
    build_region,
    build_region_of_place,
    knows_no_turns,
    open_region,
    remove_region,
)
from geodata.region_check import checked
from geodata.region_counts import list_counts
from geodata.region_use import SETTING, chosen_region, leave_region, region_in_use, use_region

SUSPICIOUS = 1
"""The exit status of a strict check that found something suspicious."""

region_app = typer.Typer(help="Build, list, show, check, use and remove road networks.", no_args_is_help=True)

NameArgument = Annotated[str, typer.Argument(help="A built region.")]
UsualArgument = Annotated[
    str, typer.Argument(help="A built region; else the one in use.", show_default=False)
]


@region_app.command("build")
def build(
    name: Annotated[str, typer.Argument(help="What to call it: small letters, digits, - and _.")],
    source: Annotated[
        Path | None, typer.Argument(help="An .osm.pbf file, or a saved OSMnx .graphml.")
    ] = None,
    place: Annotated[str | None, typer.Option(help="A place to fetch by OSMnx: “Grenoble, France”.")] = None,
    language: LanguageOption = "en",
) -> None:
    """Build a region from a map file, a saved OSMnx graph, or the name of a place."""
    if (source is None) == (place is None):
        raise typer.BadParameter("Give either a file or --place.")
    with refusing(language, as_json=False) as say, progress(say, lines=True) as report:
        if source is not None:
            built = build_region(name, source, progress=report)
        else:
            built = build_region_of_place(name, place or "", progress=report)
    for line in _built(built, say):
        _say(line)


@region_app.command("list")
def list_built(as_json: JsonOption = False, language: LanguageOption = "en") -> None:
    """List the built regions, and tell which one is in use."""
    with refusing(language, as_json=as_json) as say:
        listed = list_counts()
        if as_json:
            print_json(list_figures(listed, say))
        else:
            tell_list(Voice(out_console(), say), listed)


@region_app.command("show")
def show(
    name: UsualArgument = "",
    out: Annotated[
        Path | None, typer.Option(help="The picture: FILE.svg, FILE.html or FILE.png; else NAME.svg.")
    ] = None,
    as_json: JsonOption = False,
    language: LanguageOption = "en",
) -> None:
    """Draw a region, and print its figures."""
    with refusing(language, as_json=as_json) as say:
        path = out or Path(f"{name or region_in_use()}.svg")
        must_be_known(path)
        with progress(say) as report:
            report("region", 0.0)
            region = open_region(name or region_in_use(), progress=report)
            report("drawing", 0.3)
            found = checked(region)
            tables = count_tables(found.counts, say)
            write_region(path, draw_region(region, found, say), found, tables, say)
        if as_json:
            print_json({**count_figures(found.counts), "picture": str(path)})
            return
        tell_counts(Voice(out_console(), say), found.counts)
        _say(f"\n{say.say('Picture: {path}', path=path)}")


@region_app.command("check")
def check(
    name: UsualArgument = "",
    strict: Annotated[bool, typer.Option("--strict", help="End with 1 if something is suspicious.")] = False,
    as_json: JsonOption = False,
    language: LanguageOption = "en",
) -> None:
    """Tell what is suspicious about a region, and what to do about it."""
    with refusing(language, as_json=as_json) as say:
        with progress(say) as report:
            found = checked(open_region(name or region_in_use(), progress=report))
        if as_json:
            print_json(check_figures(found, say))
        else:
            tell_check(Voice(out_console(), say), found)
    if strict and found.suspicious:
        raise typer.Exit(SUSPICIOUS)


@region_app.command("use")
def use(name: NameArgument, language: LanguageOption = "en") -> None:
    """Choose the region that is taken where none is named."""
    with refusing(language, as_json=False) as say:
        use_region(name)
        _say(say.say("{name} is taken from now on where no region is named.", name=name))
        stronger = region_in_use()
        if stronger != name:
            _say(say.say("But {setting} is set to {stronger}, and wins.", setting=SETTING, stronger=stronger))


@region_app.command("remove")
def remove(name: NameArgument, language: LanguageOption = "en") -> None:
    """Remove a built region from disk."""
    with refusing(language, as_json=False) as say:
        remove_region(name)
        _say(say.say("The built region {name} was removed.", name=name))
        if name == EMBEDDED:
            _say(say.say("It ships with Carriole, and is built again when it is next opened."))
        if leave_region(name):
            _say(say.say("It was the one in use; now it is {name} again.", name=chosen_region()))


@region_app.command("addresses")
def addresses(
    name: NameArgument,
    sources: Annotated[
        list[Path], typer.Argument(help="Files of the Base Adresse Nationale, .csv or .csv.gz.")
    ],
    language: LanguageOption = "en",
) -> None:
    """Import address files for a region, instead of those imported before."""
    with refusing(language, as_json=False) as say, progress(say, lines=True) as report:
        import_addresses(name, sources, out_console(), say, report)


@region_app.command("find")
def find(
    name: NameArgument,
    text: Annotated[str, typer.Argument(help="An address, degrees, or a link of a map.")],
    language: LanguageOption = "en",
) -> None:
    """Find an address in a region: one certain place, or candidates with their doubts."""
    from api.settings import settings

    with refusing(language, as_json=False) as say:
        find_addresses(name, text, settings().geocoder_url, out_console(), say)


@region_app.command("route")
def route(
    name: NameArgument,
    start: Annotated[str, typer.Argument(help="An address, degrees, or a link of a map.")],
    end: Annotated[str, typer.Argument(help="The same, where to go.")],
    vehicle: Annotated[
        str,
        typer.Option(help="small_van, refrigerated_van, car, cargo_bike, or a file of one's own: X.toml."),
    ] = "small_van",
    hour: Annotated[
        int | None, typer.Option(min=0, max=23, help="The local hour, where the table knows hours.")
    ] = None,
    as_json: JsonOption = False,
    language: LanguageOption = "en",
) -> None:
    """Tell the fastest way between two addresses: time, length, streets, and its line as GeoJSON."""
    with refusing(language, as_json=as_json) as say:
        told = way_between(open_region(name), (start, end), vehicle_of(vehicle), hour)
        if as_json:
            print_json(way_figures(told))
        else:
            tell_way(told, out_console(), say)


def _built(region: Region, say: Words) -> list[str]:
    meta = region.meta
    line = say.say(
        "{name}: {junctions} junctions, {arcs} arcs, {km} km; {percent} % connected.",
        name=region.name,
        junctions=say.number(meta.junctions),
        arcs=say.number(meta.arcs),
        km=say.number(meta.km),
        percent=say.number(100 * meta.connected_share, 1),
    )
    lines = [f"{line} {say.credit(meta.attribution)}"]
    if knows_no_turns(meta.source):
        lines.append(
            say.say("A saved graph knows no turn restrictions and no barriers: a map file (.osm.pbf) does.")
        )
    return [*lines, say.say("Look at it: carriole region check {name}", name=region.name)]


def _say(line: str) -> None:
    out_console().print(line, highlight=False, markup=False, soft_wrap=True)
