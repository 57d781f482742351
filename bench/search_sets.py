"""Which published problems are run: whole sets, sixteen of them by name, or any folder of files."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

BEST_KNOWN = "best_known.csv"
SUFFIX = ".txt"
NAMED = {
    "ll100": ("lc103", "lr107", "lrc103", "lrc206"),
    "ll200": ("lc1_2_3", "lr1_2_2", "lrc1_2_3", "lrc2_2_1"),
    "sb100": ("bar-n100-1", "ber-n100-3", "nyc-n100-4", "poa-n100-3"),
    "sb400": ("bar-n400-1", "ber-n400-1", "nyc-n400-1", "poa-n400-1"),
}
"""Four of each set, chosen before any was run: every kind of Li & Lim, every city of Sartori & Buriol."""

QUICK = ("lc103", "bar-n100-1")


@dataclass(frozen=True)
class Case:
    """Hold a published problem and the best solution that is known of it."""

    name: str
    path: Path
    vehicles: int
    cost: float


Sets = dict[str, tuple[Case, ...]]


class NoInstances(Exception):  # noqa: N818 - a fact about this folder
    """Tell why a folder holds nothing to run."""


def published(folder: Path) -> Sets:
    """Return the four sets, and the sixteen of them that have a name here."""
    cases = {case.name: case for case in _cases(folder)}
    sets: Sets = {}
    for name in NAMED:
        sets[name] = tuple(case for case in cases.values() if set_of(case.name) == name)
    sets["named"] = tuple(cases[name] for names in NAMED.values() for name in names if name in cases)
    sets["quick"] = tuple(cases[name] for name in QUICK if name in cases)
    return sets


def of_folder(folder: Path) -> Sets:
    """Return the problems of any folder, under the sets that its table names, or under its own name."""
    named = {row["instance"]: row.get("set") or folder.name for row in _rows(folder)}
    sets: dict[str, list[Case]] = {}
    for case in _cases(folder):
        sets.setdefault(named[case.name], []).append(case)
    if not sets:
        raise NoInstances(f"{folder} holds no file that its {BEST_KNOWN} names")
    return {name: tuple(cases) for name, cases in sets.items()}


def set_of(name: str) -> str:
    """Return which of the four sets a published problem belongs to, by its name."""
    if "-n" in name:
        return f"sb{name.split('-')[1][1:]}"
    return f"ll{int(name.split('_')[1]) * 100}" if "_" in name else "ll100"


def _cases(folder: Path) -> Iterator[Case]:
    """Yield what the table names and the folder, or one below it, holds; in the order of the table."""
    files = {path.stem.lower(): path for path in sorted(folder.rglob(f"*{SUFFIX}"))}
    for row in _rows(folder):
        path = files.get(row["instance"].lower())
        if path is not None:
            yield Case(row["instance"], path, int(row["vehicles"]), float(row["cost"]))


def _rows(folder: Path) -> list[dict[str, str]]:
    tables = sorted(folder.rglob(BEST_KNOWN)) or sorted(folder.parent.glob(BEST_KNOWN))
    if not tables:
        raise NoInstances(f"{folder} has no {BEST_KNOWN} beside its files")
    rows = []
    for table in tables:
        with table.open(encoding="utf-8-sig", newline="") as file:
            rows += list(csv.DictReader(file))
    return rows
