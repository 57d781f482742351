"""
From the lines of tables to a day: each bad line is reported with its cure, each good one is kept.

A line that speaks of a refused one is refused too, and says so: nothing is dropped in silence.
"""

from pooling.intake.bids import BidWithoutPrice, OwnTrip
from pooling.intake.day import DayMissing, Intake, day_and_region, read_day
from pooling.intake.reading import NameTwice, NotKnown
from pooling.intake.shipments import DeliveryMissing, PickupMissing
from pooling.intake.sites import SITES_LIMIT, Locate, TooManySites
from pooling.intake.trips import TripIncomplete

__all__ = [
    "SITES_LIMIT",
    "BidWithoutPrice",
    "DayMissing",
    "DeliveryMissing",
    "Intake",
    "Locate",
    "NameTwice",
    "NotKnown",
    "OwnTrip",
    "PickupMissing",
    "TooManySites",
    "TripIncomplete",
    "day_and_region",
    "read_day",
]
