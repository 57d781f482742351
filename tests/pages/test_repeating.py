"""Trips that repeat and return, on pages that need no script."""

import re
from datetime import date

from pooling.store import Page
from pooling.store.series import list_series, occurrences_of
from pooling.store.trips import list_trips, return_of
from tests.pages.scenes import repeat

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
    assert first.headers["location"].startswith(f"/series/{series.id}"), "its days are what comes next"
    assert series.rule == "FREQ=WEEKLY;BYDAY=WE,SU" and len(trips) == 16
    assert "Se répète" in farm.client.get(f"/trips/{trips[0].id}").text
    listed = re.findall(r'href="/trips/(trip_\w+)"', farm.client.get("/trips").text)
    days = {trip.id: trip.day for trip in trips}
    assert [days[one] for one in listed] == sorted(days.values())


def test_trips_of_every_day_are_listed_by_their_days_and_what_is_over_by_itself(town, visitor):
    series, farm = repeat(town, "FREQ=DAILY"), visitor("farm")
    trips = seen(town, occurrences_of, series, date(2026, 1, 1), 100)
    days = {trip.id: trip.day for trip in trips}

    def listed(path):
        main = farm.get(path).text.partition("<main")[2]
        return [days[one] for one in re.findall(r'href="/trips/(trip_\w+)"', main)]

    assert listed("/trips") == sorted(days.values())[:20]
    (more,) = re.findall(r'href="(/trips\?after=\w+)"', farm.get("/trips").text)
    assert listed(more) == sorted(days.values())[20:40]
    assert listed("/") == sorted(days.values())[:5]
    assert listed("/trips?over=yes") == []
    town.clock.at += 3 * 86_400
    assert listed("/trips?over=yes") == sorted(days.values())[1::-1]
    assert visitor("operator").get("/?day=2026-10-20").text.count("trip_") > 0, "a far day is not empty"


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


def test_what_may_travel_is_ticked_on_the_form_told_on_the_page_and_kept_when_it_is_changed(town, visitor):
    farm = visitor("farm")
    sent = farm.send(farm.form("/trips/new"), **filled(town, carries_dry="yes", carries_meat="yes"))
    path = sent.headers["location"].split("?")[0]
    told = farm.client.get(path).text
    assert "Ce qui peut voyager" in told and "fruits, légumes, pain\u202f; viande</dd>" in told
    form = farm.client.get(f"{path}/change").text
    ticked = [one for one in form.split("<input") if "carries_" in one and " checked" in one]
    assert len(ticked) == 2
    open_trip = farm.send(farm.form("/trips/new"), **filled(town))
    assert "tout ce que le véhicule peut conserver" in farm.client.get(open_trip.headers["location"]).text


def test_a_trip_that_ends_next_morning_says_its_day_and_is_changed_as_it_was_typed(town, visitor):
    farm, hours = visitor("farm"), {"opens_1": "21:00", "opens_2": "5:00", "closes_2": "6:30"}
    sent = farm.send(farm.form("/trips/new"), **filled(town, **hours, overnight="yes"))
    path = sent.headers["location"].split("?")[0]
    assert "Lundi 14 septembre, 05:00 – 06:30" in farm.client.get(path).text
    form = farm.client.get(f"{path}/change").text
    assert 'name="overnight" value="yes" checked' in form and 'value="05:00"' in form


def test_a_stop_at_which_the_van_stands_is_one_row_of_the_form(town, visitor):
    farm, hours = visitor("farm"), {"closes_2": "8:30", "stands_2": "11:00", "ambient_2": 4}
    last = {"site_3": town.sites["farm"], "opens_3": "11:00", "closes_3": "13:00"}
    sent = farm.send(farm.form("/trips/new"), **filled(town, **hours, **last))
    path = sent.headers["location"].split("?")[0]
    assert "reste sur place jusqu’à 11:00" in visitor("shop").client.get(path).text
    form = farm.client.get(f"{path}/change").text
    assert 'name="rows" value="3"' in form and 'name="stands_2" type="text" value="11:00"' in form
    assert 'name="ambient_2" type="text" value="4"' in form


def test_stops_in_free_order_are_put_in_order_and_only_their_owner_is_told_how(town, visitor):
    farm, hours = visitor("farm"), {"opens_1": "7:00", "closes_1": "12:00", "hour": "0"}
    between = {"site_2": town.sites["neighbour"], "site_3": town.sites["restaurant"], "rows": "4"}
    ends = {f"{end}_{n}": at for n in (2, 3, 4) for end, at in (("opens", "7:00"), ("closes", "12:00"))}
    typed = filled(town, **hours, **ends) | between | {"site_4": town.sites["farm"], "free_order": "yes"}
    sent = farm.send(farm.form("/trips/new"), **typed)
    path = sent.headers["location"].split("?")[0]
    assert "a été trouvé sur la route" in farm.client.get(path).text
    assert "a été trouvé sur la route" not in visitor("shop").client.get(path).text
    assert 'name="free_order" value="yes" checked' in farm.client.get(f"{path}/change").text


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
    from pooling.desk.trips import series as module
    from pooling.market.award import TripImpossible

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
