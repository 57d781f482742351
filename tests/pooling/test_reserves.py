"""Reserves on a paper: what was other than agreed, with its counts and degrees."""

import pytest

from api.papers.waybill import _reserve
from api.papers.words import words
from pooling.runs.reserves import Seen, reserves


@pytest.mark.parametrize(
    ("seen", "said"),
    [
        (Seen("done", "good", 4, 4), ()),
        (Seen("done", "short", 3, 4), ("short 3/4",)),
        (Seen("done", "short", 3, 4, lost=1), ("short 3/4", "missing 1/4")),
        (Seen("done", "damaged", 4, 4, damaged=2), ("damaged 2/4",)),
        (Seen("failed", "refused", 0, 4), ("refused 4/4",)),
        (Seen("failed", "good", 0, 4), ("failed 4/4",)),
        (Seen("done", "good", 4, 4, read_tenths=85, limit_tenths=40), ("warm 85/40",)),
        (Seen("done", "good", 4, 4, read_tenths=40, limit_tenths=40), ()),
        (Seen("done", "good", 4, 4, read_tenths=300), ()),
    ],
)
def test_what_was_other_than_agreed_is_reserved_with_its_counts(seen, said):
    assert reserves(seen) == said


def test_a_reserve_is_said_in_french_and_a_drivers_word_stays():
    french = words("fr")
    assert _reserve("short 3/4", french) == "3 caisses sur 4"
    assert _reserve("warm 85/40", french) == "8,5 °C, au plus 4,0 °C"
    assert _reserve("Gate was closed", french) == "Gate was closed"
