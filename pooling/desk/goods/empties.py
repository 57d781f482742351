"""Empty crates at the desk: what a party has of others and others have of it, and what a ride brings back."""

from pooling.desk.actor import Actor
from pooling.manifest import Manifest
from pooling.runs.empties import balances, with_empties
from pooling.store import View
from pooling.store.custody import moves_of
from pooling.store.shipments import shipments_by_id
from pooling.store.sites import sites_by_id

Balance = tuple[str, str, str, int]
"""Who has them, whose they are, their kind, how many."""


def seen_balances(view: View, who: Actor) -> list[Balance]:
    """List the balances in which the actor's parties have a part; an operator sees all."""
    mine = None if who.is_operator else set(who.manages)
    held = balances(moves_of(view, mine))
    return sorted(
        (*key, crates) for key, crates in held.items() if key[0] and (mine is None or mine & set(key[:2]))
    )


def bring_back(view: View, manifest: Manifest) -> Manifest:
    """Say at each drop how many empties of the senders who deliver there ride back, where room is left."""
    stops = manifest.stops
    drops = {one.shipment: stop.number for stop in stops for one in stop.handlings if one.way == "off"}
    rows = shipments_by_id(view, drops)
    sites = sites_by_id(view, {row.to_site_id for row in rows.values()})
    pairs = {
        (sites[row.to_site_id].party, row.shipper_id): drops[shipment_id] for shipment_id, row in rows.items()
    }
    held = balances(moves_of(view, {receiver for receiver, _ in pairs}))
    wanted: dict[int, dict[str, int]] = {}
    for (holder, owner, kind), crates in sorted(held.items()):
        if crates > 0 and (holder, owner) in pairs:
            at = wanted.setdefault(pairs[holder, owner], {})
            at[kind] = at.get(kind, 0) + crates
    return with_empties(manifest, wanted)
