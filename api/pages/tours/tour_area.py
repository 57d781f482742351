"""Where a tour goes, as a form says it: around a site of the list, and places or a polygon as typed."""

import json
import re

from api.pages.forms import Form
from api.pages.said import message
from api.pages.visit import Visit
from geodata.refusal import Refusal
from pooling.store.sites import sites_by_id
from pooling.tours.tour_area import RADIUS_LIMIT_M, Around, tour_area_text

LINE = re.compile(r"(-?\d{1,2}(?:\.\d{1,9})?)\s*[,;]\s*(-?\d{1,3}(?:\.\d{1,9})?)\s*[,;]\s*(\d{1,3})")
TYPED_LIMIT = 20_000
AREA_LINE = message("One place a line: latitude, longitude, kilometres around it.")


def area_of(visit: Visit, form: Form) -> str:
    """Read where a tour goes, as it is kept; empty where it goes anywhere."""
    typed = form.value("area").strip()[:TYPED_LIMIT]
    around = _around(visit, form)
    try:
        if typed.startswith("{"):
            return tour_area_text(json.loads(typed), around)
        return tour_area_text(None, [*_lines(form, typed), *around])
    except ValueError:
        form.wrong("area", AREA_LINE)
    except Refusal as refusal:
        form.wrong("area", refusal.reason, **refusal.facts)
    return ""


def typed_area(text: str) -> str:
    """Return a kept area as it is typed."""
    if not text:
        return ""
    told = json.loads(text)
    if "polygon" in told:
        return json.dumps(told["polygon"])
    return "\n".join(f"{lat}, {lon}, {far // 1000}" for lat, lon, far in told["places"])


def _lines(form: Form, typed: str) -> list[Around]:
    found = []
    for line in filter(None, (one.strip() for one in typed.splitlines())):
        hit = LINE.fullmatch(line)
        if hit is None:
            form.wrong("area", AREA_LINE)
        else:
            found.append(Around(float(hit[1]), float(hit[2]), int(hit[3]) * 1000))
    return found


def _around(visit: Visit, form: Form) -> list[Around]:
    site_id = form.value("around")[:40]
    if not site_id:
        return []
    far_km = form.whole("around_km", 1, RADIUS_LIMIT_M // 1000, 15)
    with visit.desk.store.view() as view:
        site = sites_by_id(view, [site_id]).get(site_id)
    if site is None:
        form.wrong("around", message("Choose one of the list."))
        return []
    return [Around(site.place.lat, site.place.lon, far_km * 1000)]


def said_area(visit: Visit, text: str) -> str:
    """Say where a tour goes, in a few words; empty where it goes anywhere."""
    if not text:
        return ""
    places = json.loads(text).get("places", [])
    if not places:
        return visit.words.say("an area that its operator drew")
    return " · ".join(f"{lat}, {lon}: {far // 1000} km" for lat, lon, far in places)
