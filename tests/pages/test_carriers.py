"""Dossiers and rounds on pages: entered by the carrier, vetted by the operator, without any script."""

import re
from datetime import date
from html import unescape

from pooling.store import Page
from pooling.store.carriers import find_dossier
from pooling.store.parties import find_party
from pooling.store.people import party
from pooling.store.rounds import list_rounds, tours_of_round
from pooling.store.rows import changed
from pooling.store.tours import list_tours
from tests.desk import carrying
from tests.desk.touring import frozen
from tests.pages.scenes import EVENING
from tests.pooling.test_document import PDF


def test_a_carrier_enters_its_papers_and_an_operator_vets_it(town, visitor):
    carrier_id = town.parties["carrier"]
    nothing = {"vetted": False, "licence": "", "licence_until": None}
    town.house.desk.store.change(lambda tx: changed(tx, party, find_party(tx, carrier_id), nothing))
    path, carrier, operator = f"/dossier/{carrier_id}", visitor("carrier"), visitor("operator")
    carrier.press(path, f"{path}/apply")
    told = operator.press(path, f"{path}/vet")
    assert told.status_code == 409
    assert "la licence de transport, l’assurance des véhicules" in unescape(told.text)
    for kind in ("transport_licence", "insurance"):
        more = {"kind": kind, "about": "", "number": "N-1", "expires": "2030-12-31"}
        assert carrier.press(path, f"{path}/papers", **more).status_code == 303
    for paper in re.findall(r"/papers/(paper_\w+)", operator.get(path).text):
        assert operator.press(path, f"{path}/papers/{paper}", found="checked").status_code == 303
    assert operator.press(path, f"{path}/vet").status_code == 303
    with town.house.desk.store.view() as view:
        assert find_dossier(view, carrier_id).state == "active"
    assert "est actif" in carrier.get("/dossier").text
    assert 'value="15,00"' in carrier.get("/dossier").text
    carrier.press("/me", "/language", language="en", back="/dossier")
    assert 'value="15.00"' in carrier.get("/dossier").text, "an amount is typed as the language writes it"


def test_a_carrier_enters_a_vehicle_a_card_and_an_area_and_is_told_beside_the_field(town, visitor):
    path, carrier = f"/dossier/{town.parties['carrier']}", visitor("carrier")
    van = {"vehicle_name": "Kangoo", "plate": "AB-1", "start_site": town.sites["carrier"]}
    van |= {"end_site": town.sites["carrier"], "profile": "small_van", "energy": "diesel"}
    assert carrier.press(path, f"{path}/vehicles", **van).status_code == 303
    again = carrier.press(path, f"{path}/vehicles", **van)
    assert again.status_code == 409 and 'id="plate-wrong"' in again.text
    assert carrier.press(path, f"{path}/cards", from_day="2026-01-01").status_code == 303
    bow = '{"type":"Polygon","coordinates":[[[2,44],[3,45],[3,44],[2,45],[2,44]]]}'
    crossed = carrier.press(path, f"{path}/area", area=bow)
    assert crossed.status_code == 409 and "se croise" in unescape(crossed.text)
    told = unescape(carrier.get(path).text)
    assert "Kangoo" in told and "0,60" in told


def test_an_operator_proposes_a_round_and_leaves_a_day_out(town, visitor):
    town.clock.at = EVENING
    operator = visitor("operator")
    wish = {"name": "Vallée", "carrier": town.parties["carrier"], "driver": "Lou", "on_SU": "yes"}
    wish |= {
        "start_site": town.sites["farm"],
        "end_site": town.sites["restaurant"],
        "first_day": "2026-09-13",
    }
    wish |= {"ambient": "20", "payload": "600", "crate": "4,00", "fixed": "1,00", "per_km": "0,30"}
    wish |= {"per_hour": "3,00", "per_stop": "0,10", "fresh_by": "11:00"}
    assert operator.press("/rounds/new", "/rounds/new", **wish).status_code == 303
    with town.house.desk.store.view() as view:
        ((row,), _) = list_rounds(view, None, Page())
        first = tours_of_round(view, row.id, date(2026, 9, 13), 1)[0]
    path = f"/rounds/{row.id}"
    told = unescape(operator.get(path).text)
    assert "dimanche" in told and "rien sur quoi s’appuyer" in told
    assert "11:00" in unescape(visitor("farm").get(f"/tours/{first.id}").text)
    assert operator.press(path, f"{path}/except", day="2026-09-13").status_code == 303
    assert "Jours sans tournée" in unescape(operator.get(path).text)
    changed_page = operator.press(f"{path}/change", f"{path}/change", crate="3,50", first_day="2026-09-20")
    assert changed_page.status_code == 303
    assert visitor("carrier").get(path).status_code == 200
    assert visitor("farm").get(path).status_code == 404


def test_the_pay_of_a_tour_stands_apart_from_what_shippers_pay(town, visitor):
    frozen(town)
    with town.house.desk.store.view() as view:
        ((ride,), _) = list_tours(view, Page(), day=None, state="")
    names = ("carrier", "operator", "farm")
    carrier, operator, farm = (unescape(visitor(name).get(f"/tours/{ride.id}").text) for name in names)
    pay, paid = "Ce que reçoit le transporteur", "Ce que paient les inscrits"
    assert pay in carrier and paid not in carrier
    assert pay in operator and paid in operator
    assert pay not in farm and paid not in farm


def test_a_carrier_sends_the_document_of_a_paper_and_an_operator_sees_it(town, visitor):
    path, carrier = f"/dossier/{town.parties['carrier']}", visitor("carrier")
    carrying.applied(town)
    paper_id = carrying.paper(town, carrying.INSURANCE, state="entered")
    action = f"{path}/papers/{paper_id}/document"

    def send(raw, **more):
        form = carrier.form(path, action)
        fields = {name: value for name, value in (form.fields | more).items() if name != "document"}
        files = {"document": ("paper.pdf", raw, "application/pdf")}
        return carrier.client.post(action, data=fields, files=files, follow_redirects=False)

    told = send(b"a film")
    assert told.status_code == 409 and 'id="document-wrong"' in told.text
    assert send(PDF).status_code == 303
    seen = visitor("operator").get(f"/papers/{paper_id}/document")
    assert (seen.content, seen.headers["content-type"]) == (PDF, "application/pdf")
    assert seen.headers["content-disposition"].startswith("attachment")
    assert visitor("farm").get(f"/papers/{paper_id}/document").status_code == 404
