"""Files that are too large for the repository: found through CARRIOLE_DATA."""

import os
from pathlib import Path

import pytest


def map_file(region: str) -> Path:
    """Return a region's map file; without it the test is skipped, but never in CI."""
    return data_file("roads", region, f"{region}.osm.pbf")


def data_file(*parts: str) -> Path:
    """Return a file below CARRIOLE_DATA; without it the test is skipped, but never in CI."""
    folder = os.environ.get("CARRIOLE_DATA", "")
    path = Path(folder, *parts)
    if folder and path.is_file():
        return path
    word = f"needs {parts[-1]}: set CARRIOLE_DATA to the folder that holds {'/'.join(parts[:-1])}/"
    if os.environ.get("CI") == "true":
        pytest.fail(word)
    pytest.skip(word)
