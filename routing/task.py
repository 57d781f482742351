"""One thing for a vehicle to do: what orders of visits, locks and plans are made of."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["announced", "pickup", "drop"]


@dataclass(frozen=True)
class Task:
    """Name one thing to do: an announced stop by its id, or the pickup or drop of a request."""

    kind: Kind
    id: str
