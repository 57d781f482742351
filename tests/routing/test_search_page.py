"""The page of the problem's rules: it holds every field, every code of the checker, and every number."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from routing.problem import REQUESTS_LIMIT, VEHICLES_LIMIT, Problem, Request, Vehicle, Visit

HOUSE = Path(__file__).parents[2]
PAGE = (HOUSE / "docs" / "search.md").read_text(encoding="utf-8")
RULES = PAGE.partition("\n## Which hours")[0]


def _source(*names: str) -> str:
    return "".join((HOUSE / "routing" / name).read_text(encoding="utf-8") for name in names)


def _table(heading: str) -> list[list[str]]:
    """Return the cells of the rows below a heading."""
    section = PAGE.partition(f"### {heading}\n")[2].partition("\n#")[0]
    return [row.strip("| ").split("|") for row in section.splitlines() if row.startswith("| `")]


@pytest.mark.parametrize(
    ("heading", "kind"),
    [("A vehicle", Vehicle), ("A request", Request), ("A visit", Visit), ("The problem itself", Problem)],
)
def test_every_field_stands_in_its_table_once(heading: str, kind: type) -> None:
    named = [name for row in _table(heading) for name in re.findall(r"`(\w+)`", row[0])]
    assert sorted(named) == sorted(field.name for field in fields(kind))


def test_every_code_of_the_checker_stands_beside_a_rule_and_no_other() -> None:
    rows = re.findall(r"^\| `.*", RULES, re.MULTILINE)
    named = {code for row in rows for code in re.findall(r"`(\w+)`", row.split("|")[3])}
    assert named == set(re.findall(r'Violation\(\s*"(\w+)"', _source("check.py", "check_route.py")))


def test_every_number_stands_beside_a_rule_and_no_other() -> None:
    rows = re.findall(r"^\| `.*", RULES, re.MULTILINE)
    named = {int(number) for row in rows for number in re.findall(r"E(\d{3})", row.split("|")[4])}
    assert named == {int(one) for one in re.findall(r"number=(\d+)", _source("sense.py", "visit.py"))}


def test_the_limits_are_those_of_the_house() -> None:
    assert f"At most {VEHICLES_LIMIT:,} and {REQUESTS_LIMIT:,}" in PAGE
