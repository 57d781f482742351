"""The kinds of van that a trip is made with; each has its cost per kilometre."""

from enum import StrEnum


class Van(StrEnum):
    SMALL = "small_van"
    REFRIGERATED = "refrigerated_van"
