"""Money on the wire: one's own lines only, payments by who received them, once."""

from pooling.store.ledger import Purpose, party_account, pend, post, void


def ridden(town, payer, payee, cents, *, is_done=True, part=None):
    def work(tx):
        sides = [party_account(town.parties[name]) for name in (payer, payee)]
        transfer_id = pend(tx, *sides, cents, Purpose("bid", "bid_1", "6 crates"))
        if is_done:
            post(tx, transfer_id, part)

    town.house.desk.store.change(work)


def get(client, town, name, path):
    return client.get(f"/api/v1{path}", headers=town.headers(name))


def wish(town, payer, payee, cents):
    return {"payer": town.parties[payer], "payee": town.parties[payee], "cents": cents, "note": "bank"}


def test_a_party_lists_its_own_transfers_and_no_third_partys(client, town):
    ridden(town, "neighbour", "farm", 1200)
    ridden(town, "shop", "restaurant", 300, is_done=False)
    sums = {
        name: [(one["cents"], one["state"]) for one in get(client, town, name, "/transfers").json()["items"]]
        for name in ("farm", "neighbour", "shop", "carrier")
    }
    assert sums == {"farm": [(1200, "posted")], "neighbour": [(1200, "posted")], "shop": [(300, "pending")],
                    "carrier": []}  # fmt: skip
    assert len(get(client, town, "operator", "/transfers").json()["items"]) == 2
    assert get(client, town, "shop", f"/transfers?party={town.parties['farm']}").status_code == 404


def test_the_list_adds_up_to_the_balance_where_only_a_part_was_done(client, town):
    ridden(town, "neighbour", "farm", 859, part=715)
    ridden(town, "neighbour", "farm", 300, is_done=False)
    listed = get(client, town, "farm", "/transfers").json()["items"]
    assert sorted((one["state"], one["cents"], one["agreed_cents"]) for one in listed) == [
        ("pending", 300, 300),
        ("posted", 715, 859),
    ]
    balance = get(client, town, "farm", f"/parties/{town.parties['farm']}/balance").json()
    assert (balance["posted_cents"], balance["pending_cents"]) == (715, 300)


def test_what_was_undone_comes_to_nothing_and_says_what_was_agreed(client, town):
    sides = [party_account(town.parties[name]) for name in ("neighbour", "farm")]
    about = Purpose("bid", "bid_1", "6 crates")
    town.house.desk.store.change(lambda tx: void(tx, pend(tx, *sides, 859, about)))
    (one,) = get(client, town, "farm", "/transfers").json()["items"]
    assert (one["state"], one["cents"], one["agreed_cents"]) == ("voided", 0, 859)


def test_who_received_money_records_it_once_however_often_it_asks(client, town):
    ridden(town, "neighbour", "farm", 1200)
    headers = town.headers("farm")
    answers = [
        client.post("/api/v1/payments", json=wish(town, "neighbour", "farm", 1000), headers=headers)
        for _ in range(2)
    ]
    assert [one.status_code for one in answers] == [201, 201] and answers[0].json() == answers[1].json()
    balance = get(client, town, "farm", f"/parties/{town.parties['farm']}/balance").json()
    assert balance["posted_cents"] == 200
    assert balance["others"] == [
        {"party": town.parties["neighbour"], "posted_cents": 200, "pending_cents": 0}
    ]


def test_nobody_records_that_it_paid(client, town):
    ridden(town, "neighbour", "farm", 1200)
    words = wish(town, "neighbour", "farm", 1000)
    refused = client.post("/api/v1/payments", json=words, headers=town.headers("neighbour"))
    assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")


def test_a_payment_above_what_is_owed_is_refused_with_what_is_owed(client, town):
    ridden(town, "neighbour", "farm", 1200)
    words = wish(town, "neighbour", "farm", 1201)
    refused = client.post("/api/v1/payments", json=words, headers=town.headers("farm")).json()
    assert (refused["code"], refused["facts"]["owes_cents"]) == ("payment_above_debt", 1200)


def test_a_statement_adds_up_and_holds_local_days(client, town, clock):
    clock.at -= 6 * 3600 + 1  # one second before midnight in Paris
    ridden(town, "neighbour", "farm", 100)
    clock.at += 1
    ridden(town, "neighbour", "farm", 1200)
    path = f"/parties/{town.parties['neighbour']}/statement?from=2026-09-12&to=2026-09-12"
    found = get(client, town, "neighbour", path).json()
    assert (found["opening_cents"], found["closing_cents"]) == (-100, -1300)
    assert [line["cents"] for line in found["lines"]] == [-1200]
    assert get(client, town, "shop", path).status_code == 404


def test_a_period_that_ends_before_it_begins_is_refused(client, town):
    path = f"/parties/{town.parties['farm']}/statement?from=2026-09-12&to=2026-09-11"
    assert get(client, town, "farm", path).json()["code"] == "period_unreadable"


def test_an_operator_checks_the_ledger_and_nobody_else(client, town):
    ridden(town, "neighbour", "farm", 1200)
    assert get(client, town, "operator", "/ledger/check").json() == {
        "transfers": 2, "entries": 6, "sum_cents": 0, "unbalanced": 0, "breaks_at": "", "why": "",
    }  # fmt: skip
    assert get(client, town, "farm", "/ledger/check").status_code == 403


def test_both_sides_of_a_payment_are_told(client, town):
    ridden(town, "neighbour", "farm", 1200)
    client.post("/api/v1/payments", json=wish(town, "neighbour", "farm", 1200), headers=town.headers("farm"))
    for name, told in (("neighbour", 1), ("farm", 1), ("shop", 0)):
        events = get(client, town, name, "/events/page").json()["items"]
        assert [one["topic"] for one in events] == ["payment.recorded"] * told
