"""What was wrong in the tables, line by line, and which places lie far from the roads."""

from collections.abc import Sequence

from rich.console import Console

from api.papers import Words
from api.story.voice import Voice
from geodata.refusal import Refusal
from pooling.files.line import BadLine

LINES_SHOWN = 20


def tell_bad_lines(console: Console, bad_lines: Sequence[BadLine], words: Words) -> None:
    """Print what was wrong in the tables with the cure; the good lines beside it were planned."""
    if not bad_lines:
        return
    voice = Voice(console, words)
    voice.head(words.say("Left out of the tables"))
    for one in bad_lines[:LINES_SHOWN]:
        voice.line(
            " ".join(words.refusal(one.refusal)), lead=_where(one, words), aside=f"({one.refusal.code})"
        )
    voice.more(bad_lines, LINES_SHOWN)


def tell_warnings(voice: Voice, warnings: Sequence[tuple[str, Refusal]]) -> None:
    """Print the places that were taken, and what is doubtful about them."""
    if not warnings:
        return
    voice.head(voice.words.say("Places to check"))
    for site, warning in warnings[:LINES_SHOWN]:
        voice.line(" ".join(voice.words.refusal(warning)), lead=site, aside=f"({warning.code})")
    voice.more(warnings, LINES_SHOWN)


def _where(one: BadLine, words: Words) -> str:
    if not one.column:
        return words.say("{table}, line {line}:", table=one.table, line=one.line)
    return words.say("{table}, line {line}, {column}:", table=one.table, line=one.line, column=one.column)
