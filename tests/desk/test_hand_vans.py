"""Another van by hand: judged as every move is, all concerned told, nobody dearer, and taken back."""

from datetime import date

import pytest
from sqlalchemy import select

from geodata.refusal import Refusal
from pooling.desk.hands.hand_moves import look_by_hand, move_by_hand
from pooling.desk.hands.hand_words import HandWords
from pooling.desk.runs.freezing_rides import freeze_tour
from pooling.store.ledger import account_balances, party_account
from pooling.store.people import party
from pooling.store.rows import changed
from pooling.store.touring import sign_up, tour
from pooling.store.work import outbox, outbox_party
from tests.desk import carrying
from tests.desk.competitor import settled
from tests.desk.hands import undone
from tests.desk.touring import confirmed, ledger, proposed, revision_of, row


@pytest.fixture
def relief(town):
    """Another vetted carrier of the town, with no fleet and no card in the house."""
    settled(town, "relief", "carrier", "carrier", 0.0003)
    vetted = {"vetted": True, "licence": "LTI-2", "licence_until": date(2030, 12, 31)}

    stands = row(town, party, town.parties["relief"])
    town.house.desk.store.change(lambda tx: changed(tx, party, stands, vetted))
    return HandWords("van", carrier_id=town.parties["relief"], driver="Sam")


def van(town, tour_id):
    one = row(town, tour, tour_id)
    return one.carrier_id, one.vehicle_id, one.driver


def pending(town, name):
    with town.house.desk.store.view() as view:
        return account_balances(view, party_account(town.parties[name]))["pending"]


def by_hand(town, tour_id, words):
    who, ask, seen = town.actor("operator"), town.ask("operator"), revision_of(town, tour_id)
    return move_by_hand(town.house.desk, who, ask, tour_id, seen, words)


def looked(town, tour_id, words):
    return look_by_hand(town.house.desk, town.actor("operator"), tour_id, words)


def test_another_carriers_van_takes_a_confirmed_tour_over_and_back(town, relief):
    tour_id, ups = confirmed(town)
    stood, shares = van(town, tour_id), [row(town, sign_up, one).share_cents for one in ups]
    paid = pending(town, "carrier")
    assert looked(town, tour_id, relief).broken == ()
    assert van(town, tour_id) == stood, "looking writes nothing"
    by_hand(town, tour_id, relief)
    assert van(town, tour_id) == (town.parties["relief"], "", "Sam")
    assert (pending(town, "relief"), pending(town, "carrier")) == (paid, 0)
    assert [row(town, sign_up, one).share_cents for one in ups] == shares
    undone(town, tour_id)
    assert van(town, tour_id) == stood
    assert (pending(town, "relief"), pending(town, "carrier")) == (0, paid)
    assert (ledger(town).sum_cents, ledger(town).unbalanced) == (0, 0)


def test_everybody_aboard_and_both_carriers_are_told(town, relief):
    tour_id, _ = confirmed(town)
    by_hand(town, tour_id, relief)
    query = select(outbox_party.c.party_id).join(outbox, outbox.c.id == outbox_party.c.outbox_id)
    with town.house.desk.store.view() as view:
        told = set(view.connection.execute(query.where(outbox.c.topic == "tour.van_changed")).scalars())
    assert told == {town.parties[one] for one in ("farm", "neighbour", "carrier", "relief", "operator")}


def test_a_van_without_the_room_or_the_papers_is_refused_beforehand(town):
    tour_id, _ = confirmed(town)
    carrying.applied(town)
    small = carrying.van(town, ambient_crates=3)
    words = HandWords("van", vehicle_id=small)
    codes = {one.code for one in looked(town, tour_id, words).broken}
    assert codes == {"hand_no_room", "carrier_not_vetted"}
    with pytest.raises(Refusal) as found:
        by_hand(town, tour_id, words)
    assert found.value.code == "hand_breaks_promises"


def test_the_same_van_is_no_change_and_a_frozen_tour_keeps_its_own(town, relief):
    tour_id, _ = confirmed(town)
    with pytest.raises(Refusal) as same:
        by_hand(town, tour_id, HandWords("van"))
    assert same.value.code == "hand_nothing"
    freeze_tour(town.house.desk, town.actor("operator"), town.ask("operator"), tour_id)
    with pytest.raises(Refusal) as frozen:
        by_hand(town, tour_id, relief)
    assert frozen.value.code == "tour_closed"


def test_a_carrier_that_is_not_vetted_gets_no_tour_and_a_proposed_tour_changes_too(town, relief):
    tour_id = proposed(town)
    with pytest.raises(Refusal):
        by_hand(town, tour_id, HandWords("van", carrier_id=town.parties["farm"]))
    assert van(town, tour_id)[0] == town.parties["carrier"]
    by_hand(town, tour_id, relief)
    assert van(town, tour_id)[0] == town.parties["relief"]
