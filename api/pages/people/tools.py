"""Tools that several parties own together, on pages: parts, notes, and a month that each agrees to."""

from fastapi import APIRouter
from starlette.responses import Response

from api.files.tool_files import tool_month_as_csv
from api.pages.forms import Filled, Form
from api.pages.ledger.money import month_asked
from api.pages.names import known_sites, party_names
from api.pages.press import answer, page
from api.pages.said import message
from api.pages.visit import Signed, Visit
from geodata.refusal import Refusal
from pooling.carriers.plates import PlateUnreadable
from pooling.desk.tools.months import (
    CostWords,
    UseWords,
    agree_tool_month,
    month_in_sight,
    note_tool_cost,
    note_tool_use,
    withdraw_tool_entry,
)
from pooling.desk.tools.owning import (
    ToolWords,
    ask_tool_part,
    leave_tool,
    share_tool,
    take_tool_part,
)
from pooling.desk.tools.seeing import seen_month
from pooling.people.shared_tool import KINDS, PARTS_LIMIT, SPLITS
from pooling.store import Page
from pooling.store.shared_tools import LEFT, find_tool, list_tools, parts_of
from pooling.store.sites import find_site

router = APIRouter()
KIND_NAMES = {"van": message("a van"), "cold_room": message("a cold room")}
SPLIT_NAMES = {
    "parts": message("by what each owns (insurance, rent)"),
    "use": message("by what each used (energy, tolls)"),
}
PART_NAMES = {"asked": message("asked, no answer yet"), "in": message("owns it"), "left": message("left")}
UNITS_LIMIT = 100_000


@router.get("/money/tools")
def tools(visit: Signed) -> Response:
    return _list(visit, Form(), None)


@router.post("/money/tools")
def share(visit: Signed, form: Filled) -> Response:
    """Enter a tool that one's own party owns with others."""
    party = visit.own_party()

    def do() -> str:
        kind = form.choice("kind", KINDS)
        words = ToolWords(
            form.name("name"),
            "cold_room" if kind == "cold_room" else "van",
            form.text("plate", limit=20, needed=False),
            form.whole("capacity", 1, 10_000),
            form.whole("parts", 1, PARTS_LIMIT, 1),
        )
        form.check()
        return share_tool(visit.desk, visit.who, form.ask, party.id, words)

    return answer(
        form,
        do,
        then=lambda tool_id: f"/money/tools/{tool_id}",
        again=lambda refusal: _list(visit, form, refusal),
        said="saved",
        beside={PlateUnreadable.code: "plate"},
    )


@router.get("/money/tools/{tool_id}")
def one(visit: Signed, tool_id: str) -> Response:
    return _shown(visit, tool_id, Form(), None)


@router.get("/money/tools/{tool_id}/month.csv")
def month_file(visit: Signed, tool_id: str) -> Response:
    visit.own_party()
    with visit.desk.store.view() as view:
        return tool_month_as_csv(view, visit.who, tool_id, month_asked(visit), visit.words)


@router.post("/money/tools/{tool_id}/parts")
def ask_part(visit: Signed, form: Filled, tool_id: str) -> Response:
    """Ask the party of a site to take a part."""

    def do() -> str:
        parts = form.whole("parts", 1, PARTS_LIMIT)
        site_id = form.text("site", limit=40)
        form.check()
        with visit.desk.store.view() as view:
            party_id = find_site(view, site_id).party_id
        return ask_tool_part(visit.desk, visit.who, form.ask, tool_id, party_id, parts)

    return _answered(visit, form, tool_id, do)


@router.post("/money/tools/{tool_id}/taking")
def take_part(visit: Signed, form: Filled, tool_id: str) -> Response:
    """Take the part that one's own party is asked to take."""
    party = visit.own_party()

    def do() -> str:
        parts = form.whole("parts", 1, PARTS_LIMIT)
        form.check()
        return take_tool_part(visit.desk, visit.who, form.ask, tool_id, party.id, parts)

    return _answered(visit, form, tool_id, do)


@router.post("/money/tools/{tool_id}/leaving")
def leave(visit: Signed, form: Filled, tool_id: str) -> Response:
    """End a part: one's own, or as its keeper another's."""
    party = visit.own_party()
    who = form.value("party") or party.id
    done = lambda: leave_tool(visit.desk, visit.who, form.ask, tool_id, who)  # noqa: E731
    return answer(
        form,
        done,
        then=lambda _: f"/money/tools/{tool_id}" if who != party.id else "/money/tools",
        again=lambda refusal: _shown(visit, tool_id, form, refusal),
        said="saved",
    )


@router.post("/money/tools/{tool_id}/uses")
def use(visit: Signed, form: Filled, tool_id: str) -> Response:
    """Note that one's own party used it."""
    party = visit.own_party()

    def do() -> str:
        with visit.desk.store.view() as view:
            kind = find_tool(view, tool_id).kind
        day, what = form.day("day", visit.moments.today), form.name("what", needed=False)
        if kind == "van":
            ways_km = [form.whole(one, 0, UNITS_LIMIT, 0) for one in ("way_km", "empty_km", "used_km")]
            if not ways_km[0]:
                form.wrong("way_km", message("Write something here."))
            form.check()
            way_m, empty_m, used_m = (1000 * one for one in ways_km)
            words = UseWords(day, way_m, empty_m, used_m, what)
        else:
            units = form.whole("crates", 1, UNITS_LIMIT) * form.whole("days", 1, 31)
            form.check()
            words = UseWords(day, units, what=what)
        return note_tool_use(visit.desk, visit.who, form.ask, tool_id, party.id, words)

    return _answered(visit, form, tool_id, do, beside={"empty_above_way": "empty_km"})


@router.post("/money/tools/{tool_id}/costs")
def cost(visit: Signed, form: Filled, tool_id: str) -> Response:
    """Note what one's own party laid out."""
    party = visit.own_party()

    def do() -> str:
        by = form.choice("by", SPLITS)
        day, cents = form.day("cost_day", visit.moments.today), form.cents("amount")
        what = form.name("cost_what")
        if not cents:
            form.wrong("amount", message("An amount in euro, such as 12.40."))
        form.check()
        words = CostWords(day, cents, "parts" if by == "parts" else "use", what)
        return note_tool_cost(visit.desk, visit.who, form.ask, tool_id, party.id, words)

    return _answered(visit, form, tool_id, do)


@router.post("/money/tools/{tool_id}/entries/{entry_id}/withdraw")
def withdraw(visit: Signed, form: Filled, tool_id: str, entry_id: str) -> Response:
    do = lambda: withdraw_tool_entry(visit.desk, visit.who, form.ask, tool_id, entry_id)  # noqa: E731
    return _answered(visit, form, tool_id, do)


@router.post("/money/tools/{tool_id}/agreement")
def agree(visit: Signed, form: Filled, tool_id: str) -> Response:
    """Agree to what one's own party owes for a month that is over."""
    party = visit.own_party()

    def do() -> str:
        cents = form.whole("cents", 1, 100_000_000)
        form.check()
        first = month_asked(visit)
        return agree_tool_month(visit.desk, visit.who, form.ask, tool_id, party.id, first, cents)

    return _answered(visit, form, tool_id, do)


def _answered(
    visit: Visit, form: Form, tool_id: str, do: object, beside: dict[str, str] | None = None
) -> Response:
    visit.own_party()
    month = visit.request.query_params.get("month", "")
    return answer(
        form,
        do,  # type: ignore[arg-type]
        then=lambda _: f"/money/tools/{tool_id}" + (f"?month={month}" if month else ""),
        again=lambda refusal: _shown(visit, tool_id, form, refusal),
        said="saved",
        beside=beside,
    )


def _list(visit: Visit, form: Form, refusal: Refusal | None) -> Response:
    party = visit.own_party()
    with visit.desk.store.view() as view:
        rows, _ = list_tools(view, [party.id], Page(limit=100))
    return page(visit, "tools.html", form=form, refusal=refusal, tools=rows, kinds=KIND_NAMES, party=party)


def _shown(visit: Visit, tool_id: str, form: Form, refusal: Refusal | None) -> Response:
    party, first = visit.own_party(), month_asked(visit)
    with visit.desk.store.view() as view:
        month = month_in_sight(view, visit.who, tool_id, first)
        row, known = month.row, parts_of(view, tool_id)
        names = party_names(
            view, {*known, *(one.party for one in month.shares), *(one.party for one in month.costs)}
        )
        sites = known_sites(view, visit) if party.id == row.keeper_id else []
    seen = seen_month(month, [party.id])
    return page(
        visit,
        "tool.html",
        form=form,
        refusal=refusal,
        party=party,
        tool=row,
        kinds=KIND_NAMES,
        known={one: each for one, each in known.items() if each.state != LEFT},
        part_names=PART_NAMES,
        mine=known.get(party.id),
        month=month,
        seen=seen,
        names=names,
        sites=sites,
        splits=SPLIT_NAMES,
        owed_cents=sum(due.cents for due, done in seen.dues if due.payer == party.id and not done),
        over=first < visit.moments.today.replace(day=1) and not month.runs_open,
    )
