"""
An invoice for carriage, made of a month's bill: its lines, the VAT that is in each, and when it is due.

What the ledger says is owed is what is paid: where its seller charges VAT, it is inside, at the rate of each
line. Whole cents: of each rate the net lines add up to its net, and nets and VAT to what is owed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from geodata.refusal import Refusal

VAT_RATES = (200, 100, 85, 55, 21)
"""The rates of VAT in France and overseas, in thousandths; the first is the usual one, also of carriage."""
PAYMENT_DAYS = 30
"""Days until an invoice for carriage by road is due, at most (Code de commerce L441-11 II 5°)."""
EXEMPT = "TVA non applicable, art. 293 B du CGI"
"""What an invoice must say of a seller below the threshold, in French by law."""
INDEMNITY = "En cas de retard, indemnité forfaitaire pour frais de recouvrement : 40 €."
"""Code de commerce L441-10 II and D441-5."""
NO_DISCOUNT = "Pas d'escompte pour paiement anticipé."
LATE_BY_LAW = "Pénalités de retard : taux de la Banque centrale européenne majoré de 10 points."
LATE_AGREED = "Pénalités de retard : {rate} % par an."
"""Code de commerce L441-9 I and L441-10 II; never below three times the legal interest."""


class NothingToInvoice(Refusal):
    code = "nothing_to_invoice"
    reason = "In this month {buyer} came to owe {seller} nothing for carriage."
    cure = (
        "Choose another month or another buyer; "
        "for more given back than owed, its seller writes a credit note."
    )


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
    vat_permille: int = 0


@dataclass(frozen=True)
class Terms:
    """Hold when an invoice is due, and what being late costs a year; 0 %: what the law says."""

    days: int = PAYMENT_DAYS
    late_percent: int = 0

    @property
    def late(self) -> str:
        return LATE_AGREED.format(rate=self.late_percent) if self.late_percent else LATE_BY_LAW


@dataclass(frozen=True)
class VatPart:
    """Hold what is owed at one rate, without VAT and of VAT."""

    permille: int
    net_cents: int
    vat_cents: int


@dataclass(frozen=True)
class Invoice:
    """
    Hold an invoice; its number is its seller's own, who alone keeps the order of them.

    Its lines bear no VAT where the seller charges none; the reason is then that of article 293 B.
    """

    number: str
    issued: date
    first: date
    last: date
    seller: Firm
    buyer: Firm
    lines: tuple[Line, ...]
    terms: Terms = Terms()

    def __post_init__(self) -> None:
        if self.owed_cents <= 0:
            raise NothingToInvoice(buyer=self.buyer.name, seller=self.seller.name)

    @property
    def owed_cents(self) -> int:
        return sum(line.cents for line in self.lines)

    @property
    def due(self) -> date:
        return self.issued + timedelta(days=self.terms.days)

    @property
    def exempt(self) -> bool:
        return not any(line.vat_permille for line in self.lines)

    @property
    def vat_parts(self) -> tuple[VatPart, ...]:
        """Return what is owed at each rate, the highest first: without VAT to the nearest cent."""
        parts = []
        for rate in sorted({line.vat_permille for line in self.lines}, reverse=True):
            owed_cents = sum(line.cents for line in self.lines if line.vat_permille == rate)
            net_cents = _net(owed_cents, rate)
            parts.append(VatPart(rate, net_cents, owed_cents - net_cents))
        return tuple(parts)

    @property
    def net_cents(self) -> int:
        return sum(part.net_cents for part in self.vat_parts)

    @property
    def vat_cents(self) -> int:
        return self.owed_cents - self.net_cents

    @property
    def net_lines(self) -> tuple[int, ...]:
        """Return the lines without VAT: what rounding leaves over is put on the largest of each rate."""
        nets = [_net(line.cents, line.vat_permille) for line in self.lines]
        for part in self.vat_parts:
            of_rate = [at for at, line in enumerate(self.lines) if line.vat_permille == part.permille]
            largest = max(of_rate, key=lambda at: nets[at])
            nets[largest] += part.net_cents - sum(nets[at] for at in of_rate)
        return tuple(nets)


def missing_of(firm: Firm, needed: Sequence[str]) -> list[str]:
    """Name what an invoice needs of a firm and does not have."""
    return [name for name in needed if not getattr(firm, name)]


def _net(cents: int, vat_permille: int) -> int:
    """Take the VAT out of an amount, to the nearest cent, the same for what is given back."""
    whole = 1000 + vat_permille
    net = (abs(cents) * 1000 * 2 + whole) // (2 * whole)
    return net if cents >= 0 else -net
