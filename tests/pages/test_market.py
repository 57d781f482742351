"""The market on pages: announce, search, bid, answer, order; what is pressed twice is done once."""

import re
from urllib.parse import urlencode

import pytest

from pooling.desk.market.rivals import tell_rivals
from pooling.store import Page
from pooling.store.bids import find_bid, list_bids
from pooling.store.orders import find_order, list_orders
from pooling.store.searches import list_searches
from pooling.store.shipments import find_shipment
from pooling.store.trips import list_trips, stops_of
from tests.desk import market
from tests.desk.market import ridden
from tests.desk.test_trip_asks import hired
from tests.houses import MORNING
from tests.pages.scenes import EVENING, announce, evening

CRATES = {
    "crates": 3,
    "temperature": "chilled",
    "day": "2026-09-12",
    "ready": "06:00",
    "pickup_by": "11:00",
    "deliver_from": "07:00",
    "deliver_by": "12:00",
}


@pytest.fixture
def scene(town):
    return evening(town)


def seen(town, read, *args):
    with town.house.desk.store.view() as view:
        return read(view, *args)


def test_a_trip_is_announced_with_as_many_stops_as_asked_for(town, visitor):
    town.clock.at -= 12 * 3600
    farm = visitor("farm")
    form = farm.form("/trips/new")
    filled = {"day": "2026-09-12", "site_1": town.sites["farm"], "opens_1": "7:00", "chilled_1": 8}
    more = farm.send(form, **filled, more_stops="yes")
    assert more.status_code == 200 and 'name="site_4"' in more.text and 'value="7:00"' in more.text
    filled |= {"site_2": town.sites["restaurant"], "opens_2": "8h", "closes_2": "10h", "detour": "40"}
    first, again = (farm.send(form, **filled) for _ in range(2))
    assert first.status_code == 303 and again.headers["location"] == first.headers["location"]
    trips, _ = seen(town, list_trips, [town.parties["farm"]], Page())
    assert len(trips) == 1 and len(seen(town, stops_of, [trips[0].id])[trips[0].id]) == 2


def test_the_enter_key_announces_a_trip_and_adds_no_stop(visitor):
    form = visitor("farm").get("/trips/new").text.partition('action="/trips/new"')[2]
    first = re.search(r"<button[^>]*>", form)[0]
    assert "name=" not in first and 'name="more_stops"' in form, "browsers press the first button of a form"


def test_who_has_no_bid_reads_what_to_do_and_finds_bids_in_the_menu(visitor):
    for name in ("restaurant", "carrier"):
        page = visitor(name).get("/bids").text
        assert 'href="/bids" aria-current="page"' in page and "Vous n’avez pas encore enchéri" in page
    assert "Sur mes trajets" in page and "Sur mes trajets" not in visitor("restaurant").get("/bids").text
    assert 'href="/trips/new"' in page and 'href="/search"' in page


def test_a_carrier_reads_at_home_which_bids_wait_for_it(town, visitor):
    bid = market.bidden(town, hired(town, 0), market.sent(town), 1_000)
    assert f'href="/bids/{bid}"' in visitor("carrier").get("/").text


def test_a_trip_without_stops_is_shown_again_with_what_was_typed(visitor):
    refused = visitor("farm").press("/trips/new", driver="Ana", detour="soon")
    assert refused.status_code == 422
    assert 'value="Ana"' in refused.text and 'value="soon"' in refused.text and "Arrêt 1" in refused.text


def test_crates_are_searched_kept_and_bid_for_once(town, visitor):
    town.clock.at = EVENING
    announce(town, "farm")
    neighbour = visitor("neighbour")
    asked = CRATES | {"from_site": town.sites["neighbour"], "to_site": town.sites["restaurant"]}
    found = neighbour.client.get("/search", params=asked)
    assert found.status_code == 200 and "Garder ces caisses" in found.text
    kept = neighbour.press(f"/search?{found.url.query.decode()}", "/shipments/new")
    path = kept.headers["location"].partition("&")[0]
    form = neighbour.form(path, "/bids/new")
    over = neighbour.send(form, most="6,50", message="Elles s’empilent", expires="0:30")
    assert over.status_code == 409 and "Elles s’empilent</textarea>" in over.text, "what was typed stays"
    waits = {"message": "Elles s’empilent", "expires_day": "2026-09-12", "expires": "6:30"}
    form = neighbour.form(path, "/bids/new")
    first, again = (neighbour.send(form, most="6,50", **waits) for _ in range(2))
    assert first.status_code == 303 and again.headers["location"] == first.headers["location"]
    bids, _ = seen(town, list_bids, [town.parties["neighbour"]], Page())
    told = [(one.most_cents, one.message, one.expires_at) for one in bids]
    assert told == [(650, "Elles s’empilent", MORNING + 1800)]


def test_crates_are_entered_for_the_next_morning_and_no_search_of_one_day_is_kept_for_them(town, visitor):
    town.clock.at = EVENING
    overnight = {"ready": "18:00", "pickup_by": "21:00", "deliver_from": "5:00", "deliver_by": "7:00"}
    ends = {"from_site": town.sites["neighbour"], "to_site": town.sites["restaurant"]}
    neighbour = visitor("neighbour")
    asked = CRATES | overnight | ends | {"deliver_next": "yes"}
    looked_for = neighbour.client.get("/search", params=asked)
    assert looked_for.status_code == 200
    search = neighbour.press(f"/search?{looked_for.url.query.decode()}", "/searches/new")
    assert not seen(town, list_searches, [town.parties["neighbour"]], Page())[0], search.text
    kept = neighbour.press("/shipments/new", **asked)
    shipment_id = kept.headers["location"].partition("shipment=")[2].partition("&")[0]
    row = seen(town, find_shipment, shipment_id)
    assert (str(row.day), row.deliver_by_at - row.ready_at) == ("2026-09-12", 13 * 3600)
    change = neighbour.client.get(f"/shipments/{shipment_id}/change")
    assert re.search('name="deliver_next" value="yes" checked', change.text)


def test_what_does_not_fit_is_shown_with_its_true_reason(town, scene, visitor):
    asked = CRATES | {"crates": 60, "from_site": town.sites["neighbour"], "to_site": town.sites["restaurant"]}
    found = visitor("neighbour").client.get("/search", params=asked)
    assert "60" in found.text and "ne conviennent pas" in found.text  # neither the trip nor the tour
    assert "d’autres possibilités sont alors cherchées" in found.text, "no ride is no dead end"


def test_a_bid_that_is_no_amount_is_shown_again(scene, visitor):
    neighbour = visitor("neighbour")
    form = neighbour.form(f"/search?shipment={scene.shipment}", "/bids/new")
    refused = neighbour.send(form, most="much")
    assert refused.status_code == 422 and 'value="much"' in refused.text


def test_the_owner_accepts_and_the_crates_ride(town, scene, visitor):
    done = visitor("farm").press(f"/bids/{scene.bid}", f"/bids/{scene.bid}/accept")
    assert done.status_code == 303
    assert seen(town, find_bid, scene.bid).state == "accepted"
    assert "Livraison" in visitor("neighbour").get(f"/shipments/{scene.shipment}").text


def test_a_counter_offer_is_made_and_taken(town, scene, visitor):
    path = f"/bids/{scene.bid}"
    assert visitor("farm").press(path, f"{path}/counter", counter="8").status_code == 303
    assert "seul le plafond" in visitor("farm").get(path).text
    for who in ("farm", "neighbour"):
        assert "au plus 8,00\N{NO-BREAK SPACE}€" in visitor(who).get(path).text
    assert visitor("neighbour").press(path, f"{path}/take").status_code == 303
    assert seen(town, find_bid, scene.bid).state == "accepted"


def test_a_bid_is_refused_or_withdrawn_and_a_late_press_is_told_so(town, scene, visitor):
    path = f"/bids/{scene.bid}"
    late = visitor("farm").form(path, f"{path}/accept")
    assert visitor("neighbour").press(path, f"{path}/withdraw").status_code == 303
    answer = visitor("farm").send(late)
    assert answer.status_code == 409 and 'role="alert"' in answer.text
    assert seen(town, find_bid, scene.bid).state == "withdrawn"


def test_a_trip_that_a_program_announced_with_pallets_and_no_weight_is_changed_on_its_page(town, visitor):
    trip = market.announced(town, 600, 600, 600)
    assert visitor("farm").press(f"/trips/{trip}/change", detour="25").status_code == 303


def test_a_trip_is_changed_and_cancelled_by_its_owner(town, scene, visitor):
    farm, path = visitor("farm"), f"/trips/{scene.trip}"
    assert farm.press(f"{path}/change", detour="25").status_code == 303
    assert farm.press(path, f"{path}/cancel").status_code == 303
    assert seen(town, find_bid, scene.bid).state == "refused"


def test_an_order_is_placed_once_accepted_and_becomes_a_shipment(town, scene, visitor):
    buyer, farm = visitor("restaurant"), visitor("farm")
    form = buyer.form("/orders/new")
    filled = {"producer": town.parties["farm"], "product": "figs", "quantity": 4, "price": "12,40"}
    filled |= {"day": "2026-09-12"}
    first, again = (buyer.send(form, **filled) for _ in range(2))
    assert first.headers["location"] == again.headers["location"]
    assert len(seen(town, list_orders, [town.parties["restaurant"]], Page())[0]) == 2
    path = first.headers["location"].partition("?")[0]
    assert re.search(r"12,40\s€", farm.get(path).text)
    assert farm.press(path, f"{path}/accept", crates=2, pickup_by="11:00").status_code == 303
    order = seen(town, find_order, path.rpartition("/")[2])
    assert seen(town, find_shipment, order.shipment_id).crates == 2


def test_several_orders_are_placed_together_and_what_is_refused_stays_with_its_reason(town, scene, visitor):
    buyer = visitor("restaurant")
    form, more = buyer.form("/orders/new"), {"more_lines": "yes", "producer": town.parties["farm"]}
    again = buyer.send(form, **more)
    assert again.status_code == 200 and 'name="producer_2"' in again.text
    one = {"product": "figs", "quantity": 4, "price": "12,40", "unit": "kg"}
    filled = {"rows": 2, "producer": town.parties["carrier"], "producer_2": town.parties["farm"], **one}
    filled |= {f"{name}_2": given for name, given in one.items()} | {"day": "2026-09-12"}
    told = buyer.send(form, **filled)
    assert told.status_code == 422 and "1 commande est chez son producteur." in told.text
    assert "n’est pas un producteur" in told.text and 'name="producer_2"' not in told.text
    assert len(seen(town, list_orders, [town.parties["restaurant"]], Page())[0]) == 2
    done = buyer.send(form, **filled | {"key": "another", "producer": town.parties["neighbour"]})
    assert done.headers["location"].startswith("/orders?")
    assert len(seen(town, list_orders, [town.parties["restaurant"]], Page())[0]) == 4


def test_an_order_is_refused_or_cancelled(town, scene, visitor):
    path = f"/orders/{scene.order}"
    assert visitor("farm").press(path, f"{path}/refuse").status_code == 303
    assert seen(town, find_order, scene.order).state == "refused"
    other = visitor("restaurant").press(
        "/orders/new", producer=town.parties["farm"], product="figs", quantity=4, price="3", day="2026-09-12"
    )
    path = other.headers["location"].partition("?")[0]
    assert visitor("restaurant").press(path, f"{path}/cancel").status_code == 303


def test_a_shipment_is_changed_and_cancelled(town, scene, visitor):
    neighbour, path = visitor("neighbour"), f"/shipments/{scene.shipment}"
    assert neighbour.press(f"{path}/change", crates=2).status_code == 303
    assert seen(town, find_shipment, scene.shipment).crates == 2
    assert neighbour.press(path, f"{path}/cancel").status_code == 303
    assert seen(town, find_shipment, scene.shipment).state == "cancelled"


def test_a_trip_is_frozen_by_its_owner_and_has_its_manifest(town, scene, visitor):
    farm, path = visitor("farm"), f"/trips/{scene.trip}"
    farm.press(f"/bids/{scene.bid}", f"/bids/{scene.bid}/accept")
    assert farm.press(path, f"{path}/freeze").status_code == 303
    assert "/manifests/mnf_" in farm.get(path).text


def test_a_search_names_the_tours_of_that_day_as_well(scene, visitor):
    neighbour = visitor("neighbour")
    assert f"/tours/{scene.tour}/join" in neighbour.get(f"/search?shipment={scene.shipment}").text


def test_a_ride_is_written_about_once_after_the_handover(town, visitor):
    """The form comes with the handover, and goes with what was written."""
    bid_id = ridden(town)
    neighbour = visitor("neighbour")
    sent = neighbour.press(f"/bids/{bid_id}", f"/bids/{bid_id}/review", stars="4", note="Merci")
    assert sent.status_code == 303
    after = neighbour.client.get(f"/bids/{bid_id}").text
    assert "/review" not in after and "/review" in visitor("farm").client.get(f"/bids/{bid_id}").text


def test_a_price_is_held_shown_with_its_hour_and_bid_by(town, scene, visitor):
    neighbour = visitor("neighbour")
    with town.house.desk.store.view() as view:
        row = find_bid(view, scene.bid)
    neighbour.press(f"/bids/{scene.bid}", f"/bids/{scene.bid}/withdraw")
    path = f"/search?shipment={scene.shipment}"
    held = neighbour.press(path, "/quotes/new")
    assert held.headers["location"].startswith(path) and "price_held" in held.headers["location"]
    page = neighbour.get(path).text
    assert "ce prix est tenu" in page and 'name="quote"' in page
    bid = neighbour.press(path, "/bids/new").headers["location"].split("?")[0].rpartition("/")[2]
    with town.house.desk.store.view() as view:
        again = find_bid(view, bid)
    assert again.held_cents is not None and again.price_cents <= again.held_cents
    assert again.trip_id == row.trip_id


def test_a_search_tells_the_way_the_hours_the_law_and_the_carbon_of_each_offer(scene, visitor):
    page = visitor("neighbour").get(f"/search?shipment={scene.shipment}").text
    for words in ("Sur le trajet", "Farm → ", "Cadre légal", "CO₂", "Détour"):
        assert words in page


def test_a_search_is_kept_from_its_page_and_removed(town, scene, visitor):
    neighbour = visitor("neighbour")
    asked = CRATES | {"from_site": town.sites["neighbour"], "to_site": town.sites["restaurant"]}
    found = neighbour.client.get("/search", params=asked)
    kept = neighbour.press(f"/search?{found.url.query.decode()}", "/searches/new")
    assert "search_kept" in kept.headers["location"]
    (row,) = seen(town, list_searches, [town.parties["neighbour"]], Page())[0]
    assert (row.crates, row.weekdays, row.ready_s) == (3, 1 << 5, 6 * 3600)
    neighbour.press("/search", f"/searches/{row.id}/remove")
    assert seen(town, list_searches, [town.parties["neighbour"]], Page())[0] == []
    assert visitor("shop").get("/search").status_code == 200


def test_a_trip_names_its_papers_and_a_bid_that_no_longer_fits_says_why_in_french(town, visitor):
    trip = market.announced(town, 6, 6, 6)
    market.newcomer(town, "dairy")
    rival = market.bidden(town, trip, market.sent(town, 4))
    market.accepted(town, market.bidden(town, trip, market.sent(town, 4, "dairy"), who="dairy"))
    tell_rivals(town.house.desk)
    neighbour = visitor("neighbour")
    assert "Papiers à bord" in neighbour.get(f"/trips/{trip}").text
    assert "de place que pour 2 caisses sur 4" in neighbour.get(f"/bids/{rival}").text


def test_a_buyer_is_told_what_it_can_do_where_the_law_bars_it_from_a_trip(town, scene, visitor):
    text = visitor("restaurant").get(f"/trips/{scene.trip}").text
    assert "seules les fermes peuvent payer" in text and 'href="/orders/new"' in text
    assert 'href="/search"' not in text.split("<main")[1]
    assert 'href="/search"' in visitor("neighbour").get(f"/trips/{scene.trip}").text.split("<main")[1]


def test_a_round_trip_is_named_by_its_farthest_stop(town, scene, visitor):
    trip = market.announced(town)
    for path in ("/", f"/trips/{trip}", "/trips"):
        assert "Farm et retour, par " in visitor("farm").get(path).text, path


def test_what_is_not_to_be_seen_is_said_below_its_heading(town, scene, visitor):
    answer = visitor("farm").get(f"/shipments/shp_{'0' * 24}")
    assert answer.status_code == 404
    assert 0 < answer.text.index("<h1>") < answer.text.index('role="alert"')
    assert answer.text.count('role="alert"') == 1


def test_what_was_searched_stands_above_what_is_found_and_opens_to_be_changed(town, scene, visitor):
    wish = CRATES | {"from_site": town.sites["neighbour"], "to_site": town.sites["restaurant"]}
    text = visitor("neighbour").get(f"/search?{urlencode(wish)}").text
    assert text.index("Neighbour → Restaurant") < text.index("Modifier la recherche") < text.index("<h2>")
    assert text.count('action="/search"') == 1


def test_a_pooled_pickup_is_asked_for_in_one_click_followed_and_withdrawn(town, visitor):
    shipment = market.sent(town)
    neighbour, address = visitor("neighbour"), f"/shipments/{shipment}"
    asked = neighbour.press(address, "/pickups/new")
    assert asked.status_code == 303 and asked.headers["location"].startswith(address)
    shown = neighbour.get(address).text
    assert "Enlèvement demandé" in shown and "qui planifie la journée le voit" in shown
    planning = visitor("operator").get("/plan-day?day=2026-09-13").text
    assert "Enlèvements demandés" in planning and address in planning
    (withdraw,) = re.findall(r'action="(/pickups/\w+/withdraw)"', shown)
    assert neighbour.press(address, withdraw).status_code == 303
    assert "Vous l’avez retiré" in neighbour.get(address).text


def test_crates_that_were_only_looked_for_are_asked_for_with_the_others(town, visitor):
    town.clock.at -= 12 * 3600
    for name in ("dairy", "mill"):
        market.sent(town, 5, market.newcomer(town, name))
    hours = {"ready": "06:00", "pickup_by": "11:00", "deliver_from": "06:00", "deliver_by": "12:00"}
    ends = {"from_site": town.sites["neighbour"], "to_site": town.sites["restaurant"]}
    wanted = {"crates": 4, "temperature": "ambient", "day": "2026-09-13", "goods": "Pears"} | hours | ends
    neighbour, search = visitor("neighbour"), f"/search?{urlencode(wanted)}"
    refused = neighbour.press(search, "/pickups/new", pickup_by="05:00")
    assert refused.status_code in (409, 422) and 'value="Pears"' in refused.text, "nothing is typed anew"
    asked = neighbour.press(search, "/pickups/new")
    assert asked.status_code == 303 and asked.headers["location"].startswith("/shipments/shp_")
