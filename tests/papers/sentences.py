"""Find every sentence that the code says, wherever it stands: calls, marks, refusals, templates."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

from geodata.refusal import Refusal

HOUSE = Path(__file__).parents[2]
PACKAGES = ("geodata", "routing", "pooling", "api")
IN_TEMPLATES = (re.compile(r'\bsay\("([^"]+)"'), re.compile(r'\bcount\("([^"]+)", "([^"]+)"'))
SAYING = {"say": 1, "message": 1, "count": 2}
"""Functions whose first arguments are sentences, and how many."""


@cache
def sentences(*packages: str) -> set[str]:
    """Return the sentences said in packages of the house; the plural of a counted one too."""
    found = {text for one in refusals(*packages) for text in (one.reason, one.cure) if text}
    for package in packages:
        for path in sorted((HOUSE / package.replace(".", "/")).rglob("*")):
            if path.suffix == ".py":
                found |= _in_module(path)
            elif path.parent.name == "templates":
                found |= _in_template(path)
    return found


def counted(*packages: str) -> set[tuple[str, str]]:
    """Return the sentences that count, in the code and the templates of packages: for one, and for many."""
    folders = [HOUSE / one.replace(".", "/") for one in packages]
    pages = [page.read_text("utf-8") for folder in folders for page in folder.rglob("*.html")]
    found = {(hit[1], hit[2]) for page in pages for hit in IN_TEMPLATES[1].finditer(page)}
    for module in (path for folder in folders for path in folder.rglob("*.py")):
        found |= _counted_in(module)
    return found


def _counted_in(path: Path) -> set[tuple[str, str]]:
    calls = (node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call))
    words = (call.args[:2] for call in calls if getattr(call.func, "attr", "") == "count")
    told = (tuple(_texts(one) for one in pair) for pair in words if len(pair) == 2)
    return {(one, many) for ones, manys in told for one in ones for many in manys}


def refusals(*packages: str) -> list[type[Refusal]]:
    """Import packages whole and return the refusals that they define, those of a refusal's kind too."""
    for package in packages:
        for module in walk_packages(import_module(package).__path__, f"{package}."):
            import_module(module.name)
    inside = tuple(f"{package}." for package in packages)
    found = [one for one in _kinds(Refusal) if one.__module__.startswith(inside) and hasattr(one, "reason")]
    return sorted(set(found), key=lambda one: (one.__module__, one.__name__))


def _kinds(kind: type[Refusal]) -> Iterator[type[Refusal]]:
    for one in kind.__subclasses__():
        yield one
        yield from _kinds(one)


def _in_module(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call):
            said = SAYING.get(getattr(node.func, "attr", getattr(node.func, "id", "")), 0)
            if len(node.args) >= said:
                found |= {text for one in node.args[:said] for text in _texts(one)}
    return found


def _texts(node: ast.expr) -> set[str]:
    """Return the sentence that an argument is, or the two between which it chooses."""
    if isinstance(node, ast.IfExp):
        return _texts(node.body) | _texts(node.orelse)
    return {node.value} if isinstance(node, ast.Constant) and isinstance(node.value, str) else set()


def _in_template(path: Path) -> set[str]:
    text = path.read_text("utf-8")
    return {one for pattern in IN_TEMPLATES for hit in pattern.finditer(text) for one in hit.groups()}
