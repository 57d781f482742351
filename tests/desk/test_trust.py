"""Trust: reviews after a handover, scores from what was recorded, pairs that do not ride together."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.refusal import Refusal
from pooling.desk.market.offers import find_offers
from pooling.desk.people.trust import block_party, lift_block, review_place, trust_in, write_review
from pooling.desk.runs.handovers import HandoverWords, begin_run, hand_over
from pooling.people.trust import BLIND_S, HANDOVERS_FOR_SCORE, REVIEW_WITHIN_S, REVIEWS_FOR_SCORE, Record
from pooling.store.rows import Page
from pooling.store.tours import places_of
from pooling.store.trust import find_review, list_reviews
from tests.desk import market, touring
from tests.houses import MORNING

COUNTS = st.integers(0, 50)


@st.composite
def records(draw):
    timed, dropped, asked, reviews = (draw(COUNTS) for _ in range(4))
    good = [draw(st.integers(0, of)) for of in (timed, dropped, asked)]
    stars = draw(st.integers(reviews, 5 * reviews))
    return Record(timed, good[0], dropped, good[1], asked, good[2], reviews, stars)


@given(records())
def test_a_score_lies_between_nothing_and_a_hundred_and_needs_enough_handovers(record):
    if record.timed < HANDOVERS_FOR_SCORE:
        assert record.score is None
    else:
        assert 0 <= record.score <= 100


@given(records())
def test_a_better_record_never_has_a_lower_score(record):
    better = replace(record, punctual=record.timed, whole=record.dropped, answered=record.asked)
    if record.score is not None:
        assert better.score >= record.score
        assert replace(better, stars=5 * record.reviews).score == 100


def test_a_score_by_hand():
    """Nine of ten hours kept, all crates whole, two of three bids answered, reviews of 5, 5 and 4."""
    record = Record(10, 9, 5, 5, 3, 2, 3, 14)
    assert record.score == round(40 * 0.9 + 30 + 10 * 2 / 3 + 20 * 11 / 12)
    assert record.stars_tenths == 47
    assert replace(record, reviews=REVIEWS_FOR_SCORE - 1, stars=9).stars_tenths is None


@pytest.fixture
def ridden(town):
    return market.ridden(town)


def reviewed(town, bid, who, stars=5, note="Merci"):
    return write_review(town.house.desk, town.actor(who), town.ask(who), bid, stars, note)


def seen(town, who):
    with town.house.desk.store.view() as view:
        return {row.id for row in list_reviews(view, town.actor(who).manages, Page())[0]}


def code_of(call, *words):
    with pytest.raises(Refusal) as refused:
        call(*words)
    return refused.value.code


def test_nobody_reads_a_review_before_both_have_written_or_a_fortnight_went_by(town, ridden):
    first = reviewed(town, ridden, "neighbour", 2)
    assert (seen(town, "neighbour"), seen(town, "farm")) == ({first}, set())
    second = reviewed(town, ridden, "farm", 4)
    assert seen(town, "neighbour") == seen(town, "farm") == {first, second}


def test_a_review_alone_is_shown_after_a_fortnight(town, ridden):
    first = reviewed(town, ridden, "neighbour", 2)
    town.clock.forward(BLIND_S - 1)
    assert seen(town, "farm") == set()
    town.clock.forward(1)
    assert seen(town, "farm") == {first}
    with town.house.desk.store.view() as view:
        row = find_review(view, first)
    assert (row.about_id, row.by_id, row.stars) == (town.parties["farm"], town.parties["neighbour"], 2)


def test_nothing_is_written_before_the_crates_were_handed_over(town):
    bid = market.bidden(town, market.announced(town), market.sent(town))
    assert code_of(reviewed, town, bid, "neighbour") == "not_handed_over"
    market.accepted(town, bid)
    assert code_of(reviewed, town, bid, "neighbour") == "not_handed_over"


def test_a_review_is_written_once_in_time_and_by_those_who_rode(town, ridden):
    assert code_of(reviewed, town, ridden, "shop") == "not_found"
    assert code_of(reviewed, town, ridden, "operator") == "not_allowed"
    reviewed(town, ridden, "neighbour")
    assert code_of(reviewed, town, ridden, "neighbour") == "review_written"
    town.clock.forward(REVIEW_WITHIN_S + 1)
    assert code_of(reviewed, town, ridden, "farm") == "review_late"


def test_what_is_recorded_is_counted(town, ridden):
    """Collected in time, handed over a minute late, whole; one bid was answered."""
    reviewed(town, ridden, "neighbour", 4)
    town.clock.forward(BLIND_S)
    with town.house.desk.store.view() as view:
        name, record = trust_in(view, town.parties["farm"])
        other = trust_in(view, town.parties["neighbour"])[1]
    assert record == Record(2, 1, 1, 1, 1, 1, 1, 4)
    assert (name, other) == ("Farm", Record())


def blocked(town, who, whom):
    pair = town.parties[who], town.parties[whom]
    return block_party(town.house.desk, town.actor(who), town.ask(who), *pair)


@pytest.mark.parametrize(("who", "whom"), [("farm", "neighbour"), ("neighbour", "farm")])
def test_a_blocked_pair_does_not_ride_together_whoever_said_so_until_it_is_lifted(town, who, whom):
    trip, shipment = market.announced(town), market.sent(town)
    block = blocked(town, who, whom)
    assert blocked(town, who, whom) == block
    assert code_of(market.bidden, town, trip, shipment) == "pair_blocked"
    offers = find_offers(town.house.desk, town.actor("neighbour"), shipment)
    assert (offers.rides, [one.refusal.code for one in offers.others]) == ((), ["pair_blocked"])
    assert code_of(lift_block, town.house.desk, town.actor(whom), town.ask(whom), block) == "not_found"
    lift_block(town.house.desk, town.actor(who), town.ask(who), block)
    market.bidden(town, trip, shipment)


def test_a_bid_that_waits_is_not_accepted_after_a_block(town):
    bid = market.bidden(town, market.announced(town), market.sent(town))
    blocked(town, "neighbour", "farm")
    assert code_of(market.accepted, town, bid) == "pair_blocked"


def test_nobody_blocks_itself_or_for_others(town):
    assert code_of(blocked, town, "farm", "farm") == "blocks_itself"
    pair = town.parties["farm"], town.parties["shop"]
    assert code_of(block_party, town.house.desk, town.actor("shop"), town.ask("shop"), *pair) == "not_allowed"


def test_on_the_wire_a_stranger_reads_a_score_and_never_what_it_was_counted_from(town, client, ridden):
    told = client.post(
        f"/api/v1/bids/{ridden}/review", json={"stars": 5, "note": "Bien"}, headers=town.headers("neighbour")
    )
    assert (told.status_code, told.json()["about"]) == (201, town.parties["farm"])
    path = f"/api/v1/parties/{town.parties['farm']}/trust"
    public = client.get(path, headers=town.headers("shop")).json()
    own = client.get(path, headers=town.headers("farm")).json()
    assert public == {
        "party": town.parties["farm"],
        "name": "Farm",
        "score": None,
        "stars": None,
        "no_shows": 0,
        "late_cancellations": 0,
        "record": None,
    }
    assert own["record"]["timed"] == 2
    pair = {"party": town.parties["farm"], "other": town.parties["neighbour"]}
    block = client.post("/api/v1/blocks", json=pair, headers=town.headers("farm")).json()
    assert client.get("/api/v1/blocks", headers=town.headers("neighbour")).json()["items"] == []
    lifted = client.delete(f"/api/v1/blocks/{block['id']}", headers=town.headers("farm"))
    assert lifted.status_code == 204
    bad = client.post(f"/api/v1/bids/{ridden}/review", json={"stars": 6}, headers=town.headers("farm"))
    assert bad.status_code == 422


@pytest.fixture
def carried(town):
    """A tour that has collected both farms' crates and handed over the first one's; returns its places."""
    manifest_id, shipments = touring.frozen(town)
    town.clock.at = MORNING
    drive = town.actor("carrier")
    begin_run(town.house.desk, drive, town.ask("carrier"), manifest_id)
    for way in ("on", "off"):
        words = HandoverWords(shipment_id=shipments[0], way=way, crates=4)
        hand_over(town.house.desk, drive, town.ask("carrier"), manifest_id, words)
    with town.house.desk.store.view() as view:
        return [places_of(view, [one])[one].id for one in shipments]


def of_place(town, place, who, stars=4):
    return review_place(town.house.desk, town.actor(who), town.ask(who), place, stars, "Merci")


def test_who_paid_on_a_tour_writes_once_about_its_carrier_and_only_after_a_handover(town, carried):
    done, waiting = carried
    assert code_of(of_place, town, waiting, "neighbour") == "not_handed_over"
    for who, code in (("shop", "not_found"), ("carrier", "not_found"), ("operator", "not_allowed")):
        assert code_of(of_place, town, done, who) == code
    first = of_place(town, done, "farm")
    assert code_of(of_place, town, done, "farm") == "review_written"
    assert (seen(town, "farm"), seen(town, "carrier")) == ({first}, set())
    town.clock.forward(BLIND_S)
    assert seen(town, "carrier") == {first}
    with town.house.desk.store.view() as view:
        record = trust_in(view, town.parties["carrier"])[1]
    assert (record.timed, record.dropped, record.whole, record.reviews, record.stars) == (2, 1, 1, 1, 4)


def test_a_place_is_reviewed_in_time_over_the_wire(client, town, carried):
    path, wish = f"/api/v1/sign-ups/{carried[0]}/review", {"stars": 5}
    town.clock.forward(REVIEW_WITHIN_S + 1)
    assert client.post(path, json=wish, headers=town.headers("farm")).json()["code"] == "review_late"
    town.clock.forward(-REVIEW_WITHIN_S)
    written = client.post(path, json=wish, headers=town.headers("farm")).json()
    assert (written["sign_up"], written["bid"], written["about"]) == (
        carried[0],
        None,
        town.parties["carrier"],
    )
