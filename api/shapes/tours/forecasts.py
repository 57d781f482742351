"""The forecast of a round on the wire: what is expected of a weekday, beside what came."""

from datetime import date

from pydantic import BaseModel, Field

from api.shapes.words import Id
from pooling.desk.tours.forecasts import RoundForecast
from pooling.tours.forecast import FEW_RUNS, LAST_RUNS, Came, Expected, Van


class RoomNeeded(BaseModel):
    """The most that was on board at once: crates in each compartment, and kilos in all."""

    ambient_crates: int = Field(description="Crates that are not cooled.", examples=[24])
    chilled_crates: int = Field(description="Crates that are chilled.", examples=[12])
    frozen_crates: int = Field(description="Crates that are frozen.", examples=[0])
    kg: int = Field(description="Kilos in all.", examples=[320])


class DayExpected(BaseModel):
    """What a round is expected to carry on one weekday."""

    weekday: int = Field(description="ISO: 1 is Monday.", examples=[2])
    runs: int = Field(description="From how many runs.", examples=[8])
    few: bool = Field(description=f"Fewer than {FEW_RUNS} runs: little to go by.", examples=[False])
    crates: int = Field(description="Expected crates: the mean of those runs.", examples=[42])
    least: int = Field(description="The least of those runs.", examples=[31])
    most: int = Field(description="The most of those runs.", examples=[55])
    aboard: RoomNeeded = Field(
        description="The most that was on board at once, on any of those runs.",
        examples=[{"ambient_crates": 24, "chilled_crates": 12, "frozen_crates": 0, "kg": 320}],
    )
    vehicle: Id | None = Field(
        description="The carrier's smallest vehicle with room for it; none where its fleet has none.",
        examples=["van_01hg0000abcd"],
    )
    vehicle_name: str = Field(description="Its name and plate.", examples=["Kangoo · AB-123-CD"])


class RunCame(BaseModel):
    """One run beside what the runs before it had let expect."""

    day: date = Field(description="Its day.", examples=["2026-09-15"])
    crates: int = Field(description="What came, crates.", examples=[44])
    noted: bool = Field(
        description="From its handovers; else from its manifest, for none were noted.", examples=[True]
    )
    expected: int | None = Field(description="What was expected; none for the first.", examples=[42])
    least: int | None = Field(description="The least that was expected.", examples=[31])
    most: int | None = Field(description="The most that was expected.", examples=[55])


class RoundForecastShown(BaseModel):
    """What a round is expected to carry, beside what came."""

    method: str = Field(description="How it is reckoned.", examples=["mean_of_last_same_weekday_runs"])
    last_runs: int = Field(description="Of how many runs at most.", examples=[LAST_RUNS])
    weekdays: list[DayExpected] = Field(
        description="Each weekday on which it ran; none before its first run has ended.", examples=[[]]
    )
    runs: list[RunCame] = Field(description="Its last runs, the latest first, at most 60.", examples=[[]])
    mean_miss_crates: int | None = Field(
        description="By how many crates expectations were off in the mean; none where there were none.",
        examples=[5],
    )


def forecast_shown(found: RoundForecast) -> RoundForecastShown:
    return RoundForecastShown(
        method="mean_of_last_same_weekday_runs",
        last_runs=LAST_RUNS,
        weekdays=[_day(one, van) for one, van in found.days],
        runs=[_run(one) for one in found.came],
        mean_miss_crates=found.miss,
    )


def _day(one: Expected, van: Van | None) -> DayExpected:
    return DayExpected(
        weekday=one.weekday,
        runs=one.runs,
        few=one.few,
        crates=one.crates,
        least=one.least,
        most=one.most,
        aboard=RoomNeeded(**vars(one.aboard)),
        vehicle=van.id if van else None,
        vehicle_name=van.name if van else "",
    )


def _run(one: Came) -> RunCame:
    hoped = one.expected
    return RunCame(
        day=one.run.day,
        crates=one.run.crates,
        noted=one.run.noted,
        expected=hoped.crates if hoped else None,
        least=hoped.least if hoped else None,
        most=hoped.most if hoped else None,
    )
