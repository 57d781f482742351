"""Collections on pages: a file sent, its mistakes in plain words, a place chosen, the bill and the proofs."""

import re
from html import unescape

import pytest

from pooling.work.workers import work_off
from tests.desk import broking
from tests.desk.broking import DOCK, STREET, YARD

HEAD = "reference;producer;pickup;client;drop;day;crates\n"
LINE = f"A1;Farm;{YARD.replace(', ', ' ')};Dock;{DOCK.replace(', ', ' ')};13/09/2026;4\n"


@pytest.fixture
def pages(town, visitor):
    broking.broker(town)
    return visitor("broker")


def sent(pages, lines, **files):
    form = pages.form("/collections", "/collections/send")
    fields = form.fields | {"lines": lines}
    return pages.client.post(form.action, data=fields, files=files or None, follow_redirects=False)


def test_a_list_is_pasted_and_its_lines_are_told_one_by_one(town, pages):
    answer = sent(pages, HEAD + LINE + LINE.replace("A1", "A2").replace("2026;4", "2026;many"))
    assert answer.status_code == 303, unescape(answer.text)
    path = answer.headers["location"].partition("?")[0]
    assert "<progress" in pages.get(path).text
    work_off(town.house.desk)
    told = unescape(pages.get(path).text)
    assert "<progress" not in told and "Ligne 3" in told and "ne convient pas" in told
    assert "est pris" in told and "1 ligne est refusée" in told


def test_a_file_is_sent_as_it_is_and_a_double_click_sends_it_once(town, pages):
    file = ("list.csv", (HEAD + LINE).encode("cp1252"), "text/csv")
    form = pages.form("/collections", "/collections/send")
    first, second = (
        pages.client.post(form.action, data=form.fields, files={"file": file}, follow_redirects=False)
        for _ in range(2)
    )
    assert first.status_code == 303 and first.headers["location"] == second.headers["location"]
    work_off(town.house.desk)
    assert broking.stands(town, "A1").state == "entered"


def test_nothing_and_nonsense_are_told_beside_the_file(pages):
    assert sent(pages, "").status_code == 422
    refused = sent(pages, "{")
    assert refused.status_code == 409 and "n’est pas une liste" in unescape(refused.text)


def test_a_doubtful_place_is_chosen_by_radio_or_by_pin(town, pages):
    broking.sent(town, broking.line("A1", drop=STREET), broking.line("A2", drop="xqzzk"))
    assert "2 adresses vous attendent" in pages.get("/collections").text
    path = f"/collections/{broking.stands(town, 'A1').id}"
    value = unescape(re.search(r'name="place" value="([^"]+)"', pages.get(path).text)[1])
    assert pages.press(path, f"{path}/place").status_code == 422, "nothing was chosen"
    assert pages.press(path, f"{path}/place", place=value).status_code == 303
    path = f"/collections/{broking.stands(town, 'A2').id}"
    assert pages.press(path, f"{path}/place", **{"pin-drop": "north"}).status_code == 422
    assert pages.press(path, f"{path}/place", **{"pin-drop": "43.7384, 7.4246"}).status_code == 303
    assert {broking.stands(town, one).state for one in ("A1", "A2")} == {"entered"}
    assert pages.press(path, f"{path}/cancel").headers["location"].startswith("/collections?said=")


def test_the_licence_is_said_and_the_producer_sees_no_client(town, pages, visitor):
    broking.sent(town, broking.line("A1", client="Secretclient"))
    assert "commissionnaire de transport" in pages.get("/collections").text
    seen = visitor("farm").get("/collections").text
    assert "Broker" in seen and "4 caisses" in seen
    assert "Secretclient" not in seen and "A1" not in seen
    assert "Broker" not in visitor("neighbour").get("/collections").text


def test_the_bill_and_the_proofs_are_handed_out_as_tables(pages):
    bill = pages.get("/money/bill?month=2026-09")
    assert bill.status_code == 200 and "n’est pas une facture" in unescape(bill.text)
    for path in ("/money/bill.csv?month=2026-09", "/collections/proofs.csv?from=2026-09-01&until=nonsense"):
        table = pages.get(path)
        assert table.headers["content-type"].startswith("text/csv") and "reference" in table.text
