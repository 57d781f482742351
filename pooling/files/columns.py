"""The columns of a file that a person filled: what each is called otherwise, and which are not read."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from geodata.gazetteer import plain
from geodata.refusal import Refusal
from pooling.files.rawline import ColumnTwice, RawLine
from pooling.files.spreadsheet import Spreadsheet
from pooling.files.tables import ColumnUnknown
from pooling.phrases import excerpt


@dataclass(frozen=True)
class Columns:
    """Hold a header as it was read: its table, the columns that are known, and which each name means."""

    table: str
    header: tuple[str, ...]
    known: Collection[str]
    names: Mapping[str, str]

    def renamed(self, raw: RawLine) -> RawLine:
        """Return a line by the names of the columns; of two that mean the same the first counts."""
        cells: dict[str, str] = {}
        for name, cell in raw.cells.items():
            cells.setdefault(self.names.get(name, name), cell)
        return RawLine(raw.number, cells, raw.wrong, self.names.get(raw.column, raw.column))

    @property
    def unread(self) -> tuple[Refusal, ...]:
        """Tell which columns mean nothing here, and which stand twice."""
        header = [name for name in self.header if name]
        found = [self.names[name] for name in header]
        unknown: list[Refusal] = [
            ColumnUnknown(table=self.table, column=excerpt(name))
            for name in header
            if self.names[name] not in self.known
        ]
        twice = [ColumnTwice(column=excerpt(name)) for at, name in enumerate(found) if name in found[:at]]
        return (*unknown, *twice)


def columns_of(
    sheet: Spreadsheet, table: str, known: Collection[str], also_called: Mapping[str, str]
) -> Columns:
    """Read a header; ``also_called`` has other names of columns, as ``plain`` writes them."""
    names = {}
    for name in sheet.header:
        written = plain(name)
        names[name] = also_called.get(written, written.replace(" ", "_"))
    return Columns(table, sheet.header, known, names)
