"""One truth about shares: place, proof, true price, bill, statement, invoice and ledger say the same."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from api.files.invoicing import invoice_of
from api.papers.words import words as in_words
from pooling.clock import TurnedClock
from pooling.desk.carriers.paying import pay_of_tour
from pooling.desk.goods.true_prices import GreenTerms, seen_true_price
from pooling.desk.runs.departing import name_vehicle
from pooling.desk.runs.freezing_rides import freeze_tour
from pooling.desk.runs.handovers import begin_run, end_run
from pooling.desk.tours.retelling import retell_due
from pooling.desk.tours.share_proofs import prove_shares
from pooling.desk.tours.sign_ups import leave_tour
from pooling.desk.tours.tour_planning import plan_tour
from pooling.desk.tours.tour_standing import place_standing, standing_of
from pooling.store import Page
from pooling.store.bills import bill_of
from pooling.store.ledger import account_balances, check_ledger, fee_account, party_account, tour_account
from pooling.store.legal import write_legal
from pooling.store.market import shipment
from pooling.store.proposals import prices_told
from pooling.store.statements import statement_of
from pooling.store.touring import share_book, sign_up, tour
from pooling.store.tours import sign_ups_aboard
from pooling.store.work import outbox
from tests.desk.servers import emptied
from tests.desk.test_runs import hand, in_order
from tests.desk.touring import Watch, joined, proposed, row, sent
from tests.houses import MORNING, new_house, settle
from tests.thorough import examples

FARMS = ("farm", "neighbour", "shop")
YEAR = 365 * 24 * 3600


def viewed(town, read, *words):
    with town.house.desk.store.view() as view:
        return read(view, *words)


def proof(town, tour_id, who="operator"):
    return prove_shares(town.house.desk, town.actor(who), tour_id)


def places(town, tour_id):
    return viewed(town, sign_ups_aboard, tour_id)


def totals(town, tour_id):
    paid = {}
    for one in places(town, tour_id):
        paid[one.payer_id] = paid.get(one.payer_id, 0) + one.share_cents
    return paid


def told(town, topic):
    with town.house.desk.store.view() as view:
        rows = view.connection.execute(select(outbox).where(outbox.c.topic == topic)).all()
    return [one.about_id for one in rows]


def proof_is_the_places(town, tour_id):
    """Hold the proof against the places, and its one sum against the tour's own figures."""
    found, aboard = proof(town, tour_id), places(town, tour_id)
    book, standing = found.book, viewed(town, standing_of, row(town, tour, tour_id))
    assert {one.party: one.share_cents for one in found.items} == totals(town, tour_id)
    for one in found.items:
        own = [place for place in aboard if place.payer_id == one.party]
        assert one.alone_cents == sum(place.alone_cents for place in own), (
            "one alone, of it each has its part"
        )
        assert one.share_cents <= one.cap_cents <= one.alone_cents
        assert one.share_cents == one.card_cents + one.fee_cents
        mine = viewed(town, place_standing, town.actor(name_of(town, one.party)), own[0].id, Page()).mine
        assert (mine.places, mine.share_cents, mine.alone_cents) == (
            len(own),
            one.share_cents,
            one.alone_cents,
        )
    assert book.shares_cents + book.gap_cents == book.cost_cents == standing.cost_cents
    assert book.gap_cents == standing.gap_cents + standing.lacking_cents, "one figure for what is missing"
    return found


def name_of(town, party):
    return next(name for name, one in town.parties.items() if one == party)


def run_through(town, tour_id):
    """Drive a confirmed tour: all that is handed over is signed for, and owed."""
    desk, carrier = town.house.desk, lambda: (town.actor("carrier"), town.ask("carrier"))
    manifest_id = freeze_tour(desk, *carrier(), tour_id)
    name_vehicle(desk, *carrier(), manifest_id, "AB-123-CD")
    begin_run(desk, *carrier(), manifest_id)
    crates = {one.shipment_id: one for one in places(town, tour_id)}
    for shipment_id, way in in_order(town, manifest_id):
        hand(town, manifest_id, shipment_id, way, crates=crates_of(town, crates[shipment_id]))
    end_run(desk, *carrier(), manifest_id)


def crates_of(town, place):
    return row(town, shipment, place.shipment_id).crates


def documents_agree(town, tour_id, fee_cents):
    """Hold every document of a tour that was driven against the places that were agreed."""
    found, aboard, fees = proof_of(town, tour_id), places(town, tour_id), 0
    operator = town.parties["operator"]
    for one in found.items:
        name = name_of(town, one.party)
        own = {place.shipment_id: place.share_cents for place in aboard if place.payer_id == one.party}
        assert one.share_cents == sum(own.values())
        bill = viewed(town, bill_of, one.party, 0, MORNING + YEAR)
        assert {line.shipment_id: line.cents for line in bill.lines} == {i: c for i, c in own.items() if c}
        statement = viewed(town, statement_of, one.party, 0, MORNING + YEAR)
        assert statement.opening_cents - statement.closing_cents == one.share_cents == bill.total_cents
        assert viewed(town, account_balances, party_account(one.party))["posted"] == -one.share_cents
        parts = [
            seen_true_price(town.house.desk, town.actor(name), shipment_id, GreenTerms()).price.lines
            for shipment_id in own
        ]
        assert [line["carriage"] + line["fee"] for line in parts] == list(own.values())
        assert sum(line["fee"] for line in parts) == one.fee_cents, (
            "the fee of the proof, shipment by shipment"
        )
        fees += one.fee_cents
        if one.share_cents:
            with town.house.desk.store.view() as view:
                english = in_words("en")
                made = invoice_of(view, operator, one.party, date(2026, 9, 1), "1", english, "Europe/Paris")
            assert made.owed_cents == one.share_cents
    book = found.book
    posted = {
        name: viewed(town, account_balances, account)["posted"]
        for name, account in (
            ("carrier", party_account(town.parties["carrier"])),
            ("fee", fee_account(operator)),
            ("tour", tour_account(tour_id)),
            ("gap", party_account(operator)),
        )
    }
    assert posted["carrier"] == book.card.total_cents and posted["tour"] == 0
    assert posted["fee"] == fee_cents and posted["gap"] == -book.gap_cents
    assert 0 <= fee_cents - fees <= book.gap_cents
    pay = viewed(town, pay_of_tour, town.actor("operator"), tour_id)
    assert (pay.shippers_cents, pay.gap_cents) == (book.shares_cents, book.gap_cents)
    assert viewed(town, check_ledger).sum_cents == 0


def proof_of(town, tour_id):
    found = proof(town, tour_id)
    assert found.kept and found.book is not None
    return found


def legal_known(town, *names):
    """Say of parties what an invoice needs."""
    known = {"siret": "55210055400013", "street": "1 rue Haute", "postcode": "06320", "town": "La Turbie"}

    def save(tx):
        for name in names:
            write_legal(tx, town.parties[name], None, known | {"vat_exempt": True})

    town.house.desk.store.change(save)


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    made = new_house(tmp_path_factory.mktemp("books"), TurnedClock(MORNING))
    yield made
    made.close()


CRATES = st.lists(st.integers(1, 4), min_size=1, max_size=3)


@given(
    loads=st.dictionaries(st.sampled_from(FARMS), CRATES, min_size=2, max_size=3),
    fee_cents=st.sampled_from([0, 53, 250]),
    gap=st.booleans(),
    rule=st.sampled_from(["shapley", "crates", "nucleolus"]),
)
@examples(3)
def test_every_document_of_a_tour_says_the_same_cents(house, loads, fee_cents, gap, rule):
    """Several shipments for each payer, with and without a gap that somebody takes, to the cent."""
    house.desk.store.change(emptied)
    town = settle(house, house.desk.clock)
    money = {"fee_cents": fee_cents, "sharing_rule": rule, "ambient_crates": 60, "payload_kg": 2_000}
    if gap:
        money |= {"fixed_cents": 2_500, "gap_cents": 9_000, "gap_party_id": town.parties["operator"]}
    tour_id = proposed(town, **money)
    for name in sorted(loads):
        for crates in loads[name]:
            joined(town, tour_id, name, sent(town, name, crates=crates))
            proof_is_the_places(town, tour_id)
    plan_tour(house.desk, tour_id, Watch(), search_s=0.0)
    if row(town, tour, tour_id).state != "confirmed":
        return
    proof_is_the_places(town, tour_id)
    legal_known(town, "operator", *loads)
    run_through(town, tour_id)
    documents_agree(town, tour_id, fee_cents)


def test_the_fee_of_a_payer_is_the_same_on_its_proof_and_in_its_true_prices_with_a_gap(town):
    gap = {"fixed_cents": 6_000, "gap_cents": 9_000, "gap_party_id": town.parties["operator"]}
    tour_id = proposed(town, fee_cents=251, **gap)
    for name in ("farm", "farm", "neighbour"):
        joined(town, tour_id, name, sent(town, name))
    plan_tour(town.house.desk, tour_id, Watch(), search_s=0.0)
    assert row(town, tour, tour_id).state == "confirmed" and proof(town, tour_id).book.gap_cents > 0
    proof_is_the_places(town, tour_id)
    legal_known(town, "operator", "farm", "neighbour")
    run_through(town, tour_id)
    documents_agree(town, tour_id, 251)


def test_the_proof_of_a_confirmed_tour_is_what_was_charged_whatever_was_told_before(town):
    """Shares that fell before the cut-off are the caps that bound; proof and Shapley value keep to them."""
    tour_id = proposed(town, crate_cents=300)
    for name in ("farm", "neighbour", "neighbour", "shop", "neighbour"):
        joined(town, tour_id, name, sent(town, name))
    plan_tour(town.house.desk, tour_id, Watch(), search_s=0.0)
    assert row(town, tour, tour_id).state == "confirmed"
    found = proof_is_the_places(town, tour_id)
    assert found.rule == "shapley" and found.book.how in ("rule", "told")
    assert all(one.shapley_cents == one.share_cents for one in found.items), "one set of caps"
    assert all(one.share_cents <= one.alone_cents for one in found.items)


def test_a_proof_that_was_never_kept_is_said_not_to_be(town, client):
    tour_id = proposed(town)
    joined(town, tour_id, "farm", sent(town, "farm"))
    town.house.desk.store.change(lambda tx: tx.connection.execute(share_book.delete()))
    shown = client.get(f"/api/v1/tours/{tour_id}/share-proofs", headers=town.headers("farm")).json()
    assert (shown["kept"], shown["items"], shown["totals"], shown["how"]) == (False, [], None, None)
    assert retell_due(town.house.desk) == 1, "a proposed tour is told anew, and kept"
    proof_is_the_places(town, tour_id)


def test_what_all_pay_is_shown_to_a_payer_from_three_on_and_nobody_sees_anothers_share(town, client):
    tour_id = proposed(town)
    shown = {}
    for name in FARMS:
        joined(town, tour_id, name, sent(town, name))
        for who in ("farm", "operator"):
            path = f"/api/v1/tours/{tour_id}/share-proofs"
            shown[name, who] = client.get(path, headers=town.headers(who)).json()
    assert shown["neighbour", "farm"]["totals"] is None and shown["neighbour", "operator"]["totals"]
    sums = shown["shop", "farm"]["totals"]
    assert sums == shown["shop", "operator"]["totals"]
    card = sum(sums[f"{line}_cents"] for line in ("fixed", "distance", "time", "stops"))
    assert card == sums["card_cents"] and card + sums["fee_cents"] == sums["cost_cents"]
    assert sums["shares_cents"] + sums["gap_cents"] == sums["cost_cents"]
    assert [one["party"] for one in shown["shop", "farm"]["items"]] == [town.parties["farm"]]


def test_where_the_caps_do_not_cover_the_cost_it_is_said_and_what_a_group_must_bear_too(town, client):
    tour_id = proposed(town, fixed_cents=6_000)
    for name in ("farm", "neighbour"):
        joined(town, tour_id, name, sent(town, name))
    shown = client.get(f"/api/v1/tours/{tour_id}/share-proofs", headers=town.headers("operator")).json()
    assert shown["how"] == "caps" and shown["totals"]["gap_cents"] > 0
    assert shown["allowed_cents"] == max(0, -shown["worst_group_saves_cents"])
    answer = plan_tour(town.house.desk, tour_id, Watch(), search_s=0.0)
    facts, standing = answer["not_yet"]["facts"], viewed(town, standing_of, row(town, tour, tour_id))
    assert facts["gap"] == standing.lacking_cents and facts["most"] == standing.shares_cents
    assert answer["book"] == viewed(town, lambda view: last_book(view, tour_id)).id


def last_book(view, tour_id):
    query = select(share_book).where(share_book.c.tour_id == tour_id).order_by(share_book.c.number.desc())
    return view.connection.execute(query).first()


def test_what_a_payer_does_elsewhere_that_day_is_told_again_and_every_page_follows(town):
    """Its other ride of that day leaves it less to pay here; it comes back when that is left, and is told."""
    tour_id, other = proposed(town), proposed(town)
    mine = joined(town, tour_id, "farm", sent(town, "farm"))
    joined(town, tour_id, "neighbour", sent(town, "neighbour"))
    before = totals(town, tour_id)
    elsewhere = joined(town, other, "farm", sent(town, "farm", crates=6))
    town.clock.forward(61)
    assert retell_due(town.house.desk) >= 1
    proof_is_the_places(town, tour_id)
    during = totals(town, tour_id)
    leave_tour(town.house.desk, town.actor("farm"), town.ask("farm"), elsewhere)
    town.clock.forward(61)
    retell_due(town.house.desk)
    proof_is_the_places(town, tour_id)
    after = totals(town, tour_id)
    assert all(after[one] <= cents for one, cents in before.items()), "never above what was told"
    assert retell_due(town.house.desk) == 0, "nothing has moved since"
    farm = town.parties["farm"]
    assert (during[farm] < after[farm]) is bool(told(town, "tour.share_rose"))
    assert row(town, sign_up, mine).share_cents == after[farm]


def test_each_price_names_its_cause_by_payer_and_the_total_is_what_is_promised(town):
    tour_id = proposed(town)
    first = joined(town, tour_id, "farm", sent(town, "farm"))
    town.clock.forward(60)
    joined(town, tour_id, "neighbour", sent(town, "neighbour"))
    town.clock.forward(60)
    was = totals(town, tour_id)[town.parties["farm"]]
    second = joined(town, tour_id, "farm", sent(town, "farm", crates=2))
    now = totals(town, tour_id)
    rows = viewed(town, lambda view: prices_told(view, first, Page())[0])
    assert [one.why for one in rows] == ["own_place", "others_joined", "joined"]
    assert rows[0].total_cents == now[town.parties["farm"]]
    place = viewed(town, place_standing, town.actor("farm"), second, Page())
    assert (place.mine.places, place.mine.before_cents) == (2, was)
    shown = row(town, sign_up, second).joined_cents
    assert place.mine.share_cents <= was + shown, "never above the sum told and what the new place was shown"
    assert first not in told(town, "tour.share_fell")[1:], "its own act is not told to it as somebody else's"
    town.clock.forward(60)
    leave_tour(town.house.desk, town.actor("farm"), town.ask("farm"), second)
    rows = viewed(town, lambda view: prices_told(view, first, Page())[0])
    assert rows[0].why in ("own_left", "own_place") and all(
        one.share_cents <= rows[-1].share_cents for one in rows
    )
