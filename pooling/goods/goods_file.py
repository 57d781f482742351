"""
A short list as a table: CSV or XLSX in, CSV out with the same columns.

A bad line is told with its number, its column and its cure; the good ones beside it are kept.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from geodata.gazetteer import plain
from geodata.refusal import Refusal
from pooling.cold_chain import Food
from pooling.figures import CRATE_WEIGHT
from pooling.files.collection_file import letters
from pooling.files.columns import columns_of
from pooling.files.line import BadLine, Line, NotOneOf
from pooling.files.rawline import RawLine
from pooling.files.spreadsheet import Spreadsheet, read_spreadsheet
from pooling.files.workbook import SIGNATURE, read_workbook
from pooling.goods.collection import FRENCH_DAY, KEPT
from pooling.goods.goods import CRATE_KG_LIMIT, UNITS_LIMIT, GoodsWords
from pooling.intake import NameTwice
from pooling.load import Temperature
from pooling.phrases import excerpt

TABLE = "goods"

GOODS_LIMIT = 200
"""Lines on one short list, and in one file."""

GOODS_COLUMNS = (
    *("reference", "product", "unit", "price_eur", "least", "available", "units_per_crate"),
    *("kg_per_crate", "temperature", "food", "from", "until"),
)
"""The columns of a short list, in the order in which they are written."""

ALSO_CALLED = {
    "ref": "reference",
    "produit": "product",
    "unite": "unit",
    "prix eur": "price_eur",
    "prix": "price_eur",
    "price": "price_eur",
    "minimum": "least",
    "least quantity": "least",
    "quantite minimale": "least",
    "disponible": "available",
    "unites par caisse": "units_per_crate",
    "par caisse": "units_per_crate",
    "kg par caisse": "kg_per_crate",
    "denree": "food",
    "du": "from",
    "au": "until",
}
"""Other names of columns, as ``plain`` writes them; *référence* and *température* need no row."""

CRATES = frozenset({"crate", "caisse", "cagette"})
"""Units of which one fills a crate."""


class GoodsFileUnreadable(Refusal):
    code = "goods_file_unreadable"
    reason = "What was sent is no table of goods."
    cure = "Send CSV or XLSX: the names of the columns on the first line, one product on each line below."


class GoodsTooMany(Refusal):
    code = "goods_too_many"
    reason = "A short list holds at most {limit} lines."
    cure = "Withdraw what you have no more, or open another list."


@dataclass(frozen=True)
class GoodsRead:
    """Hold the good lines of a table by their numbers, the bad ones, and what was left unread."""

    good: Mapping[int, GoodsWords]
    bad: tuple[BadLine, ...]
    unread: tuple[Refusal, ...]


def read_goods(raw: bytes) -> GoodsRead:
    """Read a table of goods; refuses what is none, or is too long."""
    sheet = _sheet(raw)
    if not sheet.lines:
        raise GoodsFileUnreadable
    if len(sheet.lines) > GOODS_LIMIT:
        raise GoodsTooMany(limit=GOODS_LIMIT)
    columns = columns_of(sheet, TABLE, GOODS_COLUMNS, ALSO_CALLED)
    good: dict[int, GoodsWords] = {}
    bad: list[BadLine] = []
    for raw_line in sheet.lines:
        line = Line(TABLE, columns.renamed(raw_line))
        read = _goods(line)
        if read is not None and any(one.reference == read.reference for one in good.values()):
            line.refuse("reference", NameTwice(column="reference", name=read.reference))
        if raw_line.wrong is not None:
            line.found[:] = [BadLine(TABLE, raw_line.number, "", raw_line.wrong)]
        if line.bad:
            bad += line.found
        elif read is not None:
            good[raw_line.number] = read
    return GoodsRead(good, tuple(bad), columns.unread)


def goods_row(words: GoodsWords) -> tuple[object, ...]:
    """Return a line as it is written, by its columns: what is read again is the same line."""
    return (
        *(words.reference, words.product, words.unit),
        f"{words.price_cents // 100}.{words.price_cents % 100:02d}",
        *(words.least, words.available, words.units_per_crate, words.kg_per_crate),
        *(words.temperature, words.food, words.from_day, words.until_day),
    )


def _sheet(raw: bytes) -> Spreadsheet:
    if raw.startswith(SIGNATURE):
        return read_workbook(raw, GOODS_LIMIT)
    if b"\x00" in raw:
        raise GoodsFileUnreadable
    return read_spreadsheet(letters(raw))


def _goods(line: Line) -> GoodsWords | None:
    product, unit = line.name("product"), line.name("unit")
    in_crate = 1 if plain(unit) in CRATES else None
    read: dict[str, object] = {
        "reference": line.name("reference", "") or product,
        "product": product,
        "unit": unit,
        "price_cents": line.cents("price_eur"),
        "least": line.whole("least", 1, UNITS_LIMIT, 1),
        "available": line.whole("available", 0, UNITS_LIMIT) if line.has("available") else None,
        "units_per_crate": line.whole("units_per_crate", 1, UNITS_LIMIT, in_crate),
        "kg_per_crate": line.units("kg_per_crate", 0, CRATE_KG_LIMIT, CRATE_WEIGHT.value, up=True),
        "temperature": _temperature(line),
        "food": _food(line),
        "from_day": _day(line, "from"),
        "until_day": _day(line, "until"),
    }
    if line.bad:
        return None
    words = GoodsWords(**read)  # type: ignore[arg-type]
    try:
        words.must_make_sense()
    except Refusal as refusal:
        line.refuse("until" if refusal.code == "goods_end_early" else "temperature", refusal)
    return words


def _temperature(line: Line) -> str:
    french = KEPT.get(plain(line.raw.cells.get("temperature", "")))
    return (french or line.one_of("temperature", Temperature, Temperature.AMBIENT)).value


def _food(line: Line) -> str:
    text = line.raw.cells.get("food", "").lower()
    if text and text not in set(Food):
        choices = ", ".join(one.value for one in Food)
        line.refuse("food", NotOneOf(column="food", text=excerpt(text), choices=choices))
    return text


def _day(line: Line, column: str) -> date | None:
    """Read a day as programs write it or as people do, ``12/09/2026``; none where the cell is empty."""
    text = line.raw.cells.get(column, "")
    hit = FRENCH_DAY.fullmatch(text)
    if hit is None:
        return line.day(column)
    written = RawLine(line.raw.number, {column: f"{hit[3]}-{hit[2]:>02}-{hit[1]:>02}"})
    asked = Line(TABLE, written)
    day = asked.day(column)
    line.found += asked.found
    return day
