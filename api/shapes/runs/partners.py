"""Events of partner carriers on the wire: what became of each line."""

from collections.abc import Iterable
from typing import Literal

from pydantic import BaseModel, Field

from api.papers.words import Words
from api.shapes.goods.collecting import FaultShown
from geodata.refusal import Refusal
from pooling.desk.runs.partners import EventLine, EventsTaken


class EventLineShown(BaseModel):
    """What became of one event."""

    line: int = Field(
        description="Its line, as an editor numbers it; of JSON its place from 1.", examples=[2]
    )
    event: str = Field(description="The partner's own id of it.", examples=["lou-4711"])
    outcome: Literal["taken", "known", "refused"] = Field(
        description="`known`: it was taken before, and nothing was done twice.", examples=["taken"]
    )
    faults: list[FaultShown] = Field(description="What is wrong, by column.", examples=[[]])


class EventsTakenShown(BaseModel):
    """What became of the events of a file or a message."""

    taken: int = Field(description="Events that were taken.", examples=[3])
    known: int = Field(description="Events that were taken before.", examples=[0])
    refused: int = Field(description="Events to be mended and sent again.", examples=[0])
    lines: list[EventLineShown] = Field(description="Each event, at most 200.", examples=[[]])
    unread: list[FaultShown] = Field(description="Columns that are not known.", examples=[[]])


def events_taken_shown(found: EventsTaken, say: Words) -> EventsTakenShown:
    counts = {name: sum(one.outcome == name for one in found.lines) for name in ("taken", "known", "refused")}
    return EventsTakenShown(
        **counts,
        lines=[_line(one, say) for one in found.lines],
        unread=_faults((("", one) for one in found.unread), say),
    )


def _line(one: EventLine, say: Words) -> EventLineShown:
    return EventLineShown(
        line=one.line,
        event=one.event,
        outcome=one.outcome,  # type: ignore[arg-type]
        faults=_faults(one.faults, say),
    )


def _faults(faults: Iterable[tuple[str, Refusal]], say: Words) -> list[FaultShown]:
    found = []
    for column, refusal in faults:
        detail, cure = say.refusal(refusal)
        found.append(FaultShown(column=column, code=refusal.code, detail=detail, cure=cure))
    return found
