"""Where crates are handed over."""

from dataclasses import dataclass
from datetime import date

from geodata.place import Place
from geodata.refusal import Refusal
from pooling.phrases import Weekday
from pooling.week import Week, spans_text
from routing.problem import Window

ADDRESS_LIMIT = 300
"""Characters of a postal address."""
CONTACT_LIMIT = 120
PHONE_LIMIT = 30
PHONE = r"^[0-9+() .\-]*$"
"""What a telephone number is written with."""


class OutsideSiteHours(Refusal):
    code = "outside_site_hours"
    reason = "Nobody is at {site} in these hours: on {day} somebody is there {hours}."
    cure = "Choose hours in which the site is open, or correct the site's hours."


class SiteClosed(Refusal):
    code = "site_closed"
    reason = "{site} is closed on {day}; it is open on {open_day}, {hours}."
    cure = "Choose a day on which the site is open, or correct the site's hours."


@dataclass(frozen=True)
class Site:
    """
    Hold a pickup and drop point: whose it is, where it lies, and the hours in which somebody is there.

    ``hours`` are those of every day, in their order, or of one day that they were counted on, then none where
    it is closed; ``week`` are those by weekday, where they differ.
    At a ``hub`` crates of others may wait. ``address`` is what papers name; ``contact``, ``phone`` and
    ``access`` are for who drives there; ``tail_lift`` tells that nothing goes on or off there without one.
    """

    id: str
    name: str
    party: str
    place: Place
    hours: tuple[Window, ...]
    address: str = ""
    contact: str = ""
    phone: str = ""
    access: str = ""
    hub: bool = False
    tail_lift: bool = False
    week: Week | None = None

    def wall_hours(self, day: date) -> tuple[Window, ...]:
        """Return the hours of a day in seconds on the wall clock."""
        return self.hours if self.week is None else self.week.on(day)


def nobody_there(site: Site, day: date) -> Refusal:
    """Say when somebody is at a site on a day, or on which day next; ``site`` is not counted on a day."""
    there = site.wall_hours(day)
    if there or site.week is None:
        return OutsideSiteHours(site=site.name, day=Weekday.of(day), hours=_listed(there))
    opens = site.week.next_open(day)
    facts = {"open_day": Weekday.of(opens), "hours": _listed(site.week.on(opens))}
    return SiteClosed(site=site.name, day=Weekday.of(day), **facts)


def _listed(spans: tuple[Window, ...]) -> str:
    return spans_text(spans).replace(",", ", ")
