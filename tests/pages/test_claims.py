"""Claims on plain pages: a value declared, terms accepted with a bid, crates claimed, answered, decided."""

from pooling.claims.cover import COVER_VERSION
from pooling.store.claims import find_claim
from pooling.store.shipments import find_shipment
from tests.desk import market
from tests.desk.claiming import DECLARED, Ride
from tests.pages.test_custody import PICTURE, send

AMOUNT = "40,00"


def claimed(town, visitor, who="neighbour", **seen):
    """Deliver crates of which two are damaged, and claim by the form; returns the ride and the claim."""
    ride = Ride(town).delivered(**({"damaged": 2, "condition": "damaged"} | seen))
    path = f"/shipments/{ride.shipment}/claim"
    sent = send(visitor(who), path, path, PICTURE, kind="damaged", crates="2", note="Crushed")
    assert sent.status_code == 303, sent.text
    return ride, sent.headers["location"].partition("?")[0]


def test_a_bid_for_declared_crates_accepts_the_terms_that_stand_beside_it(town, visitor):
    neighbour, trip = visitor("neighbour"), market.announced(town)
    shipment = market.sent(town, 6, declared_value_cents=DECLARED)
    assert "120,00" in neighbour.get(f"/shipments/{shipment}").text
    form = neighbour.form(f"/search?shipment={shipment}", "/bids/new")
    refused = neighbour.send(form)
    assert (
        refused.status_code == 409
        and 'role="alert"' in refused.text
        and f'value="{COVER_VERSION}"' in refused.text
    )
    placed = neighbour.send(form, cover=COVER_VERSION)
    assert placed.status_code == 303
    owner = visitor("farm").get(placed.headers["location"].partition("?")[0]).text
    assert "120,00" in owner and trip in owner
    assert COVER_VERSION in visitor().get("/cover-terms").text


def test_the_sources_of_the_cover_terms_are_told_in_french_on_a_french_page(visitor):
    text = visitor("neighbour").get("/cover-terms").text
    assert "décret n° 2001-1179" in text and "decree 2001-1179" not in text


def test_more_than_the_most_is_not_declared(town, visitor):
    neighbour = visitor("neighbour")
    shipment = market.sent(town, 6)
    told = neighbour.press(f"/shipments/{shipment}/change", declared_value="20000,01")
    assert told.status_code == 422 and "declared_value-wrong" in told.text


def test_changing_a_shipment_keeps_what_its_form_shows_of_value(town, visitor):
    neighbour = visitor("neighbour")
    shipment = market.sent(town, 6, goods_value_cents=9_050, declared_value_cents=DECLARED)
    told = neighbour.press(f"/shipments/{shipment}/change", crates="5")
    stands = market.read(town, find_shipment, shipment)
    assert told.status_code == 303
    assert (stands.crates, stands.goods_value_cents, stands.declared_value_cents) == (5, 9_050, DECLARED)


def test_a_claim_shows_its_record_and_is_accepted_by_who_held_the_crates(town, visitor):
    ride, path = claimed(town, visitor)
    custody = visitor("neighbour").get(f"/shipments/{ride.shipment}/custody").text
    assert f"/shipments/{ride.shipment}/claim" in custody
    farm = visitor("farm")
    text = farm.get(path).text
    assert AMOUNT in text and "528,00" in text and text.count("6 caisses") >= 2 and "Crushed" in text
    assert farm.get(f"{path}/photo").headers["content-type"] == "image/png"
    assert farm.press(path, f"{path}/answer").status_code == 303
    assert market.read(town, find_claim, path.rpartition("/")[2]).state == "paid"
    assert path in farm.get("/claims").text and path in visitor("neighbour").get("/claims").text
    assert "réclamation" in farm.get("/money").text and farm.get("/money/statement").status_code == 200


def test_a_disputed_claim_is_decided_by_the_form_of_the_operator(town, visitor):
    _, path = claimed(town, visitor)
    disputed = visitor("farm").form(path, f"{path}/answer")
    disputed.fields.pop("accepts")
    assert visitor("farm").send(disputed).status_code == 422
    assert visitor("farm").send(disputed, note="Not ours").status_code == 303
    operator = visitor("operator")
    more = operator.press(path, f"{path}/decision", note="So it stands", granted="3")
    assert more.status_code == 409 and "Caisses à payer\xa0: 3. Caisses réclamées\xa0: 2." in more.text
    assert operator.press(path, f"{path}/decision", note="So it stands", granted="1").status_code == 303
    assert "20,00" in visitor("neighbour").get(path).text


def test_who_receives_without_paying_reads_no_amount_and_may_take_its_claim_back(town, visitor):
    _, path = claimed(town, visitor, "restaurant")
    restaurant = visitor("restaurant")
    text = restaurant.get(path).text
    assert AMOUNT not in text and "120,00" not in text
    assert restaurant.press(path, f"{path}/withdraw").status_code == 303
    assert market.read(town, find_claim, path.rpartition("/")[2]).state == "withdrawn"
