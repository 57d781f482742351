"""What is owed for crates of which not all were signed for."""


def due_cents(price_cents: int, signed: int, agreed: int) -> int:
    """
    Return the part of a price that is owed: as many of the agreed crates as were signed for.

    Whole cents, rounded down: for all of them the price itself, for none nothing.
    """
    if not 0 <= signed <= agreed:
        raise ValueError("More crates signed for than agreed are not understood.")
    return price_cents * signed // agreed
