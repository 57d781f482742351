"""
Where the address tables of a region lie: ``addresses/NAME.….db`` beside the built regions.

One holds what the region's own map knows, made from it when it is first asked; its name tells which build it
was made from. The other holds what was imported, and stays when the region is built anew.
"""

import hashlib
from pathlib import Path

from geodata.address_table import FORMAT, AddressTable


def imported_table(folder: Path, name: str) -> AddressTable:
    """Return the table of the addresses that were imported for a region, which need not exist."""
    return AddressTable(folder / f"{name}.imported.db")


def extract_table(folder: Path, name: str, build: str) -> AddressTable:
    """Return the table of what one build of a region knows, which need not exist."""
    made_of = hashlib.sha256(f"{FORMAT} {build}".encode()).hexdigest()[:12]
    return AddressTable(folder / f"{name}.extract.{made_of}.db")


def drop_extracts(folder: Path, name: str, *, but: AddressTable | None = None) -> None:
    """Take away the tables of former builds of a region."""
    for path in folder.glob(f"{name}.extract.*.db"):
        if but is None or path != but.path:
            path.unlink(missing_ok=True)


def drop_addresses(folder: Path, name: str) -> None:
    """Take away every table of a region."""
    drop_extracts(folder, name)
    imported_table(folder, name).path.unlink(missing_ok=True)
