"""What is written: limits, heights, weights, durations; and the law where it is silent."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.country import country_of
from geodata.maxspeed import legal_kmh, limit_kmh, limit_written_kmh, limits_by_country
from geodata.measures import metres_written, seconds_written, tonnes_written


@pytest.mark.parametrize(
    ("written", "limit"),
    [
        ("50", 50),
        ("50 mph", 80.4672),
        ("50mph", 80.4672),
        ("30 km/h", 30),
        ("30 kmh", 30),
        ("27.5", 27.5),
        ("50;70", 50),
        ("70; 50", 50),
        ("none;80", 80),
        ("FR:urban", 50),
        ("FR:rural", 80),
        ("FR:motorway", 130),
        ("FR:zone30", 30),
        ("FR:30", 30),
        ("DE:rural", 100),
        ("DE:zone:20", 20),
        ("CH:motorway", 120),
        ("BE-VLG:rural", 70),
        ("BE-WAL:rural", 90),
        ("IT:trunk", 110),
        ("DE:living_street", 7),
        ("XX:rural", 80),
        ("rural", 80),
        ("walk", 6),
        ("none", None),
        ("signals", None),
        ("variable", None),
        ("10 knots", None),
        ("5000", None),
        ("0", None),
        ("-50", None),
        ("fifty", None),
        ("FR:", None),
        ("", None),
    ],
)
def test_a_limit_is_read_in_every_form_that_mappers_write(written, limit):
    assert limit_written_kmh(written) == (limit and pytest.approx(limit))


def test_a_zone_without_a_country_follows_the_country_of_the_map():
    assert limit_kmh({"maxspeed": "rural"}, country="DE") == 100
    assert limit_kmh({"maxspeed": "FR:rural"}, country="DE") == 80


@pytest.mark.parametrize(
    ("tags", "forward", "backward"),
    [
        ({"maxspeed": "50", "maxspeed:backward": "30"}, 50, 30),
        ({"maxspeed:forward": "70"}, 70, None),
        ({"maxspeed": "80", "maxspeed:forward": "signals"}, 80, 80),
        ({"maxspeed": "50", "maxspeed:conditional": "30 @ (22:00-06:00)"}, 50, 50),
        ({"maxspeed": "50", "source:maxspeed": "FR:rural"}, 50, 50),
        ({"source:maxspeed": "FR:rural"}, 80, 80),
        ({"source:maxspeed": "survey"}, None, None),
        ({"zone:maxspeed": "FR:30", "source:maxspeed": "FR:urban"}, 30, 30),
        ({"zone:traffic": "FR:urban"}, 50, 50),
        ({"maxspeed:type": "FR:living_street"}, 20, 20),
        ({"maxspeed": "none", "source:maxspeed": "DE:motorway"}, None, None),
    ],
)
def test_the_surest_tag_tells_the_limit_of_each_sense(tags, forward, backward):
    assert (limit_kmh(tags, "forward"), limit_kmh(tags, "backward")) == (forward, backward)


@pytest.mark.parametrize(
    ("road_class", "country", "limit"),
    [
        ("primary", "FR", 80),
        ("motorway", "FR", 130),
        ("motorway_link", "FR", 130),
        ("trunk", "CH", 100),
        ("primary", "MC", 50),
        ("living_street", "NL", 15),
        ("primary", "BE-WAL", 90),
        ("primary", "BE-VLG", 70),
        ("primary", "XX", 80),
    ],
)
def test_without_a_sign_the_law_of_the_country_holds(road_class, country, limit):
    assert legal_kmh(road_class, country) == limit


def test_every_country_of_the_table_has_every_figure():
    table = limits_by_country()
    assert {"FR", "MC", "LI", "CH", "BE", "LU", "DE", "IT", "ES"} <= table.keys()
    assert {frozenset(row) for row in table.values()} == {frozenset(table["FR"])}
    assert all(5 < limit <= 130 for row in table.values() for limit in row.values())


@pytest.mark.parametrize(
    ("lat", "lon", "country"),
    [
        (43.60, 1.44, "FR"),  # Toulouse
        (43.70, 7.26, "FR"),  # Nice
        (45.90, 6.12, "FR"),  # Annecy
        (48.58, 7.75, "FR"),  # Strasbourg
        (50.63, 3.06, "FR"),  # Lille
        (42.15, 9.10, "FR"),  # Corte
        (43.735, 7.42, "MC"),
        (47.14, 9.55, "LI"),
        (46.95, 7.45, "CH"),  # Bern
        (46.52, 6.63, "CH"),  # Lausanne
        (50.85, 4.35, "BE"),  # Brussels
        (50.46, 4.86, "BE-WAL"),  # Namur
        (49.61, 6.13, "LU"),
        (50.94, 6.96, "DE"),  # Cologne
        (45.07, 7.69, "IT"),  # Turin
        (41.39, 2.17, "ES"),  # Barcelona
        (-33.9, 151.2, "FR"),  # Sydney: nobody told us
    ],
)
def test_the_country_is_known_well_inside_it_and_france_elsewhere(lat, lon, country):
    assert country_of([(lat, lon)]) == country


@pytest.mark.parametrize(
    ("written", "metres"),
    [
        ("2.5", 2.5),
        ("2,5", 2.5),
        ("2.5 m", 2.5),
        ("250 cm", 2.5),
        ("8'2\"", 2.4892),
        ("8'", 2.4384),
        ("8 ft 2 in", 2.4892),
        ("8'2''", 2.4892),
        ("default", None),
        ("below_default", None),
        ("none", None),
        ("0", None),
        ("-2", None),
        ("2.5 miles", None),
    ],
)
def test_a_height_is_read_in_metres_and_in_feet(written, metres):
    assert metres_written(written) == (metres and pytest.approx(metres))


@pytest.mark.parametrize(
    ("written", "tonnes"),
    [("3.5", 3.5), ("3,5 t", 3.5), ("3500 kg", 3.5), ("2 st", 1.81436948), ("unsigned", None), ("", None)],
)
def test_a_weight_is_read_in_tonnes(written, tonnes):
    assert tonnes_written(written) == (tonnes and pytest.approx(tonnes))


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("PT25M", 1500),
        ("PT1H25M", 5100),
        ("P1DT1H", 90000),
        ("00:25", 1500),
        ("1:05:30", 3930),
        ("25", 1500),
        ("25 min", 1500),
        ("PT", None),
        ("PT0M", None),
        ("soon", None),
        ("", None),
    ],
)
def test_a_duration_is_read_in_its_written_forms(written, seconds):
    assert seconds_written(written) == seconds


WRITTEN = st.one_of(
    st.text(max_size=30),
    st.from_regex(r"-?[0-9]{0,12}[.,]?[0-9]{0,4} ?(mph|km/h|m|'|\"|t|kg|min|st|ft)?", fullmatch=True),
    st.from_regex(r"[A-Z]{2}(-[A-Z]{3})?:(zone:?)?[a-z0-9_]{0,9}(;[0-9]{1,4})?", fullmatch=True),
    st.from_regex(r"P?T?[0-9]{0,6}[DHMS:]?[0-9]{0,6}[HMS]?", fullmatch=True),
)


@settings(deadline=None)
@given(WRITTEN, st.sampled_from(["FR", "DE", "XX", "", "BE-WAL"]))
def test_whatever_is_written_nothing_breaks_and_nothing_is_below_zero(text, country):
    for read in (metres_written, tonnes_written, seconds_written, limit_written_kmh):
        found = read(text)
        assert found is None or 0 < found < float("inf")
    tags = {"maxspeed": text, "source:maxspeed": text, "maxspeed:forward": text}
    limit = limit_kmh(tags, "forward", country)
    assert limit is None or 0 < limit <= 250
