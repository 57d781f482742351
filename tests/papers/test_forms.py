"""The forms of a manifest beside its print: labels, waybills, table, track, calendar."""

import csv
from dataclasses import replace
from io import BytesIO, StringIO
from xml.etree import ElementTree as Xml

import pytest
from icalendar import Calendar
from pypdf import PdfReader

from api.papers.diary import manifest_ics
from api.papers.labels import LABELS_PER_FILE, NoSuchPart, labels_of, labels_pdf
from api.papers.paper import manifest_pdf
from api.papers.sheet import sheet_of, written_out
from api.papers.table import BYTE_ORDER_MARK, COLUMNS, manifest_csv
from api.papers.track import NAMESPACE, manifest_gpx
from api.papers.waybill import transport_papers_pdf
from api.papers.words import words
from pooling.manifest import Empties
from pooling.runs.transport_paper import filled, write_paper
from tests.papers.sample import friday_trip, harvest_tour
from tests.pooling.test_transport_paper import CHEESE, LOU

FRENCH = words("fr")


PICTURE = "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 8 5'></svg>"


def text_of(pdf):
    """Return what a print says, its lines run together."""
    said = " ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)
    return " ".join(said.replace("\N{NO-BREAK SPACE}", " ").split())


def pages(pdf):
    return len(PdfReader(BytesIO(pdf)).pages)


def with_words(**known):
    """Say of the first stop of the trip what a driver must know there."""
    trip = friday_trip()
    return replace(trip, stops=(replace(trip.stops[0], **known), *trip.stops[1:]))


def rows(manifest):
    return list(csv.DictReader(StringIO(manifest_csv(manifest).removeprefix(BYTE_ORDER_MARK)), delimiter=";"))


def test_the_table_has_a_line_for_each_load_and_for_each_stop_without():
    trip = friday_trip()
    bare = replace(trip.stops[0], handlings=())
    found = rows(replace(trip, stops=(bare, *trip.stops[1:])))
    assert [(one["stop"], one["way"], one["shipment"]) for one in found] == [
        ("1", "", ""),
        ("2", "on", "T7-002"),
        ("3", "off", "T7-001"),
        ("3", "off", "T7-002"),
    ]
    assert tuple(found[0]) == COLUMNS and found[1]["limit_c"] == "4"


@pytest.mark.parametrize("evil", ["=1+1", "+cmd", "-2+3", "@SUM(A1)"])
def test_no_cell_of_the_table_is_run_by_a_spreadsheet(evil):
    (first, *_) = rows(with_words(access=evil, contact='a;"b"'))
    assert first["access"] == f"'{evil}" and first["contact"] == 'a;"b"'


def test_the_track_holds_each_stop_twice_and_the_way_once():
    trip = friday_trip()
    root = Xml.fromstring(manifest_gpx(with_words(site="<b> & co")))  # noqa: S314 - we wrote it
    names = {"g": NAMESPACE}
    assert len(root.findall("g:wpt", names)) == len(root.findall("g:rte/g:rtept", names)) == 3
    assert root.find("g:wpt/g:name", names).text == "1 <b> & co"
    points = root.findall("g:trk/g:trkseg/g:trkpt", names)
    assert [(float(p.get("lat")), float(p.get("lon"))) for p in points] == list(trip.line)


def test_the_calendar_has_an_event_for_each_stop_on_its_own_clock():
    events = Calendar.from_ical(manifest_ics(with_words(address="1 place, Nice"), FRENCH)).walk("VEVENT")
    assert [f"{one.decoded('dtstart'):%H:%M}" for one in events] == ["03:10", "04:02", "04:34"]  # UTC
    assert str(events[0]["location"]) == "1 place, Nice"


def test_a_later_edition_takes_the_place_of_the_first_in_the_calendar():
    first = Calendar.from_ical(manifest_ics(friday_trip(), FRENCH)).walk("VEVENT")
    later = replace(friday_trip(), number=f"{friday_trip().number}-R2", edition=2)
    second = Calendar.from_ical(manifest_ics(later, FRENCH)).walk("VEVENT")
    assert [one["uid"] for one in first] == [one["uid"] for one in second]
    assert {int(one["sequence"]) for one in second} == {1}


def test_each_crate_has_one_label_in_the_order_of_going_off():
    labels = labels_of(harvest_tour(), FRENCH)
    assert [label.stop for label in labels] == sorted(label.stop for label in labels)
    assert len({label.uri for label in labels}) == len(labels) == 114
    assert labels[0].crate == "1 / 3" and labels[0].uri == "carriole:S-1041/1"


def test_labels_are_ten_a_page_and_say_how_cold():
    pdf = labels_pdf(friday_trip(), 1, FRENCH)
    text = text_of(pdf)
    assert pages(pdf) == 2  # 13 crates
    assert text.count("Restaurant du Port") == 5 and "+4 °C au plus" in text


def test_labels_beyond_one_file_come_in_parts():
    trip = friday_trip()
    last = trip.stops[-1]
    many = replace(last, handlings=(replace(last.handlings[0], crates=LABELS_PER_FILE + 1),))
    long = replace(trip, stops=(*trip.stops[:-1], many))
    assert pages(labels_pdf(long, 2, FRENCH)) == 1
    with pytest.raises(NoSuchPart):
        labels_pdf(long, 3, FRENCH)


def test_papers_are_a_page_each_and_shout_what_is_missing():
    whole = filled(
        write_paper(LOU, CHEESE, 1), {"loaded": "2026-09-12 06:47 · Mme Rossi", "reserves": "short"}
    )
    lacking = write_paper(replace(LOU, plate=""), CHEESE, 2)
    pdf = transport_papers_pdf([whole, lacking], "2026-09-12", FRENCH)
    text = text_of(pdf)
    assert pages(pdf) == 2 and text.count("LETTRE DE VOITURE") == 2
    assert text.count("MANQUE") == 1 and "06:47 · Mme Rossi" in text and "il manque des caisses" in text


def test_a_paper_tells_its_customer_what_carrying_emits():
    """Code des transports, L1431-3."""
    paper = write_paper(LOU, CHEESE, 1)
    text = text_of(transport_papers_pdf([paper], "2026-09-12", FRENCH, {paper.shipment: 2_140}))
    assert "2,14 kg de CO₂e, transport seul" in text and "L1431-3" in text


def test_no_print_bears_an_id_of_the_house_but_each_its_short_number():
    raw = "shp_01ng8kr962j0xvvbpp8wx13s"
    written = friday_trip()
    stops = tuple(
        replace(stop, handlings=tuple(replace(each, shipment=raw) for each in stop.handlings))
        for stop in written.stops
    )
    named = replace(written, stops=stops)
    labels = labels_pdf(named, 1, FRENCH)
    paper = transport_papers_pdf([write_paper(LOU, replace(CHEESE, shipment=raw), 1)], "2026-09-12", FRENCH)
    for pdf in (manifest_pdf(sheet_of(named, FRENCH), PICTURE, FRENCH, "2026-10-16"), labels, paper):
        assert raw not in text_of(pdf)
    assert "X13S" in text_of(labels) and written_out(raw) == "" and written_out("S1") == "S1"


def test_the_print_says_what_a_driver_must_know_of_a_stop():
    known = {"address": "12 chemin de la Colle", "phone": "+33 6 12 34 56 78"}
    written = with_words(**known, empties=(Empties("chilled", 6),))
    text = text_of(manifest_pdf(sheet_of(written, FRENCH), PICTURE, FRENCH, "2026-10-16"))
    assert all(one in text for one in known.values()) and "aucun engin spécial" in text
    assert "6 réfrigéré" in text


def test_thousands_are_printed_with_a_blank_that_the_fonts_have():
    text = text_of(manifest_pdf(sheet_of(harvest_tour(), FRENCH), PICTURE, FRENCH, "2026-10-17"))
    assert "□" not in text and "1 200 kg" in text
