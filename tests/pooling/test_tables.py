"""A day as files: what spreadsheets write is read, what cannot be read costs its own line only."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pooling.files.spreadsheet import read_spreadsheet
from pooling.files.tables import (
    COLUMNS,
    COLUMNS_LIMIT,
    FILE_BYTES_LIMIT,
    LINES_LIMIT,
    DayFileTooLarge,
    DayFileUnreadable,
    Tables,
    read_tables,
    write_tables,
)
from tests.thorough import examples

FARM = {"site": "F1", "party": "Ferme", "lat": "43.74"}


def folder(tmp_path: Path, **files: str | bytes) -> Tables:
    for name, text in files.items():
        raw = text if isinstance(text, bytes) else text.encode()
        (tmp_path / f"{name}.csv").write_bytes(raw)
    return read_tables(tmp_path)


def lines(tables: Tables, table: str = "sites") -> list[tuple[int, dict[str, str], str]]:
    return [(raw.number, dict(raw.cells), raw.wrong.code if raw.wrong else "") for raw in tables.lines[table]]


def unread(tables: Tables) -> list[tuple[str, str]]:
    return [(table, refusal.code) for table, refusal in tables.unread]


@pytest.mark.parametrize(
    "text",
    [
        "site,party,lat\nF1,Ferme,43.74\n",
        "site;party;lat\nF1;Ferme;43.74",
        "site\tparty\tlat\nF1\tFerme\t43.74\n",
        'site\tparty\tlat\n"F1"\t"Ferme"\t43.74\n',
        "\ufeffsite,party,lat\nF1,Ferme,43.74\n",
        "site,party,lat\r\nF1,Ferme,43.74\r\n",
        "site,party,lat\rF1,Ferme,43.74\r",
        ' Site , "PARTY",lat\n F1 ,"Ferme", 43.74 \n',
        '"site";"party";"lat"\n"F1";"Ferme";"43.74"\n',
        "site,party,lat,,\nF1,Ferme,43.74,,\n",
    ],
)
def test_a_table_is_read_as_spreadsheets_write_it(tmp_path, text):
    assert lines(folder(tmp_path, sites=text)) == [(2, FARM, "")]


def test_letters_of_windows_are_read_as_such(tmp_path):
    tables = folder(tmp_path, sites="site;party\nF1;Chèvrerie d’Èze – 5 €\n".encode("cp1252"))
    assert lines(tables) == [(2, {"site": "F1", "party": "Chèvrerie d’Èze – 5 €"}, "")]


def test_a_comma_in_a_decimal_needs_semicolons_or_quotes(tmp_path):
    assert lines(folder(tmp_path, sites="site;lat\nF1;43,74\n"))[0][1]["lat"] == "43,74"
    assert lines(folder(tmp_path, sites='site,lat\nF1,"43,74"\n'))[0][1]["lat"] == "43,74"


def test_lines_are_numbered_as_an_editor_shows_them_blank_ones_counted(tmp_path):
    tables = folder(tmp_path, sites="\nsite,party\n\nF1,Ferme\n,,\n;\nF2,Mas\n")
    assert [number for number, _, _ in lines(tables)] == [4, 7]


def test_a_short_line_is_filled_up_and_a_long_one_is_refused(tmp_path):
    tables = folder(tmp_path, sites="site,party,lat\nF1\nF2,Mas,43.7,left\nF3,Ferme,43.74,,\n")
    assert [(number, wrong) for number, _, wrong in lines(tables)] == [(2, ""), (3, "line_ragged"), (4, "")]


@pytest.mark.parametrize(
    "stray", ['F2,"Mas,43.7', 'F2,Mas,"43.7', '"F2,Mas,43.7', 'F2,"Mas" bas,43.7', 'F2,"a\nb",43.7']
)
@pytest.mark.parametrize("quoted", [False, True])
def test_a_stray_quote_loses_its_own_line_and_no_neighbour(tmp_path, stray, quoted):
    """Also in a file that quotes every field, and wherever the line stands."""
    first, last = ('"F1","Ferme, en bas","43.74"', '"F3","Le ""Mas""","43.75"') if quoted else ("F1", "F3")
    tables = folder(tmp_path, sites="\n".join(["site,party,lat", first, stray, last]))
    good = [cells for _, cells, wrong in lines(tables) if not wrong]
    assert [cells["site"] for cells in good] == ["F1", "F3"]
    assert {wrong for _, _, wrong in lines(tables)} == {"", "quote_stray"}
    if quoted:
        assert [cells["party"] for cells in good] == ["Ferme, en bas", 'Le "Mas"']


def test_a_column_without_a_name_moves_no_other(tmp_path):
    tables = folder(tmp_path, sites="site,,lat\nF1,,43.74\nF2,Mas,43.75\n")
    assert lines(tables) == [
        (2, {"site": "F1", "lat": "43.74"}, ""),
        (3, {"site": "F2", "lat": "43.75"}, "line_ragged"),
    ]


def test_an_unknown_table_or_column_and_one_that_stands_twice_are_named(tmp_path):
    tables = folder(tmp_path, sites="site,colour,site\nF1,red,F9\n", parties="party\nFerme\n")
    assert sorted(unread(tables)) == [
        ("parties", "table_unknown"),
        ("sites", "column_twice"),
        ("sites", "column_unknown"),
    ]
    assert lines(tables)[0][1]["site"] == "F1"


def test_a_table_in_capitals_is_the_same_table(tmp_path):
    (tmp_path / "SITES.CSV").write_text("site\nF1\n")
    assert lines(read_tables(tmp_path)) == [(2, {"site": "F1"}, "")]


def test_an_emptied_table_counts_as_missing_and_the_others_are_kept(tmp_path):
    tables = folder(tmp_path, sites="site\nF1\n", trips="", vehicles="\n\n")
    assert len(tables.lines["sites"]) == 1
    assert tables.lines["trips"] == tables.lines["vehicles"] == ()


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        ("", "no JSON"),
        ("{", "no JSON"),
        ("[" * 100_000, "no JSON"),
        ('{"sites": [{"lat": ' + "9" * 5_000 + "}]}", "no JSON"),
        ("[]", "not an object"),
        ("3", "not an object"),
        ('{"sites": 3}', "not a list"),
        ('{"sites": "F1"}', "not a list"),
        ('{"sites": [], "sites": []}', "stands twice"),
        ("a\0b", "no text"),
    ],
)
def test_a_json_file_of_the_wrong_shape_is_refused_with_what_is_wrong(tmp_path, text, detail):
    path = tmp_path / "day.json"
    path.write_text(text)
    with pytest.raises(DayFileUnreadable, match=detail):
        read_tables(path)


def test_a_line_of_json_that_is_no_object_costs_that_line_only(tmp_path):
    path = tmp_path / "day.json"
    rows = (
        '[{"Site": "F1", "lat": 43.74, "vetted": true, "name": null}, 7, {"site": ["F2"]}, {"a": 1, "A": 2}]'
    )
    path.write_text(f'{{"sites": {rows}, "parties": []}}')
    tables = read_tables(path)
    assert lines(tables)[0] == (1, {"site": "F1", "lat": "43.74", "vetted": "yes", "name": ""}, "")
    assert [wrong for _, _, wrong in lines(tables)[1:]] == ["line_not_flat", "line_not_flat", "column_twice"]
    assert unread(tables) == [("sites", "column_unknown"), ("parties", "table_unknown")]


def test_half_a_letter_in_json_is_spelt_out_so_that_it_can_be_printed(tmp_path):
    path = tmp_path / "day.json"
    path.write_text('{"sites": [{"site": "F\\ud800"}], "\\udfff": 1}')
    tables = read_tables(path)
    assert lines(tables)[0][1] == {"site": "F\\ud800"}
    assert all(refusal.sentence.encode("utf-8") for _, refusal in tables.unread)


def test_what_is_not_there_or_no_table_is_refused(tmp_path):
    for path in (tmp_path / "nowhere", tmp_path):
        with pytest.raises(DayFileUnreadable):
            read_tables(path)
    with pytest.raises(DayFileUnreadable, match="no text"):
        folder(tmp_path, sites=b"site\x00\nF1\n")
    (tmp_path / "trips.csv").mkdir()
    with pytest.raises(DayFileUnreadable):
        folder(tmp_path, sites="site\nF1\n")


def test_up_to_the_limits_a_file_is_read_and_beyond_them_refused_by_name(tmp_path):
    header = "site," + ",".join(f"c{at}" for at in range(COLUMNS_LIMIT - 1))
    tables = folder(tmp_path, sites=header + "\nF1" * LINES_LIMIT)
    assert len(tables.lines["sites"]) == LINES_LIMIT
    for text, unit in (
        (header + "\nF1" * (LINES_LIMIT + 1), "lines"),
        (header + ",more\nF1", "columns"),
        ("a" * (FILE_BYTES_LIMIT + 1), "bytes"),
    ):
        with pytest.raises(DayFileTooLarge, match=unit):
            folder(tmp_path, sites=text)


def test_more_fields_than_any_table_has_columns_are_noticed(tmp_path):
    tables = folder(tmp_path, sites="site,party\nF1,Ferme" + "," * 80 + "left\n")
    assert lines(tables)[0][2] == "line_ragged"


def test_what_a_spreadsheet_might_run_is_written_behind_a_quote(tmp_path):
    rows = {"sites": [{"site": "=1+1", "name": "@sum", "party": "--5", "lat": "-43.7", "lon": "+7"}]}
    write_tables(rows, tmp_path / "day", tmp_path / "day.json")
    text = (tmp_path / "day" / "sites.csv").read_text(encoding="utf-8")
    assert text.splitlines()[1].startswith("'=1+1,'--5,,'@sum,-43.7,'+7,")
    assert lines(read_tables(tmp_path / "day"))[0][1]["site"] == "=1+1"


WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"])
    | st.sampled_from("=+-@'\",;5. é"),
    max_size=12,
).map(str.strip)


@st.composite
def whole_days(draw: st.DrawFn) -> dict[str, list[dict[str, str]]]:
    """Draw lines for every table, each with something in it."""
    rows = {}
    for table, columns in COLUMNS.items():
        line = st.fixed_dictionaries(dict.fromkeys(columns, WORDS))
        rows[table] = draw(
            st.lists(line.filter(lambda one: any(w.strip(' ,;"') for w in one.values())), max_size=3)
        )
    return rows


@examples(100)
@given(whole_days())
def test_tables_written_and_read_again_are_the_same(tmp_path_factory, rows):
    """Both forms, whatever is written in them."""
    home = tmp_path_factory.mktemp("written")
    write_tables(rows, home / "day", home / "day.json")
    for path in (home / "day", home / "day.json"):
        tables = read_tables(path)
        assert {table: [dict(raw.cells) for raw in tables.lines[table]] for table in COLUMNS} == rows
        assert tables.unread == ()
        assert all(raw.wrong is None for found in tables.lines.values() for raw in found)


@given(st.text(st.sampled_from("ab,;\t\"\n\r' =1é€"), max_size=80))
def test_whatever_a_table_holds_each_line_with_words_is_read_or_refused(text):
    """Nothing is dropped in silence: each physical line with a letter is a line of the table."""
    sheet = read_spreadsheet(text)
    physical = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    spoken = [at for at, row in enumerate(physical, 1) if row.strip(' ,;\t"')]
    assert [raw.number for raw in sheet.lines] == spoken[1:]
    for raw in sheet.lines:
        if raw.wrong is None and len(set(sheet.header)) == len(sheet.header):
            kept = "".join(raw.cells.values())
            assert [c for c in kept if c.isalnum()] == [c for c in physical[raw.number - 1] if c.isalnum()]


def test_the_json_of_a_day_is_for_people_to_edit(tmp_path):
    write_tables({"sites": [{"site": "É1"}]}, tmp_path / "day", tmp_path / "day.json")
    text = (tmp_path / "day.json").read_text(encoding="utf-8")
    assert "É1" in text
    assert list(json.loads(text)) == list(COLUMNS)
