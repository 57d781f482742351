"""The page docs/law.md: its tables are what the functions of the law say."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from pooling.figures import PRIVATE_YEAR
from pooling.pricing import detour_beyond
from pooling.regimes import (
    COST_SHARING,
    PrivateYear,
    Regime,
    above_cap,
    forbidden_by_law,
    lawful_cents,
    papers_to_carry,
)
from tests.pooling.test_regimes import ANNE, BEN, DAIRY, FARM, HAULIER, PLAIN, SHOP, TODAY, north

PAGE = (Path(__file__).parents[2] / "docs" / "law.md").read_text(encoding="utf-8")
CUMA, GIE = replace(SHOP, group="CUMA"), replace(SHOP, group="GIE")
EXAMPLES = {
    Regime.OWN_ACCOUNT: ({"payer": FARM}, {"payer": DAIRY}),
    Regime.ENTRAIDE: ({"drop": north(300_000)}, {"payer": SHOP}),
    Regime.COTRANSPORT_AGRICOLE: ({"drop": north(99_900)}, {"drop": north(100_100)}),
    Regime.GROUPEMENT: (
        {"owner": replace(FARM, group="CUMA"), "payer": CUMA},
        {"owner": replace(FARM, group="CUMA"), "payer": GIE},
    ),
    Regime.COTRANSPORT_PRIVE: ({"owner": ANNE, "payer": BEN}, {"owner": ANNE, "payer": SHOP}),
    Regime.TRANSPORTEUR: (
        {"owner": HAULIER, "payer": SHOP},
        {"owner": HAULIER, "payer": SHOP, "day": TODAY + timedelta(days=1)},
    ),
}


def rows(heading):
    """Return the rows of the table under a heading, by their ground."""
    table = PAGE.partition(heading)[2].split("\n\n")
    lines = next(part for part in table if part.startswith("| ground")).splitlines()[2:]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return {row[0].strip("`"): row[1:] for row in cells}


def test_every_ground_has_its_row_with_its_source_and_its_papers():
    found = rows("so do offers, bundles and clearings.")
    assert set(found) == {regime.value for regime in Regime}
    for regime in Regime:
        source, who, most, papers = found[regime.value]
        assert source and who and papers == ", ".join(papers_to_carry(regime))
        assert (most == "shareable cost") == (regime in COST_SHARING)


@pytest.mark.parametrize("regime", Regime)
def test_the_example_of_each_ground_rides_and_is_refused_as_it_says(regime):
    rides, is_refused = EXAMPLES[regime]
    code = rows("## Worked examples")[regime.value][2].strip("`")
    assert forbidden_by_law(regime, replace(PLAIN, **rides)) is None
    refusal = forbidden_by_law(regime, replace(PLAIN, **is_refused))
    assert refusal is not None and refusal.code == code
    assert refusal.sentence and refusal.what_to_do


def test_the_year_of_the_example_caps_what_anne_receives():
    year = PrivateYear(PRIVATE_YEAR.value, 199_000)
    assert lawful_cents(3_200, year) == 1_000 and lawful_cents(3_200, PrivateYear(200_000, 0)) == 3_200
    left_cents = lawful_cents(3_200, year) - 500
    assert left_cents == 500 and above_cap(Regime.COTRANSPORT_PRIVE, 500, 500, 1_000) is None
    assert detour_beyond(501, 2_700, year).code == "above_yearly_cap"
    assert detour_beyond(2_701, 2_700, year).code == "detour_above_cap"
    words = ("1,990.00", "2,000.00", "32.00", "10.00", "5.00", "5.01", "27.00", "above_yearly_cap")
    example = PAGE.partition("**Example.** Anne")[2].partition("##")[0]
    assert all(one in PAGE.partition("## What a private person")[2] for one in words) and "5.01 €" in example


@pytest.mark.parametrize("regime", Regime)
def test_the_cap_of_the_example_holds_where_costs_are_shared(regime):
    assert above_cap(regime, 700, 2_500, 3_200) is None
    refused = above_cap(regime, 701, 2_500, 3_200)
    assert (refused is not None) == (regime in COST_SHARING)
    assert refused is None or (refused.code in PAGE and "7.01 €" in PAGE and "32.00 €" in PAGE)
