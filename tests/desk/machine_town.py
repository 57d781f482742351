"""
The town that the desk's machine plays in: who acts, which rows there are, and how a change is done.

The rules stand beside it: ``machine_market``, ``machine_rides``, ``machine_room``, ``machine_rest``,
``machine_selling``, ``machine_claims``.
"""

from dataclasses import replace

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine
from sqlalchemy import select

from geodata.refusal import Refusal
from pooling.store.market import trip

DAY_S = 24 * 3600
DAY = "2026-09-13"
"""The local day of ``tests.desk.market.TOMORROW``."""
ANY = st.integers(0, 999)
SHOPS = ("restaurant", "shop")


class TownMachine(RuleBasedStateMachine):
    """Hold one house for all examples; ``pick`` numbers choose among the rows that there are."""

    house = clock = None

    def rows(self, table, *where):
        with self.desk.store.view() as view:
            return view.connection.execute(select(table).where(*where).order_by(table.c.id)).all()

    def row(self, table, pick, *states):
        rows = self.rows(table, *([table.c.state.in_(states)] if states else []))
        return rows[pick % len(rows)] if rows else None

    def did(self, change, name, *words):
        """
        Do a change as the member of a party, a second after the last; return its answer, or ``None``.

        A refusal is an answer like another. Every fourth wish is sent twice: the answer is the same.
        """
        self.clock.forward(1)  # so that ids sort by the order of their making, in every replay
        who, ask = self.town.actor(name), self.town.ask(name)
        try:
            answer = change(self.desk, who, ask, *words)
            if self.town.asked % 4 == 0:
                assert change(self.desk, who, ask, *words) == answer
        except Refusal as refusal:
            assert refusal.code != "desk_busy" and refusal.sentence and refusal.what_to_do
            return None
        return answer

    def ride(self, pick):
        """Return an open trip, most often one of the day for which crates are entered; sometimes any trip."""
        if pick % 11 == 10:
            return self.row(trip, pick)
        rows = self.rows(trip, trip.c.state == "open")
        ours = [one for one in rows if str(one.day) == DAY] or rows
        return ours[pick % len(ours)] if ours else None

    def payer(self, row):
        return self.by_party[row.payer_id]

    def owner(self, asked):
        (ride,) = self.rows(trip, trip.c.id == asked.trip_id)
        return self.by_party[ride.owner_id]

    def later(self, words, *names, by_s=DAY_S):
        """Return the same words for another hour."""
        return replace(words, **{name: getattr(words, name) + by_s for name in names})
