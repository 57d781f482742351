"""Shops that their producers keep, on the wire: turns, who is on duty, swaps, the trip of a day."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field
from sqlalchemy import Row

from api.shapes.posting import COMMUNITY
from api.shapes.trips.series import Wall, wall_seconds
from api.shapes.words import Day, Id, Name, Shape, known_moment
from pooling.desk.communities.duty_trips import DutySuggestion
from pooling.desk.communities.shops import ShopWords, TurnWords
from pooling.desk.communities.swaps import SwapWords
from pooling.intake.rooms import ROOM_LIMIT
from pooling.people.rota import Duty
from pooling.recurrence import RULE_LETTERS_LIMIT

PARTY, SITE, TRIP = "pty_01hg0000abcd", "site_01hg0000abcd", "trip_01hg0000abcd"
SHOP, TURN, SWAP = "shop_01hg0000abcd", "turn_01hg0000abcd", "swap_01hg0000abcd"
Room = Annotated[int, Field(ge=0, le=ROOM_LIMIT)]


class ShopWish(Shape):
    """A shop that the producers of a community keep."""

    site: Id = Field(description="Where it is: a site of one of its members.", examples=[SITE])
    name: Name = Field(description="How people call it.", examples=["La Halle paysanne"])
    open_by: Wall = Field(description="By when whoever is on duty is there, local.", examples=["08:30"])

    def words(self) -> ShopWords:
        return ShopWords(self.site, self.name, wall_seconds(self.open_by))


class ShopShown(BaseModel):
    """A shop that its producers keep."""

    id: Id = Field(description="The shop.", examples=[SHOP])
    community: Id = Field(description="Whose shop it is.", examples=[COMMUNITY])
    site: Id = Field(description="Where it is.", examples=[SITE])
    name: str = Field(description="How people call it.", examples=["La Halle paysanne"])
    timezone: str = Field(description="Whose wall clock it keeps to.", examples=["Europe/Paris"])
    opens_s: int = Field(description="By when somebody is there, seconds on the wall.", examples=[30600])
    state: Literal["open", "closed"] = Field(description="Whether it is kept.", examples=["open"])
    revision: int = Field(description="Raised by each change.", examples=[1])


class TurnWish(Shape):
    """A party's turn on duty."""

    party: Id = Field(description="Who is on duty, one of your parties.", examples=[PARTY])
    from_site: Id = Field(description="Where its way to the shop begins, one of its sites.", examples=[SITE])
    rule: Annotated[str, Field(min_length=1, max_length=RULE_LETTERS_LIMIT)] = Field(
        description="RFC 5545: FREQ DAILY, WEEKLY or MONTHLY, INTERVAL, BYDAY, COUNT or UNTIL.",
        examples=["FREQ=WEEKLY;INTERVAL=2;BYDAY=SA"],
    )
    first_day: Day = Field(description="From when on the rule counts.", examples=["2026-09-15"])
    ambient: Room = Field(0, description="Ambient crates of others that fit beside its own.", examples=[12])
    chilled: Room = Field(0, description="Chilled crates that do.", examples=[0])

    def words(self) -> TurnWords:
        return TurnWords(self.party, self.from_site, self.rule, self.first_day, self.ambient, self.chilled)


class TurnShown(BaseModel):
    """A turn of a rota."""

    id: Id = Field(description="The turn.", examples=[TURN])
    shop: Id = Field(description="In which shop.", examples=[SHOP])
    party: Id = Field(description="Who is on duty.", examples=[PARTY])
    from_site: Id = Field(description="Where its way begins.", examples=[SITE])
    rule: str = Field(description="On which days.", examples=["FREQ=WEEKLY;INTERVAL=2;BYDAY=SA"])
    first_day: date = Field(description="From when on.", examples=["2026-09-15"])
    ambient: int = Field(description="Ambient crates that fit beside its own.", examples=[12])
    chilled: int = Field(description="Chilled crates that do.", examples=[0])
    state: Literal["open", "ended"] = Field(description="Whether it goes on.", examples=["open"])
    revision: int = Field(description="Raised by each change.", examples=[1])


class DutyShown(BaseModel):
    """Who is on duty on a day."""

    day: date = Field(description="The day, local.", examples=["2026-09-19"])
    party: Id = Field(description="Who is on duty.", examples=[PARTY])
    name: str = Field(description="How people call it.", examples=["Ferme de la Colle"])
    turn: Id = Field(description="Whose turn the rule put there.", examples=[TURN])
    swapped: bool = Field(description="Whether somebody took another's day.", examples=[False])


class RotaShown(BaseModel):
    """Who is on duty from one day to another."""

    shop: Id = Field(description="The shop.", examples=[SHOP])
    days: list[DutyShown] = Field(description="In the order of the days.", examples=[[]])


class TurnDayWish(Shape):
    """A day of a turn that is left out."""

    day: Day = Field(description="A day of its rule.", examples=["2026-12-26"])


class SwapWish(Shape):
    """A day that is given away, and the day that is taken for it."""

    day: Day = Field(description="A day of your own turn.", examples=["2026-09-19"])
    with_turn: Id = Field(description="Whose turn is to take it.", examples=[TURN])
    with_day: Day | None = Field(None, description="A day of that turn, taken for it.", examples=[None])

    def words(self) -> SwapWords:
        return SwapWords(self.day, self.with_turn, self.with_day)


class SwapShown(BaseModel):
    """A swap as it stands."""

    id: Id = Field(description="The swap.", examples=[SWAP])
    shop: Id = Field(description="In which shop.", examples=[SHOP])
    turn: Id = Field(description="Who asked.", examples=[TURN])
    day: date = Field(description="The day that is given away.", examples=["2026-09-19"])
    with_turn: Id = Field(description="Who was asked.", examples=[TURN])
    with_day: date | None = Field(description="The day that is taken for it.", examples=[None])
    state: Literal["asked", "agreed", "refused", "withdrawn"] = Field(
        description="Nothing changes before it is agreed.", examples=["asked"]
    )
    revision: int = Field(description="Raised by the answer.", examples=[1])


class LikelyGuestShown(BaseModel):
    """A member near the way to the shop."""

    party: Id = Field(description="The member.", examples=[PARTY])
    name: str = Field(description="How people call it.", examples=["Gaec des Lauves"])
    site: str = Field(description="Which of its sites.", examples=["La Turbie"])
    detour_s: int = Field(description="How much longer the way over it takes by the road.", examples=[340])
    waiting: bool = Field(
        description="Whether crates of its wait for the shop that day; how many is its own affair.",
        examples=[True],
    )


class DutyTripShown(BaseModel):
    """The trip that whoever is on duty could post by one call."""

    shop: Id = Field(description="The shop.", examples=[SHOP])
    day: date = Field(description="The day, local.", examples=["2026-09-19"])
    party: Id = Field(description="Who is on duty.", examples=[PARTY])
    from_site: Id = Field(description="Where the way begins.", examples=[SITE])
    leaves_by: datetime = Field(
        description="When it leaves, at the latest.", examples=["2026-09-19T05:40:00Z"]
    )
    arrives_by: datetime = Field(description="When it is there.", examples=["2026-09-19T06:30:00Z"])
    drive_s: int = Field(description="The drive without guests, seconds.", examples=[1260])
    detour_s: int = Field(description="How much longer it would drive, seconds.", examples=[1200])
    cutoff: datetime = Field(
        description="Until when guests are agreed on.", examples=["2026-09-18T17:00:00Z"]
    )
    ambient: int = Field(description="Ambient crates that are free.", examples=[12])
    chilled: int = Field(description="Chilled crates that are free.", examples=[0])
    guests: list[LikelyGuestShown] = Field(description="The likely guests, those with crates first.")
    usual_crates: int | None = Field(
        description="Crates that the likely guests send to the shop on such a day, all together, rounded up "
        "to five; nothing where fewer than three of them do: what each sends is its own affair.",
        examples=[15],
    )
    trip: Id | None = Field(description="The trip that was posted, if it was.", examples=[None])


def shop_shown(row: Row[Any]) -> ShopShown:
    return ShopShown(
        id=row.id,
        community=row.community_id,
        site=row.site_id,
        name=row.name,
        timezone=row.timezone,
        opens_s=row.opens_s,
        state=row.state,
        revision=row.revision,
    )


def turn_shown(row: Row[Any]) -> TurnShown:
    return TurnShown(
        id=row.id,
        shop=row.shop_id,
        party=row.party_id,
        from_site=row.from_site_id,
        rule=row.rule,
        first_day=row.first_day,
        ambient=row.ambient_crates,
        chilled=row.chilled_crates,
        state=row.state,
        revision=row.revision,
    )


def duty_shown(duty: Duty, names: Mapping[str, str]) -> DutyShown:
    return DutyShown(
        day=duty.day, party=duty.party, name=names[duty.party], turn=duty.turn, swapped=duty.swapped
    )


def swap_shown(row: Row[Any]) -> SwapShown:
    return SwapShown(
        id=row.id,
        shop=row.shop_id,
        turn=row.turn_id,
        day=row.day,
        with_turn=row.with_turn_id,
        with_day=row.with_day,
        state=row.state,
        revision=row.revision,
    )


def duty_trip_shown(found: DutySuggestion) -> DutyTripShown:
    first, last = found.words.stops
    return DutyTripShown(
        shop=found.shop.id,
        day=found.duty.day,
        party=found.duty.party,
        from_site=first.site_id,
        leaves_by=known_moment(first.closes_at),
        arrives_by=known_moment(last.closes_at),
        drive_s=found.drive_s,
        detour_s=found.words.detour_s,
        cutoff=known_moment(found.cutoff_at),
        ambient=first.free[0],
        chilled=first.free[1],
        guests=[
            LikelyGuestShown(
                party=one.party_id,
                name=one.name,
                site=one.site_name,
                detour_s=one.detour_s,
                waiting=bool(one.shipments),
            )
            for one in found.guests
        ],
        usual_crates=found.usual_crates,
        trip=found.trip_id,
    )
