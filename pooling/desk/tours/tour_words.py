"""What is said of a tour when it is proposed or changed."""

from dataclasses import dataclass
from typing import Literal

from pooling.sharing_rule import Rule


@dataclass(frozen=True)
class TourWords:
    """
    Hold what is said of a tour; moments in seconds since 1970, money in cents.

    Room that is not said is that of the vehicle named; a price that is not said is that of the
    carrier's rate card of the day. ``ready_from_at`` and ``fresh_by_at`` are the hard hours of a harvest.
    Without a carrier any vetted one may drive it: it is chosen at the cut-off. ``area`` is the text of
    ``pooling.tours.tour_area``, empty where the tour goes anywhere. A ``sharing_rule`` that is not said stays
    as it is; of a new tour it is the house's. ``gap_party_id`` may name a community whose steward says
    it: its account then takes the gap. ``at_threshold`` confirms it as soon as its minimum is reached.
    ``each_pays_its_way`` holds what a newcomer adds against it also before it is paid
    (``pooling.tours.newcomer``); not said, it is as its community or the house does, and in a change as it
    stands.
    """

    carrier_id: str
    driver: str
    start_site_id: str
    end_site_id: str
    opens_at: int
    closes_at: int
    ambient_crates: int | None
    chilled_crates: int | None
    frozen_crates: int | None
    payload_kg: int | None
    fixed_cents: int | None
    cents_per_km: int | None
    cents_per_hour: int | None
    cents_per_stop: int | None
    crate_cents: int
    fee_cents: int
    gap_cents: int
    gap_party_id: str | None
    minimum_crates: int
    cutoff_at: int
    vehicle_id: str = ""
    driver_id: str = ""
    waiting_cents_per_hour: int | None = None
    ready_from_at: int | None = None
    fresh_by_at: int | None = None
    area: str = ""
    minimum_shipments: int = 0
    minimum_share_cents: int = 0
    sharing_rule: Rule | Literal[""] = ""
    gap_community_id: str | None = None
    at_threshold: bool = False
    each_pays_its_way: bool | None = None
