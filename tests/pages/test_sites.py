"""Sites on pages: searched, pointed at, entered once, kept as typed when refused."""

import re
from html import unescape

from pooling.store.rows import Page
from pooling.store.sites import list_sites

FILLED = {"name": "Yard", "lat": "43,7431", "lon": "7.3652", "opens": "6h30", "closes": "20:00"}


def names(town):
    with town.house.desk.store.view() as view:
        return [row.name for row in list_sites(view, [town.parties["farm"]], Page())[0]]


def test_a_double_click_enters_a_site_once(town, visitor):
    farm = visitor("farm")
    form = farm.form("/sites/new")
    first, second = (farm.send(form, **FILLED) for _ in range(2))
    assert (first.status_code, first.headers["location"]) == (303, "/sites?said=site_entered")
    assert second.headers["location"] == first.headers["location"]
    assert names(town).count("Yard") == 1


def test_what_was_typed_is_kept_where_it_cannot_be_read(visitor):
    refused = visitor("farm").press("/sites/new", **(FILLED | {"lat": "north", "name": "Le Mas"}))
    assert refused.status_code == 422
    assert 'value="Le Mas"' in refused.text and 'value="north"' in refused.text


def test_a_name_is_held_to_the_same_rule_on_a_page(town, visitor):
    farm = visitor("farm")
    for name, said in (("<b>Yard</b>", "ne peuvent être montrés"), ("...", "besoin d’une lettre")):
        refused = farm.press("/sites/new", **(FILLED | {"name": name}))
        assert refused.status_code == 422 and said in refused.text
    farm.press("/sites/new", **(FILLED | {"name": "Yard\u202e\t\u200bNº\u00a05"}))
    assert "Yard Nº 5" in names(town)


def test_hours_by_weekday_are_entered_shown_and_said_in_words(town, visitor):
    farm = visitor("farm")
    hours = {
        "day_1": "8h-12h 14:00-18:00",
        "day_2": "8-12, 14-18",
        "dates": "25/12/2026\n2026-12-24 08:00-12:00",
    }
    assert farm.press("/sites/new", **(FILLED | hours)).status_code == 303
    with town.house.desk.store.view() as view:
        (row,) = [one for one in list_sites(view, [town.parties["farm"]], Page())[0] if one.name == "Yard"]
    assert row.week == "Tu-We 08:00-12:00,14:00-18:00; 2026 Dec 24 08:00-12:00; 2026 Dec 25 off"
    form = farm.form(f"/sites/{row.id}")
    assert (form.fields["day_1"], form.fields["day_0"]) == ("08:00-12:00 14:00-18:00", "")
    assert form.fields["dates"] == "24/12/2026 08:00-12:00\n25/12/2026"
    assert "mar.–mer. 08:00-12:00, 14:00-18:00" in farm.get("/sites").text
    emptied = dict.fromkeys((*(f"day_{at}" for at in range(7)), "dates"), "")
    assert farm.press(f"/sites/{row.id}", **emptied).status_code == 303
    assert "mar.–mer." not in farm.get("/sites").text
    wrong = farm.press("/sites/new", **(FILLED | {"day_3": "matin"}))
    assert wrong.status_code == 422 and "Des horaires, par exemple" in wrong.text


def test_a_refusal_is_said_with_what_to_do_about_it(visitor):
    refused = visitor("farm").press("/sites/new", **(FILLED | {"closes": "05:00"}))
    assert refused.status_code == 409
    assert "Les heures finissent avant de commencer" in refused.text


def test_a_certain_address_is_filled_in_with_its_pin(visitor):
    farm = visitor("farm")
    form = farm.form("/sites/new?q=avenue de la Costa, Monaco")
    assert form.fields["name"] == "Avenue de la Costa"
    assert abs(float(form.fields["lat"]) - 43.738) < 0.002
    assert "Regardez le repère" in farm.get("/sites/new?q=eze").text


def test_a_name_that_was_typed_stays_when_an_address_is_found(visitor):
    assert visitor("farm").form("/sites/new?q=eze&name=Yard").fields["name"] == "Yard"


def test_a_doubtful_address_is_listed_and_fills_in_nothing_before_somebody_picked(visitor):
    farm = visitor("farm")
    path = "/sites/new?q=rte de la moyenne corniche"
    page = farm.get(path).text
    assert page.count('type="radio"') >= 2 and "Aucun n’est certain" in page
    assert "La rue est longue" in page
    assert farm.form(path).fields["lat"] == ""
    place = re.search(r'name="place" value="([^"]+)"', page)
    form = farm.form(f"/sites/new?place={unescape(place[1])}")
    assert form.fields["lat"].startswith("43.7") and form.fields["name"] == "Route de la Moyenne Corniche"
    assert farm.send(form, opens="06:00", closes="20:00").headers["location"] == "/sites?said=site_entered"


def test_an_unknown_address_is_said_and_the_map_stays(visitor):
    page = visitor("farm").get("/sites/new?q=xqzzk wvv").text
    assert "Aucun lieu n’est connu sous cette adresse" in page and 'type="image"' in page


def test_a_link_of_a_map_is_a_pin(visitor):
    link = "https://www.openstreetmap.org/%23map=17/43.7431/7.3652"
    form = visitor("farm").form(f"/sites/new?q={link}")
    assert (form.fields["lat"], form.fields["lon"]) == ("43.743100", "7.365200")


def test_what_nobody_offered_cannot_be_picked(visitor):
    for strange in ("north,east,x", "43.7", "1e9,1,x", "<b>,1,x", "99999,7,x"):
        assert visitor("farm").form("/sites/new?place=" + strange).fields["lat"] == ""


def test_a_site_that_is_there_may_be_found_anew(town, visitor):
    path = f"/sites/{town.sites['farm']}"
    assert visitor("farm").form(f"{path}?q=43.75, 7.37", action=path).fields["lat"] == "43.750000"


def test_a_click_on_the_map_is_a_place(visitor):
    asked = "/sites/new?at_lat=43.74&at_lon=7.37&wide=1000&name=Yard&pin.x=160&pin.y=160"
    form = visitor("farm").form(asked)
    assert abs(float(form.fields["lat"]) - 43.74) < 0.0001
    assert abs(float(form.fields["lon"]) - 7.37) < 0.0001


def test_the_map_is_a_picture(visitor):
    drawn = visitor("farm").get("/pin.svg?lat=43.74&lon=7.37&wide=3000")
    assert drawn.headers["content-type"] == "image/svg+xml" and "<path" in drawn.text


def test_a_change_on_an_older_form_is_refused(town, visitor):
    farm, path = visitor("farm"), f"/sites/{town.sites['farm']}"
    old = farm.form(path)
    assert farm.press(path, **FILLED).status_code == 303
    lost = farm.send(old, **(FILLED | {"name": "Lost"}))
    assert lost.status_code == 409 and town.sites["farm"] in lost.text


def test_a_stranger_finds_no_such_site(town, visitor):
    assert visitor("shop").get(f"/sites/{town.sites['farm']}").status_code == 404


def test_a_site_far_from_any_road_is_taken_and_warned_of(visitor):
    farm = visitor("farm")
    farm.press("/sites/new", **FILLED)
    assert "de la route la plus proche" not in farm.get("/sites").text
    assert (
        farm.press("/sites/new", **(FILLED | {"name": "Sea", "lat": "43.70", "lon": "7.45"})).status_code
        == 303
    )
    assert "de la route la plus proche" in farm.get("/sites").text


def test_a_site_named_like_its_party_is_named_once(visitor):
    assert "Shop · Shop" not in visitor("farm").get("/search").text
