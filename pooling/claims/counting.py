"""
How many crates of a shipment are left to be claimed for: each once, whatever went wrong with it.

What came late is counted apart: it is paid from the carriage, not from the value of the crates.
"""

from collections.abc import Mapping

from pooling.claims.placing import Case, Kind, aboard
from pooling.runs.custody import custody


def left_to_claim(kind: Kind, case: Case, claimed: Mapping[str, int]) -> int:
    """Return how many crates may still be claimed for, beside those of the claims that stand."""
    late = claimed.get("late", 0)
    if kind == "late":
        return max(0, case.agreed - late)
    left = case.agreed - (sum(claimed.values()) - late)
    if kind == "missing":
        most = short(case) or aboard(one.change for one in case.noted)
        left = min(left, most - claimed.get("missing", 0))
    return max(0, left)


def short(case: Case) -> int:
    """Count the crates that the record shows as lost, or as neither with their sender nor their receiver."""
    now = custody(case.agreed, case.sender, [one.change for one in case.noted])
    away = (crates for party, crates in now.held.items() if party not in (case.sender, case.receiver))
    return now.lost + sum(away)
