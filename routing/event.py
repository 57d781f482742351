"""What may happen to a plan while it is being driven."""

from dataclasses import dataclass

from geodata.refusal import Refusal
from routing.problem import FOREVER_S, Problem, Request


class EventNonsense(Refusal):
    code = "event_nonsense"
    reason = "{subject}: {detail}."
    cure = "Look at the plan as it stands now, and tell what happened to it."


@dataclass(frozen=True)
class Cancel:
    """A shipment is called off. Where it is on board already, it stays there until the route ends."""

    request: str


@dataclass(frozen=True)
class Add:
    """One more shipment asks to be carried; no promise is broken for it."""

    request: Request


@dataclass(frozen=True)
class Delay:
    """A vehicle loses so many seconds from now on, wherever it is."""

    vehicle: str
    seconds: int


@dataclass(frozen=True)
class LoseVehicle:
    """A vehicle breaks down at a place; what is on board waits there to be fetched by another."""

    vehicle: str
    place: int


Event = Cancel | Add | Delay | LoseVehicle


def refuse_event(problem: Problem, event: Event) -> None:
    """Refuse an event that speaks of what the plan does not know."""
    if isinstance(event, Cancel):
        if event.request not in {request.id for request in problem.requests}:
            refuse(f"shipment {event.request}", "the plan knows no such shipment")
    elif isinstance(event, Add):
        if event.request.id in {request.id for request in problem.requests}:
            refuse(f"shipment {event.request.id}", "the plan has a shipment of this name")
    else:
        if event.vehicle not in {vehicle.id for vehicle in problem.vehicles}:
            refuse(f"vehicle {event.vehicle}", "the plan knows no such vehicle")
        if isinstance(event, Delay) and not 0 <= event.seconds <= FOREVER_S:
            refuse(f"vehicle {event.vehicle}", "no delay is negative, or longer than ten days")
        if isinstance(event, LoseVehicle) and not 0 <= event.place < problem.matrix.size:
            refuse(f"vehicle {event.vehicle}", "the place where it stands is not in the matrix")


def refuse(subject: str, detail: str) -> None:
    """Refuse an event that cannot have happened, for this reason."""
    raise EventNonsense(subject=subject, detail=detail)
