"""
A played day told to a person at a terminal.

First who takes part, then who rides with whom, what was refused and why, who pays what, who owes
whom, and whether it was worth it.
"""

from rich.console import Console

from api.commands.play import Played
from api.papers import Words
from api.story.bad_lines import tell_bad_lines, tell_warnings
from api.story.money import tell_debts, tell_shares
from api.story.people import tell_people
from api.story.rides import tell_tours, tell_trips
from api.story.turned import tell_bids, tell_left
from api.story.voice import Voice
from api.story.worth import tell_worth

__all__ = ["tell", "tell_bad_lines"]


def tell(console: Console, played: Played, words: Words) -> None:
    """Print the whole day, section by section; a section with nothing to tell is left out."""
    voice = Voice(console, words)
    tell_people(voice, played.day)
    tell_bad_lines(console, played.bad_lines, words)
    tell_warnings(voice, played.warnings)
    tell_trips(voice, played)
    tell_tours(voice, played)
    tell_bids(voice, played)
    tell_left(voice, played)
    tell_shares(voice, played.worth.participants)
    tell_debts(voice, played)
    tell_worth(voice, played)
