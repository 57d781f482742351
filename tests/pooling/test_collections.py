"""A list of collections: good lines are kept, bad ones told with number, column and cure."""

import json
from datetime import date, time
from io import BytesIO
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pooling.files.collection_file import (
    COLLECTION_LINES_LIMIT,
    ListEmpty,
    ListTooLong,
    ListUnreadable,
    read_list,
)
from pooling.files.workbook import WorkbookUnreadable
from pooling.goods.collection import COLLECTION_COLUMNS, read_collections
from tests.thorough import examples

HEAD = "reference,producer,pickup,client,drop,day,ready,pickup_by,deliver_from,deliver_by,temperature,crates"
GOOD = "A1,Farm,Eze,Shop,Monaco,2026-09-13,06:00,09:00,07:00,12:00,ambient,4"
MIDNIGHT = 1_789_250_400
"""2026-09-13 00:00 in Paris."""


def read(text, *, platform=True):
    raw = text if isinstance(text, bytes) else text.encode()
    return read_collections(read_list(raw), "Europe/Paris", platform=platform)


def line(**other):
    words = dict(zip(HEAD.split(","), GOOD.split(","), strict=True)) | other
    return json.dumps([words]).encode()


def told(found):
    return [(one.line, one.column, one.refusal.code) for one in found.bad]


def test_a_good_line_is_kept_with_its_hours_as_moments():
    (one,) = read(f"{HEAD}\n{GOOD}").good
    assert (one.number, one.reference, one.crates, one.kg, one.temperature) == (2, "A1", 4, 32, "ambient")
    assert (one.ready_at - MIDNIGHT, one.deliver_by_at - MIDNIGHT) == (6 * 3600, 12 * 3600)


def test_french_names_of_columns_days_and_temperatures_are_read_from_a_french_spreadsheet():
    text = (
        "Référence;Producteur;Enlèvement;Destinataire;Livraison;Jour;Prêt;Livrer avant;"
        "Température;Caisses\r\n"
        "A1;Ferme du Lac;Èze;Épicerie;plateforme;13/09/2026;6h;12h30;Frais;4\r\n"
    )
    for raw in (text.encode(), text.encode("cp1252")):
        (one,) = read(raw).good
        assert (one.producer, one.drop, one.temperature, one.day) == (
            "Ferme du Lac",
            "",
            "chilled",
            "2026-09-13",
        )
        assert one.deliver_by_at - MIDNIGHT == 12 * 3600 + 1800


def test_a_bad_line_costs_itself_and_names_its_columns():
    wrong = "A2,,Eze,Shop,Monaco,13.9.26,09:00,06:00,07:00,12:00,tepid,many"
    text = "\n".join([HEAD, GOOD, wrong, GOOD.replace("A1", "A3")])
    found = read(text)
    assert [one.reference for one in found.good] == ["A1", "A3"]
    assert told(found) == [
        (3, "day", "not_a_date"),
        (3, "crates", "not_a_number"),
        (3, "producer", "field_missing"),
        (3, "temperature", "not_one_of"),
    ]


@pytest.mark.parametrize(
    ("words", "column", "code"),
    [
        ({"reference": ""}, "reference", "field_missing"),
        ({"reference": "x" * 81}, "reference", "bad_name"),
        ({"pickup": ""}, "pickup", "field_missing"),
        ({"drop": "x" * 201}, "drop", "address_too_long"),
        ({"day": ""}, "day", "field_missing"),
        ({"day": "1999-01-01"}, "day", "day_out_of_range"),
        ({"crates": "0"}, "crates", "amount_out_of_range"),
        ({"crates": "4000"}, "crates", "amount_out_of_range"),
        ({"kg": "heavy"}, "kg", "not_a_number"),
        ({"goods_value_eur": "-1"}, "goods_value_eur", "amount_out_of_range"),
        ({"ready": "noon"}, "ready", "hour_unreadable"),
        ({"pickup_by": "05:00"}, "pickup_by", "hours_reversed"),
        ({"crates": [4]}, "crates", "line_not_flat"),
    ],
)
def test_wrong_input_of_every_kind_is_told_beside_its_column(words, column, code):
    found = read(line(**words))
    assert told(found) == [(1, column, code)] and not found.good
    assert all(one.refusal.what_to_do for one in found.bad)


def test_a_platform_must_be_named_with_the_list():
    assert read(line(drop="Platform")).good[0].drop == ""
    assert told(read(line(drop="hub"), platform=False)) == [(1, "drop", "platform_missing")]


def test_of_two_lines_with_one_reference_the_first_is_kept():
    found = read(f"{HEAD}\n{GOOD}\n{GOOD}")
    assert len(found.good) == 1 and told(found) == [(3, "reference", "name_twice")]


def test_columns_that_nobody_knows_or_that_stand_twice_are_told():
    found = read(f"{HEAD},colour,ref\n{GOOD},red,B9")
    assert [one.code for one in found.unread] == ["column_unknown", "column_twice"]
    assert found.good[0].reference == "A1"


def test_a_fingerprint_knows_the_words_of_a_line_wherever_it_stands():
    first, again = (read(f"{HEAD}\n{gap}{GOOD}").good[0] for gap in ("", "\n\n"))
    other = read(f"{HEAD}\n{GOOD[:-1]}5").good[0]
    assert first.number != again.number
    assert first.fingerprint("p") == again.fingerprint("q") != other.fingerprint("p")
    hub = read(line(drop="platform")).good[0]
    assert hub.fingerprint("p") != hub.fingerprint("q")


@pytest.mark.parametrize(
    ("raw", "refusal"),
    [
        (b"", ListEmpty),
        (HEAD.encode(), ListEmpty),
        (b"[]", ListEmpty),
        (b"{", ListUnreadable),
        (b'{"a": 1}', ListUnreadable),
        (b"a\x00b", ListUnreadable),
        (b"[" * 100_000, ListUnreadable),
        (b"PK\x03\x04broken", WorkbookUnreadable),
        ((HEAD + "\n" + "x\n" * (COLLECTION_LINES_LIMIT + 1)).encode(), ListTooLong),
        ((",".join(f"c{n}" for n in range(61)) + "\n1").encode(), ListTooLong),
    ],
    ids=lambda one: one.__name__ if isinstance(one, type) else None,
)
def test_what_is_no_list_is_refused_whole(raw, refusal):
    with pytest.raises(refusal):
        read_list(raw)


def test_a_workbook_that_unpacks_to_more_than_it_may_is_refused_before_it_is_unpacked():
    packed = BytesIO()
    with ZipFile(packed, "w", compression=8) as made:
        made.writestr("xl/worksheets/sheet1.xml", b"0" * 21_000_000)
    with pytest.raises(WorkbookUnreadable):
        read_list(packed.getvalue())


@pytest.mark.parametrize("far", ['r="XFD9000"', 'r="xfd9000"', 'r="&#88;FD9000"'])
def test_a_workbook_that_claims_a_cell_far_away_is_refused_before_it_is_laid_out(far):
    packed = BytesIO()
    with ZipFile(packed, "w", compression=8) as made:
        made.writestr("xl/sheet.xml", f"<x:sheetData xmlns:x='x'><x:c {far}><x:v>1</x:v></x:c></x:sheetData>")
    with pytest.raises(WorkbookUnreadable) as refused:
        read_list(packed.getvalue())
    assert refused.value.__cause__ is None, "no reader has seen it"


def test_a_workbook_is_read_like_a_table_of_text():
    pytest.importorskip("python_calamine", reason="XLSX needs python-calamine")
    openpyxl = pytest.importorskip("openpyxl", reason="the test writes its workbook with openpyxl")
    book = openpyxl.Workbook()
    book.active.append(HEAD.split(","))
    book.active.append([])
    cells = GOOD.split(",")
    cells[5:7], cells[11] = [date(2026, 9, 13), time(6, 0)], 4
    book.active.append(cells)
    book.active["XFD1048576"].font = openpyxl.styles.Font(bold=True)
    packed = BytesIO()
    book.save(packed)
    (one,) = read(packed.getvalue()).good
    (text,) = read(f"{HEAD}\n{GOOD}").good
    assert one.number == 3 and one.fingerprint("") == text.fingerprint("")


@examples(60)
@given(st.lists(st.dictionaries(st.sampled_from(COLLECTION_COLUMNS), st.text(max_size=30) | st.integers())))
def test_whatever_is_written_every_line_is_kept_or_told(rows):
    if not rows:
        return
    found = read(json.dumps(rows).encode())
    assert {one.number for one in found.good} | {one.line for one in found.bad} == set(
        range(1, len(rows) + 1)
    )
