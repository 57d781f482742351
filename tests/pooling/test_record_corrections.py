"""Whom a correction takes from: the allowed first, then each that needs the other side's word."""

import pytest

from pooling.runs.record_corrections import Said, takes_from_other_side

STOOD = Said(4, 0, 1, "damaged")


@pytest.mark.parametrize(
    ("way", "now", "takes"),
    [
        ("off", Said(3, 0, 1, "damaged"), False),  # the driver keeps one more: against itself
        ("off", Said(4, 0, 2, "damaged"), False),
        ("off", Said(5, 0, 1, "damaged"), True),  # one more signed for
        ("off", Said(4, 0, 0, "damaged"), True),  # less of them bad than was seen
        ("off", Said(4, 0, 1, "good"), True),
        ("again", Said(5, 0, 1, "damaged"), True),
        ("back", Said(5, 0, 1, "damaged"), True),
        ("on", Said(5, 0, 1, "damaged"), False),
        ("on", Said(3, 0, 1, "damaged"), True),  # the sender would have kept one
        ("on", Said(4, 0, 2, "damaged"), True),
        ("left", Said(5, 0, 0, "good"), False),
    ],
)
def test_only_what_takes_from_the_other_side_needs_its_word(way, now, takes):
    assert takes_from_other_side(way, STOOD, now) is takes


def test_what_a_code_proved_is_not_changed_alone_either_way():
    proved = Said(4, 0, 0, "good", proven=True)
    assert takes_from_other_side("off", proved, Said(3, 0, 0, "short"))
    assert not takes_from_other_side("off", proved, Said(4, 0, 0, "good"))
