"""The command line: ``carriole demo``, ``carriole plan``, ``carriole serve``, and groups of commands."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from api.commands.clearing import clearing_app
from api.commands.cost_command import cost
from api.commands.custody import custody_app
from api.commands.figures import figures
from api.commands.invented import FIRST, write_invented
from api.commands.ledger import ledger_app
from api.commands.morning import invent_morning
from api.commands.play import Played, Wish, ground_of, play, write_result
from api.commands.regions import region_app
from api.commands.terminal import JsonOption, LanguageOption, out_console, print_json, progress, refusing
from api.commands.worker import worker
from api.papers import Words
from api.story import tell
from geodata.region import EMBEDDED, open_region
from geodata.region_use import region_in_use
from pooling.files.tables import read_tables
from pooling.intake import day_and_region

DEFAULT_SEED = 2

app = typer.Typer(
    name="carriole",
    help="Pool crates on trips that are made anyway and on shared tours, over the real road network.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,
)
app.add_typer(region_app, name="region")
app.add_typer(ledger_app, name="ledger")
app.add_typer(custody_app, name="custody")
app.add_typer(clearing_app, name="clearing")
app.command("worker")(worker)
app.command("cost")(cost)

OutOption = Annotated[Path, typer.Option(help="Folder for manifests, maps and figures.")]
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
    with refusing(language, as_json=as_json) as say, progress(say) as report:
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
    region: Annotated[
        str | None, typer.Option(help="A built region; else the one that the day names, or the one in use.")
    ] = None,
    on: Annotated[
        datetime | None, typer.Option("--date", formats=["%Y-%m-%d"], help="The day; else the day's own.")
    ] = None,
    out: OutOption = Path("out"),
    as_json: JsonOption = False,
    language: LanguageOption = "en",
    seconds: SecondsOption = 2.0,
) -> None:
    """Plan anybody's day on any built region, and write its papers."""
    with refusing(language, as_json=as_json) as say, progress(say) as report:
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
    from api.commands.serving import must_be_free, serve_house
    from api.playing.opening import serve_morning
    from api.settings import settings

    with refusing(language, as_json=False) as say:
        must_be_free(host, port)
        if morning:
            serve_morning(replace(settings(), region=EMBEDDED), host, port, seed, say)
        else:
            told = settings()
            open_region(told.region)  # refused here in a sentence, rather than by the server in a traceback
            serve_house(told, host, port)


@app.command()
def init(
    email: Annotated[str, typer.Option(help="The first operator's address.")],
    name: Annotated[str, typer.Option(help="Its name.")],
    party: Annotated[str, typer.Option(help="What the operating party is called.")] = "Carriole",
    language: LanguageOption = "en",
) -> None:
    """Found a house: make its tables and its first operator. Repeating it changes nothing."""
    from api.commands.founding import init as found
    from api.settings import settings

    with refusing(language, as_json=False) as say:
        told = found(settings(), email, name, party, say)
    out_console().print(told, highlight=False, markup=False, soft_wrap=True)


@app.command()
def operator(
    email: Annotated[str, typer.Argument(help="Whose address.")],
    name: Annotated[str, typer.Option(help="Its name, where it is no member yet.")] = "",
    language: LanguageOption = "en",
) -> None:
    """Let a member, known or new, operate the house."""
    from api.commands.founding import operator as make
    from api.settings import settings

    with refusing(language, as_json=False) as say:
        told = make(settings(), email, name, say)
    out_console().print(told, highlight=False, markup=False, soft_wrap=True)


def main() -> None:
    """Run the command line."""
    app()


def _play(
    path: Path, region_name: str | None, on: date | None, wish: Wish, report: Callable[[str, float], None]
) -> Played:
    tables = read_tables(path)
    clock, name = day_and_region(tables, on, region_name, usual=region_in_use())
    return play(tables, clock, ground_of(name), wish, report)


def _answer(played: Played, say: Words, path: Path, *, seed: int | None, as_json: bool) -> None:
    if as_json:
        print_json(figures(played, say, seed))
        return
    tell(out_console(), played, say)
    index = path.parent / "manifests" / "index.html"
    where = say.say("Manifests: {index} · figures: {path}", index=index, path=path)
    out_console().print(f"\n{where}", highlight=False, markup=False, soft_wrap=True)


def _tell_kept(day: Path, out: Path, say: Words) -> None:
    """Say where the morning was written, if not where an edited day stands."""
    if day.stem != FIRST:
        kept = say.say(
            "{edited} was edited, and kept; this morning is in {day}.", edited=out / FIRST, day=day
        )
        Console(stderr=True).print(kept, highlight=False, markup=False, soft_wrap=True)
