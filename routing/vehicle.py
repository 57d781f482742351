"""A vehicle as the solver sees it: what it may do, what is fixed already, and what it costs."""

from dataclasses import dataclass, field

from routing.request import Load
from routing.task import Task
from routing.visit import Visit, Window


@dataclass(frozen=True)
class AnnouncedStop:
    """
    Hold a stop that the vehicle's owner announced: always made, in its order, by this vehicle.

    ``change`` is what the owner's own goods add to (or take from) the load there.
    """

    id: str
    visit: Visit
    change: Load


@dataclass(frozen=True)
class Vehicle:
    """
    Hold a vehicle with its hours, room, limits, announced stops and what it costs.

    ``end`` is ``None`` for a route that ends at its last stop. ``longest_drive_s`` and
    ``longest_m`` limit the driving of the whole route: the announced way and the detour.
    ``longest_s`` limits the route from leaving to end, handling and waiting included. The route
    begins with the tasks of ``head``, in their order and with nothing between: locked by hand, or
    done already.
    """

    id: str
    start: int
    end: int | None
    capacity: Load
    shift: Window = field(default_factory=Window)
    initial_load: Load = ()
    announced: tuple[AnnouncedStop, ...] = ()
    skills: frozenset[str] = frozenset()
    longest_drive_s: int | None = None
    longest_m: int | None = None
    fixed_cents: int = 0
    cents_per_km: int = 0
    cents_per_hour: int = 0
    cents_per_stop: int = 0
    longest_s: int | None = None
    head: tuple[Task, ...] = ()

    def load_at_start(self, dimensions: int) -> Load:
        return self.initial_load or (0,) * dimensions
