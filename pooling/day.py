"""Everything announced for one day in one region: who, where, trips, shipments, bids and tours."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from pooling.bid import Bid
from pooling.hours import DayClock
from pooling.party import Party
from pooling.shipment import Shipment
from pooling.site import Site
from pooling.tour import Tour
from pooling.trip import Trip


@dataclass(frozen=True)
class Day:
    """Hold a market day before anything is planned. Bids stand in the order of their arrival."""

    clock: DayClock
    region: str
    parties: Mapping[str, Party]
    sites: Mapping[str, Site]
    trips: tuple[Trip, ...]
    shipments: tuple[Shipment, ...]
    bids: tuple[Bid, ...]
    tours: tuple[Tour, ...]

    @cached_property
    def shipment_by_id(self) -> dict[str, Shipment]:
        return {shipment.id: shipment for shipment in self.shipments}

    @cached_property
    def trip_by_id(self) -> dict[str, Trip]:
        return {trip.id: trip for trip in self.trips}

    @cached_property
    def tour_by_id(self) -> dict[str, Tour]:
        return {tour.id: tour for tour in self.tours}

    def home(self, party_id: str) -> Site:
        """Return where a party's own van stands: the first site it named."""
        return self._home_by_party[party_id]

    @cached_property
    def _home_by_party(self) -> dict[str, Site]:
        homes: dict[str, Site] = {}
        for site in self.sites.values():
            homes.setdefault(site.party, site)
        return homes
