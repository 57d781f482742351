"""Tools that several parties own together, in the store: parts, notes, and months agreed to."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import Column, Date, Row, Table, UniqueConstraint, select

from pooling.carriers.plates import plate_key
from pooling.people.shared_tool import Cost, Due, ToolShare, Use, ways_of
from pooling.runs.manifest_json import read_manifest
from pooling.store.market import shipment
from pooling.store.rows import Page, added, found, paged
from pooling.store.schema import key, link, metadata, moment, revision, whole, words
from pooling.store.touring import manifest
from pooling.store.transaction import Tx, View

shared_tool = Table(
    "shared_tool",
    metadata,
    key(),
    link("keeper_id", "party"),  # who asks others to take a part
    words("name"),
    words("kind"),  # pooling.people.shared_tool.Kind
    words("plate"),  # of a van: its runs are counted by it
    whole("capacity_crates"),
    moment("created_at"),
    revision(),
)

tool_part = Table(
    "tool_part",
    metadata,
    key(),
    link("tool_id", "shared_tool"),
    link("party_id", "party"),
    whole("parts"),
    words("state", default="asked"),  # asked | in | left
    moment("created_at"),
    revision(),
    UniqueConstraint("tool_id", "party_id"),
)

tool_entry = Table(
    "tool_entry",
    metadata,
    key(),
    link("tool_id", "shared_tool"),
    link("party_id", "party"),  # who used it, or laid something out
    words("kind"),  # use | cost
    Column("day", Date, nullable=False),
    whole("units", default=0),
    whole("empty_m", default=0),
    whole("used_m", default=0),
    whole("cents", default=0),
    words("split"),  # of a cost: pooling.people.shared_tool.SplitBy
    words("what"),
    words("state", default="stands"),  # stands | withdrawn
    moment("created_at"),
    revision(),
)

# The shares of a month once anybody agreed to its own: nothing of them is changed.
tool_share = Table(
    "tool_share",
    metadata,
    key(),
    link("tool_id", "shared_tool"),
    Column("month", Date, nullable=False),
    link("party_id", "party"),
    whole("parts"),
    whole("units"),
    whole("parts_cents"),
    whole("use_cents"),
    whole("laid_cents"),
    moment("created_at"),
    UniqueConstraint("tool_id", "month", "party_id"),
)

tool_due = Table(
    "tool_due",
    metadata,
    key(),
    link("tool_id", "shared_tool"),
    Column("month", Date, nullable=False),
    link("payer_id", "party"),
    link("payee_id", "party"),
    whole("cents"),
    words("transfer_id"),  # empty until its payer agrees
    moment("created_at"),
    revision(),
    UniqueConstraint("tool_id", "month", "payer_id", "payee_id"),
)

IN, ASKED, LEFT = "in", "asked", "left"
HOLDS = (IN, ASKED)


def find_tool(view: View, tool_id: str) -> Row[Any]:
    return found(view, shared_tool, tool_id, kind="shared tool")


def find_entry(view: View, tool_id: str, entry_id: str) -> Row[Any] | None:
    query = select(tool_entry).where(tool_entry.c.tool_id == tool_id, tool_entry.c.id == entry_id)
    return view.connection.execute(query).one_or_none()


def list_tools(view: View, party_ids: Iterable[str], page: Page) -> tuple[list[Row[Any]], str]:
    """List the tools of which these parties hold a part, or are asked to take one."""
    held = select(tool_part.c.tool_id).where(
        tool_part.c.party_id.in_(sorted(party_ids)), tool_part.c.state.in_(HOLDS)
    )
    return paged(view, select(shared_tool).where(shared_tool.c.id.in_(held)), shared_tool, page)


def parts_of(view: View, tool_id: str) -> dict[str, Row[Any]]:
    """Return who holds, held or is asked for a part of a tool, by party."""
    query = select(tool_part).where(tool_part.c.tool_id == tool_id).order_by(tool_part.c.id)
    return {str(row.party_id): row for row in view.connection.execute(query)}


def entries_of(view: View, tool_id: str, first: date, last: date) -> tuple[list[Use], list[Cost]]:
    """Return what stands of what was noted between two days: uses, and costs."""
    query = select(tool_entry).where(
        tool_entry.c.tool_id == tool_id,
        tool_entry.c.day.between(first, last),
        tool_entry.c.state == "stands",
    )
    rows = list(view.connection.execute(query.order_by(tool_entry.c.day, tool_entry.c.id)))
    uses = [
        Use(row.id, row.party_id, row.day, row.units, row.empty_m, row.used_m, what=row.what)
        for row in rows
        if row.kind == "use"
    ]
    costs = [
        Cost(row.id, row.party_id, row.day, row.cents, row.split, row.what)
        for row in rows
        if row.kind == "cost"
    ]
    return uses, costs


def runs_of(
    view: View, plate: str, party_ids: Iterable[str], first: date, last: date
) -> tuple[list[Use], bool]:
    """
    Return the runs that owners of a van drove with it between two days, and whether any has not ended yet.

    Known by the plate that their manifests name, however it was typed. Any plate may be entered: ask only for
    the runs of who agreed to own a part, for nobody else's are its keeper's to read.
    """
    query = select(manifest).where(
        manifest.c.carrier_id.in_(sorted(party_ids)),
        manifest.c.day.between(first, last),
        manifest.c.state != "cancelled",
        manifest.c.plate != "",
    )
    rows = [
        row
        for row in view.connection.execute(query.order_by(manifest.c.day, manifest.c.id))
        if plate and plate_key(row.plate) == plate_key(plate)
    ]
    uses = []
    for row in rows:
        if row.state == "done":
            told = read_manifest(row.body)
            aboard = {one.shipment for stop in told.stops for one in stop.handlings}
            own = select(shipment.c.id).where(
                shipment.c.id.in_(sorted(aboard)), shipment.c.payer_id == row.carrier_id
            )
            ways = ways_of(told, set(view.connection.execute(own).scalars()))
            uses.append(Use(row.id, row.carrier_id, row.day, *ways, run=row.id, what=row.number))
    return uses, len(uses) < len(rows)


def not_noted(driven: Iterable[Use], told: Iterable[Use]) -> list[Use]:
    """Leave out runs that were written down as their driver left; it may own a part again."""
    known = {(one.party, one.what) for one in told}
    return [one for one in driven if (one.party, one.what) not in known]


def note_runs(tx: Tx, row: Row[Any], party_id: str, first: date, last: date) -> None:
    """Write down what an owner of a van drove with it between two days, as if it had noted it."""
    driven, _ = runs_of(tx, row.plate, [party_id], first, last)
    for use in not_noted(driven, entries_of(tx, row.id, first, last)[0]):
        ways = {"units": use.units, "empty_m": use.empty_m, "used_m": use.used_m}
        about = {"tool_id": row.id, "party_id": party_id, "day": use.day, "what": use.what}
        added(tx, tool_entry, "ten", kind="use", **about, **ways)


def kept_shares(view: View, tool_id: str, month: date) -> tuple[ToolShare, ...]:
    """Return the shares of a month that somebody agreed to; none while nobody did."""
    query = select(tool_share).where(tool_share.c.tool_id == tool_id, tool_share.c.month == month)
    return tuple(
        ToolShare(row.party_id, row.parts, row.units, row.parts_cents, row.use_cents, row.laid_cents)
        for row in view.connection.execute(query.order_by(tool_share.c.party_id))
    )


def keep_month(tx: Tx, tool_id: str, month: date, shares: Iterable[ToolShare], dues: Iterable[Due]) -> None:
    """Keep the shares of a month as they are agreed to, and who is to pay whom."""
    for one in shares:
        amounts = {"parts_cents": one.parts_cents, "use_cents": one.use_cents, "laid_cents": one.laid_cents}
        about = {"tool_id": tool_id, "month": month, "party_id": one.party}
        added(tx, tool_share, "tsh", **about, parts=one.parts, units=one.units, **amounts)
    for due in dues:
        sides = {"payer_id": due.payer, "payee_id": due.payee}
        added(tx, tool_due, "tdu", tool_id=tool_id, month=month, **sides, cents=due.cents, transfer_id="")


def kept_dues(view: View, tool_id: str, month: date) -> list[Row[Any]]:
    query = select(tool_due).where(tool_due.c.tool_id == tool_id, tool_due.c.month == month)
    return list(view.connection.execute(query.order_by(tool_due.c.id)))
