"""Events of a carrier's own system, sent as a file on a page: what became of each line, without script."""

from fastapi import APIRouter
from starlette.responses import Response

from api.pages.forms import FilledWithFile, Form
from api.pages.press import page
from api.pages.visit import Signed, Visit
from geodata.refusal import Refusal
from pooling.desk.runs.partners import EVENTS_LIMIT, EventsTaken, take_events_file
from pooling.party import Role
from pooling.phrases import message
from pooling.runs.partner_events import EVENT_COLUMNS

router = APIRouter()
OUTCOMES = {
    "taken": message("taken"),
    "known": message("known already"),
    "refused": message("refused"),
}


@router.get("/partner-events")
def looked_at(visit: Signed) -> Response:
    return _events(visit, Form(), None, None)


@router.post("/partner-events")
def send(visit: Signed, sent: FilledWithFile) -> Response:
    """Take a file; each line is told on the same page, which may be sent again: nothing is done twice."""
    carrier = visit.own_party(Role.CARRIER)
    form = sent.form
    if not sent.raw.strip():
        form.wrong("file", message("Choose a file."))
        return _events(visit, form, None, None)
    try:
        taken = take_events_file(visit.desk, visit.who, carrier.id, sent.raw)
    except Refusal as refusal:
        form.wrong("file", refusal.reason, **refusal.facts)
        return _events(visit, form, refusal, None)
    return _events(visit, form, None, taken)


def _events(visit: Visit, form: Form, refusal: Refusal | None, taken: EventsTaken | None) -> Response:
    visit.own_party(Role.CARRIER)
    say = visit.words
    return page(
        visit,
        "partner_events.html",
        form=form,
        refusal=refusal,
        limit=EVENTS_LIMIT,
        columns=", ".join(EVENT_COLUMNS),
        lines=[
            (one, [(column, *say.refusal(fault)) for column, fault in one.faults])
            for one in (taken.lines if taken else ())
        ],
        unread=[say.refusal(one)[0] for one in (taken.unread if taken else ())],
        taken=taken,
        outcomes=OUTCOMES,
    )
