"""The house's own rules, where no linter knows them: each was a mistake once, or would be."""

import ast
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.forks import HOUSE, ran

pytestmark = pytest.mark.xdist_group("house")
"""The modules are read and parsed by one process."""

PACKAGES = ("geodata", "routing", "pooling", "api")
MIGRATIONS = HOUSE / "pooling" / "store" / "migrations" / "versions"
MODULES = sorted(
    path
    for package in PACKAGES
    for path in (HOUSE / package).rglob("*.py")
    if path.parent != MIGRATIONS  # written by Alembic
)
ONLY_IMPORTER = {"osmnx": {"geodata/osmnx_graph.py"}, "vroom": {"routing/vroom_engine.py"}}
ONLY_IMPORTER |= {
    "osmium": {"geodata/osm.py"},
    "pandas": {"pooling/files/tables.py", "pooling/files/workbook.py"},
}
ONLY_IMPORTER |= {"redis": {"api/redis_house.py"}}
FUNCTION_LINES_LIMIT = 70
MODULE_LINES_LIMIT = 400
MODULES_LIMIT = 30
GLOSSARY = {"pooling/site.py"}
"""A word of the glossary wins over the standard library's: inside a package the two never meet."""

ASKED = (ast.FunctionDef, ast.AnnAssign, ast.arg, ast.Import, ast.ImportFrom)
BAD_NAMES = {"utils", "helpers", "manager", "base", "common", "misc"}


@cache
def source(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(source(path))


@cache
def walked(path: Path) -> tuple[ast.AST, ...]:
    """Return the nodes that some test asks for: walking every module takes seconds."""
    return tuple(node for node in ast.walk(tree(path)) if isinstance(node, ASKED))


def nodes(*kinds: type[ast.AST]) -> Iterator[tuple[Path, Any]]:
    """Yield every node of some kinds with the module that it stands in."""
    return ((path, node) for path in MODULES for node in walked(path) if isinstance(node, kinds))


def name(path: Path) -> str:
    return path.relative_to(HOUSE).as_posix()


@cache
def imported(path: Path) -> set[str]:
    found: set[str] = set()
    for node in walked(path):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def test_a_module_has_a_size_and_a_name_that_say_what_it_holds():
    """One noun or one decision; one test over all modules, for thousands of small ones cost half a minute."""
    assert [name(path) for path in MODULES if len(source(path).splitlines()) > MODULE_LINES_LIMIT] == []
    assert [name(path) for path in MODULES if path.stem in BAD_NAMES or path.stem != path.stem.lower()] == []
    taken = sys.stdlib_module_names - {"__init__"}
    assert [name(path) for path in MODULES if path.stem in taken and name(path) not in GLOSSARY] == []


def test_a_folder_is_a_room_in_which_one_finds_ones_way():
    """One grew to 137 modules side by side (decision 36). Flat on purpose: roads, routes and rows."""
    flat = {"geodata", "routing", "pooling/store"}
    held: dict[str, int] = {}
    for path in MODULES:
        if path.stem != "__init__":
            held[name(path.parent)] = held.get(name(path.parent), 0) + 1
    crowded = {room: count for room, count in held.items() if count > MODULES_LIMIT and room not in flat}
    assert crowded == {}


def test_what_people_name_asks_no_room_what_was_decided_about_it():
    """A party, a trip, a bid are the ground of ``pooling/`` on which its rooms stand."""
    ground = HOUSE / "pooling"
    asked = {
        name(path): one
        for path in MODULES
        if path.parent == ground
        for one in imported(path)
        if one.startswith("pooling.") and (ground / one.split(".")[1]).is_dir()
    }
    assert asked == {}


def test_no_function_is_longer_than_a_screen():
    long = [
        f"{name(path)}: {node.name}"
        for path, node in nodes(ast.FunctionDef)
        if (node.end_lineno or 0) - node.lineno >= FUNCTION_LINES_LIMIT
    ]
    assert long == []


def test_a_module_says_where_it_stands_in_the_story():
    assert [name(path) for path in MODULES if not ast.get_docstring(tree(path))] == []


def test_nobody_reads_the_clock_or_prints_on_the_side():
    """Time comes in as an argument; only the clock reads it, and a region notes when it was built."""
    clock = re.compile(r"datetime\.(now|utcnow|today)\(|date\.today\(|time\.time\(")
    assert [name(path) for path in MODULES if re.search(r"(?<![\w.])print\(", source(path))] == []
    readers = {name(path) for path in MODULES if clock.search(source(path))}
    assert readers <= {"geodata/region.py", "pooling/clock.py"}


def test_money_is_never_a_float():
    floats = []
    for path, node in nodes(ast.AnnAssign, ast.arg):
        if path.parts[-2] == "papers" or node.annotation is None:
            continue
        target = node.arg if isinstance(node, ast.arg) else getattr(node.target, "id", "")
        if target.endswith("_cents") and "float" in ast.unparse(node.annotation):
            floats.append(f"{name(path)}: {target}")
    assert floats == []


@pytest.mark.parametrize("library", ONLY_IMPORTER)
def test_a_library_does_not_spread_beyond_its_job(library):
    importers = {
        name(path) for path in MODULES if any(one.split(".")[0] == library for one in imported(path))
    }
    assert importers == ONLY_IMPORTER[library]


def test_sql_stands_in_the_store_only():
    """What is not in the store may name a table to a function of the store, but writes no statement."""
    for path in MODULES:
        if not name(path).startswith("pooling/store/"):
            statements = {"sqlalchemy.select", "sqlalchemy.insert", "sqlalchemy.update", "sqlalchemy.text"}
            assert not statements & imported(path), name(path)
            assert ".connection.execute" not in source(path), name(path)


def test_neither_a_command_nor_the_web_process_loads_the_heavy_libraries():
    """
    The help of a command comes at once: OSMnx costs a second to import.

    Told by the process of the tests that has imported both, and the map reader.
    """
    loaded = set(ran("import sys, geodata.osm; print(*sys.modules)").stdout.split())
    assert {"api.app", "api.commands.cli", "geodata.osm"} <= loaded
    assert not {"osmnx", "vroom", "geopandas", "pandas"} & loaded


def test_no_module_stands_unused():
    """Every module is imported by another, or is a door."""
    everything = {one for path in MODULES for one in imported(path)}
    doors = {
        "api.door",
        "api.app",
        "geodata.warming",
        "routing.warming",
        "routing.repair",
        "pooling.store.migrations.env",
    }
    doors |= {"routing.instance_files"}  # the benchmarks read published problems
    for path in MODULES:
        module = name(path).removesuffix(".py").replace("/", ".").removesuffix(".__init__")
        if module.count(".") and module not in doors:
            assert module in everything or any(one.startswith(f"{module}.") for one in everything), module


def test_every_test_folder_is_a_package():
    folders = {path.parent for path in (HOUSE / "tests").rglob("test_*.py")}
    assert all((folder / "__init__.py").is_file() for folder in folders)
