"""Crates at a hub of others: its room is counted, and its keeper is told what comes or comes no more."""

from typing import Any

from sqlalchemy import Row

from pooling.goods.hub import must_have_room
from pooling.store import Tx
from pooling.store.hubs import as_hub, crates_at_hub
from pooling.store.people import site
from pooling.store.rows import held
from pooling.store.sites import find_site

ENDS = {"from_site_id": "bring", "to_site_id": "fetch"}
COUNTED = ("day", "temperature", "crates")


def hubs_follow(tx: Tx, before: Row[Any] | None, after: Row[Any] | None) -> None:
    """
    Tell keepers of hubs that crates come, come otherwise, or come no more; refuses more than they keep.

    ``before`` is missing of crates that are new, ``after`` of such as are cancelled. Called once the shipment
    is written: whoever changes one holds it first, then its hub.
    """
    for end, use in ENDS.items():
        was, now = (getattr(row, end, "") for row in (before, after))
        stays = was == now and all(getattr(before, one) == getattr(after, one) for one in COUNTED)
        if before is not None and was != now:
            _released(tx, before, was)
        if after is not None and not stays:
            _expected(tx, after, now, use)


def _released(tx: Tx, row: Row[Any], site_id: str) -> None:
    keeper = _hub_of_others(tx, row, site_id)
    if keeper is not None:
        tx.tell("hub.released", "site", site_id, {keeper.party_id}, shipment=row.id, day=str(row.day))


def _expected(tx: Tx, row: Row[Any], site_id: str, use: str) -> None:
    keeper = _hub_of_others(tx, row, site_id)
    if keeper is not None:
        kept = crates_at_hub(tx, site_id, row.day, row.temperature, row.id)
        must_have_room(as_hub(keeper), row.temperature, row.crates, kept)
        facts = {"shipment": row.id, "crates": row.crates, "use": use, "day": str(row.day)}
        tx.tell("hub.expects", "site", site_id, {keeper.party_id}, **facts)


def _hub_of_others(tx: Tx, row: Row[Any], site_id: str) -> Row[Any] | None:
    """Hold a hub whose keeper has no part in a shipment; ``None`` for any other site."""
    held(tx, site, site_id)
    keeper = find_site(tx, site_id)
    own = keeper.party_id in (row.shipper_id, row.payer_id, row.ordered_by_id)
    return None if own or not as_hub(keeper).site.hub else keeper
