"""Who holds a shipment's crates, in plain words; passed on and corrected by whoever carries them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from fastapi import APIRouter
from sqlalchemy import Row
from starlette.responses import Response

from api.pages.forms import FilledWithFile, Form
from api.pages.names import party_names
from api.pages.press import answer, go, page
from api.pages.runs.sight import BESIDE, code_typed, photo_of, sight_of
from api.pages.states import FAULTS, NEXT_WORDS, PASSES, REASON_WORDS, SHIPMENTS, WAY_WORDS, colour
from api.pages.visit import Signed, Visit
from api.papers.words import Words
from geodata.refusal import Refusal
from pooling.desk.runs.correcting import CorrectionWords, correct_handover
from pooling.desk.runs.custody import (
    PassWords,
    SeenCustody,
    pass_on,
    run_of_holder,
    seen_custody,
    seen_handover,
)
from pooling.desk.runs.photos import seen_photo
from pooling.goods.warmth import limit_tenths, too_warm
from pooling.runs.mishaps import fault_of
from pooling.store import View
from pooling.store.sites import sites_by_id

router = APIRouter()


@dataclass(frozen=True)
class Line:
    """Hold one record as it is told: who, what was wrong, how warm; ``over`` where it was corrected."""

    row: Row[Any]
    giver: str
    taker: str
    way: str
    reason: str
    fault: str
    next_step: str
    warmth: str
    too_warm: bool
    over: bool


@dataclass(frozen=True)
class Told:
    """Hold a custody as a page tells it: who holds how many, each record, and the codes to say."""

    seen: SeenCustody
    holders: tuple[tuple[str, int], ...]
    lines: tuple[Line, ...]


@router.get("/shipments/{shipment_id}/custody")
def one(visit: Signed, shipment_id: str) -> Response:
    return _custody(visit, shipment_id, Form(), None)


@router.get("/handovers/{handover_id}")
def record(visit: Signed, handover_id: str) -> Response:
    """Go to the page on which a record stands: a mail that tells of it leads here."""
    with visit.desk.store.view() as view:
        shipment_id = seen_handover(view, visit.who, handover_id).shipment_id
    return go(f"/shipments/{shipment_id}/custody")


@router.get("/handovers/{handover_id}/photo")
def photo(visit: Signed, handover_id: str) -> Response:
    """Show the photo of a record to whoever may see the record."""
    with visit.desk.store.view() as view:
        found = seen_photo(view, visit.who, handover_id)
    return Response(found.content, media_type=found.media_type)


@router.post("/shipments/{shipment_id}/passes")
def passed(visit: Signed, sent: FilledWithFile, shipment_id: str) -> Response:
    """Note what became of crates that stayed with their driver."""
    form = sent.form

    def do() -> str:
        way = form.choice("way", PASSES)
        words = PassWords(**sight_of(visit, form), way=way)  # type: ignore[arg-type]
        form.check()
        with visit.desk.store.view() as view:
            run = run_of_holder(view, visit.who, shipment_id)
        words = replace(words, photo=photo_of(visit, sent, run.id))
        return pass_on(visit.desk, visit.who, form.ask, shipment_id, words)

    return _on(visit, form, shipment_id, do, "handed_over")


@router.post("/handovers/{handover_id}/corrections")
def correct(visit: Signed, sent: FilledWithFile, handover_id: str) -> Response:
    """Put another record in the place of one that was wrong."""
    form = sent.form
    with visit.desk.store.view() as view:
        wrong = seen_handover(view, visit.who, handover_id)
    shipment_id = wrong.shipment_id

    def do() -> str:
        words = CorrectionWords(**sight_of(visit, form), damaged=wrong.damaged, code=code_typed(form, "code"))
        form.check()
        words = replace(words, photo=photo_of(visit, sent, wrong.manifest_id))
        return correct_handover(visit.desk, visit.who, form.ask, handover_id, words)

    return _on(visit, form, shipment_id, do, "corrected")


def custody_told(visit: Visit, view: View, seen: SeenCustody) -> Told:
    """Say a custody in words."""
    rows, held = seen.records, seen.custody.held
    names = party_names(view, list(held))
    say = visit.words.say
    named = next((row.receiver for row in reversed(rows) if row.way == "left"), "")
    holders = tuple(
        (names.get(party, "") or named or say("somebody else"), crates) for party, crates in held.items()
    )
    return Told(seen, holders, custody_lines(visit, view, rows, seen.shipment.food))


def custody_lines(visit: Visit, view: View, rows: Sequence[Row[Any]], food: str) -> tuple[Line, ...]:
    """Say records in words; ``food`` bounds how warm the crates may be."""
    names = party_names(view, [one for row in rows for one in (row.giver_id, row.taker_id)])
    corrected = {row.corrects for row in rows}
    return tuple(_line(visit, row, names, food, row.id in corrected) for row in rows)


def _line(visit: Visit, row: Row[Any], names: Mapping[str, str], food: str, over: bool) -> Line:  # noqa: FBT001
    say = visit.words.say
    fault, read_tenths = fault_of(row.reason, row.way), row.temperature_tenths
    return Line(
        row=row,
        giver=names.get(row.giver_id, ""),
        taker=names.get(row.taker_id or "", "") or row.receiver,
        way=say(WAY_WORDS[row.way]),
        reason=say(REASON_WORDS[row.reason]) if row.reason else "",
        fault=say(FAULTS[fault]) if fault else "",
        next_step=say(NEXT_WORDS[row.next_step]) if row.next_step else "",
        warmth="" if read_tenths is None else _warmth(visit, read_tenths, limit_tenths(row.kind, food)),
        too_warm=too_warm(row.kind, read_tenths, food),
        over=over,
    )


def _warmth(visit: Visit, read_tenths: int, limit: int | None) -> str:
    read = degrees(visit.words, read_tenths)
    if limit is None:
        return read
    return visit.words.say("{read}, at most {limit}", read=read, limit=degrees(visit.words, limit))


def degrees(words: Words, tenths: int) -> str:
    """Say a temperature: ``3.8 °C``."""
    return f"{words.number(tenths / 10, 1)} °C"


def _on(visit: Visit, form: Form, shipment_id: str, do: Callable[[], str], said: str) -> Response:
    return answer(
        form,
        do,
        then=lambda _: f"/shipments/{shipment_id}/custody",
        again=lambda refusal: _custody(visit, shipment_id, form, refusal),
        said=said,
        beside=BESIDE,
    )


def _custody(visit: Visit, shipment_id: str, form: Form, refusal: Refusal | None) -> Response:
    with visit.desk.store.view() as view:
        seen = seen_custody(view, visit.who, shipment_id)
        told = custody_told(visit, view, seen)
        sites = sites_by_id(view, [seen.shipment.from_site_id, seen.shipment.to_site_id])
    return page(
        visit,
        "custody.html",
        form=form,
        refusal=refusal,
        row=seen.shipment,
        told=told,
        sites=sites,
        passes=PASSES,
        carries=bool(seen.holds) or visit.who.is_operator,
        still_held=seen.custody.of(seen.holds) if seen.holds else sum(seen.custody.held.values()),
        states=SHIPMENTS,
        colour=colour,
    )
