"""The manifest as a table for spreadsheets: a line for each load that goes on or off, stop by stop."""

import csv
from io import StringIO

from pooling.cold_chain import limit_c
from pooling.files.spreadsheet import harmless
from pooling.manifest import Handling, Manifest, ManifestStop

BYTE_ORDER_MARK = "\ufeff"
"""By it a spreadsheet knows UTF-8."""

COLUMNS = (
    *("manifest", "date", "stop", "code", "site", "address", "contact", "phone", "access"),
    *("arrives", "begins", "leaves", "from", "until", "way", "shipment", "shipper", "consignee", "goods"),
    *("crates", "kg", "temperature", "limit_c", "on_board_crates", "on_board_kg", "empties"),
    "next_day",
)


def manifest_csv(manifest: Manifest) -> str:
    """
    Write a manifest as CSV with semicolons, as French spreadsheets open it.

    A stop without loads has a line of its own. No cell is run as a formula.
    """
    written = StringIO()
    table = csv.writer(written, delimiter=";", lineterminator="\r\n")
    table.writerow(COLUMNS)
    for stop in manifest.stops:
        for each in stop.handlings or (None,):
            table.writerow([harmless(str(cell)) for cell in _line(manifest, stop, each)])
    return BYTE_ORDER_MARK + written.getvalue()


def _line(manifest: Manifest, stop: ManifestStop, each: Handling | None) -> tuple[object, ...]:
    aboard = stop.on_board
    return (
        *(manifest.number, manifest.date, stop.number, stop.code, stop.site, stop.address, stop.contact),
        *(stop.phone, stop.access, stop.arrives, stop.begins, stop.leaves, stop.from_hour, stop.until_hour),
        *_load(each),
        *(aboard.ambient_crates + aboard.chilled_crates + aboard.frozen_crates, aboard.kg, _empties(stop)),
        ", ".join(stop.next_day),
    )


def _empties(stop: ManifestStop) -> str:
    return ", ".join(f"{one.crates} {one.kind}" for one in stop.empties)


def _load(each: Handling | None) -> tuple[object, ...]:
    if each is None:
        return ("",) * 9
    limit = limit_c(each.temperature, each.food)
    return (
        *(each.way, each.shipment, each.shipper, each.consignee, each.goods, each.crates, each.kg),
        *(each.temperature, "" if limit is None else limit),
    )
