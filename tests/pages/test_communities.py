"""Communities on pages that need no script: a link on a telephone, the rota, the trip by one click."""

from datetime import date

from pooling.recurrence import moment_on
from pooling.store import Page
from pooling.store.bids import bids_for
from pooling.store.communities import belongs, list_communities
from pooling.store.trips import find_trip, list_trips
from tests.desk.circle import SATURDAY, closed_circle, come_in
from tests.desk.competitor import settled
from tests.desk.test_duty_trips import trips, waiting

EVE = moment_on(date(2026, 9, 24), 12 * 3600, "Europe/Paris")


def seen(town, read, *args):
    with town.house.desk.store.view() as view:
        return read(view, *args)


def link_on(text):
    """Return the path of the link that a page shows."""
    return "/join/" + text.partition("/join/")[2].partition("<")[0]


def test_a_community_is_founded_and_joined_by_a_link(town, visitor):
    farm, neighbour, nobody = visitor("farm"), visitor("neighbour"), visitor("")
    founded = farm.send(farm.form("/communities"), name="La Vallée", rules="Caisses lavées.\nÀ l’heure.")
    path = founded.headers["location"].partition("?")[0]
    assert neighbour.client.get(path).status_code == 404
    made = farm.send(farm.form(path, f"{path}/invite"), note="Marché")
    link = link_on(made.text)
    landing = nobody.client.get(link)
    assert landing.status_code == 200 and "Caisses lavées." in landing.text
    assert f"back={link}" in landing.text.replace("%2F", "/")
    joined = neighbour.send(neighbour.form(link, link))
    assert joined.headers["location"].partition("?")[0] == path
    assert "Farm" in neighbour.client.get(path).text
    assert visitor("shop").client.get(link).status_code == 409
    (row,), _ = seen(town, list_communities, [town.parties["neighbour"]], Page())
    neighbour.press(path, f"{path}/parties/{town.parties['neighbour']}/leave")
    assert seen(town, belongs, row.id, town.parties["neighbour"]) is None
    assert neighbour.client.get(path).status_code == 404


def test_a_trip_is_posted_for_members_on_the_form_of_every_trip(town, visitor):
    circle = closed_circle(town).ids
    farm = visitor("farm")
    ends = {"site_1": town.sites["farm"], "site_2": town.sites["restaurant"], "detour": "40"}
    hours = {"day": "2026-09-13", "opens_1": "7:00", "ambient_1": 8, "opens_2": "8h", "closes_2": "10h"}
    made = farm.send(farm.form("/trips/new"), **ends, **hours, community=circle["community_id"])
    path = made.headers["location"].partition("?")[0]
    assert seen(town, find_trip, path.rpartition("/")[2]).community_id == circle["community_id"]
    assert "Paniers fermés" in farm.client.get(path).text
    assert visitor("neighbour").client.get(path).status_code == 200
    assert [visitor(name).client.get(path).status_code for name in ("restaurant", "operator")] == [404, 404]


def test_whoever_is_on_duty_posts_its_trip_by_one_click(town, visitor):
    circle = closed_circle(town).ids
    town.clock.at = EVE
    farm, path = visitor("farm"), f"/shops/{circle['shop_id']}"
    shown = farm.client.get(path).text
    assert "Vous êtes de permanence" in shown and "Neighbour" in shown
    assert seen(town, list_trips, [town.parties["farm"]], Page())[0] == []
    farm.press(path, f"{path}/post")
    (row,), _ = seen(town, list_trips, [town.parties["farm"]], Page())
    assert (row.day, row.community_id) == (SATURDAY, circle["community_id"])
    assert "Votre trajet est annoncé." in farm.client.get(path).text


def test_a_neighbour_bids_for_its_waiting_crates_on_the_page_of_the_shop_by_one_click(town, visitor):
    circle = closed_circle(town).ids
    town.clock.at = EVE
    settled(town, "near", "producer", "farm")
    come_in(town, circle["community_id"], "near")
    shipment, path = waiting(town, "near", 1), f"/shops/{circle['shop_id']}"
    near = visitor("near")
    heading = "Vos caisses pour le magasin"
    assert heading not in near.client.get(path).text, "nothing is offered before the trip is posted"
    visitor("farm").press(path, f"{path}/post")
    assert heading in near.client.get(path).text
    assert heading not in visitor("neighbour").client.get(path).text, "to nobody else"
    near.press(path, f"/shipments/{shipment}/alternatives")
    (bid,) = seen(town, bids_for, shipment)
    assert bid.trip_id == trips(town)[0].id


def test_a_turn_is_taken_and_a_swap_agreed_on_the_page_of_the_shop(town, visitor):
    circle = closed_circle(town).ids
    path = f"/shops/{circle['shop_id']}"
    neighbour = visitor("neighbour")
    neighbour.press(path, f"{path}/swaps/{circle['swap_id']}/agree")
    assert "échangé" in neighbour.client.get(path).text
    taken = neighbour.send(
        neighbour.form(path, f"{path}/turns"), on_WE="yes", weeks="2", from_site=town.sites["neighbour"]
    )
    assert taken.status_code == 303 and "une semaine sur deux" in neighbour.client.get(path).text
