"""Webhooks and notices on the wire."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field
from sqlalchemy import Row

from api.shapes.words import Id, Shape, known_moment, moment
from pooling.desk.telling.webhooks import Carries

CARRIES = (
    "`events`: every event. `manifests`: each manifest of your own, whole, to the system in which your "
    "drivers work; it may send back what happens (`receive_partner_events`)."
)


class WebhookWish(Shape):
    """Where events are to be posted."""

    party: Id = Field(description="Whose events.", examples=["pty_01hg0000abcd"])
    url: Annotated[str, Field(min_length=1, max_length=500)] = Field(
        description="An https address of the open Internet; redirects are not followed.",
        examples=["https://shop.example/carriole"],
    )
    carries: Carries = Field("events", description=CARRIES, examples=["events"])


class WebhookShown(BaseModel):
    """A webhook as it stands."""

    id: Id = Field(description="The webhook.", examples=["whk_01hg0000abcd"])
    party: Id = Field(description="Whose events.", examples=["pty_01hg0000abcd"])
    url: str = Field(description="Where they are posted.", examples=["https://shop.example/carriole"])
    carries: Carries = Field(description=CARRIES, examples=["events"])
    active: bool = Field(
        description="False once the receiver answered with status 410: it wants no more.", examples=[True]
    )
    created: datetime = Field(description="When it was made.", examples=["2026-09-10T08:00:00Z"])
    revision: int = Field(description="Raised by each change.", examples=[1])


class WebhookMade(WebhookShown):
    """A webhook just made, with its secret: it is shown here and never again."""

    secret: str = Field(
        description="Verify each post with it, as Standard Webhooks tells.",
        examples=["whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"],
    )


class NoticeShown(BaseModel):
    """What was sent, or will be: one event by one way."""

    id: Id = Field(
        description="The notice; a post carries it as `webhook-id`.", examples=["ntc_01hg0000abcd"]
    )
    channel: Literal["mail", "webhook"] = Field(description="By which way.", examples=["mail"])
    webhook: str | None = Field(description="To which webhook.", examples=["whk_01hg0000abcd"])
    event: int = Field(description="Which event, as `stream_events` numbers them.", examples=[4711])
    topic: str = Field(description="What happened.", examples=["bid.accepted"])
    about_kind: str = Field(description="About what.", examples=["bid"])
    about_id: str = Field(description="Its id.", examples=["bid_01hg0000abcd"])
    state: Literal["waiting", "sent", "dropped"] = Field(description="How far it is.", examples=["sent"])
    attempts: int = Field(description="How often it was tried.", examples=[1])
    due: datetime = Field(description="When it is or was due.", examples=["2026-09-12T04:00:00Z"])
    sent: datetime | None = Field(description="When it left.", examples=["2026-09-12T04:00:02Z"])
    reason: str = Field(description="Why it has not left.", examples=["status 503"])
    created: datetime = Field(description="When it was written down.", examples=["2026-09-11T21:10:00Z"])


def webhook_shown(row: Row[Any]) -> WebhookShown:
    return WebhookShown(**_webhook(row))


def webhook_made(row: Row[Any]) -> WebhookMade:
    return WebhookMade(**_webhook(row), secret=row.secret)


def notice_shown(row: Row[Any]) -> NoticeShown:
    return NoticeShown(
        id=row.id,
        channel=row.channel,
        webhook=row.target_id if row.channel == "webhook" else None,
        event=row.outbox_id,
        topic=row.topic,
        about_kind=row.about_kind,
        about_id=row.about_id,
        state=row.state,
        attempts=row.attempt,
        due=known_moment(row.due_at),
        sent=moment(row.sent_at),
        reason=row.reason,
        created=known_moment(row.created_at),
    )


def _webhook(row: Row[Any]) -> dict[str, Any]:
    return {
        "id": row.id,
        "party": row.party_id,
        "url": row.url,
        "carries": row.carries,
        "active": row.active,
        "created": known_moment(row.created_at),
        "revision": row.revision,
    }
