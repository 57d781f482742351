"""Find every sentence that the code says, wherever it stands: calls, marks, refusals, templates."""

import ast
import re
from pathlib import Path

HOUSE = Path(__file__).parents[2]
PACKAGES = ("geodata", "routing", "pooling", "api")
IN_TEMPLATES = (re.compile(r'\bsay\("([^"]+)"'), re.compile(r'\bcount\("([^"]+)", "([^"]+)"'))
SAYING = {"say": 1, "message": 1, "count": 2}
"""Functions whose first arguments are sentences, and how many."""


def sentences(*folders: str) -> set[str]:
    """Return the sentences said below folders of the house; the plural of a counted one too."""
    found: set[str] = set()
    for folder in folders:
        for path in sorted((HOUSE / folder).rglob("*")):
            if path.suffix == ".py":
                found |= _in_module(path)
            elif path.parent.name == "templates":
                text = path.read_text("utf-8")
                found |= {
                    one for pattern in IN_TEMPLATES for hit in pattern.finditer(text) for one in hit.groups()
                }
    return found


def _in_module(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            found |= _texts(node.args[: SAYING.get(name, 0)])
        elif isinstance(node, ast.ClassDef):
            found |= _refusal(node)
    return found


def _refusal(node: ast.ClassDef) -> set[str]:
    said = {
        getattr(each.targets[0], "id", ""): each.value for each in node.body if isinstance(each, ast.Assign)
    }
    return _texts([said["reason"], said["cure"]]) if {"code", "reason", "cure"} <= said.keys() else set()


def _texts(nodes: list[ast.expr]) -> set[str]:
    return {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}
