"""Collections on pages: a list sent, what became of its lines, what is doubtful, and the proofs back."""

import json
import re
from datetime import timedelta
from typing import Any

from fastapi import APIRouter
from sqlalchemy import Row
from starlette.responses import Response

from api.address_words import DOUBTS, KINDS
from api.files.collecting_files import PROOFS_LIMIT, proofs_file
from api.files.csv_file import attached
from api.pages.forms import Filled, FilledWithFile, Form, FormFaulty, SentFile, asked
from api.pages.lists import part_of
from api.pages.names import own_sites
from api.pages.press import answer, page
from api.pages.reasons import said_reason
from api.pages.said import message
from api.pages.states import COLLECTIONS, JOBS, OUTCOMES, OUTCOMES_COUNTED, SHIPMENTS, colour
from api.pages.visit import Signed, Visit
from geodata.addresses import Doubt, Kind
from geodata.pins import read_pin
from geodata.refusal import Refusal
from pooling.desk.collections.collection_choices import Choice, cancel_collection, choose_place
from pooling.desk.collections.collection_files import ListWords, seen_file, send_list
from pooling.desk.jobs import cancel_job
from pooling.files.collection_file import COLLECTION_LINES_LIMIT
from pooling.goods.collection import COLLECTION_COLUMNS
from pooling.party import Role
from pooling.store import Page, View
from pooling.store.collected import (
    find_collection,
    list_collected,
    list_collections,
    list_files,
    outcomes_counted,
    outcomes_of,
    proofs_of,
)
from pooling.store.jobs import find_job

router = APIRouter()

LISTS_SHOWN = 5
PICKED = re.compile(r"(-?\d{1,2}(?:\.\d{1,9})?),(-?\d{1,3}(?:\.\d{1,9})?),(.{0,120})")
BESIDE = {"list_unreadable": "file", "list_too_long": "file", "list_empty": "file"}
BESIDE |= {"workbook_unreadable": "file", "workbooks_unknown": "file"}
ENDS = {"pickup": message("Where it is collected"), "drop": message("Where it goes")}


@router.get("/collections")
def listed(visit: Signed) -> Response:
    """Show an intermediary its collections, and everybody else what is collected from it."""
    party = visit.own_party()
    if visit.role != Role.INTERMEDIARY:
        with visit.desk.store.view() as view:
            rows, after = list_collected(view, [party.id], part_of(visit))
        return page(visit, "collected.html", rows=rows, after=after, states=SHIPMENTS, colour=colour)
    return _collections(visit, asked(visit), None)


@router.post("/collections/send")
def send(visit: Signed, sent: FilledWithFile) -> Response:
    """Send a list, as a file or pasted."""
    party, form = visit.own_party(), sent.form
    return answer(
        form,
        lambda: send_list(visit.desk, visit.who, form.ask, _list_words(party.id, sent)),
        then=lambda list_id: f"/collections/files/{list_id}",
        again=lambda refusal: _collections(visit, form, refusal),
        said="list_sent",
        beside=BESIDE,
    )


@router.get("/collections/proofs.csv")
def proofs(visit: Signed) -> Response:
    """Hand out the proofs of some days, of the last thirty-one unless told."""
    party, form, today = visit.own_party(), asked(visit), visit.moments.today
    last = form.day("until", today) if form.value("until") else today
    first = form.day("from", last) if form.value("from") else last - timedelta(days=30)
    with visit.desk.store.view() as view:
        rows = proofs_of(view, [party.id], first, last, PROOFS_LIMIT + 1)
    return attached(proofs_file(rows, visit.moments.timezone), f"proofs-{first}-{last}.csv")


@router.get("/collections/files/{list_id}")
def one_list(visit: Signed, list_id: str) -> Response:
    return _list(visit, list_id, Form(), None)


@router.post("/collections/files/{list_id}/stop")
def stop(visit: Signed, form: Filled, list_id: str) -> Response:
    """Stop the job that takes a list; what it has taken stays."""
    with visit.desk.store.view() as view:
        row = seen_file(view, visit.who, list_id)
    return answer(
        form,
        lambda: cancel_job(visit.desk, visit.who, form.ask, row.job_id),
        then=lambda _: f"/collections/files/{list_id}",
        again=lambda refusal: _list(visit, list_id, form, refusal),
        said="stopping",
    )


@router.get("/collections/{collection_id}")
def one(visit: Signed, collection_id: str) -> Response:
    return _collection(visit, collection_id, Form(), None)


@router.post("/collections/{collection_id}/place")
def place(visit: Signed, form: Filled, collection_id: str) -> Response:
    """Take the candidate that was chosen, or the pin that was written."""
    return answer(
        form,
        lambda: choose_place(visit.desk, visit.who, form.ask, collection_id, form.revision, _choice(form)),
        then=lambda _: f"/collections/{collection_id}",
        again=lambda refusal: _collection(visit, collection_id, form, refusal),
        said="place_chosen",
    )


@router.post("/collections/{collection_id}/cancel")
def cancel(visit: Signed, form: Filled, collection_id: str) -> Response:
    return answer(
        form,
        lambda: cancel_collection(visit.desk, visit.who, form.ask, collection_id, form.revision),
        then=lambda _: "/collections",
        again=lambda refusal: _collection(visit, collection_id, form, refusal),
        said="cancelled",
    )


def _list_words(party_id: str, sent: SentFile) -> ListWords:
    pasted = sent.form.fields.get("lines", "")
    raw = sent.raw or pasted.encode("utf-8", "replace")
    if not raw.strip():
        sent.form.wrong("file", message("Choose a file, or paste its lines below."))
        raise FormFaulty
    return ListWords(party_id, sent.form.text("platform", limit=40, needed=False) or None, raw)


def _choice(form: Form) -> Choice:
    end = form.choice("end", ENDS)
    written = form.text(f"pin-{end}", limit=1_000, needed=False)
    picked = PICKED.fullmatch(form.value("place"))
    pin = read_pin(written) if written else None
    if written and pin is None:
        form.wrong(f"pin-{end}", message("Degrees, such as 43.7431, 7.3652, or a link of a map."))
    elif pin is None and picked is None:
        form.wrong(f"pin-{end}", message("Choose a place of the list, or write its pin."))
    form.check()
    if pin is not None:
        return Choice(end, pin.lat, pin.lon)
    assert picked is not None  # noqa: S101 - checked above
    return Choice(end, float(picked[1]), float(picked[2]), picked[3])


def _collections(visit: Visit, form: Form, refusal: Refusal | None) -> Response:
    party = visit.own_party(Role.INTERMEDIARY)
    with visit.desk.store.view() as view:
        rows, after = list_collections(view, [party.id], part_of(visit))
        doubtful, _ = list_collections(view, [party.id], Page(limit=100), state="doubtful")
        files, _ = list_files(view, [party.id], Page(limit=LISTS_SHOWN))
        counts = outcomes_counted(view, [row.id for row in files])
        sites = own_sites(view, party.id)
    return page(
        visit,
        "collections.html",
        form=form,
        refusal=refusal,
        rows=rows,
        after=after,
        doubtful=doubtful,
        files=files,
        counts=counts,
        sites=sites,
        columns=", ".join(COLLECTION_COLUMNS),
        lines_limit=COLLECTION_LINES_LIMIT,
        states=COLLECTIONS,
        counted=OUTCOMES_COUNTED,
        shipment_states=SHIPMENTS,
        colour=colour,
    )


def _list(visit: Visit, list_id: str, form: Form, refusal: Refusal | None) -> Response:
    with visit.desk.store.view() as view:
        row = seen_file(view, visit.who, list_id)
        outcomes = outcomes_of(view, list_id)
        job = find_job(view, row.job_id) if row.job_id else None
    faults = {
        one.line: [(fault.get("column", ""), *said_reason(visit, fault)) for fault in json.loads(one.faults)]
        for one in outcomes
        if one.outcome == "refused"
    }
    return page(
        visit,
        "collection_list.html",
        form=form,
        refusal=refusal,
        row=row,
        outcomes=outcomes,
        faults=faults,
        unread=[said_reason(visit, one) for one in json.loads(row.unread or "[]")],
        job=job,
        states=OUTCOMES,
        job_states=JOBS,
        colour=colour,
    )


def _seen(view: View, visit: Visit, collection_id: str) -> Row[Any]:
    row = find_collection(view, collection_id)
    visit.who.must_see("collection", collection_id, row.intermediary_id)
    return row


def _collection(visit: Visit, collection_id: str, form: Form, refusal: Refusal | None) -> Response:
    with visit.desk.store.view() as view:
        row = _seen(view, visit, collection_id)
    say = visit.words.say
    ends = {
        end: [
            (
                f"{one['lat']:.6f},{one['lon']:.6f},{one['name'][:120]}",
                one["label"],
                " ".join(
                    [f"{say(KINDS[Kind(one['kind'])])}.", *(say(DOUBTS[Doubt(d)]) for d in one["doubts"])]
                ),
            )
            for one in found
        ]
        for end, found in json.loads(row.candidates or "{}").items()
    }
    return page(
        visit,
        "collection.html",
        form=form,
        refusal=refusal,
        row=row,
        ends=ends,
        end_words=ENDS,
        orders=visit.who.acts_for(row.intermediary_id),
        states=COLLECTIONS,
        colour=colour,
    )
