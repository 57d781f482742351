"""Webhooks, and what was sent to whom and when."""

from typing import Annotated

from fastapi import APIRouter, Path

from api.asking import Paging, TheHouse, Who, Wish
from api.shapes.notices import (
    NoticeShown,
    WebhookMade,
    WebhookShown,
    WebhookWish,
    notice_shown,
    webhook_made,
    webhook_shown,
)
from api.shapes.words import SIGNED_IN, WRITES, Id, Listed, refusals
from pooling.desk.telling.webhooks import create_webhook, remove_webhook
from pooling.store.notices import find_webhook, list_notices, list_webhooks

router = APIRouter(tags=["notices"])
WebhookId = Annotated[Id, Path(description="The webhook.", examples=["whk_01hg0000abcd"])]


@router.post(
    "/webhooks",
    status_code=201,
    summary="Have events posted to another system",
    operation_id="create_webhook",
    responses=refusals(*WRITES, "webhook_url_bad", "webhook_address_private", "webhooks_too_many"),
)
def create(house: TheHouse, who: Who, ask: Wish, wish: WebhookWish) -> WebhookMade:
    """
    Have every event of a party that you manage posted to an address, signed as Standard Webhooks asks.

    The secret stands in this answer only. What is not taken within 10 seconds with a status of 200 to
    299 is posted again, later and later, for three days.
    """
    inside = house.settings.webhooks_inside
    webhook_id = create_webhook(
        house.desk, who, ask, wish.party, wish.url, inside=inside, carries=wish.carries
    )
    with house.desk.store.view() as view:
        return webhook_made(find_webhook(view, webhook_id))


@router.get(
    "/webhooks", summary="List webhooks", operation_id="list_webhooks", responses=refusals(*SIGNED_IN)
)
def listed(house: TheHouse, who: Who, page: Paging) -> Listed[WebhookShown]:
    """List the webhooks of the parties that you manage."""
    with house.desk.store.view() as view:
        rows, after = list_webhooks(view, who.manages, page)
    return Listed(items=[webhook_shown(row) for row in rows], next=after)


@router.delete(
    "/webhooks/{webhook_id}",
    status_code=204,
    summary="Remove a webhook",
    operation_id="remove_webhook",
    responses=refusals(*WRITES, "not_found"),
)
def remove(house: TheHouse, who: Who, ask: Wish, webhook_id: WebhookId) -> None:
    """Post nothing more to a webhook of a party that you manage; what still waits is dropped."""
    remove_webhook(house.desk, who, ask, webhook_id)


@router.get("/notices", summary="List notices", operation_id="list_notices", responses=refusals(*SIGNED_IN))
def told(house: TheHouse, who: Who, page: Paging) -> Listed[NoticeShown]:
    """List what you were mailed, and what was posted to the webhooks of your parties, and when."""
    with house.desk.store.view() as view:
        rows, after = list_notices(view, who.member_id, who.manages, page)
    return Listed(items=[notice_shown(row) for row in rows], next=after)
