"""Sites on pages: found by an address, put on the map by a click, or typed as degrees."""

import re
from typing import Any

from fastapi import APIRouter
from sqlalchemy import Row
from starlette.responses import Response

from api.pages.forms import Filled, Form, asked
from api.pages.goods.addresses import seek, with_address
from api.pages.goods.pin import PIN_UNITS, PinMap, pin_map, pointed
from api.pages.goods.site_week import DAY_NAMES, shown_week, week_of, week_said
from api.pages.lists import part_of
from api.pages.press import answer, page
from api.pages.visit import Signed, Visit
from geodata.place import Place
from geodata.refusal import Refusal
from pooling.desk.goods.hubs import mark_hub
from pooling.desk.goods.shipments import day_at
from pooling.desk.goods.sites import SiteWords, change_site, enter_site
from pooling.goods.hub import HUB_CRATES_LIMIT, KEEPERS, HubRoom
from pooling.hours import DAY_S
from pooling.phrases import message
from pooling.site import ADDRESS_LIMIT, CONTACT_LIMIT, PHONE, PHONE_LIMIT
from pooling.store.hubs import expected_at
from pooling.store.parties import find_party
from pooling.store.sites import find_site, list_sites
from pooling.week import spans_text
from routing.problem import Window

router = APIRouter()

BESIDE = {
    "hours_backwards": "closes",
    "week_unreadable": "day_0",
    "too_many_hours": "dates",
    "place_off_map": "lat",
    "place_off_earth": "lat",
}


@router.get("/sites")
def listed(visit: Signed) -> Response:
    """List one's sites; where the road is far, say so: a mistyped degree looks like that."""
    party = visit.own_party()
    with visit.desk.store.view() as view:
        rows, after = list_sites(view, [party.id], part_of(visit))
    snaps = visit.house.region.roads.snap_all([Place(lat=row.lat, lon=row.lon) for row in rows]).snaps
    warns = {row.id: snap.warn for row, snap in zip(rows, snaps, strict=True) if snap}
    weeks = {row.id: week_said(visit.words, row.week) for row in rows}
    far = {one: visit.words.refusal(warn) for one, warn in warns.items() if warn}
    return page(visit, "sites.html", sites=rows, after=after, far=far, weeks=weeks)


@router.get("/sites/new")
def new(visit: Signed) -> Response:
    """Show the way in: a name to search, its candidates, a map to point at, and the form."""
    visit.own_party()
    return _site(visit, pointed(asked(visit)), None, None)


@router.post("/sites/new")
def enter(visit: Signed, form: Filled) -> Response:
    party = visit.own_party()

    def do() -> str:
        return enter_site(visit.desk, visit.who, form.ask, party.id, _words(form))

    return answer(
        form,
        do,
        then=lambda _: "/sites",
        again=lambda refusal: _site(visit, form, refusal, None),
        said="site_entered",
        beside=BESIDE,
    )


@router.get("/sites/{site_id}")
def one(visit: Signed, site_id: str) -> Response:
    return _site(visit, pointed(asked(visit)), None, _own_site(visit, site_id))


@router.post("/sites/{site_id}")
def change(visit: Signed, form: Filled, site_id: str) -> Response:
    row = _own_site(visit, site_id)

    def do() -> str:
        return change_site(visit.desk, visit.who, form.ask, site_id, form.revision, _words(form))

    return answer(
        form,
        do,
        then=lambda _: "/sites",
        again=lambda refusal: _site(visit, form, refusal, row),
        said="saved",
        beside=BESIDE,
    )


@router.post("/sites/{site_id}/hub")
def hub(visit: Signed, form: Filled, site_id: str) -> Response:
    """Say how many crates of others are kept here in a day."""
    row = _own_site(visit, site_id)

    def do() -> str:
        kept = [form.whole(name, 0, HUB_CRATES_LIMIT) for name in ("ambient", "chilled", "frozen")]
        form.check()
        return mark_hub(visit.desk, visit.who, form.ask, site_id, form.revision, HubRoom(*kept))

    return answer(
        form,
        do,
        then=lambda _: f"/sites/{site_id}",
        again=lambda refusal: _site(visit, form, refusal, row),
        said="saved",
    )


@router.get("/pin.svg")
def pin(visit: Signed) -> Response:
    """Draw the roads around a point, with a pin on it."""
    form = asked(visit)
    drawn = pin_map(visit.house.region, PinMap.of(form, visit.house.region))
    return Response(drawn, media_type="image/svg+xml", headers={"Cache-Control": "private, max-age=3600"})


def _own_site(visit: Visit, site_id: str) -> Row[Any]:
    with visit.desk.store.view() as view:
        row = find_site(view, site_id)
    visit.who.must_see("site", site_id, row.party_id)
    return row


def _words(form: Form) -> SiteWords:
    words = SiteWords(
        name=form.name("name"),
        lat=form.degrees("lat", 90),
        lon=form.degrees("lon", 180),
        opens_s=form.hour("opens", 0),
        closes_s=form.hour("closes", DAY_S),
        note=form.text("note", limit=500, needed=False),
        address=form.text("address", limit=ADDRESS_LIMIT, needed=False),
        contact=form.text("contact", limit=CONTACT_LIMIT, needed=False),
        phone=form.text("phone", limit=PHONE_LIMIT, needed=False),
        tail_lift=form.ticked("tail_lift"),
        week=_week(form),
    )
    if not re.fullmatch(PHONE, words.phone):
        form.wrong("phone", message("Digits, such as +33 6 12 34 56 78."))
    form.check()
    return words


def _week(form: Form) -> str:
    """Read hours by weekday, each day's beside its field; hours of every day where only dates differ."""
    every_day = Window(form.hour("opens", 0), max(form.hour("opens", 0), form.hour("closes", DAY_S)))
    return week_of(form, spans_text([every_day]))


def _site(visit: Visit, form: Form, refusal: Refusal | None, site: Row[Any] | None) -> Response:
    sought = seek(visit.house.addresses, form, visit.words)
    form = with_address(form, sought)
    start = Form({"lat": str(site.lat), "lon": str(site.lon)}) if site and not form.value("lat") else form
    keeps, expected = _kept(visit, site) if site is not None else (False, [])
    return page(
        visit,
        "site.html",
        keeps=keeps,
        expected=expected,
        form=form,
        refusal=refusal,
        site=site,
        week=shown_week(site.week) if site is not None else {},
        weekdays=list(DAY_NAMES.values()),
        sought=sought,
        pin=PinMap.of(start, visit.house.region),
        pin_units=PIN_UNITS,
    )


def _kept(visit: Visit, site: Row[Any]) -> tuple[bool, list[Row[Any]]]:
    """Tell whether a site may be a hub, and read what waits there from today on."""
    with visit.desk.store.view() as view:
        keeps = find_party(view, site.party_id).role in KEEPERS
        today = day_at(visit.desk, view.now_at)
        return keeps, expected_at(view, site.id, today) if keeps else []
