"""
Goods that a producer has this week: a line of its short list, and the crates that an order of it fills.

Whoever orders says units; whoever drives counts crates. No two lines share a crate.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from geodata.refusal import Refusal
from pooling.cold_chain import must_be_cold
from pooling.intake.shipments import SHIPMENT_KG_LIMIT
from pooling.load import CRATES_LIMIT, Temperature
from pooling.names import must_be_name

UNITS_LIMIT = 100_000
"""Units of one line of goods, in an order or on a list."""

CRATE_KG_LIMIT = 200


class DaysBackwards(Refusal):
    code = "goods_end_early"
    reason = "The goods would end before they begin."
    cure = "Write the earlier day first."


class TooManyCrates(Refusal):
    code = "too_many_crates"
    reason = "The order fills {crates} crates and weighs {kg} kg, of one kind of cold."
    cure = "Order at most {limit} crates and {kg_limit} kg, and the rest in another order."


@dataclass(frozen=True)
class GoodsWords:
    """
    Hold one line of a short list: ``price_cents`` is for one unit, ``least`` the fewest units of an order.

    ``available`` counts units from now on, ``None`` where there is enough; days that are not said leave
    their end open.
    """

    reference: str
    product: str
    unit: str
    price_cents: int
    units_per_crate: int
    kg_per_crate: int
    least: int = 1
    available: int | None = None
    temperature: str = Temperature.AMBIENT.value
    food: str = ""
    from_day: date | None = None
    until_day: date | None = None

    def must_make_sense(self) -> None:
        """Refuse names that cannot be shown, days that run backwards, food not kept as cold as it must."""
        for column in ("reference", "product", "unit"):
            must_be_name(column, getattr(self, column))
        if self.from_day and self.until_day and self.until_day < self.from_day:
            raise DaysBackwards
        must_be_cold(self.temperature, self.food)


class Ordered(Protocol):
    """What there is to carry of one line of an order."""

    @property
    def temperature(self) -> str: ...
    @property
    def food(self) -> str: ...
    @property
    def crates(self) -> int: ...
    @property
    def kg(self) -> int: ...
    @property
    def product(self) -> str: ...
    @property
    def cents(self) -> int: ...


@dataclass(frozen=True)
class GoodsLoad:
    """Hold the crates of one order that ride as one shipment: of one temperature, of one class of food."""

    temperature: str
    food: str
    crates: int
    kg: int
    value_cents: int
    products: tuple[str, ...]


def crates_for(quantity: int, units_per_crate: int) -> int:
    """Return how many crates so many units fill, the last one perhaps in part."""
    return -(-quantity // units_per_crate)


def loads_of(lines: Iterable[Ordered]) -> tuple[GoodsLoad, ...]:
    """Put the lines of an order together by what may ride as one; refuses more than one shipment holds."""
    groups: dict[tuple[str, str], list[Ordered]] = {}
    for line in lines:
        groups.setdefault((line.temperature, line.food), []).append(line)
    loads = [
        GoodsLoad(
            temperature,
            food,
            sum(one.crates for one in group),
            sum(one.kg for one in group),
            sum(one.cents for one in group),
            tuple(dict.fromkeys(one.product for one in group)),
        )
        for (temperature, food), group in sorted(groups.items())
    ]
    for load in loads:
        if load.crates > CRATES_LIMIT or load.kg > SHIPMENT_KG_LIMIT:
            limits = {"limit": CRATES_LIMIT, "kg_limit": SHIPMENT_KG_LIMIT}
            raise TooManyCrates(crates=load.crates, kg=load.kg, **limits)
    return tuple(loads)
