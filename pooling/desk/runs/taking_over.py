"""
Crates change vans on the road: a broken van's are taken over, or two vans meet at a place.

Either of the two drivers notes it and the other signs by the code of its van, so both have agreed. Each
shipment goes over whole: one record in its chain, and one van that holds it. What was agreed for its
carriage stands as it is, and with whom it was.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from sqlalchemy import Row

from geodata.refusal import Refusal
from pooling.desk.actor import Actor
from pooling.desk.desk import Desk, Moved
from pooling.desk.runs.codes import van_code
from pooling.desk.runs.handovers import must_be_under_way, seen_manifest, tell_handover
from pooling.desk.runs.left_behind import Left, VanBrokeDown
from pooling.desk.runs.recording import AHEAD_S, Hands, HappenedLater, Sight, read_chain, record
from pooling.desk.runs.repairing_runs import Mended, must_keep_hours, roads_of, tell_drop, write_mended
from pooling.desk.runs.signing import settle
from pooling.desk.runs.transport_papers import write_papers
from pooling.manifest import Manifest
from pooling.regimes import Regime
from pooling.runs.manifest_json import read_manifest
from pooling.runs.proof import same_code
from pooling.runs.repairing import Point, redated
from pooling.runs.taking_over import Load, Meeting, given_away, loads_of, taken_on
from pooling.store import Ask, Tx, View
from pooling.store.custody import chain_of
from pooling.store.manifests import find_handover, find_manifest, handovers_of, runs_under_way
from pooling.store.shipments import find_shipment
from pooling.store.tours import find_tour
from pooling.store.trips import find_trip

NAME_LIMIT = 120


class VanCodeWrong(Refusal):
    code = "van_code_wrong"
    reason = "This is the code of no other van under way."
    cure = "Ask its driver for it again: it stands on its manifest, under what has changed."


class NothingToTakeOver(Refusal):
    code = "nothing_to_take_over"
    reason = "Not on board of {number}: {shipment}."
    cure = "Only crates that were collected, and are not handed over yet, change vans."


class TakenOverWhole(Refusal):
    code = "taken_over_whole"
    reason = (
        "{held} {held:crate/crates} of {shipment} {held:is/are} on board; {crates} {crates:was/were} counted."
    )
    cure = "A shipment goes over whole: count again, or say that what is not there is missing."


class AboardBefore(Refusal):
    code = "aboard_before"
    reason = "These crates were on the van of {number} before: {shipment}."
    cure = "Let another van take them, or bring them back to who sent them."


class TakeOverRegime(Refusal):
    code = "take_over_regime"
    reason = "The van of {number} drives under {taker}; these crates ride under {giver}."
    cure = "Call a van of the same regime, or a registered carrier: it may carry all of them."


class VanWithoutLift(Refusal):
    code = "van_without_lift"
    reason = "The van of {number} has no tail lift, which these crates need: {shipment}."
    cure = "Call a van that has one."


@dataclass(frozen=True)
class TakeOverWords:
    """
    Hold what two drivers say of crates that change vans.

    ``way`` tells whether the run on which it is noted gives or takes them; ``code`` is that of the other van.
    ``counted`` maps shipments to their crates, all on board where nothing is named; ``missing_lost`` tells
    that what was not counted is missing.
    """

    way: Literal["give", "take"]
    code: str
    counted: Mapping[str, int] = field(default_factory=dict)
    missing_lost: bool = False
    note: str = ""
    happened_at: int | None = None
    lat: float | None = None
    lon: float | None = None
    anyway: bool = False


@dataclass(frozen=True)
class _Over:
    """Hold both runs, what goes over, and the next edition of each."""

    giver: Mended
    taker: Mended
    loads: tuple[Load, ...]
    held: Mapping[str, int]
    meeting: Meeting


def take_over(desk: Desk, who: Actor, ask: Ask, manifest_id: str, words: TakeOverWords) -> str:
    """Note that crates went from van to van; returns the manifest on which it was noted."""

    def decide(view: View) -> _Over:
        own = seen_manifest(view, who, manifest_id)
        other = _van_of(view, words.code, manifest_id)
        giver, taker = (own, other) if words.way == "give" else (other, own)
        for row in (giver, taker):
            must_be_under_way(row)
        return _decided(desk, view, giver, taker, words)

    def save(tx: Tx, over: _Over) -> str:
        tx = tx.by_house()
        giver = over.giver.row
        if _held(tx, giver, over.giver.old, words) != over.held:  # a count was corrected meanwhile
            raise Moved
        for run in (over.giver, over.taker):
            write_mended(tx, run)
        shipments = [one.handling.shipment for one in over.loads]
        write_papers(tx, find_manifest(tx, over.taker.row.id), frozenset(shipments))
        for one in over.loads:
            _noted(tx, who, over, one, words)
        return manifest_id

    return desk.once_decided(ask, decide, save)


def _van_of(view: View, code: str, own_id: str) -> Row[Any]:
    """Return the run of the van whose driver said this code."""
    given = code.replace(" ", "")
    for row in runs_under_way(view.by_house()):
        expected = van_code(view, row.id)
        if row.id != own_id and expected and same_code(given, expected):
            return row
    raise VanCodeWrong


def _decided(desk: Desk, view: View, giver: Row[Any], taker: Row[Any], words: TakeOverWords) -> _Over:
    old, other = read_manifest(giver.body), read_manifest(taker.body)
    if other.regime not in (old.regime, Regime.TRANSPORTEUR):
        raise TakeOverRegime(number=taker.number, taker=other.regime, giver=old.regime)
    ride = (find_tour if taker.ride_kind == "tour" else find_trip)(view.by_house(), taker.ride_id)
    noted, seen = (frozenset(handovers_of(view, row.id)) for row in (giver, taker))
    held = _held(view, giver, old, words)
    loads = loads_of(old, {one: words.counted.get(one, crates) for one, crates in held.items()})
    for one in loads:
        if one.handling.tail_lift and not ride.tail_lift:
            raise VanWithoutLift(number=taker.number, shipment=_said(one))
        _must_count_all(one, held[one.handling.shipment], words)
        if any(row.manifest_id == taker.id for row in chain_of(view, one.handling.shipment)):
            raise AboardBefore(number=taker.number, shipment=_said(one))
    meeting = _meeting(view, old, noted, words)
    away = given_away(old, loads, meeting, noted, roads_of(desk, old, meeting.at))
    drops = [(one.drop.lat, one.drop.lon) for one in loads]
    theirs, here = _on_their_day(old, other, loads), _told_on(other, view, words, meeting)
    on = taken_on(other, theirs, here, seen, roads_of(desk, other, meeting.at, *drops))
    must_keep_hours(other, on, seen, anyway=words.anyway)
    over = frozenset(one.handling.shipment for one in loads)
    left = Left(VanBrokeDown(number=giver.number))
    return _Over(
        Mended(giver, old, away, frozenset(), left, over=over),
        Mended(taker, other, on, frozenset(), left, over=over),
        loads,
        held,
        meeting,
    )


def _held(view: View, giver: Row[Any], old: Manifest, words: TakeOverWords) -> dict[str, int]:
    """Count the crates on board of those that are named, or of all; refuses what is not there."""
    aboard: dict[str, int] = {}
    for (shipment_id, way), noted in handovers_of(view, giver.id).items():
        moved = noted.crates if way == "on" else -noted.crates - noted.lost
        aboard[shipment_id] = aboard.get(shipment_id, 0) + moved
    aboard = {one: crates for one, crates in aboard.items() if crates > 0}
    dropped = {one.shipment for stop in old.stops for one in stop.handlings if one.way == "off"}
    known = {one: crates for one, crates in aboard.items() if one in dropped}
    wanted = words.counted or known
    missing = [one for one in wanted if one not in known]
    if missing or not wanted:
        raise NothingToTakeOver(number=giver.number, shipment=", ".join(missing) or "–")
    return {one: known[one] for one in wanted}


def _must_count_all(one: Load, held: int, words: TakeOverWords) -> None:
    counted = one.handling.crates
    if counted > held or counted < (1 if words.missing_lost else held):
        raise TakenOverWhole(held=held, crates=counted, shipment=_said(one))


def _said(load: Load) -> str:
    return f"{load.handling.shipper} → {load.handling.consignee}"


def _meeting(view: View, old: Manifest, noted: frozenset[tuple[str, str]], words: TakeOverWords) -> Meeting:
    """Say where and when the vans met: where a driver says, else where the one that gives called last."""
    if _happened_at(view, words) > view.now_at + AHEAD_S:
        raise HappenedLater
    behind = [stop for stop in old.stops if any((one.shipment, one.way) in noted for one in stop.handlings)]
    point: Point = (behind[-1].lat, behind[-1].lon) if behind else old.line[0]
    if words.lat is not None and words.lon is not None:
        point = words.lat, words.lon
    return _told_on(old, view, words, Meeting(old.vehicle, point, ""))


def _told_on(manifest: Manifest, view: View, words: TakeOverWords, meeting: Meeting) -> Meeting:
    """Say when two vans met as a manifest says hours; on the eve, on which it may load, as it departs."""
    local = datetime.fromtimestamp(_happened_at(view, words), UTC).astimezone(ZoneInfo(manifest.timezone))
    days = (local.date() - date.fromisoformat(manifest.date)).days
    return replace(meeting, hour=manifest.departs if days < 0 else f"{local:%H:%M}", next_day=days > 0)


def _on_their_day(old: Manifest, other: Manifest, loads: Sequence[Load]) -> tuple[Load, ...]:
    """Return what goes over with the hours of its drops as the manifest that takes it says hours."""
    days = (date.fromisoformat(other.date) - date.fromisoformat(old.date)).days
    return tuple(replace(one, drop=redated(one.drop, days)) for one in loads) if days else tuple(loads)


def _happened_at(view: View, words: TakeOverWords) -> int:
    return view.now_at if words.happened_at is None else words.happened_at


def _noted(tx: Tx, who: Actor, over: _Over, load: Load, words: TakeOverWords) -> None:
    """Write the record of one shipment, put its money right, and tell everybody concerned."""
    giver, taker = over.giver.row, over.taker.row
    shipment = find_shipment(tx, load.handling.shipment)
    crates = load.handling.crates
    met = next(stop.number for stop in over.taker.new.stops if load.on in stop.handlings)
    lost = over.held[shipment.id] - crates
    sight = Sight(
        crates=crates,
        lost=lost,
        condition="short" if lost else "good",
        receiver=f"{over.giver.old.driver} → {over.taker.old.driver}"[:NAME_LIMIT],
        note=words.note,
        happened_at=words.happened_at,
        lat=over.meeting.at[0],
        lon=over.meeting.at[1],
    )
    hands = Hands(taker, met, "over", giver.carrier_id, taker.carrier_id, None)
    noted_id = record(tx, who, read_chain(tx, shipment), hands, sight, proven=True)
    settle(tx, taker, read_chain(tx, find_shipment(tx, shipment.id)))
    noted = find_handover(tx, noted_id)
    tell_handover(tx, taker, shipment, noted, "handover.taken_over", {giver.carrier_id})
    tell_drop(tx, over.taker.new, shipment)
