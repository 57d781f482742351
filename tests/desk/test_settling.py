"""Corrections, accounts, a month whole, deposits that follow crates, rides settled in kind."""

import csv
from datetime import date
from io import BytesIO, StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from geodata.refusal import Refusal
from pooling.desk.communities.belonging import own_membership
from pooling.desk.goods.deposits import community_asks_deposits, due_cents, party_asks_deposits
from pooling.desk.market.in_kind import agree_in_kind
from pooling.desk.runs.freezing_rides import freeze_trip
from pooling.desk.trips.changing_trips import change_trip
from pooling.ledger.reciprocity import between
from pooling.regimes import Regime
from pooling.store.deposits import deposit_held
from pooling.store.ledger import (
    Purpose,
    account_balances,
    community_account,
    deposit_account,
    party_account,
    pay,
    pend,
    post,
)
from pooling.store.people import party
from pooling.store.reciprocity import carriages_of
from tests.desk import circle, market
from tests.desk.test_custody import CRATES, Run
from tests.desk.test_ledger_routes import get, ridden
from tests.desk.test_trip_asks import hired
from tests.desk.touring import confirmed, proposed

SEPTEMBER = "month=2026-09"


def posted(town, account):
    return market.read(town, account_balances, account)["posted"]


def owed(town, payer="neighbour", payee="farm", cents=1200):
    sides = [party_account(town.parties[name]) for name in (payer, payee)]
    about = Purpose("bid", "bid_1", "6 crates")
    return town.house.desk.store.change(lambda tx: pay(tx, *sides, cents, about))


def correct(client, town, transfer_id, name="operator", key="", **words):
    path = f"/api/v1/transfers/{transfer_id}/correction"
    said = {"reason": "Two crates were counted twice"} | words
    return client.post(path, json=said, headers=town.headers(name, key))


# Corrections


def test_an_operator_gives_back_a_part_then_the_rest_and_no_cent_more(client, town):
    transfer_id = owed(town)
    first = correct(client, town, transfer_id, cents=300)
    assert (first.status_code, first.json()["cents"], first.json()["why"]) == (
        201,
        300,
        "Two crates were counted twice",
    )
    above = correct(client, town, transfer_id, cents=901).json()
    assert (above["code"], above["facts"]["left"]) == ("correction_above_transfer", 900)
    assert correct(client, town, transfer_id).json()["cents"] == 900
    assert correct(client, town, transfer_id).json()["code"] == "correction_above_transfer"
    assert posted(town, party_account(town.parties["farm"])) == 0


def test_the_same_correction_sent_twice_is_one_and_both_sides_are_told(client, town):
    transfer_id = owed(town)
    answers = [correct(client, town, transfer_id, cents=300, key="once").json() for _ in range(2)]
    assert answers[0] == answers[1] and posted(town, party_account(town.parties["farm"])) == 900
    for name in ("farm", "neighbour"):
        (told,) = [one for one in get(client, town, name, "/events/page").json()["items"]
                   if one["topic"] == "transfer.corrected"]  # fmt: skip
        assert told["facts"]["reason"] == "Two crates were counted twice"
    assert "transfer.corrected" not in get(client, town, "shop", "/events/page").text


def test_a_correction_given_back_leaves_what_it_took(client, town):
    transfer_id = owed(town)
    wrong = correct(client, town, transfer_id, cents=1200).json()["id"]
    correct(client, town, wrong, cents=200)
    assert correct(client, town, transfer_id, cents=201).json()["facts"]["left"] == 200


def test_what_is_only_agreed_is_not_given_back_and_nobody_but_an_operator_gives_back(client, town):
    sides = [party_account(town.parties[name]) for name in ("neighbour", "farm")]
    about = Purpose("bid", "bid_1", "6 crates")
    agreed = town.house.desk.store.change(lambda tx: pend(tx, *sides, 700, about))
    assert correct(client, town, agreed).json()["code"] == "transfer_not_posted"
    town.house.desk.store.change(lambda tx: post(tx, agreed, 500))
    assert correct(client, town, agreed, name="farm").status_code == 403
    assert correct(client, town, agreed, cents=500).status_code == 201
    assert correct(client, town, "tr_0").status_code == 404
    assert correct(client, town, agreed, reason="").status_code == 422


# Accounts


def test_an_account_is_read_by_its_own_people_and_by_an_operator(client, town):
    community = circle.founded(town)
    about = Purpose("payment", "", "fund")
    accounts = party_account(town.parties["neighbour"]), community_account(community)
    town.house.desk.store.change(lambda tx: pay(tx, *accounts, 400, about))
    seen = {
        name: {
            one["account"]: one["posted_cents"]
            for one in get(client, town, name, "/accounts").json()["items"]
        }
        for name in ("farm", "neighbour", "shop", "operator")
    }
    assert seen["farm"] == {accounts[1]: 400}, "its steward"
    assert seen["neighbour"] == {accounts[0]: -400} and seen["shop"] == {}
    assert seen["operator"] == {accounts[0]: -400, accounts[1]: 400}
    of_kind = get(client, town, "operator", "/accounts?kind=community&limit=1").json()
    assert [one["kind"] for one in of_kind["items"]] == ["community"] and of_kind["next"] == ""


def test_a_long_list_of_accounts_comes_in_pages(client, town):
    for payer in ("neighbour", "shop", "restaurant"):
        owed(town, payer)
    first = get(client, town, "operator", "/accounts?limit=3").json()
    rest = get(client, town, "operator", f"/accounts?limit=3&after={first['next']}").json()
    names = [one["account"] for one in first["items"] + rest["items"]]
    assert len(names) == len(set(names)) == 4 and rest["next"] == ""


# A month whole


def test_a_month_as_csv_and_pdf_opens_closes_and_tells_the_nets(client, town):
    ridden(town, "neighbour", "farm", 1200)
    ridden(town, "neighbour", "farm", 300, is_done=False)
    ridden(town, "farm", "shop", 500)
    correct(client, town, owed(town, "restaurant", "farm", 250), cents=50)
    path = f"/parties/{town.parties['farm']}/statement"
    answer = get(client, town, "farm", f"{path}.csv?{SEPTEMBER}")
    rows = list(csv.DictReader(StringIO(answer.text)))
    cents = [(row["state"], round(float(row["euro"]) * 100)) for row in rows]
    assert cents == [
        *(("opening", 0), ("posted", 1200), ("posted", -500), ("posted", 250), ("posted", -50)),
        *(("closing", 900), ("pending", 300), ("net", 1200), ("net", 200), ("net", -500)),
    ]
    assert sum(one for state, one in cents if state == "net") == 900
    printed = {}
    for language in ("fr", "en"):
        headers = {**town.headers("farm"), "Accept-Language": language}
        pdf = client.get(f"/api/v1{path}.pdf?{SEPTEMBER}", headers=headers).content
        printed[language] = "".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)
    assert "Relevé" in printed["fr"] and "9,00" in printed["fr"] and "3,00" in printed["fr"]
    assert "Statement" in printed["en"] and "Two crates were counted twice" in printed["en"]
    for ending in ("csv", "pdf"):
        assert get(client, town, "shop", f"{path}.{ending}?{SEPTEMBER}").status_code == 404


def test_a_correction_lowers_the_bill_of_its_shipment_and_the_bill_has_a_print(client, town):
    bid_id = market.ridden(town)
    path = f"/parties/{town.parties['neighbour']}"
    before = get(client, town, "neighbour", f"{path}/bill?{SEPTEMBER}").json()["total_cents"]
    transfer_id = market.the_bid(town, bid_id).transfer_id
    assert correct(client, town, transfer_id, cents=40).status_code == 201
    bill = get(client, town, "neighbour", f"{path}/bill?{SEPTEMBER}").json()
    assert bill["total_cents"] == before - 40 and sorted(one["cents"] for one in bill["lines"]) == [
        -40,
        before,
    ]
    correct(client, town, transfer_id, cents=20)
    correct(client, town, transfer_id, cents=5, reason="One bag was torn")
    before -= 25
    pdf = get(client, town, "neighbour", f"{path}/bill.pdf?{SEPTEMBER}").content
    words = "".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)
    flat = " ".join(words.split())
    assert flat.count("correction: Two crates were counted twice") == 2 and "One bag was torn" in flat
    text = get(client, town, "neighbour", f"{path}/bill.csv?{SEPTEMBER}").text
    *lines, total = csv.DictReader(StringIO(text))
    assert [one["crates"] for one in lines] == [total["crates"], "", "", ""] and int(total["crates"]) > 0
    assert [one["about"] for one in lines] == ["bid", *["correction"] * 3] and total["kg"] == lines[0]["kg"]
    assert "One bag was torn" in {one["why"] for one in lines}
    assert "Neighbour → Restaurant" in words and f"{(before - 40) / 100:.2f}" in words


# Deposits


@pytest.fixture
def run(town):
    """The farm's trip with six crates of the neighbour's, which asks 3.50 € for each."""
    asked = {"ambient": 350}
    asker = town.actor("neighbour"), town.ask("neighbour"), town.parties["neighbour"]
    party_asks_deposits(town.house.desk, *asker, asked)
    return Run(town)


def held(town, holder="restaurant", owner="neighbour"):
    with town.house.desk.store.view() as view:
        return deposit_held(view, town.parties[owner], town.parties[holder], "ambient")


def test_crates_left_with_their_receiver_hold_a_deposit_that_comes_back_with_them(town, run):
    run.hand("on")
    assert held(town) == 0, "on the way nobody has them"
    run.hand("off", crates=6)
    assert held(town) == 6 * 350 == posted(town, deposit_account(town.parties["neighbour"]))
    again = Run(town)
    again.hand("on")
    again.hand("off", empties={"ambient": 9})
    assert held(town) == 3 * 350, "six came, nine went back"
    assert (market.books(town).sum_cents, market.books(town).unbalanced) == (0, 0)
    last = Run(town)
    last.hand("on", empties={"ambient": 9})
    last.hand("off", empties={"ambient": 9})
    assert held(town) == 0 == posted(town, deposit_account(town.parties["neighbour"]))


def test_a_line_of_a_deposit_tells_the_way_of_its_crates_and_stands_on_no_bill(client, town, run):
    run.hand("on")
    run.hand("off")
    path = f"/parties/{town.parties['restaurant']}"
    text = get(client, town, "restaurant", f"{path}/statement.csv?{SEPTEMBER}").text
    (line,) = [one for one in csv.DictReader(StringIO(text)) if one["about"] == "deposit on crates"]
    assert (line["from"], line["to"], line["crates"]) == ("Neighbour", "Restaurant", "")
    assert get(client, town, "restaurant", f"{path}/bill?{SEPTEMBER}").json()["lines"] == []


def test_a_corrected_count_moves_the_deposit(town, run):
    run.hand("on")
    handover = run.hand("off")
    run.agreed(handover, 4, lost=2)
    assert held(town) == 4 * 350
    run.agreed(run.seen().records[-1].id, 5, lost=1)
    assert held(town) == 5 * 350


def test_the_last_crate_brings_back_the_last_cent_whatever_was_asked_meanwhile(town, run):
    run.hand("on")
    run.hand("off")
    asker = town.actor("neighbour"), town.ask("neighbour"), town.parties["neighbour"]
    party_asks_deposits(town.house.desk, *asker, {"ambient": 101})
    second = Run(town)
    second.hand("on")
    second.hand("off", empties={"ambient": 5})
    assert held(town) == 6 * 350, "more than seven at 1.01 € is held already"
    third = Run(town)
    third.hand("on")
    third.hand("off", empties={"ambient": 13})
    assert held(town) == 0


def test_a_mistyped_count_of_empties_put_right_charges_the_crates_that_are_there_and_no_more(town, run):
    run.hand("on")
    handover = run.hand("off", empties={"ambient": 18})
    assert held(town) == 0, "18 of 6: a balance of 12 below nothing"
    run.agreed(handover, 6, empties={"ambient": 3}, says_empties=True)
    assert held(town) == 3 * 350


@given(
    st.integers(1, 500),
    st.lists(st.tuples(st.integers(-50, 50), st.integers(0, 100)), min_size=1, max_size=12),
)
def test_whatever_is_counted_and_given_back_no_more_is_held_than_for_the_crates_there(each, steps):
    in_hand, was = 0, 0
    for now, given_back_percent in steps:
        due = due_cents(in_hand, was, now, each)
        in_hand, was = in_hand + due, now
        assert 0 <= in_hand <= max(0, now) * each
        assert due <= max(0, now) * each - max(0, in_hand - due)
        in_hand -= in_hand * given_back_percent // 100


@given(st.integers(1, 500), st.integers(0, 20_000), st.integers(-50, 50), st.integers(-50, 50))
def test_nothing_more_is_charged_where_an_operator_took_a_deposit_again(each, in_hand, was, now):
    due = due_cents(in_hand, was, now, each)
    assert due <= max(0, max(0, now) - max(0, was)) * each
    if due > 0 or now <= 0:
        assert in_hand + due <= max(0, now) * each or now == was


def test_without_a_word_on_deposits_none_is_held(town):
    run = Run(town)
    run.hand("on")
    run.hand("off")
    assert held(town) == 0 and posted(town, deposit_account(town.parties["neighbour"])) == 0


def test_members_ask_of_each_other_what_their_community_says(client, town):
    community = circle.founded(town, by="neighbour")
    circle.come_in(town, community, "restaurant", by="neighbour")
    asker = town.actor("neighbour"), town.ask("neighbour")
    community_asks_deposits(town.house.desk, *asker, community, {"ambient": 200})
    run = Run(town)
    run.hand("on")
    run.hand("off")
    assert held(town) == CRATES * 200
    path = f"/api/v1/communities/{community}/crate-deposits"
    assert client.get(path, headers=town.headers("restaurant")).json()["ambient_cents"] == 200
    assert client.put(path, json={}, headers=town.headers("restaurant")).status_code == 403
    assert client.get(path, headers=town.headers("shop")).status_code == 404
    with town.house.desk.store.view() as view:
        assert own_membership(view, town.actor("restaurant"), community).role == "member"


def test_a_party_says_its_deposits_itself_and_everybody_may_know_them(client, town):
    path = f"/api/v1/parties/{town.parties['farm']}/crate-deposits"
    said = client.put(path, json={"ambient_cents": 350, "frozen_cents": 0}, headers=town.headers("farm"))
    assert said.json() == {"ambient_cents": 350, "chilled_cents": None, "frozen_cents": 0}
    assert client.get(path, headers=town.headers("shop")).json() == said.json()
    assert client.put(path, json={}, headers=town.headers("shop")).status_code == 404
    assert client.put(path, json={}, headers=town.headers("operator")).status_code == 403


# Mutual aid


def test_what_was_handed_over_is_counted_for_both_and_in_kind_it_costs_nothing(client, town):
    run = Run(town)
    bid = market.the_bid(town, run.bid)
    agree_in_kind(town.house.desk, town.actor("farm"), town.ask("farm"), run.bid)
    assert market.the_bid(town, run.bid).price_cents == 0 < bid.price_cents
    run.hand("on")
    run.hand("off")
    run.end()
    assert posted(town, party_account(town.parties["farm"])) == 0
    farm, neighbour = town.parties["farm"], town.parties["neighbour"]
    found = get(client, town, "farm", f"/parties/{farm}/reciprocity").json()["others"]
    theirs = get(client, town, "neighbour", f"/parties/{neighbour}/reciprocity").json()["others"]
    assert [one["party"] for one in found] == [neighbour] and found[0]["paid_cents"] == 0
    assert found[0]["given_km_crates"] > 0 and found[0]["given_cents"] > 0 == found[0]["taken_cents"]
    assert theirs[0]["balance_km_crates"] == -found[0]["balance_km_crates"]
    (one,) = market.read(town, carriages_of, [farm])
    assert one.crates == CRATES and between([one], farm)[neighbour].given_crate_m == one.crate_m
    text = get(client, town, "farm", f"/parties/{farm}/reciprocity.csv").text
    assert [row.split(",")[0] for row in text.splitlines()] == ["line", "carriage", "balance"]
    assert get(client, town, "shop", f"/parties/{farm}/reciprocity").status_code == 404


def test_a_ride_is_asked_and_accepted_in_kind_and_costs_nothing_once_its_trip_is_frozen(client, town):
    trip, shipment = market.announced(town), market.sent(town)
    wish = {"shipment": shipment, "most_cents": 5_000, "in_kind": True}
    placed = client.post(f"/api/v1/trips/{trip}/bids", json=wish, headers=town.headers("neighbour")).json()
    assert placed["in_kind"] == "asked"
    path = f"/api/v1/bids/{placed['id']}/accept"
    taken = client.post(path, json={"in_kind": True}, headers=town.headers("farm")).json()
    assert (taken["state"], taken["in_kind"]) == ("accepted", "agreed") and taken["price_cents"] > 0
    licensed = {"vetted": True, "licence": "LTI-2", "licence_until": date(2030, 12, 31)}
    its = party.update().where(party.c.id == town.parties["farm"]).values(**licensed)
    town.house.desk.store.change(lambda tx: tx.connection.execute(its))
    paid = market.trip_words(town, regime=Regime.TRANSPORTEUR)
    with pytest.raises(Refusal) as refused:
        change_trip(town.house.desk, town.actor("farm"), town.ask("farm"), trip, None, paid)
    assert refused.value.code == "no_mutual_aid"
    freeze_trip(town.house.desk, town.actor("farm"), town.ask("farm"), trip)
    assert market.the_bid(town, placed["id"]).price_cents == 0
    assert market.owes(town, "neighbour") == {"pending": 0, "posted": 0}


def test_a_carrier_for_hire_settles_nothing_in_kind(client, town):
    trip, shipment = hired(town, 0), market.sent(town)
    wish = {"shipment": shipment, "most_cents": 5_000, "in_kind": True}
    refused = client.post(f"/api/v1/trips/{trip}/bids", json=wish, headers=town.headers("neighbour"))
    assert refused.json()["code"] == "no_mutual_aid"


def test_only_the_owner_settles_in_kind_and_only_mutual_aid_before_it_is_owed(town):
    run = Run(town)
    for name, code in (("neighbour", "not_allowed"), ("shop", "not_found")):
        with pytest.raises(Refusal) as refused:
            agree_in_kind(town.house.desk, town.actor(name), town.ask(name), run.bid)
        assert refused.value.code == code
    run.hand("on")
    run.hand("off")
    with pytest.raises(Refusal) as late:
        agree_in_kind(town.house.desk, town.actor("farm"), town.ask("farm"), run.bid)
    assert late.value.code == "in_kind_out_of_time"


# A community takes the gap of a tour


def test_a_community_takes_the_gap_of_a_tour_where_its_steward_says_so(client, town):
    community = circle.founded(town, by="operator")
    with pytest.raises(Refusal) as stranger:
        proposed(town, fixed_cents=9_000, gap_cents=99_000, gap_party_id=circle.founded(town))
    assert stranger.value.code == "not_found"
    gap = {"fixed_cents": 9_000, "gap_cents": 99_000, "gap_party_id": community}
    tour_id, _ = confirmed(town, **gap)
    assert get(client, town, "operator", f"/tours/{tour_id}").json()["card"]["gap_party"] == community
    account = market.read(town, account_balances, community_account(community))
    assert account["pending"] < 0 == account["posted"] and market.books(town).sum_cents == 0
