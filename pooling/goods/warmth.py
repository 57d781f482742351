"""How warm crates may be: the limit of their goods beside what was read."""

from pooling.cold_chain import limit_c

COLDEST_TENTHS, WARMEST_TENTHS = -600, 600


def limit_tenths(temperature: str, food: str = "") -> int | None:
    """
    Return the warmest that a load may be, in tenths of a degree; ``None`` where the law sets no limit.

    The same limit as on labels, waybills and manifests: chilled food of which nobody said more is held to
    the bound of what is very perishable.
    """
    found = limit_c(temperature, food)
    return None if found is None else 10 * found


def too_warm(temperature: str, read_tenths: int | None, food: str = "") -> bool:
    limit = limit_tenths(temperature, food)
    return read_tenths is not None and limit is not None and read_tenths > limit
