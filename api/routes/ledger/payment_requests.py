"""Payments by a provider: asked for here, made there, told back signed."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request

from api.asking import Paging, TheHouse, Who, Wish
from api.routes.goods.collecting import sent_bytes
from api.shapes.ledger.payment_requests import (
    PaymentRequestShown,
    PaymentRequestWish,
    PaymentToldShown,
    payment_request_shown,
)
from api.shapes.words import SIGNED_IN, WRITES, Listed, refusals
from pooling.desk.payments import PaymentWords
from pooling.desk.provider_payments import ask_payment, take_provider_message
from pooling.store.payment_requests import find_payment_request, list_payment_requests

router = APIRouter(tags=["money"])
TOLD: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "JSON: `type` is `payment.paid`, `data` holds `reference` and `cents`.",
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}


@router.post(
    "/payment-requests",
    status_code=201,
    summary="Ask for a payment by the provider",
    operation_id="ask_payment",
    responses=refusals(
        *WRITES, "not_found", "no_payment_provider", "payment_above_debt", "legal_data_missing"
    ),
)
def asked(house: TheHouse, who: Who, ask: Wish, wish: PaymentRequestWish) -> PaymentRequestShown:
    """
    Ask the house's payment provider to take what your party owes to another party's account.

    The money never comes to this house. It is noted once the provider tells that it was paid.
    """
    words = PaymentWords(wish.payer, wish.payee, wish.cents, wish.note)
    request_id = ask_payment(house.desk, who, ask, house.payments, words)
    with house.desk.store.view() as view:
        return payment_request_shown(find_payment_request(view, request_id))


@router.get(
    "/payment-requests",
    summary="List payments by the provider",
    operation_id="list_payment_requests",
    responses=refusals(*SIGNED_IN),
)
def listed(house: TheHouse, who: Who, page: Paging) -> Listed[PaymentRequestShown]:
    """List what your parties asked the provider for, or are paid by it; an operator sees all."""
    mine = None if who.is_operator else list(who.manages)
    with house.desk.store.view() as view:
        rows, after = list_payment_requests(view, mine, page)
    return Listed(items=[payment_request_shown(row) for row in rows], next=after)


@router.post(
    "/payment-provider/events",
    summary="Tell of a payment, as the provider",
    operation_id="receive_payment",
    responses=refusals("signature_wrong", "payment_unreadable", "payment_differs", "not_found"),
    openapi_extra=TOLD,
)
def told(house: TheHouse, request: Request, raw: Annotated[bytes, Depends(sent_bytes)]) -> PaymentToldShown:
    """
    Tell, as the payment provider, that a payment was made; signed as Standard Webhooks asks.

    Without a session. A payment told twice is noted once, by its reference.
    """
    secret = house.settings.payment_secret
    return PaymentToldShown(request=take_provider_message(house.desk, secret, request.headers, raw))
