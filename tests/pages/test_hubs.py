"""A hub on pages: its keeper says what it keeps, whoever finds no ride sees it, and its keeper what waits."""

from html import unescape

from pooling.desk.people.sessions import token_hash
from pooling.store.sessions import open_session
from tests.desk.market import announced, newcomer, sent


def seen(page):
    assert page.status_code == 200, page.text
    return unescape(page.text).replace("\u202f", " ").replace("\xa0", " ")


def signed_in(town, visitor, name, *settles):
    newcomer(town, name, *settles)
    token = token_hash(name)
    town.house.desk.store.change(lambda tx: open_session(tx, town.members[name], token, "test"))
    return visitor(name)


def test_a_hub_is_marked_found_taken_and_its_keeper_reads_what_waits(town, visitor):
    farm = signed_in(town, visitor, "hill", "operator")
    keeper = signed_in(town, visitor, "point", "restaurant", "intermediary")
    site = f"/sites/{town.sites['point']}"
    announced(town, detour_s=150)
    shipment = sent(town, start="hill", end="shop")
    wrong = keeper.press(site, f"{site}/hub", ambient="many", chilled=7)
    assert wrong.status_code == 422 and "ambient-wrong" in wrong.text
    assert 'value="7"' in wrong.text and 'value="many"' in wrong.text, "what was typed stays"
    assert keeper.press(site, f"{site}/hub", ambient=10).status_code == 303
    assert "/hub" not in farm.get(f"/sites/{town.sites['hill']}").text, "no farm keeps a hub"
    path = f"/shipments/{shipment}/alternatives"
    page = seen(farm.get(path))
    assert "Vous l’apportez à un point relais" in page and "Point relais : Point" in page and "1,3 km" in page
    assert farm.press(path, path).status_code == 303
    assert "4 caisses" in seen(keeper.get(site)) and "Hill" in seen(keeper.get(site))
