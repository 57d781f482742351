"""
The page docs/rights.md: the table of rights beside the paths of the OpenAPI document.

Written anew by ``python -m tests.desk.rights_page``.
"""

from pathlib import Path
from tempfile import TemporaryDirectory

from api.app import make_app
from api.openapi import METHODS
from api.rights import RIGHTS
from pooling.clock import TurnedClock
from tests.houses import MORNING, new_house

PAGE = Path(__file__).parents[2] / "docs" / "rights.md"
OPENING = """# Who may see and do what

One row per operation of the API, written from `api/rights.py`; a test calls every operation as every kind
of person on somebody else's objects and holds the answers against this table. Pages give nobody more:
they call the same functions.

*A stranger* is whoever has no part in the object. **404**: is told that there is none. **403**: is told
that it may not, for the thing itself is public. **own**: is shown its own ones only. **yes**: may. Rights
are asked before anything else that depends on the object, so that a refusal never tells a stranger what it
may not see. *Anyone* needs no session. *Operator*: may do it for everybody. *Driver*: a driver's duty in
the party concerned is enough; everything else needs a manager's."""
STRANGERS = {"hidden": "404", "refused": "403", "open": "yes", "own": "own"}


def document():
    """Return the OpenAPI document of a house of its own."""
    with TemporaryDirectory() as folder:
        house = new_house(Path(folder), TurnedClock(MORNING))
        told = make_app(house).openapi()
        house.close()
    return told


def page(told):
    """Write the page."""
    nouns = {}
    for path, operations in told["paths"].items():
        for method, operation in operations.items():
            if method in METHODS:
                nouns.setdefault(operation["tags"][0], []).append(_row(path, method, operation))
    head = "| operation | call | who may | stranger | anyone | operator | driver |\n" + "|---" * 7 + "|"
    tables = [f"## {noun.capitalize()}\n\n{head}\n" + "\n".join(rows) for noun, rows in nouns.items()]
    return "\n\n".join([OPENING, *tables]) + "\n"


def _row(path, method, operation):
    name = operation["operationId"]
    right = RIGHTS[name]
    marks = ["yes" if mark else "" for mark in (right.anonymous, right.operator, right.driver)]
    call = f"`{method.upper()} {path.removeprefix('/api/v1')}`"
    cells = [f"`{name}`", call, right.who, STRANGERS[right.strangers], *marks]
    return "| " + " | ".join(cells) + " |"


if __name__ == "__main__":
    PAGE.write_text(page(document()), encoding="utf-8")
