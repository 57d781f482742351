"""Where crates are handed over."""

from dataclasses import dataclass

from geodata.place import Place
from routing.problem import Window


@dataclass(frozen=True)
class Site:
    """Hold a pickup and drop point: whose it is, where it lies, and the hours in which somebody is there."""

    id: str
    name: str
    party: str
    place: Place
    hours: Window
