"""A vehicle on a page of its own: changed, taken out of use, used again, by managers of its carrier."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from fastapi import APIRouter
from sqlalchemy import Row
from starlette.responses import Response

from api.pages.forms import Filled, Form
from api.pages.names import own_sites
from api.pages.press import answer, page
from api.pages.runs.dossier_form import ENERGY_WORDS, PROFILES_SAID, typed_vehicle, vehicle_words
from api.pages.visit import Signed, Visit
from geodata.refusal import Refusal
from pooling.desk.carriers.fleet import change_vehicle, vehicle_in_sight, words_of_vehicle

router = APIRouter()
BESIDE = {"plate_taken": "plate", "room_missing": "ambient"}


@router.get("/vehicles/{vehicle_id}")
def one(visit: Signed, vehicle_id: str) -> Response:
    return _vehicle(visit, vehicle_id, None, None)


@router.post("/vehicles/{vehicle_id}")
def change(visit: Signed, form: Filled, vehicle_id: str) -> Response:
    def do() -> str:
        row = _seen(visit, vehicle_id)
        words = replace(vehicle_words(form), state=row.state)
        return change_vehicle(visit.desk, visit.who, form.ask, vehicle_id, form.revision, words)

    return _on(visit, form, vehicle_id, do)


@router.post("/vehicles/{vehicle_id}/state")
def retire(visit: Signed, form: Filled, vehicle_id: str) -> Response:
    """Take a vehicle out of use, or use it again."""

    def do() -> str:
        state = form.choice("state", ("active", "retired"))
        form.check()
        words = replace(words_of_vehicle(_seen(visit, vehicle_id)), state=state)
        return change_vehicle(visit.desk, visit.who, form.ask, vehicle_id, form.revision, words)

    return _on(visit, form, vehicle_id, do)


def _on(visit: Visit, form: Form, vehicle_id: str, do: Callable[[], str]) -> Response:
    return answer(
        form,
        do,
        then=lambda _: f"/vehicles/{vehicle_id}",
        again=lambda refusal: _vehicle(visit, vehicle_id, form, refusal),
        said="saved",
        beside=BESIDE,
    )


def _seen(visit: Visit, vehicle_id: str) -> Row[Any]:
    with visit.desk.store.view() as view:
        return vehicle_in_sight(view, visit.who, vehicle_id)


def _vehicle(visit: Visit, vehicle_id: str, form: Form | None, refusal: Refusal | None) -> Response:
    with visit.desk.store.view() as view:
        row = vehicle_in_sight(view, visit.who, vehicle_id)
        sites = own_sites(view, row.party_id)
    return page(
        visit,
        "vehicle.html",
        form=form or Form(typed_vehicle(row)),
        refusal=refusal,
        row=row,
        sites=sites,
        energies=ENERGY_WORDS,
        profiles=PROFILES_SAID,
    )
