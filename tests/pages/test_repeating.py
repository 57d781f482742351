"""Trips that repeat and return, on pages that need no script."""

import re
from datetime import date

from pooling.store import Page
from pooling.store.series import list_series, occurrences_of
from pooling.store.trips import list_trips, return_of

FILLED = {"day": "2026-09-13", "opens_1": "7:00", "ambient_1": 8, "opens_2": "8h", "closes_2": "10h"}


def seen(town, read, *args):
    with town.house.desk.store.view() as view:
        return read(view, *args)


def filled(town, **other):
    ends = {"site_1": town.sites["farm"], "site_2": town.sites["restaurant"], "detour": "40"}
    return FILLED | ends | other


def series_of(town):
    (series,), _ = seen(town, list_series, [town.parties["farm"]], Page())
    return series, seen(town, occurrences_of, series.id, date(2026, 1, 1), 100)


def test_a_trip_that_repeats_is_announced_by_the_same_form(town, visitor):
    farm = visitor("farm")
    form = farm.form("/trips/new")
    first, again = (
        farm.send(form, **filled(town, repeats="WEEKLY", on_SU="yes", on_WE="yes")) for _ in range(2)
    )
    assert first.status_code == 303 and first.headers["location"] == again.headers["location"]
    series, trips = series_of(town)
    assert series.rule == "FREQ=WEEKLY;BYDAY=WE,SU" and len(trips) == 16
    assert "Se répète" in farm.client.get(f"/trips/{trips[0].id}").text
    listed = re.findall(r'href="/trips/(trip_\w+)"', farm.client.get("/trips").text)
    days = {trip.id: trip.day for trip in trips}
    assert [days[one] for one in listed] == sorted(days.values())


def test_only_this_or_this_and_all_that_follow(town, visitor):
    farm = visitor("farm")
    farm.send(farm.form("/trips/new"), **filled(town, repeats="WEEKLY"))
    _, trips = series_of(town)
    change = f"/trips/{trips[1].id}/change"
    farm.send(farm.form(change), driver="Rosa", scope="one")
    farm.send(farm.form(f"/trips/{trips[2].id}/change"), driver="Luc", scope="following")
    rows, _ = seen(town, list_trips, [town.parties["farm"]], Page(limit=100))
    drivers = [row.driver for row in sorted(rows, key=lambda row: row.day)]
    assert drivers[:3] == [drivers[0], "Rosa", "Luc"] and set(drivers[2:]) == {"Luc"}
    farm.press(f"/trips/{trips[4].id}", f"/trips/{trips[4].id}/cancel-following")
    rows, _ = seen(town, list_trips, [town.parties["farm"]], Page(limit=100))
    states = [row.state for row in sorted(rows, key=lambda row: row.day)]
    assert states[:5] == ["open"] * 4 + ["cancelled"] and set(states[4:]) == {"cancelled"}


def test_a_day_that_never_comes_is_said_beside_the_field(town, visitor):
    farm = visitor("farm")
    refused = farm.send(farm.form("/trips/new"), **filled(town, repeats="DAILY", until="2026-09-01"))
    assert refused.status_code == 409 and "La règle finit le 1 septembre 2026" in refused.text
    assert 'id="repeats-wrong"' in refused.text


def test_the_way_back_is_offered_by_one_field(town, visitor):
    farm = visitor("farm")
    sent = farm.send(farm.form("/trips/new"), **filled(town, returns_by="13:00", ambient_back=20))
    trip_id = sent.headers["location"].split("?")[0].rsplit("/", 1)[1]
    back = seen(town, return_of, trip_id)
    assert f"/trips/{back.id}" in farm.client.get(f"/trips/{trip_id}").text
    assert visitor("neighbour").client.get(f"/trips/{back.id}").status_code == 200


def test_pallets_are_counted_as_crates_on_the_form(town, visitor):
    farm = visitor("farm")
    sent = farm.send(farm.form("/trips/new"), **filled(town, pallets_1=2))
    assert "72" in farm.client.get(sent.headers["location"]).text


def test_a_calendar_link_is_made_shown_once_and_revoked(town, visitor):
    farm = visitor("farm")
    made = farm.press("/me", "/me/calendar")
    assert "/api/v1/calendar/" in made.text and "Copiez-le maintenant" in made.text
    again = farm.client.get("/me").text
    assert "/api/v1/calendar/" not in again and "/revoke" in again
    path = again.partition('action="/me/calendar/')[2].partition('"')[0]
    assert farm.press("/me", f"/me/calendar/{path}").status_code == 303
    assert "/revoke" not in farm.client.get("/me").text


def test_a_day_that_could_not_be_made_is_shown_to_its_owner_alone_with_the_reason(town, visitor, monkeypatch):
    from pooling.award import TripImpossible
    from pooling.desk.trips import series as module

    farm = visitor("farm")
    farm.send(farm.form("/trips/new"), **filled(town, repeats="WEEKLY"))
    _, trips = series_of(town)
    town.clock.forward(7 * 86_400)

    def impossible(*_):
        raise TripImpossible(trip=trips[2].id)

    monkeypatch.setattr(module, "prove_trip", impossible)
    module.make_due(town.house.desk)
    shown = farm.client.get(f"/trips/{trips[2].id}").text
    assert "Jours que ce trajet laisse de côté" in shown and "ses propres heures" in shown
    assert "laisse de côté" not in visitor("neighbour").client.get(f"/trips/{trips[2].id}").text
