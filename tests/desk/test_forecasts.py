"""A round's forecast from what its runs carried, and who may read it."""

import pytest

from pooling.desk.runs.handovers import HandoverWords, begin_run, end_run, hand_over
from pooling.desk.tours.forecasts import seen_forecast
from pooling.store.rows import NotFound, changed
from pooling.store.touring import manifest, tour
from tests.desk.carrying import did
from tests.desk.somebodys import van
from tests.desk.test_market_wire import get
from tests.desk.test_rounds import proposed as round_proposed
from tests.desk.touring import frozen, row


@pytest.fixture
def driven(town):
    """A round of which one run has ended: four crates came, and four more did not."""
    manifest_id, (first, second) = frozen(town)
    town.clock.at = row(town, tour, row(town, manifest, manifest_id).ride_id).opens_at
    did(town, begin_run, "carrier", manifest_id)
    for one, crates, way in ((first, 3, "on"), (second, 0, "on"), (first, 3, "off")):
        words = HandoverWords(shipment_id=one, way=way, crates=crates, reason="" if crates else "not_ready")
        did(town, hand_over, "carrier", manifest_id, words)
    did(town, end_run, "carrier", manifest_id)
    round_id = round_proposed(town)
    ride = row(town, manifest, manifest_id).ride_id
    values = {"round_id": round_id, "round_day": row(town, tour, ride).day}
    town.house.desk.store.change(lambda tx: changed(tx, tour, row(town, tour, ride), values))
    return round_id


def forecast(town, name, round_id):
    with town.house.desk.store.view() as view:
        return seen_forecast(view, town.actor(name), round_id)


def test_what_was_handed_over_counts_and_not_what_was_planned(town, driven):
    van_id = van(town)
    for name in ("operator", "carrier"):
        found = forecast(town, name, driven)
        ((day, chosen),) = found.days
        assert (day.weekday, day.crates, day.runs, day.few) == (6, 3, 1, True)
        assert chosen.id == van_id and found.came[0].run.noted and found.miss is None


def test_the_carrier_reads_over_the_wire_what_is_expected_which_van_will_do_and_what_came(
    client, town, driven
):
    van_id, path = van(town), f"/rounds/{driven}/forecast"
    found = get(client, town, "carrier", path).json()
    (day,), (run,) = found["weekdays"], found["runs"]
    assert (day["weekday"], day["crates"], day["few"], day["vehicle"]) == (6, 3, True, van_id)
    assert (run["crates"], run["noted"], run["expected"]) == (3, True, None)
    assert get(client, town, "farm", path).status_code == 404


@pytest.mark.parametrize("name", ["farm", "neighbour", "restaurant", "shop"])
def test_nobody_else_learns_what_a_round_carries(town, driven, name):
    with pytest.raises(NotFound):
        forecast(town, name, driven)


def test_a_carrier_that_took_a_round_over_sees_its_own_runs_only(town, driven):
    def hand_it_to_another(tx):
        query = manifest.update().values(carrier_id=town.parties["shop"])
        tx.connection.execute(query)

    town.house.desk.store.change(hand_it_to_another)
    assert not forecast(town, "carrier", driven).days and forecast(town, "operator", driven).days
