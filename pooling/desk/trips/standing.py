"""
A van that stands: one stop that is said with its end becomes the stop of coming and the stop of leaving.

Between them lies a leg that is not driven, on which whoever comes there boards or is handed over to.
"""

from dataclasses import replace

from pooling.desk.trips.series_words import WallStop
from pooling.desk.trips.trips import StopWords


def standing(comes: StopWords, until_at: int) -> tuple[StopWords, StopWords]:
    """Return both stops of a stand; it is left as much later than said as it may be come to."""
    leaves_by_at = until_at + comes.closes_at - comes.opens_at
    return replace(comes, stands=True), replace(comes, opens_at=until_at, closes_at=leaves_by_at)


def standing_wall(comes: WallStop, until_s: int) -> tuple[WallStop, WallStop]:
    """Return the same by the clock on the wall."""
    leaves_by_s = until_s + comes.closes_s - comes.opens_s
    return replace(comes, stands=True), replace(comes, opens_s=until_s, closes_s=leaves_by_s)
