"""How warm crates may be: the limit of their temperature class beside what was read."""

from pooling.load import Temperature

LIMITS_TENTHS = {Temperature.CHILLED.value: 80, Temperature.FROZEN.value: -180}
"""
Tenths of a degree Celsius: the warmest that the law lets any goods of the class be.

Order of 21 December 2009, annex I: perishable +8 °C, deep frozen -18 °C. Meat, poultry and mince are held
colder (+7, +4, +2 °C): a class is no kind of goods, so this flags only what is too warm for all of it.
"""

COLDEST_TENTHS, WARMEST_TENTHS = -600, 600


def limit_tenths(temperature: str) -> int | None:
    """Return the warmest that a class may be; ``None`` where the law sets no limit."""
    return LIMITS_TENTHS.get(temperature)


def too_warm(temperature: str, read_tenths: int | None) -> bool:
    limit = limit_tenths(temperature)
    return read_tenths is not None and limit is not None and read_tenths > limit
