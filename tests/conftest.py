"""What every test shares: a cache folder of its own, and the test data where they lie."""

import gc
import json
import os
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
GARBAGE = (20_000, 10, 10)
"""So seldom is garbage looked for: the house alone is half a million things, and all of them stay."""


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Import without looking for garbage: what is imported stays, and looking takes a quarter of the time."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.set_threshold(*GARBAGE)
        gc.enable()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """
    Put the stories first: a long test that begins last leaves the other process idle.

    All on PostgreSQL are of one group: one process has the server, and makes its tables once.
    """
    items.sort(key=lambda item: item.path.parent != HERE)
    for item in items:
        named = "postgresql" in getattr(item, "fixturenames", ()) or "[postgresql" in item.name
        if named and item.get_closest_marker("xdist_group") is None:
            item.add_marker(pytest.mark.xdist_group("postgresql"))


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


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """
    Play the demo once, with the seed that the README shows: who looks at it is of the group ``demo``.

    Its searches end when they find no more, long before their time, however busy the machine is.
    """
    from typer.testing import CliRunner

    from api.commands.cli import app

    out = tmp_path_factory.mktemp("demo")
    answer = CliRunner().invoke(app, ["demo", "--out", str(out), "--json", "--seconds", "20"])
    assert answer.exit_code == 0, answer.output
    return out, json.loads(answer.stdout)
