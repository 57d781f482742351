"""What was refused, as it is told: every reason with its cure, and other trips at their price."""

from dataclasses import replace
from io import StringIO

import pytest
from rich.console import Console

from api.commands.figures import figures
from api.commands.morning import BUYER_PLACES
from api.commands.play import Played
from api.papers import words
from api.story import tell, tell_bad_lines
from pooling.bid import Bid
from pooling.days.dayplan import plan_day
from pooling.days.worth import worth
from pooling.files.line import BadLine, FieldMissing
from pooling.ledger.settlement import transfers
from tests.pooling.worlds import day, ground, hours, shipment, tour, trip

EARLY = shipment("early", "dairy", "cafe", 2, drop=hours("06:00", "06:30"))
CHEAP = shipment("cheap", "mill", "shop", 2)
IMPOSSIBLE = shipment(
    "never", "orchard", "cafe", 1, pickup=hours("10:20", "11:00"), drop=hours("06:00", "10:30")
)


def played() -> Played:
    asked = day(
        *(EARLY, CHEAP, IMPOSSIBLE),
        trips=[trip(12, 9, 12)],
        bids=[Bid("early", "T1", 1), Bid("cheap", "T1", 1), Bid("never", "T1", 5_000)],
        tours=[tour(crate_cents=100)],
    )
    plan = plan_day(asked, ground(), deadline_s=0.1)
    return Played(asked, plan, worth(plan), transfers(plan.trips, plan.tours), (), (), (), ())


def told(one: Played, language: str = "en") -> str:
    console = Console(file=StringIO(), width=400)
    tell(console, one, words(language))
    return console.file.getvalue().replace("\N{NO-BREAK SPACE}", " ")


def test_a_trip_that_would_take_it_is_told_with_its_price_as_in_the_figures():
    one = played()
    found = next(
        r for r in figures(one, words("en"))["refusals"] if r["subject"] == "cheap" and r["alternatives"]
    )
    price_cents = found["alternatives"][0]["price_cents"]
    assert price_cents > 0
    assert f"T1 (Farm) would take it for a bid of {price_cents / 100:.2f} €" in told(one)
    assert f"T1 (Farm) le prendrait pour une enchère de {price_cents / 100:.2f} €".replace(".", ",") in told(
        one, "fr"
    )


@pytest.mark.parametrize(
    ("language", "both"), [("en", ("Even so:", "And: Bid")), ("fr", ("même alors", "Et :"))]
)
def test_the_cure_of_several_reasons_has_a_part_for_each(language, both):
    story = told(played(), language)
    assert all(part in story for part in both)


def test_what_nobody_could_deliver_is_told_with_its_bid_and_is_among_the_unserved():
    one = played()
    assert "never" in figures(one, words("en"))["unserved"]
    story = told(one)
    bids = story.partition("Bids that were refused")[2]
    assert "never 1 crate" in bids and "not even its payer alone" in bids
    assert "Nor does a tour take it: Nobody" not in bids


def test_without_a_bid_it_is_not_said_to_be_left_to_drive_alone():
    asked = day(IMPOSSIBLE, CHEAP)
    plan = plan_day(asked, ground(), deadline_s=0.1)
    one = Played(asked, plan, worth(plan), (), (), (), (), ())
    impossible, _, alone = told(one).partition("Left to drive alone")
    assert "never" in impossible.partition("Not to be delivered by anybody")[2]
    assert "cheap" in alone and "never" not in alone


def test_co2_is_told_to_the_nearest_kilogram():
    one = played()
    totals = replace(one.worth.alone, co2_g=1_500)
    story = told(replace(one, worth=replace(one.worth, alone=totals, pooled=replace(totals, co2_g=1_499))))
    row = next(line for line in story.splitlines() if "CO₂e" in line)
    assert "2 kg" in row and "1 kg" in row


def test_lines_of_a_day_that_was_not_planned_name_no_file_that_was_not_written():
    console = Console(file=StringIO(), width=200)
    bad = tuple(BadLine("sites", at, "party", FieldMissing(column="party")) for at in range(30))
    tell_bad_lines(console, bad, words("en"))
    assert "10 more" in console.file.getvalue() and "result.json" not in console.file.getvalue()


def test_the_buyers_of_a_french_morning_have_french_signs():
    assert BUYER_PLACES["bakery"] == "boulangerie"
