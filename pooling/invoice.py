"""
An invoice for carriage, made of a month's bill: its lines, and the VAT that is in them.

What the ledger says is owed is what is paid: where its seller charges VAT, it is inside. Whole cents: the net
lines add up to the net total, and net and VAT to what is owed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from geodata.refusal import Refusal

VAT_PERCENT = 20
"""The usual rate in France, also for the carriage of goods."""
EXEMPT = "TVA non applicable, art. 293 B du CGI"
"""What an invoice must say of a seller below the threshold, in French by law."""


class NothingToInvoice(Refusal):
    code = "nothing_to_invoice"
    reason = "In this month {buyer} came to owe {seller} nothing for carriage."
    cure = "Choose another month or another buyer; what was given back needs no invoice of its own."


class LegalDataMissing(Refusal):
    code = "legal_data_missing"
    reason = "The file needs what is not known of {party}: {missing}."
    cure = "Enter it under “For invoices and bank files”; only its own managers can."


@dataclass(frozen=True)
class Firm:
    """Hold what an invoice says of a seller or a buyer."""

    name: str
    street: str
    postcode: str
    town: str
    country: str
    siren: str = ""
    vat_number: str = ""
    iban: str = ""


@dataclass(frozen=True)
class Line:
    """Hold a line: what was carried, and what is owed for it, VAT inside; below 0 what is given back."""

    name: str
    cents: int


@dataclass(frozen=True)
class Invoice:
    """
    Hold an invoice; its number is its seller's own, who alone keeps the order of them.

    ``vat_percent`` is 0 where the seller charges none; the reason is then that of article 293 B.
    """

    number: str
    issued: date
    first: date
    last: date
    seller: Firm
    buyer: Firm
    lines: tuple[Line, ...]
    vat_percent: int

    def __post_init__(self) -> None:
        if self.owed_cents <= 0:
            raise NothingToInvoice(buyer=self.buyer.name, seller=self.seller.name)

    @property
    def owed_cents(self) -> int:
        return sum(line.cents for line in self.lines)

    @property
    def net_cents(self) -> int:
        """Return the total without VAT, to the nearest cent."""
        return _net(self.owed_cents, self.vat_percent)

    @property
    def vat_cents(self) -> int:
        return self.owed_cents - self.net_cents

    @property
    def net_lines(self) -> tuple[int, ...]:
        """Return the lines without VAT: what rounding leaves over is put on the largest of them."""
        nets = [_net(line.cents, self.vat_percent) for line in self.lines]
        largest = max(range(len(nets)), key=lambda at: nets[at])
        nets[largest] += self.net_cents - sum(nets)
        return tuple(nets)


def missing_of(firm: Firm, needed: Sequence[str]) -> list[str]:
    """Name what an invoice needs of a firm and does not have."""
    return [name for name in needed if not getattr(firm, name)]


def _net(cents: int, vat_percent: int) -> int:
    """Take the VAT out of an amount, to the nearest cent, the same for what is given back."""
    whole = 100 + vat_percent
    net = (abs(cents) * 100 * 2 + whole) // (2 * whole)
    return net if cents >= 0 else -net
