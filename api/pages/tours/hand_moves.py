"""An operator's hands on a tour: its stops with their buttons, what a move would come to, the history."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter
from sqlalchemy import Row
from starlette.responses import Response

from api.pages.forms import Filled, Form
from api.pages.lists import part_of
from api.pages.names import fleet_choices, party_names
from api.pages.plain import plain_refusal
from api.pages.press import answer, page
from api.pages.states import TOURS, colour
from api.pages.visit import Signed, Visit
from geodata.refusal import Refusal
from pooling.desk.hands.hand_moves import (
    Act,
    look_at_undo,
    look_by_hand,
    move_by_hand,
    seen_by_hand,
    seen_hand_moves,
    undo_by_hand,
)
from pooling.desk.hands.hand_sides import Found, Part
from pooling.desk.hands.hand_splits import NOT_MADE
from pooling.desk.hands.hand_words import HAND_WORDS, HandWords, Kind
from pooling.party import Role
from pooling.site import Site
from pooling.store import Page, View
from pooling.store.hand_moves import move_to_undo
from pooling.store.members import names_of
from pooling.store.parties import list_parties
from pooling.store.shipments import shipments_by_id
from pooling.store.sites import sites_by_id
from pooling.store.tours import list_same_day
from routing.task import Task

router = APIRouter()
KINDS: tuple[Kind, ...] = (
    "pin", "unpin", "lock", "unlock", "lock_first", "lock_hour", "move", "move_to", "split", "merge", "van"
)  # fmt: skip
CHOSEN = "go_"
"""How the ticks of the shipments that a split takes along begin."""


@dataclass(frozen=True)
class Stop:
    """Hold one stop as the page lists it."""

    number: int
    task: Task
    shipment: Row[Any]
    site_id: str
    begins_at: int
    pinned: bool
    locked: bool
    hours: tuple[int, int] | None

    @property
    def way(self) -> str:
        return "on" if self.task.kind == "pickup" else "off"


@router.get("/tours/{tour_id}/by-hand")
def seen(visit: Signed, tour_id: str) -> Response:
    return _page(visit, tour_id, Form(), None)


@router.post("/tours/{tour_id}/by-hand/look")
def look(visit: Signed, form: Filled, tour_id: str) -> Response:
    """Show what a move would come to; nothing is done yet."""
    try:
        act = _looked(visit, form, tour_id)
    except Refusal as refusal:
        return _page(visit, tour_id, form, refusal)
    with visit.desk.store.view() as view:
        shipments, sites, names = _known(view, [task for part in act.parts for task in part.side.tasks])
        payers = {one for part in act.parts for one in _payers(part)}
        names |= party_names(view, payers)
    others = [part.world.row for part in act.parts if part.world.row.id not in (tour_id, NOT_MADE)]
    return page(
        visit,
        "tour_hands_look.html",
        form=form,
        tour_id=tour_id,
        act=act,
        done=HAND_WORDS[act.kind],
        broken=[plain_refusal(visit, one) for one in act.broken],
        parts_of=[(part, _payers(part)) for part in act.parts],
        shipments=shipments,
        sites=sites,
        names=names,
        revision=act.row.revision,
        other_revision=others[0].revision if others and act.kind != "undo" else "",
        fields={name: one for name, one in form.fields.items() if name not in NOT_SENT_ON},
        not_made=NOT_MADE,
    )


NOT_SENT_ON = frozenset({"form_token", "key", "revision", "other_revision"})


@router.post("/tours/{tour_id}/by-hand")
def move(visit: Signed, form: Filled, tour_id: str) -> Response:
    def do() -> str:
        words = _words(visit, form, tour_id)
        others = _other_revision(form, words)
        return move_by_hand(visit.desk, visit.who, form.ask, tour_id, form.revision, words, others)

    return _done(visit, form, tour_id, do)


@router.post("/tours/{tour_id}/by-hand/undo")
def undo(visit: Signed, form: Filled, tour_id: str) -> Response:
    return _done(
        visit, form, tour_id, lambda: undo_by_hand(visit.desk, visit.who, form.ask, tour_id, form.revision)
    )


def _done(visit: Visit, form: Form, tour_id: str, do: Callable[[], str]) -> Response:
    return answer(
        form,
        do,
        then=lambda _: f"/tours/{tour_id}/by-hand",
        again=lambda refusal: _page(visit, tour_id, form, refusal),
        said="by_hand",
    )


def _looked(visit: Visit, form: Form, tour_id: str) -> Act:
    if form.value("kind") == "undo":
        return look_at_undo(visit.desk, visit.who, tour_id)
    return look_by_hand(visit.desk, visit.who, tour_id, _words(visit, form, tour_id))


def _words(visit: Visit, form: Form, tour_id: str) -> HandWords:
    """Read from a form what is to be done."""
    kind: Any = form.choice("kind", KINDS)
    place = form.whole("place", 1, 400, usual=1)
    count = form.whole("count", 0, 400, usual=0)
    from_at = until_at = None
    if kind == "lock_hour":
        with visit.desk.store.view() as view:
            day = seen_by_hand(visit.desk, view, visit.who, tour_id).row.day
        from_at = visit.moments.seconds(day, form.hour("from"))
        until_at = visit.moments.seconds(day, form.hour("until", form.hour("from")))
    form.check()
    way: Any = "off" if form.value("way") == "off" else "on"
    return HandWords(
        kind=kind,
        shipment_id=form.value("shipment")[:40],
        way=way,
        place=place,
        count=count,
        from_at=from_at,
        until_at=until_at,
        other_tour_id=form.value("other")[:40],
        shipment_ids=tuple(
            name.removeprefix(CHOSEN)[:40] for name in sorted(form.fields) if name.startswith(CHOSEN)
        ),
        driver=form.name("van_driver" if kind == "van" else "driver", limit=120, needed=False),
        carrier_id=form.value("carrier")[:40],
        vehicle_id=form.value("vehicle")[:40],
    )


def _other_revision(form: Form, words: HandWords) -> dict[str, int]:
    given = form.value("other_revision")
    return {words.other_tour_id: int(given)} if given.isdecimal() and len(given) < 16 else {}


def _gap_cents(found: Found) -> int:
    """Return what nobody aboard pays: as it would be shared now, or, once it is frozen, as it was agreed."""
    if found.row.state in ("proposed", "confirmed"):
        return found.figures.split.gap_cents
    return max(0, found.figures.cost_cents - sum(found.side.agreed_cents.values()))


def _page(visit: Visit, tour_id: str, form: Form, refusal: Refusal | None) -> Response:
    with visit.desk.store.view() as view:
        found = seen_by_hand(visit.desk, view, visit.who, tour_id)
        shipments, sites, names = _known(view, found.stood.tasks)
        moves, after = seen_hand_moves(view, visit.who, tour_id, part_of(visit))
        done_by = names_of(view, {one.member_id for one in moves})
        others = list_same_day(view, found.row)
        names |= party_names(view, [one.carrier_id for one in others])
        undoable = move_to_undo(view, tour_id)
        parties, _ = list_parties(view, None, Page(limit=100))
        carriers = [one for one in parties if one.role == Role.CARRIER.value and one.vetted]
        vehicles = fleet_choices(view, carriers)
    return page(
        visit,
        "tour_hands.html",
        form=form,
        refusal=refusal,
        tour=found.row,
        stops=_stops(found, shipments),
        figures=found.figures,
        gap_cents=_gap_cents(found),
        lacking_cents=max(0, _gap_cents(found) - found.row.gap_cents),
        first=len(found.stood.holds.first),
        shipments=shipments,
        sites=sites,
        names=names,
        moves=moves,
        after=after,
        done_by=done_by,
        done=HAND_WORDS,
        others=others,
        undoable=undoable,
        carriers=[(one.id, one.name) for one in carriers],
        vehicles=vehicles,
        open=found.row.state in ("proposed", "confirmed"),
        states=TOURS,
        colour=colour,
        chosen=CHOSEN,
    )


def _known(
    view: View, tasks: Sequence[Task]
) -> tuple[Mapping[str, Row[Any]], Mapping[str, Site], dict[str, str]]:
    """Read whose crates are visited, where, and who pays."""
    shipments = shipments_by_id(view, {task.id for task in tasks})
    ends = [end for one in shipments.values() for end in (one.from_site_id, one.to_site_id)]
    names = party_names(view, [one.payer_id for one in shipments.values()])
    return shipments, sites_by_id(view, ends), dict(names)


def _stops(found: Found, shipments: Mapping[str, Row[Any]]) -> list[Stop]:
    holds, world = found.stood.holds, found.world
    sites = world.site_of(found.figures.route)
    stops = []
    for number, task in enumerate(found.stood.tasks, start=1):
        window = holds.hours.get(task)
        stops.append(
            Stop(
                number=number,
                task=task,
                shipment=shipments[task.id],
                site_id=sites[task],
                begins_at=world.at(found.figures.begins_s[task]),
                pinned=task.id in holds.pinned,
                locked=task in holds.first or task in holds.places,
                hours=None if window is None else (world.at(window.opens_s), world.at(window.closes_s)),
            )
        )
    return stops


def _payers(part: Part) -> list[str]:
    """Name those whose share would change."""
    before, after = part.before_figures.split.shares_cents, part.after_figures.split.shares_cents
    return [one for one in sorted({*before, *after}) if before.get(one, 0) != after.get(one, 0)]
