"""Crates from a pickup to a drop, and what an order adds."""

from dataclasses import dataclass

from geodata.refusal import Refusal
from pooling.load import Load
from routing.problem import Window


class PickupIsDrop(Refusal):
    code = "pickup_is_drop"
    reason = "Picked up and dropped at the same site: {shipment}."
    cure = "Name the site where it goes."


@dataclass(frozen=True)
class Shipment:
    """
    Hold what a shipper sends: crates, hours at both ends, what the goods are worth.

    ``pickup`` opens when the goods are ready; ``drop`` closes at their deadline. ``ordered_by`` is
    the buyer whose order it fills, empty where the producer pushes it. ``payer`` pays the carriage.
    ``goods`` is their nature in words, ``food`` the class that bounds their temperature; each may be empty.
    ``tail_lift`` tells that they go on and off a van by its tail lift only. ``…_shut`` lie within the hours
    of an end: nobody is there then.
    """

    id: str
    shipper: str
    payer: str
    from_site: str
    to_site: str
    load: Load
    pickup: Window
    drop: Window
    goods_value_cents: int
    ordered_by: str = ""
    goods: str = ""
    food: str = ""
    tail_lift: bool = False
    pickup_shut: tuple[Window, ...] = ()
    drop_shut: tuple[Window, ...] = ()

    def __post_init__(self) -> None:
        if self.from_site == self.to_site:
            raise PickupIsDrop(shipment=self.id)
