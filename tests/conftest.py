"""What every test shares: a cache folder of its own, and the test data where they lie."""

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session", autouse=True)
def carriole_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Keep built regions out of the user's own cache."""
    home = tmp_path_factory.mktemp("home")
    os.environ["CARRIOLE_HOME"] = str(home)
    return home


@pytest.fixture(scope="session")
def data() -> Path:
    """Return the folder of test data; without it a test skips, in CI it fails."""
    folder = os.environ.get("CARRIOLE_DATA", "")
    if folder and Path(folder).is_dir():
        return Path(folder)
    if os.environ.get("CI"):
        pytest.fail("CARRIOLE_DATA names no folder, and in CI it must.")
    pytest.skip("needs the test data: set CARRIOLE_DATA to their folder")
