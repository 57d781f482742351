"""Short lists of producers on the wire: their terms, their goods, and what became of a table of goods."""

import json
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field
from sqlalchemy import Row

from api.papers.words import Words
from api.shapes.goods.collecting import FaultShown, faults_shown
from api.shapes.goods.shipments import PARTY, SITE, FoodKind
from api.shapes.trips.series import Wall, wall_seconds
from api.shapes.words import Cents, Day, Id, Named, Shape, known_moment
from pooling.desk.selling.shortlists import ShortListWords
from pooling.goods.goods import CRATE_KG_LIMIT, UNITS_LIMIT, GoodsWords
from pooling.load import Temperature
from pooling.names import PLAIN

SHORT_LIST, GOODS = "slist_01hg0000abcd", "goods_01hg0000abcd"
ROUND = "round_01hg0000abcd"

Called = Annotated[str, Field(min_length=1, max_length=80, pattern=PLAIN), Named]
Units = Annotated[int, Field(ge=1, le=UNITS_LIMIT)]


class ShortListWish(Shape):
    """The terms on which a producer sells from one of its sites."""

    producer: Id = Field(description="Who sells, one of your parties.", examples=[PARTY])
    name: Called = Field(description="How people call the list.", examples=["This week"])
    site: Id = Field(description="Where its goods are collected: a site of the producer's.", examples=[SITE])
    ready_from: Wall = Field(description="Collected from this hour on, local.", examples=["06:00"])
    collect_by: Wall = Field(description="Collected by this hour, local.", examples=["09:00"])
    carriage: Literal["producer", "buyer"] = Field(
        "producer", description="Who pays for the carriage.", examples=["producer"]
    )
    accepts: bool = Field(
        default=False, description="Every order that fits on its tour stands at once.", examples=[True]
    )
    round: Id | None = Field(
        None,
        description="The round that collects what is ordered: until the cut-off of each of its tours an "
        "order becomes a pickup of that day by itself.",
        examples=[None],
    )

    def words(self) -> ShortListWords:
        return ShortListWords(
            producer_id=self.producer,
            name=self.name,
            site_id=self.site,
            ready_s=wall_seconds(self.ready_from),
            collect_by_s=wall_seconds(self.collect_by),
            carriage=self.carriage,
            accepts=self.accepts,
            round_id=self.round,
        )


class ShortListShown(BaseModel):
    """A short list as it stands."""

    id: Id = Field(description="The list.", examples=[SHORT_LIST])
    producer: Id = Field(description="Who sells.", examples=[PARTY])
    name: str = Field(description="How people call the list.", examples=["This week"])
    site: Id = Field(description="Where its goods are collected.", examples=[SITE])
    ready_from: str = Field(description="Collected from this hour on, local.", examples=["06:00"])
    collect_by: str = Field(description="Collected by this hour, local.", examples=["09:00"])
    carriage: Literal["producer", "buyer"] = Field(
        description="Who pays for the carriage. The goods are paid between the two.", examples=["producer"]
    )
    accepts: bool = Field(description="Orders stand at once where they fit.", examples=[True])
    on_round: bool = Field(
        description="A round collects what is ordered: an order needs to name no tour.", examples=[False]
    )
    round: Id | None = Field(description="That round, told to its producer.", examples=[None])
    state: Literal["open", "withdrawn"] = Field(description="Whether one may order.", examples=["open"])
    created: datetime = Field(description="When it was opened.", examples=["2026-09-10T08:00:00Z"])
    revision: int = Field(description="Raised by each change.", examples=[1])


class GoodsWish(Shape):
    """One line of a short list."""

    reference: Called = Field(description="By what a table knows it again.", examples=["courgettes"])
    product: Called = Field(description="What it is.", examples=["Courgettes"])
    unit: Annotated[str, Field(min_length=1, max_length=40, pattern=PLAIN)] = Field(
        description="In what it is counted.", examples=["kg"]
    )
    price_cents: Cents = Field(description="For one unit, cents.", examples=[250])
    units_per_crate: Units = Field(description="How many units fill a crate.", examples=[12])
    kg_per_crate: int = Field(
        ge=0, le=CRATE_KG_LIMIT, description="What a full crate weighs, kg.", examples=[12]
    )
    least: Units = Field(1, description="The fewest units of one order.", examples=[6])
    available: Annotated[int, Field(ge=0, le=UNITS_LIMIT)] | None = Field(
        None, description="How many units there are from now on; none where enough.", examples=[90]
    )
    temperature: Temperature = Field(
        Temperature.AMBIENT, description="The compartment that it needs.", examples=["ambient"]
    )
    food: FoodKind = Field("", description="Its class by law, which bounds its temperature.", examples=[""])
    from_day: Day | None = Field(None, description="The first day; else any.", examples=["2026-09-14"])
    until_day: Day | None = Field(None, description="The last day; else any.", examples=["2026-09-20"])

    def words(self) -> GoodsWords:
        same = {name: getattr(self, name) for name in GoodsWish.model_fields}
        return GoodsWords(**same | {"temperature": self.temperature.value})


class GoodsShown(BaseModel):
    """One line of a short list as it stands."""

    id: Id = Field(description="The goods.", examples=[GOODS])
    short_list: Id = Field(description="Their list.", examples=[SHORT_LIST])
    reference: str = Field(description="By what a table knows it again.", examples=["courgettes"])
    product: str = Field(description="What it is.", examples=["Courgettes"])
    unit: str = Field(description="In what it is counted.", examples=["kg"])
    price_cents: int = Field(description="For one unit, cents.", examples=[250])
    units_per_crate: int = Field(description="How many units fill a crate.", examples=[12])
    kg_per_crate: int = Field(description="What a full crate weighs, kg.", examples=[12])
    least: int = Field(description="The fewest units of one order.", examples=[6])
    left: int | None = Field(description="How many units are left; none where enough.", examples=[66])
    temperature: str = Field(description="The compartment that it needs.", examples=["ambient"])
    food: FoodKind = Field(description="Its class by law.", examples=[""])
    from_day: date | None = Field(description="The first day; else any.", examples=["2026-09-14"])
    until_day: date | None = Field(description="The last day; else any.", examples=["2026-09-20"])
    state: Literal["open", "withdrawn"] = Field(description="Whether it is to be had.", examples=["open"])
    revision: int = Field(description="Raised by each change.", examples=[1])


class LineFaultShown(FaultShown):
    """What is wrong in one line of a table of goods."""

    line: int = Field(description="Its number, as an editor shows it.", examples=[4])


class GoodsTableShown(BaseModel):
    """What became of a table of goods."""

    id: Id = Field(description="The table.", examples=["gfile_01hg0000abcd"])
    short_list: Id = Field(description="The list that it was for.", examples=[SHORT_LIST])
    kept: int = Field(description="How many lines are new.", examples=[12])
    changed: int = Field(description="How many are other than they were.", examples=[3])
    unchanged: int = Field(description="How many stand as they were.", examples=[5])
    refused: list[LineFaultShown] = Field(description="What is wrong with the others.")
    unread: list[LineFaultShown] = Field(description="Columns that were left unread, and why.")


def short_list_shown(row: Row[Any], *, own: bool) -> ShortListShown:
    return ShortListShown(
        id=row.id,
        producer=row.producer_id,
        name=row.name,
        site=row.site_id,
        ready_from=wall_hour(row.ready_s),
        collect_by=wall_hour(row.collect_by_s),
        carriage=row.carriage,
        accepts=row.accepts,
        on_round=row.round_id is not None,
        round=row.round_id if own else None,
        state=row.state,
        created=known_moment(row.created_at),
        revision=row.revision,
    )


def goods_shown(row: Row[Any], taken: Mapping[str, int]) -> GoodsShown:
    """Return goods with what is left of them, ``taken`` being what standing orders took."""
    same = GoodsShown.model_fields.keys() - {"short_list", "left"}
    left = None if row.available is None else max(0, row.available - taken.get(row.id, 0))
    words = {name: getattr(row, name) for name in same}
    return GoodsShown(short_list=row.list_id, left=left, **words)


def table_shown(row: Row[Any], say: Words, said: Callable[..., Any]) -> GoodsTableShown:
    """Return what became of a table, its faults in the language of whoever asks."""
    outcome = json.loads(row.outcome)
    return GoodsTableShown(
        id=row.id,
        short_list=row.list_id,
        kept=outcome["kept"],
        changed=outcome["changed"],
        unchanged=outcome["unchanged"],
        refused=line_faults(outcome["refused"], say, said),
        unread=line_faults(outcome["unread"], say, said),
    )


def line_faults(kept: list[dict[str, Any]], say: Words, said: Callable[..., Any]) -> list[LineFaultShown]:
    shown = faults_shown(json.dumps(kept), say, said)
    return [
        LineFaultShown(line=one["line"], **fault.model_dump()) for one, fault in zip(kept, shown, strict=True)
    ]


def wall_hour(wall_s: int) -> str:
    return f"{wall_s // 3600:02d}:{wall_s % 3600 // 60:02d}"
