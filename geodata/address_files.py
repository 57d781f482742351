"""
Where the address tables of a region lie: ``addresses/NAME.….db`` beside the built regions.

One holds what the region's own map knows, made from it when it is first asked; its name tells which build it
was made from. The other holds what was imported, and stays when the region is built anew.
"""

import hashlib
from math import inf
from pathlib import Path

from geodata.address_table import FORMAT, AddressTable

LEFTOVER_AGE_S = 3_600


def imported_table(folder: Path, name: str) -> AddressTable:
    """Return the table of the addresses that were imported for a region, which need not exist."""
    return AddressTable(folder / f"{name}.imported.db")


def extract_table(folder: Path, name: str, build: str) -> AddressTable:
    """Return the table of what one build of a region knows, which need not exist."""
    made_of = hashlib.sha256(f"{FORMAT} {build}".encode()).hexdigest()[:12]
    return AddressTable(folder / f"{name}.extract.{made_of}.db")


def sweep_extracts(folder: Path, name: str, made: AddressTable) -> None:
    """
    Take away the tables of former builds, and what killed writers left, an hour after they were made.

    Younger ones stay: a process that has the former build open may still search its table.
    """
    before_s = made.path.stat().st_mtime - LEFTOVER_AGE_S
    for path in (*folder.glob(f"{name}.extract.*.db"), *folder.glob(f".{name}.*")):
        if path != made.path and _changed_s(path) < before_s:
            path.unlink(missing_ok=True)


def drop_addresses(folder: Path, name: str) -> None:
    """Take away every table of a region."""
    for path in (*folder.glob(f"{name}.*.db"), *folder.glob(f".{name}.*")):
        path.unlink(missing_ok=True)


def _changed_s(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return inf
