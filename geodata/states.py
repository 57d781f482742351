"""
Where a driver may stand, and what may come next: arcs about to be driven, and the steps between them.

A state is an arc together with what must be remembered to obey the rules further on. Mostly nothing:
then the arc alone is the state. Two rules need more. A road that is open only at the ends of a route
(a private drive, a street for residents) has a second state, entered from outside, which no step leaves
but into more of the same. A turn barred by way of other ways has one state for each beginning of it that
has been driven. So every rule is a property of one step, and a search that knows steps knows all rules.

States and steps are the same for every vehicle; which steps are open, a profile decides.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from geodata.edges import Edges, Flags, Ints, Small
from geodata.survey import BarredTurn

Chain = tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Steps:
    """
    Hold which state may come after which, sorted by the first.

    ``ban`` is a row of the table of bans, or -1.
    """

    before: Small
    after: Small
    ban: Small

    def only(self, chosen: Flags | Ints) -> "Steps":
        return Steps(self.before[chosen], self.after[chosen], self.ban[chosen])

    def in_order(self) -> "Steps":
        return self.only(np.lexsort((self.after, self.before)))


@dataclass(frozen=True, eq=False)
class States:
    """
    Hold the states, in the order in which the hierarchy takes them away, and the steps between them.

    ``arc`` is the arc of each state, ``inner`` tells those entered as the end of a route, ``plain`` is the
    state of each arc with nothing to remember. ``of_start`` and ``of`` list all states of an arc.
    """

    arc: Small
    inner: Flags
    plain: Small
    of_start: Ints
    of: Small
    steps: Steps

    @property
    def count(self) -> int:
        return len(self.arc)

    def of_arc(self, arc: int) -> Small:
        return self.of[self.of_start[arc] : self.of_start[arc + 1]]

    def renumbered(self, rank: Small) -> "States":
        """Return the same states, each under the number that ``rank`` gives it."""
        order = np.argsort(rank)
        steps = Steps(rank[self.steps.before], rank[self.steps.after], self.steps.ban)
        return replace(
            self,
            arc=self.arc[order],
            inner=self.inner[order],
            plain=rank[self.plain],
            of=rank[self.of],
            steps=steps.in_order(),
        )


@dataclass(frozen=True)
class Bans:
    """Hold the exceptions of each row of bans: it bars the step unless every one of its parts is waived."""

    rows: tuple[tuple[frozenset[str], ...], ...]


def build_states(edges: Edges, ends: Flags, barred: Sequence[BarredTurn]) -> tuple[States, Bans]:
    """
    Build all states and steps of a network.

    ``ends`` tells the edges that some vehicle may use only at the ends of a route.
    """
    arcs = 2 * edges.count
    turns = _turns(edges)
    register = _Register(barred, arcs)
    plain = replace(turns, ban=register.bans_of(turns))
    inner_of = np.full(arcs, -1, dtype=np.int32)
    soft = np.flatnonzero(np.repeat(ends, 2))
    inner_of[soft] = arcs + np.arange(len(soft), dtype=np.int32)
    steps = _joined([plain, *_inner_steps(plain, inner_of)])
    steps, chain_arcs = register.remembered(steps, soft)
    arc = np.concatenate([np.arange(arcs), soft, chain_arcs]).astype(np.int32)
    inner = np.zeros(len(arc), dtype=bool)
    inner[arcs : arcs + len(soft)] = True
    order = np.argsort(arc, kind="stable").astype(np.int32)
    of_start = np.concatenate([[0], np.cumsum(np.bincount(arc, minlength=arcs))]).astype(np.int64)
    states = States(arc, inner, np.arange(arcs, dtype=np.int32), of_start, order, steps.in_order())
    return states, Bans(tuple(register.rows))


def _turns(edges: Edges) -> Steps:
    """Return every pair of arcs that meet, turning round included."""
    tail, head = edges.arc_tail, edges.arc_head
    order = np.argsort(tail, kind="stable").astype(np.int32)
    exits = np.bincount(tail, minlength=int(max(tail.max(initial=-1), head.max(initial=-1))) + 1)
    fan = exits[head]
    before = np.repeat(np.arange(len(head), dtype=np.int32), fan)
    nth = np.arange(len(before)) - np.repeat(np.cumsum(fan) - fan, fan)
    after = order[(np.cumsum(exits) - exits)[head[before]] + nth]
    return Steps(before, after, np.full(len(before), -1, dtype=np.int32))


def _inner_steps(plain: Steps, inner_of: Small) -> Iterable[Steps]:
    """Yield the steps into a road for ends only, and those that stay inside."""
    into = plain.only(inner_of[plain.after] >= 0)
    yield replace(into, after=inner_of[into.after])
    inside = into.only(inner_of[into.before] >= 0)
    yield replace(inside, before=inner_of[inside.before], after=inner_of[inside.after])


def _joined(parts: Sequence[Steps]) -> Steps:
    columns = ("before", "after", "ban")
    return Steps(*(np.concatenate([getattr(part, name) for part in parts]) for name in columns))


class _Register:
    """Keep which sequences of arcs are barred, and number what they need remembered."""

    def __init__(self, barred: Sequence[BarredTurn], arcs: int) -> None:
        self.arcs = arcs
        self.exempt: dict[Chain, list[frozenset[str]]] = defaultdict(list)
        for turn in barred:
            self.exempt[turn.arcs].append(turn.exempt)
        self.begun = sorted({chain[:n] for chain in self.exempt for n in range(2, len(chain))})
        self.rows: list[tuple[frozenset[str], ...]] = []
        self._row_of: dict[tuple[frozenset[str], ...], int] = {}

    def bans_of(self, turns: Steps) -> Small:
        """Return the ban of each pair of arcs, where there is one."""
        ban = np.full(len(turns.before), -1, dtype=np.int32)
        pairs = [chain for chain in self.exempt if len(chain) == 2]
        if pairs:
            keys = turns.before.astype(np.int64) * self.arcs + turns.after
            sought = np.array([a * self.arcs + b for a, b in pairs], dtype=np.int64)
            rows = np.array([self._row(pair) for pair in pairs], dtype=np.int32)
            order = np.argsort(sought)
            at = np.minimum(np.searchsorted(sought[order], keys), len(pairs) - 1)
            found = sought[order][at] == keys
            ban[found] = rows[order][at[found]]
        return ban

    def remembered(self, steps: Steps, soft: Ints) -> tuple[Steps, list[int]]:
        """
        Lead steps that begin a barred sequence through states of their own; return these states' arcs.

        The states of ``soft`` arcs entered as ends are numbered after the plain ones; they remember nothing.
        """
        if not self.begun:
            return steps, []
        number = {chain: self.arcs + len(soft) + at for at, chain in enumerate(self.begun)}
        following: dict[int, list[int]] = defaultdict(list)
        for at in np.flatnonzero(np.isin(steps.before, [chain[-1] for chain in self.begun])).tolist():
            following[int(steps.before[at])].append(at)
        after = steps.after.copy()
        for at in np.flatnonzero(np.isin(steps.before, [chain[0] for chain in self.begun])).tolist():
            pair = (int(steps.before[at]), int(steps.after[at]))
            after[at] = number.get(pair, pair[1])
        extra = [
            (number[chain], *self._after(chain, int(steps.after[at]), soft, number))
            for chain in self.begun
            for at in following[chain[-1]]
        ]
        table = np.array(extra, dtype=np.int32).reshape(-1, 3).T
        led = replace(steps, after=after)
        return _joined([led, Steps(*table)]), [chain[-1] for chain in self.begun]

    def _after(self, driven: Chain, state: int, soft: Ints, number: dict[Chain, int]) -> tuple[int, int]:
        """Return where a step leads after what was driven, and the ban upon it."""
        entered = state >= self.arcs
        whole = (*driven, int(soft[state - self.arcs]) if entered else state)
        tails = [whole[at:] for at in range(len(whole) - 1)]
        barring = [tail for tail in tails if tail in self.exempt]
        row = self._row(*barring) if barring else -1
        led = state if entered else next((number[tail] for tail in tails if tail in number), state)
        return led, row

    def _row(self, *chains: Chain) -> int:
        exempt = tuple(sorted((one for chain in chains for one in self.exempt[chain]), key=sorted))
        if exempt not in self._row_of:
            self._row_of[exempt] = len(self.rows)
            self.rows.append(exempt)
        return self._row_of[exempt]
