"""What a problem is refused with when it is made: one refusal, with a number for each rule."""

from geodata.refusal import Refusal


class ProblemNonsense(Refusal):
    """Refuse a problem that no plan could answer; ``number`` tells which rule it breaks."""

    code = "problem_nonsense"
    reason = "E{number:03d}: {subject}: {detail}"
    cure = "Mend {subject} and plan again."
