"""A van of several owners on pages, in French: asked, taken, used, paid for and agreed to."""

from datetime import UTC, datetime
from html import unescape


def told(page):
    assert page.status_code == 200, page.text
    return unescape(page.text).replace("\u202f", " ").replace("\xa0", " ")


def test_two_farms_share_a_van_and_one_agrees_to_its_share_of_the_month(town, visitor):
    farm, neighbour = visitor("farm"), visitor("neighbour")
    made = farm.press("/money/tools", name="Le fourgon", kind="van", plate="AB-123-CD", capacity=60, parts=2)
    page = made.headers["location"].partition("?")[0]
    assert farm.press(page, f"{page}/parts", site=town.sites["neighbour"], parts=1).status_code == 303
    assert "Vous êtes invité" in told(neighbour.get(page))
    assert neighbour.press(page, f"{page}/taking").status_code == 303
    assert farm.press(page, f"{page}/uses", way_km=100, empty_km=40, used_km=10).status_code == 303
    neighbour.press(page, f"{page}/uses", way_km=300)
    farm.press(page, f"{page}/costs", amount="90", by="parts", cost_what="Assurance")
    neighbour.press(page, f"{page}/costs", amount="60,00", by="use", cost_what="Gazole")
    wrong = farm.press(page, f"{page}/uses", way_km=10, empty_km=11)
    assert wrong.status_code == 422 and "empty_km-wrong" in wrong.text
    text = told(farm.get(page))
    assert "1 jour / 30" in text and "40,0 km" in text and "10,0 km (25 %)" in text and "−15,00 €" in text
    own = told(neighbour.get(page))
    assert "75,00 €" in own and "les autres ensemble" in own and "Assurance" in own
    assert f"{page}/agreement" not in own, "the month still runs"
    town.clock.at = int(datetime(2026, 10, 2, 9, tzinfo=UTC).timestamp())
    month = f"{page}?month=2026-09"
    assert neighbour.press(month, f"{page}/agreement?month=2026-09").status_code == 303
    assert "n’y change plus" in told(farm.get(month)) and "Septembre 2026" in told(farm.get(month))
    csv = told(neighbour.get(f"{page}/month.csv?month=2026-09"))
    assert csv.startswith("ligne,jour,qui") and "à payer" in csv and "15.00" in csv
    assert "matériel partagé : Le fourgon, 2026-09" in told(neighbour.get("/money/statement?month=2026-10"))
    assert visitor("shop").get(page).status_code == 404
