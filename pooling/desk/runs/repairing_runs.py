"""
Repair a frozen ride: something is called off, it is late, it has broken down.

A later edition takes the manifest's place, with what changed; the one before stays readable. Handovers that
were noted stand. Who is concerned is told: new hours, or that its crates stay behind. What is called off, and
what a broken van never collected, is free again at once.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from sqlalchemy import Row

from geodata.place import Place
from geodata.refusal import Refusal
from pooling.desk.actor import Actor, NotAllowed
from pooling.desk.desk import Desk, moved_if_changed
from pooling.desk.reasons import reason_words
from pooling.desk.runs.departing import ManifestClosed
from pooling.desk.runs.handovers import NotOnManifest, seen_manifest
from pooling.desk.runs.left_behind import CalledOff, Left, VanBrokeDown, free_left_behind
from pooling.desk.states import said
from pooling.manifest import Manifest, moment_of_hour, whose_crates
from pooling.phrases import message
from pooling.runs.manifest_json import manifest_json, read_manifest
from pooling.runs.repairing import Late, Point, Repair, WayOf, repaired, stops_done, too_late
from pooling.site import Site
from pooling.store import Ask, Tx, View
from pooling.store.bids import hours_moved
from pooling.store.manifests import accepted_bid, handovers_of
from pooling.store.rows import added, changed
from pooling.store.schema import fresh_id
from pooling.store.shipments import find_shipment
from pooling.store.sites import find_site
from pooling.store.touring import manifest, manifest_edition
from pooling.store.tours import sign_up_hours_moved
from routing.problem import Window

CALLED_OFF = message("a shipment was called off")
IS_LATE = message("the vehicle is late")
BROKE_DOWN = message("the vehicle has broken down")
LATE_MIN_LIMIT = 12 * 60
EDITIONS_LIMIT = 50


class AboardAlready(Refusal):
    code = "aboard_already"
    reason = (
        "Noted at their pickup already: {shipper} → {consignee}, crates: {crates}. "
        "They cannot be called off any more."
    )
    cure = "Hand it over, or note at its drop why it could not be."


class NotSetOut(Refusal):
    code = "not_set_out"
    reason = "Manifest {number} has not set out: nothing is on board that a breakdown could strand."
    cure = "Cancel the trip or tour, or send another vehicle: its plate is named on the manifest."


class PromisesBreak(Refusal):
    code = "promises_break"
    reason = (
        "So late, {count} {count:handover begins/handovers begin} after the hour until "
        "which {count:it/they} may: {whom}."
    )
    cure = "Ring them first; then say it again, knowing this: they may leave for nothing then."


class ShipmentUnnamed(Refusal):
    code = "shipment_unnamed"
    reason = "To call something off, its shipment must be named."
    cure = "Name one of the shipments on the manifest's stops."


class RepairUnexplained(Refusal):
    code = "repair_unexplained"
    reason = "Crates are not called off without a word on why."
    cure = "Write the reason: whoever pays for them, and who receives them, will read it."


class LateTooSoon(Refusal):
    code = "late_too_soon"
    reason = "Manifest {number} is for {day}: no vehicle is late before that day."
    cure = "Say so on the day itself; call off what cannot be carried, with a reason."


class NotLate(Refusal):
    code = "not_late"
    reason = "Late by no minute is not late."
    cure = "Say how many minutes, at least 1."


class TooManyEditions(Refusal):
    code = "too_many_editions"
    reason = "Manifest {number} was changed {limit} times; it is not changed again."
    cure = "Note on the way what happens at each stop."


@dataclass(frozen=True)
class RepairWords:
    """
    Hold what happened: ``cancel`` a shipment, for a ``reason``, ``late`` by minutes, or ``lost``.

    ``anyway`` tells that whoever says so knows whose hours can no longer be kept.
    """

    kind: Literal["cancel", "late", "lost"]
    shipment_id: str = ""
    minutes: int = 0
    anyway: bool = False
    reason: str = ""


@dataclass(frozen=True)
class Mended:
    """
    Hold a manifest with the edition that takes its place, and why some stay behind, where any do.

    ``broken`` are those not yet collected whose hours it keeps no longer: they may leave for nothing.
    ``over`` change vans: their hours are told by whoever takes them.
    """

    row: Row[Any]
    old: Manifest
    new: Manifest
    gone: frozenset[str]
    left: Left
    broken: frozenset[str] = frozenset()
    over: frozenset[str] = frozenset()


def repair_manifest(desk: Desk, who: Actor, ask: Ask, manifest_id: str, words: RepairWords) -> str:
    """Write the next edition of a manifest, after what happened to its ride."""

    def decide(view: View) -> Mended:
        row = seen_manifest(view, who, manifest_id)
        _must_say_all(words)
        if row.state not in ("frozen", "under_way"):
            raise ManifestClosed(number=row.number, state=said(row.state))
        if words.kind != "late" and not (who.is_operator or who.acts_for(row.carrier_id)):
            raise NotAllowed(who="its operator, or whoever manages its carrier or owner")
        if words.kind == "late":
            _must_be_the_day(view, row)
        return _decided(desk, view, row, words, _left(who, row, words))

    def save(tx: Tx, mended: Mended) -> str:
        write_mended(tx, mended)
        return manifest_id

    return desk.once_decided(ask, decide, save)


def _must_be_the_day(view: View, row: Row[Any]) -> None:
    """Refuse to be late for a run that has not set out before its own local day."""
    zone = ZoneInfo(read_manifest(row.body).timezone)
    if row.state == "frozen" and datetime.fromtimestamp(view.now_at, UTC).astimezone(zone).date() < row.day:
        raise LateTooSoon(number=row.number, day=row.day)


def _must_say_all(words: RepairWords) -> None:
    if words.kind == "late" and words.minutes < 1:
        raise NotLate
    if words.kind == "cancel" and not words.shipment_id:
        raise ShipmentUnnamed
    if words.kind == "cancel" and not words.reason.strip():
        raise RepairUnexplained


def _left(who: Actor, row: Row[Any], words: RepairWords) -> Left:
    """Say why what goes stays behind; an operator that calls off for nobody of its own is at no fault."""
    if words.kind == "cancel":
        by_carrier = who.acts_for(row.carrier_id)
        return Left(CalledOff(number=row.number, why=words.reason), "carrier" if by_carrier else "")
    return Left(VanBrokeDown(number=row.number))


def _decided(desk: Desk, view: View, row: Row[Any], words: RepairWords, left: Left) -> Mended:
    old = read_manifest(row.body)
    noted = frozenset(handovers_of(view, row.id))
    gone = _gone(row, old, noted, words)
    repair = Repair(
        why={"cancel": CALLED_OFF, "late": IS_LATE, "lost": BROKE_DOWN}[words.kind],
        gone=gone,
        late_min=words.minutes if words.kind == "late" else 0,
        done=stops_done(old, noted),
        away=row.state == "under_way",
    )
    written = mended(desk, row, old, repair, left)
    breaks = must_keep_hours(old, written.new, noted, anyway=words.anyway)
    broken = {one.handling.shipment for one in breaks}
    return replace(written, broken=frozenset(one for one in broken if (one, "on") not in noted))


def must_keep_hours(
    old: Manifest, new: Manifest, noted: frozenset[tuple[str, str]], *, anyway: bool
) -> list[Late]:
    """Return what a later edition makes late; refuses it unless whoever says so knows whom that concerns."""
    before = {(one.handling.shipment, one.handling.way) for one in too_late(old, noted)}
    breaks = [one for one in too_late(new, noted) if (one.handling.shipment, one.handling.way) not in before]
    if breaks and not anyway:
        raise PromisesBreak(count=len(breaks), whom=_whom(breaks), breaks=_listed(breaks))
    return breaks


def mended(desk: Desk, row: Row[Any], old: Manifest, repair: Repair, left: Left) -> Mended:
    """Make the next edition of a manifest."""
    if row.edition >= EDITIONS_LIMIT:
        raise TooManyEditions(number=row.number, limit=EDITIONS_LIMIT)
    return Mended(row, old, repaired(old, repair, roads_of(desk, old)), repair.gone, left)


def _gone(
    row: Row[Any], old: Manifest, noted: frozenset[tuple[str, str]], words: RepairWords
) -> frozenset[str]:
    """Name what stays behind: what is called off, or all that a broken van has not collected."""
    known = {one.shipment for stop in old.stops for one in stop.handlings}
    if words.kind == "cancel":
        if words.shipment_id not in known:
            raise NotOnManifest(number=row.number, shipment=words.shipment_id)
        if (words.shipment_id, "on") in noted:
            raise AboardAlready(shipment=words.shipment_id, **whose_crates(old, words.shipment_id))
        return frozenset({words.shipment_id})
    if words.kind == "lost":
        if row.state == "frozen":
            raise NotSetOut(number=row.number)
        return frozenset(one for one in known if (one, "on") not in noted)
    return frozenset()


def roads_of(desk: Desk, old: Manifest, *more: Point) -> WayOf:
    """Return the way on the road between any two points of a manifest, or of these."""
    points = [*old.line[:1], *((stop.lat, stop.lon) for stop in old.stops), *old.line[-1:], *more]
    sites = [_site(point) for point in dict.fromkeys(points)]
    ground, way, _ = desk.grounds.way(sites)
    return lambda start, end: way(ground.row[_name(start)], ground.row[_name(end)])


def _site(point: Point) -> Site:
    return Site(_name(point), "", "", Place(lat=point[0], lon=point[1]), (Window(0, 24 * 3600),))


def _name(point: Point) -> str:
    return f"{point[0]!r},{point[1]!r}"


def _whom(breaks: Iterable[Late]) -> str:
    """Name the places with the hour now, the hour until which, and whom to ring."""
    stops = {one.stop.number: one.stop for one in breaks}
    return "; ".join(
        " ".join(filter(None, (stop.site, stop.begins, f"(≤ {stop.until_hour})", stop.contact, stop.phone)))
        for stop in stops.values()
    )


def _listed(breaks: Iterable[Late]) -> dict[str, object]:
    return {
        f"{one.handling.shipment}/{one.handling.way}": {
            "site": one.stop.site,
            "now": one.stop.begins,
            "until": one.stop.until_hour,
            "phone": one.stop.phone,
        }
        for one in breaks
    }


def write_mended(tx: Tx, mended: Mended) -> None:
    """Write the next edition, free what stays behind, and tell everybody whom it concerns."""
    row, new = mended.row, mended.new
    values = {"number": new.number, "body": manifest_json(new), "edition": new.edition}
    moved_if_changed(lambda: changed(tx, manifest, row, values))
    if row.edition == 1:  # kept as of its own moment: editions are listed by their ids, which sort by age
        first = {"id": fresh_id("edn", row.created_at - 1), "created_at": row.created_at}
        _edition(tx, row.id, 1, row.number, row.body, **first)
    _edition(tx, row.id, new.edition, new.number, manifest_json(new))
    free_left_behind(tx, row, mended.gone, mended.left)
    for one in sorted(mended.gone):
        told, why = _parties(tx, find_shipment(tx, one)), mended.left.why
        facts = {"day": str(row.day), "why": reason_words(why)}
        tx.tell("shipment.left_behind", "shipment", one, told, **facts)
    moved = {one.shipment for one in new.changes if one.kind in ("later", "earlier")}
    for one in sorted(moved - mended.over):
        _tell_hours(tx, mended, find_shipment(tx, one))
    for one in sorted(mended.broken):
        tx.tell("hours.not_kept", "shipment", one, {find_shipment(tx, one).payer_id}, day=str(row.day))
    tx.tell("manifest.repaired", row.ride_kind, row.ride_id, {row.carrier_id}, day=str(row.day))


def _edition(tx: Tx, manifest_id: str, edition: int, number: str, body: str, **more: object) -> None:
    words = {"manifest_id": manifest_id, "edition": edition, "number": number, "body": body}
    added(tx, manifest_edition, "edn", **words, **more)


def _tell_hours(tx: Tx, mended: Mended, shipment: Row[Any]) -> None:
    """Note the new hours of a shipment, and tell all whom they concern."""
    row = mended.row
    hours = _hours(mended.new, shipment.id)
    if row.ride_kind == "trip":
        bid = accepted_bid(tx, row.ride_id, shipment.id)
        if bid is not None:
            hours_moved(tx, bid.id, hours["pickup_at"], hours["drop_at"])
    else:
        sign_up_hours_moved(tx, row.ride_id, shipment.id, hours["pickup_at"], hours["drop_at"])
    sends = {shipment.shipper_id, shipment.payer_id}
    tx.tell("hours.changed", "shipment", shipment.id, sends, **hours)
    receives = _parties(tx, shipment) - sends
    if receives:
        tx.tell("hours.changed", "shipment", shipment.id, receives, drop_at=hours["drop_at"])


def tell_drop(tx: Tx, new: Manifest, shipment: Row[Any]) -> None:
    """Tell whoever has a part in crates that changed vans when they will be there."""
    drop_at = _hours(new, shipment.id)["drop_at"]
    tx.tell("hours.changed", "shipment", shipment.id, _parties(tx, shipment), drop_at=drop_at)


def _hours(new: Manifest, shipment_id: str) -> dict[str, int]:
    begins = {
        one.way: int(moment_of_hour(new, stop, "begins").timestamp())
        for stop in new.stops
        for one in stop.handlings
        if one.shipment == shipment_id
    }
    return {"pickup_at": begins["on"], "drop_at": begins["off"]}


def _parties(tx: Tx, shipment: Row[Any]) -> set[str]:
    """Name who sends, who pays, and who receives."""
    return {shipment.shipper_id, shipment.payer_id, find_site(tx, shipment.to_site_id).party_id}
