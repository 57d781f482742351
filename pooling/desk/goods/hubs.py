"""Mark a site as a hub, and send a shipment by one instead of its own end."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Row

from pooling.desk.actor import Actor
from pooling.desk.desk import Desk, moved_if_changed
from pooling.desk.goods.at_hubs import hubs_follow
from pooling.desk.goods.shipments import ShipmentWords, day_at, shipment_values, withdraw_bids
from pooling.desk.market.rides import must_be_open
from pooling.goods.hub import HubRoom, HubUse, NoHub, must_keep
from pooling.party import Role
from pooling.store import Ask, Page, Tx, View
from pooling.store.hubs import as_hub, crates_at_hub, list_expected
from pooling.store.market import shipment
from pooling.store.parties import find_party
from pooling.store.people import site
from pooling.store.pickups import pickups_follow
from pooling.store.rows import at_revision, changed
from pooling.store.shipments import find_shipment
from pooling.store.sites import find_site


def mark_hub(desk: Desk, who: Actor, ask: Ask, site_id: str, revision: int | None, room: HubRoom) -> str:
    """Say how many crates of others an own site keeps in a day; none of any class: it is a hub no more."""

    def save(tx: Tx) -> str:
        row = find_site(tx, site_id)
        who.must_see("site", site_id, row.party_id)
        who.must_act_for(row.party_id)
        must_keep(Role(find_party(tx, row.party_id).role), row.name)
        at_revision(row, revision, kind="site")
        values = {"hub_ambient": room.ambient, "hub_chilled": room.chilled, "hub_frozen": room.frozen}
        changed(tx, site, row, values)
        return site_id

    return desk.once(ask, save)


@dataclass(frozen=True)
class AtHub:
    """Hold crates that wait at a hub, and how many more of their class it could take that day."""

    row: Row[Any]
    use: HubUse
    room_left: int


def crates_expected(desk: Desk, view: View, who: Actor, site_id: str, page: Page) -> tuple[list[AtHub], str]:
    """List what is brought to an own hub and what is fetched there, from today on."""
    row = find_site(view, site_id)
    who.must_see("site", site_id, row.party_id)
    who.must_act_for(row.party_id)
    rows, after = list_expected(view, site_id, day_at(desk, view.now_at), page)
    room = as_hub(row).room
    left = {
        (day, kind): max(0, room.of(kind) - crates_at_hub(view, site_id, day, kind, ""))
        for day, kind in {(one.day, one.temperature) for one in rows}
    }
    found = [
        AtHub(one, "bring" if one.from_site_id == site_id else "fetch", left[one.day, one.temperature])
        for one in rows
    ]
    return found, after


def send_by_hub(
    desk: Desk,
    who: Actor,
    ask: Ask,
    shipment_id: str,
    revision: int | None,
    words: ShipmentWords,
    use: HubUse,
) -> str:
    """
    Let an open shipment begin or end at a hub; bids that wait for it are withdrawn.

    Whoever sends the crates may say that it brings them, whoever receives them that it fetches them. The
    hub's room of that day is taken in the same transaction: it is never promised twice.
    """
    hub_id = words.from_site_id if use == "bring" else words.to_site_id

    def decide(view: View) -> tuple[Row[Any], Mapping[str, object]]:
        row = find_shipment(view, shipment_id)
        who.must_see("shipment", shipment_id, row.shipper_id, row.payer_id)
        _must_go_there(view, who, row, use)
        at_revision(row, revision, kind="shipment")
        must_be_open(row)
        return row, shipment_values(desk, view, replace(words, ordered_by_id=row.ordered_by_id))

    def save(tx: Tx, decided: tuple[Row[Any], Mapping[str, object]]) -> str:
        row, values = decided
        moved_if_changed(lambda: changed(tx, shipment, row, values))
        now = find_shipment(tx, shipment_id)
        hubs_follow(tx, row, now)
        pickups_follow(tx, now)
        hub = as_hub(find_site(tx, hub_id)).site
        if not hub.hub:
            raise NoHub(site=hub.name)
        withdraw_bids(tx, shipment_id)
        return shipment_id

    return desk.once_decided(ask, decide, save)


def _must_go_there(view: View, who: Actor, row: Row[Any], use: HubUse) -> None:
    """Refuse to send another to the hub: only whoever would bring or fetch the crates may say so."""
    who.must_act_for(row.payer_id, "who pays for the shipment")
    if use == "bring":
        who.must_act_for(row.shipper_id, "the shipper")
    else:
        who.must_act_for(find_site(view, row.to_site_id).party_id, "who receives the shipment")
