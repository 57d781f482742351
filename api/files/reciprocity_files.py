"""The mutual aid of a party as CSV: each handover, and what it comes to with each other party."""

from collections.abc import Mapping, Sequence

from starlette.responses import Response

from api.files.csv_file import attached, csv_file, euro
from pooling.ledger.reciprocity import between
from pooling.store import View
from pooling.store.months import names_of
from pooling.store.reciprocity import carriages_of

COLUMNS = (
    *("line", "day", "carried_by", "carried_for", "crates", "km", "km_crates"),
    *("shareable_euro", "price_euro", "shipment"),
)


def reciprocity_as_csv(view: View, party_id: str) -> Response:
    """Write each carriage, then the balance with each other party: given less taken."""
    carriages = carriages_of(view, [party_id])
    names: Mapping[str, str] = names_of(view, {end for one in carriages for end in (one.carrier, one.payer)})
    rows: list[Sequence[object]] = [
        (
            *("carriage", one.day, names[one.carrier], names[one.payer], one.crates),
            *(_km(one.distance_m), _km(one.crate_m), euro(one.shareable_cents), euro(one.price_cents)),
            one.shipment,
        )
        for one in carriages
    ]
    rows += [
        (
            *("balance", "", names.get(party_id, ""), names[other], "", ""),
            *(_km(one.crate_m), euro(one.cents), euro(one.paid_cents), ""),
        )
        for other, one in sorted(between(carriages, party_id).items())
    ]
    return attached(csv_file(COLUMNS, rows), "mutual-aid.csv")


def _km(distance_m: int) -> str:
    return f"{'-' if distance_m < 0 else ''}{abs(distance_m) // 1000}.{abs(distance_m) % 1000:03d}"
