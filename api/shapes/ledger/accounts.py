"""Accounts, corrections and deposits on the wire: whole cents of euro."""

from typing import Annotated

from pydantic import BaseModel, Field

from api.shapes.ledger.ledger import ACCOUNT
from api.shapes.words import Shape
from pooling.desk.corrections import CorrectionWords
from pooling.names import PLAIN
from pooling.store.accounts import Account

Deposit = Annotated[int, Field(ge=0, le=10_000)]


class TransferCorrectionWish(Shape):
    """What you give back of a transfer, and why."""

    reason: Annotated[str, Field(min_length=1, max_length=300, pattern=PLAIN)] = Field(
        description="Why: both sides read it.", examples=["Two crates were counted twice"]
    )
    cents: int | None = Field(
        None,
        gt=0,
        le=10_000_000,
        description="How much, in cents; all that is left where empty.",
        examples=[300],
    )

    def words(self) -> CorrectionWords:
        return CorrectionWords(self.reason, self.cents)


class AccountShown(BaseModel):
    """An account of the ledger and what stands on it."""

    account: str = Field(description=ACCOUNT, examples=["party:pty_01hg0000abcd"])
    kind: str = Field(description="party, fees, deposit, tour, community or claim.", examples=["party"])
    posted_cents: int = Field(description="Received less given; below 0: it owes.", examples=[200])
    pending_cents: int = Field(description="What was agreed and is not done yet.", examples=[1200])


class CrateDepositsWish(Shape):
    """What you ask for each crate that is not back yet; a kind that is left out bears no word of yours."""

    ambient_cents: Deposit | None = Field(None, description="For an ambient crate, cents.", examples=[350])
    chilled_cents: Deposit | None = Field(None, description="For a chilled one, cents.", examples=[500])
    frozen_cents: Deposit | None = Field(None, description="For a frozen one, cents.", examples=[500])

    def by_kind(self) -> dict[str, int]:
        return {
            name.removesuffix("_cents"): cents
            for name, cents in self.model_dump().items()
            if cents is not None
        }


class CrateDepositsShown(BaseModel):
    """What is asked for one crate, by kind; empty where nothing is said of it."""

    ambient_cents: int | None = Field(description="For an ambient crate.", examples=[350])
    chilled_cents: int | None = Field(description="For a chilled one.", examples=[500])
    frozen_cents: int | None = Field(description="For a frozen one.", examples=[None])


def account_shown(one: Account) -> AccountShown:
    return AccountShown(
        account=one.name, kind=one.kind, posted_cents=one.posted_cents, pending_cents=one.pending_cents
    )


def deposits_shown(by_kind: dict[str, int]) -> CrateDepositsShown:
    return CrateDepositsShown(
        ambient_cents=by_kind.get("ambient"),
        chilled_cents=by_kind.get("chilled"),
        frozen_cents=by_kind.get("frozen"),
    )
