"""
The market morning played over the API by its people: invited, signed in, each with its own rights.

The same play fills a new house for ``carriole serve --morning`` and proves in a test, with a client
generated from the OpenAPI document, that the API is whole.
"""

from api.playing.cast import Caller, Cast, call_in
from api.playing.driving import drive_all
from api.playing.market import Played, freeze_rides, play_market

__all__ = ["Caller", "Cast", "Played", "call_in", "drive_all", "freeze_rides", "play_market"]
