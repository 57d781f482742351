"""The crates to expect on the page of a round."""

from html import unescape

from tests.desk.test_forecasts import driven  # noqa: F401 - a fixture


def test_its_carrier_reads_what_a_round_will_carry_beside_what_came(town, visitor, driven):  # noqa: F811
    told = unescape(visitor("carrier").get(f"/rounds/{driven}").text)
    assert "Caisses attendues" in told and "Peu de recul" in told and "Ce qui est venu" in told
    assert visitor("farm").get(f"/rounds/{driven}").status_code == 404
