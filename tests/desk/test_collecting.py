"""Collections: kept once, changed while nothing carries them, doubtful until chosen, nobody else's."""

import json

import pytest
from sqlalchemy import func, select

from pooling.desk.collections.collection_choices import (
    Choice,
    CollectionNotDoubtful,
    cancel_collection,
    choose_place,
)
from pooling.desk.collections.collection_ends import EndsTogether
from pooling.desk.collections.collection_files import ListWords, NotAnIntermediary, send_list
from pooling.desk.goods.shipments import HoursPast
from pooling.desk.tours.sign_ups import join_tour
from pooling.store.collected import list_collected
from pooling.store.directory import search_sites
from pooling.store.events import Reader, events_after
from pooling.store.market import shipment
from pooling.store.rows import NotFound, Page
from pooling.store.shipments import find_shipment
from pooling.store.sites import find_site
from pooling.work.jobs import JobCancelled, Unwatched
from tests.desk import broking
from tests.desk.broking import DOCK, STREET, faults, line, outcomes, sent, stands
from tests.desk.touring import proposed


@pytest.fixture(autouse=True)
def _broker(town):
    broking.broker(town)


def shipped(town, reference="A1", who="broker"):
    with town.house.desk.store.view() as view:
        return find_shipment(view, stands(town, reference, who).shipment_id)


def shipments(town):
    with town.house.desk.store.view() as view:
        return view.connection.execute(select(func.count()).select_from(shipment)).scalar_one()


def test_one_list_goes_to_clients_and_to_the_platform_and_the_intermediary_pays(town):
    found = sent(
        town, line("A1"), line("A2", drop="platform", client=""), line("A3", drop=town.sites["shop"])
    )
    assert outcomes(town, found) == {1: "kept", 2: "kept", 3: "kept"}
    client, hub, shop = (shipped(town, one) for one in ("A1", "A2", "A3"))
    assert {one.payer_id for one in (client, hub, shop)} == {town.parties["broker"]}
    assert {one.shipper_id for one in (client, hub, shop)} == {town.parties["broker"]}
    assert (hub.to_site_id, shop.to_site_id) == (town.sites["broker"], town.sites["shop"])
    assert client.from_site_id == hub.from_site_id and (client.crates, client.kg) == (4, 32)


def test_the_same_list_again_changes_nothing_twice(town):
    first = sent(town, line("A1"), line("A2"), key="same")
    before = shipments(town)
    assert sent(town, line("A1"), line("A2"), key="same") == first
    again = sent(town, line("A2"), line("A1"))
    assert again != first and outcomes(town, again) == {1: "unchanged", 2: "unchanged"}
    assert shipments(town) == before


def test_a_line_with_other_words_changes_what_nothing_carries_yet(town):
    sent(town, line("A1"))
    again = sent(town, line("A1", crates=7))
    assert outcomes(town, again) == {1: "changed"}
    assert shipped(town).crates == 7 and shipments(town) == 1


def test_a_line_that_rides_is_refused_and_stands(town):
    tour = proposed(town)
    sent(town, line("A1", day="2026-09-12", ready="06:00", pickup_by="09:00", deliver_by="11:00"))
    who = town.actor("broker")
    join_tour(town.house.desk, who, town.ask("broker"), tour, shipped(town).id)
    again = sent(town, line("A1", day="2026-09-12", crates=9))
    assert faults(town, again) == [(1, "reference", "collection_rides")]
    assert stands(town, "A1").crates == 4


def test_a_bad_line_beside_good_ones_costs_itself_whatever_is_wrong_with_it(town):
    found = sent(
        town,
        line("A1"),
        line("A2", crates="many"),
        line("A3", day="2026-09-01"),
        line("A4", drop="site_01hg0000none"),
        line("A5", pickup="43.7", drop="0.0, 0.0"),
        line("A6", drop=broking.YARD),
        line("A7", day="2030-01-01"),
        line("A8", pickup=town.sites["shop"]),
    )
    assert outcomes(town, found)[1] == "kept"
    told = {number: (column, code) for number, column, code in faults(town, found)}
    assert told[2] == ("crates", "not_a_number")
    assert told[3] == ("day", "hours_past")
    assert told[4] == ("drop", "name_unknown")
    assert told[6] == ("drop", "pickup_is_drop")
    assert told[7] == ("day", "too_far_ahead")
    assert told[8] == ("pickup", "name_unknown")
    assert set(outcomes(town, found)) == set(range(1, 9))


def test_a_doubtful_address_waits_with_its_candidates_until_a_person_has_chosen(town):
    found = sent(town, line("A1", drop=STREET), line("A2", pickup="xqzzk wvv"), line("A3", drop="Monaco"))
    assert outcomes(town, found) == {1: "doubtful", 2: "doubtful", 3: "doubtful"}
    assert shipments(town) == 0
    assert [one["doubts"] for one in candidates(town, "A1")["drop"]] == [["number_missing"]]
    assert candidates(town, "A2") == {"pickup": []}
    assert [one["doubts"] for one in candidates(town, "A3")["drop"]] == [["commune_only"]]
    row = stands(town, "A1")
    choose(town, "A1", "drop", 43.7429, 7.4252)
    entered = stands(town, "A1")
    with town.house.desk.store.view() as view:
        assert find_site(view, entered.to_site_id).address == STREET, "a waybill names it"
        assert find_site(view, entered.from_site_id).address == "", "a pin is no address"
    assert (entered.state, entered.revision) == ("entered", row.revision + 1)
    assert sent(town, line("A1", drop=STREET)) and shipments(town) == 1
    assert outcomes(town, sent(town, line("A9", drop=STREET))) == {1: "kept"}, "a choice is remembered"
    assert shipped(town, "A9").to_site_id == entered.to_site_id


def test_a_line_between_one_and_the_same_pin_is_refused_whatever_its_ends_are_called(town):
    near = "43.750002,7.420001"
    found = sent(
        town, line("A1", pickup="43.75,7.42", drop=near), line("A2", pickup=STREET, drop="43.75,7.42")
    )
    assert faults(town, found) == [(1, "drop", "pickup_is_drop")] and outcomes(town, found)[2] == "doubtful"
    with pytest.raises(EndsTogether):
        choose(town, "A2", "pickup", 43.75, 7.42)
    assert shipments(town) == 0


def candidates(town, reference):
    return json.loads(stands(town, reference).candidates)


def choose(town, reference, end, lat, lon, who="broker", revision=None):
    choice = Choice(end, lat, lon, "Here")
    asker = town.actor(who)
    row = stands(town, reference)
    return choose_place(town.house.desk, asker, town.ask(who), row.id, revision, choice)


def test_both_ends_may_be_doubtful_and_the_shipment_is_made_with_the_second(town):
    sent(town, line("A1", pickup=STREET, drop="xqzzk"))
    choose(town, "A1", "pickup", 43.7429, 7.4252)
    assert stands(town, "A1").state == "doubtful" and shipments(town) == 0
    with pytest.raises(CollectionNotDoubtful):
        choose(town, "A1", "pickup", 43.7429, 7.4252)
    choose(town, "A1", "drop", 43.7384, 7.4246)
    assert stands(town, "A1").state == "entered"


def test_a_choice_that_comes_too_late_is_refused_and_the_line_waits_on(town):
    sent(town, line("A1", drop=STREET))
    town.clock.at += 3 * 24 * 3600
    with pytest.raises(HoursPast):
        choose(town, "A1", "drop", 43.7429, 7.4252)
    assert stands(town, "A1").state == "doubtful"


def test_what_was_cancelled_stays_so_for_the_same_words_and_is_ordered_anew_by_others(town):
    sent(town, line("A1"))
    row = stands(town, "A1")
    cancel_collection(town.house.desk, town.actor("broker"), town.ask("broker"), row.id, None)
    assert (stands(town, "A1").state, shipped(town).state) == ("cancelled", "cancelled")
    assert outcomes(town, sent(town, line("A1"))) == {1: "unchanged"}
    assert outcomes(town, sent(town, line("A1", crates=5))) == {1: "changed"}
    assert (stands(town, "A1").state, shipped(town).state, shipped(town).crates) == ("entered", "open", 5)


def test_a_producer_that_is_named_sees_what_is_collected_from_it_and_nobody_else_does(town):
    sent(town, line("A1", client="Secretclient"), line("A2", pickup=town.sites["farm"], producer="Whoever"))
    with town.house.desk.store.view() as view:
        seen, _ = list_collected(view, [town.parties["farm"]], Page())
        assert [one.crates for one in seen] == [4, 4] and not any("Secret" in str(one) for one in seen)
        assert list_collected(view, [town.parties["neighbour"]], Page())[0] == []
        told = events_after(view, Reader(frozenset({town.parties["farm"]})), 0, 100)
        assert [one.topic for one in told] == ["collection.entered"] * 2


def test_a_namesake_of_a_producer_elsewhere_is_not_told(town):
    sent(
        town,
        line("A1", producer="Neighbour"),
        line("A2", producer="Farm", pickup="43.7384, 7.4246", drop="hub"),
    )
    assert (stands(town, "A1").producer_id, stands(town, "A2").producer_id) == (None, None)


def test_the_addresses_of_an_intermediarys_clients_stand_in_no_directory(town):
    sent(town, line("A1", client="Secretclient"))
    with town.house.desk.store.view() as view:
        known, _ = search_sites(view, None, "", Page(limit=100))
    assert not any("Secret" in one.name or one.id == shipped(town).to_site_id for one in known)


def test_a_rival_learns_nothing_and_its_references_are_its_own(town):
    broking.broker(town, "rival")
    sent(town, line("A1", client="Secretclient"))
    hidden = shipped(town).to_site_id
    found = sent(
        town, line("A1", crates=9), line("A2", drop=hidden), line("A3", drop="Secretclient"), who="rival"
    )
    assert outcomes(town, found) == {1: "kept", 2: "refused", 3: "doubtful"}
    assert faults(town, found) == [(2, "drop", "name_unknown")]
    assert (stands(town, "A1").crates, stands(town, "A1", "rival").crates) == (4, 9)
    with pytest.raises(NotFound):
        cancel_collection(
            town.house.desk, town.actor("rival"), town.ask("rival"), stands(town, "A1").id, None
        )


def test_only_an_intermediary_orders_collections_and_only_with_a_platform_of_its_own(town):
    desk = town.house.desk
    farm = ListWords(town.parties["farm"], rows=[line()])
    with pytest.raises(NotAnIntermediary):
        send_list(desk, town.actor("farm"), town.ask("farm"), farm)
    foreign = ListWords(town.parties["broker"], town.sites["farm"], rows=[line()])
    with pytest.raises(NotFound):
        send_list(desk, town.actor("broker"), town.ask("broker"), foreign)


def test_a_job_that_was_stopped_keeps_what_it_took_and_goes_on_where_it_was(town):
    words = ListWords(town.parties["broker"], None, rows=[line(f"A{n}") for n in range(4)])
    file_id = send_list(town.house.desk, town.actor("broker"), town.ask("broker"), words)

    class Stopped(Unwatched):
        """Stop before the third line."""

        def __call__(self, step, share):  # noqa: ARG002
            if share >= 0.5:
                raise JobCancelled

    with pytest.raises(JobCancelled):
        broking.take_list_job(town.house.desk, {"list": file_id}, Stopped())
    assert outcomes(town, file_id) == {1: "kept", 2: "kept"}
    broking.taken(town, file_id)
    assert outcomes(town, file_id) == dict.fromkeys(range(1, 5), "kept")
    assert broking.kept_file(town, file_id).waiting == "" and shipments(town) == 4


def test_a_place_is_one_site_however_many_lines_name_it(town):
    sent(town, *(line(f"A{n}", drop=DOCK) for n in range(3)))
    assert len({shipped(town, f"A{n}").to_site_id for n in range(3)}) == 1
