"""The command line: ``carriole demo``, ``carriole plan`` and ``carriole region``."""

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.text import Text

from api.address_commands import find_addresses, import_addresses
from api.figures import Figures, bad_line, figures, refused
from api.invented import FIRST, write_invented
from api.ledger import ledger_app
from api.morning import invent_morning
from api.papers import Words, words
from api.play import BadDay, FileDenied, Played, Wish, ground_of, play, write_result
from api.story import tell, tell_bad_lines
from api.worker import worker
from geodata.refusal import Refusal
from geodata.region import (
    EMBEDDED,
    build_region,
    build_region_of_place,
    check_region,
    list_regions,
    remove_region,
)
from pooling.intake import day_and_region
from pooling.tables import read_tables

DEFAULT_SEED = 2
REFUSED = 2
"""The exit status of a command whose input was refused."""

app = typer.Typer(
    name="carriole",
    help="Pool crates on trips that are made anyway and on shared tours, over the real road network.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,
)
region_app = typer.Typer(help="Build, list, check and remove road networks.", no_args_is_help=True)
app.add_typer(region_app, name="region")
app.add_typer(ledger_app, name="ledger")
app.command("worker")(worker)

OutOption = Annotated[Path, typer.Option(help="Folder for manifests, maps and figures.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print the result as one JSON object.")]
LanguageOption = Annotated[str, typer.Option("--lang", help="Language of story and papers: en or fr.")]
SecondsOption = Annotated[float, typer.Option(min=0.05, max=600, help="Longest time of each search.")]


@app.command()
def demo(
    seed: Annotated[int, typer.Option(min=0, help="Another seed plays another morning.")] = DEFAULT_SEED,
    out: OutOption = Path("out"),
    as_json: JsonOption = False,
    language: LanguageOption = "en",
    seconds: SecondsOption = 1.0,
) -> None:
    """Play one invented market morning on the embedded region, and write its papers."""
    with _refusing(language, as_json=as_json) as say, _progress() as report:
        report("region", 0.0)
        region = ground_of(EMBEDDED)
        day = write_invented(invent_morning(region, seed), out)
        played = _play(day, None, None, Wish(out, language, seconds), report)
        path = write_result(figures(played, say, seed), out)
    _tell_kept(day, out, say)
    _answer(played, say, path, seed=seed, as_json=as_json)


@app.command()
def plan(
    day: Annotated[Path, typer.Argument(help="A JSON file, or a folder of CSV tables.")],
    region: Annotated[str | None, typer.Option(help="A built region; else the one the day names.")] = None,
    on: Annotated[
        datetime | None, typer.Option("--date", formats=["%Y-%m-%d"], help="The day; else the day's own.")
    ] = None,
    out: OutOption = Path("out"),
    as_json: JsonOption = False,
    language: LanguageOption = "en",
    seconds: SecondsOption = 2.0,
) -> None:
    """Plan anybody's day on any built region, and write its papers."""
    with _refusing(language, as_json=as_json) as say, _progress() as report:
        played = _play(day, region, on.date() if on else None, Wish(out, language, seconds), report)
        path = write_result(figures(played, say), out)
    _answer(played, say, path, seed=None, as_json=as_json)


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")] = 8000,
    morning: Annotated[
        bool, typer.Option("--morning", help="Play a market morning into a new house.")
    ] = False,
    seed: Annotated[int, typer.Option(min=0, help="Another seed plays another morning.")] = DEFAULT_SEED,
    language: LanguageOption = "en",
) -> None:
    """Serve the API and the pages of this house."""
    from api.playing.opening import serve_morning
    from api.serving import must_be_free, serve_house
    from api.settings import settings

    with _refusing(language, as_json=False) as say:
        must_be_free(host, port)
        if morning:
            serve_morning(settings(), host, port, seed, say)
        else:
            serve_house(settings(), host, port)


@app.command()
def init(
    email: Annotated[str, typer.Option(help="The first operator's address.")],
    name: Annotated[str, typer.Option(help="Its name.")],
    party: Annotated[str, typer.Option(help="What the operating party is called.")] = "Carriole",
    language: LanguageOption = "en",
) -> None:
    """Found a house: make its tables and its first operator. Repeating it changes nothing."""
    from api.founding import init as found
    from api.settings import settings

    with _refusing(language, as_json=False) as say:
        told = found(settings(), email, name, party, say)
    _out().print(told, highlight=False, markup=False, soft_wrap=True)


@app.command()
def operator(
    email: Annotated[str, typer.Argument(help="Whose address.")],
    name: Annotated[str, typer.Option(help="Its name, where it is no member yet.")] = "",
    language: LanguageOption = "en",
) -> None:
    """Let a member, known or new, operate the house."""
    from api.founding import operator as make
    from api.settings import settings

    with _refusing(language, as_json=False) as say:
        told = make(settings(), email, name, say)
    _out().print(told, highlight=False, markup=False, soft_wrap=True)


@region_app.command("build")
def region_build(
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
    with _refusing(language, as_json=False), _progress() as report:
        if source is not None:
            built = build_region(name, source, progress=report)
        else:
            built = build_region_of_place(name, place or "", progress=report)
    meta = built.meta
    _out().print(
        f"{built.name}: {meta.junctions:,} junctions, {meta.arcs:,} arcs, {meta.km:,.0f} km; "
        f"{meta.connected_share:.1%} connected. {meta.attribution}",
        highlight=False,
        markup=False,
    )


@region_app.command("list")
def region_list() -> None:
    """List the built regions."""
    with _refusing("en", as_json=False):
        names = list_regions()
    for name in names:
        _out().print(name, highlight=False, markup=False)


@region_app.command("check")
def region_check(
    name: Annotated[str, typer.Argument(help="A built region.")] = EMBEDDED, language: LanguageOption = "en"
) -> None:
    """Tell what is suspicious about a region."""
    with _refusing(language, as_json=False):
        checked = check_region(name)
    meta = checked.meta
    _out().print(f"{name}: {meta.junctions:,} junctions, {meta.arcs:,} arcs, {meta.km:,.0f} km", markup=False)
    _out().print(f"connected: {meta.connected_share:.1%}; arcs kept: {meta.arcs_kept:,}")
    _out().print(f"arcs without a speed tag: {checked.arcs_without_speed_tag:,}")
    _out().print(f"turns barred: {meta.turns_barred}, left out: {meta.turns_left_out}")
    _out().print(f"places far from any road: {len(checked.places_far)}")


@region_app.command("remove")
def region_remove(
    name: Annotated[str, typer.Argument(help="A built region.")], language: LanguageOption = "en"
) -> None:
    """Remove a built region from disk."""
    with _refusing(language, as_json=False) as say:
        remove_region(name)
        removed = say.say("The built region {name} was removed.", name=name)
        anew = say.say("It ships with Carriole, and is built again when it is next opened.")
    _out().print(f"{removed} {anew}" if name == EMBEDDED else removed, highlight=False, markup=False)


@region_app.command("addresses")
def region_addresses(
    name: Annotated[str, typer.Argument(help="A built region.")],
    sources: Annotated[
        list[Path], typer.Argument(help="Files of the Base Adresse Nationale, .csv or .csv.gz.")
    ],
    language: LanguageOption = "en",
) -> None:
    """Import address files for a region, instead of those imported before."""
    with _refusing(language, as_json=False) as say, _progress() as report:
        import_addresses(name, sources, _out(), say, report)


@region_app.command("find")
def region_find(
    name: Annotated[str, typer.Argument(help="A built region.")],
    text: Annotated[str, typer.Argument(help="An address, degrees, or a link of a map.")],
    language: LanguageOption = "en",
) -> None:
    """Find an address in a region: one certain place, or candidates with their doubts."""
    from api.settings import settings

    with _refusing(language, as_json=False) as say:
        find_addresses(name, text, settings().geocoder_url, _out(), say)


def main() -> None:
    """Run the command line."""
    app()


def _play(
    path: Path, region_name: str | None, on: date | None, wish: Wish, report: Callable[[str, float], None]
) -> Played:
    tables = read_tables(path)
    clock, name = day_and_region(tables, on, region_name)
    return play(tables, clock, ground_of(name), wish, report)


def _answer(played: Played, say: Words, path: Path, *, seed: int | None, as_json: bool) -> None:
    if as_json:
        _print_json(figures(played, say, seed))
        return
    tell(_out(), played, say)
    index = path.parent / "manifests" / "index.html"
    where = say.say("Manifests: {index} · figures: {path}", index=index, path=path)
    _out().print(f"\n{where}", highlight=False, markup=False, soft_wrap=True)


def _tell_kept(day: Path, out: Path, say: Words) -> None:
    """Say where the morning was written, if not where an edited day stands."""
    if day.stem != FIRST:
        kept = say.say(
            "{edited} was edited, and kept; this morning is in {day}.", edited=out / FIRST, day=day
        )
        Console(stderr=True).print(kept, highlight=False, markup=False, soft_wrap=True)


@contextmanager
def _refusing(language: str, *, as_json: bool) -> Iterator[Words]:
    """Turn a refusal into a sentence (or an object) and the exit status 2."""
    say = words("en")
    try:
        say = words(language)
        yield say
    except BadDay as bad:
        if as_json:
            lines: list[object] = [bad_line(one, say) for one in bad.bad_lines]
            _print_json({"error": refused(bad.refusal, say), "bad_lines": lines})
        else:
            tell_bad_lines(Console(stderr=True), bad.bad_lines, say)
            _say_refused(bad.refusal, say)
        raise typer.Exit(REFUSED) from bad
    except Refusal as refusal:
        _refuse(refusal, say, as_json=as_json)
        raise typer.Exit(REFUSED) from refusal
    except OSError as error:
        denied = FileDenied(path=error.filename or "", detail=error.strerror or str(error))
        _refuse(denied, say, as_json=as_json)
        raise typer.Exit(REFUSED) from error


def _refuse(refusal: Refusal, say: Words, *, as_json: bool) -> None:
    if as_json:
        _print_json({"error": refused(refusal, say)})
    else:
        _say_refused(refusal, say)


def _say_refused(refusal: Refusal, say: Words) -> None:
    reason, cure = say.refusal(refusal)
    said = Text.assemble((reason, "red"), f" {cure} ", (f"({refusal.code})", "dim"))
    Console(stderr=True).print(said, soft_wrap=True)


@contextmanager
def _progress() -> Iterator[Callable[[str, float], None]]:
    """Show a bar on the terminal while something long runs; nothing where nobody watches."""
    columns = (TextColumn("{task.description:>10}"), BarColumn(), TimeElapsedColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("", total=1.0)
        yield lambda step, share: bar.update(task, description=step, completed=share)


def _out() -> Console:
    """Print to standard output: as wide as the terminal, or wide enough for the tables in a file."""
    return Console(width=None if sys.stdout.isatty() or "COLUMNS" in os.environ else 110)


def _print_json(result: Figures) -> None:
    sys.stdout.write(json.dumps(result, ensure_ascii=False, indent=1) + "\n")
