"""
Run the rounds of a search: send children off, hear what they found, judge it, until time is up.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from time import monotonic

from routing.child import FINISHED
from routing.crew import Crew, Report
from routing.errand import Begun, Errand, Found, Refused
from routing.judge import Judge
from routing.mending import plan_of
from routing.plan import Plan
from routing.portfolio import Portfolio
from routing.problem import Problem

LOOK_EVERY_S = 0.1
"""How often it is asked whether anybody still waits for the answer."""

OVERDUE_S = 0.25
"""How much later than its errand's end a child may come home before it is given up."""

STARTING_S = 10.0
"""How long a child may take to begin: a kennel that was just started has much to import."""

JUDGEMENTS_KEPT = 2
"""Time is kept for the judgement that is under way at the end, and for the last."""

ANSWERING_S = 0.02
"""Time is kept for ending the children, and for answering."""

KEPT_SHARE = 0.15
"""The part of the whole time that may be kept so."""

NEWEST_SHARE = 0.3
"""How much the newest judgement weighs in what the next is expected to take: one may meet a busy machine."""

AT_DEADLINE = "was stopped at the deadline"
CANCELLED = "was cancelled"
ALONE = "lost its children"


@dataclass
class Rounds:
    """
    Hold a search at work: the best so far, how it ended, and what went wrong.

    ``judging_s`` is about how long judging one plan takes.
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
    _begun: bool = False
    _errands: dict[int, Errand] = field(default_factory=dict)
    _news: dict[int, Found] = field(default_factory=dict)

    @property
    def until_s(self) -> float:
        """Return when to stop listening."""
        kept_s = JUDGEMENTS_KEPT * self.judging_s + ANSWERING_S
        return self.began_s + self.deadline_s - min(kept_s, KEPT_SHARE * self.deadline_s)

    @property
    def note(self) -> str:
        """Say how the search ended, and what went wrong on the way."""
        ended = (
            f"{self.ended}, before it began" if self.ended == AT_DEADLINE and not self._begun else self.ended
        )
        words = [f"the search {ended}", *(f"a child {word}" for word in dict.fromkeys(self.lost))]
        refused = [*self.refused, *self.judge.refused]
        return "; ".join([*words, f"answers refused: {', '.join(refused)}"] if refused else words)

    def is_over(self) -> bool:
        """Tell whether time is up, or nobody waits any more."""
        now_s = monotonic()
        return now_s >= self.until_s or self.cancelled()

    def run(self, crew: Crew, portfolio: Portfolio) -> None:
        """Run round after round until time is up, nobody waits any more, or nobody is left to search."""
        quiet, before = 0, self.judge.plan
        for number in count():
            lost = len(self.lost)
            self._send(crew, portfolio, number)
            home = 0 if self.ended else self._round(crew)
            if self.judge.plan is not before:
                quiet, before = 0, self.judge.plan
            elif home and len(self.lost) == lost:
                quiet += 1
            if not self.ended and portfolio.is_quiet(quiet):
                self.ended = FINISHED
            if self.ended:
                return

    def _send(self, crew: Crew, portfolio: Portfolio, number: int) -> None:
        """Send off the errands of a round; note where that ends the search."""
        left_s = self.until_s - monotonic()
        if left_s <= 0:
            self.ended = AT_DEADLINE
            return
        hands, seconds = portfolio.processes - len(self.lost), portfolio.round_s(number, left_s)
        errands = portfolio.errands(number, self.judge.plan, seconds, self.until_s, hands)
        try:
            self._errands = crew.send(errands)
        except OSError as mistake:
            self.lost.append(f"could not be started: {mistake}")
            self.ended = ALONE
        if not errands:
            self.ended = FINISHED if hands else ALONE

    def _round(self, crew: Crew) -> int:
        """Listen until every child is home, or overdue and given up; return how many came home."""
        now_s = monotonic()
        due_s = {number: now_s + one.seconds + STARTING_S for number, one in self._errands.items()}
        while due_s:
            now_s = monotonic()
            if self.cancelled():
                self.ended = CANCELLED
                return 0
            next_s = min(self.until_s, *due_s.values())
            for report in self._reports(crew, max(0.0, min(LOOK_EVERY_S, next_s - now_s))):
                self._note(report, due_s)
            self._judge_news()
            if now_s >= self.until_s:
                self.ended = AT_DEADLINE
                return 0
            for number in [number for number, at_s in due_s.items() if at_s <= now_s]:
                crew.dismiss(number)
                del due_s[number], self._errands[number]
        return len(self._errands)

    def _reports(self, crew: Crew, wait_s: float) -> Iterator[Report]:
        """Yield the reports of this round: all that are there, and where none is, the next to come."""
        report = crew.report(wait_s)
        while report is not None:
            if report.errand in self._errands:
                yield report
            report = crew.report(0)

    def _note(self, report: Report, due_s: dict[int, float]) -> None:
        if isinstance(report.content, Begun):
            self._begun = True
            due_s[report.errand] = monotonic() + self._errands[report.errand].seconds + OVERDUE_S
        elif isinstance(report.content, Found):
            self._news[report.errand] = report.content
        elif isinstance(report.content, Refused):
            self.refused.append(report.content.code)
        elif report.ended:
            due_s.pop(report.errand, None)
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
            self.judging_s += NEWEST_SHARE * (monotonic() - began_s - self.judging_s)
        self._news.clear()

    def _plan(self, number: int, found: Found) -> Plan | None:
        """Schedule what was found; of a part, put it back into the whole."""
        part = self._errands[number].part
        if part is None:
            return plan_of(self.problem, found.orders)
        plan = plan_of(part.problem_of(self.problem), found.orders)
        return None if plan is None else part.put_back(self.problem, self.judge.plan, plan)
