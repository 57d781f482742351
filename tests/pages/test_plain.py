"""What a first visitor stumbled over: ids for names, English in French, dead ends, others' volumes."""

import re
from dataclasses import replace
from datetime import date
from html import unescape

import pytest

from api.pages.forms import Form
from api.pages.moments import Moments
from api.pages.people.devices import device
from api.pages.reasons import said_reason
from api.pages.runs.manifests import lacked_everywhere, lacking
from api.papers.words import words
from pooling.desk.goods.orders import Filling, accept_order
from pooling.desk.market.bids import accept_bid, counter_bid
from pooling.desk.reasons import reason_words
from pooling.desk.tours.tour_planning import TourUnpaid
from pooling.money import Cents
from pooling.runs.transport_paper import NAMES, write_paper
from pooling.store.bids import find_bid
from pooling.store.orders import find_order
from pooling.work.working import work_once
from tests.desk.touring import frozen, joined, proposed, sent
from tests.houses import MORNING
from tests.pages.scenes import EVENING, HOUR, evening, order
from tests.pooling.test_transport_paper import CHEESE, LOU

ID = re.compile(r"(shp|trip|tour|pty|site|bid|ord|mnf)_[0-9a-z]{10,}")


@pytest.fixture
def scene(town):
    return evening(town)


def alert(answer):
    """Return the words of the box that says a refusal."""
    box = answer.text.partition('role="alert"')[2].partition("</div>")[0]
    return unescape(re.sub(r"<[^>]+>", " ", box))


def test_a_refusal_names_the_crates_and_never_their_id(scene, visitor):
    neighbour = visitor("neighbour")
    refused = neighbour.press(f"/search?shipment={scene.shipment}", "/bids/new", most="7")
    assert refused.status_code == 409
    assert "Neighbour → Restaurant" in alert(refused) and not ID.search(alert(refused))


def test_what_may_not_be_seen_has_no_name_and_no_english_in_french(scene, visitor):
    lost = visitor("shop").get(f"/shipments/{scene.shipment}")
    assert lost.status_code == 404 and "Il n’y a rien ici" in alert(lost)
    assert not ID.search(alert(lost)) and "Neighbour" not in lost.text


def test_a_stale_window_is_told_so_without_revisions(town, scene, visitor):
    farm, path = visitor("farm"), f"/bids/{scene.bid}"
    stale = farm.form(path, f"{path}/accept")
    counter_bid(town.house.desk, town.actor("farm"), town.ask("farm"), scene.bid, None, 690)
    late = farm.send(stale)
    assert late.status_code == 409 and "a changé entre-temps" in alert(late) and not ID.search(alert(late))
    with town.house.desk.store.view() as view:
        assert find_bid(view, scene.bid).state == "countered"


def test_a_reason_that_was_kept_with_an_amount_is_said_in_french(town, visitor):
    facts = {"cost": Cents(4917), "most": Cents(1791), "gap": Cents(2726)}
    kept = reason_words(TourUnpaid(tour="tour_x", **facts))

    class Visit:
        words = words("fr")

    reason, cure = said_reason(Visit(), kept)
    assert "49,17\N{NO-BREAK SPACE}€" in reason and "inscrits" in reason and "company" not in cure


def test_an_operator_is_told_why_a_tour_cannot_set_out_yet(town, visitor):
    tour = proposed(town, fixed_cents=90_000)
    joined(town, tour, "farm", sent(town, "farm"))
    operator, path = visitor("operator"), f"/tours/{tour}"
    operator.press(path, f"{path}/plan")
    assert work_once(town.house.desk)
    told = unescape(operator.get(path).text)
    assert "Elle ne peut pas encore partir" in told and "Carrier (demain)" in told


def test_who_joined_a_tour_leaves_it_by_a_button_that_says_so(town, visitor):
    tour = proposed(town)
    joined(town, tour, "farm", sent(town, "farm"))
    assert "Quitter la tournée" in visitor("farm").get(f"/tours/{tour}").text


def test_nobody_learns_how_many_crates_others_put_on_a_tour(town, visitor):
    tour = proposed(town)
    joined(town, tour, "farm", sent(town, "farm", crates=7))
    for path in ("/tours", f"/tours/{tour}"):
        assert "7 caisses" not in visitor("neighbour").get(path).text
        assert "7 caisses" in visitor("operator").get(path).text
    read = {
        name: visitor().client.get(f"/api/v1/tours/{tour}", headers=town.headers(name)).json()
        for name in ("neighbour", "carrier", "operator")
    }
    assert [one["crates_aboard"] for one in read.values()] == [None, 7, 7]


def test_a_tour_that_needs_a_minimum_shows_everybody_how_far_it_is(town, visitor):
    tour = proposed(town, minimum_crates=12)
    joined(town, tour, "farm", sent(town, "farm", crates=7))
    assert "7 caisses" in visitor("neighbour").get(f"/tours/{tour}").text


def test_only_its_owner_sees_how_much_of_a_trip_is_taken(town, scene, visitor):
    path = f"/trips/{scene.trip}"
    assert "12 sur 12" in visitor("farm").get(path).text
    seen = visitor("neighbour").get(path).text
    assert "12 sur" not in seen and "12 ambiant" in seen


def test_a_buyer_opens_what_comes_to_it_and_sees_hours_but_no_price(town, visitor):
    town.clock.at = EVENING
    scene = evening(town)
    desk, placed = town.house.desk, order(town)
    filling = Filling(
        from_site_id=town.sites["farm"],
        temperature="ambient",
        crates=2,
        ready_at=MORNING,
        pickup_by_at=MORNING + 4 * HOUR,
        kg=None,
    )
    accept_order(desk, town.actor("farm"), town.ask("farm"), placed, None, filling)
    with desk.store.view() as view:
        shipment = find_order(view, placed).shipment_id
    joined(town, scene.tour, "farm", shipment)
    buyer, farm = (visitor(name).get(f"/shipments/{shipment}") for name in ("restaurant", "farm"))
    assert buyer.status_code == 200 and "Farm" in buyer.text
    assert "€" in farm.text and "€" not in buyer.text and "/tours/tour_" not in buyer.text


def test_who_bids_more_than_alone_is_asked_and_not_stopped(scene, visitor):
    neighbour = visitor("neighbour")
    neighbour.press(f"/bids/{scene.bid}", f"/bids/{scene.bid}/withdraw")
    form = neighbour.form(f"/search?shipment={scene.shipment}", "/bids/new")
    asked = neighbour.send(form, most="900")
    assert asked.status_code == 409 and 'name="sure"' in asked.text and 'value="900"' in asked.text
    assert neighbour.send(form, key="other", most="900", sure="yes").status_code == 303


def test_a_counter_offer_is_history_once_the_bid_is_accepted(town, scene, visitor):
    desk, who = town.house.desk, town.actor("farm")
    counter_bid(desk, who, town.ask("farm"), scene.bid, None, 690)
    path = f"/bids/{scene.bid}"
    assert "Contre-offre" in visitor("farm").get(path).text
    accept_bid(desk, who, town.ask("farm"), scene.bid, None)
    assert "Contre-offre" not in visitor("farm").get(path).text


def test_crates_that_go_nowhere_are_refused_in_a_whole_sentence(scene, visitor):
    asked = {"from_site": "", "to_site": "", "crates": 3, "temperature": "chilled", "day": "2026-09-12"}
    asked |= {"ready": "06:00", "pickup_by": "11:00", "deliver_from": "07:00", "deliver_by": "12:00"}
    neighbour = visitor("neighbour")
    page = neighbour.get("/search").text
    here = re.search(r'value="(site_\w+)">Neighbour<', page)[1]
    refused = neighbour.client.get("/search", params=asked | {"from_site": here, "to_site": here})
    assert "Enlèvement et livraison au même lieu\xa0: ces caisses." in alert(refused)


def test_a_run_of_another_day_is_asked_about_before_it_sets_out(town, visitor):
    manifest, _ = frozen(town)
    carrier, path = visitor("carrier"), f"/manifests/{manifest}"
    assert "pas pour aujourd’hui mais pour demain" in unescape(carrier.get(path).text)
    town.clock.at = MORNING
    assert "pas pour aujourd’hui" not in unescape(carrier.get(path).text)


def test_what_every_paper_of_a_run_lacks_is_said_once():
    loads = (CHEESE, replace(CHEESE, shipment="S2", goods=""))
    papers = [write_paper(replace(LOU, plate=""), load, at) for at, load in enumerate(loads, start=1)]
    assert lacked_everywhere(papers) == ["plate"] and lacked_everywhere(papers[:1]) == []
    assert [fields for _, fields in lacking(papers, ["plate"])] == [[NAMES["goods"]]]


def test_a_browser_is_called_as_people_call_it():
    phone = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36"
    assert [device(one) for one in (phone, "curl/8.5", "")] == ["Chrome · Android", "curl", ""]


def test_the_money_of_a_tour_says_which_tour(town, visitor):
    frozen(town)
    for path in ("/money", "/money/statement?from=2026-09-01&until=2026-09-30"):
        told = unescape(visitor("carrier").get(path).text)
        assert not ID.search(re.sub(r'(value|href)="[^"]*"', "", told))
    assert "la tournée Carrier (demain)" in unescape(visitor("carrier").get("/money").text)


def test_a_day_begins_small_inside_a_french_sentence():
    said = Moments(words("fr"), "Europe/Paris", MORNING)
    assert said.at(MORNING, inside=True).startswith("aujourd’hui,")
    assert said.day("2026-09-14") == "Lundi 14 septembre"
    assert said.day("2026-09-14", inside=True) == "lundi 14 septembre"
    assert said.day("2026-10-01") == "Jeudi 1er octobre"


def test_a_day_of_another_age_is_a_mistake_of_its_field():
    """Its neighbours are reckoned with, and a clock knows none before its first day or after its last."""
    form, usual = Form({"first": "9999-12-31", "last": "01/01/0001"}), date(2026, 9, 12)
    assert form.day("first", usual) == form.day("last", usual) == usual
    assert set(form.mistakes) == {"first", "last"}
