"""An operator's hands on a tour, on the wire."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field
from sqlalchemy import Row

from api.shapes.goods.shipments import PARTY, SHIPMENT
from api.shapes.tours.tours import SITE, TOUR, Reason
from api.shapes.words import Id, Moment, NameIfAny, Shape, known_moment, moment, seconds
from pooling.desk.hands.hand_moves import Act
from pooling.desk.hands.hand_sides import Found, Part
from pooling.desk.hands.hand_words import HandWords, Kind
from pooling.desk.reasons import reason_words
from pooling.tours.hands import Figures
from routing.task import Task

WayShown = Literal["on", "off"]
AT = "2026-09-12T06:10:00Z"
ACT = "act_01hg0000abcd"
STOPS_LIMIT = 400


class HandWish(Shape):
    """What is to be done by hand; each kind needs only the fields that it names."""

    kind: Kind = Field(
        description="`pin`, `unpin`: a shipment. `lock`, `unlock`, `lock_hour`, `move`: one of its stops. "
        "`lock_first`: so many first stops. `move_to`: a shipment, to another tour. `split`: shipments, to a "
        "second tour that is made. `merge`: all of another tour, which then is over. `van`: everybody, on "
        "another vehicle, with another driver or carrier.",
        examples=["move"],
    )
    shipment: Id | None = Field(None, description="Which shipment.", examples=[SHIPMENT])
    way: WayShown = Field("on", description="Its pickup (`on`) or its drop (`off`).", examples=["off"])
    place: Annotated[int, Field(ge=1, le=STOPS_LIMIT)] = Field(
        1, description="Where in the order it goes, from 1.", examples=[2]
    )
    count: Annotated[int, Field(ge=0, le=STOPS_LIMIT)] = Field(
        0, description="So many first stops are locked; 0 takes that lock off.", examples=[3]
    )
    begins_from: Moment | None = Field(None, description="Not before, for `lock_hour`.", examples=[AT])
    begins_until: Moment | None = Field(None, description="Not after; else exactly then.", examples=[AT])
    other_tour: Id | None = Field(None, description="The other tour of the day.", examples=[TOUR])
    other_revision: Annotated[int, Field(ge=1, le=10**15)] | None = Field(
        None, description="The revision at which you saw the other tour.", examples=[4]
    )
    shipments: Annotated[list[Id], Field(max_length=STOPS_LIMIT)] = Field(
        [], description="Those that go to the second tour of a split.", examples=[[SHIPMENT]]
    )
    carrier: Id | None = Field(
        None, description="Of the second tour or the other van; else the same.", examples=[PARTY]
    )
    driver: NameIfAny = Field(
        "", description="Of the second tour or the other van, as the carrier calls them.", examples=["Sam"]
    )
    vehicle: Id | None = Field(None, description="Of the second tour or the other van.", examples=[None])
    driver_member: Id | None = Field(
        None, description="Of the second tour or the other van: a member.", examples=[None]
    )

    def words(self) -> HandWords:
        return HandWords(
            kind=self.kind,
            shipment_id=self.shipment or "",
            way=self.way,
            place=self.place,
            count=self.count,
            from_at=None if self.begins_from is None else seconds(self.begins_from),
            until_at=None if self.begins_until is None else seconds(self.begins_until),
            other_tour_id=self.other_tour or "",
            shipment_ids=tuple(self.shipments),
            carrier_id=self.carrier or "",
            driver=self.driver,
            vehicle_id=self.vehicle or "",
            driver_id=self.driver_member or "",
        )

    def others(self) -> dict[str, int]:
        """Return at which revision another tour was seen."""
        if self.other_tour is None or self.other_revision is None:
            return {}
        return {self.other_tour: self.other_revision}


class HandFigures(BaseModel):
    """What a tour comes to."""

    cost_cents: int = Field(description="The carrier's card and the fee, cents.", examples=[4200])
    gap_cents: int = Field(
        description="What those aboard do not cover of it, before any gap account, cents.", examples=[0]
    )
    distance_m: int = Field(description="Metres driven.", examples=[41_200])
    duration_s: int = Field(description="Seconds from leaving to end.", examples=[9_300])


class HandShare(BaseModel):
    """What one payer would pay."""

    payer: Id = Field(description="Who pays.", examples=[PARTY])
    before_cents: int = Field(description="As it stands, cents.", examples=[940])
    after_cents: int = Field(description="Afterwards, cents.", examples=[910])


class HandVisit(BaseModel):
    """One stop of the order."""

    shipment: Id = Field(description="Whose crates.", examples=[SHIPMENT])
    way: WayShown = Field(description="Collected (`on`) or handed over (`off`).", examples=["on"])
    begins: datetime | None = Field(description="When it would begin.", examples=[AT])
    before: datetime | None = Field(description="When it begins as it stands.", examples=[AT])


class HandTour(BaseModel):
    """What becomes of one tour."""

    tour: str = Field(description="The tour; empty for one that would be made.", examples=[TOUR])
    state: str = Field(description="Its state afterwards.", examples=["proposed"])
    before: HandFigures = Field(description="As it stands.")
    after: HandFigures = Field(description="Afterwards.")
    shares: list[HandShare] = Field(description="Of each payer whose share would change.")
    visits: list[HandVisit] = Field(description="The order afterwards.")


class HandLook(BaseModel):
    """What an act would come to; nothing was written."""

    kind: str = Field(description="What was asked.", examples=["move"])
    broken: list[Reason] = Field(
        description="Every promise that it would break; it is done where there is none."
    )
    tours: list[HandTour] = Field(description="The tours that it touches.")


class HeldVisit(BaseModel):
    """One stop of a tour as it stands, with what is held of it."""

    place: int = Field(description="Its place in the order, from 1.", examples=[1])
    shipment: Id = Field(description="Whose crates.", examples=[SHIPMENT])
    way: WayShown = Field(description="Collected (`on`) or handed over (`off`).", examples=["on"])
    site: Id = Field(description="Where.", examples=[SITE])
    begins: datetime = Field(description="When it begins.", examples=[AT])
    pinned: bool = Field(description="Whether the shipment is pinned to this tour.", examples=[False])
    locked: bool = Field(description="Whether the stop is locked in its place.", examples=[True])
    hour_from: datetime | None = Field(description="Locked to begin not before.", examples=[AT])
    hour_until: datetime | None = Field(description="Locked to begin not after.", examples=[AT])


class TourByHand(BaseModel):
    """A tour as its operator's hand finds it."""

    tour: Id = Field(description="The tour.", examples=[TOUR])
    state: str = Field(description="Its state.", examples=["proposed"])
    revision: int = Field(description="Send as If-Match.", examples=[4])
    figures: HandFigures = Field(description="What it comes to.")
    first: int = Field(description="So many first stops are locked.", examples=[0])
    visits: list[HeldVisit] = Field(description="Its stops in order.")


class HandMoveShown(BaseModel):
    """What was done by hand on one tour."""

    id: Id = Field(description="The entry.", examples=["hand_01hg0000abcd"])
    act: Id = Field(description="The act: the same on each tour that it touched.", examples=[ACT])
    kind: str = Field(description="What was done; `undo` takes another act back.", examples=["move"])
    undoes: str = Field(description="The act that this one takes back, or empty.", examples=[""])
    tour: Id = Field(description="The tour.", examples=[TOUR])
    other_tour: str = Field(description="The other tour that it touched, or empty.", examples=[""])
    revision: int = Field(description="The revision at which it left the tour.", examples=[5])
    by: str = Field(description="Who did it.", examples=["Anne"])
    asked: dict[str, Any] = Field(description="What was asked for.", examples=[{"kind": "move", "place": 2}])
    before: HandFigures = Field(description="What the tour came to before.")
    after: HandFigures = Field(description="What it came to afterwards.")
    created: datetime = Field(description="When.", examples=[AT])


def hand_look(act: Act, made: str) -> HandLook:
    """Show an act that was only looked at; ``made`` is how a tour is called that is not made yet."""
    broken = [Reason.model_validate(reason_words(one)) for one in act.broken]
    return HandLook(kind=act.kind, broken=broken, tours=[_hand_tour(one, made) for one in act.parts])


def _hand_tour(part: Part, made: str) -> HandTour:
    world, before, after = part.world, part.before_figures, part.after_figures
    tour_id = world.tour.id
    payers = sorted({*before.split.shares_cents, *after.split.shares_cents})
    shares = [
        HandShare(
            payer=one,
            before_cents=before.split.shares_cents.get(one, 0),
            after_cents=after.split.shares_cents.get(one, 0),
        )
        for one in payers
    ]
    return HandTour(
        tour="" if tour_id == made else tour_id,
        state=part.after.state,
        before=_figures(before),
        after=_figures(after),
        shares=[one for one in shares if one.before_cents != one.after_cents],
        visits=[_hand_visit(part, task) for task in part.side.tasks],
    )


def _hand_visit(part: Part, task: Task) -> HandVisit:
    now, then = part.before_figures.begins_s.get(task), part.after_figures.begins_s.get(task)
    return HandVisit(
        shipment=task.id,
        way=_way(task),
        begins=moment(None if then is None else part.world.at(then)),
        before=moment(None if now is None else part.world.at(now)),
    )


def _way(task: Task) -> WayShown:
    return "on" if task.kind == "pickup" else "off"


def _figures(found: Figures) -> HandFigures:
    return HandFigures(
        cost_cents=found.cost_cents,
        gap_cents=found.split.gap_cents,
        distance_m=found.distance_m,
        duration_s=found.duration_s,
    )


def tour_by_hand(found: Found) -> TourByHand:
    holds, world = found.stood.holds, found.world
    route = found.figures.route
    sites = world.site_of(route)
    visits = []
    for place, task in enumerate(found.stood.tasks, start=1):
        window = holds.hours.get(task)
        visits.append(
            HeldVisit(
                place=place,
                shipment=task.id,
                way=_way(task),
                site=sites[task],
                begins=known_moment(world.at(found.figures.begins_s[task])),
                pinned=task.id in holds.pinned,
                locked=task in holds.first or task in holds.places,
                hour_from=moment(None if window is None else world.at(window.opens_s)),
                hour_until=moment(None if window is None else world.at(window.closes_s)),
            )
        )
    return TourByHand(
        tour=found.row.id,
        state=found.row.state,
        revision=found.row.revision,
        figures=_figures(found.figures),
        first=len(holds.first),
        visits=visits,
    )


def hand_move_shown(row: Row[Any], names: Mapping[str, str]) -> HandMoveShown:
    asked = {name: one for name, one in json.loads(row.asked).items() if one not in ("", [], None, 0)}
    return HandMoveShown(
        id=row.id,
        act=row.move_id,
        kind=row.kind,
        undoes=row.undoes_id,
        tour=row.tour_id,
        other_tour=row.other_tour_id,
        revision=row.tour_revision,
        by=names.get(row.member_id, ""),
        asked=asked,
        before=_kept(row.before),
        after=_kept(row.after),
        created=known_moment(row.created_at),
    )


def _kept(kept: str) -> HandFigures:
    one = json.loads(kept)
    return HandFigures(**{name: one[name] for name in HandFigures.model_fields})
