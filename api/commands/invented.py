"""
The invented morning as files to edit: written where nobody's edits are lost.

What was written is sealed; a day whose files are not as they were written belongs to whoever edited it,
and the next one is written beside it.
"""

import json
import zlib
from collections.abc import Mapping, Sequence
from itertools import chain, count
from pathlib import Path

from pooling.files.tables import write_tables

FIRST = "day"


def write_invented(rows: Mapping[str, Sequence[Mapping[str, str]]], out: Path) -> Path:
    """
    Write a day into ``day.json`` and the folder ``day``; beside them, as ``day-2``, where these were edited.

    Returns the JSON file that was written.
    """
    names = chain([FIRST], (f"{FIRST}-{number}" for number in count(2)))
    name = next(name for name in names if not was_edited(out, name))
    path = out / f"{name}.json"
    write_tables(rows, out / name, path)
    _seal_of(out, name).write_text(json.dumps(_sums(out, name)) + "\n", encoding="utf-8")
    return path


def was_edited(out: Path, name: str = FIRST) -> bool:
    """Tell whether the files of a day are there and not as they were written."""
    sums = _sums(out, name)
    try:
        return bool(sums) and sums != json.loads(_seal_of(out, name).read_bytes())
    except (FileNotFoundError, ValueError):
        return True


def _seal_of(out: Path, name: str) -> Path:
    return out / f".{name}.written"


def _sums(out: Path, name: str) -> dict[str, int]:
    """Return the checksum of each file of a day, by its name."""
    whole, folder = out / f"{name}.json", out / name
    files = [*([whole] if whole.exists() else []), *(sorted(folder.iterdir()) if folder.is_dir() else [])]
    return {path.name: zlib.crc32(path.read_bytes()) for path in files if path.is_file()}
