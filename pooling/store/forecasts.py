"""What the runs of a round carried, read for its forecast."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Row, select

from pooling.store.custody import corrected_ids
from pooling.store.market import shipment
from pooling.store.touring import handover, manifest, tour
from pooling.store.transaction import View


def runs_ended(view: View, round_id: str, carrier_ids: Iterable[str] | None, limit: int) -> list[Row[Any]]:
    """Return the manifests of a round's ended runs by these carriers (``None``: any), latest first."""
    query = (
        select(manifest)
        .join(tour, (manifest.c.ride_kind == "tour") & (manifest.c.ride_id == tour.c.id))
        .where(tour.c.round_id == round_id, manifest.c.state == "done")
    )
    if carrier_ids is not None:
        query = query.where(manifest.c.carrier_id.in_(list(carrier_ids)))
    return list(view.connection.execute(query.order_by(manifest.c.day.desc(), manifest.c.id).limit(limit)))


def loads_moved(view: View, manifest_ids: Iterable[str]) -> list[Row[Any]]:
    """Return what went on and off on these runs, as it stands, in the order in which it happened."""
    query = (
        select(handover.c.manifest_id, handover.c.way, handover.c.kind, handover.c.crates)
        .add_columns(shipment.c.kg, shipment.c.crates.label("agreed"))
        .join(shipment, shipment.c.id == handover.c.shipment_id)
        .where(
            handover.c.manifest_id.in_(list(manifest_ids)),
            handover.c.way.in_(("on", "off")),
            handover.c.id.not_in(corrected_ids()),
        )
        .order_by(handover.c.happened_at, handover.c.way, handover.c.id)  # off before on at one moment
    )
    return list(view.connection.execute(query))
