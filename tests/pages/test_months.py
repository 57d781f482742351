"""Months and days typed on the pages of money: what cannot be is said beside its field."""

from html import unescape


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
