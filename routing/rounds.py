"""
Run the rounds of a search: send children off, hear what they found, judge it, until time is up.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from time import monotonic

from routing.child import FINISHED
from routing.crew import Crew, Report
from routing.errand import Errand, Found, Refused
from routing.judge import Judge
from routing.mending import plan_of
from routing.plan import Plan
from routing.portfolio import Portfolio
from routing.problem import Problem

LOOK_EVERY_S = 0.1
"""How often it is asked whether anybody still waits for the answer."""

OVERDUE_S = 0.25
"""How much later than a round's end a child may come home before it is given up."""

JUDGEMENTS_KEPT = 2
"""Time is kept for the judgement that is under way at the end, and for the last."""

ANSWERING_S = 0.02
"""Time is kept for ending the children, and for answering."""

KEPT_SHARE = 0.25
"""The part of the whole time that may be kept so."""

AT_DEADLINE = "was stopped at the deadline"
CANCELLED = "was cancelled"
ALONE = "lost its children"


@dataclass
class Rounds:
    """
    Hold a search at work: the best so far, how it ended, and what went wrong.

    ``judging_s`` is the longest that judging one plan took.
    """

    problem: Problem
    judge: Judge
    deadline_s: float
    cancelled: Callable[[], bool]
    began_s: float
    judging_s: float
    ended: str = ""
    lost: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    _errands: dict[int, Errand] = field(default_factory=dict)
    _news: dict[int, Found] = field(default_factory=dict)
    _asked_s: float = 0.0

    @property
    def until_s(self) -> float:
        """Return when to stop listening."""
        kept_s = JUDGEMENTS_KEPT * self.judging_s + ANSWERING_S
        return self.began_s + self.deadline_s - min(kept_s, KEPT_SHARE * self.deadline_s)

    @property
    def note(self) -> str:
        """Say how the search ended, and what went wrong on the way."""
        words = [f"the search {self.ended}", *(f"a child {word}" for word in dict.fromkeys(self.lost))]
        refused = [*self.refused, *self.judge.refused]
        return "; ".join([*words, f"answers refused: {', '.join(refused)}"] if refused else words)

    def run(self, crew: Crew, portfolio: Portfolio) -> None:
        """Run round after round until time is up, nobody waits any more, or nobody is left to search."""
        for number in count():
            left_s = self.until_s - monotonic()
            if left_s <= 0:
                self.ended = AT_DEADLINE
                return
            seconds = portfolio.round_s(number, left_s)
            hands = portfolio.processes - len(self.lost)
            errands = portfolio.errands(number, self.judge.plan, seconds, hands)
            if not errands:
                self.ended = FINISHED if hands else ALONE
                return
            try:
                self._errands = crew.send(errands)
            except OSError as mistake:
                self.lost.append(f"could not be started: {mistake}")
                self.ended = ALONE
                return
            self._round(crew, monotonic() + seconds + OVERDUE_S)
            if self.ended:
                return

    def _round(self, crew: Crew, overdue_s: float) -> None:
        """Listen until every child is home, and give up those that are overdue."""
        busy = set(self._errands)
        while busy:
            now_s = monotonic()
            if self._is_cancelled(now_s):
                self.ended = CANCELLED
                return
            wait_s = min(LOOK_EVERY_S, self.until_s - now_s, overdue_s - now_s)
            for report in self._reports(crew, max(0.0, wait_s)):
                self._note(report, busy)
            self._judge_news()
            if now_s >= self.until_s:
                self.ended = AT_DEADLINE
                return
            if now_s >= overdue_s:
                for number in busy:
                    crew.dismiss(number)
                return

    def _is_cancelled(self, now_s: float) -> bool:
        if now_s - self._asked_s < LOOK_EVERY_S:
            return False
        self._asked_s = now_s
        return self.cancelled()

    def _reports(self, crew: Crew, wait_s: float) -> Iterator[Report]:
        """Yield the reports of this round: all that are there, and where none is, the next to come."""
        report = crew.report(wait_s)
        while report is not None:
            if report.errand in self._errands:
                yield report
            report = crew.report(0)

    def _note(self, report: Report, busy: set[int]) -> None:
        if isinstance(report.content, Found):
            self._news[report.errand] = report.content
        elif isinstance(report.content, Refused):
            self.refused.append(report.content.code)
        elif report.ended:
            busy.discard(report.errand)
            if report.ended != FINISHED:
                self.lost.append(report.ended)

    def _judge_news(self) -> None:
        """Judge the last word of each child, the best first, as long as there is time."""
        for number, found in sorted(self._news.items(), key=lambda one: one[1].rank):
            if monotonic() > self.until_s + self.judging_s:
                break
            part = self._errands[number].part
            if part is None and found.rank >= self.judge.rank:
                continue
            began_s = monotonic()
            self.judge.consider(self._plan(number, found), found.word)
            self.judging_s = max(self.judging_s, monotonic() - began_s)
        self._news.clear()

    def _plan(self, number: int, found: Found) -> Plan | None:
        """Schedule what was found; of a part, put it back into the whole."""
        part = self._errands[number].part
        if part is None:
            return plan_of(self.problem, found.orders)
        plan = plan_of(part.problem_of(self.problem), found.orders)
        return None if plan is None else part.put_back(self.problem, self.judge.plan, plan)
