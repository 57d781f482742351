"""A clearing is decided again from its record alone, and whoever touched one is found out."""

import json
from dataclasses import asdict
from functools import partial

import pytest
from sqlalchemy import update
from typer.testing import CliRunner

from api.commands.cli import app
from pooling.desk.market import replaying
from pooling.desk.market.clearing_days import ask_clear_day
from pooling.desk.market.replaying import ask_replay, replay, replay_clearing
from pooling.market.clearing import Limits
from pooling.market.clearing_record import packed, unpacked
from pooling.market.plain_words import plain
from pooling.store.clearings import find_clearing, record_of, said_in
from pooling.store.jobs import find_job
from pooling.store.market import clearing, clearing_record
from pooling.work.jobs import JobCancelled
from pooling.work.wiring import know_all_work
from pooling.work.workers import work_off
from tests.desk.bundling import bundled, cleared, the_day, three_bids, two_together
from tests.desk.market import newcomer, owners_let, read, sent
from tests.desk.test_market import refused


def again(town, record):
    return read(town, replay, record)


def written(town, table, row_id, **values):
    town.house.desk.store.change(
        lambda tx: tx.connection.execute(update(table).where(table.c.id == row_id).values(**values))
    )


@pytest.fixture
def record(town):
    trip, _ = three_bids(town, 6, 0, 0)
    return cleared(town, trip)[1]


def test_the_same_set_prices_and_reasons_come_from_the_record_alone(town, record, monkeypatch):
    for name in ("ground", "_measured"):
        monkeypatch.setattr(type(town.house.desk.grounds), name, None)  # no road is looked at
    found = again(town, record)
    assert found.same and found.intact and (found.differs, found.changed) == ((), ())
    row = read(town, record_of, record)
    assert found.digest == row.digest and len(row.body) < 10_000


def test_a_bundle_a_choice_and_a_bid_that_cannot_ride_come_out_the_same(market):
    trip, _ = two_together(market, 20, 20, 20)
    other = newcomer(market, "other")
    one = sent(market, 2, other)
    bundled(market, "any", (trip, one, 3_000), (two_together(market)[0], one, 3_000), who=other)
    assert again(market, cleared(market, trip)[1]).same


def test_an_answer_that_was_touched_is_found_and_named(town, record):
    prices = said_in(read(town, find_clearing, record))["chosen"]
    one = next(iter(prices))
    written(town, clearing, record, chosen=json.dumps(prices | {one: prices[one] + 1}), value_cents=1)
    found = again(town, record)
    assert found.intact and not found.same and found.differs == ("prices", "value")


def test_a_record_that_was_touched_is_found_by_its_digest(town, record):
    row = read(town, record_of, record)
    words = unpacked(row.body)
    words["case"]["lots"][1]["bids"][0]["most_cents"] = 1
    written(town, clearing_record, row.id, body=packed(words))
    assert again(town, record).differs == ("record",)
    written(town, clearing_record, row.id, body="no record")
    assert not again(town, record).intact
    digest = replaying.digest_of(words)
    written(town, clearing_record, row.id, body=packed(words), digest=digest)
    found = again(town, record)
    assert found.intact and found.differs and found.digest == digest != row.digest


def test_a_day_comes_out_the_same_and_figures_that_have_moved_are_named(town, monkeypatch):
    know_all_work()
    owners_let(town)
    for _ in range(2):
        three_bids(town, 6, 0, 0)
    ask, who = town.ask("operator"), town.actor("operator")
    job = ask_clear_day(town.house.desk, who, ask, the_day(), take=True)
    work_off(town.house.desk)
    told = json.loads(read(town, find_job, job).result)
    assert asked_again(town, told["record"])["same"]
    assert refused(lambda: replay_clearing(town.house.desk, who, told["record"])).code == "replay_takes_long"
    assert all(again(town, one).same for one in told["clearings"])
    monkeypatch.setattr("pooling.market.clearing_record.Limits", partial(Limits, rounds=3))
    assert again(town, told["record"]).changed == ("limits",)
    farm = town.actor("farm")
    for ask_it in (
        lambda: replay_clearing(town.house.desk, farm, told["record"]),
        lambda: ask_replay(town.house.desk, farm, town.ask("farm"), told["record"]),
    ):
        assert refused(ask_it).code == "not_found"


def asked_again(town, record, who="operator"):
    """Ask for a replay as a job; return its result."""
    job = ask_replay(town.house.desk, town.actor(who), town.ask(who), record)
    work_off(town.house.desk)
    row = read(town, find_job, job)
    assert row.state == "done", row.reason
    return json.loads(row.result)


def test_a_job_tells_the_same_and_stops_where_nobody_waits_for_it_any_more(town, record):
    know_all_work()
    assert asked_again(town, record, "farm") == {"same": True} | plain(asdict(again(town, record)))
    steps = []

    class Stopped:
        def __call__(self, step, share):
            steps.append((step, share))
            if step == "deciding":
                raise JobCancelled

    with pytest.raises(JobCancelled):
        replaying.replay_job(town.house.desk, {"clearing": record, "sight": []}, Stopped())
    assert [step for step, _ in steps] == ["reading", "deciding"]


def test_a_trip_for_which_many_bid_is_decided_again_by_a_job_only(town, record, monkeypatch):
    monkeypatch.setattr(replaying, "REPLAYED_AT_ONCE", 2)
    why = refused(lambda: replay_clearing(town.house.desk, town.actor("farm"), record))
    assert why.code == "replay_takes_long" and why.facts == {"limit": 2}


def test_a_record_of_before_is_decided_again_within_the_limits_of_its_own_day(town, record):
    """The first records bounded no number of sets, and gave up sooner: it is named, and the same comes."""
    row = read(town, record_of, record)
    words = unpacked(row.body)
    words["limits"] = {"exact_bids": 8, "rounds": 20, "beginnings": 150_000}
    written(town, clearing_record, row.id, body=packed(words), digest=replaying.digest_of(words))
    found = again(town, record)
    assert found.same and found.changed == ("limits",)
    words["limits"]["beginnings"] = 3
    written(town, clearing_record, row.id, body=packed(words), digest=replaying.digest_of(words))
    assert "exact" in again(town, record).differs


def test_what_is_too_large_is_not_kept_and_its_replay_says_so(town, monkeypatch):
    monkeypatch.setattr(replaying, "TRIP_LETTERS_LIMIT", 10)
    trip, _ = three_bids(town, 6, 0, 0)
    record = cleared(town, trip)[1]
    assert refused(lambda: again(town, record)).code == "clearing_not_kept"
    assert read(town, record_of, record).digest


def test_the_command_says_the_same_or_ends_with_status_1(town, record, tmp_path):
    environment = {"CARRIOLE_STATE": str(tmp_path), "DATABASE_URL": "", "DATABASE_URL_FILE": ""}

    def asked(*options):
        return CliRunner().invoke(app, ["clearing", "replay", *options], env=environment)

    assert asked(record).exit_code == 0
    written(town, clearing, record, bound_cents=1)
    answer = asked(record, "--json")
    assert answer.exit_code == 1 and json.loads(answer.stdout)["differs"] == ["bound"]
    assert asked("clr_unknown").exit_code == 2
