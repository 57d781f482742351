"""
Keep the best plan that the checker let pass, and how it came to be.

A plan that carries more of what must be carried is better whatever it costs; of two that carry as
much of it, the cheaper one is.
"""

from collections.abc import Callable
from dataclasses import dataclass

from routing.check import Violation, check
from routing.cost import plan_cents
from routing.plan import Plan
from routing.problem import Problem

MAY_BE_MENDED = "must_serve"
"""What a plan may break on its way to a legal one; what is left behind so may split its own bundle."""

Rank = tuple[int, int]
"""How many requests that must be carried a plan leaves behind, and its cents: less is better."""


def rank(problem: Problem, plan: Plan) -> Rank:
    """Return what plans are compared by."""
    return len(left_behind(problem, plan)), plan_cents(problem, plan)


def left_behind(problem: Problem, plan: Plan) -> tuple[str, ...]:
    """List the requests that must be carried and are not."""
    return tuple(one for one in plan.unserved if problem.request(one).prize_cents is None)


@dataclass(frozen=True)
class Improvement:
    """Hold a moment of the search: after how many seconds, what a legal plan cost, whose it was."""

    seconds: float
    cents: int
    engine_word: str


class Judge:
    """Keep the best plan seen; ``tell`` hears of each legal one that is better than those before."""

    def __init__(self, problem: Problem, start: Plan, word: str, tell: Callable[[int, str], None]) -> None:
        """Begin with a plan; raise ``ValueError`` where it breaks a rule that no search may break."""
        _insist(_broken(problem, start))
        self.plan, self.word, self.rank = start, word, rank(problem, start)
        self.refused: list[str] = []
        self._problem, self._tell = problem, tell

    @property
    def legal(self) -> bool:
        return self.rank[0] == 0

    def consider(self, plan: Plan | None, word: str) -> bool:
        """Take a plan if it is better than the best and legal; ``None`` stands for what nobody could read."""
        if plan is None:
            self.refused.append("unreadable")
            return False
        broken = _broken(self._problem, plan)
        if broken:
            self.refused.append(broken[0].code)
            return False
        found = rank(self._problem, plan)
        if found >= self.rank:
            return False
        self.plan, self.word, self.rank = plan, word, found
        if self.legal:
            self._tell(found[1], word)
        return True


def _broken(problem: Problem, plan: Plan) -> tuple[Violation, ...]:
    split = {problem.request(one).bundle for one in left_behind(problem, plan)}
    return tuple(
        one
        for one in check(problem, plan)
        if one.code != MAY_BE_MENDED and not (one.code == "bundle_split" and one.subject in split)
    )


def _insist(broken: tuple[Violation, ...]) -> None:
    if broken:
        first = broken[0]
        raise ValueError(
            f"The plan to start from is illegal: {first.code}, {first.subject}: {first.detail}"
            f" ({len(broken)} rules broken)."
        )
