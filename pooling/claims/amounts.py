"""What a claim pays: declared value by the crates concerned; for late crates a part of the carriage."""

from pooling.figures import LATE_SHARE


def claim_cents(most_cents: int, affected: int, agreed: int, paid_before_cents: int = 0) -> int:
    """
    Return what is paid for some of the agreed crates: their part of what is paid for all of them at most.

    Whole cents, rounded down; with what was paid for the same shipment before never more than that most.
    """
    if not 0 <= affected <= agreed:
        raise ValueError("More crates concerned than agreed are not understood.")
    return max(0, min(most_cents * affected // agreed, most_cents - paid_before_cents))


def late_most_cents(carriage_cents: int) -> int:
    """Return the part of the carriage that is paid where all crates came late."""
    return carriage_cents * LATE_SHARE.value // 100
