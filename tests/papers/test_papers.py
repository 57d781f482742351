"""The papers of one manifest: page, print, data, way and map tell the same, and nothing is lost."""

import re
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser
from io import BytesIO

import pytest
from pypdf import PdfReader

from api.papers.page import manifest_html
from api.papers.paper import manifest_pdf
from api.papers.picture import draw_map, manifest_picture
from api.papers.sheet import ride_number, sheet_of
from api.papers.words import words
from pooling.manifest import FreeRoom
from tests.papers.sample import (
    NO_STREETS,
    crowded_stop,
    friday_trip,
    grid_streets,
    harvest_tour,
    stranger,
)

VOID = {"meta", "path", "rect", "circle", "br"}


CASES = [(make, language) for make in (friday_trip, harvest_tour) for language in ("en", "fr")]


both = pytest.mark.parametrize(("make", "language"), CASES, ids=lambda each: getattr(each, "__name__", each))


class Reader(HTMLParser):
    """Read a page: its text, its tags, and whether every tag is closed in turn."""

    def __init__(self, page):
        super().__init__()
        self.open, self.said, self.tags, self.attributes = [], [], Counter(), []
        self.feed(page)
        self.close()
        self.text = " ".join(" ".join(self.said).split())

    def handle_starttag(self, tag, attrs):
        self.tags[tag] += 1
        self.attributes += [(tag, *each) for each in attrs]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags[tag] += 1
        self.attributes += [(tag, *each) for each in attrs]

    def handle_endtag(self, tag):
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_data(self, data):
        self.said.append(data)

    def all(self, name):
        return [value for _, attribute, value in self.attributes if attribute == name]


def page_of(manifest, language="en"):
    say = words(language)
    svg = draw_map(manifest_picture(manifest, grid_streets()), language)
    return manifest_html(sheet_of(manifest, say), svg, say)


def print_of(manifest, language="en"):
    say = words(language)
    svg = draw_map(manifest_picture(manifest, NO_STREETS), language)
    return manifest_pdf(sheet_of(manifest, say), svg, say, manifest.date)


def plain(text):
    return re.sub(r"\s+", "", text)


def facts(manifest):
    """List every word and figure that no layout may lose."""
    yield from (
        manifest.number,
        manifest.title,
        manifest.driver,
        manifest.vehicle,
        manifest.departs,
        manifest.ends,
    )
    for stop in manifest.stops:
        yield from (stop.site, stop.code, stop.arrives, stop.begins, stop.leaves, *stop.streets)
        yield from (hour for hour in (stop.from_hour, stop.until_hour) if hour)
        for each in stop.handlings:
            sign = "+" if each.way == "on" else "−"
            yield from (each.shipment, each.shipper, each.consignee, f"{sign}{each.crates}")


@both
def test_the_page_holds_every_stop_hour_and_shipment(make, language):
    reader = Reader(page_of(make(), language))
    assert not reader.open
    for fact in facts(make()):
        assert " ".join(fact.split()) in reader.text
    assert reader.tags["article"] == len(make().stops)


@both
def test_the_print_holds_every_stop_hour_and_shipment(make, language):
    pdf = print_of(make(), language)
    assert pdf.startswith(b"%PDF-")
    pages = [page.extract_text() for page in PdfReader(BytesIO(pdf)).pages]
    text = plain("".join(pages))
    for fact in facts(make()):
        assert plain(fact) in text
    for number, page in enumerate(pages, start=1):
        assert f"{number}/{len(pages)}" in plain(page)


def test_a_stop_is_never_cut_by_the_end_of_a_page():
    pages = [plain(page.extract_text()) for page in PdfReader(BytesIO(print_of(harvest_tour()))).pages]
    for stop in harvest_tour().stops:
        first = next(at for at, page in enumerate(pages) if plain(f"{stop.site} {stop.code}") in page)
        page = pages[first]
        rest = page[page.index(plain(f"{stop.site} {stop.code}")) :]
        assert stop.leaves in rest
        assert stop.handlings[0].shipment in rest
        assert f"{stop.on_board.kg:,}kg" in rest or "empty" in rest


def test_a_stop_longer_than_a_page_goes_on_overleaf_and_loses_nothing():
    pages = [page.extract_text() for page in PdfReader(BytesIO(print_of(crowded_stop()))).pages]
    held = [set(re.findall(r"X-\d{3}", page)) for page in pages]
    assert set().union(*held) == {f"X-{at:03}" for at in range(60)}
    assert all(len(shipments) <= 30 for shipments in held)


def test_the_same_manifest_gives_the_same_bytes():
    assert print_of(friday_trip()) == print_of(friday_trip())
    assert page_of(friday_trip()) == page_of(friday_trip())


def test_the_page_asks_nothing_of_a_network_and_runs_no_script():
    page = page_of(friday_trip())
    reader = Reader(page)
    assert not reader.tags.keys() & {"script", "link", "img", "iframe"}
    assert all(href.startswith(("#", "geo:")) for href in reader.all("href"))
    assert not re.search(r"url\(|@import|https?://(?!www\.w3\.org/2000/svg)", page)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_page_serves_screen_readers(language):
    reader = Reader(page_of(friday_trip(), language))
    assert ("html", "lang", language) in reader.attributes
    assert reader.all("href")[0] == "#stops"
    assert reader.tags["h1"] == 1
    assert reader.tags["main"] == 1
    assert set(reader.all("scope")) == {"col", "row"}
    ids = reader.all("id")
    assert len(ids) == len(set(ids))
    assert set(reader.all("aria-labelledby")) <= set(ids)
    assert {href[1:] for href in reader.all("href") if href.startswith("#")} <= set(ids)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_names_of_strangers_stay_names_on_the_page(language):
    page = page_of(stranger(), language)
    reader = Reader(page)
    assert reader.tags["script"] == 0
    assert "{{ 7*7 }}" in reader.text
    assert stranger().title in reader.text
    assert not reader.open


def test_names_of_strangers_stay_names_in_print():
    text = plain("".join(page.extract_text() for page in PdfReader(BytesIO(print_of(stranger()))).pages))
    assert plain(stranger().title) in text


NOTE = "□ stands for a sign that this print cannot show"


STRANGE = {
    "an emoji": ("Ferme \N{TOMATO} du Port", "Ferme □ du Port"),
    "a family of joined emoji": ("Ferme \U0001f468\u200d\U0001f469\u200d\U0001f467", "Ferme □□□"),
    "a heart with a colour": ("Ferme \u2764\ufe0f", "Ferme"),
    "a flag": ("Ferme \U0001f1eb\U0001f1f7", "Ferme"),
    "Chinese": ("农场 Nice", "□□ Nice"),
    "Thai with marks": ("ฟาร์ม", "□□□□□"),
    "Devanagari": ("क्षेत्र", ""),
    "Arabic": ("مزرعة", ""),
    "Hebrew": ("חווה", ""),
    "marks on a letter": ("Fe\u0301rme", "rme"),
    "many marks on a letter": ("Z" + "\u0335\u0320\u0489" * 9, ""),
    "a sign of private use": ("Ferme \ue000", "Ferme □"),
    "a sign not yet given": ("Ferme \U000e0fff\u0378", "Ferme"),
    "a change of direction": ("Ferme \u202edu Port", "Ferme"),
}


@pytest.mark.parametrize(("name", "shown"), STRANGE.values(), ids=STRANGE)
def test_a_name_that_the_print_cannot_show_is_marked_there_and_whole_on_the_page(name, shown):
    """The driver sees that a sign is missing; the page and the data have it."""
    trip = friday_trip()
    strange = replace(trip, driver=name, stops=(replace(trip.stops[0], site=name), *trip.stops[1:]))
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(print_of(strange))).pages)
    assert plain(shown) in plain(text)
    assert (plain(NOTE) in plain(text)) == ("□" in text)
    assert Reader(page_of(strange)).text.count(name) >= 2


def test_a_print_that_shows_every_name_says_nothing_of_missing_signs():
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(print_of(friday_trip()))).pages)
    assert "□" not in text


def test_the_driver_is_told_to_wait_where_handling_begins_later():
    assert sum("Wait until" in said for said in Reader(page_of(friday_trip())).said) == 2


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_stop_without_goods_of_others_says_so(language):
    trip = friday_trip()
    bare = replace(trip, stops=(replace(trip.stops[0], handlings=()), *trip.stops[1:]))
    said = words(language).say("Nothing of others to load or unload here.")
    assert Reader(page_of(bare, language)).text.count(said) == 1
    assert plain(said) in plain(
        "".join(page.extract_text() for page in PdfReader(BytesIO(print_of(bare, language))).pages)
    )


def test_the_head_says_each_name_once():
    owner = "Jardins de La Croux"
    trip = replace(friday_trip(), title=owner, driver=owner, vehicle=owner)
    page, text = page_of(trip), print_of(trip)
    header = Reader(page[page.index("<header>") : page.index("</header>")]).text
    first = PdfReader(BytesIO(text)).pages[0].extract_text()
    assert header.count(owner) == 1
    assert not {"Driver", "Vehicle"} & set(header.split())
    assert plain(first).count(plain(owner)) == 1


@pytest.mark.parametrize(
    ("number", "short"),
    [
        ("20261128-tour_01ng8k4ajv307", "V307"),
        ("20261128-trip_01ng8k4ajv307-R2", "V307-R2"),
        ("20260912-T7", "T7"),
        ("T7-2026-10-16", "T7-2026-10-16"),
    ],
)
def test_a_driver_can_say_the_number_of_its_manifest(number, short):
    assert ride_number(number) == short


def test_the_head_names_a_driver_and_a_vehicle_of_their_own():
    assert {"Driver", "Vehicle"} <= set(Reader(page_of(friday_trip())).text.split())


def test_a_manifest_without_stops_is_still_set():
    bare = replace(friday_trip(), stops=(), load_order=(), line=(), announced_line=())
    assert print_of(bare).startswith(b"%PDF-")
    assert Reader(page_of(bare)).tags["article"] == 0


def test_what_goes_off_stands_before_what_comes_on():
    trip = friday_trip()
    middle = trip.stops[1]
    swapped = replace(middle, handlings=(*middle.handlings, *trip.stops[2].handlings))
    sheet = sheet_of(replace(trip, stops=(swapped,)), words("en"))
    assert [row.goes_on for row in sheet.halts[0].rows] == [False, False, True]


def test_the_way_after_the_last_stop_is_what_the_legs_leave_over():
    sheet = sheet_of(friday_trip(), words("en"))
    assert sheet.last_leg.replace("\N{NO-BREAK SPACE}", " ") == "24.0 km · 38 min"


def test_a_van_without_a_known_payload_states_none():
    trip = friday_trip()
    sheet = sheet_of(replace(trip, room=replace(trip.room, kg=0)), words("en"))
    assert sheet.room == "at most 30 crates (ambient) · 12 crates (chilled) free for others on a leg"


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_trip_is_never_called_empty_as_its_owner_may_carry_goods_of_its_own(language):
    """What the owner carries beside shipments is known only as room that is not free."""
    said = Reader(page_of(friday_trip(), language)).text
    assert words(language).say("empty") not in said
    assert said.count(words(language).say("nothing but the owner's own goods, if any")) == 2
    assert said.count(words(language).say("beside the owner's own goods, if any")) == 2


def test_each_leg_states_the_room_that_is_really_free_and_the_last_stop_none():
    full = replace(friday_trip().stops[1], free=FreeRoom(0, 0, 0, 40))
    heavy = replace(friday_trip().stops[0], free=FreeRoom(9, 0, 0, 0))
    trip = replace(friday_trip(), stops=(*friday_trip().stops[:2], heavy, full, friday_trip().stops[2]))
    halts = sheet_of(trip, words("en")).halts
    assert [halt.free.replace("\N{NO-BREAK SPACE}", " ") for halt in halts] == [
        "22 crates (ambient) · 12 crates (chilled) · 536 kg",
        "10 crates (ambient) · 7 crates (chilled) · 496 kg",
        "none",
        "none",
        "",
    ]
