"""A map of roads and a vehicle's driving as files: which arrays and texts, and back."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

import numpy as np

from geodata.customising import Slope, Slopes
from geodata.driving import Driving
from geodata.edges import Edges
from geodata.hierarchy import Hierarchy
from geodata.region_files import Stored
from geodata.roadmap import RoadMap
from geodata.states import Bans, States, Steps


def stored_map(roads: RoadMap, facts: Mapping[str, Any], texts: Mapping[str, Any]) -> Stored:
    """Return what is written of a map."""
    parts = {
        "edges": roads.edges,
        "states": roads.states,
        "steps": roads.states.steps,
        "hierarchy": roads.hierarchy,
    }
    arrays = {
        f"{part}.{key}": array for part, value in parts.items() for key, array in _arrays(value).items()
    }
    words = {
        "traits": roads.traits,
        "names": roads.names,
        "barriers": roads.barriers,
        "bans": [[sorted(exempt) for exempt in row] for row in roads.bans.rows],
        "country": roads.country,
    }
    return Stored(facts=facts, texts={**words, **texts}, arrays={**arrays, "barrier": roads.barrier})


def opened_map(stored: Stored) -> RoadMap:
    texts = stored.texts
    return RoadMap(
        edges=Edges(**_part(stored, "edges")),
        states=States(steps=Steps(**_part(stored, "steps")), **_part(stored, "states")),
        bans=Bans(tuple(tuple(frozenset(exempt) for exempt in row) for row in texts["bans"])),
        hierarchy=Hierarchy(**_part(stored, "hierarchy")),
        traits=tuple(texts["traits"]),
        names=tuple(texts["names"]),
        barrier=np.asarray(stored.arrays["barrier"]),
        barriers=tuple(texts["barriers"]),
        country=texts["country"],
    )


def stored_driving(driving: Driving, facts: Mapping[str, Any]) -> Stored:
    """Return what is written of a vehicle's driving."""
    parts = {"driving": driving, "up": driving.slopes.up, "down": driving.slopes.down}
    arrays = {
        f"{part}.{key}": array for part, value in parts.items() for key, array in _arrays(value).items()
    }
    return Stored(facts=facts, texts={}, arrays=arrays)


def opened_driving(stored: Stored, roads: RoadMap) -> Driving:
    slopes = Slopes(roads.hierarchy.parent, Slope(**_part(stored, "up")), Slope(**_part(stored, "down")))
    return Driving(slopes=slopes, **_part(stored, "driving"))


def _arrays(value: Any) -> dict[str, Any]:  # noqa: ANN401 - any of our dataclasses of arrays
    named = {field.name: getattr(value, field.name) for field in fields(value)}
    return {key: array for key, array in named.items() if isinstance(array, np.ndarray)}


def _part(stored: Stored, part: str) -> dict[str, Any]:
    prefix = f"{part}."
    return {
        key.removeprefix(prefix): np.asarray(array)
        for key, array in stored.arrays.items()
        if key.startswith(prefix)
    }
