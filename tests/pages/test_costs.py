"""The page of what delivering oneself costs: for anybody, in both languages."""

from tests.desk.market import announced
from tests.houses import PLACES

ASKED = {"home": "Peille", "deliveries": "Menton=6:250\nBeausoleil=4", "runs": "30"}


def test_a_stranger_reckons_its_cost_without_signing_in(visitor):
    page = visitor().client.get("/cost", params=ASKED)
    assert page.status_code == 200
    assert "Full cost" in page.text and "Of which without labour" in page.text
    assert "Peille" in page.text and "Full cost a year" in page.text
    assert (
        "15.00\u00a0€ per hour" in page.text
        and "cents" not in page.text
        and "La France agricole, article 733135" in page.text
    )
    french = visitor().client.get("/cost", params=ASKED, headers={"accept-language": "fr"})
    assert "Coût complet" in french.text


def test_what_cannot_be_read_is_said_and_nothing_typed_is_lost(visitor):
    page = visitor().client.get("/cost", params=ASKED | {"deliveries": "Menton"})
    assert page.status_code == 422 and "is no delivery" in page.text and ">Menton</textarea>" in page.text
    assert visitor().client.get("/cost", params=ASKED | {"home": "Nowhere at all"}).status_code == 404
    assert visitor().client.get("/cost", params=ASKED | {"runs": "x"}).status_code == 422
    assert visitor().client.get("/cost").status_code == 200
    home = visitor().client.get("/cost", params=ASKED | {"deliveries": "Peille=4"})
    assert home.status_code == 422 and "nothing is driven for it" in home.text


def beside(town):
    (home_lat, home_lon, _), (lat, lon, _) = PLACES["neighbour"], PLACES["restaurant"]
    announced(town)
    return {"home": f"{home_lat}, {home_lon}", "deliveries": f"{lat}, {lon}=4"}


def test_real_offers_stand_beside_the_cost_and_a_stranger_is_told_no_names(town, visitor):
    asked = beside(town)
    stranger = visitor().client.get("/cost", params=asked).text
    assert "Real offers beside it" in stranger and " a crate<" in stranger
    assert ">Farm<" not in stranger and "/trips/" not in stranger
    member = visitor("neighbour").client.get("/cost", params=asked).text
    assert ": Farm</strong>" in member and "/trips/" in member
    assert "Aucun trouvé." in visitor("neighbour").client.get("/cost", params=ASKED).text


def test_a_van_of_ones_own_is_set_against_the_price_of_a_crate(visitor):
    page = visitor().client.get("/cost", params=ASKED | {"crate_price": "12,50"}).text
    assert "A van of your own, or shared tours" in page and "125.00" in page and "3,300.00" in page
    spared = "sharing spares nothing"
    assert spared in page
    assert spared not in visitor().client.get("/cost", params=ASKED | {"crate_price": "0,10"}).text
    unread = visitor().client.get("/cost", params=ASKED | {"crate_price": "much"})
    assert unread.status_code == 422


def test_hours_are_kept_and_told(visitor):
    page = visitor().client.get("/cost", params=ASKED | {"deliveries": "Menton=6@8-9"}).text
    assert "Menton at 08:" in page or "Menton at 09:00" in page
