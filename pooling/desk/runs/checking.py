"""Check all records of changing hands: as they were written, one holder per crate, photos as taken."""

from dataclasses import dataclass

from geodata.refusal import Refusal
from pooling.runs.custody import custody
from pooling.store import View
from pooling.store.custody import as_change, chains, check_chains, faded_photos, untold_records


@dataclass(frozen=True)
class HouseCheck:
    """Hold what was looked at, and the records that do not stand, oldest first."""

    shipments: int
    records: int
    broken: tuple[str, ...]


def check_house(view: View) -> HouseCheck:
    """Check every shipment's chain; the cost is one reading of all records."""
    found = check_chains(view)
    broken = {one.record for one in found.broken} | set(faded_photos(view)) | set(untold_records(view))
    for agreed, sender, rows in chains(view):
        try:
            custody(agreed, sender, [as_change(row) for row in rows])
        except (Refusal, ValueError):
            broken.add(rows[-1].id)
    return HouseCheck(found.shipments, found.records, tuple(sorted(broken)))
