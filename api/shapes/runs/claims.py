"""Claims and the cover of goods on the wire."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Base64Bytes, BaseModel, Field
from sqlalchemy import Row

from api.cover_words import cover_said
from api.papers.words import Words
from api.shapes.goods.shipments import PARTY, SHIPMENT
from api.shapes.words import Id, Shape, Text, known_moment, moment
from pooling.claims.cover import COVER_VERSION, DECLARED_LIMIT_CENTS, cover_of
from pooling.claims.placing import Kind
from pooling.desk import Actor
from pooling.desk.claims.deciding import Decision
from pooling.desk.claims.opening import ClaimWords
from pooling.desk.claims.worth import Worth
from pooling.figures import (
    CLAIM_DAYS,
    COLD_CONTRACT_PER_KG,
    COLD_CONTRACT_PER_PARCEL,
    CONTRACT_PER_KG,
    CONTRACT_PER_PARCEL,
    LATE_CLAIM_DAYS,
    LATE_SHARE,
    Figure,
)
from pooling.load import CRATES_LIMIT
from pooling.regimes import Regime

CLAIM, RECORD = "clm_01hg0000abcd", "hov_01hg0000abcd"
ClaimState = Literal["opened", "with_operator", "paid", "refused", "withdrawn"]
Answer = Literal["", "accepted", "disputed", "unanswered"]
Note = Text
Count = Annotated[int, Field(ge=1, le=CRATES_LIMIT)]
KIND = "missing, damaged, late or warm."


class ClaimWish(Shape):
    """What went wrong with a shipment."""

    kind: Kind = Field(description=KIND, examples=["damaged"])
    crates: Count = Field(description="How many crates are concerned, of those aboard.", examples=[2])
    note: Note = Field("", description="What you saw.", examples=["Two crates are crushed."])
    photo: Annotated[str, Field(pattern=r"^([0-9a-f]{64})?$")] = Field(
        "", description="A photo that was sent before (`send_claim_photo`): its SHA-256.", examples=[""]
    )

    def words(self) -> ClaimWords:
        return ClaimWords(self.kind, self.crates, self.note, self.photo)


class ClaimAnswer(Shape):
    """What who held the crates says to a claim."""

    accepts: bool = Field(
        description="Accept it: it is then paid. Else it is disputed, and an operator decides.",
        examples=[False],
    )
    note: Note = Field(
        "", description="Why, where it is disputed.", examples=["They were wet when I took them."]
    )


class ClaimDecision(Shape):
    """What an operator decides on a claim."""

    outcome: Literal["paid", "refused"] = Field(description="Paid or refused.", examples=["paid"])
    note: Annotated[Text, Field(min_length=1)] = Field(
        description="Why; both sides read it.", examples=["The record shows them whole at the pickup."]
    )
    crates: Count | None = Field(
        None, description="For how many crates, where it is fewer than claimed.", examples=[None]
    )
    fault: Id | None = Field(
        None,
        description="Who pays, where it is not who was asked: one of those between whom they changed hands.",
        examples=[None],
    )

    def words(self) -> Decision:
        return Decision(self.outcome, self.note, self.crates, self.fault or "")


class ClaimPhotoWish(Shape):
    """A photo of crates, for a claim."""

    content: Base64Bytes = Field(
        description="Plain JPEG or PNG, as base64; at most 700,000 bytes.", examples=["/9j/4AAQSkZJRg=="]
    )


class ClaimShown(BaseModel):
    """
    A claim as it stands, for who claims, who is paid, who held the crates, and operators.

    Amounts are told to who is paid, to who would pay, and to operators.
    """

    id: Id = Field(description="The claim.", examples=[CLAIM])
    shipment: Id = Field(description="The shipment.", examples=[SHIPMENT])
    kind: Kind = Field(description=KIND, examples=["damaged"])
    by: Id = Field(description="Who claims.", examples=[PARTY])
    payee: Id = Field(description="Who is paid.", examples=[PARTY])
    fault: Id | None = Field(
        description="Who held the crates then; null where the record does not tell.", examples=[PARTY]
    )
    after: str = Field(
        description="The record by which it took them; empty: it had them from the beginning, or nobody is "
        "named.",
        examples=[RECORD],
    )
    before: str = Field(
        description="The first record that shows what is wrong; empty: it has them still, or nobody is "
        "named.",
        examples=["hov_01hg0000wxyz"],
    )
    crates: int = Field(description="How many crates are concerned.", examples=[2])
    note: str = Field(description="What was seen.", examples=["Two crates are crushed."])
    photo: str = Field(description="The SHA-256 of a photo; empty for none.", examples=[""])
    state: ClaimState = Field(
        description="`opened` waits for who held the crates, `with_operator` for a decision. `paid`: posted "
        "to the ledger, where it is owed.",
        examples=["opened"],
    )
    answer: Answer = Field(
        description="What was said by who was asked: who held the crates, by the record.", examples=[""]
    )
    answer_note: str = Field(description="In its words.", examples=[""])
    answer_by: datetime | None = Field(
        description="Until when it is to answer; null where whoever pays was not asked.",
        examples=["2026-09-19T08:00:00Z"],
    )
    decide_by: datetime | None = Field(description="Until when an operator is to decide.", examples=[None])
    overdue: bool = Field(description="Whether that moment is over.", examples=[False])
    decision_note: str = Field(description="What the operator says.", examples=[""])
    cover: str = Field(
        description="The cover terms that were accepted with the ride; empty: nothing is covered.",
        examples=[COVER_VERSION],
    )
    covered_cents: int | None = Field(description="Covered for all crates, cents.", examples=[12_000])
    amount_cents: int | None = Field(
        description="What it pays, or would pay for all that is claimed, cents.", examples=[4_000]
    )
    by_weight_cents: int | None = Field(
        description="Beside it, what the French standard contract would let a carrier owe at most, by "
        "weight, cents; null for late ones and from 3 t on. Nobody owes it here.",
        examples=[52_800],
    )
    granted_crates: int = Field(description="For how many crates it was paid.", examples=[0])
    created: datetime = Field(description="When it was opened.", examples=["2026-09-12T08:00:00Z"])
    decided: datetime | None = Field(description="When it was accepted or decided.", examples=[None])
    revision: int = Field(description="Raised by each change.", examples=[1])


class CoverRegime(BaseModel):
    """What is covered under one regime."""

    regime: Regime = Field(description="Of the ride; of a tour `transporteur`.", examples=["entraide"])
    most_cents: int = Field(description="The most that is covered of one shipment.", examples=[100_000])


class WeightFigure(BaseModel):
    """A limit of a standard contract, to compare with."""

    goods: Literal["ambient", "cold"] = Field(description="Of which goods.", examples=["ambient"])
    cents_per_kg: int = Field(description="Per kilo concerned.", examples=[3_300])
    cents_per_crate: int = Field(description="At most for one crate.", examples=[100_000])
    source: str = Field(description="Where it was read; our reading.", examples=["decree 2017-461"])


class CoverShown(BaseModel):
    """The terms of cover that stand; a bid or a sign-up accepts them by their version."""

    version: str = Field(description="Send it as `cover`.", examples=[COVER_VERSION])
    text: list[str] = Field(description="The terms, in the language that was asked for.", examples=[["…"]])
    declared_most_cents: int = Field(
        description="The most that a shipment may declare.", examples=[DECLARED_LIMIT_CENTS]
    )
    regimes: list[CoverRegime] = Field(description="What is covered under each regime.")
    by_weight: list[WeightFigure] = Field(description="What the standard contracts say, to compare with.")
    late_percent: int = Field(description="Paid of the carriage of late crates.", examples=[LATE_SHARE.value])
    claim_days: int = Field(
        description="Days to claim after the handover; Sundays and holidays do not count.",
        examples=[CLAIM_DAYS.value],
    )
    late_claim_days: int = Field(description="The same for late crates.", examples=[LATE_CLAIM_DAYS.value])


def claim_shown(row: Row[Any], worth: Worth, who: Actor) -> ClaimShown:
    told = worth.is_told_to(row, who)
    same = ("id", "kind", "crates", "note", "photo", "state", "answer", "answer_note", "decision_note")
    return ClaimShown(
        **{name: getattr(row, name) for name in (*same, "granted_crates", "revision")},
        shipment=row.shipment_id,
        by=row.by_id,
        payee=row.payee_id,
        fault=row.fault_id,
        after=row.after_id,
        before=row.before_id,
        answer_by=moment(row.answer_by_at),
        decide_by=moment(row.decide_by_at),
        overdue=worth.overdue,
        cover=row.cover_version,
        covered_cents=worth.covered_cents if told else None,
        amount_cents=worth.amount_cents if told else None,
        by_weight_cents=worth.by_weight_cents if told else None,
        created=known_moment(row.created_at),
        decided=moment(row.decided_at),
    )


def cover_shown(say: Words) -> CoverShown:
    return CoverShown(
        version=COVER_VERSION,
        text=cover_said(say),
        declared_most_cents=DECLARED_LIMIT_CENTS,
        regimes=[CoverRegime(regime=one, most_cents=cover_of(one).most_cents) for one in Regime],
        by_weight=[
            _weight(say, "ambient", CONTRACT_PER_KG, CONTRACT_PER_PARCEL),
            _weight(say, "cold", COLD_CONTRACT_PER_KG, COLD_CONTRACT_PER_PARCEL),
        ],
        late_percent=LATE_SHARE.value,
        claim_days=CLAIM_DAYS.value,
        late_claim_days=LATE_CLAIM_DAYS.value,
    )


def _weight(say: Words, goods: Literal["ambient", "cold"], per_kg: Figure, per_crate: Figure) -> WeightFigure:
    return WeightFigure(
        goods=goods, cents_per_kg=per_kg.value, cents_per_crate=per_crate.value, source=say.say(per_kg.source)
    )
