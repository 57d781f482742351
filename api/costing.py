"""What delivering oneself costs, asked from addresses and crates: by the command, the API and the page."""

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from api.commands.route_command import certain_address
from geodata.address_book import AddressBook
from geodata.place import Place, crow_distance_m
from geodata.refusal import Refusal
from geodata.region import Region
from pooling.costs.cost_sources import rates_told
from pooling.costs.own_cost import Delivery, OwnCost, Rates, own_cost
from pooling.costs.own_van import BreakEven
from pooling.desk.market.asked_offers import ANY_HOUR, CratesAsked, Looked
from pooling.figures import CRATE_WEIGHT, OWN_VAN_CRATES
from pooling.ground import survey
from pooling.phrases import excerpt
from pooling.site import Site
from routing.problem import Window

MOST_DELIVERIES = 40
MOST_CRATES, MOST_GOODS_EUR = 500, 100_000
"""Of one delivery."""

HOME = "home"
AT_HOME_M = 30
"""Two addresses that are nearer are one place."""
ALL_DAY = Window(0, 24 * 3600)
HOURS = re.compile(r"(\d{1,2})(?::([0-5]\d))?-(\d{1,2})(?::([0-5]\d))?")


class DeliveryUnreadable(Refusal):
    code = "delivery_unreadable"
    reason = "“{text}” is no delivery."
    cure = (
        "Write where to, an equals sign and how many crates: “Menton=6”; goods worth 250 €: “Menton=6:250”; "
        "between 8 and 10:30: “Menton=6@8-10:30”."
    )


class DeliveryBackwards(Refusal):
    code = "delivery_backwards"
    reason = "The hours of “{text}” end before they begin, or lie beyond the day."
    cure = "Write the earlier hour first, both between 00:00 and 24:00."


class DeliveryTooLarge(Refusal):
    code = "delivery_too_large"
    reason = "“{text}” is no delivery of 1 to {crates} crates, worth at most {goods} €."
    cure = "Correct the number, or write what is more as another delivery."


class DeliveryAtHome(Refusal):
    code = "delivery_at_home"
    reason = "{address} is where you set out: nothing is driven for it."
    cure = "Leave this delivery out, or write the address where the crates go."


class TooManyDeliveries(Refusal):
    code = "too_many_deliveries"
    reason = "{count} deliveries are more than {limit}."
    cure = "Ask for the tours of one day, or of one part of the region."


@dataclass(frozen=True)
class Asked:
    """Hold one delivery as it was written: an address, crates, what the goods are worth, and its hours."""

    address: str
    crates: int
    goods_value_cents: int
    hours: Window | None = None


def read_deliveries(texts: Sequence[str], limit: int = MOST_DELIVERIES) -> list[Asked]:
    """Read what was written of each delivery; refuses what is none, and too many."""
    if len(texts) > limit:
        raise TooManyDeliveries(count=len(texts), limit=limit)
    return [_read(text) for text in texts]


@dataclass(frozen=True)
class Reckoned:
    """Hold what deliveries cost, and of the farm and each of them (by its number) the address found."""

    cost: OwnCost
    labels: dict[str, str]
    places: dict[str, Place]

    def beside(self, *, refrigerated: bool) -> list[CratesAsked]:
        """Return the deliveries as crates for which a ride may be looked for."""
        kept = "chilled" if refrigerated else "ambient"
        return [
            CratesAsked(self.places[one.site], one.crates, kept, one.hours or ANY_HOUR)
            for one in self.cost.deliveries
        ]


def cost_of(
    region: Region,
    home: str,
    asked: Sequence[Asked],
    rates: Rates,
    van_crates: int = OWN_VAN_CRATES.value,
    book: AddressBook | None = None,
) -> Reckoned:
    """Find the addresses and what the deliveries cost."""
    book = book or AddressBook(region)
    found = {HOME: certain_address(book, home)}
    found |= {str(at): certain_address(book, one.address) for at, one in enumerate(asked)}
    for name, match in found.items():
        if name != HOME and crow_distance_m(match.place, found[HOME].place) < AT_HOME_M:
            raise DeliveryAtHome(address=match.label)
    sites = [Site(name, match.label, name, match.place, (ALL_DAY,)) for name, match in found.items()]
    deliveries = [
        Delivery(str(at), one.crates, one.crates * CRATE_WEIGHT.value, one.goods_value_cents, one.hours)
        for at, one in enumerate(asked)
    ]
    costs = own_cost(survey(sites, region.roads).ground, HOME, deliveries, rates, van_crates)
    return Reckoned(
        costs,
        {name: match.label for name, match in found.items()},
        {name: match.place for name, match in found.items()},
    )


def pooled_price(
    found: OwnCost, crate_price_cents: int, looked: Looked | None, *, stranger: bool = False
) -> int:
    """
    Return what all crates cost elsewhere: at a price that was said, else at the real offers; 0: none.

    A stranger is reckoned the upper end of the prices that it is shown, never a price itself.
    """
    if crate_price_cents:
        return found.crates * crate_price_cents
    if looked is None:
        return 0
    if stranger:
        return looked.public_cents({int(one.site): one.crates for one in found.deliveries}) or 0
    return looked.cheapest_cents(len(found.deliveries)) or 0


def even_figures(even: BreakEven, runs_per_year: int) -> dict[str, Any]:
    """Return both sides of a break-even as JSON; each side's lines add up."""
    return {
        "van_year": {
            "depreciation_cents": even.van.depreciation_cents,
            "insurance_cents": even.van.insurance_cents,
            "upkeep_cents": even.van.upkeep_cents,
        },
        "van_year_cents": even.van.fixed_cents,
        "run": asdict(even.run),
        "run_cents": even.run.total_cents,
        "pooled_cents": even.pooled_cents,
        "own_loading_cents": even.own_loading_cents,
        "pooled_run_cents": even.pooled_run_cents,
        "even_runs": even.even_runs,
        "even_crates": even.even_crates,
        "own_year_cents": even.own_year_cents(runs_per_year),
        "pooled_year_cents": even.pooled_year_cents(runs_per_year),
    }


def cost_figures(
    reckoned: Reckoned,
    rates: Rates,
    runs_per_year: int,
    crate_price_cents: int,
    even: BreakEven | None,
    *,
    refrigerated: bool = False,
) -> dict[str, Any]:
    """Return the cost as JSON: whole cents, metres and seconds; the lines add up to the full cost."""
    found, labels = reckoned.cost, reckoned.labels
    return {
        "shown": "full_cost",
        "lines": asdict(found.lines),
        "full_cost_cents": found.cents,
        "shareable_cost_cents": found.lines.shareable_cost_cents,
        "cents_per_crate": found.cents_per_crate,
        "cents_per_kg": found.cents_per_kg,
        "cents_per_delivery": found.cents_per_delivery,
        "goods_share_pct": found.goods_share_pct,
        "above_target": found.above_target,
        "runs_per_year": runs_per_year,
        "full_cost_per_year_cents": found.cents_per_year(runs_per_year),
        "even_crates": found.even_crates(crate_price_cents) if crate_price_cents else None,
        "home": labels[HOME],
        "order": [labels[site] for site in found.order],
        "begins_s": list(found.begins_s),
        "vans": found.vans,
        "runs": found.runs,
        "distance_m": found.distance_m,
        "empty_m": found.empty_m,
        "drive_s": found.drive_s,
        "duration_s": found.duration_s,
        "as_said_cents": found.as_said_cents,
        "one_by_one_cents": found.one_by_one_cents,
        "rates": asdict(rates),
        "rates_told": [asdict(one) for one in rates_told(rates, refrigerated=refrigerated)],
        "break_even": even_figures(even, runs_per_year) if even else None,
    }


def _read(text: str) -> Asked:
    address, equals, said = text.rpartition("=")
    amounts, _, hours = said.partition("@")
    crates, _, goods_eur = amounts.partition(":")
    if not (equals and address.strip() and crates.strip().isdecimal() and (goods_eur or "0").isdecimal()):
        raise DeliveryUnreadable(text=excerpt(text))
    if not 0 < int(crates) <= MOST_CRATES or int(goods_eur or 0) > MOST_GOODS_EUR:
        raise DeliveryTooLarge(text=excerpt(text), crates=MOST_CRATES, goods=MOST_GOODS_EUR)
    return Asked(address.strip(), int(crates), 100 * int(goods_eur or 0), _hours(text, hours))


def _hours(text: str, hours: str) -> Window | None:
    """Read hours of a day such as “8-10:30”; nothing is any hour."""
    if not hours.strip():
        return None
    hit = HOURS.fullmatch(hours.replace(" ", ""))
    if hit is None:
        raise DeliveryUnreadable(text=excerpt(text))
    opens_s, closes_s = (int(hit[at]) * 3600 + int(hit[at + 1] or 0) * 60 for at in (1, 3))
    return hours_between(text, opens_s, closes_s)


def hours_between(text: str, opens_s: int, closes_s: int) -> Window:
    """Return hours of a day; refuses such as run backwards or go beyond it."""
    if not 0 <= opens_s <= closes_s <= ALL_DAY.closes_s:
        raise DeliveryBackwards(text=excerpt(text))
    return Window(opens_s, closes_s)
