"""Events of partner carriers: read line by line, and signed messages that are new."""

import json

import pytest

from geodata.refusal import Refusal
from pooling.carriers.plates import plate_kept, plate_key
from pooling.files.collection_file import read_list
from pooling.runs.partner_events import read_events
from pooling.telling.partner_signature import FRESH_S, must_be_signed
from pooling.telling.webhooks import fresh_secret, signed

PARIS = "Europe/Paris"
FILE = b"""id;kind;manifest;at;shipment;way;crates;temperature_c;lat;lon;colour
e1;departed;M1;2026-09-12T06:10;;;;;;;
e2;handover;M1;2026-09-12T06:40+02:00;shp_1;on;4;3,8;43.7;7.4;
e3;handover;M1;yesterday;shp_1;sideways;;99;43.7;;
e1;arrived;M1;;;;;;;;
;flown;;;;;;;;;
"""


def read(raw):
    return read_events(read_list(raw), PARIS)


def test_good_lines_are_kept_and_each_bad_one_is_told_with_its_column():
    found = read(FILE)
    assert [one.id for one in found.good] == ["e1", "e2"]
    departed, handed = found.good
    assert handed.at - departed.at == 1800 and handed.temperature_tenths == 38 and handed.crates == 4
    told = {(one.line, one.column, one.refusal.code) for one in found.bad}
    assert told >= {
        (4, "at", "not_a_moment"),
        (4, "way", "not_one_of"),
        (4, "crates", "field_missing"),
        (4, "temperature_c", "amount_out_of_range"),
        (4, "lon", "field_missing"),
        (5, "id", "name_twice"),
        (6, "kind", "not_one_of"),
        (6, "id", "field_missing"),
    }
    assert [one.facts["column"] for one in found.unread] == ["colour"]


def test_json_reads_as_the_same_events_and_a_list_inside_is_told():
    rows = [{"id": "e1", "kind": "late", "manifest": "M1", "minutes": 20}, {"id": ["e2"]}]
    found = read(json.dumps({"lines": rows}).encode())
    assert found.good[0].minutes == 20 and found.bad[0].refusal.code == "line_not_flat"


def test_the_same_words_have_one_fingerprint_wherever_they_stand():
    first, moved = (read(b"id,kind,manifest\n" + gap + b"e1,arrived,M1\n").good[0] for gap in (b"", b"\n\n"))
    assert first.line != moved.line and first.fingerprint == moved.fingerprint


def test_only_who_holds_the_secret_signs_and_only_for_five_minutes():
    secret, now_at = fresh_secret(), 1_789_000_000
    headers = signed(secret, "msg_1", now_at, "{}")
    must_be_signed(secret, headers, "{}", now_at + FRESH_S)
    for wrong in (
        (fresh_secret(), headers, "{}", now_at),
        (secret, headers, "{ }", now_at),
        (secret, headers, "{}", now_at + FRESH_S + 1),
        (secret, headers | {"webhook-id": "msg_2"}, "{}", now_at),
        (secret, headers | {"webhook-timestamp": "soon"}, "{}", now_at),
        (secret, {}, "{}", now_at),
    ):
        with pytest.raises(Refusal) as refused:
            must_be_signed(*wrong)
        assert refused.value.code == "signature_wrong"


@pytest.mark.parametrize("typed", ["ab-123-cd", "AB 123 CD", "ab123cd", " AB-123 CD"])
def test_a_plate_is_known_again_however_it_was_typed(typed):
    assert plate_kept(typed) == "AB-123-CD" and plate_key(typed) == "AB123CD"


def test_a_plate_of_another_form_keeps_its_own():
    assert plate_kept("1234 ab 81") == "1234 AB 81" and plate_key("1234-AB-81") == plate_key("1234 ab 81")
