"""Whole cents that read as euro in a sentence."""


class Cents(int):
    """Hold an amount that is printed as ``14.19 €``; it counts as the whole number of cents that it is."""

    def __str__(self) -> str:
        sign = "-" if self < 0 else ""
        return f"{sign}{abs(int(self)) // 100}.{abs(int(self)) % 100:02d}\N{NO-BREAK SPACE}€"

    def __format__(self, spec: str) -> str:
        return format(str(self), spec) if not spec else format(int(self), spec)
