"""
From how many runs a year a farm's own van is cheaper than tours shared with others: the break-even.

A van costs by the year, however little it drives, and by the run; a tour costs by the crate. The price of a
kilometre that `pooling.costs.own_cost` counts has the yearly costs in it, spread over a usual year; here they
stand apart, and a kilometre costs what is left.
"""

from dataclasses import dataclass, fields

from pooling.costs.own_cost import OwnCost
from pooling.figures import (
    REFRIGERATED_VAN_DEPRECIATION_PER_YEAR,
    REFRIGERATED_VAN_INSURANCE_PER_YEAR,
    REFRIGERATED_VAN_UPKEEP_PER_YEAR,
    REFRIGERATED_VAN_WEAR_PER_KM,
    VAN_DEPRECIATION_PER_YEAR,
    VAN_INSURANCE_PER_YEAR,
    VAN_UPKEEP_PER_YEAR,
    VAN_WEAR_PER_KM,
)
from pooling.goods.true_price import loading_cents


@dataclass(frozen=True)
class VanYear:
    """Hold what an own van costs in a year in which it does not drive, and its wear by the kilometre."""

    depreciation_cents: int = VAN_DEPRECIATION_PER_YEAR.value
    insurance_cents: int = VAN_INSURANCE_PER_YEAR.value
    upkeep_cents: int = VAN_UPKEEP_PER_YEAR.value
    wear_cents_per_km: int = VAN_WEAR_PER_KM.value

    @property
    def fixed_cents(self) -> int:
        return self.depreciation_cents + self.insurance_cents + self.upkeep_cents


def default_van_year(*, refrigerated: bool = False) -> VanYear:
    """Return the year of the small van, or of one with a cold body."""
    if not refrigerated:
        return VanYear()
    return VanYear(
        REFRIGERATED_VAN_DEPRECIATION_PER_YEAR.value,
        REFRIGERATED_VAN_INSURANCE_PER_YEAR.value,
        REFRIGERATED_VAN_UPKEEP_PER_YEAR.value,
        REFRIGERATED_VAN_WEAR_PER_KM.value,
    )


@dataclass(frozen=True)
class RunLines:
    """Hold what one run in one's own van costs beside what the year costs; the total adds the lines."""

    wear_cents: int
    energy_cents: int
    tolls_cents: int
    driving_cents: int
    loading_cents: int

    @property
    def total_cents(self) -> int:
        return sum(getattr(self, line.name) for line in fields(self))


@dataclass(frozen=True)
class BreakEven:
    """
    Hold both sides: a year of the own van with a run's lines, and a run shared with others.

    ``pooled_cents`` is what the crates of a run cost at the price of a crate, ``own_loading_cents`` the
    labour of loading them, which stays with their sender.
    """

    van: VanYear
    run: RunLines
    crates: int
    pooled_cents: int
    own_loading_cents: int

    @property
    def pooled_run_cents(self) -> int:
        return self.pooled_cents + self.own_loading_cents

    @property
    def spared_cents(self) -> int:
        """Return what each run in the own van costs less than shared, the year left aside."""
        return self.pooled_run_cents - self.run.total_cents

    @property
    def even_runs(self) -> int | None:
        """Return from how many runs a year on the own van is cheaper; ``None``: it never is."""
        return self.van.fixed_cents // self.spared_cents + 1 if self.spared_cents > 0 else None

    @property
    def even_crates(self) -> int | None:
        """Return the crates of so many runs."""
        return None if self.even_runs is None else self.even_runs * self.crates

    def own_year_cents(self, runs: int) -> int:
        return self.van.fixed_cents + runs * self.run.total_cents

    def pooled_year_cents(self, runs: int) -> int:
        return runs * self.pooled_run_cents


def break_even(found: OwnCost, van: VanYear, pooled_cents: int) -> BreakEven:
    """Set a farm's own run against the same crates on tours that cost so much for all of them."""
    lines = found.lines
    run = RunLines(
        wear_cents=(found.distance_m * van.wear_cents_per_km + 500) // 1000,
        energy_cents=lines.energy_cents,
        tolls_cents=lines.tolls_cents,
        driving_cents=lines.driving_cents,
        loading_cents=lines.loading_cents,
    )
    return BreakEven(van, run, found.crates, pooled_cents, loading_cents(found.crates))
