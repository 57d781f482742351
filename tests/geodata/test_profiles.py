"""How fast a small van goes, and how a signed limit is read."""

import pytest

from geodata.profiles import SMALL_VAN, signed_limit_kmh


@pytest.mark.parametrize(
    ("written", "limit_kmh"),
    [
        ("50", 50),
        ("50 mph", 80.4672),
        ("30 km/h", 30),
        ("FR:urban", 50),
        ("FR:rural", 80),
        ("FR:motorway", 130),
        ("walk", 6),
        ("50;30", 50),
        ("none", None),
        ("0", None),
        ("signals", None),
        ("", None),
    ],
)
def test_a_signed_limit_is_read_where_we_understand_it(written, limit_kmh):
    assert signed_limit_kmh({"maxspeed": written}) == (limit_kmh and pytest.approx(limit_kmh))


def test_a_main_road_is_driven_at_its_share_of_the_limit():
    assert SMALL_VAN.speed_kmh({"highway": "secondary", "maxspeed": "90"}) == pytest.approx(64.8)
    assert SMALL_VAN.speed_kmh({"highway": "motorway", "maxspeed": "110"}) == pytest.approx(93.5)
    assert SMALL_VAN.speed_kmh({"highway": "secondary"}) == 46


def test_the_legal_limit_makes_no_small_road_faster():
    lane = {"highway": "unclassified"}
    assert SMALL_VAN.speed_kmh({**lane, "maxspeed": "80"}) == SMALL_VAN.speed_kmh(lane)
    assert SMALL_VAN.speed_kmh({**lane, "maxspeed": "30"}) == pytest.approx(21.6)


def test_no_limit_makes_the_van_faster_than_it_is():
    assert SMALL_VAN.speed_kmh({"highway": "motorway", "maxspeed": "200"}) == SMALL_VAN.top_kmh
