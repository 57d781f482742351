"""
One link of past purchases: which producer sold what to which buyer, how much in a week, and on which day.

A file of them is read line by line: each bad line is told with its column and cure, each good one kept.
Where no volume is given a stated default stands, and every figure that rests on it says so.
"""

import hashlib
from dataclasses import dataclass, replace

from geodata.communes import town_halls
from geodata.gazetteer import plain
from geodata.place import Place
from geodata.refusal import Refusal
from pooling.figures import CRATE_WEIGHT, FLOW_CRATE_VALUE, FLOW_CRATES
from pooling.files.columns import columns_of
from pooling.files.line import BadLine, Line, NotOneOf
from pooling.files.spreadsheet import Spreadsheet
from pooling.load import CRATES_LIMIT, Temperature
from pooling.phrases import excerpt

TABLE = "flows"

FLOW_COLUMNS = (
    *("producer", "producer_lat", "producer_lon", "producer_insee"),
    *("buyer", "buyer_lat", "buyer_lon", "buyer_insee"),
    *("product", "temperature", "crates", "kg", "eur", "period", "weekday"),
)
"""The columns of a file of flows, in the order in which the documents name them."""

ALSO_CALLED = {
    "producteur": "producer",
    "ferme": "producer",
    "producteur lat": "producer_lat",
    "producteur lon": "producer_lon",
    "producteur insee": "producer_insee",
    "acheteur": "buyer",
    "client": "buyer",
    "amap": "buyer",
    "acheteur lat": "buyer_lat",
    "client lat": "buyer_lat",
    "amap lat": "buyer_lat",
    "acheteur lon": "buyer_lon",
    "client lon": "buyer_lon",
    "amap lon": "buyer_lon",
    "acheteur insee": "buyer_insee",
    "client insee": "buyer_insee",
    "produit": "product",
    "caisses": "crates",
    "poids kg": "kg",
    "montant eur": "eur",
    "montant": "eur",
    "periode": "period",
    "jour": "weekday",
}
"""Other names of columns, as ``plain`` writes them."""

PERIODS = {"": 1, "week": 1, "semaine": 1, "month": 4, "mois": 4, "year": 52, "an": 52, "annee": 52}
"""So many weeks of deliveries a period is counted as."""

WEEKDAYS = (
    ("monday", "lundi", "1"),
    ("tuesday", "mardi", "2"),
    ("wednesday", "mercredi", "3"),
    ("thursday", "jeudi", "4"),
    ("friday", "vendredi", "5"),
    ("saturday", "samedi", "6"),
    ("sunday", "dimanche", "7"),
)

CHILLED = frozenset(
    {
        *("viande", "volaille", "charcuterie", "lait", "laitier", "laitiers", "fromage", "yaourt"),
        *("poisson", "meat", "dairy", "milk", "cheese", "fish"),
    }
)
"""Words of a product by which it is taken to be chilled, where no temperature is written."""

AMOUNT_LIMIT = 1_000_000
KEPT = {"ambiant": Temperature.AMBIENT, "frais": Temperature.CHILLED, "surgele": Temperature.FROZEN}


class FlowPlaceMissing(Refusal):
    code = "flow_place_missing"
    reason = "{column}: it is not said where {name} lies."
    cure = "Write latitude and longitude in degrees, or the INSEE code of its commune."


class CommuneUnknown(Refusal):
    code = "commune_unknown"
    reason = "{column}: no commune with a known point has the INSEE code “{text}”."
    cure = "Correct the code, or write latitude and longitude."


class FlowTwice(Refusal):
    code = "flow_twice"
    reason = "What {producer} sells to {buyer} of this product on this day stands twice."
    cure = "Add the two lines together, or write the weekday of each."


@dataclass(frozen=True)
class Flow:
    """
    Hold one link: ``crates`` a week, each end a named place, the weekday 1 to 7 or ``None``.

    ``basis`` tells what the crates were counted from: crates, kg, eur, or the default.
    """

    producer: Place
    buyer: Place
    product: str
    temperature: Temperature
    crates: int
    basis: str
    weekday: int | None = None
    line: int = 0

    @property
    def mark(self) -> str:
        """Return by what a link is known again, in whatever file it comes."""
        words = (self.producer.name, self.buyer.name, self.product)
        known = "/".join((*(plain(one) for one in words), str(self.weekday or "")))
        return hashlib.sha256(known.encode()).hexdigest()[:40]


@dataclass(frozen=True)
class FlowsRead:
    """Hold the good lines of a file, the bad ones, and what of its header was left unread."""

    good: tuple[Flow, ...]
    bad: tuple[BadLine, ...]
    unread: tuple[Refusal, ...]


def read_flows(sheet: Spreadsheet) -> FlowsRead:
    """Read a file of past purchases."""
    columns = columns_of(sheet, TABLE, FLOW_COLUMNS, ALSO_CALLED)
    good: dict[str, Flow] = {}
    bad: list[BadLine] = []
    for raw in sheet.lines:
        line = Line(TABLE, columns.renamed(raw))
        flow = _flow(line)
        if flow is not None and flow.mark in good:
            line.refuse("product", FlowTwice(producer=flow.producer.name, buyer=flow.buyer.name))
        if raw.wrong is not None:
            line.found[:] = [BadLine(TABLE, raw.number, "", raw.wrong)]
        if line.bad:
            bad += line.found
        elif flow is not None:
            good[flow.mark] = flow
    return FlowsRead(tuple(good.values()), tuple(bad), columns.unread)


def _flow(line: Line) -> Flow | None:
    product = line.name("product", "")
    crates, basis = _volume(line)
    producer, buyer = _end(line, "producer"), _end(line, "buyer")
    temperature, weekday = _temperature(line, product), _weekday(line)
    if line.bad or producer is None or buyer is None:
        return None
    return Flow(producer, buyer, product, temperature, crates, basis, weekday, line.raw.number)


def _end(line: Line, end: str) -> Place | None:
    name, insee = line.name(end), f"{end}_insee"
    if line.has(f"{end}_lat") or line.has(f"{end}_lon"):
        lat, lon = line.degrees(f"{end}_lat"), line.degrees(f"{end}_lon")
        line.take(f"{end}_lat", lambda: Place(lat=lat, lon=lon))
        return None if line.bad else Place(lat=round(lat, 6), lon=round(lon, 6), name=name)
    if not line.has(insee):
        line.refuse(f"{end}_lat", FlowPlaceMissing(column=f"{end}_lat", name=excerpt(name) or end))
        return None
    code = line.raw.cells[insee].strip().upper().zfill(5)
    hall = town_halls().get(code)
    if hall is None:
        line.refuse(insee, CommuneUnknown(column=insee, text=excerpt(code)))
        return None
    return replace(hall, name=name)


def _volume(line: Line) -> tuple[int, str]:
    """Return crates a week, at least one, and what they were counted from."""
    period = plain(line.raw.cells.get("period", ""))
    if period not in PERIODS:
        line.refuse("period", NotOneOf(column="period", text=excerpt(period), choices="week, month, year"))
    weeks = PERIODS.get(period, 1)
    for column, one_crate in (("crates", 1), ("kg", CRATE_WEIGHT.value), ("eur", FLOW_CRATE_VALUE.value)):
        if not line.has(column):
            continue
        euro = column == "eur"
        amount = line.cents(column) if euro else line.units(column, 1, AMOUNT_LIMIT, 1, up=True)
        return min(CRATES_LIMIT, max(1, -(-amount // (one_crate * weeks)))), column
    return FLOW_CRATES.value, "default"


def _temperature(line: Line, product: str) -> Temperature:
    written = plain(line.raw.cells.get("temperature", ""))
    if written:
        return KEPT.get(written) or line.one_of("temperature", Temperature)
    return Temperature.CHILLED if CHILLED & set(plain(product).split()) else Temperature.AMBIENT


def _weekday(line: Line) -> int | None:
    text = plain(line.raw.cells.get("weekday", ""))
    if not text:
        return None
    for at, words in enumerate(WEEKDAYS, start=1):
        if text in words:
            return at
    choices = ", ".join(words[0] for words in WEEKDAYS)
    line.refuse("weekday", NotOneOf(column="weekday", text=excerpt(text), choices=choices))
    return None
