"""Past purchases and rankings on the wire."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, Field
from sqlalchemy import Row

from api.shapes.goods.collecting import FaultShown
from api.shapes.tours.tours import PARTY
from api.shapes.words import Id, known_moment
from pooling.seeding.ranking import Ranked

FLOW_LIST = "flw_01hg0000abcd"
Side = Literal["buyers", "producers"]
Said = Callable[[Mapping[str, Any]], tuple[str, str]]
"""Says a reason that was kept, with its cure, in somebody's language."""


class FlowFaultShown(FaultShown):
    """What is wrong in one line of a file of past purchases."""

    line: int = Field(description="Its number, as an editor shows it.", examples=[7])


class FlowListShown(BaseModel):
    """A file of past purchases as it was read."""

    id: Id = Field(description="The file.", examples=[FLOW_LIST])
    operator: Id = Field(description="Whose it is.", examples=[PARTY])
    lines: int = Field(description="How many lines it holds.", examples=[469])
    added: int = Field(description="Links that were new.", examples=[460])
    changed: int = Field(description="Links that were known and say something else now.", examples=[3])
    unchanged: int = Field(description="Links that were known as they are.", examples=[4])
    faults: list[FlowFaultShown] = Field(description="What is wrong in its bad lines.")
    unread: list[FaultShown] = Field(description="Columns that were left unread, and why.")
    created: datetime = Field(description="When it was sent.", examples=["2026-09-12T06:00:00Z"])


class PartnerShown(BaseModel):
    """Whom somebody works with."""

    name: str = Field(description="Its name.", examples=["Ferme du Lac"])
    crates: int = Field(description="Crates a week between the two.", examples=[8])


class RankedShown(BaseModel):
    """A buyer or a producer in its rank."""

    rank: int = Field(description="1 buys, or sells, most.", examples=[1])
    name: str = Field(description="Its name.", examples=["Épicerie du Pont"])
    area: str = Field(description="The commune where it lies.", examples=["44109 Nantes"])
    lat: float = Field(description="Latitude, WGS 84 degrees.", examples=[47.2184])
    lon: float = Field(description="Longitude, WGS 84 degrees.", examples=[-1.5536])
    crates: int = Field(description="Local crates a week.", examples=[52])
    links: int = Field(description="How many links that is.", examples=[13])
    assumed: int = Field(description="Of these, links whose volume is only the default.", examples=[13])
    partners: list[PartnerShown] = Field(description="Whom it works with, most first; at most fifty.")


class RankingShown(BaseModel):
    """A ranking, the first first."""

    items: list[RankedShown] = Field(description="The part of it that was asked for.")
    total: int = Field(description="How many there are.", examples=[109])


def flow_list_shown(row: Row[Any], said: Said) -> FlowListShown:
    faults, unread = json.loads(row.faults), json.loads(row.unread)
    return FlowListShown(
        id=row.id,
        operator=row.operator_id,
        lines=row.lines,
        added=row.added,
        changed=row.changed,
        unchanged=row.unchanged,
        faults=[FlowFaultShown(line=one["line"], **_fault(one, said)) for one in faults],
        unread=[FaultShown(**_fault(one, said)) for one in unread],
        created=known_moment(row.created_at),
    )


def _fault(kept: Mapping[str, Any], said: Said) -> dict[str, str]:
    detail, cure = said(kept)
    return {"column": kept.get("column", ""), "code": kept["code"], "detail": detail, "cure": cure}


PARTNERS_SHOWN = 50


def ranked_shown(one: Ranked) -> RankedShown:
    return RankedShown(
        rank=one.rank,
        name=one.name,
        area=one.area,
        lat=one.place.lat,
        lon=one.place.lon,
        crates=one.crates,
        links=one.links,
        assumed=one.assumed,
        partners=[PartnerShown(name=who.name, crates=who.crates) for who in one.partners[:PARTNERS_SHOWN]],
    )
