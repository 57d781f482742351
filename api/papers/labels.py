"""
Labels for crates: an A4 sheet of ten, one label for each crate, in the order in which they go off.

They fit the sheets of 99.1 × 57 mm that stationers sell, and can be cut out of plain paper.
"""

from dataclasses import asdict, dataclass
from math import ceil

from api.papers.paper import typeset
from api.papers.qr import qr_svg
from api.papers.remarks import kept
from api.papers.sheet import short_number, written_out
from api.papers.words import Words
from geodata.refusal import Refusal
from pooling.manifest import Handling, Manifest, ManifestStop, day_of_hour

LABELS_PER_FILE = 400
"""Forty sheets: what a printer takes in at once. More are asked for part by part."""


class NoSuchPart(Refusal):
    code = "no_such_part"
    reason = "The labels of {number} fill {parts} {parts:part/parts} of {limit}: there is no part {part}."
    cure = "Ask for a part from 1 to {parts}."


@dataclass(frozen=True)
class Label:
    """Hold what stands on one crate: where it goes off, to whom, how cold, and which of how many it is."""

    stop: int
    site: str
    consignee: str
    shipper: str
    goods: str
    temperature: str
    cold: bool
    crate: str
    shipment: str
    short: str
    manifest: str
    day: str
    uri: str


def labels_pdf(manifest: Manifest, part: int, words: Words) -> bytes:
    """Set the labels of one part, ten a page: crates that go off first come first."""
    labels = labels_of(manifest, words)
    parts = max(1, ceil(len(labels) / LABELS_PER_FILE))
    if not 1 <= part <= parts:
        raise NoSuchPart(number=manifest.number, parts=parts, part=part, limit=LABELS_PER_FILE)
    shown = labels[(part - 1) * LABELS_PER_FILE : part * LABELS_PER_FILE]
    squares = [qr_svg(label.uri) for label in shown]
    sheet = {"title": f"{manifest.number} {part}/{parts}", "labels": tuple(asdict(label) for label in shown)}
    return typeset("labels.typ", sheet, {"squares": squares}, words, manifest.date)


def labels_of(manifest: Manifest, words: Words) -> list[Label]:
    """Say each crate that goes off."""
    return [
        _label(manifest, stop, each, crate, words)
        for stop in manifest.stops
        for each in stop.handlings
        if each.way == "off"
        for crate in range(1, each.crates + 1)
    ]


def crate_uri(shipment: str, crate: int) -> str:
    """Name one crate, as its square says it."""
    return f"carriole:{shipment}/{crate}"


def _label(manifest: Manifest, stop: ManifestStop, each: Handling, crate: int, words: Words) -> Label:
    return Label(
        stop=stop.number,
        site=stop.site,
        consignee=each.consignee,
        shipper=each.shipper,
        goods=each.goods,
        temperature=kept(each.temperature, each.food, words),
        cold=each.temperature != "ambient",
        crate=f"{crate} / {each.crates}",
        shipment=written_out(each.shipment),
        short=short_number(each.shipment),
        manifest=manifest.number,
        day=words.day(day_of_hour(manifest, stop, "begins").isoformat()),
        uri=crate_uri(each.shipment, crate),
    )
