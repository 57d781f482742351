"""Map files that are too large for the repository: found through CARRIOLE_DATA."""

import os
from pathlib import Path

import pytest


def map_file(region: str) -> Path:
    """Return a region's map file; without it the test is skipped, but never in CI."""
    folder = os.environ.get("CARRIOLE_DATA", "")
    path = Path(folder) / "roads" / region / f"{region}.osm.pbf"
    if folder and path.is_file():
        return path
    word = f"needs {region}.osm.pbf: set CARRIOLE_DATA to the folder that holds roads/{region}/"
    if os.environ.get("CI") == "true":
        pytest.fail(word)
    pytest.skip(word)
