"""What every command shares at the terminal: words, refusals with their exit status, a bar, JSON."""

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn
from rich.text import Text

from api.commands.figures import Figures, bad_line, refused
from api.commands.play import BadDay, FileDenied
from api.papers import Words, words
from api.papers.words import message
from api.story import tell_bad_lines
from geodata.refusal import Refusal

REFUSED = 2
"""The exit status of a command whose input was refused."""

STEPS = {
    "region": message("region"),
    "reading": message("reading"),
    "joining": message("joining"),
    "ordering": message("ordering"),
    "driving": message("driving"),
    "writing": message("writing"),
    "drawing": message("drawing"),
    "matrix": message("matrix"),
    "alone": message("alone"),
    "trips": message("trips"),
    "tours": message("tours"),
    "reasons": message("reasons"),
    "papers": message("papers"),
    "done": message("done"),
}
"""What the steps of long work are called; others are shown by their own name."""

JsonOption = Annotated[bool, typer.Option("--json", help="Print the result as one JSON object.")]
LanguageOption = Annotated[str, typer.Option("--lang", help="Language of what is said: en or fr.")]

Report = Callable[[str, float], None]


@contextmanager
def refusing(language: str, *, as_json: bool) -> Iterator[Words]:
    """Turn a refusal into a sentence (or an object) and the exit status 2."""
    say = words("en")
    try:
        say = words(language)
        yield say
    except BadDay as bad:
        if as_json:
            lines: list[object] = [bad_line(one, say) for one in bad.bad_lines]
            print_json({"error": refused(bad.refusal, say), "bad_lines": lines})
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
        print_json({"error": refused(refusal, say)})
    else:
        _say_refused(refusal, say)


def _say_refused(refusal: Refusal, say: Words) -> None:
    reason, cure = say.refusal(refusal)
    said = Text.assemble((reason, "red"), f" {cure} ", (f"({refusal.code})", "dim"))
    Console(stderr=True).print(said, soft_wrap=True)


@contextmanager
def progress(say: Words, *, lines: bool = False) -> Iterator[Report]:
    """
    Show a bar with its share and the time since it began, while something long runs.

    Where nobody watches: nothing, or with ``lines`` one line for each step.
    """
    columns = (TextColumn("{task.description:>11}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    console = Console(stderr=True)
    if lines and not console.is_terminal:
        yield _line_for_each_step(console, say)
        return
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("", total=1.0)
        yield lambda step, share: bar.update(task, description=_step(step, say), completed=share)


def _line_for_each_step(console: Console, say: Words) -> Report:
    begun_s, last = monotonic(), ""

    def report(step: str, share: float) -> None:
        nonlocal last
        if step != last:
            last = step
            line = f"{share:4.0%} {monotonic() - begun_s:6.1f} s  {_step(step, say)}"
            console.print(line, highlight=False, markup=False)

    return report


def _step(step: str, say: Words) -> str:
    return say.say(STEPS.get(step, "")) or step


def out_console() -> Console:
    """Print to standard output: as wide as the terminal, or wide enough for the tables in a file."""
    return Console(width=None if sys.stdout.isatty() or "COLUMNS" in os.environ else 110)


def print_json(result: Figures) -> None:
    sys.stdout.write(json.dumps(result, ensure_ascii=False, indent=1) + "\n")
