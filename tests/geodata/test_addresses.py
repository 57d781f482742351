"""Addresses: certain word by word or listed for a person, never guessed in silence."""

import os
from dataclasses import dataclass
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.address_book import AddressBook, find_address
from geodata.address_match import judge
from geodata.address_table import AddressTable, Entry, write_table
from geodata.address_text import key_of, read_address
from geodata.addresses import CANDIDATES_LIMIT, TEXT_LIMIT, Doubt, Kind, Known
from geodata.ban import import_ban
from geodata.geocoder import GeocoderDown
from geodata.place import Place, crow_distance_m
from geodata.region import addresses_folder, open_region, remove_region
from tests.geodata.streets import write
from tests.thorough import THOROUGH, examples

REPUBLIQUE = Place(lat=43.7425, lon=7.4249)


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def bare(home):
    """Return the book of the embedded region, with nothing imported."""
    return AddressBook(open_region(home=home), home)


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    """Return the book of the embedded region beside a small address file."""
    home = tmp_path_factory.mktemp("home")
    region = open_region(home=home)
    import_ban(region, [write(home / "adresses-06.csv")], home=home)
    return AddressBook(region, home)


@dataclass(frozen=True)
class Told:
    """Answer as a geocoder that knows these places, or is down where it knows ``None``."""

    known: tuple[Known, ...] | None
    asked: list[str]

    def ask(self, text, near):  # noqa: ARG002
        self.asked.append(text)
        if self.known is None:
            raise GeocoderDown(detail="ConnectionRefusedError")
        return self.known


# how a text is read


@pytest.mark.parametrize(
    "text",
    [
        "12 bis boulevard de la République, 06240 Beausoleil",
        "12bis bd de la Republique 06240 BEAUSOLEIL CEDEX 3",
        "12 BIS, Boul. de la République\nBeausoleil",
        "12 B bld de la république - Beausoleil, France",
        "Beausoleil, 12 bis bd. de la République",
        "La Bonne Cave, 12 bis Bd de la République, BP 12, 06 240 Beausoleil",
        "n° 12 bis, blvd de la republique, beausoleil",
    ],
)
def test_a_house_is_certain_however_people_write_it(book, text):
    match = book.find(text).certain
    assert match and (match.kind, match.label) == (
        Kind.HOUSE,
        "12 bis Boulevard de la République, 06240 Beausoleil",
    )
    assert crow_distance_m(match.place, Place(lat=43.7426, lon=7.4250)) < 1


def test_abbreviations_saints_and_signs_are_written_out():
    assert key_of("Av. du Gal St-Jean") == key_of("avenue du général Saint Jean")
    assert key_of("R. de l'Hôpital") == "rue de l hopital"
    assert key_of("Chem. Ste Cécile") == "chemin sainte cecile"


def test_numbers_inside_a_name_are_no_house_numbers():
    assert read_address("rue du 8 mai 1945, Albi").number == ""
    assert read_address("12 rue du 8 mai 1945, Albi").number == "12"
    assert read_address("3 ter place du 11 novembre, 81000 Albi") == read_address(
        "3ter pl. du 11 novembre, 81000, Albi"
    )


# what is certain, and what is not


def doubts(book, text):
    return [set(match.doubts) for match in book.find(text).matches][:1]


def test_a_house_that_the_street_does_not_have_is_doubtful_and_its_neighbours_are_shown(book):
    found = book.find("13 boulevard de la République, Beausoleil")
    assert found.certain is None
    labels = [match.label for match in found.matches]
    assert "12 Boulevard de la République, 06240 Beausoleil" in labels
    assert all(Doubt.NUMBER_UNKNOWN in match.doubts for match in found.matches)


def test_without_its_commune_no_street_is_certain(book):
    assert doubts(book, "12 boulevard de la République") == [{Doubt.COMMUNE_MISSING}]


def test_the_postcode_alone_names_the_commune(book):
    assert book.find("12 boulevard de la République 06240").certain


def test_a_postcode_of_another_commune_is_a_doubt(book):
    assert doubts(book, "12 boulevard de la République, 06320 Beausoleil") == [{Doubt.POSTCODE_OTHER}]


def test_a_misspelled_name_is_found_and_doubtful(book):
    found = book.find("12 boulvard de la Republiqe, Beausolei")
    assert found.certain is None
    assert found.matches[0].label == "12 Boulevard de la République, 06240 Beausoleil"
    assert Doubt.SPELLED in found.matches[0].doubts


def test_words_in_another_order_are_doubtful(book):
    found = book.find("République boulevard de la 12, Beausoleil")
    assert found.certain is None
    assert "Boulevard de la République" in found.matches[0].label


def test_a_name_that_stands_twice_in_a_commune_is_never_certain(book):
    found = book.find("3 rue de l'Église, Èze")
    assert found.certain is None
    assert [set(match.doubts) for match in found.matches[:2]] == [{Doubt.TWINS}] * 2
    assert {match.label for match in found.matches[:2]} == {
        "3 Rue de l’Église, Èze Village, 06360 Èze",
        "3 Rue de l’Église, Èze Bord, 06360 Èze",
    }


def test_a_former_commune_tells_twins_apart(book):
    for text in ("3 rue de l'Église, Èze Bord", "3 rue de l'Église, Èze Bord, 06360 Èze"):
        match = book.find(text).certain
        assert match and match.label == "3 Rue de l’Église, Èze Bord, 06360 Èze"


def test_a_long_street_without_number_is_doubtful(book):
    assert doubts(book, "Route de la Grande Corniche, La Turbie") == [{Doubt.STREET_LONG}]
    assert book.find("2990 route de la Grande Corniche, La Turbie").certain


def test_a_commune_is_certain_only_if_the_text_is_nothing_else(bare):
    for text in ("Beausoleil", "06240 Beausoleil", "BEAUSOLEIL, France"):
        match = bare.find(text).certain
        assert match and match.kind is Kind.COMMUNE
    missed = bare.find("4 chemin Inconnu de Personne, Beausoleil")
    assert missed.certain is None
    town = next(match for match in missed.matches if match.kind is Kind.COMMUNE)
    assert Doubt.COMMUNE_ONLY in town.doubts


def test_a_postcode_alone_lists_its_communes(bare):
    found = bare.find("06320")
    assert found.certain is None
    assert {match.label for match in found.matches} == {"06320 Cap-d'Ail", "06320 La Turbie"}


def test_nothing_known_is_refused_and_nothing_asked_too(bare):
    for text in ("", " , ", "xqzzk wvv", "12"):
        refusal = bare.find(text).refusal
        assert refusal and refusal.code == "address_unknown"


def test_a_text_that_is_too_long_is_refused_with_its_length(bare):
    refusal = bare.find("a" * (TEXT_LIMIT + 1)).refusal
    assert refusal and str(TEXT_LIMIT + 1) in refusal.sentence


def test_the_candidates_are_bounded(bare):
    assert len(bare.find("avenue de la").matches) <= CANDIDATES_LIMIT


PARTS = st.sampled_from(
    [
        "12",
        "bis",
        "12bis",
        "av.",
        "de la",
        "République",
        "Beausoleil",
        "06240",
        ",",
        "\n",
        " - ",
        "Monaco",
        "CEDEX 2",
        "n°",
    ]
)


@examples(150)
@given(st.one_of(st.text(max_size=220), st.lists(PARTS, max_size=9).map(" ".join)))
def test_any_text_is_answered_and_only_what_has_no_doubt_is_certain(bare, text):
    found = bare.find(text)
    assert bool(found.matches) != bool(found.refusal)
    assert found.certain is None or (len(found.matches) == 1 and not found.matches[0].doubts)
    assert found.certain or all(match.doubts for match in found.matches)
    assert all(0 <= match.score <= 100 for match in found.matches)


# what the extract's own map knows


def test_a_street_of_the_map_is_known_with_its_settlement(bare):
    match = bare.find("Bd de la République, Beausoleil").certain
    assert match and match.kind is Kind.STREET
    assert crow_distance_m(match.place, REPUBLIQUE) < 200
    assert bare.find("Avenue de la Costa, Monaco").certain


def test_a_number_in_a_street_of_the_map_is_doubtful_since_the_map_has_none(bare):
    assert doubts(bare, "12 bd de la République, Beausoleil") == [{Doubt.NUMBER_UNKNOWN}]


def test_places_of_the_map_are_found_by_name_and_by_beginnings(bare):
    match = bare.find("Monte-Carlo, Monaco").certain
    assert match and (match.kind, match.what) == (Kind.PLACE, "suburb")
    assert any("Monte-Carlo" in one.label for one in bare.find("monte car").matches)


def test_what_was_imported_stands_before_the_map(book):
    found = book.find("Boulevard de la République, Beausoleil")
    assert [match.label for match in found.matches] == ["Boulevard de la République, 06240 Beausoleil"]


def test_every_street_of_the_map_is_certain_or_doubted_for_a_reason_when_written_as_the_map_does(bare):
    roads = bare.region.roads
    names = [name for name in roads.names if name][::7]
    found = bare.find_many([f"{name}, Monaco" for name in names])
    assert all(one.certain or one.refusal or all(match.doubts for match in one.matches) for one in found)


# pins, many, geocoders


def test_a_pin_is_certain_on_the_map_and_doubtful_off_it(bare):
    match = bare.find("43.7425, 7.4249").certain
    assert match and (match.kind, match.place) == (Kind.PIN, REPUBLIQUE)
    assert doubts(bare, "48.85, 2.35") == [{Doubt.OUTSIDE}]


def test_degrees_the_other_way_round_are_shown_both_ways(bare):
    found = bare.find("7.4249, 43.7425")
    assert found.certain is None
    assert [set(match.doubts) for match in found.matches] == [{Doubt.SWAPPED}, {Doubt.OUTSIDE}]
    assert found.matches[0].place == REPUBLIQUE


def test_many_addresses_have_one_answer_each_in_their_order(book):
    texts = [
        "12 bd de la République, Beausoleil",
        "13 bd de la République, Beausoleil",
        "",
        "43.74, 7.42",
    ] * 25
    found = book.find_many(texts)
    assert len(found) == len(texts)
    kinds = ["certain" if one.certain else "listed" if one.matches else "unknown" for one in found[:4]]
    assert kinds == ["certain", "listed", "unknown", "certain"]


NINE = Known(Kind.HOUSE, "Rue Neuve", Place(lat=43.7440, lon=7.4210), "Beausoleil", "", "06240", number="9")
FAR_AWAY = Known(Kind.HOUSE, "Rue Neuve", Place(lat=48.85, lon=2.35), "Paris", "", "75001", number="9")


def test_a_geocoder_is_asked_only_where_the_region_is_not_certain(book):
    told = Told((NINE, FAR_AWAY), [])
    asking = AddressBook(book.region, book.home, told)
    assert asking.find("12 bd de la République, Beausoleil").certain
    assert asking.find("43.74, 7.42").certain and told.asked == []
    match = asking.find("9 rue Neuve, Beausoleil").certain
    assert match and match.place == NINE.place
    assert told.asked == ["9 rue Neuve, Beausoleil"]


def test_what_a_geocoder_is_sure_of_is_doubtful_where_the_words_differ(book):
    asking = AddressBook(book.region, book.home, Told((NINE,), []))
    found = asking.find("9 rue Neuv, Beausoleil")
    assert found.certain is None and found.matches[0].label == "9 Rue Neuve, 06240 Beausoleil"


def test_a_geocoder_that_knows_one_of_two_twins_does_not_choose_between_them(book):
    other = Place(lat=43.7250, lon=7.3600)
    told = Told((Known(Kind.HOUSE, "Rue de l’Église", other, "Èze", "", "06360", number="3"),), [])
    found = AddressBook(book.region, book.home, told).find("3 rue de l'Église, Èze")
    assert found.certain is None and len(found.matches) >= 3
    assert all(match.doubts for match in found.matches)


def test_a_geocoder_that_is_down_is_told_and_asked_once_among_many(book):
    told = Told(None, [])
    asking = AddressBook(book.region, book.home, told)
    found = asking.find_many(["13 bd de la République, Beausoleil", "nowhere at all", "Beausoleil"])
    assert [one.warning.code if one.warning else "" for one in found] == ["geocoder_down"] * 2 + [""]
    assert found[0].matches and found[1].refusal and found[2].certain
    assert len(told.asked) == 1


# on disk


def test_a_removed_region_takes_its_addresses_along(tmp_path):
    region = open_region(home=tmp_path)
    import_ban(region, [write(tmp_path / "some.csv")], home=tmp_path)
    find_address("Beausoleil", region, home=tmp_path)
    folder = addresses_folder(tmp_path)
    assert len(list(folder.iterdir())) == 2
    remove_region("riviera", home=tmp_path)
    assert list(folder.iterdir()) == []


def test_tables_of_former_builds_are_swept_after_an_hour(tmp_path):
    region = open_region(home=tmp_path)
    folder = addresses_folder(tmp_path)
    folder.mkdir()
    old, killed, young = (
        folder / one for one in ("riviera.extract.0.db", ".riviera.extract.1.db.x", "riviera.extract.2.db")
    )
    for path in (old, killed, young):
        path.write_bytes(b"")
    for path in (old, killed):
        os.utime(path, (path.stat().st_mtime - 7200,) * 2)
    find_address("Beausoleil", region, home=tmp_path)
    assert not old.exists() and not killed.exists() and young.exists()


def test_a_home_that_cannot_be_written_to_still_finds_addresses(home, tmp_path):
    (tmp_path / "addresses").write_text("a file stands where the folder should be")
    assert AddressBook(open_region(home=home), tmp_path).find("Beausoleil").certain


def test_a_table_of_another_form_is_made_anew(home, bare):
    bare.find("Beausoleil")
    path = next(addresses_folder(home).glob("riviera.extract.*.db"))
    path.write_bytes(b"not a database")
    assert bare.find("Beausoleil").certain


def test_a_department_of_addresses_is_searched_at_once(tmp_path):
    """40,000 streets with 300,000 houses, a quarter by ``make test``; the limit is wide."""
    words = [
        f"{a}{b}{c}"
        for a in ("mar", "tor", "vin", "cal", "pe")
        for b in "aeiou"
        for c in ("lin", "rette", "gnac", "sou")
    ]
    entries = (
        Entry(
            Known(
                Kind.STREET,
                f"{('Rue', 'Chemin', 'Impasse')[at % 3]} {words[at % 97]} {words[at * 7 % 100]}",
                Place(lat=43.7, lon=2.1),
                f"Saint {words[at * 3 % 89]} {at % 4}",
            ),
            [(number, "", 43.7, 2.1) for number in range(1, 9)],
        )
        for at in range(40_000 if THOROUGH else 10_000)
    )
    write_table(tmp_path / "wide.db", entries, {})
    table = AddressTable(tmp_path / "wide.db")
    spent_s = []
    for at in range(40):
        begun_s = perf_counter()
        table.find(read_address(f"5 rue {words[at]} {words[-at]}x, Saint {words[at * 2]}"))
        spent_s.append(perf_counter() - begun_s)
    assert sorted(spent_s)[20] < 0.25


def test_the_rule_of_certainty_needs_every_word():
    known = Known(Kind.STREET, "Rue Haute", Place(lat=1, lon=1), "Ville", within_m=20)
    assert judge(read_address("rue haute, ville"), known).certain
    assert not judge(read_address("rue haute et basse, ville"), known).certain
    assert not judge(read_address("haute, ville"), known).certain


def test_a_commune_within_the_name_of_a_street_does_not_say_where_it_lies():
    known = Known(Kind.STREET, "Route d'Albi", Place(lat=1, lon=1), "Albi", "", "81000", within_m=20)
    assert judge(read_address("route d'Albi"), known).doubts == (Doubt.COMMUNE_MISSING,)
    assert judge(read_address("route d'Albi, Albi"), known).certain
    assert judge(read_address("route d'Albi 81000"), known).certain


def test_a_street_named_like_its_commune_does_not_make_the_commune_doubtful(tmp_path):
    commune = Known(Kind.COMMUNE, "Lisle-sur-Tarn", Place(lat=1, lon=1), "Lisle-sur-Tarn")
    street = Known(Kind.STREET, "Lisle sur Tarn", Place(lat=1, lon=1), "Lisle-sur-Tarn")
    asked = read_address("Lisle-sur-Tarn")
    assert judge(asked, commune).certain and not judge(asked, street).certain
