"""Payments by a provider on the wire."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, Field
from sqlalchemy import Row

from api.shapes.ledger.ledger import PartyField
from api.shapes.words import Id, Shape, Text, known_moment


class PaymentRequestWish(Shape):
    """What your party would pay another by the house's payment provider."""

    payer: PartyField = Field(description="Who pays: one that you manage.")
    payee: PartyField = Field(description="Whom.")
    cents: int = Field(gt=0, le=10_000_000, description="How much, in cents.", examples=[1250])
    note: Text = Field("", description="What for, for the payer's bank.", examples=["September"])


class PaymentRequestShown(BaseModel):
    """A payment that the provider was asked for."""

    id: Id = Field(description="The request.", examples=["prq_01hg0000abcd"])
    payer: PartyField = Field(description="Who pays.")
    payee: PartyField = Field(description="Whom.")
    cents: int = Field(description="How much, in cents.", examples=[1250])
    state: Literal["asked", "paid"] = Field(description="Whether it was made.", examples=["asked"])
    reference: str = Field(description="By what the provider knows it.", examples=["pay_123"])
    pay_at: str = Field(
        description="Where the payer pays, at the provider; never here.", examples=["https://pay.example/123"]
    )
    transfer: str = Field(description="By which it was noted; empty before.", examples=["tr_01hg0000abcd"])
    created: datetime = Field(description="When it was asked for.", examples=["2026-09-10T08:00:00Z"])


class PaymentToldShown(BaseModel):
    """What became of a provider's message."""

    request: str = Field(description="Which request was paid; empty where none was meant.", examples=[""])


def payment_request_shown(row: Row[Any]) -> PaymentRequestShown:
    return PaymentRequestShown(
        id=row.id,
        payer=row.payer_id,
        payee=row.payee_id,
        cents=row.cents,
        state=row.state,
        reference=row.reference,
        pay_at=row.pay_at,
        transfer=row.transfer_id,
        created=known_moment(row.created_at),
    )
