"""The proof of a share, on the wire."""

from typing import Literal

from pydantic import BaseModel, Field

from api.shapes.words import Id
from pooling.desk.tours.share_proofs import ShareProofs
from pooling.fair.charging import How
from pooling.fair.share_book import PartyShare
from pooling.sharing_rule import Rule


class ShareProofShown(BaseModel):
    """What one party's share of a tour rests on; whole cents, `null` where the game was not asked."""

    party: Id = Field(description="Who pays.", examples=["party_01hg0000abcd"])
    alone_cents: int = Field(
        description="What its shipments on this tour would cost it without the tour, its other rides of that "
        "day as they were.",
        examples=[4200],
    )
    cap_cents: int = Field(description="The most it may pay.", examples=[3900])
    share_cents: int = Field(description="What it pays, for all its places together.", examples=[1980])
    card_cents: int = Field(description="Of it, what the carrier is paid by its card.", examples=[1880])
    fee_cents: int = Field(description="Of it, the fee, in proportion to what each pays.", examples=[100])
    saved_cents: int = Field(description="Alone less its share.", examples=[2220])
    adds_cents: int | None = Field(
        description="What the tour costs more with it than with the others only.", examples=[1240]
    )
    detour_m: int | None = Field(description="Metres driven for its sake.", examples=[8400])
    detour_s: int | None = Field(description="Seconds of driving for its sake.", examples=[960])
    ridden_m: int | None = Field(description="Metres driven with crates of its own aboard.", examples=[21700])
    group_parties: int | None = Field(
        description="How many are in the group with which it could complain most, were the tour driven for "
        "that group alone in its own order.",
        examples=[2],
    )
    group_saves_cents: int | None = Field(
        description="What that group saves by staying; below 0 it could complain. Less than a cent for each "
        "of the group is rounding, and 0.",
        examples=[310],
    )
    best_group_parties: int | None = Field(
        description="The same, were the best plan made for that group alone; `null` until that was searched.",
        examples=[2],
    )
    best_group_saves_cents: int | None = Field(
        description="What that group saves by staying; below 0 it could complain.", examples=[280]
    )
    shapley_cents: int | None = Field(
        description="What the Shapley value would ask within the same caps.", examples=[2010]
    )


class ShareTotals(BaseModel):
    """One sum: card and fee are the cost, shares and gap are the cost. Whole cents."""

    fixed_cents: int = Field(description="By the card, for setting out.", examples=[1500])
    distance_cents: int = Field(description="By the card, for kilometres.", examples=[2080])
    time_cents: int = Field(description="By the card, for hours.", examples=[1860])
    stops_cents: int = Field(description="By the card, for stops.", examples=[600])
    card_cents: int = Field(description="What the carrier is paid.", examples=[6040])
    fee_cents: int = Field(description="The fee.", examples=[100])
    cost_cents: int = Field(description="Card and fee.", examples=[6140])
    shares_cents: int = Field(description="What all pay together.", examples=[5740])
    gap_cents: int = Field(description="What they leave uncovered.", examples=[400])
    gap_taker: Id = Field(
        description="Who takes the gap upon itself, as far as it was agreed.", examples=["party_01hg0000abcd"]
    )


class ShareProofsShown(BaseModel):
    """The proofs of a tour's shares, as they were told."""

    rule: Rule = Field(description="The rule by which the cost is shared.", examples=["shapley"])
    kept: bool = Field(
        description="False where a proof was never kept: a tour from before they were.", examples=[True]
    )
    stands: bool = Field(
        description="False for the minute in which a tour that was moved by hand is told anew.",
        examples=[True],
    )
    how: How | None = Field(
        description="How the shares were found. `rule`: by that rule; `equal_profit`: in its place, where "
        "more than 16 pay; `told`: everybody pays what it was told by the rule before, which is the cost to "
        "the cent; `caps`: everybody pays its cap, which together are less than the cost; `one`: one payer "
        "rides; `alone_unknown`, `unsolved`: in proportion to alone, as a day alone is not known or no "
        "solver found shares.",
        examples=["rule"],
    )
    sampled_error_cents: int = Field(
        description="Where more than 20 pay, how far the Shapley value may be off, with 99 %; else 0.",
        examples=[0],
    )
    every_group_asked: bool = Field(
        description="Whether every group was asked whether it pays too much.", examples=[True]
    )
    allowed_cents: int | None = Field(
        description="The least that some group must bear under any shares within the caps: the smallest "
        "violation, 0 where no group need complain; `null` where it was not asked.",
        examples=[0],
    )
    worst_group_parties: int | None = Field(
        description="How many are in the group that could complain most of all; to a payer only where one "
        "does complain.",
        examples=[2],
    )
    worst_group_saves_cents: int | None = Field(
        description="What that group saves by staying; below 0 it could complain.", examples=[310]
    )
    games: list[Literal["fixed_order", "best_plan"]] = Field(
        description="What groups were asked: `fixed_order`, the tour's own order driven for them alone, or "
        "everybody alone; `best_plan`, besides, the best plan found for them.",
        examples=[["fixed_order", "best_plan"]],
    )
    groups: int = Field(
        description="Groups whose best plan was wanted: of two up to ten payers, once a tour is confirmed.",
        examples=[6],
    )
    groups_searched: int = Field(
        description="Of these, for how many it was searched for; the others by the tour's own order.",
        examples=[6],
    )
    totals: ShareTotals | None = Field(
        description="What all pay together; `null` to a payer of a tour that fewer than three pay for."
    )
    items: list[ShareProofShown] = Field(description="One for each party that is shown.")


def share_proofs_shown(found: ShareProofs) -> ShareProofsShown:
    book, best = found.book, found.best
    searched = best.searched if best else 0
    return ShareProofsShown(
        rule=found.rule,
        kept=found.kept,
        stands=found.stands,
        how=book.how if book else None,
        sampled_error_cents=book.sampled_error_cents if book else 0,
        every_group_asked=book.every_group_asked if book else False,
        allowed_cents=book.allowed_cents if book else None,
        worst_group_parties=found.worst.parties if found.worst else None,
        worst_group_saves_cents=found.worst.saves_cents if found.worst else None,
        games=["fixed_order", "best_plan"] if searched else ["fixed_order"],
        groups=best.groups if best else 0,
        groups_searched=searched,
        totals=_totals(found),
        items=[_shown(found, one) for one in found.items],
    )


def _totals(found: ShareProofs) -> ShareTotals | None:
    book = found.book
    if book is None or not found.totals:
        return None
    return ShareTotals(
        fixed_cents=book.card.fixed_cents,
        distance_cents=book.card.distance_cents,
        time_cents=book.card.time_cents,
        stops_cents=book.card.stops_cents,
        card_cents=book.card.total_cents,
        fee_cents=book.fee_cents,
        cost_cents=book.cost_cents,
        shares_cents=book.shares_cents,
        gap_cents=book.gap_cents,
        gap_taker=found.gap_taker,
    )


def _shown(found: ShareProofs, one: PartyShare) -> ShareProofShown:
    best = found.best_group(one.party)
    return ShareProofShown(
        party=one.party,
        alone_cents=one.alone_cents,
        cap_cents=one.cap_cents,
        share_cents=one.share_cents,
        card_cents=one.card_cents,
        fee_cents=one.fee_cents,
        saved_cents=one.saved_cents,
        adds_cents=one.adds_cents,
        detour_m=one.detour_m,
        detour_s=one.detour_s,
        ridden_m=one.ridden_m,
        group_parties=one.group.parties if one.group else None,
        group_saves_cents=one.group.saves_cents if one.group else None,
        best_group_parties=best.parties if best else None,
        best_group_saves_cents=best.saves_cents if best else None,
        shapley_cents=one.shapley_cents,
    )
