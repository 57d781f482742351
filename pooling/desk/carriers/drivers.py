"""Another driver than the one announced: with a reason, which everybody aboard is told."""

from pooling.desk.actor import Actor, NotAllowed
from pooling.desk.carriers.assigning import DriverNotTheirs, unfit
from pooling.desk.carriers.dossiers import ReasonMissing
from pooling.desk.desk import Desk
from pooling.desk.tours.tours import everybody_on, must_be_in
from pooling.store import Ask, Tx
from pooling.store.members import duty_in, find_member
from pooling.store.parties import find_party
from pooling.store.rows import at_revision, changed
from pooling.store.touring import tour
from pooling.store.tours import find_tour, sign_ups_aboard


def substitute_driver(
    desk: Desk, who: Actor, ask: Ask, tour_id: str, revision: int | None, driver_id: str, reason: str
) -> str:
    """
    Let another of the carrier's drivers drive a tour, by its operator or its carrier.

    Before its manifest is made: that names who drives. Those aboard are told, with the reason.
    """

    def save(tx: Tx) -> str:
        row = find_tour(tx, tour_id)
        if not (who.acts_for(row.operator_id) or who.acts_for(row.carrier_id)):
            raise NotAllowed(who="its operator or its carrier")
        at_revision(row, revision, kind="tour")
        must_be_in(row, "proposed", "confirmed")
        if not reason:
            raise ReasonMissing
        if not duty_in(tx, driver_id, row.carrier_id):
            raise DriverNotTheirs(carrier=find_party(tx, row.carrier_id).name)
        name = find_member(tx, driver_id).name
        changed(tx, tour, row, {"driver_id": driver_id, "driver": name, "substitution": reason})
        barred = unfit(tx, find_tour(tx, tour_id))
        if barred is not None:
            raise barred
        told = everybody_on(row, sign_ups_aboard(tx, tour_id))
        tx.tell("driver.substituted", "tour", tour_id, told, day=str(row.day), reason=reason)
        return tour_id

    return desk.once(ask, save)
