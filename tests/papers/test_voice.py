"""The story's voice: names stay names, lines stay within the terminal, amounts stay whole."""

from io import StringIO

import pytest
from rich.console import Console

from api.papers.words import words
from api.story import tell_bad_lines
from api.story.voice import Voice
from pooling.files.line import BadLine, FieldMissing, NotOneOf

EVIL = "[/] [red]Ferme[/red] [link=x]"


def spoken(say, width=80, language="en"):
    console = Console(file=StringIO(), width=width)
    say(Voice(console, words(language)))
    return console.file.getvalue()


@pytest.mark.parametrize("width", [40, 80, 120])
def test_lines_stay_within_the_terminal_and_under_their_beginning(width):
    said = spoken(lambda voice: voice.line("ten crates " * 30, lead="S01", aside="(no_room)"), width)
    first, *rest = said.splitlines()
    assert first.startswith("  S01 ten")
    assert rest
    assert all(line.startswith("    ") and len(line) <= width for line in rest)
    assert said.rstrip().endswith("(no_room)")


def test_an_amount_is_never_parted_from_its_unit():
    amount = words("fr").money(1_419)
    for width in range(30, 60):
        assert spoken(lambda voice: voice.line(f"{amount} " * 40), width).count(amount) == 40


def test_names_that_look_like_markup_stay_names():
    def say(voice):
        voice.line(EVIL, lead=EVIL, aside=EVIL)
        voice.grid([(EVIL, EVIL, "1.00 €")])

    assert spoken(say, 300).count(EVIL) == 5


def test_bad_lines_tell_where_what_and_what_to_do_and_how_many_more():
    bad = [BadLine("sites", at, "", FieldMissing(column=EVIL)) for at in range(2, 23)]
    bad[0] = BadLine("trips", 4, "regime", NotOneOf(column="regime", text=EVIL, choices="entraide"))
    said = spoken(lambda voice: tell_bad_lines(voice.console, bad, words("fr")), 200)
    assert f"trips, ligne 4, regime : regime : « {EVIL} » n’est pas connu." in said.replace("\xa0", " ")
    assert "sites, ligne 3 :" in said.replace("\xa0", " ")
    assert "… et 1 autres" in said


def test_nothing_is_said_of_bad_lines_where_there_are_none():
    assert spoken(lambda voice: tell_bad_lines(voice.console, [], words("en"))) == ""
