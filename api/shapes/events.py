"""Events on the wire."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from api.live import Told
from api.shapes.words import known_moment


class EventShown(BaseModel):
    """Something that happened."""

    id: int = Field(description="Grows with every event; go on after it.", examples=[4711])
    topic: str = Field(description="What happened.", examples=["bid.accepted"])
    about_kind: str = Field(description="To what kind of thing.", examples=["bid"])
    about_id: str = Field(description="To which.", examples=["bid_01hg0000abcd"])
    facts: dict[str, Any] = Field(description="What the topic tells.", examples=[{"price_cents": 1250}])
    created: datetime = Field(description="When.", examples=["2026-09-10T08:00:00Z"])


class EventsPage(BaseModel):
    """One page of events, the oldest first."""

    items: list[EventShown] = Field(description="The page.")
    next: int = Field(description="Send as `after` for what comes next, now or later.", examples=[4711])


def shown(told: Told) -> EventShown:
    return EventShown(
        id=told.id,
        topic=told.topic,
        about_kind=told.about_kind,
        about_id=told.about_id,
        facts=told.facts,
        created=known_moment(told.created_at),
    )
