"""The national address file: read line by line, told line by line, kept whole or not at all."""

import gzip

import pytest

from geodata.address_book import AddressBook
from geodata.address_files import imported_table
from geodata.ban import AddressesTooMany, AddressFileUnreadable, import_ban
from geodata.region import addresses_folder, open_region
from tests.geodata.streets import BEAUSOLEIL, GOOD, HEADER, OUTSIDE, TURBIE, line, write


@pytest.fixture(scope="module")
def region(tmp_path_factory):
    return open_region(home=tmp_path_factory.mktemp("built"))


def kept(home):
    return imported_table(addresses_folder(home), "riviera").path.read_bytes()


def test_houses_are_kept_beside_the_region_and_counted(region, tmp_path):
    report = import_ban(region, [write(tmp_path / "adresses-06.csv", GOOD + OUTSIDE)], home=tmp_path)
    assert (report.lines, report.outside, report.bad) == (len(GOOD) + 1, 1, 0)
    assert (report.houses, report.names) == (len(GOOD) - 1, 5)
    assert AddressBook(region, tmp_path).find("16 a Boulevard de la République, Beausoleil").certain


def test_a_packed_file_is_read_as_the_plain_one(region, tmp_path):
    import_ban(region, [write(tmp_path / "plain.csv")], home=tmp_path)
    plain = AddressBook(region, tmp_path).find("12 bd de la République, Beausoleil")
    import_ban(region, [write(tmp_path / "packed.csv.gz")], home=tmp_path)
    assert AddressBook(region, tmp_path).find("12 bd de la République, Beausoleil") == plain


def test_the_same_file_twice_changes_nothing(region, tmp_path):
    source = write(tmp_path / "adresses-06.csv")
    first = import_ban(region, [source], home=tmp_path)
    before = kept(tmp_path)
    assert import_ban(region, [source], home=tmp_path) == first
    assert kept(tmp_path) == before


def test_each_bad_line_is_told_with_its_column_and_the_good_ones_are_kept(region, tmp_path):
    bad = [
        line("douze", "", "Rue Haute", BEAUSOLEIL, 43.742, 7.424),
        line(4, "", "", BEAUSOLEIL, 43.742, 7.424),
        line(4, "", "Rue Haute", BEAUSOLEIL, "", 7.424),
        line(4, "", "Rue Haute", BEAUSOLEIL, 43.742, 742.4),
        line(4, "", "Rue Haute", ("06240", "81004", "Albi"), 43.742, 7.424),
        line(4, "", "Rue H\ufffdute", BEAUSOLEIL, 43.742, 7.424),
        "only;three;fields",
    ]
    source = write(tmp_path / "some.csv", [GOOD[0], *bad, GOOD[1]])
    report = import_ban(region, [source], home=tmp_path)
    assert [(one.file, one.line, one.column) for one in report.bad_lines] == [
        ("some.csv", 3, "numero"),
        ("some.csv", 4, "nom_voie"),
        ("some.csv", 5, "lat"),
        ("some.csv", 6, "lon"),
        ("some.csv", 7, "lon"),
        ("some.csv", 8, "nom_voie"),
        ("some.csv", 9, "lat"),
    ]
    assert "Albi" in report.bad_lines[4].refusal.sentence
    assert (report.bad, report.houses) == (7, 2)


def test_a_hamlet_without_numbers_is_a_place_of_its_own(region, tmp_path):
    header = (
        "id;nom_lieu_dit;code_postal;code_insee;nom_commune;code_insee_ancienne_commune;nom_ancienne_commune;"
        "x;y;lon;lat;source_position"
    )
    hamlet = "06150_b012;La Colle;06320;06150;La Turbie;;;1;2;7.3950;43.7461;cadastre"
    import_ban(region, [write(tmp_path / "lieux-dits-06.csv", [hamlet], header)], home=tmp_path)
    match = AddressBook(region, tmp_path).find("Lieu-dit la Colle, 06320 La Turbie").certain
    assert match and (match.what, match.place.lat) == ("lieu-dit", 43.7461)


def test_several_files_make_one_table_and_replace_the_one_before(region, tmp_path):
    one, other = (write(tmp_path / f"{at}.csv", [GOOD[at]]) for at in (0, 1))
    assert import_ban(region, [one, other], home=tmp_path).houses == 2
    assert import_ban(region, [other], home=tmp_path).houses == 1


def test_quotation_marks_never_swallow_the_lines_after_them(region, tmp_path):
    lines = [
        line(1, "", '"Rue Haute"', BEAUSOLEIL, 43.742, 7.424),
        line(2, "", '"Rue Basse', BEAUSOLEIL, 43.743, 7.424),
        *GOOD,
    ]
    report = import_ban(region, [write(tmp_path / "some.csv", lines)], home=tmp_path)
    assert (report.bad, report.lines) == (0, len(lines))
    assert AddressBook(region, tmp_path).find("1 rue Haute, Beausoleil").certain


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"name,lat,lon\nx,1,2\n",
        HEADER.replace(";lon;", ";longitude;").encode(),
        b"\x1f\x8b broken",
        gzip.compress(b"x" * 1000)[:-20],
        HEADER.encode() + b"\n" + b"x" * 20_000,
        bytes(range(256)) * 100,
    ],
    ids=["empty", "other columns", "a column missing", "no gzip", "cut short", "one long line", "binary"],
)
def test_a_file_that_is_none_leaves_everything_as_it_was(region, tmp_path, content):
    import_ban(region, [write(tmp_path / "good.csv")], home=tmp_path)
    before = kept(tmp_path)
    (tmp_path / "strange.csv").write_bytes(content)
    with pytest.raises(AddressFileUnreadable):
        import_ban(region, [tmp_path / "strange.csv"], home=tmp_path)
    assert kept(tmp_path) == before
    with pytest.raises(AddressFileUnreadable):
        import_ban(region, [tmp_path / "missing.csv"], home=tmp_path)


def test_a_region_holds_so_many_houses_and_no_more(region, tmp_path, monkeypatch):
    monkeypatch.setattr("geodata.ban.HOUSES_LIMIT", 3)
    with pytest.raises(AddressesTooMany):
        import_ban(region, [write(tmp_path / "good.csv")], home=tmp_path)


def test_streets_of_one_name_far_apart_are_told_by_their_ids(region, tmp_path):
    twins = [
        line(1, "", "Chemin du Pont", TURBIE, 43.7461, 7.3950, fantoir="0001"),
        line(1, "", "Chemin du Pont", TURBIE, 43.7561, 7.4050, fantoir="0002"),
    ]
    import_ban(region, [write(tmp_path / "good.csv", twins)], home=tmp_path)
    found = AddressBook(region, tmp_path).find("1 chemin du Pont, La Turbie")
    assert found.certain is None and len(found.matches) >= 2
