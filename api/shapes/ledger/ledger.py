"""Money on the wire: whole cents of euro."""

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BaseModel, Field
from sqlalchemy import Row

from api.shapes.words import Id, Shape, Text, known_moment, moment
from pooling.store.bills import Bill
from pooling.store.statements import Balance, Statement

ACCOUNT = "A ledger account: `party:ID`, `tour:ID`, `fees:ID`, `deposit:ID`, `community:ID` or `claim:ID`."
PartyField = Annotated[Id, Field(examples=["pty_01hg0000abcd"])]


class PaymentWish(Shape):
    """Money that your party received."""

    payer: PartyField = Field(description="Which party paid.")
    payee: PartyField = Field(description="Which party received it: one that you manage.")
    cents: int = Field(gt=0, le=10_000_000, description="How much, in cents.", examples=[1250])
    note: Text = Field("", description="How it was paid, for both.", examples=["Bank, 12 September"])


class TransferShown(BaseModel):
    """What one account agreed to owe another, or paid it."""

    id: Id = Field(description="The transfer.", examples=["tr_01hg0000abcd"])
    state: str = Field(description="pending, posted, voided or expired.", examples=["posted"])
    payer: str = Field(description=f"Who gives. {ACCOUNT}", examples=["party:pty_01hg0000abcd"])
    payee: str = Field(description=f"Who receives. {ACCOUNT}", examples=["party:pty_01hg0000efgh"])
    cents: int = Field(
        description="What it comes to, in cents: the part that was posted; 0 once voided or expired.",
        examples=[1250],
    )
    agreed_cents: int = Field(description="What was agreed at first, in cents.", examples=[1250])
    about_kind: str = Field(description="What it is about.", examples=["bid"])
    about_id: str = Field(description="Which one; empty for a payment.", examples=["bid_01hg0000abcd"])
    why: str = Field(description="Why, for a person.", examples=["6 crates on the trip of Arlo"])
    created: datetime = Field(description="When it was agreed.", examples=["2026-09-10T08:00:00Z"])
    settled: datetime | None = Field(
        description="When it was posted, voided or expired.", examples=["2026-09-12T09:10:00Z"]
    )


class OwedShown(BaseModel):
    """What stands between two parties."""

    party: PartyField = Field(description="The other party.")
    posted_cents: int = Field(description="What it owes you; below 0: what you owe it.", examples=[200])
    pending_cents: int = Field(description="What was agreed and is not done yet.", examples=[1200])


class BalanceShown(BaseModel):
    """What a party is owed, in cents; below 0: what it owes."""

    party: PartyField = Field(description="The party.")
    posted_cents: int = Field(description="What is owed for what was done.", examples=[200])
    pending_cents: int = Field(description="What was agreed and is not done yet.", examples=[1200])
    others: list[OwedShown] = Field(description="The same, party by party; adds up.")


class LineShown(BaseModel):
    """One line of a statement."""

    transfer: Id = Field(description="The transfer.", examples=["tr_01hg0000abcd"])
    cents: int = Field(description="Received; below 0: given. In cents.", examples=[-1200])
    other: str = Field(description=f"The other side. {ACCOUNT}", examples=["party:pty_01hg0000efgh"])
    about_kind: str = Field(description="What it is about.", examples=["bid"])
    about_id: str = Field(description="Which one.", examples=["bid_01hg0000abcd"])
    why: str = Field(description="Why, for a person.", examples=["6 crates on the trip of Arlo"])
    created: datetime = Field(description="When it was posted.", examples=["2026-09-12T09:10:00Z"])


class StatementShown(BaseModel):
    """What was posted in a period: opening + lines = closing."""

    party: PartyField = Field(description="The party.")
    first: date = Field(description="The first local day.", examples=["2026-09-01"])
    last: date = Field(description="The last local day.", examples=["2026-09-30"])
    opening_cents: int = Field(description="The balance before the first day.", examples=[0])
    lines: list[LineShown] = Field(description="What was posted, the oldest first.")
    closing_cents: int = Field(description="The balance after the last day.", examples=[-1200])


class LedgerChecked(BaseModel):
    """Whether every cent that left one account stands on another."""

    transfers: int = Field(description="How many transfers there are.", examples=[412])
    entries: int = Field(description="How many entries they have.", examples=[1240])
    sum_cents: int = Field(description="All entries together: 0.", examples=[0])
    unbalanced: int = Field(description="Transfers that break a rule of the ledger: 0.", examples=[0])
    breaks_at: str = Field(description="The first of them; empty in a right one.", examples=[""])
    why: str = Field(description="Which rule it breaks.", examples=[""])


def transfer_shown(row: Row[Any]) -> TransferShown:
    return TransferShown(
        id=row.id,
        state=row.state,
        payer=row.payer,
        payee=row.payee,
        cents=row.due_cents,
        agreed_cents=row.cents,
        about_kind=row.about_kind,
        about_id=row.about_id,
        why=row.why,
        created=known_moment(row.created_at),
        settled=moment(row.settled_at),
    )


class BillLineShown(BaseModel):
    """What the carriage of one shipment costs its payer."""

    reference: str = Field(description="By what you ordered it; else empty.", examples=["A1"])
    shipment: Id = Field(description="The shipment.", examples=["shp_01hg0000abcd"])
    day: date = Field(description="On which local day.", examples=["2026-09-12"])
    from_site: str = Field(description="From where.", examples=["Ferme du Lac"])
    to_site: str = Field(description="To where.", examples=["Plateforme"])
    crates: int = Field(
        description="How many crates; 0 on a line that only puts another right, so that they add up.",
        examples=[4],
    )
    kg: int = Field(description="How heavy, in kg; 0 where no crates are.", examples=[32])
    owed_to: str = Field(description="To whom: the trip's owner, or the tour's operator.", examples=["Arlo"])
    about_kind: str = Field(
        description="bid, tour, shipment (put right as signed for later) or correction.", examples=["tour"]
    )
    why: str = Field(
        description="Why, in the words of the ledger; the reason of a correction.", examples=["tour share"]
    )
    cents: int = Field(description="How much, in cents; below 0: given back.", examples=[1250])
    transfer: Id = Field(description="The transfer of the statement.", examples=["tr_01hg0000abcd"])
    posted: datetime = Field(description="When it was owed.", examples=["2026-09-12T09:10:00Z"])


class BillShown(BaseModel):
    """All carriage that a party came to owe in a month; no invoice: each carrier issues its own."""

    party: PartyField = Field(description="Whose.")
    month: str = Field(description="The local month.", examples=["2026-09"])
    lines: list[BillLineShown] = Field(description="A line for each shipment; adds up.")
    total_cents: int = Field(description="The sum of the lines, in cents.", examples=[1250])


def balance_shown(party_id: str, balance: Balance, others: dict[str, Balance]) -> BalanceShown:
    return BalanceShown(
        party=party_id,
        posted_cents=balance.posted_cents,
        pending_cents=balance.pending_cents,
        others=[
            OwedShown(party=other, posted_cents=owed.posted_cents, pending_cents=owed.pending_cents)
            for other, owed in sorted(others.items())
            if owed != Balance()
        ],
    )


def bill_shown(party_id: str, month: str, bill: Bill) -> BillShown:
    return BillShown(
        party=party_id,
        month=month,
        lines=[
            BillLineShown(
                reference=line.reference,
                shipment=line.shipment_id,
                day=line.day,
                from_site=line.from_site,
                to_site=line.to_site,
                crates=line.crates,
                kg=line.kg,
                owed_to=line.owed_to,
                about_kind=line.about_kind,
                why=line.why,
                cents=line.cents,
                transfer=line.transfer_id,
                posted=known_moment(line.posted_at),
            )
            for line in bill.lines
        ],
        total_cents=bill.total_cents,
    )


def statement_shown(party_id: str, first: date, last: date, statement: Statement) -> StatementShown:
    return StatementShown(
        party=party_id,
        first=first,
        last=last,
        opening_cents=statement.opening_cents,
        lines=[_line(row) for row in statement.lines],
        closing_cents=statement.closing_cents,
    )


def _line(row: Row[Any]) -> LineShown:
    return LineShown(
        transfer=row.id,
        cents=row.line_cents,
        other=row.payer if row.line_cents > 0 else row.payee,
        about_kind=row.about_kind,
        about_id=row.about_id,
        why=row.why,
        created=known_moment(row.created_at),
    )
