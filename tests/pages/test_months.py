"""Months and days typed on the pages of money: what cannot be is said beside its field."""

from html import unescape

from pooling.store.ledger import Purpose, community_account, party_account, pay
from tests.desk import circle


def test_a_month_that_is_none_and_days_that_run_backwards_are_said_beside_their_field(town, visitor):
    farm = visitor("farm").client
    for path, told in (
        ("/money/bill?month=2026-13", "« 2026-13 » n’est pas un mois."),
        ("/money/statement?month=abc", "« abc » n’est pas un mois."),
        ("/money/statement?from=2026-12-01&until=2026-09-01", "Ce jour est avant le premier."),
    ):
        page = farm.get(path)
        assert page.status_code == 422 and told in unescape(page.text).replace("\u202f", " ").replace(
            "\xa0", " "
        )
    for path in ("statement.csv", "statement.pdf", "bill.csv", "bill.pdf"):
        assert farm.get(f"/money/{path}?month=2026-13").status_code == 422
        assert farm.get(f"/money/{path}?month=2026-09").status_code == 200
    assert farm.get("/money/bill").status_code == 200
    wrong = farm.get("/money/payments.xml?month=2026-09&on=demain")
    assert wrong.status_code == 422 and 'id="on-wrong"' in wrong.text, "not taken for another day"


def test_whom_a_community_owes_for_a_gap_reads_its_account_and_notes_what_it_received(town, visitor):
    community = circle.founded(town, by="farm")
    sides = [community_account(community), party_account(town.parties["operator"])]
    gap = Purpose("tour", "tour_1", "tour gap")
    town.house.desk.store.change(lambda tx: pay(tx, *sides, 4_200, gap))
    path = f"/communities/{community}/account"
    for name in ("farm", "operator"):
        page = visitor(name).get(path)
        assert page.status_code == 200 and "42,00" in page.text, name
    assert "<form" in visitor("operator").get(path).text and visitor("shop").get(path).status_code == 404
    money = visitor("operator").get("/money").text
    assert community in money and f">{community}<" not in money, "called by its name"
    above = visitor("operator").press(path, amount="42,01")
    assert above.status_code == 409 and "amount-wrong" in above.text
    assert visitor("operator").press(path, amount="40", note="Caisse").status_code == 303
    assert "2,00" in visitor("farm").get(path).text and "Caisse" in visitor("farm").get(path).text


def test_a_statement_as_csv_speaks_its_readers_language_and_its_page_has_short_days(town, visitor):
    sides = [party_account(town.parties[name]) for name in ("farm", "neighbour")]
    town.house.desk.store.change(lambda tx: pay(tx, *sides, 900, Purpose("payment", "", "Banque")))
    french = visitor("farm").get("/money/statement.csv?month=2026-09").text
    assert french.startswith("état,jour,avec") and "paiement" in french and "ouverture" in french
    page = visitor("farm").get("/money/statement?month=2026-09").text
    assert "1 sept. 2026" in page and "Mardi 1er septembre" in page, "the head tells the day in full"
