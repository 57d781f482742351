"""Several operators at one tour: nobody overwrites another, and nobody else has a hand on it."""

from types import SimpleNamespace

import pytest

from api.pages.plain import plain_refusal
from api.papers import words as in_words
from api.problem import STATUS
from pooling.desk import NotAllowed
from pooling.desk.hands.hand_moves import (
    look_by_hand,
    move_by_hand,
    seen_by_hand,
    seen_hand_moves,
    undo_by_hand,
)
from pooling.desk.hands.hand_words import HandWords
from pooling.desk.runs.freezing_rides import freeze_tour
from pooling.desk.tours.tour_planning import plan_tour
from pooling.store import Page
from pooling.store.rows import NotFound
from pooling.store.touring import sign_up, tour
from tests.desk.hands import another, colleague, done, holds, order, refused, two_aboard, undone
from tests.desk.touring import Watch, confirmed, joined, ledger, revision_of, row, sent


def test_an_operator_is_told_that_somebody_joined_meanwhile(town):
    tour_id, (farm, _) = two_aboard(town)
    revision = row(town, tour, tour_id).revision
    joined(town, tour_id, "shop", sent(town, "shop", crates=1))
    late = refused(done, town, tour_id, "pin", revision, shipment_id=farm)
    assert late.code == "changed_meanwhile" and "somebody joined or left" in late.sentence


def test_two_operators_do_not_overwrite_each_other(town):
    tour_id, (farm, neighbour) = two_aboard(town)
    revision = row(town, tour, tour_id).revision
    colleague(town, "Maud")
    pin = HandWords("pin", shipment_id=farm)
    move_by_hand(town.house.desk, town.actor("Maud"), town.ask("Maud"), tour_id, revision, pin)
    late = refused(done, town, tour_id, "pin", revision, shipment_id=neighbour)
    assert late.code == "changed_meanwhile" and "Maud (pinned)" in late.sentence
    read, _ = plain_refusal(SimpleNamespace(words=in_words("fr")), late)
    assert read == "Cette tournée a été modifiée entre-temps\xa0: Maud (épinglé)."
    assert holds(town, tour_id).pinned == {farm}
    done(town, tour_id, "pin", revision + 1, shipment_id=neighbour)
    assert holds(town, tour_id).pinned == {farm, neighbour}


def test_a_hand_that_does_not_say_what_it_saw_moves_nothing_and_no_money(town):
    tour_id, ups = confirmed(town)
    farm, desk, who = row(town, sign_up, ups[0]).shipment_id, town.house.desk, town.actor("operator")
    other, before = another(town), (order(town, tour_id), ledger(town))
    to = HandWords("move_to", shipment_id=farm, other_tour_id=other)
    seen = revision_of(town, tour_id)
    for words, revision in ((HandWords("pin", shipment_id=farm), None), (to, None), (to, seen)):
        no = refused(move_by_hand, desk, who, town.ask("operator"), tour_id, revision, words)
        assert (no.code, STATUS[no.code]) == ("revision_needed", 428) and "If-Match" in no.what_to_do
    no = refused(undo_by_hand, desk, who, town.ask("operator"), tour_id, None)
    assert no.code == "revision_needed"
    assert (order(town, tour_id), ledger(town)) == before


def test_a_frozen_tour_is_moved_by_hand_no_more(town):
    tour_id, ups = confirmed(town)
    farm = row(town, sign_up, ups[0]).shipment_id
    freeze_tour(town.house.desk, town.actor("operator"), town.ask("operator"), tour_id)
    assert refused(done, town, tour_id, "pin", shipment_id=farm).code == "tour_closed"
    assert refused(plan_tour, town.house.desk, tour_id, Watch(), search_s=0.0).code == "tour_closed"
    assert refused(undone, town, tour_id).code == "tour_closed"


def test_only_its_operator_has_hands_on_a_tour(town):
    tour_id, (farm, _) = two_aboard(town)
    desk, pin = town.house.desk, HandWords("pin", shipment_id=farm)
    for name in ("farm", "carrier", "restaurant"):
        who = town.actor(name)
        with pytest.raises(NotAllowed):
            move_by_hand(desk, who, town.ask(name), tour_id, None, pin)
        with pytest.raises(NotAllowed):
            look_by_hand(desk, who, tour_id, pin)
        with pytest.raises(NotFound), desk.store.view() as view:
            seen_by_hand(desk, view, who, tour_id)
        with pytest.raises(NotFound), desk.store.view() as view:
            seen_hand_moves(view, who, tour_id, Page())


def test_what_others_built_on_since_is_not_undone(town):
    tour_id, (farm, _) = two_aboard(town)
    done(town, tour_id, "pin", shipment_id=farm)
    joined(town, tour_id, "shop", sent(town, "shop", crates=1))
    assert refused(undone, town, tour_id).code == "hand_undo_too_late"
