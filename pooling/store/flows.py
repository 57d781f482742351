"""Past purchases in the store: files of flows, and the links that stand. They are their operator's secret."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Column, Float, Row, String, Table, UniqueConstraint, delete, func, select, update

from pooling.store.rows import Page, added, found, paged, writing
from pooling.store.schema import key, link, metadata, moment, revision, whole, words
from pooling.store.transaction import Tx, View

MARK_LENGTH = 40

flow_list = Table(
    "flow_list",
    metadata,
    key(),
    link("operator_id", "party"),
    whole("lines"),  # how many it holds, good and bad
    whole("added"),
    whole("changed"),
    whole("unchanged"),
    words("faults"),  # JSON: of each bad line its number, column and reason
    words("unread"),  # JSON: columns that were left unread, each with its reason
    moment("created_at"),
)

flow = Table(
    "flow",
    metadata,
    key(),
    link("operator_id", "party"),
    link("list_id", "flow_list"),
    whole("line"),
    Column("mark", String(MARK_LENGTH), nullable=False),  # by which a link is known again
    words("producer"),
    Column("producer_lat", Float, nullable=False),
    Column("producer_lon", Float, nullable=False),
    words("buyer"),
    Column("buyer_lat", Float, nullable=False),
    Column("buyer_lon", Float, nullable=False),
    words("product"),
    words("temperature"),
    whole("crates"),  # a week
    words("basis"),  # crates | kg | eur | default: what the crates were counted from
    whole("weekday", optional=True),  # 1 is Monday
    moment("created_at"),
    revision(),
    UniqueConstraint("operator_id", "mark"),
)

SAID = (
    *("producer", "producer_lat", "producer_lon", "buyer", "buyer_lat", "buyer_lon"),
    *("product", "temperature", "crates", "basis", "weekday"),
)
"""The columns that a line of a file says."""


def add_list(tx: Tx, operator_id: str, lines: int, faults: Sequence[object], unread: Sequence[object]) -> str:
    """Write a file of flows with what of it could not be read; returns its id."""
    return added(
        tx,
        flow_list,
        "flw",
        operator_id=operator_id,
        lines=lines,
        added=0,
        changed=0,
        unchanged=0,
        faults=json.dumps(faults, ensure_ascii=False),
        unread=json.dumps(unread, ensure_ascii=False),
    )


def take_flows(tx: Tx, operator_id: str, list_id: str, flows: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """Write the links of a file: new ones are added, others changed, the same left; returns how many each."""
    standing = {row.mark: row for row in flows_of(tx, operator_id)}
    new: list[dict[str, Any]] = []
    counted = {"added": 0, "changed": 0, "unchanged": 0}
    for said in flows:
        row = standing.get(said["mark"])
        if row is None:
            new.append(_new(tx, operator_id, list_id, said))
        elif all(getattr(row, name) == said[name] for name in SAID):
            counted["unchanged"] += 1
        else:
            counted["changed"] += 1
            values = {name: said[name] for name in (*SAID, "line")} | {"list_id": list_id}
            changing = update(flow).where(flow.c.id == row.id)
            tx.connection.execute(changing.values(**values, revision=flow.c.revision + 1))
    if new:
        tx.connection.execute(writing(flow), new)
    counted["added"] = len(new)
    tx.connection.execute(update(flow_list).where(flow_list.c.id == list_id).values(**counted))
    return counted


def flows_of(view: View, operator_id: str) -> list[Row[Any]]:
    """List all links that an operator knows, in the order in which it told them."""
    mine = select(flow).where(flow.c.operator_id == operator_id).order_by(flow.c.id)
    return list(view.connection.execute(mine))


def flows_counted(view: View, operator_id: str) -> int:
    mine = select(func.count()).select_from(flow).where(flow.c.operator_id == operator_id)
    return int(view.connection.execute(mine).scalar_one())


def find_list(view: View, list_id: str) -> Row[Any]:
    return found(view, flow_list, list_id, kind="list of flows")


def list_lists(view: View, operator_id: str, page: Page) -> tuple[list[Row[Any]], str]:
    """List the files that an operator sent, newest first."""
    return paged(view, select(flow_list).where(flow_list.c.operator_id == operator_id), flow_list, page)


def forget_flows(tx: Tx, operator_id: str) -> int:
    """Forget every link and every file of an operator; returns how many links those were."""
    gone = tx.connection.execute(delete(flow).where(flow.c.operator_id == operator_id)).rowcount
    tx.connection.execute(delete(flow_list).where(flow_list.c.operator_id == operator_id))
    return gone


def _new(tx: Tx, operator_id: str, list_id: str, said: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": tx.fresh_id("flo"),
        "operator_id": operator_id,
        "list_id": list_id,
        "created_at": tx.now_at,
        "revision": 1,
        **said,
    }
