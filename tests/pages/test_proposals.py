"""Proposed tours on pages: a joiner's price, hours and other rides; the operator's standing and carriers."""

from api.naming import Reader, named
from api.papers import words
from pooling.desk.tours.sign_ups import leave_tour
from pooling.store import Page
from pooling.store.proposals import note_prices
from pooling.store.touring import sign_up
from pooling.store.tours import find_tour, list_sign_ups, list_tours
from tests.desk import carrying
from tests.desk.told_scene import on_a_page, planned_hours, told_tour
from tests.desk.touring import confirmed, joined, proposed, row, sent

DEAR = {"fixed_cents": 1_200, "crate_cents": 300}


def crowded(town):
    tour = proposed(town, **DEAR, minimum_shipments=4)
    return tour, [joined(town, tour, name, sent(town, name)) for name in ("farm", "neighbour", "shop")]


def test_a_joiner_sees_a_window_its_share_and_how_it_fell(town, visitor):
    tour, ups = crowded(town)
    farm = visitor("farm")
    text = farm.get(f"/tours/{tour}").text
    assert "au lieu de 12,00" in text and f"/sign-ups/{ups[0]}" in text and "enlevé" in text
    text = farm.get(f"/sign-ups/{ups[0]}").text
    assert "12,00" in text and "d’autres" in text and "jamais plus" in text.lower()
    assert visitor("neighbour").get(f"/sign-ups/{ups[0]}").status_code == 404
    assert "est remontée" not in text
    town.clock.forward(60)
    town.house.desk.store.change(lambda tx: note_prices(tx, [(ups[0], 1_200, "own_day", 1_200)]))
    assert "est remontée parce que votre propre journée" in farm.get(f"/sign-ups/{ups[0]}").text


def test_an_operator_sees_what_is_lacking_and_who_could_drive(town, visitor):
    carrying.active(town)
    tour, _ = crowded(town)
    operator = visitor("operator")
    text = operator.get(f"/tours/{tour}").text
    assert "minimum non atteint" in text and f"/tours/{tour}/candidates" in text
    text = operator.get(f"/tours/{tour}/candidates").text
    assert "Carrier" in text and "en l’état" in text, "the carrier that the tour names can drive it"
    assert visitor("farm").get(f"/tours/{tour}/candidates").status_code == 403


def test_another_tour_is_one_press_away_from_who_has_left(town, visitor):
    _, ups = crowded(town)
    leave_tour(town.house.desk, town.actor("farm"), town.ask("farm"), ups[0])
    other = proposed(town)
    farm, path = visitor("farm"), f"/sign-ups/{ups[0]}"
    takes = f"/shipments/{row(town, sign_up, ups[0]).shipment_id}/alternatives"
    assert farm.get(path).text.count(takes) == 2
    sent = farm.press(path, takes, ride=other)
    assert sent.status_code == 303 and sent.headers["location"].startswith("/shipments/")
    with town.house.desk.store.view() as view:
        rows, _ = list_sign_ups(view, other, None, Page())
    assert [one.payer_id for one in rows] == [town.parties["farm"]]


def test_no_page_tells_an_hour_to_the_minute_before_the_tour_is_confirmed(town, visitor):
    ids = told_tour(town)
    hidden = {on_a_page(at) for at in planned_hours(town, ids["tour_id"])}
    tour, order = f"/tours/{ids['tour_id']}", f"/tour-orders/{ids['tour_order_id']}"
    shared = (tour, "/tours", "/shipments", "/tour-orders", "/orders", "/", "/search")
    looks = f"/shipments/{ids['looks']}"
    own = {
        "farm": (f"/sign-ups/{ids['sign_up_id']}", f"/shipments/{ids['shipment_id']}", order),
        "neighbour": (looks, f"{looks}/alternatives", f"/search?shipment={ids['looks']}"),
        "restaurant": (order, f"{tour}/deliverable", f"{tour}/deliverable?others=yes"),
    }
    for name, paths in own.items():
        for path in (*shared, *paths):
            answer = visitor(name).get(path)
            assert answer.status_code == 200, (name, path)
            assert not [one for one in hidden if one in answer.text], (name, path)


def test_who_pays_the_carriage_of_an_order_reads_what_it_costs_and_that_it_may_fall(town, visitor):
    order = f"/tour-orders/{told_tour(town)['tour_order_id']}"
    buyer, farm = (visitor(name).get(order).text for name in ("restaurant", "farm"))
    assert "cela n’augmente jamais" in buyer and "/sign-ups/" in buyer
    assert "cela n’augmente jamais" not in farm and "/sign-ups/" not in farm


def test_an_operator_proposes_a_tour_for_any_carrier_around_a_place(town, visitor):
    town.clock.at -= 12 * 3600
    carrying.active(town)
    carrying.card(town)
    carrying.van(town)
    filled = {"carrier": "", "crate": "3,50", "day": "2026-09-12", "ambient": "20", "payload": "300"}
    filled |= {"start_site": town.sites["farm"], "end_site": town.sites["shop"], "cutoff_day": "2026-09-11"}
    filled |= {"around": town.sites["farm"], "around_km": "12", "area": "43.75, 7.43, 5"}
    filled |= {"minimum_shipments": "3", "minimum_share": "20", "cutoff": "23:00", "driver": ""}
    filled |= dict.fromkeys(("fixed", "per_km", "per_hour", "per_stop", "vehicle"), "")
    filled |= {"sharing_rule": "nucleolus"}
    operator = visitor("operator")
    refused = operator.press("/tours/new", **filled | {"area": "somewhere"})
    assert 'id="area-wrong"' in refused.text
    assert operator.press("/tours/new", **filled).status_code == 303
    with town.house.desk.store.view() as view:
        (row,), _ = list_tours(view, Page(), day=None, state="")
    assert (row.carrier_open, row.minimum_shipments, row.minimum_share_cents) == (True, 3, 2_000)
    assert "43.75" in row.area and "12000" in row.area and row.sharing_rule == "nucleolus"
    page = f"/tours/{row.id}"
    assert "Carrier" not in visitor("shop").get(page).text and "Carrier" in operator.get(page).text
    reader = Reader(town.house.desk.store, town.actor("shop"), words("en"), str)
    said = named(reader, f"Tour {row.id} is full.")
    assert said == "Tour for any vetted carrier (2026-09-12) is full.", "who is pencilled in is not told"
    changed = operator.press(f"{page}/change", crate="3", around="")
    assert changed.status_code == 303
    with town.house.desk.store.view() as view:
        assert find_tour(view, row.id).carrier_open and find_tour(view, row.id).crate_cents == 300


def test_each_payer_reads_the_proof_of_its_own_share_and_the_operator_that_of_all(town, visitor):
    tour, _ = confirmed(town)
    page = f"/tours/{tour}/shares"
    farm, operator = visitor("farm").get(page).text, visitor("operator").get(page).text
    for told in (
        "Économisé",
        "Détour pour vous",
        "dont les frais",
        "dans l’ordre de la tournée",
        "Plan refait\xa0: aucun groupe",
    ):
        assert told in farm
    assert farm.count("Économisé") == 1 and "Neighbour" not in farm
    assert operator.count("Économisé") == 2 and "Neighbour" in operator
    for name in ("carrier", "shop"):
        assert "Vous ne payez pour rien à bord." in visitor(name).get(page).text
    assert page in visitor("farm").get(f"/tours/{tour}").text


def test_a_payer_of_several_places_reads_their_total_first_and_what_it_was_before(town, visitor):
    tour = proposed(town)
    joined(town, tour, "farm", sent(town, "farm"))
    joined(town, tour, "neighbour", sent(town, "neighbour"))
    town.clock.forward(60)
    second = joined(town, tour, "farm", sent(town, "farm", crates=2))
    text = visitor("farm").get(f"/sign-ups/{second}").text
    for said in ("Vos 2 places ensemble", "avant cette place", "Ensemble jamais plus de", "Ensemble, seul"):
        assert said in text, said
    assert "dont la part de cette place" in text and "toutes vos places ensemble" in text
    alone = visitor("neighbour").get(f"/tours/{tour}/shares").text
    assert "à deux, ce serait ce que paie l’autre" in alone and "La tournée, une seule somme" not in alone


def test_the_proof_is_one_sum_that_names_who_takes_the_gap_and_what_was_not_searched(town, visitor):
    gap = {"fixed_cents": 6_000, "gap_cents": 9_000, "gap_party_id": town.parties["operator"]}
    tour = proposed(town, **gap)
    for name in ("farm", "neighbour", "shop"):
        joined(town, tour, name, sent(town, name))
    text = visitor("operator").get(f"/tours/{tour}/shares").text
    for said in ("La tournée, une seule somme", "Tarif\xa0: kilomètres", "Payé en tout", "Operator en prend"):
        assert said in text, said
    assert "aucun groupe n’a été cherché" in text and "chacun paie son maximum" in text
    by_hand = visitor("operator").get(f"/tours/{tour}/by-hand").text
    assert "par le compte qui couvre l’écart, il manque encore 0,00" in by_hand
    assert "La tournée, une seule somme" in visitor("farm").get(f"/tours/{tour}/shares").text
