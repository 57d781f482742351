"""What goes wrong at a handover: why, whose fault it is on the face of it, and what comes next."""

from typing import Literal

from geodata.refusal import Refusal

Reason = Literal[
    "", "partial", "refused", "nobody_there", "damaged", "wrong_goods", "not_ready", "missing", "other"
]
REASONS: tuple[Reason, ...] = (
    "partial",
    "refused",
    "nobody_there",
    "damaged",
    "wrong_goods",
    "not_ready",
    "missing",
    "other",
)
Next = Literal["", "bring_back", "keep_at_hub", "try_again", "left_with"]
NEXT_STEPS: tuple[Next, ...] = ("bring_back", "keep_at_hub", "try_again", "left_with")

AT_PICKUP = frozenset({"partial", "refused", "nobody_there", "damaged", "wrong_goods", "not_ready", "other"})
AT_DROP = frozenset({"partial", "refused", "nobody_there", "damaged", "wrong_goods", "missing", "other"})

Fault = Literal["", "sender", "carrier", "receiver"]


class ReasonOutOfPlace(Refusal):
    code = "reason_out_of_place"
    reason = "This cannot be the reason at this stop: {why}."
    cure = "Choose another of the list, or “something else” with a word on it."


def reasons_at(way: str) -> frozenset[str]:
    """Name the reasons that can be given where crates go on, and where they go off."""
    return AT_PICKUP if way == "on" else AT_DROP


def fault_of(reason: str, way: str) -> Fault:
    """
    Say whose fault it is on the face of it; nobody's where the reason does not tell.

    It decides nothing about money: a claim does, and hears both sides.
    """
    if reason in ("", "other", "partial"):
        return ""
    if way == "on":
        return "carrier" if reason == "refused" else "sender"
    if reason in ("refused", "nobody_there"):
        return "receiver"
    return "sender" if reason == "wrong_goods" else "carrier"
