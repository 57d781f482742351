"""
Name the goods of crates that ride and whose nature nobody said: a vehicle for hire needs it to set out.

Whoever sends or pays says it, or whoever is to drive, who sees what stands before it. Said once, it stands.
"""

from geodata.refusal import Refusal
from pooling.desk.actor import Actor
from pooling.desk.desk import Desk
from pooling.store import Ask, Tx
from pooling.store.manifests import manifest_of
from pooling.store.market import shipment
from pooling.store.rows import NotFound, changed
from pooling.store.shipments import find_shipment


class GoodsSettled(Refusal):
    code = "goods_settled"
    reason = "What these crates hold is named already, or their ride has set out, or nothing carries them."
    cure = "Change a shipment that nothing carries; of one that rides, note on its record what was wrong."


def name_load(desk: Desk, who: Actor, ask: Ask, shipment_id: str, goods: str) -> str:
    """Name the goods of a shipment that rides, until its ride sets out."""

    def save(tx: Tx) -> str:
        row = find_shipment(tx, shipment_id)
        ride = manifest_of(tx, row.rides_kind, row.rides_id) if row.rides_id else None
        sends = who.acts_for(row.shipper_id) or who.acts_for(row.payer_id)
        drives = ride is not None and ride.carrier_id in who.parties
        if not (who.is_operator or sends or drives):
            raise NotFound(kind="shipment", id=shipment_id)
        if row.goods or row.state != "riding" or (ride is not None and ride.state != "frozen"):
            raise GoodsSettled
        changed(tx, shipment, row, {"goods": goods})
        return shipment_id

    return desk.once(ask, save)
