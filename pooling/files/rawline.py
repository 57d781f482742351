"""One line of a table as it was given: words by column, or why it cannot be read as that."""

from collections.abc import Mapping
from dataclasses import dataclass

from geodata.refusal import Refusal


class LineRagged(Refusal):
    code = "line_ragged"
    reason = "The line has more fields than the table has columns."
    cure = "Write text with the separator in it between double quotes."


class QuoteStray(Refusal):
    code = "quote_stray"
    reason = "A double quote in the line is not closed, or stands in the middle of a field."
    cure = "Close it on the same line, double it where it belongs to a name, or leave it out."


class LineNotFlat(Refusal):
    code = "line_not_flat"
    reason = "The line is not an object of words and numbers."
    cure = 'Write each line as an object such as {{"site": "F01", "lat": 43.74}}, without lists inside.'


class ColumnTwice(Refusal):
    code = "column_twice"
    reason = "The column {column} stands twice."
    cure = "Remove one of the two, or give it its own name."


@dataclass(frozen=True)
class RawLine:
    """
    Hold one line of a table as words, with its number as an editor shows it.

    Where ``wrong`` says why the line cannot be read, ``cells`` are a guess: good enough to tell which
    trip has lost a stop, never to be used. ``column`` names the cell that is wrong, where it is only one.
    """

    number: int
    cells: Mapping[str, str]
    wrong: Refusal | None = None
    column: str = ""
