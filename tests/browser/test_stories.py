"""The four audiences in a true browser, on a phone and on a desktop."""

import re

import pytest

from pooling.store.bids import find_bid
from pooling.store.manifests import find_manifest
from pooling.store.members import member_of_email
from pooling.store.shipments import find_shipment
from tests.browser.conftest import SIZES
from tests.pages.scenes import EVENING, send

pytestmark = pytest.mark.xdist_group("browser")
"""One worker has the browser."""

both = pytest.mark.parametrize("size", ["phone", pytest.param("desktop", marks=pytest.mark.slow)])
"""Every page is measured at each size; its stories are played on a desktop by ``make test-all``."""

LOOKED_AT = {
    "farm": (
        "/",
        "/search",
        "/trips",
        "/trips/new",
        "/trips/{trip}",
        "/series/{series}",
        "/bids",
        "/bids/{bid}",
        "/communities",
        "/sites/new",
        "/sites/new?q=rte de la moyenne corniche",
        "/me",
    ),
    "neighbour": (
        "/",
        "/shipments",
        "/shipments/{shipment}",
        "/search?shipment={shipment}",
        "/trips/{trip}/reserve",
        "/reservations/{room}",
        "/bundles/new",
        "/tours/{tour}",
        "/money",
    ),
    "restaurant": ("/", "/orders", "/orders/new", "/orders/{order}", "/tours"),
    "driver": ("/", "/manifests", "/manifests/{manifest}"),
    "operator": (
        "/?day=2026-09-12",
        "/clear-day?day=2026-09-12",
        "/plan-day?day=2026-09-12",
        "/day-plans/{day_plan}",
        "/demand",
        "/seeding",
        "/tour-drafts/{draft}",
        "/tours/new",
        "/tours/{tour}",
        "/parties",
        "/party",
        "/money/statement",
    ),
    "": ("/sign-in", "/sign-up"),
}

BLANK = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 300"/>'

TOO_SMALL = """() => [...document.querySelectorAll('a, button, summary, input, select, textarea')]
    .filter(e => e.checkVisibility() && e.type !== 'hidden' && !e.matches('.skip, .tick input'))
    .filter(e => { const box = e.getBoundingClientRect(); return box.width && box.height < 43.5; })
    .map(e => e.outerHTML.slice(0, 90))"""

WITHOUT_LABEL = """() => [...document.querySelectorAll('input, select, textarea')]
    .filter(e => e.type !== 'hidden' && e.type !== 'image' && !e.labels.length)
    .map(e => e.outerHTML.slice(0, 90))"""


def faults_of(page):
    """Measure a page at each size; returns what does not fit or has no label."""
    for size in SIZES.values():
        page.set_viewport_size(size)
        wide = page.evaluate("document.documentElement.scrollWidth")
        yield from page.evaluate(TOO_SMALL) + page.evaluate(WITHOUT_LABEL)
        if wide > size["width"]:
            yield f"{wide} wide"


def test_every_page_fits_its_screen_and_every_target_a_thumb(still, chromium):
    complaints = []
    for name, paths in LOOKED_AT.items():
        page = still.open(chromium, name)
        page.on(
            "console",
            lambda told, heard=complaints: heard.append(told.text) if told.type == "error" else None,
        )
        page.route(
            re.compile(r"\.svg"), lambda route: route.fulfill(body=BLANK, content_type="image/svg+xml")
        )
        for path in paths:
            page.goto(path.format(**still.ids), wait_until="domcontentloaded")
            complaints += [(path, fault) for fault in faults_of(page)]
        page.context.close()
    assert [one for one in complaints if "401" not in str(one)] == []


def test_a_stranger_signs_up_by_the_mailed_link_without_any_script(place, chromium):
    page = place.open(chromium, scripts=False)
    page.goto("/sign-up")
    page.get_by_label("Votre adresse mail").fill("ana@example.org")
    page.get_by_label("Votre nom").fill("Ana")
    page.get_by_label("Votre ferme, commerce").fill("Le Rucher")
    page.get_by_label("Vous êtes").select_option("producer")
    page.get_by_role("button", name="Recevoir un lien").click()
    page.get_by_role("heading", name="Regardez vos mails").wait_for()
    page.goto(re.search(r"/sign-in/[\w-]+", place.box.next().body)[0])
    page.get_by_role("button", name="Se connecter").click()
    page.get_by_role("heading", name="Bonjour Ana").wait_for()
    with place.town.house.desk.store.view() as view:
        assert member_of_email(view, "ana@example.org").name == "Ana"
    page.context.close()


def test_a_producer_puts_its_site_on_the_map_by_a_click_without_any_script(place, chromium):
    page = place.open(chromium, "farm", scripts=False)
    page.goto("/sites/new")
    page.get_by_label("Chercher une adresse").fill("rte de la moyenne corniche")
    page.get_by_role("button", name="Chercher").click()
    page.get_by_role("radio", name="Route de la Moyenne Corniche, 06320 Cap-d'Ail").check()
    page.get_by_role("button", name="Prendre ce lieu").click()
    page.locator("input[type=image]").click(position={"x": 200, "y": 120})
    page.get_by_label("Comment on l’appelle").fill("La cour")
    page.get_by_role("button", name="Enregistrer").click()
    page.get_by_text("Votre lieu est enregistré.").wait_for()
    page.context.close()


@both
def test_a_producer_names_the_goods_of_its_room_without_any_script(place, chromium, size):
    page = place.open(chromium, "neighbour", size, scripts=False)
    page.goto(f"/reservations/{place.ids['room']}")
    page.get_by_label("Caisses").fill("3")
    page.get_by_label("Poids").fill("24")
    page.get_by_role("button", name="Voici les marchandises").click()
    page.get_by_text("les marchandises partent à la place").wait_for()
    with place.town.house.desk.store.view() as view:
        row = find_bid(view, place.ids["room"])
        assert row.named_at and find_shipment(view, row.shipment_id).crates == 3
    page.context.close()


@both
def test_two_shipments_are_bid_for_all_or_none_without_any_script(place, chromium, size):
    place.town.clock.at = EVENING
    for to in ("restaurant", "shop"):
        send(place.town, "neighbour", to=to, crates=2)
    page = place.open(chromium, "neighbour", size, scripts=False)
    page.goto("/shipments")
    for box in page.get_by_role("checkbox").all()[:2]:
        box.check()
    page.get_by_role("button", name="Tous sur un trajet, ou aucun").click()
    page.get_by_role("heading", name="Tous sur un même trajet, ou aucun").wait_for()
    page.context.close()


@both
def test_a_producer_is_asked_and_accepts(place, chromium, size):
    page = place.open(chromium, "farm", size)
    page.goto("/")
    page.get_by_role("link", name="Enchère de 7,00").click()
    page.get_by_role("button", name="Accepter", exact=True).click()
    page.get_by_text("Accepté : les caisses partent avec ce trajet.").wait_for()
    with place.town.house.desk.store.view() as view:
        assert find_bid(view, place.ids["bid"]).state == "accepted"
    page.context.close()


@both
def test_a_buyer_orders_and_sees_when_it_comes(place, chromium, size):
    page = place.open(chromium, "restaurant", size)
    page.goto("/")
    page.get_by_role("main").get_by_role("link", name="Commander à un producteur").click()
    page.get_by_label("Producteur", exact=True).select_option(label="Farm")
    page.get_by_label("Quoi").fill("figues")
    page.get_by_label("Combien").fill("12")
    page.get_by_label("Prix en €").fill("48,50")
    page.get_by_label("Jour").fill("2026-09-12")
    page.get_by_role("button", name="Commander").click()
    page.get_by_text("Votre commande est chez le producteur.").wait_for()
    assert "48,50 €" in page.locator("main").inner_text().replace("\xa0", " ")
    page.context.close()


def test_a_driver_does_the_whole_run_with_one_thumb_and_no_script(place, chromium):
    page = place.open(chromium, "driver", scripts=False)
    page.goto("/")
    page.get_by_role("link", name="Ouvrir la feuille de route").click()
    page.get_by_role("button", name="Partir").click()
    for _ in range(3):  # the first crates are on board already
        page.locator(".next").get_by_role("button", name=re.compile("^(Pris|Remis)")).first.click()
    page.get_by_role("button", name="Terminer la course").click()
    page.get_by_text("La tournée est terminée.").wait_for()
    with place.town.house.desk.store.view() as view:
        assert find_manifest(view, place.ids["manifest"]).state == "done"
    page.context.close()


@both
def test_an_operator_sees_the_day_on_the_map_and_plans_a_tour(place, chromium, size):
    page = place.open(chromium, "operator", size)
    page.goto("/?day=2026-09-12")
    drawn = page.locator("figure img")
    drawn.evaluate("image => image.decode()")
    assert drawn.evaluate("image => image.naturalWidth") > 100
    page.goto(f"/tours/{place.ids['tour']}")
    page.get_by_role("button", name="Planifier maintenant").click()
    page.get_by_text("Le plan est en préparation.").wait_for()
    page.context.close()


def test_a_page_is_read_again_when_something_happens(place, chromium):
    page = place.open(chromium, "neighbour")
    with page.expect_response(re.compile("/api/v1/events")):
        page.goto(f"/bids/{place.ids['bid']}")
    other = place.open(chromium, "farm")
    other.goto(f"/bids/{place.ids['bid']}")
    other.get_by_role("button", name="Accepter", exact=True).click()
    page.get_by_text("acceptée").wait_for()
    page.context.close()
    other.context.close()


def test_keys_alone_reach_the_content_and_the_menu(still, chromium):
    page = still.open(chromium, "farm")
    page.goto("/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.locator("summary", has_text="Menu").focus()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Mes lieux").first.wait_for()
    page.goto("/trips/new")
    page.get_by_label("Chauffeur").press("Enter")
    assert page.evaluate("document.activeElement.id") == "site_1", (
        "Enter announces: the first stop is missing"
    )
    page.goto(f"/bids/{still.ids['bid']}")
    page.locator("summary", has_text="Demander un autre montant").press("Enter")
    page.get_by_label("Montant en €").fill("much")
    page.get_by_label("Montant en €").press("Enter")
    page.locator("#refused").wait_for()
    assert page.evaluate("document.activeElement.id") == "refused", "the keyboard goes on from what is said"
    page.context.close()
