"""What invoices and bank files say of a party, and what is to be paid by bank, on the wire."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field
from sqlalchemy import Row

from api.shapes.ledger.ledger import PartyField
from api.shapes.words import Shape
from pooling.desk.people.legal import LegalWords
from pooling.ledger.invoice import PAYMENT_DAYS
from pooling.ledger.payout import Payout
from pooling.names import PLAIN
from pooling.people.bank_account import SIRET, masked_iban

Rate = Literal[200, 100, 85, 55, 21]
"""``VAT_RATES``, as the document of the API lists them."""
USUAL: Rate = 200
TERMS = ("vat_permille", "shared_vat_permille", "payment_days", "late_percent")
Plain = Annotated[str, Field(max_length=120, pattern=PLAIN)]
COUNTRY, POSTCODE, VAT = r"^[A-Z]{2}$", r"^[0-9A-Za-z -]{0,12}$", r"^([A-Z]{2}[0-9A-Z]{2,13})?$"


class LegalWish(Shape):
    """What your party says of itself for invoices and bank files."""

    siret: str = Field(
        "", pattern=f"^{SIRET.pattern}$", description="Its SIRET, 14 digits.", examples=["55210055400013"]
    )
    vat_exempt: bool = Field(
        default=True, description="Whether it charges no VAT (article 293 B).", examples=[True]
    )
    vat_number: str = Field("", pattern=VAT, description="Else its VAT number.", examples=["FR83552100554"])
    street: Plain = Field("", description="Street and number of its seat.", examples=["3 avenue du Port"])
    postcode: str = Field("", pattern=POSTCODE, description="Its postcode.", examples=["06320"])
    town: Plain = Field("", description="Its town.", examples=["Cap-d'Ail"])
    vat_permille: Rate = Field(
        USUAL, description="The rate of VAT on carriage for hire, in thousandths.", examples=[200]
    )
    shared_vat_permille: Rate = Field(
        USUAL, description="The rate on rides that share costs, in thousandths.", examples=[200]
    )
    payment_days: int = Field(
        PAYMENT_DAYS,
        ge=0,
        le=PAYMENT_DAYS,
        description="Days until an invoice is due; for carriage by road the law allows 30 (L441-11 II 5°).",
        examples=[30],
    )
    late_percent: int = Field(
        0,
        ge=0,
        le=30,
        description="Interest a year on what is paid late; 0: that of the law, the rate of the European "
        "Central Bank and 10 points.",
        examples=[0],
    )
    country: str = Field("FR", pattern=COUNTRY, description="Its country, ISO 3166.", examples=["FR"])
    iban: Annotated[str, Field(max_length=60)] | None = Field(
        None,
        description="Its IBAN; left out, the one that stands stays; empty, it is removed. Never shown whole "
        "again: it is written into the files by which those who owe the party pay it.",
        examples=["FR76 3000 6000 0112 3456 7890 189"],
    )

    def words(self) -> LegalWords:
        return LegalWords(**self.model_dump())


class LegalShown(BaseModel):
    """What invoices and bank files say of a party."""

    party: PartyField = Field(description="Whose.")
    siret: str = Field(description="Its SIRET.", examples=["55210055400013"])
    vat_exempt: bool = Field(description="Whether it charges no VAT (article 293 B).", examples=[True])
    vat_number: str = Field(description="Its VAT number.", examples=["FR83552100554"])
    street: str = Field(description="Street and number of its seat.", examples=["3 avenue du Port"])
    postcode: str = Field(description="Its postcode.", examples=["06320"])
    town: str = Field(description="Its town.", examples=["Cap-d'Ail"])
    vat_permille: int = Field(description="VAT on carriage for hire, in thousandths.", examples=[200])
    shared_vat_permille: int = Field(description="VAT on rides that share costs.", examples=[200])
    payment_days: int = Field(description="Days until an invoice is due.", examples=[30])
    late_percent: int = Field(description="Interest a year on what is paid late; 0: the law's.", examples=[0])
    country: str = Field(description="Its country.", examples=["FR"])
    iban_masked: str = Field(description="The country and the end of its IBAN.", examples=["FR•• •••• 0189"])
    revision: int = Field(description="Raised by each change; 0 before the first.", examples=[1])


class PayoutShown(BaseModel):
    """What your party is to pay another by bank."""

    party: str = Field(description="Whom; a community by its own id.", examples=["pty_01hg0000efgh"])
    name: str = Field(description="Its name.", examples=["Arlo"])
    cents: int = Field(description="How much, in cents.", examples=[10000])
    end_to_end_id: str = Field(
        description="By what both banks know it; the same in every file of this month.",
        examples=["CA202609A1B2C3D4E5F6A7B8C9"],
    )
    has_iban: bool = Field(description="Whether it can be paid by bank.", examples=[True])


class PayoutsShown(BaseModel):
    """What your party is to pay for a month, as far as it still owes it."""

    party: PartyField = Field(description="Who pays.")
    month: str = Field(description="The local month.", examples=["2026-09"])
    payouts: list[PayoutShown] = Field(description="To each other, by name.")
    total_cents: int = Field(description="All together, in cents.", examples=[10000])


def legal_shown(party_id: str, row: Row[Any] | None) -> LegalShown:
    if row is None:
        usual = {name: value for name, value in vars(LegalWords()).items() if name != "iban"}
        return LegalShown(party=party_id, **usual, iban_masked="", revision=0)
    same = ("siret", "vat_exempt", "vat_number", "street", "postcode", "town", "country", "revision", *TERMS)
    shown = {name: getattr(row, name) for name in same}
    return LegalShown(party=party_id, **shown, iban_masked=masked_iban(row.iban))


def payouts_shown(party_id: str, month: str, payouts: list[Payout]) -> PayoutsShown:
    return PayoutsShown(
        party=party_id,
        month=month,
        payouts=[
            PayoutShown(
                party=one.payee_id,
                name=one.name,
                cents=one.cents,
                end_to_end_id=one.end_to_end_id,
                has_iban=bool(one.iban),
            )
            for one in payouts
        ],
        total_cents=sum(one.cents for one in payouts),
    )
