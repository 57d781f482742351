"""
Past purchases: sent as a file, kept link by link, ranked. They are their operator's secret.

No other party sees them, no other operator either: who buys what from whom is a competitor's business.
"""

from collections.abc import Iterable
from functools import cache
from typing import Any

from sqlalchemy import Row

from geodata.place import Place
from geodata.refusal import Refusal
from pooling.desk.actor import Actor
from pooling.desk.desk import Desk
from pooling.desk.market.demand import area_of
from pooling.desk.reasons import reason_words
from pooling.desk.tours.tours import must_operate
from pooling.files.collection_file import letters
from pooling.files.line import BadLine
from pooling.files.spreadsheet import Spreadsheet, read_spreadsheet
from pooling.files.workbook import SIGNATURE, read_workbook
from pooling.load import Temperature
from pooling.seeding.flow import Flow, FlowsRead, read_flows
from pooling.seeding.ranking import Ranked, rank_buyers, rank_producers
from pooling.store import Ask, Tx, View
from pooling.store.flows import add_list, find_list, flows_counted, flows_of, forget_flows, take_flows
from pooling.store.people import party
from pooling.store.rows import NotFound, held

FLOWS_LIMIT = 5_000
"""Links that one operator may keep, and that one file may hold."""

COLUMNS_LIMIT = 60


class FlowsUnreadable(Refusal):
    code = "flows_unreadable"
    reason = "What was sent is no table of past purchases."
    cure = "Send a table as CSV or XLSX: its first line names the columns, each line below is one link."


class TooManyFlows(Refusal):
    code = "too_many_flows"
    reason = "At most {limit} links are kept."
    cure = "Leave out the smallest, or add up what goes from one producer to one buyer."


def send_flows(desk: Desk, who: Actor, ask: Ask, operator_id: str, raw: bytes) -> str:
    """
    Send a file of past purchases; returns the list, which tells each bad line. Good lines are kept.

    A link is known by its producer, buyer, product and weekday: the same file again changes nothing.
    """
    must_operate(who, operator_id)

    def decide(_view: View) -> tuple[FlowsRead, int]:
        sheet = _sheet(raw)
        return read_flows(sheet), len(sheet.lines)

    def save(tx: Tx, read: tuple[FlowsRead, int]) -> str:
        flows, lines = read
        held(tx, party, operator_id)  # two files sent at once come one after the other
        faults, unread = _faults(flows.bad), [reason_words(one) for one in flows.unread]
        list_id = add_list(tx, operator_id, lines, faults, unread)
        take_flows(tx, operator_id, list_id, [_said(one) for one in flows.good])
        if flows_counted(tx, operator_id) > FLOWS_LIMIT:
            raise TooManyFlows(limit=FLOWS_LIMIT)
        return list_id

    return desk.once_decided(ask, decide, save)


def remove_flows(desk: Desk, who: Actor, ask: Ask, operator_id: str) -> str:
    """Forget every link that an operator has sent; what was drafted from them stays."""
    must_operate(who, operator_id)

    def save(tx: Tx) -> str:
        forget_flows(tx, operator_id)
        return operator_id

    return desk.once(ask, save)


def seen_list(view: View, who: Actor, list_id: str) -> Row[Any]:
    """Return a file of flows to the operator that sent it; to anybody else there is none."""
    row = find_list(view, list_id)
    if row.operator_id not in who.manages:
        raise NotFound(kind="list of flows", id=list_id)
    return row


def ranked(desk: Desk, who: Actor, operator_id: str, side: str, area: str = "") -> tuple[Ranked, ...]:
    """Rank the ``buyers`` or the ``producers`` of an operator's flows, of one area where it is named."""
    must_operate(who, operator_id)
    with desk.store.view() as view:
        flows = [as_flow(row) for row in flows_of(view, operator_id)]
    rank = rank_producers if side == "producers" else rank_buyers
    return rank(flows, known_area, area)


@cache
def known_area(place: Place) -> str:
    """Name the commune of a place, found once in a process."""
    return area_of(place)


def as_flow(row: Row[Any]) -> Flow:
    """Return a link as the pure code knows it."""
    return Flow(
        producer=Place(lat=row.producer_lat, lon=row.producer_lon, name=row.producer),
        buyer=Place(lat=row.buyer_lat, lon=row.buyer_lon, name=row.buyer),
        product=row.product,
        temperature=Temperature(row.temperature),
        crates=row.crates,
        basis=row.basis,
        weekday=row.weekday,
        line=row.line,
    )


def _said(flow: Flow) -> dict[str, Any]:
    return {
        "mark": flow.mark,
        "line": flow.line,
        "producer": flow.producer.name,
        "producer_lat": flow.producer.lat,
        "producer_lon": flow.producer.lon,
        "buyer": flow.buyer.name,
        "buyer_lat": flow.buyer.lat,
        "buyer_lon": flow.buyer.lon,
        "product": flow.product,
        "temperature": flow.temperature.value,
        "crates": flow.crates,
        "basis": flow.basis,
        "weekday": flow.weekday,
    }


def _sheet(raw: bytes) -> Spreadsheet:
    """Read the bytes of a file as a table, within its limits."""
    if raw.startswith(SIGNATURE):
        sheet = read_workbook(raw, FLOWS_LIMIT)
    elif b"\x00" in raw:
        raise FlowsUnreadable
    else:
        sheet = read_spreadsheet(letters(raw))
    if not sheet.lines or len(sheet.header) > COLUMNS_LIMIT:
        raise FlowsUnreadable
    if len(sheet.lines) > FLOWS_LIMIT:
        raise TooManyFlows(limit=FLOWS_LIMIT)
    return sheet


def _faults(bad: Iterable[BadLine]) -> list[dict[str, object]]:
    return [{"line": one.line, "column": one.column} | reason_words(one.refusal) for one in bad]
