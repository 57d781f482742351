"""Partner carriers: what happened on runs, as their own systems tell it."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request

from api.asking import TheHouse, Who
from api.problem import asked_words
from api.routes.goods.collecting import sent_bytes
from api.shapes.runs.partners import EventsTakenShown, events_taken_shown
from api.shapes.words import SIGNED_IN, Id, refusals
from pooling.desk.runs.partners import take_events_file, take_events_message

router = APIRouter(tags=["manifests"])
UNREADABLE = ("list_unreadable", "list_too_long", "list_empty", "workbook_unreadable", "workbooks_unknown")
FILE: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "CSV, XLSX, or JSON (a list of objects, or one under `lines`).",
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}
Raw = Annotated[bytes, Depends(sent_bytes)]


@router.post(
    "/partner-events/files",
    summary="Send a file of events",
    operation_id="send_partner_events",
    responses=refusals(*SIGNED_IN, "not_allowed", *UNREADABLE),
    openapi_extra=FILE,
)
def sent(
    house: TheHouse,
    who: Who,
    request: Request,
    raw: Raw,
    party: Annotated[
        Id, Query(description="The carrier: one that you manage.", examples=["pty_01hg0000abcd"])
    ],
) -> EventsTakenShown:
    """
    Send what happened on your runs as a file, a line for each event. Sent again it changes nothing twice.

    A bad line is told with its column and cure; the good ones are taken in their order, at most 200. It needs
    no `Idempotency-Key`: each event is known by its own `id`.
    """
    found = take_events_file(house.desk, who, party, raw)
    return events_taken_shown(found, asked_words(request))


@router.post(
    "/webhooks/{webhook_id}/events",
    summary="Post events as a partner's system",
    operation_id="receive_partner_events",
    responses=refusals("signature_wrong", *UNREADABLE),
    openapi_extra=FILE,
)
def received(
    house: TheHouse,
    request: Request,
    raw: Raw,
    webhook_id: Annotated[
        Id, Path(description="The webhook that carries manifests to you.", examples=["whk_01hg0000abcd"])
    ],
) -> EventsTakenShown:
    """
    Post what happened on runs, signed with the secret of the webhook as Standard Webhooks asks.

    Without a session. A message is taken within five minutes of its `webhook-timestamp`; each event is known
    by its own `id`, so that a message sent twice changes nothing twice.
    """
    found = take_events_message(house.desk, webhook_id, request.headers, raw)
    return events_taken_shown(found, asked_words(request))
