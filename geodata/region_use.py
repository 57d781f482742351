"""
The region in use: the one that is taken where none is named.

A region named in the command (or in a day's own table) comes first, then ``CARRIOLE_REGION``, then the
one that ``carriole region use`` chose, then the one that ships with Carriole.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from uuid import uuid4

from geodata.home import home_folder
from geodata.region import EMBEDDED, RegionUnknown, list_regions

SETTING = "CARRIOLE_REGION"
KEPT_IN = "region-in-use"


def region_in_use(*, home: Path | None = None, environment: Mapping[str, str] | None = None) -> str:
    """Return the name of the region that is taken where none is named; it need not be built (any more)."""
    given = os.environ if environment is None else environment
    folder = home or (Path(given["CARRIOLE_HOME"]) if given.get("CARRIOLE_HOME") else None)
    return given.get(SETTING) or chosen_region(home=folder)


def chosen_region(*, home: Path | None = None) -> str:
    """Return what ``use_region`` wrote down last, without looking at the environment."""
    try:
        return (home_folder(home) / KEPT_IN).read_text(encoding="utf-8", errors="replace").strip() or EMBEDDED
    except FileNotFoundError:
        return EMBEDDED


def use_region(name: str, *, home: Path | None = None) -> None:
    """
    Write down which region is taken from now on where none is named: whole, or not at all.

    Refused with ``region_unknown`` where there is none of that name.
    """
    if name not in (built := list_regions(home=home)):
        raise RegionUnknown(name=name, built=", ".join(built))
    folder = home_folder(home)
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f".{KEPT_IN}.{uuid4().hex[:12]}"
    try:
        with draft.open("w", encoding="utf-8") as file:
            file.write(f"{name}\n")
            file.flush()
            os.fsync(file.fileno())
        draft.replace(folder / KEPT_IN)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def leave_region(name: str, *, home: Path | None = None) -> bool:
    """Fall back to the region that ships with Carriole if this one was chosen; tell whether it was."""
    if name == EMBEDDED or chosen_region(home=home) != name:
        return False
    (home_folder(home) / KEPT_IN).unlink(missing_ok=True)
    return True
