"""
What the rules forbid, said to a person: the root of every refusal in the house.

Each package adds the refusals of its own rules beside them::

    Refusal
    ├── geodata    PlaceOffEarth, PlaceOffMap, RegionUnknown, RegionCorrupt …
    ├── routing    ProblemNonsense, NoLegalPlan …
    └── pooling    BadLine, PayerNotAFarm, NoRoom …
"""

from dataclasses import is_dataclass
from typing import ClassVar

from geodata.filling import filled


class Refusal(Exception):  # noqa: N818 - a refusal is a fact, not an error of ours
    """
    Say what is forbidden, why, and what to do about it.

    ``code`` is stable and machine-readable. ``reason`` and ``cure`` are sentences with named
    gaps (``geodata.filling``); the facts that fill them are the keyword arguments, so that a catalogue
    can translate the sentence and keep the facts. ``besides`` is what would still forbid it if this
    reason were gone.
    """

    code: ClassVar[str]
    reason: ClassVar[str]
    cure: ClassVar[str]

    def __init__(self, **facts: object) -> None:
        self.facts = facts
        self.besides: Refusal | None = None
        super().__init__(self.sentence)

    def __reduce__(self) -> tuple[object, ...]:
        """Travel to another process with its facts, which are keywords."""
        return _told_again, (type(self), self.__dict__)

    @property
    def sentence(self) -> str:
        return filled(self.reason, self.facts)

    @property
    def what_to_do(self) -> str:
        return filled(self.cure, self.facts)

    @property
    def plain_facts(self) -> dict[str, object]:
        """
        Return the facts that may leave the house: numbers and words.

        What a fact holds of the inside (a slot with the stops of others) stays inside.
        """
        return {
            name: fact if isinstance(fact, int | float | str | bool | dict | None) else str(fact)
            for name, fact in self.facts.items()
            if not is_dataclass(fact)
        }


def _told_again(kind: type[Refusal], kept: dict[str, object]) -> Refusal:
    refusal = kind.__new__(kind)
    refusal.__dict__.update(kept)
    refusal.args = (refusal.sentence,)
    return refusal
