"""Names of places: proposed, never guessed."""

from geodata.gazetteer import CANDIDATES_LIMIT, NamedPlace, gazetteer_of, plain
from geodata.place import Place


def named(name, kind="village", lat=43.7):
    return NamedPlace(name, kind, Place(lat=lat, lon=7.4, name=name))


RIVIERA = gazetteer_of(
    [
        named("Èze-sur-Mer", "hamlet"),
        named("Èze", "village"),
        named("La Turbie"),
        named("Chez Èze", "restaurant"),
        named("Bezeaux"),
        named("Cœur de ville", "restaurant"),
    ]
)


def names(text):
    return [found.name for found in RIVIERA.find(text)]


def test_exact_names_come_first_then_beginnings_then_words_within():
    assert names("Èze") == ["Èze", "Èze-sur-Mer", "Chez Èze"]


def test_accents_capitals_and_signs_do_not_count():
    assert names("EZE SUR MER") == ["Èze-sur-Mer"]
    assert names("coeur") == ["Cœur de ville"]
    assert plain("L’Haÿ-les-Roses") == "l hay les roses"


def test_nothing_asked_or_nothing_found_brings_nothing():
    assert names("") == names(" - ") == names("Gaillac") == []


def test_a_name_that_stands_twice_is_brought_twice():
    twins = gazetteer_of([named("Saint-Martin", lat=43.1), named("Saint-Martin", lat=44.2)])
    assert len(twins.find("saint martin")) == 2


def test_larger_settlements_come_before_smaller_ones_of_the_same_name():
    both = gazetteer_of([named("Beaulieu", "hamlet"), named("Beaulieu", "town")])
    assert [found.kind for found in both.find("beaulieu")] == ["town", "hamlet"]


def test_the_answer_is_bounded():
    many = gazetteer_of([named("Le Mas", lat=40 + at / 100) for at in range(50)])
    assert len(many.find("le mas")) == CANDIDATES_LIMIT


def test_places_are_listed_by_kind():
    assert [found.name for found in RIVIERA.of_kind("restaurant")] == ["Chez Èze", "Cœur de ville"]
    assert len(RIVIERA.of_kind("restaurant", "hamlet")) == 3
