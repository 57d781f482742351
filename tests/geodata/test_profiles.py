"""Four vehicles judge the same roads; their tables are read, overridden and refused."""

from dataclasses import replace
from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.access import ACCESS_KEYS, WORDS, is_open_to_all
from geodata.profiles import (
    PROFILES,
    SMALL_VAN,
    ProfileBad,
    ProfileUnknown,
    profile_named,
    read_profile,
)
from geodata.traits import KNOWN_CLASSES, TRAIT_KEYS

CAR, COLD, BIKE = (profile_named(name) for name in ("car", "refrigerated_van", "cargo_bike"))


def kmh(tags, profile=SMALL_VAN, country="FR"):
    return profile.passage(tags, country).forward_kmh


def test_a_main_road_is_driven_at_its_share_of_the_limit():
    assert kmh({"highway": "secondary", "maxspeed": "90"}) == pytest.approx(64.8)
    assert kmh({"highway": "motorway", "maxspeed": "110"}) == pytest.approx(93.5)
    assert kmh({"highway": "secondary"}) == 46


def test_each_sense_has_its_own_limit():
    passage = SMALL_VAN.passage({"highway": "primary", "maxspeed": "50", "maxspeed:backward": "30"})
    assert (passage.forward_kmh, passage.backward_kmh) == (pytest.approx(36), pytest.approx(21.6))
    assert passage.speed_signed


def test_the_legal_limit_makes_no_small_road_faster():
    lane = {"highway": "unclassified"}
    assert kmh({**lane, "maxspeed": "80"}) == kmh(lane) == 34
    assert kmh({**lane, "maxspeed": "30"}) == pytest.approx(21.6)


def test_no_limit_makes_the_van_faster_than_it_is():
    assert kmh({"highway": "motorway", "maxspeed": "200"}) == SMALL_VAN.top_kmh


def test_where_no_sign_stands_the_law_of_the_country_slows_down():
    road = {"highway": "primary"}
    assert [kmh(road, country=country) for country in ("FR", "DE", "MC", "XX")] == [52, 52, 36, 52]
    assert not SMALL_VAN.passage(road, "MC").speed_signed


@pytest.mark.parametrize(
    ("tags", "van_kmh"),
    [
        ({"highway": "primary", "surface": "asphalt"}, 52),
        ({"highway": "primary", "surface": "gravel"}, 25),
        ({"highway": "primary", "surface": "moon_dust"}, 52),
        ({"highway": "residential", "surface": "compacted"}, 24),
        ({"highway": "primary", "surface": "gravel", "smoothness": "very_bad"}, 12),
        ({"highway": "primary", "smoothness": "impassable"}, 0),
        ({"highway": "track", "tracktype": "grade1"}, 12),
        ({"highway": "track", "tracktype": "grade3"}, 10),
        ({"highway": "track", "tracktype": "grade4", "motor_vehicle": "yes"}, 6),
        ({"highway": "primary", "tracktype": "grade5"}, 52),
        ({"highway": "service"}, 14),
        ({"highway": "service", "service": "driveway"}, 10),
        ({"highway": "service", "service": "parking_aisle"}, 8),
        ({"highway": "service", "service": "drive-through"}, 6),
        ({"highway": "living_street", "maxspeed": "walk"}, 5),
    ],
)
def test_the_ground_and_the_kind_of_road_slow_down(tags, van_kmh):
    assert kmh(tags) == pytest.approx(van_kmh)


@pytest.mark.parametrize(
    ("tags", "drivers"),
    [
        ({"maxheight": "2.5"}, {"car", "cargo_bike"}),
        ({"maxheight": "8'2\""}, {"car", "cargo_bike"}),
        ({"maxheight": "2.6"}, {"car", "cargo_bike", "small_van"}),
        ({"maxheight": "default"}, set(PROFILES)),
        ({"maxheight:physical": "1.7"}, set()),
        ({"maxwidth": "2"}, {"car", "cargo_bike"}),
        ({"maxweight": "3.5"}, set(PROFILES)),
        ({"maxweight": "2,5 t"}, {"car", "cargo_bike"}),
        ({"maxweightrating": "3"}, {"car", "cargo_bike"}),
        ({"hgv": "no"}, set(PROFILES)),
        ({"goods": "no"}, {"car", "cargo_bike"}),
        ({"motorcar": "no"}, {"cargo_bike"}),
        ({"motorroad": "yes"}, {"car", "small_van", "refrigerated_van"}),
    ],
)
def test_a_road_is_open_to_whom_it_fits(tags, drivers):
    road = {"highway": "primary", **tags}
    assert {name for name in PROFILES if kmh(road, profile_named(name))} == drivers


@pytest.mark.parametrize(
    ("tags", "may_stop"),
    [
        ({"highway": "primary"}, True),
        ({"highway": "motorway"}, False),
        ({"highway": "motorway_link"}, False),
        ({"highway": "primary", "tunnel": "yes"}, False),
        ({"highway": "service", "tunnel": "building_passage"}, True),
        ({"highway": "primary", "motorroad": "yes"}, False),
        ({"route": "ferry", "motor_vehicle": "yes"}, False),
    ],
)
def test_nobody_stops_where_stopping_is_forbidden(tags, may_stop):
    assert SMALL_VAN.passage(tags).may_stop == may_stop


def test_a_ferry_goes_at_its_own_speed_for_everybody():
    boat = {"route": "ferry", "motor_vehicle": "yes", "bicycle": "yes", "ferry_kmh": "14"}
    assert {kmh(boat, profile_named(name)) for name in PROFILES} == {14.0}
    assert kmh({"route": "ferry", "motor_vehicle": "yes"}) == 8


def test_a_cold_van_is_a_little_slower_and_a_bike_much():
    road = {"highway": "secondary"}
    assert kmh(road, CAR) > kmh(road) > kmh(road, COLD) > 0.9 * kmh(road)
    assert 16 <= kmh(road, BIKE) <= 18
    assert kmh({"highway": "residential", "bicycle": "dismount"}, BIKE) == 5


def test_a_restriction_is_heeded_unless_it_exempts_the_vehicle():
    assert SMALL_VAN.heeds(frozenset()) and SMALL_VAN.heeds(frozenset({"psv", "bicycle"}))
    assert not SMALL_VAN.heeds(frozenset({"goods"}))
    assert not BIKE.heeds(frozenset({"psv", "bicycle"}))


def test_main_roads_take_longer_in_the_rush_and_others_do_not():
    assert [SMALL_VAN.factor("primary", hour) for hour in (6, 7, 8, 9, 16, 18, 19)] == [
        1, 1.15, 1.15, 1, 1.15, 1.15, 1
    ]  # fmt: skip
    assert SMALL_VAN.factor("residential", 8) == BIKE.factor("primary", 8) == 1


TAGS = st.dictionaries(
    st.sampled_from(sorted(TRAIT_KEYS - {"highway"})),
    st.sampled_from([*WORDS, "-1", "grade2", "50", "2.2", "gravel", "opposite", "FR:urban", "ferry", "?"]),
    max_size=5,
)


@settings(deadline=None)
@given(TAGS, st.sampled_from([*sorted(KNOWN_CLASSES), "steps", ""]), st.sampled_from(PROFILES))
def test_every_judgement_is_sound(tags, road_class, name):
    tags = {**tags, "highway": road_class} if road_class else tags
    profile = profile_named(name)
    passage = profile.passage(tags)
    for speed in (passage.forward_kmh, passage.backward_kmh):
        assert speed == 0 or 5 <= speed <= max(profile.top_kmh, 70)
    assert not passage.ends_only or not is_open_to_all(tags)


@pytest.mark.parametrize("key", ACCESS_KEYS)
def test_whatever_word_keeps_a_road_to_its_ends_is_known_before_any_vehicle(key):
    for word in WORDS:
        ends = [profile_named(name).passage({"highway": "service", key: word}).ends_only for name in PROFILES]
        assert any(ends) <= (not is_open_to_all({"highway": "service", key: word}))


def write(tmp_path, text):
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_table_of_ones_own_says_only_what_differs(tmp_path):
    mine = read_profile(
        write(
            tmp_path,
            """
            name = "long_van"
            like = "small_van"
            height_m = 2.75
            [speeds_kmh]
            residential = 20
            motorway = 0
            [[hours]]
            from = 22
            until = 5
            factor = 0.9
            """,
        )
    )
    assert (mine.name, mine.height_m, mine.width_m) == ("long_van", 2.75, SMALL_VAN.width_m)
    assert (kmh({"highway": "residential"}, mine), kmh({"highway": "tertiary"}, mine)) == (20, 40)
    assert kmh({"highway": "motorway"}, mine) == 0
    assert [mine.factor("track", hour) for hour in (21, 22, 23, 0, 4, 5, 8)] == [1, 0.9, 0.9, 0.9, 0.9, 1, 1]


def test_shipped_tables_are_read_fast_and_have_fingerprints_of_their_own():
    before = perf_counter()
    marks = {profile_named(name).fingerprint for name in PROFILES}
    assert len(marks) == len(PROFILES) and perf_counter() - before < 1
    assert replace(SMALL_VAN, top_kmh=20).fingerprint != SMALL_VAN.fingerprint


def test_an_unknown_vehicle_is_refused():
    with pytest.raises(ProfileUnknown) as refused:
        profile_named("lorry")
    assert "lorry" in refused.value.sentence and "cargo_bike" in refused.value.sentence


def test_everything_wrong_in_a_table_is_told_at_once_with_its_cure(tmp_path):
    text = """
        name = "Big Van"
        like = "small_van"
        hight_m = 3
        height_m = "high"
        pace = -1
        top_kmh = inf
        motorroad = 1
        access = ["motorcar", "tractor"]
        minor = "residential"
        tracks_ends = ["grade9"]
        [speeds_kmh]
        primary = 900
        canal = 5
        [[hours]]
        from = 7
        until = 30
        factor = 0
        day = "Monday"
    """
    with pytest.raises(ProfileBad) as refused:
        read_profile(write(tmp_path, text))
    told = refused.value.sentence
    for part in (
        "mine.toml",
        "hight_m: unknown, did you mean height_m?",
        "name = Big Van: write 1 to 40 of",
        "height_m = high: write a number from 0.5 to 4.5",
        "pace = -1: write a number",
        "top_kmh = inf: write a number",
        "motorroad = 1: write true or false",
        "unknown tractor; known are access, bicycle",
        "minor = residential: write a list of words",
        "unknown grade9",
        "primary: write a number from 0 to 150",
        "unknown canal",
        "until: write a number from 0 to 24",
        "factor: write a number from 0.2 to 5",
        "day: unknown, take it out",
    ):
        assert part in told, part


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("\nname = ,", "line 2"),
        ("", "name: missing"),
        ('name = "a"\nlike = "lorry"', "like = 'lorry': write one of small_van"),
        ('name = "a"\nlike = ["car"]', "like"),
        ('name = "a"\nlike = "car"\nspeeds_kmh = 5', "speeds_kmh = 5: write a table of km/h"),
        ('name = "a"\nlike = "car"\nhours = 5', "hours = 5: write it as [[hours]]"),
        ('name = "a"\nlike = "car"\nhours = [{}]', "row 1: from: write a whole hour"),
        ('name = "a"\nlike = "car"\naccess = []', "write at least one word"),
        (
            'name = "a"\nlike = "car"\nhours = [{from=1, until=5, factor=2}, {from=4, until=6, factor=1}]',
            "two rows speak of bridleway at 4; let one do so",
        ),
    ],
)
def test_a_table_that_cannot_be_used_is_refused(tmp_path, text, told):
    with pytest.raises(ProfileBad) as refused:
        read_profile(write(tmp_path, text))
    assert told in refused.value.sentence
    assert refused.value.code == "profile_bad"


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"a" * 200_000])
def test_a_file_that_is_no_table_is_refused(tmp_path, content):
    (tmp_path / "bad.toml").write_bytes(content)
    for name in ("bad.toml", "none.toml"):
        with pytest.raises(ProfileBad, match=name):
            read_profile(tmp_path / name)
