"""
The paper of one shipment on the road: a waybill for hire, else a delivery note.

For hire the order of 9 November 1999 names what stands on it, with articles 3 and 5 of the same: part is due
before departure, part is added as it happens and signed. Our reading of a public text, not legal advice.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

from geodata.refusal import Refusal
from pooling.phrases import Phrases, message
from pooling.regimes import Regime

SCHEMA = "carriole.transport-paper/1"
KEPT_YEARS = 2
"""So long whoever carries for hire keeps its waybills; nothing here removes one sooner, or later."""

Due = Literal["before_departure", "as_it_happens"]
Kind = Literal["waybill", "delivery_note"]

NAMES: Mapping[str, str] = {
    "issued_on": message("date of issue"),
    "carrier": message("carrier"),
    "carrier_address": message("carrier's address"),
    "carrier_siren": message("carrier's SIREN"),
    "carrier_licence": message("carrier's licence, valid on the day"),
    "plate": message("plate of the vehicle"),
    "driver": message("driver"),
    "taken_over_on": message("date of taking over"),
    "shipper": message("shipper"),
    "pickup_address": message("full address of loading"),
    "consignee": message("consignee"),
    "drop_address": message("full address of unloading"),
    "goods": message("nature of the goods"),
    "quantity": message("quantity"),
    "weight": message("weight"),
    "loaded": message("loaded: hour, and who handed over"),
    "unloaded": message("unloaded: hour, and who received"),
    "reserves": message("reserves"),
}
"""What each field is called, in the order in which a paper shows them."""

BEFORE_DEPARTURE = (
    "issued_on",
    "carrier",
    "carrier_address",
    "carrier_siren",
    "carrier_licence",
    "plate",
    "taken_over_on",
    "shipper",
    "pickup_address",
    "consignee",
    "drop_address",
    "goods",
    "quantity",
    "weight",
)
"""Without these a vehicle for hire does not set out."""

OF_A_NOTE = ("issued_on", "taken_over_on", "shipper", "consignee", "goods", "quantity", "weight")
"""What a delivery note says in any case: the law asks no licence and no plate of who carries at cost."""
AS_IT_HAPPENS = ("loaded", "unloaded", "reserves")


class PapersIncomplete(Refusal):
    code = "papers_incomplete"
    reason = "Manifest {number} cannot set out: its papers lack {missing}. Shipments concerned: {shipments}."
    cure = (
        "Enter each where it belongs: the plate on the manifest; an address on its site; "
        "address, SIREN and licence on the carrier's party; the goods beside it."
    )


@dataclass(frozen=True)
class Mention:
    """Hold one field of a paper; ``value`` is empty while it is missing, or has not happened yet."""

    name: str
    value: str
    due: Due


@dataclass(frozen=True)
class Lading:
    """Hold what a paper says of its goods and both ends; an address that nobody entered is empty."""

    shipment: str
    shipper: str
    pickup_site: str
    pickup_address: str
    consignee: str
    drop_site: str
    drop_address: str
    goods: str
    temperature: str
    limit_c: int | None
    crates: int
    kg: int


@dataclass(frozen=True)
class Haulage:
    """Hold who carries, with what, on which day; ``licence`` is empty where none is valid on the day."""

    manifest: str
    regime: str
    carrier: str
    address: str
    siren: str
    licence: str
    plate: str
    driver: str
    day: str
    issued_on: str


@dataclass(frozen=True)
class TransportPaper:
    """
    Hold the paper of one shipment.

    Values are words and figures as they stand on it: a day ``2026-09-12``, crates ``4``, kilos ``32``. On a
    delivery note the nature of goods that nobody named is their class, which is translated where it is shown.
    """

    kind: Kind
    number: str
    manifest: str
    shipment: str
    regime: str
    temperature: str
    limit_c: int | None
    pickup_site: str
    drop_site: str
    mentions: tuple[Mention, ...]

    def value(self, name: str) -> str:
        return next((one.value for one in self.mentions if one.name == name), "")

    @property
    def missing(self) -> tuple[str, ...]:
        """Name the fields that are due before departure and empty."""
        return tuple(one.name for one in self.mentions if one.due == "before_departure" and not one.value)


def write_paper(haulage: Haulage, lading: Lading, rank: int) -> TransportPaper:
    """Write the paper of one shipment, the ``rank``-th of its manifest, as it stands before departure."""
    hire = haulage.regime == Regime.TRANSPORTEUR
    due = BEFORE_DEPARTURE if hire else OF_A_NOTE
    said = {name: value.strip() for name, value in _before(haulage, lading).items()}
    before = {name: value for name, value in said.items() if value or name in due}
    return TransportPaper(
        kind="waybill" if hire else "delivery_note",
        number=f"{haulage.manifest}/{rank:02d}",
        manifest=haulage.manifest,
        shipment=lading.shipment,
        regime=haulage.regime,
        temperature=lading.temperature,
        limit_c=lading.limit_c,
        pickup_site=lading.pickup_site,
        drop_site=lading.drop_site,
        mentions=(
            *(Mention(name, value, "before_departure") for name, value in before.items()),
            *(Mention(name, "", "as_it_happens") for name in AS_IT_HAPPENS),
        ),
    )


def must_be_complete(number: str, papers: Sequence[TransportPaper]) -> None:
    """Refuse to set out while a field that is due before departure is missing; list them all."""
    lacking = {paper.shipment: list(paper.missing) for paper in papers if paper.missing}
    if not lacking:
        return
    named = [name for name in NAMES if any(name in fields for fields in lacking.values())]
    raise PapersIncomplete(
        number=number,
        missing=Phrases(NAMES[name] for name in named),
        shipments=", ".join(
            f"{paper.pickup_site} → {paper.drop_site}" for paper in papers if paper.shipment in lacking
        ),
        fields=lacking,
    )


def filled(paper: TransportPaper, happened: Mapping[str, str]) -> TransportPaper:
    """Return a paper with what has happened since added to it; what stood before departure never changes."""
    mentions = (
        replace(one, value=happened.get(one.name, "")) if one.due == "as_it_happens" else one
        for one in paper.mentions
    )
    return replace(paper, mentions=tuple(mentions))


def paper_json(paper: TransportPaper) -> str:
    return json.dumps({"schema": SCHEMA, **asdict(paper)}, ensure_ascii=False)


def read_paper(text: str) -> TransportPaper:
    """Read what ``paper_json`` wrote."""
    fields: dict[str, Any] = json.loads(text)
    fields.pop("schema")
    return TransportPaper(**{**fields, "mentions": tuple(Mention(**one) for one in fields["mentions"])})


def _before(haulage: Haulage, lading: Lading) -> dict[str, str]:
    return {
        "issued_on": haulage.issued_on,
        "carrier": haulage.carrier,
        "carrier_address": haulage.address,
        "carrier_siren": haulage.siren,
        "carrier_licence": haulage.licence,
        "plate": haulage.plate,
        "driver": haulage.driver,
        "taken_over_on": haulage.day,
        "shipper": lading.shipper,
        "pickup_address": lading.pickup_address,
        "consignee": lading.consignee,
        "drop_address": lading.drop_address,
        "goods": lading.goods,
        "quantity": str(lading.crates or ""),
        "weight": str(lading.kg or ""),
    }
