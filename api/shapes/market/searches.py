"""Searches that are kept, and unmet demand, on the wire."""

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BaseModel, Field
from sqlalchemy import Row

from api.shapes.goods.shipments import PARTY, SITE, CratesSent, Kg
from api.shapes.words import Cents, Day, Id, Shape, known_moment
from pooling.desk.market.demand import Unmet
from pooling.desk.market.searches import SearchWords
from pooling.load import Temperature

SEARCH = "search_01hg0000abcd"
WallSeconds = Annotated[int, Field(ge=0, le=24 * 3600)]
Weekday = Annotated[int, Field(ge=1, le=7)]


class SearchWish(Shape):
    """What a party looks for, day after day; hours are seconds after midnight on the wall clock."""

    party: Id = Field(description="Who looks: one of your parties, which would pay.", examples=[PARTY])
    from_site: Id = Field(description="Where the crates wait.", examples=[SITE])
    to_site: Id = Field(description="Where they go.", examples=[SITE])
    temperature: Temperature = Field(
        Temperature.AMBIENT, description="The compartment that they need.", examples=["ambient"]
    )
    crates: CratesSent = Field(description="How many.", examples=[6])
    kg: Kg | None = Field(None, description="Weight in all, kg; else 8 per crate.", examples=[48])
    ready_s: WallSeconds = Field(description="From when they may be collected.", examples=[21600])
    pickup_by_s: WallSeconds = Field(
        86_400, description="Until when; else as long as somebody is there on the day.", examples=[28800]
    )
    deliver_from_s: WallSeconds = Field(
        0,
        description="From when they may be handed over; else as soon as somebody is there.",
        examples=[25200],
    )
    deliver_by_s: WallSeconds = Field(
        86_400, description="Until when; else as long as somebody is there on the day.", examples=[36000]
    )
    weekdays: list[Weekday] = Field(
        [1, 2, 3, 4, 5, 6, 7], max_length=7, description="Which: Monday is 1.", examples=[[1, 4, 6]]
    )
    first_day: Day = Field(description="From this day on.", examples=["2026-09-12"])
    last_day: Day = Field(description="Until this day.", examples=["2026-12-31"])
    most_cents: Cents | None = Field(None, description="Only rides for at most this.", examples=[900])

    def words(self) -> SearchWords:
        return SearchWords(
            party_id=self.party,
            from_site_id=self.from_site,
            to_site_id=self.to_site,
            temperature=self.temperature.value,
            crates=self.crates,
            kg=self.kg,
            ready_s=self.ready_s,
            pickup_by_s=self.pickup_by_s,
            deliver_from_s=self.deliver_from_s,
            deliver_by_s=self.deliver_by_s,
            weekdays=sum({1 << day - 1 for day in self.weekdays}),
            first_day=self.first_day,
            last_day=self.last_day,
            most_cents=self.most_cents,
        )


class SearchShown(BaseModel):
    """A search that is kept: its party is told of each trip and tour that fits, once."""

    id: Id = Field(description="The search.", examples=[SEARCH])
    party: Id = Field(description="Who looks.", examples=[PARTY])
    from_site: Id = Field(description="Where the crates wait.", examples=[SITE])
    to_site: Id = Field(description="Where they go.", examples=[SITE])
    temperature: str = Field(description="The compartment that they need.", examples=["ambient"])
    crates: int = Field(description="How many.", examples=[6])
    kg: int | None = Field(description="Weight in all, kg.", examples=[48])
    ready_s: int = Field(description="From when they may be collected.", examples=[21600])
    pickup_by_s: int = Field(description="Until when.", examples=[28800])
    deliver_from_s: int = Field(description="From when they may be handed over.", examples=[25200])
    deliver_by_s: int = Field(description="Until when.", examples=[36000])
    weekdays: list[int] = Field(description="Which: Monday is 1.", examples=[[1, 4, 6]])
    first_day: date = Field(description="From this day on.", examples=["2026-09-12"])
    last_day: date = Field(description="Until this day.", examples=["2026-12-31"])
    most_cents: int | None = Field(description="Only rides for at most this.", examples=[900])
    created: datetime = Field(description="When it was kept.", examples=["2026-09-10T08:00:00Z"])


class ProductUnmetShown(BaseModel):
    """One product that was looked for in vain."""

    product: str = Field(description="Its name, without accents and capitals.", examples=["carottes"])
    parties: int = Field(description="How many parties looked for it; three at least.", examples=[3])
    crates: int = Field(description="Crates of it.", examples=[12])


class UnmetShown(BaseModel):
    """What was looked for in vain in one area on one day."""

    area: str = Field(
        description="The commune where the crates wait, or where buyers wanted them.",
        examples=["06150 La Turbie"],
    )
    day: date = Field(description="The day.", examples=["2026-09-12"])
    wanted: bool = Field(
        description="Buyers of this area ordered it; else the crates wait there.", examples=[False]
    )
    few: bool = Field(
        description="Fewer than three parties looked: no count is told, lest one be read.", examples=[False]
    )
    searches: int | None = Field(description="Searches that found no offer.", examples=[7])
    crates: int | None = Field(
        description="Crates, of each party and product those of its largest search.", examples=[31]
    )
    products: list[ProductUnmetShown] = Field(
        description="The products that may be told: none by which one could read what a single party wanted."
    )


class UnmetListed(BaseModel):
    """A part of the list of unmet demand, the first day first."""

    items: list[UnmetShown] = Field(description="The page.")


def search_shown(row: Row[Any]) -> SearchShown:
    return SearchShown(
        id=row.id,
        party=row.party_id,
        from_site=row.from_site_id,
        to_site=row.to_site_id,
        temperature=row.temperature,
        crates=row.crates,
        kg=row.kg,
        ready_s=row.ready_s,
        pickup_by_s=row.pickup_by_s,
        deliver_from_s=row.deliver_from_s,
        deliver_by_s=row.deliver_by_s,
        weekdays=[day for day in range(1, 8) if row.weekdays & 1 << day - 1],
        first_day=row.first_day,
        last_day=row.last_day,
        most_cents=row.most_cents,
        created=known_moment(row.created_at),
    )


def unmet_shown(one: Unmet) -> UnmetShown:
    return UnmetShown(
        area=one.area,
        day=one.day,
        wanted=one.wanted,
        few=one.searches is None,
        searches=one.searches,
        crates=one.crates,
        products=[ProductUnmetShown(**vars(product)) for product in one.products],
    )
