"""
A hub: a site at which crates of others wait between two hands, kept by an operator or an intermediary.

It keeps so many crates of each temperature class in a day, within the hours of its site. Crates are brought
there by whoever sends them, or fetched there by whoever receives them; a vehicle drives the rest.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from geodata.place import Place, crow_distance_m
from geodata.refusal import Refusal
from pooling.load import Temperature
from pooling.party import Role
from pooling.site import Site

HubUse = Literal["bring", "fetch"]
"""Its sender brings the crates to the hub, or its receiver fetches them there."""

KEEPERS = frozenset({Role.OPERATOR, Role.INTERMEDIARY})
"""Whose sites may be hubs: those who look after crates of others anyway."""

HUB_CRATES_LIMIT = 10_000
"""Crates of one class that a hub may say it keeps in a day."""

TRIED_LIMIT = 3
"""Hubs that are tried for one shipment: the nearest by the crow, before the road is asked."""

FAR_M = 30_000
"""A hub that lies farther by the crow is not tried."""

LEEWAY_S = 15 * 60
"""What is counted beside the way to a hub for loading and for handing over there."""


class NoHubKeeper(Refusal):
    code = "no_hub_keeper"
    reason = "A hub is kept by an operator or an intermediary; {site} belongs to neither."
    cure = "Let an operator or an intermediary enter the place as a site of its own, and mark that one."


class HubFull(Refusal):
    code = "hub_full"
    reason = (
        "{hub} keeps {most} {most:crate/crates} of this kind in a day, and {free} of them {free:is/are} free."
    )
    cure = "Bring fewer crates, or choose another hub or day."


class NoHub(Refusal):
    code = "no_hub"
    reason = "{site} is no hub."
    cure = "Look at the alternatives again: its keeper may have closed it."


@dataclass(frozen=True)
class HubRoom:
    """Hold how many crates of each class a hub keeps in a day; none of any: it is no hub."""

    ambient: int = 0
    chilled: int = 0
    frozen: int = 0

    def __post_init__(self) -> None:
        for crates in (self.ambient, self.chilled, self.frozen):
            if not 0 <= crates <= HUB_CRATES_LIMIT:
                raise ValueError(f"A hub cannot keep {crates} crates.")

    def of(self, temperature: str) -> int:
        return int(getattr(self, Temperature(temperature).value))


@dataclass(frozen=True)
class Hub:
    """Hold a site that is a hub, and what it keeps."""

    site: Site
    room: HubRoom


def must_keep(role: Role, site_name: str) -> None:
    """Refuse a hub at a site of whoever does not look after crates of others."""
    if role not in KEEPERS:
        raise NoHubKeeper(site=site_name)


def must_have_room(hub: Hub, temperature: str, crates: int, kept: int) -> None:
    """Refuse crates beyond what a hub keeps in a day; ``kept`` of this class are there already."""
    most = hub.room.of(temperature)
    if kept + crates > most:
        raise HubFull(hub=hub.site.name, most=most, free=max(0, most - kept))


def nearest_hubs(hubs: Iterable[Hub], place: Place) -> list[Hub]:
    """Return the few hubs that lie nearest to a place, by the crow."""
    far = {hub.site.id: crow_distance_m(place, hub.site.place) for hub in hubs}
    near = [hub for hub in hubs if far[hub.site.id] <= FAR_M]
    return sorted(near, key=lambda hub: (far[hub.site.id], hub.site.id))[:TRIED_LIMIT]
