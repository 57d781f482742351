"""Short lists on pages: a producer keeps its own, with their goods; whoever buys looks at those of others."""

import json
from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter
from sqlalchemy import Row
from starlette.responses import Response

from api.files.csv_file import attached, csv_file
from api.kept_reasons import said_in
from api.pages.forms import Filled, FilledWithFile, Form, FormFaulty, SentFile
from api.pages.goods.listed_goods import GOODS_BESIDE, goods_words
from api.pages.lists import part_of
from api.pages.names import own_sites, party_names
from api.pages.press import answer, page
from api.pages.said import message
from api.pages.states import SHORT_LISTS, colour
from api.pages.visit import Signed, Visit
from geodata.refusal import Refusal
from pooling.desk.selling.goods import add_goods, send_goods_file, words_of_goods
from pooling.desk.selling.shortlists import (
    ShortListWords,
    buys,
    change_short_list,
    open_short_list,
    own_list,
    seen_list,
    withdraw_short_list,
)
from pooling.goods.goods_file import GOODS_COLUMNS, GOODS_LIMIT, goods_row
from pooling.party import Role
from pooling.store import View
from pooling.store.shortlists import (
    all_goods,
    find_goods_file,
    list_short_lists,
    rounds_to_join,
    spoken_for,
)
from pooling.store.sites import sites_by_id

router = APIRouter()

CARRIAGE = {"producer": message("the producer"), "buyer": message("the buyer")}
BESIDE = GOODS_BESIDE | {"hours_backwards": "collect_by", "goods_file_unreadable": "file"}
ROUNDS_SHOWN = 50


@router.get("/short-lists")
def listed(visit: Signed) -> Response:
    """Show a producer its own lists, and whoever buys those that are open."""
    party = visit.own_party()
    with visit.desk.store.view() as view:
        rows, after = list_short_lists(view, [party.id], part_of(visit), buys=buys(visit.who))
        names = party_names(view, [row.producer_id for row in rows])
        sites = sites_by_id(view, [row.site_id for row in rows])
    return page(
        visit,
        "short_lists.html",
        rows=rows,
        after=after,
        names=names,
        sites=sites,
        states=SHORT_LISTS,
        colour=colour,
    )


@router.get("/short-lists/new")
def new(visit: Signed) -> Response:
    visit.own_party(Role.PRODUCER)
    return _form(visit, Form(), None, None)


@router.post("/short-lists/new")
def opening(visit: Signed, form: Filled) -> Response:
    visit.own_party(Role.PRODUCER)
    return answer(
        form,
        lambda: open_short_list(visit.desk, visit.who, form.ask, _terms(visit, form)),
        then=lambda list_id: f"/short-lists/{list_id}",
        again=lambda refusal: _form(visit, form, refusal, None),
        said="list_opened",
        beside=BESIDE,
    )


@router.get("/short-lists/{short_list_id}")
def one(visit: Signed, short_list_id: str) -> Response:
    return _list(visit, short_list_id, Form(), None)


@router.get("/short-lists/{short_list_id}/change")
def edit(visit: Signed, short_list_id: str) -> Response:
    row = _own(visit, short_list_id)
    typed = {"name": row.name, "site": row.site_id, "carriage": row.carriage, "round": row.round_id or ""}
    typed |= {"ready": visit.moments.wall(row.ready_s), "collect_by": visit.moments.wall(row.collect_by_s)}
    return _form(visit, Form(typed | {"accepts": "yes" if row.accepts else ""}), None, row)


@router.post("/short-lists/{short_list_id}/change")
def change(visit: Signed, form: Filled, short_list_id: str) -> Response:
    row = _own(visit, short_list_id)

    def do() -> str:
        words = _terms(visit, form)
        return change_short_list(visit.desk, visit.who, form.ask, short_list_id, form.revision, words)

    return answer(
        form,
        do,
        then=lambda _: f"/short-lists/{short_list_id}",
        again=lambda refusal: _form(visit, form, refusal, row),
        said="saved",
        beside=BESIDE,
    )


@router.post("/short-lists/{short_list_id}/withdraw")
def withdraw(visit: Signed, form: Filled, short_list_id: str) -> Response:
    return answer(
        form,
        lambda: withdraw_short_list(visit.desk, visit.who, form.ask, short_list_id, form.revision),
        then=lambda _: "/short-lists",
        again=lambda refusal: _list(visit, short_list_id, form, refusal),
        said="withdrawn",
    )


@router.post("/short-lists/{short_list_id}/goods")
def add(visit: Signed, form: Filled, short_list_id: str) -> Response:
    return answer(
        form,
        lambda: add_goods(visit.desk, visit.who, form.ask, short_list_id, goods_words(visit, form)),
        then=lambda _: f"/short-lists/{short_list_id}",
        again=lambda refusal: _list(visit, short_list_id, form, refusal),
        said="saved",
        beside=BESIDE,
    )


@router.post("/short-lists/{short_list_id}/table")
def send(visit: Signed, sent: FilledWithFile, short_list_id: str) -> Response:
    """Send a table of goods; what became of it is shown above the list."""
    return answer(
        sent.form,
        lambda: send_goods_file(visit.desk, visit.who, sent.form.ask, short_list_id, _raw(sent)),
        then=lambda file_id: f"/short-lists/{short_list_id}?table={file_id}",
        again=lambda refusal: _list(visit, short_list_id, sent.form, refusal),
        said="list_sent",
        beside=BESIDE,
    )


@router.get("/short-lists/{short_list_id}/goods.csv")
def table(visit: Signed, short_list_id: str) -> Response:
    """Hand out a list as the table in which it is sent."""
    with visit.desk.store.view() as view:
        seen_list(view, visit.who, short_list_id)
        rows = all_goods(view, short_list_id, GOODS_LIMIT)
    lines = [goods_row(words_of_goods(row)) for row in rows]
    return attached(csv_file(GOODS_COLUMNS, lines), "goods.csv")


def _terms(visit: Visit, form: Form) -> ShortListWords:
    words = ShortListWords(
        producer_id=visit.own_party(Role.PRODUCER).id,
        name=form.name("name", limit=80),
        site_id=form.text("site", limit=40),
        ready_s=form.hour("ready"),
        collect_by_s=form.hour("collect_by"),
        carriage="buyer" if form.choice("carriage", CARRIAGE) == "buyer" else "producer",
        accepts=form.ticked("accepts"),
        round_id=form.value("round")[:40] or None,
    )
    form.check()
    return words


def _raw(sent: SentFile) -> bytes:
    raw = sent.raw or sent.form.fields.get("lines", "").encode("utf-8", "replace")
    if not raw.strip():
        sent.form.wrong("file", message("Choose a file, or paste its lines below."))
        raise FormFaulty
    return raw


def _form(visit: Visit, form: Form, refusal: Refusal | None, row: Row[Any] | None) -> Response:
    party = visit.own_party(Role.PRODUCER)
    with visit.desk.store.view() as view:
        sites = own_sites(view, party.id)
        tours = rounds_to_join(view, ROUNDS_SHOWN)
        names = party_names(view, [one.carrier_id for one in tours])
    rounds = [(one.round_id, f"{names[one.carrier_id]} · {visit.moments.day(one.day)}") for one in tours]
    return page(
        visit,
        "short_list_form.html",
        form=form,
        refusal=refusal,
        row=row,
        sites=sites,
        rounds=rounds,
        carriage=CARRIAGE,
    )


def _list(visit: Visit, list_id: str, form: Form, refusal: Refusal | None) -> Response:
    with visit.desk.store.view() as view:
        row = seen_list(view, visit.who, list_id)
        stock = all_goods(view, list_id, GOODS_LIMIT)
        taken = spoken_for(view, [one.id for one in stock])
        names = party_names(view, [row.producer_id])
        known = sites_by_id(view, [row.site_id])
        sites = own_sites(view, visit.party.id) if visit.party is not None else []
        sent = _sent(view, visit, row)
    return page(
        visit,
        "short_list.html",
        form=form,
        refusal=refusal,
        row=row,
        goods=stock,
        taken=taken,
        names=names,
        site=known[row.site_id],
        sites=sites,
        sells=visit.who.acts_for(row.producer_id),
        buys=visit.role in (Role.BUYER, Role.INTERMEDIARY),
        sent=sent,
        columns=", ".join(GOODS_COLUMNS),
        carriage=CARRIAGE,
        states=SHORT_LISTS,
        colour=colour,
        limit=GOODS_LIMIT,
    )


def _sent(view: View, visit: Visit, row: Row[Any]) -> Mapping[str, Any] | None:
    """Return what became of the table that was sent last, with its faults in words."""
    file_id = visit.request.query_params.get("table", "")[:40]
    if not file_id or not visit.who.acts_for(row.producer_id):
        return None
    file = find_goods_file(view, file_id)
    if file.list_id != row.id:
        return None
    outcome = json.loads(file.outcome)
    faults = [(one, *said_in(visit.words, one)) for one in (*outcome["refused"], *outcome["unread"])]
    return {**outcome, "faults": faults}


def _own(visit: Visit, list_id: str) -> Row[Any]:
    with visit.desk.store.view() as view:
        return own_list(view, visit.who, list_id)
