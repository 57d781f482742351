"""The voice of the story: lines that wrap under their own beginning, and tables without walls."""

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from api.papers import Words

STEP = 2
"""Columns by which a line stands further in than the one that it belongs to."""

Row = tuple[str | Text, str | Text, str | Text]


@dataclass(frozen=True)
class Voice:
    """
    Say lines at one terminal in one language.

    Names are printed as they are, never read as markup. Lines are wrapped here because Rich breaks
    at no-break spaces, between an amount and its unit.
    """

    console: Console
    words: Words

    def head(self, text: str) -> None:
        self.console.print()
        self.line(text, depth=0, style="bold")

    def line(self, text: str, *, depth: int = 1, style: str = "", lead: str = "", aside: str = "") -> None:
        """Print a line; ``lead`` opens it in colour, ``aside`` closes it in grey."""
        whole = " ".join(part for part in (lead, text, aside) if part)
        margin = " " * STEP * depth
        rows = wrap(
            whole,
            max(20, self.console.width),
            initial_indent=margin,
            subsequent_indent=margin + (" " * STEP if lead else ""),
            break_long_words=False,
            break_on_hyphens=False,
        )
        said = Text("\n".join(rows), style=style)
        said.highlight_words([aside] if aside else [], "dim")
        if lead:
            said.stylize("cyan", len(margin), len(margin) + len(lead))
        self.console.print(said, highlight=False)

    def table(self, first: str, *amounts: str) -> Table:
        """Begin a table: a column of names, then columns of amounts that never wrap."""
        table = Table(
            box=SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0), header_style="dim"
        )
        table.add_column(first)
        for amount in amounts:
            table.add_column(amount, justify="right", no_wrap=True)
        return table

    def show(self, table: Table) -> None:
        self.console.print(Padding.indent(table, STEP), highlight=False)

    def grid(self, rows: Sequence[Row], *, depth: int = 1) -> None:
        """Print rows of two words and an amount under each other, without a head."""
        longest = max((len(row[0]) for row in rows), default=0)
        table = Table.grid(padding=(0, STEP))
        table.add_column(no_wrap=longest <= self.console.width // 2)
        table.add_column()
        table.add_column(justify="right", no_wrap=True)
        for row in rows:
            table.add_row(*(Text(cell) if isinstance(cell, str) else cell for cell in row))
        self.console.print(Padding.indent(table, STEP * depth), highlight=False)

    def more(self, items: Sequence[object], limit: int) -> None:
        """Say how many were not shown, if any."""
        if len(items) > limit:
            self.line(self.words.say("… and {more} more: --json lists them all", more=len(items) - limit))
