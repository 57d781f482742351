"""What a bid reads: as SQLAlchemy would read it, by indexes, measured once, and for nobody in vain."""

import asyncio
from contextlib import contextmanager, suppress

from sqlalchemy import bindparam, event, func, select

from api.live import LookOut
from pooling.desk import Actor
from pooling.desk.grounds import CELLS_LEAST, Kept
from pooling.store.bids import _PAID, find_bid, list_bids
from pooling.store.market import bid, trip
from pooling.store.reading import EACH_LENGTH, LIST_LIMIT, read_again, read_row, read_rows
from pooling.store.rows import Page
from pooling.store.shipments import _PAYERS_DAY, list_shipments
from tests.desk import market

IDS = bindparam("ids", expanding=True)
ONE = select(trip).where(trip.c.id == bindparam("its_id"))
SOME = select(bid).where(bid.c.id.in_(IDS), bid.c.state.in_(("open", "accepted")))
ALL = select(func.count()).where(trip.c.state == "open")
COUNTED = select(func.count()).where(bid.c.trip_id == bindparam("its_id"))


def test_rows_read_straight_are_those_that_sqlalchemy_reads(town):
    trip_id, sent = market.announced(town), market.sent(town)
    bid_id = market.bidden(town, trip_id, sent)
    row = market.the_shipment(town, sent)
    day = {"payer": row.payer_id, "its_day": row.day}
    asked = (
        (ONE, {"its_id": trip_id}),
        (SOME, {"ids": [bid_id, "bid_none"]}),
        (SOME, {"ids": []}),
        (SOME, {"ids": ["bid_none"] * EACH_LENGTH + [bid_id]}),
        (SOME, {"ids": [bid_id] * (LIST_LIMIT + 1)}),
        (COUNTED, {"its_id": trip_id}),
        (_PAYERS_DAY, day),
        (_PAID, day),
    )
    with town.house.desk.store.view() as view:
        for query, its in asked:
            straight, usual = read_rows(view, query, its), view.connection.execute(query, its).all()
            assert [tuple(one) for one in straight] == [tuple(one) for one in usual]
            assert [list(map(type, one)) for one in straight] == [list(map(type, one)) for one in usual]
        assert read_rows(view, ONE, {"its_id": trip_id})[0]._fields == tuple(trip.c.keys())
        assert read_row(view, ONE, {"its_id": "trip_none"}) is None


def test_a_reading_and_its_transaction_are_one_moment(town):
    trip_id, store = market.announced(town), town.house.desk.store
    with store.view() as view:
        before = read_row(view, ONE, {"its_id": trip_id})
        store.change(lambda tx: tx.connection.execute(trip.update().values(driver="Somebody else")))
        assert read_row(view, ONE, {"its_id": trip_id}) == before
    with store.view() as view:
        assert read_row(view, ONE, {"its_id": trip_id}).driver == "Somebody else"


def test_what_is_read_again_is_read_once_until_somebody_commits(town):
    market.announced(town)
    store, read = town.house.desk.store, []

    def counted(view):
        return read_again(view, ALL, {})[0][0]

    def cancelled_and_undone(tx):
        tx.connection.execute(trip.update().values(state="cancelled"))
        read.append(counted(tx))
        raise ValueError

    with store.view() as view, store.view() as other:
        connection = view.connection.connection.driver_connection
        connection.set_trace_callback(read.append)
        assert (counted(view), counted(view), counted(other)) == (1, 1, 1)
        connection.set_trace_callback(None)
        market.announced(town)
        assert counted(view) == 1  # its moment is still the one before
    assert len([one for one in read if "count" in one]) == 1
    with suppress(ValueError):
        store.change(cancelled_and_undone)
    assert read[-1] == 0
    for _ in range(3):
        with store.view() as view:
            assert counted(view) == 2


def test_who_may_see_a_bid_is_found_without_reading_every_trip(town):
    bid_id = market.bidden(town, market.announced(town), market.sent(town))
    store = town.house.desk.store
    for name in ("farm", "neighbour", "operator"):
        seeing, mine = store.seen_by([town.parties[name]]), [town.parties[name]]
        with read_by(store) as statements, seeing.view() as view:
            assert find_bid(view, bid_id).id == bid_id
            assert [one.id for one in list_bids(view, None, Page())[0]] == [bid_id]
            list_shipments(view, mine, Page())
            for words, given in list(statements):
                driver = view.connection.connection.driver_connection
                ways = [row[3] for row in driver.execute(f"EXPLAIN QUERY PLAN {words}", given)]
                assert not [way for way in ways if way.startswith("SCAN trip")], words


@contextmanager
def read_by(store):
    statements = []

    def note(_connection, _cursor, words, given, _context, _many):
        statements.append((words, given))

    event.listen(store.reader, "before_cursor_execute", note)
    yield statements
    event.remove(store.reader, "before_cursor_execute", note)


def test_grounds_are_kept_by_what_they_hold_and_the_oldest_go_first(monkeypatch):
    monkeypatch.setattr("pooling.desk.grounds.KEPT_CELLS", 3 * CELLS_LEAST)
    kept, points = Kept(), [((float(at), 0.0),) for at in range(4)]
    for one in (*points, points[3]):
        kept.keep(one, None)
    assert list(kept.matrices) == points[1:] and kept.cells == 3 * CELLS_LEAST
    large = tuple((float(at), 1.0) for at in range(40))
    kept.keep(large, None)
    assert list(kept.matrices) == [large]
    kept.keep(points[0], None)
    assert list(kept.matrices) == [points[0]] and kept.cells == CELLS_LEAST


def test_the_outbox_is_looked_into_only_while_somebody_waits(town, monkeypatch):
    looks = []

    def news(_self, seen, parties):
        looks.append(parties)
        return seen, parties

    monkeypatch.setattr(LookOut, "_news", news)
    lookout, farm = LookOut(town.house.desk.store), town.actor("farm")

    async def rung(times):
        for _ in range(times):
            lookout.ring()
            await asyncio.sleep(0.01)

    async def listen():
        watching = asyncio.create_task(lookout.watch())
        await asyncio.sleep(0.05)
        await rung(3)
        assert looks == []
        with lookout.listening(farm), lookout.listening(Actor("nobody")):
            await rung(1)
        assert looks == [farm.parties]
        await rung(3)
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching

    asyncio.run(listen())
    assert len(looks) == 1
