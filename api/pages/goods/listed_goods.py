"""One line of a short list on a page: its words read from a form, changed, and taken off."""

from typing import Any

from fastapi import APIRouter
from sqlalchemy import Row
from starlette.responses import Response

from api.pages.forms import Filled, Form, typed_euro
from api.pages.press import answer, page
from api.pages.visit import Signed, Visit
from api.papers.words import FOODS, TEMPERATURES
from geodata.refusal import Refusal
from pooling.desk.selling.goods import change_goods, withdraw_goods
from pooling.desk.selling.shortlists import own_list
from pooling.goods.goods import CRATE_KG_LIMIT, UNITS_LIMIT, GoodsWords
from pooling.store.shortlists import find_goods

router = APIRouter()

GOODS_BESIDE = {
    "goods_end_early": "until",
    "food_needs_cold": "temperature",
    "reference_taken": "reference",
}


def goods_words(visit: Visit, form: Form) -> GoodsWords:
    """Read what is said of one line."""
    today = visit.moments.today
    words = GoodsWords(
        reference=form.name("reference", limit=80),
        product=form.name("product", limit=80),
        unit=form.text("unit", limit=40),
        price_cents=form.cents("price"),
        units_per_crate=form.whole("units_per_crate", 1, UNITS_LIMIT),
        kg_per_crate=form.whole("kg_per_crate", 0, CRATE_KG_LIMIT),
        least=form.whole("least", 1, UNITS_LIMIT, 1),
        available=form.whole("available", 0, UNITS_LIMIT) if form.value("available").strip() else None,
        temperature=form.choice("temperature", TEMPERATURES),
        food=form.choice("food", FOODS) if form.value("food") else "",
        from_day=form.day("from", today) if form.value("from").strip() else None,
        until_day=form.day("until", today) if form.value("until").strip() else None,
    )
    form.check()
    return words


@router.get("/goods/{goods_id}")
def one(visit: Signed, goods_id: str) -> Response:
    return _line(visit, goods_id, None, None)


@router.post("/goods/{goods_id}/change")
def change(visit: Signed, form: Filled, goods_id: str) -> Response:
    of_list = _own_goods(visit, goods_id).list_id

    def do() -> str:
        words = goods_words(visit, form)
        return change_goods(visit.desk, visit.who, form.ask, goods_id, form.revision, words)

    return answer(
        form,
        do,
        then=lambda _: f"/short-lists/{of_list}",
        again=lambda refusal: _line(visit, goods_id, form, refusal),
        said="saved",
        beside=GOODS_BESIDE,
    )


@router.post("/goods/{goods_id}/withdraw")
def withdraw(visit: Signed, form: Filled, goods_id: str) -> Response:
    of_list = _own_goods(visit, goods_id).list_id
    return answer(
        form,
        lambda: withdraw_goods(visit.desk, visit.who, form.ask, goods_id, form.revision),
        then=lambda _: f"/short-lists/{of_list}",
        again=lambda refusal: _line(visit, goods_id, form, refusal),
        said="withdrawn",
    )


def _line(visit: Visit, goods_id: str, form: Form | None, refusal: Refusal | None) -> Response:
    row = _own_goods(visit, goods_id)
    typed = {name: "" if value is None else str(value) for name, value in row._asdict().items()}
    typed |= {
        "price": typed_euro(visit, row.price_cents),
        "from": typed["from_day"],
        "until": typed["until_day"],
    }
    return page(visit, "goods_form.html", form=form or Form(typed), refusal=refusal, row=row)


def _own_goods(visit: Visit, goods_id: str) -> Row[Any]:
    with visit.desk.store.view() as view:
        row = find_goods(view, goods_id)
        own_list(view, visit.who, row.list_id)
    return row
