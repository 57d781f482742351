"""
One collection that an intermediary orders: from which producer, to whom, how much, and when.

A list of them is read line by line: each bad line is reported with its column and cure, each good one is
kept. The words of a line are known again by their fingerprint, so that the same list changes nothing twice.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from geodata.addresses import TEXT_LIMIT
from geodata.gazetteer import plain
from geodata.refusal import Refusal
from pooling.figures import CRATE_WEIGHT
from pooling.files.columns import columns_of
from pooling.files.line import BadLine, FieldMissing, Line, NotADate
from pooling.files.rawline import RawLine
from pooling.files.spreadsheet import Spreadsheet
from pooling.hours import DayClock
from pooling.intake import NameTwice
from pooling.intake.shipments import SHIPMENT_KG_LIMIT
from pooling.load import CRATES_LIMIT, Temperature
from pooling.phrases import excerpt
from routing.problem import Window

TABLE = "collections"

COLLECTION_COLUMNS = (
    *("reference", "producer", "pickup", "client", "drop", "day", "ready", "pickup_by"),
    *("deliver_from", "deliver_by", "temperature", "crates", "kg", "goods_value_eur", "goods"),
)
"""The columns of a list, in the order in which the documents name them."""

ALSO_CALLED = {
    "ref": "reference",
    "producteur": "producer",
    "enlevement": "pickup",
    "destinataire": "client",
    "livraison": "drop",
    "jour": "day",
    "date": "day",
    "pret": "ready",
    "enlever avant": "pickup_by",
    "livrer des": "deliver_from",
    "livrer avant": "deliver_by",
    "caisses": "crates",
    "poids kg": "kg",
    "valeur eur": "goods_value_eur",
    "marchandise": "goods",
    "marchandises": "goods",
}
"""French names of columns, as ``plain`` writes them; *référence* and *température* need no row."""

KEPT = {"ambiant": Temperature.AMBIENT, "frais": Temperature.CHILLED, "surgele": Temperature.FROZEN}
PLATFORM = frozenset({"platform", "plateforme", "hub"})
"""What stands in ``drop`` where the crates go to the platform that was named with the list."""

FRENCH_DAY = re.compile(r"(\d{1,2})[./](\d{1,2})[./](\d{4})")


class PlatformMissing(Refusal):
    code = "platform_missing"
    reason = "The line goes to the platform, and no platform was named with the list."
    cure = "Name one of your sites as the platform, or write the client's address."


class AddressTooLongHere(Refusal):
    code = "address_too_long"
    reason = "{column}: an address has at most {limit} letters."
    cure = "Write only number, street, postcode and commune."


@dataclass(frozen=True)
class Collection:
    """
    Hold one line of a list: ``pickup`` and ``drop`` are addresses or sites, as they were written.

    ``drop`` is empty where the crates go to the platform. Hours are moments, ``…_at``.
    """

    number: int
    reference: str
    producer: str
    pickup: str
    client: str
    drop: str
    day: str
    ready_at: int
    pickup_by_at: int
    deliver_from_at: int
    deliver_by_at: int
    temperature: str
    crates: int
    kg: int
    goods_value_cents: int
    goods: str = ""

    def fingerprint(self, platform_id: str) -> str:
        """Return by what the words of a line are known again, wherever in a list they stand."""
        words = asdict(self) | {"number": 0, "platform": "" if self.drop else platform_id}
        if not self.goods:  # lists that were sent before goods could be named are known again
            del words["goods"]
        return hashlib.sha256(json.dumps(words, sort_keys=True).encode()).hexdigest()

    @property
    def called(self) -> dict[str, str]:
        """Return what people call each end."""
        return {"pickup": self.producer, "drop": self.client}


@dataclass(frozen=True)
class ListRead:
    """
    Hold the good lines of a list, the bad ones, and what of its header was left unread.

    ``references`` are what bad lines call themselves, by number, as far as that can be read.
    """

    good: tuple[Collection, ...]
    bad: tuple[BadLine, ...]
    unread: tuple[Refusal, ...]
    references: Mapping[int, str] = field(default_factory=dict)


def read_collections(sheet: Spreadsheet, timezone: str, *, platform: bool) -> ListRead:
    """Read a list. ``platform`` tells that a platform was named with it."""
    columns = columns_of(sheet, TABLE, COLLECTION_COLUMNS, ALSO_CALLED)
    good: dict[str, Collection] = {}
    bad: list[BadLine] = []
    references: dict[int, str] = {}
    for raw in sheet.lines:
        line = Line(TABLE, columns.renamed(raw))
        read = _collection(line, timezone, platform=platform)
        if read is not None and read.reference in good:
            line.refuse("reference", NameTwice(column="reference", name=read.reference))
        if raw.wrong is not None:
            line.found[:] = [BadLine(TABLE, raw.number, line.raw.column, raw.wrong)]
        if line.bad:
            bad += line.found
            references[raw.number] = excerpt(line.raw.cells.get("reference", ""))
        elif read is not None:
            good[read.reference] = read
    return ListRead(tuple(good.values()), tuple(bad), columns.unread, references)


def _collection(line: Line, timezone: str, *, platform: bool) -> Collection | None:
    reference = line.name("reference")
    clock = _clock(line, timezone)
    crates = line.whole("crates", 1, CRATES_LIMIT)
    drop = _address(line, "drop")
    if drop.casefold() in PLATFORM:
        drop = ""
        if not platform:
            line.refuse("drop", PlatformMissing())
    whole_day = ("00:00", "24:00")
    ready = line.window(clock, "ready", "pickup_by", whole_day) if clock else Window()
    drop_hours = line.window(clock, "deliver_from", "deliver_by", whole_day) if clock else Window()
    read = {
        "producer": line.name("producer"),
        "pickup": _address(line, "pickup"),
        "client": line.name("client", ""),
        "temperature": _temperature(line),
        "kg": line.units("kg", 0, SHIPMENT_KG_LIMIT, crates * CRATE_WEIGHT.value, up=True),
        "goods_value_cents": line.cents("goods_value_eur", default=0),
        "goods": line.name("goods", ""),
    }
    if line.bad or clock is None:
        return None
    midnight_at = int(clock.midnight.timestamp())
    return Collection(
        number=line.raw.number,
        reference=reference,
        drop=drop,
        day=clock.day.isoformat(),
        crates=crates,
        ready_at=midnight_at + ready.opens_s,
        pickup_by_at=midnight_at + ready.closes_s,
        deliver_from_at=midnight_at + drop_hours.opens_s,
        deliver_by_at=midnight_at + drop_hours.closes_s,
        **read,  # type: ignore[arg-type]
    )


def _clock(line: Line, timezone: str) -> DayClock | None:
    """Read the day, as programs write it or as people do, ``12/09/2026``."""
    text = line.raw.cells.get("day", "")
    hit = FRENCH_DAY.fullmatch(text)
    cells: dict[str, Any] = {**line.raw.cells, "day": f"{hit[3]}-{hit[2]:>02}-{hit[1]:>02}" if hit else text}
    asked = Line(TABLE, RawLine(line.raw.number, cells))
    day = asked.day("day")
    if day is None:
        refusal = NotADate(column="day", text=excerpt(text)) if text else FieldMissing(column="day")
        line.refuse("day", refusal)
        return None
    try:
        return DayClock(day, timezone)
    except Refusal as refusal:
        line.refuse("day", refusal)
        return None


def _address(line: Line, column: str) -> str:
    text = " ".join(line.raw.cells.get(column, "").split())
    if not text:
        line.refuse(column, FieldMissing(column=column))
    elif len(text) > TEXT_LIMIT:
        line.refuse(column, AddressTooLongHere(column=column, limit=TEXT_LIMIT))
    return text


def _temperature(line: Line) -> str:
    french = KEPT.get(plain(line.raw.cells.get("temperature", "")))
    return (french or line.one_of("temperature", Temperature, Temperature.AMBIENT)).value
