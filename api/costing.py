"""What delivering oneself costs, asked from addresses and crates: by the command, the API and the page."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from api.route_command import certain_address
from geodata.address_book import AddressBook
from geodata.refusal import Refusal
from geodata.region import Region
from pooling.figures import CRATE_WEIGHT, OWN_VAN_CRATES
from pooling.ground import survey
from pooling.own_cost import Delivery, OwnCost, Rates, own_cost
from pooling.phrases import excerpt
from pooling.site import Site
from routing.problem import Window

MOST_DELIVERIES = 40
MOST_CRATES, MOST_GOODS_EUR = 500, 100_000
"""Of one delivery."""

HOME = "home"
ALL_DAY = Window(0, 24 * 3600)


class DeliveryUnreadable(Refusal):
    code = "delivery_unreadable"
    reason = "“{text}” is no delivery."
    cure = (
        "Write where to, an equals sign and how many crates: “Menton=6”; goods worth 250 €: “Menton=6:250”."
    )


class DeliveryTooLarge(Refusal):
    code = "delivery_too_large"
    reason = "“{text}” is no delivery of 1 to {crates} crates, worth at most {goods} €."
    cure = "Correct the number, or write what is more as another delivery."


class TooManyDeliveries(Refusal):
    code = "too_many_deliveries"
    reason = "{count} deliveries are more than {limit}."
    cure = "Ask for the tours of one day, or of one part of the region."


@dataclass(frozen=True)
class Asked:
    """Hold one delivery as it was written: an address, crates, and the value of the goods in euro."""

    address: str
    crates: int
    goods_value_cents: int


def read_deliveries(texts: Sequence[str], limit: int = MOST_DELIVERIES) -> list[Asked]:
    """Read what was written of each delivery; refuses what is none, and too many."""
    if len(texts) > limit:
        raise TooManyDeliveries(count=len(texts), limit=limit)
    return [_read(text) for text in texts]


def cost_of(
    region: Region,
    home: str,
    asked: Sequence[Asked],
    rates: Rates,
    van_crates: int = OWN_VAN_CRATES.value,
    book: AddressBook | None = None,
) -> tuple[OwnCost, dict[str, str]]:
    """Find the addresses and what the deliveries cost; returns it with what each site is called."""
    book = book or AddressBook(region)
    found = {HOME: certain_address(book, home)}
    found |= {str(at): certain_address(book, one.address) for at, one in enumerate(asked)}
    sites = [Site(name, match.label, name, match.place, ALL_DAY) for name, match in found.items()]
    deliveries = [
        Delivery(str(at), one.crates, one.crates * CRATE_WEIGHT.value, one.goods_value_cents)
        for at, one in enumerate(asked)
    ]
    costs = own_cost(survey(sites, region.roads).ground, HOME, deliveries, rates, van_crates)
    return costs, {name: match.label for name, match in found.items()}


def cost_figures(
    found: OwnCost, labels: dict[str, str], rates: Rates, runs_per_year: int, crate_price_cents: int
) -> dict[str, Any]:
    """Return the cost as JSON: whole cents, metres and seconds; the lines add up to the full cost."""
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
        "runs": found.runs,
        "distance_m": found.distance_m,
        "empty_m": found.empty_m,
        "drive_s": found.drive_s,
        "duration_s": found.duration_s,
        "as_said_cents": found.as_said_cents,
        "one_by_one_cents": found.one_by_one_cents,
        "rates": asdict(rates),
    }


def _read(text: str) -> Asked:
    address, equals, amounts = text.rpartition("=")
    crates, _, goods_eur = amounts.partition(":")
    if not (equals and address.strip() and crates.strip().isdecimal() and (goods_eur or "0").isdecimal()):
        raise DeliveryUnreadable(text=excerpt(text))
    if not 0 < int(crates) <= MOST_CRATES or int(goods_eur or 0) > MOST_GOODS_EUR:
        raise DeliveryTooLarge(text=excerpt(text), crates=MOST_CRATES, goods=MOST_GOODS_EUR)
    return Asked(address.strip(), int(crates), 100 * int(goods_eur or 0))
