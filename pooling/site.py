"""Where crates are handed over."""

from dataclasses import dataclass

from geodata.place import Place
from routing.problem import Window

ADDRESS_LIMIT = 300
"""Characters of a postal address."""
CONTACT_LIMIT = 120
PHONE_LIMIT = 30
PHONE = r"^[0-9+() .\-]*$"
"""What a telephone number is written with."""


@dataclass(frozen=True)
class Site:
    """
    Hold a pickup and drop point: whose it is, where it lies, and the hours in which somebody is there.

    At a ``hub`` crates of others may wait. ``address`` is what papers name; ``contact``, ``phone`` and
    ``access`` are for who drives there; ``tail_lift`` tells that nothing goes on or off there without one.
    """

    id: str
    name: str
    party: str
    place: Place
    hours: Window
    address: str = ""
    contact: str = ""
    phone: str = ""
    access: str = ""
    hub: bool = False
    tail_lift: bool = False
