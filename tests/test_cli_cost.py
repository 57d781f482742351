"""``carriole cost`` as a person types it."""

import json

from typer.testing import CliRunner

from api.cli import app

REFUSED = 2


def run(*arguments: str):
    return CliRunner().invoke(app, ["cost", *arguments])


def test_addresses_and_crates_are_enough_and_the_lines_add_up():
    answer = run("Peille", "--to", "Menton=6:250", "--to", "Beausoleil=4", "--runs-per-year", "30", "--json")
    assert answer.exit_code == 0, answer.output
    found = json.loads(answer.stdout)
    assert sum(found["lines"].values()) == found["full_cost_cents"]
    labour_cents = found["lines"]["driving_cents"] + found["lines"]["loading_cents"]
    assert found["shareable_cost_cents"] == found["full_cost_cents"] - labour_cents
    assert found["full_cost_per_year_cents"] == 30 * found["full_cost_cents"]
    assert found["full_cost_cents"] <= found["as_said_cents"] <= found["one_by_one_cents"]
    assert 0 < found["empty_m"] < found["distance_m"]
    assert found["shown"] == "full_cost" and len(found["order"]) == 2


def test_every_figure_can_be_said_otherwise():
    free = ["--vehicle", "0", "--energy-price", "0", "--labour", "0", "--tolls", "10"]
    found = json.loads(run("Peille", "--to", "Menton=6", *free, "--json").stdout)
    assert found["full_cost_cents"] == found["lines"]["tolls_cents"] > 0
    assert found["rates"]["labour_cents_per_hour"] == 0


def test_it_is_told_in_french_and_says_which_cost_it_shows():
    answer = run("Peille", "--to", "Menton=6:20", "--crate-price", "400", "--lang", "fr")
    assert answer.exit_code == 0, answer.output
    for words in (
        "coût complet",
        "Dont hors travail",
        "plus que la part visée",
        "votre fourgon n’est pas plus",
    ):
        assert words in " ".join(answer.output.split())


def test_what_is_no_delivery_is_refused_with_its_cure():
    for wrong in ("Menton", "Menton=", "Menton=x", "=6", "Menton=6:x"):
        answer = run("Peille", "--to", wrong)
        assert answer.exit_code == REFUSED and "delivery_unreadable" in answer.output, wrong
    many = [part for _ in range(41) for part in ("--to", "Menton=1")]
    assert "too_many_deliveries" in run("Peille", *many).output
    assert run("Nowhere at all", "--to", "Menton=6").exit_code == REFUSED


def test_too_many_crates_and_places_elsewhere_are_refused_with_the_limit():
    for wrong in ("Menton=0", "Menton=99999999", "Menton=6:999999"):
        answer = run("Peille", "--to", wrong)
        said = " ".join(answer.output.split())
        assert answer.exit_code == REFUSED and "delivery_too_large" in said, wrong
        assert "1 to 500 crates" in said and "100000" in said
    said = " ".join(run("48.8566, 2.3522", "--to", "Menton=6").output.split())
    assert "address_outside" in said and "riviera" in said and "not certain" not in said
    said = " ".join(run("7.4246, 43.7384", "--to", "Menton=6").output.split())
    assert "degrees_swapped" in said and "43.73840, 7.42460" in said
