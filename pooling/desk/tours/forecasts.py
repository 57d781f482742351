"""What a round is expected to carry, beside what came, for its operator and the carrier that drives it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from pooling.desk.actor import Actor
from pooling.load import Load, Temperature
from pooling.manifest import OnBoard
from pooling.runs.manifest_json import read_manifest
from pooling.store import Page, View
from pooling.store.fleet import list_vehicles
from pooling.store.forecasts import loads_moved, runs_ended
from pooling.store.rounds import find_round
from pooling.tours.forecast import (
    Came,
    Carried,
    Expected,
    Move,
    Van,
    carried,
    expected_by_weekday,
    looked_back,
    mean_miss,
    part_kg,
    planned_moves,
    smallest,
)

RUNS_READ_LIMIT = 60
"""How many ended runs of a round are looked at, the last ones."""

VANS_LOOKED_AT = Page(limit=100)


@dataclass(frozen=True)
class RoundForecast:
    """
    Hold what is expected of each weekday with the vehicle that would do, and the runs beside it.

    The vehicle is the carrier's smallest with room for the most that was on board at once; ``None``
    where its fleet has none. ``miss`` is by how many crates expectations were off in the mean.
    """

    days: tuple[tuple[Expected, Van | None], ...]
    came: tuple[Came, ...]
    miss: int | None


def seen_forecast(view: View, who: Actor, round_id: str) -> RoundForecast:
    """
    Return the forecast of a round to its operator and its carrier; to anybody else there is no round.

    A carrier that took a round over sees its own runs only: what another carried is not its business.
    """
    row = find_round(view, round_id)
    who.must_see("round", round_id, row.operator_id, row.carrier_id)
    sees_all = who.is_operator or who.acts_for(row.operator_id)
    runs = _runs(view, runs_ended(view, round_id, None if sees_all else [row.carrier_id], RUNS_READ_LIMIT))
    vans = _vans(view, row.carrier_id)
    came = looked_back(runs)
    days = tuple((one, smallest(vans, one.aboard)) for one in expected_by_weekday(runs))
    return RoundForecast(days, came, mean_miss(came))


def _runs(view: View, rows: Iterable[Row[Any]]) -> list[Carried]:
    manifests = list(rows)
    moves: dict[str, list[Move]] = {}
    for one in loads_moved(view, [row.id for row in manifests]):
        load = Load(Temperature(one.kind), one.crates, part_kg(one.kg, one.crates, one.agreed))
        moves.setdefault(one.manifest_id, []).append(Move(one.way, load))
    return [
        carried(row.day, moves[row.id])
        if row.id in moves
        else carried(row.day, planned_moves(read_manifest(row.body)), noted=False)
        for row in manifests
    ]


def _vans(view: View, carrier_id: str) -> list[Van]:
    rows, _ = list_vehicles(view, carrier_id, VANS_LOOKED_AT)
    return [
        Van(
            row.id,
            f"{row.name} · {row.plate}",
            OnBoard(row.ambient_crates, row.chilled_crates, row.frozen_crates, row.payload_kg),
        )
        for row in rows
        if row.state == "active"
    ]
