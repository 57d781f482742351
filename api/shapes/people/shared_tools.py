"""Tools that several parties own together, on the wire."""

from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, Field
from sqlalchemy import Row

from api.shapes.ledger.ledger import PartyField
from api.shapes.words import Day, Id, Name, Shape
from pooling.carriers.plates import PLATE
from pooling.desk.tools.months import CostWords, ToolMonth, UseWords
from pooling.desk.tools.owning import ToolWords
from pooling.desk.tools.seeing import SeenMonth
from pooling.names import PLAIN
from pooling.people.shared_tool import PARTS_LIMIT, Cost, Due, Kind, SplitBy, ToolShare, Use

Parts = Annotated[int, Field(ge=1, le=PARTS_LIMIT)]
Units = Annotated[int, Field(ge=1, le=100_000_000)]
Metres = Annotated[int, Field(ge=0, le=100_000_000)]
UNITS = "Metres of a van; crates × days of a cold room."


class ToolWish(Shape):
    """A tool that your party owns with others."""

    keeper: PartyField = Field(description="Which of your parties keeps it.")
    name: Name = Field(description="How people call it.", examples=["The valley's van"])
    kind: Kind = Field(description="`van` or `cold_room`.", examples=["van"])
    plate: Annotated[str, Field(max_length=20, pattern=f"(^$|{PLATE})")] = Field(
        "", description="Of a van: its runs are counted by it.", examples=["AB-123-CD"]
    )
    capacity_crates: int = Field(ge=1, le=10_000, description="How many crates it holds.", examples=[60])
    parts: Parts = Field(1, description="How many parts of it your party owns.", examples=[2])

    def words(self) -> ToolWords:
        return ToolWords(self.name, self.kind, self.plate, self.capacity_crates, self.parts)


class PartAsked(Shape):
    """A part that a party is asked to take."""

    party: PartyField = Field(description="Which party.")
    parts: Parts = Field(description="How many parts.", examples=[1])


class PartTaken(Shape):
    """Your party's word to the part that it is asked to take."""

    parts: Parts = Field(description="As many as you read.", examples=[1])


class ToolUseWish(Shape):
    """A use of a shared tool."""

    party: PartyField = Field(description="Which of your parties used it.")
    day: Day = Field(description="On which local day.", examples=["2026-09-12"])
    units: Units = Field(description=UNITS, examples=[42000])
    empty_m: Metres = Field(0, description="Of a van: the metres without your own goods.", examples=[20000])
    used_m: Metres = Field(0, description="And of these, those with others' crates.", examples=[8000])
    what: Annotated[str, Field(max_length=120, pattern=PLAIN)] = Field(
        "", description="What for.", examples=["Market"]
    )

    def words(self) -> UseWords:
        return UseWords(self.day, self.units, self.empty_m, self.used_m, self.what)


class ToolCostWish(Shape):
    """What your party laid out for a shared tool."""

    party: PartyField = Field(description="Which of your parties laid it out.")
    day: Day = Field(description="On which local day.", examples=["2026-09-12"])
    cents: int = Field(ge=1, le=10_000_000, description="How much, in cents.", examples=[6000])
    by: SplitBy = Field(
        description="`parts`: by what each owns (insurance); `use`: by what each used (energy).",
        examples=["use"],
    )
    what: Name = Field(description="What for.", examples=["Diesel"])

    def words(self) -> CostWords:
        return CostWords(self.day, self.cents, self.by, self.what)


class MonthAgreed(Shape):
    """Your party's word to its share of a month."""

    party: PartyField = Field(description="Which of your parties.")
    cents: int = Field(ge=1, le=100_000_000, description="What it owes, as you read it.", examples=[2310])


class PartShown(BaseModel):
    """What one party owns of a tool."""

    party: PartyField = Field(description="Who.")
    name: str = Field(description="Its name.", examples=["Arlo"])
    parts: int = Field(description="How many parts.", examples=[2])
    state: str = Field(description="`asked`, `in` or `left`.", examples=["in"])


class ToolShown(BaseModel):
    """A shared tool as its owners read it."""

    id: Id = Field(description="The tool.", examples=["tool_01hg0000abcd"])
    keeper: PartyField = Field(description="Who keeps it.")
    name: str = Field(description="How people call it.", examples=["The valley's van"])
    kind: Kind = Field(description="`van` or `cold_room`.", examples=["van"])
    plate: str = Field(description="Of a van.", examples=["AB-123-CD"])
    capacity_crates: int = Field(description="How many crates it holds.", examples=[60])
    parts: list[PartShown] = Field(description="Who owns it, and who is asked.")


class ToolUseShown(BaseModel):
    """One use of a month: your own; all of them to who keeps the tool."""

    id: Id = Field(description="The entry, or the manifest of a run.", examples=["ten_01hg0000abcd"])
    party: PartyField = Field(description="Who used it.")
    day: date = Field(description="When.", examples=["2026-09-12"])
    units: int = Field(description=UNITS, examples=[42000])
    empty_m: int = Field(description="Metres without its user's own goods.", examples=[20000])
    used_m: int = Field(description="Of these, metres with others' crates.", examples=[8000])
    run: str = Field(description="The manifest that tells it; empty where it was noted.", examples=[""])
    what: str = Field(description="What for.", examples=["Market"])


class ToolCostShown(BaseModel):
    """What was laid out in a month."""

    id: Id = Field(description="The entry.", examples=["ten_01hg0000abcd"])
    party: PartyField = Field(description="Who laid it out.")
    day: date = Field(description="When.", examples=["2026-09-12"])
    cents: int = Field(description="How much, in cents.", examples=[6000])
    by: SplitBy = Field(description="How it is split.", examples=["use"])
    what: str = Field(description="What for.", examples=["Diesel"])


class ToolShareShown(BaseModel):
    """What one party bears of a month."""

    party: PartyField = Field(description="Who.")
    parts: int = Field(description="The parts that it owns.", examples=[2])
    units: int = Field(description=f"What it used. {UNITS}", examples=[42000])
    parts_cents: int = Field(description="Its share of what is split by parts.", examples=[1000])
    use_cents: int = Field(description="Its share of what is split by use.", examples=[1310])
    laid_cents: int = Field(description="What it laid out itself.", examples=[0])
    owes_cents: int = Field(description="What it owes; below 0: what it is to receive.", examples=[2310])


class DueShown(BaseModel):
    """What one party pays another for a month."""

    payer: PartyField = Field(description="Who pays.")
    payee: PartyField = Field(description="Who laid it out.")
    cents: int = Field(description="How much, in cents.", examples=[2310])
    transfer: str = Field(
        description="The transfer, once its payer has agreed; empty before.", examples=["tr_01hg0000abcd"]
    )


class ToolMonthShown(BaseModel):
    """A month of a shared tool: shown, others' and own shares add up to the total."""

    tool: Id = Field(description="The tool.", examples=["tool_01hg0000abcd"])
    month: str = Field(description="The local month.", examples=["2026-09"])
    agreed: bool = Field(description="Whether anybody agreed: then it stands.", examples=[False])
    days: int = Field(description="Days of the month.", examples=[30])
    days_used: int = Field(description="Days on which anybody used it.", examples=[12])
    days_permille: int = Field(description="The same, in thousandths of the month.", examples=[400])
    room_permille: int | None = Field(
        description="Of a cold room: how much of its crates × days was used.", examples=[250]
    )
    units: int = Field(description=f"All uses. {UNITS}", examples=[420000])
    empty_m: int = Field(description="Of a van: metres without its user's own goods.", examples=[200000])
    used_m: int = Field(description="Of these, metres with others' crates.", examples=[80000])
    total_cents: int = Field(description="All that was laid out.", examples=[9000])
    uses: list[ToolUseShown] = Field(description="Your own uses; all to who keeps it.")
    costs: list[ToolCostShown] = Field(description="What was laid out, by anybody.")
    shares: list[ToolShareShown] = Field(description="Your own share; all to who keeps it.")
    others_cents: int = Field(description="What the others bear together.", examples=[6690])
    others_units: int = Field(description="What the others used together.", examples=[378000])
    dues: list[DueShown] = Field(description="Whom you pay, or who pays you.")


def tool_shown(row: Row[Any], parts: list[PartShown]) -> ToolShown:
    return ToolShown(
        id=row.id,
        keeper=row.keeper_id,
        name=row.name,
        kind=row.kind,
        plate=row.plate,
        capacity_crates=row.capacity_crates,
        parts=parts,
    )


def tool_month_shown(month: ToolMonth, seen: SeenMonth) -> ToolMonthShown:
    figures = month.figures
    return ToolMonthShown(
        tool=month.row.id,
        month=f"{month.first:%Y-%m}",
        agreed=month.agreed,
        days=figures.days,
        days_used=figures.days_used,
        days_permille=figures.days_permille,
        room_permille=figures.room_permille,
        units=figures.units,
        empty_m=figures.empty_m,
        used_m=figures.used_m,
        total_cents=sum(one.share_cents for one in month.shares),
        uses=[_use(one) for one in seen.uses],
        costs=[_cost(one) for one in seen.costs],
        shares=[_share(one) for one in seen.shares],
        others_cents=seen.others_cents,
        others_units=seen.others_units,
        dues=[_due(due, transfer_id) for due, transfer_id in seen.dues],
    )


def _use(one: Use) -> ToolUseShown:
    return ToolUseShown(**vars(one))


def _cost(one: Cost) -> ToolCostShown:
    return ToolCostShown(**vars(one))


def _share(one: ToolShare) -> ToolShareShown:
    return ToolShareShown(**vars(one), owes_cents=one.owes_cents)


def _due(due: Due, transfer_id: str) -> DueShown:
    return DueShown(**vars(due), transfer=transfer_id)
