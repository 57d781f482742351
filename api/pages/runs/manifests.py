"""
Manifests on a phone: the next stop first, one big button for each shipment that goes on or off.

The driver sees what the manifest says and nothing more of anybody's business.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil
from typing import Any

from fastapi import APIRouter
from sqlalchemy import Row
from starlette.responses import Response

from api.files.manifest_papers import PaperForm, paper_answer
from api.pages.forms import Filled, FilledWithFile, Form
from api.pages.lists import coming_first, part_of
from api.pages.names import party_names
from api.pages.press import answer, page
from api.pages.runs.custody import degrees
from api.pages.runs.sight import BESIDE, code_typed, photo_of, place_typed, sight_of
from api.pages.states import BLAMES, CONDITIONS, MANIFESTS, NEXT_WORDS, REASON_WORDS, colour
from api.pages.visit import Signed, Visit
from api.papers.labels import LABELS_PER_FILE
from api.papers.remarks import kept
from api.papers.sheet import Sheet, sheet_of
from api.papers.words import Words
from geodata.refusal import Refusal
from pooling.carriers.plates import PLATE
from pooling.desk.runs.codes import van_code
from pooling.desk.runs.departing import name_vehicle
from pooling.desk.runs.handovers import HandoverWords, begin_run, end_run, hand_over, seen_manifest
from pooling.desk.runs.naming_loads import name_load
from pooling.desk.runs.repairing_runs import LATE_MIN_LIMIT, RepairWords, repair_manifest
from pooling.desk.runs.taking_over import TakeOverWords, take_over
from pooling.desk.runs.transport_papers import papers_on
from pooling.desk.runs.waiting import WAITED_MIN_LIMIT, WaitWords, correct_waiting, note_waiting
from pooling.goods.warmth import limit_tenths
from pooling.load import CRATES_LIMIT
from pooling.manifest import Handling, Manifest, ManifestStop
from pooling.party import Role
from pooling.phrases import message
from pooling.runs.manifest_json import read_manifest
from pooling.runs.mishaps import reasons_at
from pooling.runs.transport_paper import NAMES, TransportPaper
from pooling.store.manifests import find_edition, handovers_of, last_plate, list_manifests
from pooling.store.waiting import waitings_of

router = APIRouter()

COUNT_FIELD = "over-"

Seen = Mapping[tuple[str, str], Row[Any]]


@dataclass(frozen=True)
class Task:
    """
    Hold one shipment going on or off, with what was noted of it; ``off_board`` was never collected.

    ``crates`` are those to be handed over: of what was taken, no more. ``limit`` is how warm they may be.
    """

    handling: Handling
    noted: Row[Any] | None
    off_board: bool
    crates: int
    limit: str

    @property
    def waits(self) -> bool:
        return self.noted is None and not self.off_board


@dataclass(frozen=True)
class Halt:
    """Hold a stop with its tasks; what goes off comes first, for it makes room."""

    stop: ManifestStop
    tasks: tuple[Task, ...]

    @property
    def waits(self) -> bool:
        return any(task.waits for task in self.tasks)


@router.get("/manifests")
def listed(visit: Signed) -> Response:
    parties = None if visit.who.is_operator else visit.who.parties
    with visit.desk.store.view() as view:
        rows, after = list_manifests(view, parties, part_of(visit))
        names = party_names(view, [row.carrier_id for row in rows])
    sheets = {row.id: read_manifest(row.body) for row in rows}
    by_hour = sorted(rows, key=lambda row: sheets[row.id].departs)
    return page(
        visit,
        "manifests.html",
        manifests=coming_first(visit, by_hour, lambda row: visit.moments.seconds(row.day, 0)),
        titles=sheets,
        after=after,
        names=names,
        states=MANIFESTS,
        colour=colour,
        sends_events=visit.role == Role.CARRIER and visit.party is not None,
    )


@router.get("/manifests/{manifest_id}")
def one(visit: Signed, manifest_id: str) -> Response:
    return _manifest(visit, manifest_id, Form(), None)


@router.get("/manifests/{manifest_id}/paper.{form}")
def paper(visit: Signed, manifest_id: str, form: PaperForm, part: int = 1) -> Response:
    """Give one paper of a manifest."""
    with visit.desk.store.view() as view:
        row = seen_manifest(view, visit.who, manifest_id)
        return paper_answer(view, visit.house.region, row, form, visit.words.language, part)


@router.post("/manifests/{manifest_id}/vehicle")
def vehicle(visit: Signed, form: Filled, manifest_id: str) -> Response:
    """Name the vehicle before it sets out."""

    def do() -> str:
        plate = form.name("plate", limit=20)
        if plate and not re.fullmatch(PLATE, plate):
            form.wrong("plate", message("Letters and figures, such as AB-123-CD."))
        form.check()
        return name_vehicle(visit.desk, visit.who, form.ask, manifest_id, plate)

    return _on_manifest(visit, form, manifest_id, do, "saved")


@router.post("/manifests/{manifest_id}/goods")
def goods(visit: Signed, form: Filled, manifest_id: str) -> Response:
    """Name what some crates hold, where nobody did: a waybill needs it."""

    def do() -> str:
        said = form.text("goods", limit=120)
        form.check()
        return name_load(visit.desk, visit.who, form.ask, form.text("shipment", limit=40), said)

    return _on_manifest(visit, form, manifest_id, do, "saved")


@router.post("/manifests/{manifest_id}/begin")
def begin(visit: Signed, form: Filled, manifest_id: str) -> Response:
    return _on_manifest(
        visit, form, manifest_id, lambda: begin_run(visit.desk, visit.who, form.ask, manifest_id), "begun"
    )


@router.post("/manifests/{manifest_id}/end")
def end(visit: Signed, form: Filled, manifest_id: str) -> Response:
    return _on_manifest(
        visit, form, manifest_id, lambda: end_run(visit.desk, visit.who, form.ask, manifest_id), "ended"
    )


@router.post("/manifests/{manifest_id}/handovers")
def note(visit: Signed, sent: FilledWithFile, manifest_id: str) -> Response:
    """Note one shipment as done, or as one that could not be, with its photo and place."""
    form = sent.form

    def do() -> str:
        words = HandoverWords(
            **sight_of(visit, form),
            shipment_id=form.text("shipment", limit=40),
            way="on" if form.value("way") == "on" else "off",
            outcome="failed" if form.value("outcome") in ("failed", "nobody") else "done",
            nobody_there=form.value("outcome") == "nobody",
            code=code_typed(form),
        )
        form.check()
        words = replace(words, photo=photo_of(visit, sent, manifest_id))
        return hand_over(visit.desk, visit.who, form.ask, manifest_id, words)

    return _on_manifest(visit, form, manifest_id, do, "handed_over")


def _on_manifest(visit: Visit, form: Form, manifest_id: str, do: Callable[[], str], said: str) -> Response:
    return answer(
        form,
        do,
        then=lambda _: f"/manifests/{manifest_id}",
        again=lambda refusal: _manifest(visit, manifest_id, form, refusal),
        said=said,
        beside=BESIDE,
    )


def _manifest(visit: Visit, manifest_id: str, form: Form, refusal: Refusal | None) -> Response:
    with visit.desk.store.view() as view:
        row = seen_manifest(view, visit.who, manifest_id)
        seen = handovers_of(view, manifest_id)
        papers = papers_on(view, row)
        plate = row.plate or last_plate(view, row.carrier_id)
        van = van_code(view, row.id)
        waits = waitings_of(view, row.id)
    written = read_manifest(row.body)
    halts = _halts(written, seen, visit.words)
    following = next((halt for halt in halts if halt.waits), None)
    sheet: Sheet = sheet_of(written, visit.words)
    everywhere = lacked_everywhere(papers)
    return page(
        visit,
        "manifest.html",
        form=form,
        refusal=refusal,
        row=row,
        sheet=sheet,
        written=written,
        halts=halts,
        following=following,
        said_of={halt.number: halt for halt in sheet.halts},
        conditions=CONDITIONS,
        reason_words=REASON_WORDS,
        next_words=NEXT_WORDS,
        reasons_at=reasons_at,
        states=MANIFESTS,
        colour=colour,
        kept=kept,
        papers=papers,
        everywhere=[NAMES[name] for name in everywhere],
        lacking=lacking(papers, everywhere),
        for_hire=written.regime == "transporteur",
        plate=plate,
        label_parts=_label_parts(written),
        callable_off=_not_collected(halts),
        aboard=[task for halt in halts for task in halt.tasks if _is_aboard(task, seen)],
        van=f"{van[:4]} {van[4:]}",
        waits=waits,
        waited_for=_waited_for(halts),
        blames=BLAMES,
        manages=visit.who.is_operator or visit.who.acts_for(row.carrier_id),
    )


@router.post("/manifests/{manifest_id}/repairs")
def repair(visit: Signed, form: Filled, manifest_id: str) -> Response:
    """Say what happened: late by minutes, a shipment called off, broken down."""

    def do() -> str:
        kind = form.choice("kind", ("cancel", "late", "lost"))
        words = RepairWords(
            kind=kind,  # type: ignore[arg-type]
            shipment_id=form.text("shipment", limit=40) if kind == "cancel" else "",
            minutes=form.whole("minutes", 1, LATE_MIN_LIMIT) if kind == "late" else 0,
            anyway=form.ticked("anyway"),
            reason=form.text("reason", limit=500) if kind == "cancel" else "",
        )
        form.check()
        return repair_manifest(visit.desk, visit.who, form.ask, manifest_id, words)

    return _on_manifest(visit, form, manifest_id, do, "manifest_changed")


@router.post("/manifests/{manifest_id}/take-overs")
def over(visit: Signed, form: Filled, manifest_id: str) -> Response:
    """Note that crates went over to another van, or came from one."""

    def do() -> str:
        way = form.choice("way", ("give", "take"))
        place: dict[str, Any] = place_typed(form)
        words = TakeOverWords(
            way=way,  # type: ignore[arg-type]
            code=form.text("code", limit=12),
            counted=_counted(form) if way == "give" else {},
            missing_lost=form.ticked("missing_lost"),
            note=form.text("note", limit=500, needed=False),
            anyway=form.ticked("anyway"),
            **place,
        )
        form.check()
        return take_over(visit.desk, visit.who, form.ask, manifest_id, words)

    return _on_manifest(visit, form, manifest_id, do, "manifest_changed")


def _counted(form: Form) -> dict[str, int]:
    """Read how many crates of each shipment go over; a field that is left empty names none of them."""
    named = [name for name in form.fields if name.startswith(COUNT_FIELD) and form.value(name).strip()]
    return {name.removeprefix(COUNT_FIELD): form.whole(name, 1, CRATES_LIMIT) for name in named}


@router.post("/manifests/{manifest_id}/waitings")
def waited(visit: Signed, form: Filled, manifest_id: str) -> Response:
    """Note waiting at a stop, or put another note in the place of one that was wrong."""

    def do() -> str:
        wrong, fault = form.value("wrong"), form.choice("fault", BLAMES)
        minutes = form.whole("waited", 0 if wrong else 1, WAITED_MIN_LIMIT)
        note = form.text("note", limit=500)
        form.check()
        if wrong:
            return correct_waiting(visit.desk, visit.who, form.ask, wrong, minutes, fault, note)  # type: ignore[arg-type]
        shipment, _, way = form.value("handling").partition(" ")
        words = WaitWords(shipment, "off" if way == "off" else "on", minutes, fault, note)  # type: ignore[arg-type]
        return note_waiting(visit.desk, visit.who, form.ask, manifest_id, words)

    return _on_manifest(visit, form, manifest_id, do, "saved")


@router.get("/manifests/{manifest_id}/editions/{edition}")
def edition(visit: Signed, manifest_id: str, edition: int) -> Response:
    """Show an edition as it was written; a superseded one says so."""
    with visit.desk.store.view() as view:
        row = seen_manifest(view, visit.who, manifest_id)
        written = read_manifest(find_edition(view, row, edition).body)
    return page(
        visit,
        "edition.html",
        row=row,
        sheet=sheet_of(written, visit.words),
        superseded=edition < row.edition,
    )


def _not_collected(halts: tuple[Halt, ...]) -> dict[str, str]:
    """Name what can still be called off."""
    return {
        task.handling.shipment: f"{task.handling.shipper} → {task.handling.consignee}"
        for halt in halts
        for task in halt.tasks
        if task.handling.way == "on" and task.noted is None
    }


def lacked_everywhere(papers: Sequence[TransportPaper]) -> list[str]:
    """Return what all of several papers lack, such as the plate, to be said once; goods are told apart."""
    if len(papers) < 2:
        return []
    same = set(papers[0].missing).intersection(*(one.missing for one in papers[1:])) - {"goods"}
    return [name for name in papers[0].missing if name in same]


def lacking(
    papers: Sequence[TransportPaper], everywhere: Sequence[str]
) -> list[tuple[TransportPaper, list[str]]]:
    lacks = [(one, [NAMES[name] for name in one.missing if name not in everywhere]) for one in papers]
    return [(one, fields) for one, fields in lacks if fields]


def _waited_for(halts: tuple[Halt, ...]) -> dict[str, str]:
    """Name each handover by its place and whose crates it is: one may have waited for any of them."""
    return {
        f"{task.handling.shipment} {task.handling.way}": (
            f"{halt.stop.site}: {task.handling.shipper} → {task.handling.consignee}"
        )
        for halt in halts
        for task in halt.tasks
    }


def _is_aboard(task: Task, seen: Seen) -> bool:
    """Tell whether a shipment waits on board to be handed over."""
    return task.handling.way == "off" and task.waits and (task.handling.shipment, "on") in seen


def _label_parts(written: Manifest) -> range:
    """Number the files that its labels fill."""
    crates = sum(each.crates for stop in written.stops for each in stop.handlings if each.way == "off")
    return range(1, ceil(crates / LABELS_PER_FILE) + 1)


def _halts(written: Manifest, seen: Seen, words: Words) -> tuple[Halt, ...]:
    return tuple(
        Halt(
            stop,
            tuple(
                _task(each, seen, words)
                for each in sorted(stop.handlings, key=lambda each: each.way != "off")
            ),
        )
        for stop in written.stops
    )


def _task(each: Handling, seen: Seen, words: Words) -> Task:
    taken, limit = seen.get((each.shipment, "on")), limit_tenths(each.temperature, each.food)
    return Task(
        each,
        seen.get((each.shipment, each.way)),
        _never_collected(each, seen),
        crates=taken.crates if taken is not None and each.way == "off" else each.crates,
        limit="" if limit is None else degrees(words, limit),
    )


def _never_collected(each: Handling, seen: Seen) -> bool:
    collected = seen.get((each.shipment, "on"))
    return each.way == "off" and collected is not None and collected.outcome != "done"
