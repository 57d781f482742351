"""The proof of a share, on the wire."""

from typing import Literal

from pydantic import BaseModel, Field

from api.shapes.words import Id
from pooling.desk.tours.share_proofs import ShareProof, ShareProofs
from pooling.sharing_rule import Rule


class ShareProofShown(BaseModel):
    """What one party's share of a tour rests on; money in whole cents."""

    party: Id = Field(description="Who pays.", examples=["party_01hg0000abcd"])
    alone_cents: int = Field(description="What it would spend without the tour.", examples=[4200])
    cap_cents: int = Field(description="The most it may pay.", examples=[3900])
    share_cents: int = Field(description="What it pays, as things stand.", examples=[1980])
    card_cents: int = Field(description="Of it, what the carrier is paid by its card.", examples=[1880])
    fee_cents: int = Field(description="Of it, the fee, in proportion to what each pays.", examples=[100])
    saved_cents: int = Field(description="Alone less its share.", examples=[2220])
    adds_cents: int = Field(
        description="What the tour costs more with it than with the others only.", examples=[1240]
    )
    detour_m: int = Field(description="Metres driven for its sake.", examples=[8400])
    detour_s: int = Field(description="Seconds of driving for its sake.", examples=[960])
    ridden_m: int = Field(description="Metres driven with crates of its own aboard.", examples=[21700])
    group_parties: int = Field(
        description="How many are in the group with which it could complain most, were the tour driven for "
        "that group alone in its own order.",
        examples=[2],
    )
    group_saves_cents: int = Field(
        description="What that group saves by staying; below 0 it could complain.", examples=[310]
    )
    best_group_parties: int | None = Field(
        description="The same, were the best plan made for that group alone; of up to ten parties.",
        examples=[2],
    )
    best_group_saves_cents: int | None = Field(
        description="What that group saves by staying; below 0 it could complain.", examples=[280]
    )
    shapley_cents: int = Field(
        description="What the Shapley value would ask within the same caps.", examples=[2010]
    )


class ShareProofsShown(BaseModel):
    """The proofs of a tour's shares."""

    rule: Rule = Field(description="By which rule the cost is shared.", examples=["shapley"])
    games: list[Literal["fixed_order", "best_plan"]] = Field(
        description="What groups were asked: `fixed_order`, the tour's own order driven for them alone, or "
        "everybody alone; `best_plan`, besides, the best plan found for them.",
        examples=[["fixed_order", "best_plan"]],
    )
    groups: int = Field(description="Groups whose best plan was wanted.", examples=[6])
    groups_searched: int = Field(
        description="Of these, for how many it was searched for; the others by the tour's own order.",
        examples=[6],
    )
    items: list[ShareProofShown] = Field(description="One for each party that is shown.")


def share_proofs_shown(found: ShareProofs) -> ShareProofsShown:
    return ShareProofsShown(
        rule=found.rule,
        games=["fixed_order", "best_plan"] if found.groups else ["fixed_order"],
        groups=found.groups,
        groups_searched=found.groups_searched,
        items=[_shown(one) for one in found.items],
    )


def _shown(one: ShareProof) -> ShareProofShown:
    line, best = one.line, one.best_group
    return ShareProofShown(
        party=line.party,
        alone_cents=line.alone_cents,
        cap_cents=line.cap_cents,
        share_cents=line.share_cents,
        card_cents=one.card_cents,
        fee_cents=one.fee_cents,
        saved_cents=line.saved_cents,
        adds_cents=line.adds_cents,
        detour_m=line.detour_m,
        detour_s=line.detour_s,
        ridden_m=line.ridden_m,
        group_parties=one.group.parties,
        group_saves_cents=one.group.saves_cents,
        best_group_parties=best.parties if best else None,
        best_group_saves_cents=best.saves_cents if best else None,
        shapley_cents=one.shapley_cents,
    )
