"""Plans of a tour on the wire: its visits, as it stood at one revision."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, Field
from sqlalchemy import Row

from api.shapes.tours.tours import SITE, TOUR
from api.shapes.words import Id, known_moment


class PlannedStop(BaseModel):
    """One handover of a plan, at one of its stops."""

    stop: int = Field(
        description="The number of the stop: handovers at one place, one after another, share it.",
        examples=[1],
    )
    way: Literal["on", "off", "own"] = Field(description="Goes on or off; `own` stop.", examples=["on"])
    shipment: str = Field(description="The shipment; empty at an own stop.", examples=["shp_01hg0000abcd"])
    site: str = Field(description="Where.", examples=[SITE])
    arrives: datetime = Field(description="When the van arrives.", examples=["2026-09-12T05:05:00Z"])
    begins: datetime = Field(description="When handling begins.", examples=["2026-09-12T05:10:00Z"])
    leaves: datetime = Field(description="When the van leaves.", examples=["2026-09-12T05:14:00Z"])
    crates: int = Field(description="Crates on board after it.", examples=[4])


class PlanShown(BaseModel):
    """A plan of a tour as it stood at one revision."""

    id: Id = Field(description="The plan.", examples=["plan_01hg0000abcd"])
    tour: Id = Field(description="The tour.", examples=[TOUR])
    tour_revision: int = Field(description="The revision of the tour that it answers.", examples=[3])
    source: Literal["insertion", "search", "hand"] = Field(
        description="`insertion` proves each place at once; `search` betters it at the cut-off; "
        "`hand`: its operator moved it.",
        examples=["search"],
    )
    cost_cents: int = Field(description="The carrier's card and the fee, cents.", examples=[4200])
    distance_m: int = Field(description="The way on the road, metres.", examples=[23_400])
    stops: list[PlannedStop] = Field(description="The handovers in their order.", examples=[[]])
    created: datetime = Field(description="When it was made.", examples=["2026-09-10T08:00:00Z"])


def plan_shown(row: Row[Any]) -> PlanShown:
    visits = json.loads(row.body)["visits"]
    stops = [
        PlannedStop(
            stop=number,
            way=one["way"],
            shipment=one["shipment"],
            site=one["site"],
            arrives=known_moment(one["arrives_at"]),
            begins=known_moment(one["begins_at"]),
            leaves=known_moment(one["leaves_at"]),
            crates=one["crates"],
        )
        for number, one in zip(_stop_numbers(visits), visits, strict=True)
    ]
    return PlanShown(
        id=row.id,
        tour=row.ride_id,
        tour_revision=row.ride_revision,
        source=row.source,
        cost_cents=row.cost_cents,
        distance_m=row.distance_m,
        stops=stops,
        created=known_moment(row.created_at),
    )


def _stop_numbers(visits: Sequence[Mapping[str, Any]]) -> Iterator[int]:
    """Number the stops as a manifest does: the van that need not drive stands where it stood."""
    number, before = 0, None
    for one in visits:
        stands = before is not None and (
            one["site"] == before["site"] or one["arrives_at"] == before["leaves_at"]
        )
        number += not stands
        before = one
        yield number
