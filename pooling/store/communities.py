"""Communities in the store: who belongs to one, and the links that invite to it."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Row, bindparam, func, or_, select, update

from pooling.store.belonging import community, community_link, community_party
from pooling.store.market import bid, trip
from pooling.store.people import party
from pooling.store.reading import read_rows
from pooling.store.rows import Page, found, paged
from pooling.store.sight import communities_of
from pooling.store.touring import tour
from pooling.store.transaction import Tx, View

Rows = list[Row[Any]]

_TARGETS = {
    ride.name: select(ride.c.id, community.c.target_percent)
    .join(community, community.c.id == ride.c.community_id)
    .where(ride.c.id.in_(bindparam("ids", expanding=True)), community.c.target_percent.is_not(None))
    for ride in (trip, tour)
}


def find_community(view: View, community_id: str) -> Row[Any]:
    return found(view, community, community_id)


def list_communities(view: View, party_ids: Iterable[str], page: Page) -> tuple[Rows, str]:
    """List the communities to which any of these parties belongs."""
    query = select(community).where(community.c.id.in_(communities_of(sorted(party_ids))))
    return paged(view, query, community, page)


def communities_by_id(view: View, ids: Iterable[str]) -> dict[str, Row[Any]]:
    """Return communities by id."""
    query = select(community).where(community.c.id.in_(sorted(set(ids))))
    return {str(row.id): row for row in view.connection.execute(query)}


def targets_of(view: View, kind: str, ride_ids: Iterable[str]) -> dict[str, int]:
    """Return the target shares of the goods, in percent, of trips or tours whose community has its own."""
    rows = read_rows(view, _TARGETS[kind], {"ids": sorted(set(ride_ids))})
    return {str(row.id): int(row.target_percent) for row in rows}


def count_communities(view: View, party_id: str) -> int:
    """Count the communities to which a party belongs."""
    mine = select(func.count()).where(community_party.c.party_id == party_id, community_party.c.state == "in")
    return int(view.connection.execute(mine).scalar_one())


def belongs(view: View, community_id: str, party_id: str) -> Row[Any] | None:
    """Return the membership of a party that belongs to a community now."""
    row = membership_of(view, community_id, party_id)
    return row if row is not None and row.state == "in" else None


def membership_of(view: View, community_id: str, party_id: str) -> Row[Any] | None:
    """Return the membership of a party, whatever became of it."""
    table = community_party
    query = select(table).where(table.c.community_id == community_id, table.c.party_id == party_id)
    return view.connection.execute(query).one_or_none()


def list_parties_in(view: View, community_id: str, page: Page) -> tuple[Rows, str]:
    """List who belongs to a community, with the party's name and role in the house, newest first."""
    table = community_party
    query = select(table, party.c.name.label("party_name"), party.c.role.label("trade")).join(
        party, party.c.id == table.c.party_id
    )
    return paged(view, query.where(table.c.community_id == community_id, table.c.state == "in"), table, page)


def parties_in(view: View, community_id: str) -> list[str]:
    """Return the parties that belong to a community, the oldest first."""
    table = community_party
    query = select(table.c.party_id).where(table.c.community_id == community_id, table.c.state == "in")
    return [
        str(one) for one in view.connection.execute(query.order_by(table.c.created_at, table.c.id)).scalars()
    ]


def count_stewards(view: View, community_id: str) -> int:
    table = community_party
    stewards = (table.c.community_id == community_id, table.c.state == "in", table.c.role == "steward")
    return int(view.connection.execute(select(func.count()).where(*stewards)).scalar_one())


def counted_in(tx: Tx, community_id: str, by: int, limit: int) -> bool:
    """Count one party more or less by one conditional statement; tells whether there was room."""
    table = community
    room = (table.c.id == community_id, table.c.parties + by <= limit)
    done = tx.connection.execute(update(table).where(*room).values(parties=table.c.parties + by))
    return bool(done.rowcount == 1)


def find_link(view: View, link_id: str) -> Row[Any]:
    return found(view, community_link, link_id, kind="link")


def link_of_token(view: View, token_hash: str) -> Row[Any] | None:
    """Return the link that a token opens, whether or not it may still be used."""
    query = select(community_link).where(community_link.c.token_hash == token_hash)
    return view.connection.execute(query).one_or_none()


def list_links(view: View, community_id: str, page: Page) -> tuple[Rows, str]:
    query = select(community_link).where(community_link.c.community_id == community_id)
    return paged(view, query, community_link, page)


def count_live_links(view: View, community_id: str) -> int:
    """Count the links of a community that may still be used."""
    table = community_link
    live = (
        table.c.community_id == community_id,
        table.c.revoked_at.is_(None),
        table.c.expires_at > view.now_at,
    )
    unused = or_(table.c.uses_limit.is_(None), table.c.used < table.c.uses_limit)
    return int(view.connection.execute(select(func.count()).where(*live, unused)).scalar_one())


def use_community_link(tx: Tx, link_id: str) -> bool:
    """Count one use of a link by one conditional statement; false where it serves no more."""
    table = community_link
    live = (table.c.id == link_id, table.c.revoked_at.is_(None), table.c.expires_at > tx.now_at)
    unused = or_(table.c.uses_limit.is_(None), table.c.used < table.c.uses_limit)
    done = tx.connection.execute(update(table).where(*live, unused).values(used=table.c.used + 1))
    return bool(done.rowcount == 1)


def revoke_link(tx: Tx, link_id: str) -> bool:
    """End a link; false where it was revoked before."""
    table = community_link
    live = (table.c.id == link_id, table.c.revoked_at.is_(None))
    return bool(tx.connection.execute(update(table).where(*live).values(revoked_at=tx.now_at)).rowcount == 1)


def stewards_in(view: View, community_id: str) -> list[str]:
    """Return the parties that look after a community."""
    table = community_party
    stewards = (table.c.community_id == community_id, table.c.state == "in", table.c.role == "steward")
    return [str(one) for one in view.connection.execute(select(table.c.party_id).where(*stewards)).scalars()]


def bids_waiting_in(view: View, community_id: str, payer_id: str) -> Rows:
    """Return the bids of a party that wait for an answer on trips of a community."""
    query = select(bid).join(trip, trip.c.id == bid.c.trip_id)
    waiting = (trip.c.community_id == community_id, bid.c.payer_id == payer_id)
    return list(view.connection.execute(query.where(*waiting, bid.c.state.in_(("open", "countered")))))
