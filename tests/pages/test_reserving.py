"""Room reserved, bundles, a trip that repeats, a day cleared and unmet demand: pages that need no script."""

from datetime import date

import pytest

from pooling.store import Page
from pooling.store.bids import find_bid, list_bids
from pooling.store.demand import note_unmet
from pooling.store.reservations import list_reservations
from pooling.store.series import exceptions_of, find_series, occurrences_of
from pooling.store.shipments import find_shipment
from pooling.work.wiring import know_all_work
from pooling.work.workers import work_off
from tests.pages.scenes import EVENING, announce, evening, hold, repeat, send


def seen(town, read, *args):
    with town.house.desk.store.view() as view:
        return read(view, *args)


@pytest.fixture
def held(town):
    """Return the bid by which the neighbour holds room for four crates on a trip that repeats."""
    town.clock.at = EVENING
    return hold(town, repeat(town))


def goods(town, bid):
    return seen(town, find_shipment, seen(town, find_bid, bid).shipment_id)


def test_room_is_reserved_by_the_form_on_the_trip_and_pressed_twice_once(town, visitor):
    town.clock.at = EVENING
    trip, neighbour = announce(town, "farm"), visitor("neighbour")
    assert f'href="/trips/{trip}/reserve"' in neighbour.get(f"/trips/{trip}").text
    assert f'href="/trips/{trip}/reserve"' not in visitor("farm").get(f"/trips/{trip}").text
    form = neighbour.form(f"/trips/{trip}/reserve")
    ends = {"from_site": town.sites["neighbour"], "to_site": town.sites["restaurant"]}
    filled = ends | {"crates": 3, "temperature": "chilled", "most": "20"}
    first, again = (neighbour.send(form, **filled) for _ in range(2))
    assert first.status_code == 303 and again.headers["location"] == first.headers["location"]
    (bid,), _ = seen(town, list_reservations, [town.parties["neighbour"]], Page())
    assert (bid.state, bid.most_cents) == ("open", 2_000)
    assert "Place pour" in neighbour.get(f"/reservations/{bid.id}").text
    assert f"/reservations/{bid.id}" in neighbour.get(f"/bids/{bid.id}").text


def test_more_room_than_the_owner_holds_is_refused_beside_the_field(town, visitor):
    town.clock.at = EVENING
    trip, neighbour = announce(town, "farm"), visitor("neighbour")
    ends = {"from_site": town.sites["neighbour"], "to_site": town.sites["restaurant"]}
    refused = neighbour.press(f"/trips/{trip}/reserve", **ends, crates=5, temperature="chilled", most="20")
    assert refused.status_code == 409 and 'id="crates-wrong"' in refused.text and "50\xa0%" in refused.text


def test_goods_are_named_by_crates_on_the_page(town, visitor, held):
    neighbour = visitor("neighbour")
    assert f'href="/reservations/{held}"' in neighbour.get("/").text
    named = neighbour.press(f"/reservations/{held}", f"/reservations/{held}/name", crates=3, kg=20)
    assert named.status_code == 303
    assert (goods(town, held).crates, goods(town, held).state) == (3, "riding")
    shown = neighbour.get(f"/reservations/{held}").text
    assert "/name" not in shown and "/release" not in shown
    assert f'href="/reservations/{held}"' not in neighbour.get("/").text


def test_too_many_crates_are_refused_and_room_is_given_back(town, visitor, held):
    neighbour = visitor("neighbour")
    refused = neighbour.press(f"/reservations/{held}", f"/reservations/{held}/name", crates=9)
    assert refused.status_code == 409 and "plus de caisses" in refused.text and 'value="9"' in refused.text
    assert neighbour.press(f"/reservations/{held}", f"/reservations/{held}/release").status_code == 303
    assert goods(town, held).state == "released"


def test_a_bundle_of_all_or_none_is_placed_from_the_boxes_of_the_shipments(town, visitor):
    scene = evening(town)
    other = send(town, "neighbour", to="shop", crates=2)
    neighbour = visitor("neighbour")
    assert f'name="pick_{other}"' in neighbour.get("/shipments").text
    path = f"/bundles/new?kind=all&pick_{scene.shipment}=yes&pick_{other}=yes"
    trip = announce(town, "farm")
    placed = neighbour.send(neighbour.form(path), trip=trip)
    assert placed.status_code == 303, placed.text
    bids, _ = seen(town, list_bids, [town.parties["neighbour"]], Page())
    bundled = [one for one in bids if one.bundle_id]
    assert {one.shipment_id for one in bundled} == {scene.shipment, other}
    assert {(one.bundle_kind, one.trip_id) for one in bundled} == {("all", trip)}


def test_a_choice_of_trips_is_placed_from_the_boxes_of_a_search(town, visitor):
    town.clock.at = EVENING
    trips, shipment = [announce(town, "farm"), announce(town, "farm")], send(town, "neighbour")
    neighbour = visitor("neighbour")
    found = neighbour.get(f"/search?shipment={shipment}").text
    assert all(f'name="ride_{trip}"' in found for trip in trips) and 'id="either"' in found
    ticked = "".join(f"&ride_{trip}=yes" for trip in trips)
    form = neighbour.form(f"/bundles/new?kind=any&pick_{shipment}=yes{ticked}")
    placed = neighbour.send(form, message="Un seul")
    assert placed.status_code == 303, placed.text
    bids, _ = seen(town, list_bids, [town.parties["neighbour"]], Page())
    assert {one.message for one in bids} == {"Un seul"}
    assert {(one.bundle_kind, one.trip_id) for one in bids} == {("any", trip) for trip in trips}


def test_a_bundle_shows_what_is_missing_and_no_shipment_of_others(town, visitor):
    scene = evening(town)
    assert "Cochez-en" in visitor("neighbour").get("/bundles/new").text
    assert visitor("shop").get(f"/bundles/new?pick_{scene.shipment}=yes").status_code == 404


def test_a_day_of_a_trip_that_repeats_is_left_out_and_the_rest_ended(town, visitor):
    town.clock.at = EVENING
    series, farm = repeat(town), visitor("farm")
    assert f'href="/series/{series}"' in farm.get("/trips").text
    assert "chaque semaine\xa0: mercredi, dimanche" in farm.get(f"/series/{series}").text
    left = farm.press(f"/series/{series}", f"/series/{series}/except", day="2026-09-20")
    assert left.status_code == 303
    (one,) = seen(town, exceptions_of, series)
    assert (one.day, one.moved_to) == (date(2026, 9, 20), None)
    assert "sauté" in farm.get(f"/series/{series}").text
    assert farm.get(f"/series/{series}").text.count("Dimanche 20 septembre") == 1
    again = farm.press(f"/series/{series}", f"/series/{series}/put-back")
    assert again.status_code == 303 and not seen(town, exceptions_of, series)
    (one,) = seen(town, occurrences_of, series, date(2026, 9, 20), 1)
    assert (one.day, one.state) == (date(2026, 9, 20), "open")
    assert farm.press(f"/series/{series}", f"/series/{series}/end", last="2026-09-30").status_code == 303
    assert seen(town, find_series, series).until_day == date(2026, 9, 30)
    after = seen(town, occurrences_of, series, date(2026, 10, 1), 50)
    assert {one.state for one in after} == {"cancelled"}
    assert "Mercredi 30 septembre" in farm.get(f"/series/{series}").text


def test_the_days_of_a_month_are_said_in_words(town, visitor):
    town.clock.at = EVENING
    series = repeat(town, rule="FREQ=MONTHLY;BYMONTHDAY=-1,15")
    assert (
        "chaque mois\xa0: le 15 du mois, le dernier jour du mois"
        in visitor("farm").get(f"/series/{series}").text
    )


def test_a_day_that_no_rule_knows_is_refused_on_the_page(town, visitor):
    town.clock.at = EVENING
    series = repeat(town)
    refused = visitor("farm").press(f"/series/{series}", f"/series/{series}/except", day="2026-09-21")
    assert refused.status_code == 409 and 'value="2026-09-21"' in refused.text


def test_an_operator_looks_at_a_day_and_then_proposes_to_an_owner_that_answers_bids_itself(town, visitor):
    town.clock.at = EVENING
    trip = announce(town, "farm")
    neighbour, shipment = visitor("neighbour"), send(town, "neighbour")
    form = neighbour.form(f"/search?shipment={shipment}", "/bids/new")
    assert neighbour.send(form, trip=trip, most="10").status_code == 303
    operator, path = visitor("operator"), "/clear-day?day=2026-09-12"
    know_all_work()
    look, take = (one for one in forms_of(operator, path))
    assert operator.send(look).status_code == 303
    assert "attend son tour" in operator.get(path).text
    work_off(town.house.desk)
    assert "on a seulement regardé" in operator.get(path).text
    assert operator.send(take).status_code == 303
    work_off(town.house.desk)
    (bid,), _ = seen(town, list_bids, [town.parties["neighbour"]], Page())
    assert bid.state == "open" and "/take" in visitor("farm").get(f"/trips/{trip}/best").text


def forms_of(browser, path):
    """Return the two forms that clear a day, the one that only looks first."""
    first = browser.form(path, "/clear-day")
    fields = {name: value for name, value in first.fields.items() if name != "key"}
    return first, type(first)(first.action, first.method, fields | {"take": "yes", "key": "another"})


def test_a_job_that_waits_is_stopped(town, visitor):
    town.clock.at = EVENING
    evening(town)
    operator, path = visitor("operator"), "/clear-day?day=2026-09-12"
    operator.press(path, "/clear-day")
    text = operator.get(path).text
    stop = text[text.index('action="/clear-day/') + len('action="') :].partition('"')[0]
    assert operator.press(path, stop).status_code == 303
    assert "annul" in operator.get(path).text


def test_unmet_demand_tells_no_number_of_few(town, visitor):
    def work(tx):
        for number in range(3):
            note_unmet(tx, "06150 La Turbie", date(2026, 9, 12), f"mark{number}", 7, wanted=False)
        note_unmet(tx, "06320 Cap-d'Ail", date(2026, 9, 12), "mark0", 83, wanted=False)

    town.house.desk.store.change(work)
    text = visitor("operator").get("/demand").text
    assert "3 recherches" in text and "21 caisses" in text
    assert "83 caisses" not in text and "peu d’acteurs" in text
    assert visitor("farm").get("/demand").status_code == 403
