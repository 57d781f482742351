"""
The chain of a shipment's records: each holds the hash of all before it, so that no word changes unseen.

The hash is SHA-256 over the hash before it and the record as canonical JSON: keys in the order of the
alphabet, no spaces, UTF-8. Whoever was told the last hash of a shipment can prove what stood before it.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby

BEGINS = ""
"""What stands before the first record of a shipment."""

Written = Mapping[str, object]
"""A record, every field of it by its name."""


@dataclass(frozen=True)
class Broken:
    """Hold a record that is not as it was written, or before which one is missing."""

    record: str
    shipment: str
    number: int


@dataclass(frozen=True)
class ChainCheck:
    """Hold what was looked at; ``broken`` is empty where every record stands as it was written."""

    shipments: int
    records: int
    broken: tuple[Broken, ...]


def canonical(record: Written) -> str:
    """Write a record so that the same words always give the same bytes; its own hash is no part of it."""
    fields = {name: value for name, value in record.items() if name != "hash"}
    return json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def chained(before: str, record: Written) -> str:
    """Return the hash of a record that follows the one whose hash is ``before``."""
    return hashlib.sha256(f"{before}\n{canonical(record)}".encode()).hexdigest()


def verify(records: Iterable[Written]) -> ChainCheck:
    """
    Check the chains of all shipments; records come by shipment, then by number.

    Each record is held against the hash that stands before it, so that one changed word names one
    record, not all that follow. Reads each record once and keeps none.
    """
    shipments, count = 0, 0
    broken: list[Broken] = []
    for shipment, chain in groupby(records, key=lambda record: str(record["shipment_id"])):
        shipments += 1
        before, due = BEGINS, 1
        for record in chain:
            count += 1
            number = int(str(record["number"]))
            if number != due or record["hash"] != chained(before, record):
                broken.append(Broken(str(record["id"]), shipment, number))
            before, due = str(record["hash"]), number + 1
    return ChainCheck(shipments, count, tuple(sorted(broken, key=lambda one: one.record)))
