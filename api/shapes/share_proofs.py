"""The proof of a share, on the wire."""

from pydantic import BaseModel, Field

from api.shapes.words import Id
from pooling.desk.tours.share_proofs import ShareProof


class ShareProofShown(BaseModel):
    """What one party's share of a tour rests on; money in whole cents."""

    party: Id = Field(description="Who pays.", examples=["party_01hg0000abcd"])
    alone_cents: int = Field(description="What it would spend without the tour.", examples=[4200])
    cap_cents: int = Field(description="The most it may pay.", examples=[3900])
    share_cents: int = Field(description="What it pays, as things stand.", examples=[1980])
    saved_cents: int = Field(description="Alone less its share.", examples=[2220])
    adds_cents: int = Field(
        description="What the tour costs more with it than with the others only.", examples=[1240]
    )
    detour_m: int = Field(description="Metres driven for its sake.", examples=[8400])
    detour_s: int = Field(description="Seconds of driving for its sake.", examples=[960])
    ridden_m: int = Field(description="Metres driven with crates of its own aboard.", examples=[21700])
    group_parties: int = Field(
        description="How many are in the group with which it could complain most.", examples=[2]
    )
    group_saves_cents: int = Field(
        description="What that group saves by staying; below 0 it could complain.", examples=[310]
    )
    shapley_cents: int = Field(
        description="What the Shapley value would ask within the same caps.", examples=[2010]
    )


class ShareProofs(BaseModel):
    """The proofs of a tour's shares."""

    items: list[ShareProofShown] = Field(description="One for each party that is shown.")


def share_proof_shown(one: ShareProof) -> ShareProofShown:
    line = one.line
    return ShareProofShown(
        party=line.party,
        alone_cents=line.alone_cents,
        cap_cents=line.cap_cents,
        share_cents=line.share_cents,
        saved_cents=line.saved_cents,
        adds_cents=line.adds_cents,
        detour_m=line.detour_m,
        detour_s=line.detour_s,
        ridden_m=line.ridden_m,
        group_parties=one.group_parties,
        group_saves_cents=one.group_saves_cents,
        shapley_cents=one.shapley_cents,
    )
