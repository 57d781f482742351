"""The documents tell what exists: every command, option, setting, table, refusal and figure."""

import importlib
import pkgutil
import re
from pathlib import Path

import pytest
import typer

import api
import geodata
import pooling
import routing
from api.commands.cli import app
from geodata.refusal import Refusal
from pooling import figures
from pooling.figures import Figure
from pooling.files.tables import COLUMNS
from pooling.telling.topics import MAILED

HOUSE = Path(__file__).parents[1]
DOCS = HOUSE / "docs"
HANDOVERS = {"handover.done", "handover.failed"}
"""Topics that are put together from two words."""


def page(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def refusals() -> list[type[Refusal]]:
    """Import every module of the house and collect each class of refusal that says something."""
    for package in (geodata, routing, pooling, api):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            importlib.import_module(module.name)
    found: list[type[Refusal]] = []
    waiting: list[type[Refusal]] = [Refusal]
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        if hasattr(kind, "code") and kind.__module__.split(".")[0] != "tests":
            found.append(kind)
    return found


def of_many(sentence):
    """Return a sentence with each counted noun as it is for many."""
    return re.sub(r"\{\w+:[^{}/]*/([^{}]*)\}", r"\1", sentence)


def test_every_refusal_is_documented_and_nothing_else_is():
    said = {(kind.code, of_many(kind.reason), of_many(kind.cure)) for kind in refusals()}
    rows = re.findall(r"^\| `([a-z_]+)` \| (.*) \| (.*) \|$", page("refusals.md"), re.MULTILINE)
    assert sorted(code for code, *_ in rows) == sorted({code for code, *_ in said}), "each once"
    assert set(rows) <= said, "as the house says it"


def test_every_refusal_says_why_and_what_to_do():
    for kind in refusals():
        assert kind.reason and kind.cure and re.fullmatch(r"[a-z_]+", kind.code), kind


def test_every_command_and_option_is_documented():
    text = page("commands.md")
    group = typer.main.get_command(app)

    def walk(command, words):
        if hasattr(command, "commands"):
            for name, child in command.commands.items():
                walk(child, [*words, name])
            return
        assert f"`{' '.join(words)}" in text, words
        for parameter in command.params:
            for option in parameter.opts:
                if option.startswith("--") and option != "--help":
                    assert option in text, (words, option)

    walk(group, ["carriole"])


def test_every_table_and_column_of_a_day_is_documented():
    text = page("day.md")
    for table, columns in COLUMNS.items():
        section = text.partition(f"## {table}")[2].partition("\n## ")[0]
        missing = [column for column in columns if f"`{column}`" not in section]
        assert not missing, (table, missing)


def test_every_default_figure_is_documented_with_its_source():
    text = page("figures.md")
    for name, figure in vars(figures).items():
        if isinstance(figure, Figure):
            assert f"| {figure.value} | {figure.unit} | {figure.source} |" in text, name


def test_every_event_is_documented_and_marked_where_it_is_mailed():
    told = re.compile(r'"((?!carriole)[a-z_]+\.[a-z_]+)"')
    modules = [*(HOUSE / "pooling" / "desk").rglob("*.py"), *(HOUSE / "pooling" / "work").glob("jobs.py")]
    topics = {topic for path in modules for topic in told.findall(path.read_text("utf-8"))} | HANDOVERS
    rows = re.findall(r"^\| `([a-z_.]+)` \|.*\| (yes |)\|$", page("events.md"), re.MULTILINE)
    assert {topic for topic, _ in rows} == topics
    assert {topic for topic, mailed in rows if mailed} == MAILED


def test_every_setting_from_the_environment_is_documented():
    sources = [path.read_text(encoding="utf-8") for path in HOUSE.glob("[agrp]*/**/*.py")]
    settings = set(re.findall(r"CARRIOLE_[A-Z_]+", " ".join(sources)))
    assert settings and all(f"`{setting}`" in page("settings.md") for setting in settings)


def test_every_document_is_reached_from_the_index():
    index = page("README.md")
    for path in DOCS.rglob("*.md"):
        if path.name != "README.md":
            assert f"({path.relative_to(DOCS).as_posix()})" in index, path


@pytest.mark.parametrize("path", [HOUSE / "README.md", *sorted(DOCS.rglob("*.md"))], ids=lambda p: p.name)
def test_every_link_between_documents_leads_somewhere(path):
    for target in re.findall(r"\]\(([^)#:]+)\)", path.read_text(encoding="utf-8")):
        assert (path.parent / target).exists(), target


def test_the_commands_of_the_readme_are_those_of_the_makefile():
    makefile = (HOUSE / "Makefile").read_text(encoding="utf-8")
    readme = (HOUSE / "README.md").read_text(encoding="utf-8")
    wanted = set(re.findall(r"^make ([a-z-]+)", readme, re.MULTILINE))
    assert {"run", "test"} <= wanted
    assert all(re.search(rf"^{target}:", makefile, re.MULTILINE) for target in wanted)
    assert "make test" in (HOUSE / ".ci" / "run").read_text(encoding="utf-8")


@pytest.mark.xdist_group("demo")
def test_the_figures_of_the_readme_have_the_shape_and_bounds_of_the_demo(demo):
    """VROOM is not deterministic, so the README's figures are held within bounds, not to the cent."""
    _, found = demo
    readme = (HOUSE / "README.md").read_text(encoding="utf-8")
    rows = {
        "vans on the road": ("vehicles", 1),
        "distance": ("km", 1),
        "hours": ("hours", 1),
        "full cost": ("euro_cents", 100),
        "CO₂e": ("co2_g", 1000),
    }
    for label, (key, unit) in rows.items():
        cells = re.search(rf"^\| {label} \| ([\d.]+)[^|]*\| ([\d.]+)[^|]*\|", readme, re.MULTILINE)
        assert cells, label
        alone, pooled = float(cells[1]), float(cells[2])
        assert alone == pytest.approx(found["alone"][key] / unit, rel=0.03), label
        assert pooled == pytest.approx(found["pooled"][key] / unit, rel=0.25), label
        assert pooled < alone


def test_no_page_holds_what_a_merge_left_behind():
    for path in DOCS.rglob("*.md"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"^(<{7}|>{7}) ", text, re.MULTILINE), path.name
