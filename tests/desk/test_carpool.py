"""Trips in the shape of the carpool standard: out with public facts alone, in as announced trips."""

import json

import pytest

from geodata.place import Place, crow_distance_m
from pooling.store import Page
from pooling.store.sites import list_sites
from tests.desk.market import HOUR, TOMORROW, accepted, announced, bidden, sent
from tests.houses import PLACES

ENDS = ("farm", "restaurant")
PATH = "/api/v1/carpool/driver_journeys"
REQUIRED = {
    "duration",
    "passengerPickupLat",
    "passengerPickupLng",
    "passengerDropLat",
    "passengerDropLng",
    "driver",
    "passengerPickupDate",
    "type",
    "webUrl",
}
"""What the standard requires of a DriverJourney."""


def asked(client, town, start="farm", end="restaurant", who="shop", **other):
    (lat, lon, _), (to_lat, to_lon, _) = PLACES[start], PLACES[end]
    query = {
        "departureLat": lat,
        "departureLng": lon,
        "arrivalLat": to_lat,
        "arrivalLng": to_lon,
        "departureDate": TOMORROW,
        "timeDelta": 4 * HOUR,
        "departureRadius": 0.2,
        "arrivalRadius": 0.2,
    } | other
    answer = client.get(PATH, params=query, headers=town.headers(who))
    assert answer.status_code == 200
    return answer.json()


def test_an_open_trip_is_found_by_part_of_its_way_in_the_words_of_the_standard(town, client):
    trip = announced(town)
    (journey,) = asked(client, town)
    assert set(journey) >= REQUIRED
    assert (journey["id"], journey["type"], journey["price"]["type"]) == (trip, "PLANNED", "UNKNOWN")
    assert {"id", "alias", "operator"} == set(journey["driver"])
    assert journey["passengerPickupDate"] >= TOMORROW and journey["duration"] > 0
    assert (journey["passengerPickupLat"], journey["passengerPickupLng"]) == PLACES["farm"][:2]
    assert journey["webUrl"].endswith(f"/trips/{trip}")
    (onward,) = asked(client, town, "restaurant", "shop")
    (whole,) = asked(client, town, "farm", "shop")
    assert (onward["id"], whole["distance"]) == (trip, journey["distance"] + onward["distance"])
    assert journey["distance"] > crow_distance_m(
        *(Place(lat=PLACES[one][0], lon=PLACES[one][1]) for one in ENDS)
    )


@pytest.mark.parametrize(
    "other",
    [
        {"departureDate": TOMORROW + 12 * HOUR, "timeDelta": 900},
        {"departureLat": 44.0},
        {"arrivalLng": 8.0},
    ],
)
def test_another_hour_or_place_finds_nothing(town, client, other):
    announced(town)
    assert asked(client, town, **other) == []


def test_a_trip_is_not_found_against_its_order_or_once_it_takes_no_guests(town, client):
    announced(town, cutoff_at=TOMORROW - HOUR)
    assert asked(client, town, "shop", "restaurant") == []
    assert len(asked(client, town)) == 1
    town.clock.at = TOMORROW - HOUR
    assert asked(client, town) == []


def test_only_what_is_public_about_a_trip_leaves(town, client):
    trip = announced(town)
    before = asked(client, town)
    shipment = sent(town)
    bid = accepted(town, bidden(town, trip, shipment))
    after = asked(client, town)
    text = json.dumps(after)
    assert not [one for one in (bid, shipment, "Neighbour", "Ange", town.parties["neighbour"]) if one in text]
    for one in (*before, *after):
        one.pop("availableCrates")
    assert before == after


def wish(town, **other):
    return {
        "owner": town.parties["farm"],
        "regime": "cotransport_agricole",
        "ambient": 12,
        "driverAlias": "Ange",
        "driverDepartureLat": PLACES["farm"][0] + 0.0005,
        "driverDepartureLng": PLACES["farm"][1],
        "driverArrivalLat": PLACES["restaurant"][0],
        "driverArrivalLng": PLACES["restaurant"][1],
        "driverArrivalAddress": "Le Port",
        "driverDepartureDate": TOMORROW,
        "duration": 3600,
    } | other


def test_a_journey_becomes_a_trip_of_the_party_between_known_and_new_sites(town, client):
    headers = town.headers("farm", key="j")
    first, again = (client.post(PATH, json=wish(town), headers=headers) for _ in range(2))
    assert first.status_code == 201 and first.json()["id"] == again.json()["id"]
    stops = first.json()["stops"]
    assert stops[0]["site"] == town.sites["farm"] and stops[1]["name"] == "Le Port"
    with town.house.desk.store.view() as view:
        assert len(list_sites(view, [town.parties["farm"]], Page())[0]) == 2
    assert first.json()["id"] in [one["id"] for one in asked(client, town)]


def test_a_journey_goes_out_as_it_came_in(town, client):
    client.post(PATH, json=wish(town), headers=town.headers("farm"))
    (journey,) = asked(client, town)
    assert journey["driverDepartureDate"] == TOMORROW and journey["availableCrates"]["ambient"] == 12
    assert journey["distance"] > 0


def test_nobody_announces_for_another_party(town, client):
    assert client.post(PATH, json=wish(town), headers=town.headers("shop")).status_code == 403
    assert client.post(PATH, json=wish(town, type="DYNAMIC"), headers=town.headers("farm")).status_code == 422
