"""Calendar feeds on the wire: the secret link is shown once."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field
from sqlalchemy import Row

from api.shapes.words import Id, known_moment

FEED = "cal_01hg0000abcd"


class FeedShown(BaseModel):
    """A link by which a calendar reads your trips and rides."""

    id: Id = Field(description="The feed.", examples=[FEED])
    url: str = Field(
        description="The secret link, in the answer that made it; afterwards empty: only its hash is kept.",
        examples=["https://carriole.example/api/v1/calendar/AbC.ics"],
    )
    created: datetime = Field(description="When it was made.", examples=["2026-09-10T08:00:00Z"])


def feed_shown(row: Row[Any], url: str = "") -> FeedShown:
    return FeedShown(id=row.id, url=url, created=known_moment(row.created_at))
