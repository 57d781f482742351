"""A shipment as the solver sees it."""

from dataclasses import dataclass

from routing.visit import Visit

Load = tuple[int, ...]
"""One whole number per dimension of the problem (crates, kilos, litres per temperature class)."""


@dataclass(frozen=True)
class Request:
    """
    Hold a load to be carried from a pickup to a drop in the same vehicle.

    ``prize_cents`` is what leaving it behind costs; ``None`` means it must be carried.
    ``vehicles`` names the only ones that may carry it; ``None`` leaves it open. ``goods`` are the
    kinds that it holds (fish, flowers), for what must be kept apart. Requests of one ``bundle``
    ride in the same vehicle, all or none: one pickup with many drops is a request for each drop.
    """

    id: str
    pickup: Visit
    drop: Visit
    load: Load
    prize_cents: int | None = None
    longest_ride_s: int | None = None
    skills: frozenset[str] = frozenset()
    vehicles: frozenset[str] | None = None
    goods: frozenset[str] = frozenset()
    bundle: str | None = None
