"""Invoices, bank files and a payment provider: real files held against their schemas, to the cent."""

import json
import logging
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import facturx
import pytest
from fastapi.testclient import TestClient
from pypdf import PdfReader

from api.app import make_app
from api.extras import ExtraMissing, extra
from api.papers.invoice_paper import data_of
from pooling.ledger.invoice import Firm, Invoice, Line
from pooling.ledger.paying import PaymentAsked
from pooling.store.rows import as_words
from pooling.store.work import outbox
from pooling.telling.webhooks import fresh_secret, signed
from tests.desk import market
from tests.desk.test_custody import Run
from tests.desk.test_ledger_routes import get, ridden, wish

IBANS = {
    "farm": "FR7630006000011234567890189",
    "neighbour": "FR1420041010050500013M02606",
    "shop": "MC5811222000010123456789030",
}
SEPTEMBER = "month=2026-09"
PAIN = "{urn:iso:std:iso:20022:tech:xsd:pain.001.001.09}"


def tree_of(content):
    return ET.fromstring(content)  # noqa: S314 - written by this house


def legal(client, town, name, **words):
    """Say what invoices need of a party of the town."""
    said = {"siret": "55210055400013", "street": "1 rue Haute", "postcode": "06320", "town": "La Turbie"}
    said |= {"iban": IBANS[name]} if name in IBANS else {}
    path = f"/api/v1/parties/{town.parties[name]}/legal"
    return client.put(path, json=said | words, headers=town.headers(name))


def invoice(client, town, seller="farm", buyer="neighbour", number="2026-0042", who=""):
    path = f"/parties/{town.parties[seller]}/invoice.pdf?{SEPTEMBER}&number={number}"
    return get(client, town, who or seller, f"{path}&buyer={town.parties[buyer]}")


def payments(client, town, name, more=""):
    return get(
        client, town, name, f"/parties/{town.parties[name]}/payouts.xml?{SEPTEMBER}&on=2026-10-05{more}"
    )


# What is said of a party


def test_an_iban_is_kept_and_never_shown_again_nor_logged_nor_told(client, town, caplog):
    caplog.set_level(logging.DEBUG)
    shown = legal(client, town, "farm")
    assert shown.status_code == 200 and shown.json()["iban_masked"] == "FR•• •••• 0189"
    for name in ("farm", "operator"):
        answer = get(client, town, name, f"/parties/{town.parties['farm']}/legal")
        assert answer.status_code == 200 and IBANS["farm"] not in answer.text
    assert get(client, town, "shop", f"/parties/{town.parties['farm']}/legal").status_code == 404
    assert legal(client, town, "farm", iban=None).json()["iban_masked"] == "FR•• •••• 0189"
    old = {**town.headers("farm"), "If-Match": '"1"'}
    path = f"/api/v1/parties/{town.parties['farm']}/legal"
    clash = client.put(path, json={"town": "Èze"}, headers=old)
    assert clash.status_code == 409 and IBANS["farm"] not in clash.text
    wrong = legal(client, town, "farm", iban="FR7630006000011234567890188")
    assert wrong.json()["code"] == "iban_wrong" and "0188" not in wrong.text
    with town.house.desk.store.view() as view:
        told = [as_words(row) for row in view.connection.execute(outbox.select())]
    assert IBANS["farm"] not in caplog.text and IBANS["farm"] not in str(told)


# Invoices


def told_in(answer):
    """Return the words printed on an invoice, and the texts of its data by their names."""
    printed = " ".join(
        " ".join(page.extract_text().split()) for page in PdfReader(BytesIO(answer.content)).pages
    )
    found = {}
    for one in tree_of(facturx.get_xml_from_pdf(answer.content, check_xsd=True)[1]).iter():
        found.setdefault(one.tag.partition("}")[2], []).append((one.text or "").strip())
    return printed, found


def test_an_invoice_says_when_it_is_due_who_buys_and_what_being_late_costs_in_both_its_forms(client, town):
    market.ridden(town)
    legal(client, town, "farm", vat_exempt=False, vat_number="FR83552100554", payment_days=20,
          late_percent=12, shared_vat_permille=55)  # fmt: skip
    legal(client, town, "neighbour", siret="73282932000074")
    printed, data = told_in(invoice(client, town))
    today = datetime.fromtimestamp(town.clock.at, UTC).date()
    due = today + timedelta(days=20)
    assert data["DateTimeString"][0] == f"{today:%Y%m%d}" and data["DateTimeString"][-1] == f"{due:%Y%m%d}"
    assert f"Issued on {today.day} Sept 2026" in printed and f"Due on {due.day} Oct 2026" in printed
    assert "732829320" in data["ID"] and "732829320" in printed
    assert data["SubjectCode"] == ["PMT", "PMD", "AAB"]
    for text in data["Content"]:
        assert text in printed
    assert "40 €" in printed and "12 % par an" in printed and "Pas d'escompte" in printed
    assert set(data["RateApplicablePercent"]) == {"5.5"}, "the ride shared costs"
    assert "5.5 %" in printed and "293 B" not in printed


def test_two_rates_on_one_invoice_stand_apart_in_its_data_and_validate():
    lines = Line("hired", 1200, 200), Line("given back", -240, 200), Line("shared", 1055, 55)
    day, firm = date(2026, 9, 30), Firm("Farm", "1 rue Haute", "06320", "La Turbie", "FR", "552100554")
    made = data_of(Invoice("1", day, day, day, firm, firm, lines))
    facturx.xml_check_xsd(made, flavor="factur-x", level="basic")
    told = {}
    for one in tree_of(made).iter():
        told.setdefault(one.tag.partition("}")[2], []).append(one.text)
    assert told["BasisAmount"] == ["8.00", "10.00"] and told["CalculatedAmount"] == ["1.60", "0.55"]
    assert told["TaxTotalAmount"] == ["2.15"] and told["GrandTotalAmount"] == ["20.15"]


def test_nobody_is_given_longer_to_pay_than_the_law_allows(client, town):
    assert legal(client, town, "farm", payment_days=31).status_code == 422


@pytest.mark.parametrize(("exempt", "vat"), [(True, "0.00"), (False, None)])
def test_an_invoice_is_a_page_with_its_data_inside_and_adds_up(client, town, exempt, vat):
    bid_id = market.ridden(town)
    cents = market.the_bid(town, bid_id).price_cents
    legal(client, town, "farm", vat_exempt=exempt, vat_number="" if exempt else "FR83552100554")
    legal(client, town, "neighbour")
    answer = invoice(client, town)
    assert answer.status_code == 200, answer.text
    name, data = facturx.get_xml_from_pdf(answer.content, check_xsd=True)
    assert name == "factur-x.xml" and b"urn:factur-x.eu:1p0:basic<" in data
    space = "{urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100}"
    root = tree_of(data)
    amounts = {one: [e.text for e in root.iter(f"{space}{one}")] for one in
               ("LineTotalAmount", "TaxTotalAmount", "GrandTotalAmount", "DuePayableAmount")}  # fmt: skip
    assert amounts["GrandTotalAmount"] == amounts["DuePayableAmount"] == [f"{cents / 100:.2f}"]
    in_cents = {one: [round(float(each) * 100) for each in found] for one, found in amounts.items()}
    *lines, net = in_cents["LineTotalAmount"]
    assert sum(lines) == net and net + in_cents["TaxTotalAmount"][0] == cents
    assert vat is None or amounts["TaxTotalAmount"] == [vat]
    printed = "".join(page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages)
    assert "2026-0042" in printed and "no approved platform" in printed
    assert ("293 B" in printed) == exempt


def test_an_invoice_is_refused_with_what_is_missing_and_to_whoever_has_no_part(client, town):
    assert invoice(client, town).json()["code"] == "nothing_to_invoice"
    market.ridden(town)
    missing = invoice(client, town).json()
    assert missing["code"] == "legal_data_missing" and "street" in missing["detail"]
    legal(client, town, "farm", vat_exempt=False)
    assert "VAT number" in invoice(client, town).json()["detail"]
    legal(client, town, "farm")
    assert "Neighbour" in invoice(client, town).json()["detail"]
    for name, status in (("neighbour", 404), ("shop", 404), ("operator", 403)):
        assert invoice(client, town, who=name).status_code == status


def test_an_invoice_of_a_month_that_is_not_over_is_dated_today_and_tells_what_was_signed_for(client, town):
    run = Run(town)
    run.hand("on")
    run.hand("off", crates=4, lost=2)
    run.end()
    for name in ("farm", "neighbour"):
        legal(client, town, name)
    answer = invoice(client, town)
    today = datetime.fromtimestamp(town.clock.at, UTC).date()
    assert (today.year, today.month) == (2026, 9) and today.day < 30
    dated = f'<udt:DateTimeString format="102">{today:%Y%m%d}<'.encode()
    assert dated in facturx.get_xml_from_pdf(answer.content)[1]
    printed = " ".join(
        " ".join(page.extract_text().split()) for page in PdfReader(BytesIO(answer.content)).pages
    )
    assert "The month so far" in printed and "4 crates" in printed and "6 crates" not in printed


# Bank files


def test_a_bank_file_pays_each_what_is_owed_once_however_often_it_is_written(client, town):
    ridden(town, "farm", "neighbour", 1200)
    ridden(town, "farm", "shop", 505)
    ridden(town, "restaurant", "farm", 999)
    for name in ("farm", "neighbour", "shop"):
        legal(client, town, name)
    first, second = (payments(client, town, "farm") for _ in range(2))
    assert first.status_code == 200 and first.content == second.content
    root = tree_of(first.content)
    text = {one: [e.text for e in root.iter(f"{PAIN}{one}")] for one in
            ("CtrlSum", "NbOfTxs", "InstdAmt", "EndToEndId", "IBAN", "Dt")}  # fmt: skip
    assert set(text["CtrlSum"]) == {"17.05"} and set(text["NbOfTxs"]) == {"2"}
    assert sorted(text["InstdAmt"]) == ["12.00", "5.05"] and text["Dt"] == ["2026-10-05"]
    assert text["IBAN"][0] == IBANS["farm"] and set(text["IBAN"][1:]) == {IBANS["neighbour"], IBANS["shop"]}
    listed = get(client, town, "farm", f"/parties/{town.parties['farm']}/payouts?{SEPTEMBER}")
    assert {one["end_to_end_id"] for one in listed.json()["payouts"]} == set(text["EndToEndId"])
    assert listed.json()["total_cents"] == 1705 and IBANS["shop"] not in listed.text
    paid = wish(town, "farm", "neighbour", 1200)
    client.post("/api/v1/payments", json=paid, headers=town.headers("neighbour"))
    after = tree_of(payments(client, town, "farm").content)
    assert [one.text for one in after.iter(f"{PAIN}InstdAmt")] == ["5.05"]


def test_a_bank_file_is_its_payers_alone_and_of_no_day_that_is_over(client, town):
    ridden(town, "farm", "neighbour", 1200)
    for name in ("farm", "neighbour"):
        legal(client, town, name)
    path = f"/parties/{town.parties['farm']}/payouts.xml?{SEPTEMBER}"
    for name, status in (("operator", 403), ("neighbour", 404)):
        refused = get(client, town, name, f"{path}&on=2026-10-05")
        assert refused.status_code == status and IBANS["neighbour"] not in refused.text
    past = get(client, town, "farm", f"{path}&on=2020-01-01")
    assert (past.status_code, past.json()["code"]) == (422, "pay_day_past")


def test_nobody_without_an_iban_is_dropped_in_silence(client, town):
    ridden(town, "farm", "neighbour", 1200)
    ridden(town, "farm", "restaurant", 300)
    for name in ("farm", "neighbour"):
        legal(client, town, name)
    refused = payments(client, town, "farm").json()
    assert refused["code"] == "payout_incomplete" and "Restaurant" in refused["detail"]
    root = tree_of(payments(client, town, "farm", "&leave_out=no-iban").content)
    assert [one.text for one in root.iter(f"{PAIN}InstdAmt")] == ["12.00"]
    assert payments(client, town, "neighbour").json()["code"] == "nothing_to_pay"
    ridden(town, "restaurant", "neighbour", 100)
    assert payments(client, town, "restaurant").json()["code"] == "legal_data_missing"


def test_a_house_without_the_library_says_so():
    with pytest.raises(ExtraMissing) as refused:
        extra("payouts", "no_library_of_this_name")
    assert "carriole[payouts]" in refused.value.what_to_do


# A payment provider


class FakeProvider:
    """A provider that notes what it was asked for; the same key is one payment."""

    def __init__(self):
        self.asked = {}

    def ask(self, request):
        self.asked[request.key] = request
        reference = f"pay_{request.key[:12]}"
        return PaymentAsked(reference, f"https://pay.example/{reference}")


@pytest.fixture
def provider(town):
    return FakeProvider()


@pytest.fixture
def paying(town, provider):
    """The town's house with a payment provider, over HTTP."""
    secret = fresh_secret()
    told = replace(town.house.settings, payment_secret=secret)
    house = replace(town.house, settings=told, payments=provider)
    with TestClient(make_app(house), raise_server_exceptions=False) as client:
        client.secret = secret
        yield client


def tell(paying, town, reference, cents=1200, secret="", kind="payment.paid"):
    body = json.dumps({"type": kind, "data": {"reference": reference, "cents": cents}})
    headers = signed(secret or paying.secret, "msg_1", town.clock.at, body)
    return paying.post("/api/v1/payment-provider/events", content=body, headers=headers)


def ask(paying, town, payer="neighbour", payee="farm", cents=1200, key="", name=""):
    words = wish(town, payer, payee, cents)
    return paying.post("/api/v1/payment-requests", json=words, headers=town.headers(name or payer, key))


def test_a_provider_is_asked_once_and_what_it_tells_is_noted_once(paying, town, provider):
    ridden(town, "neighbour", "farm", 1200)
    assert ask(paying, town).json()["code"] == "legal_data_missing"
    legal(paying, town, "farm")
    asked = [ask(paying, town, key="one").json() for _ in range(2)]
    assert asked[0] == asked[1] and asked[0]["state"] == "asked" and len(provider.asked) == 1
    (request,) = provider.asked.values()
    assert (request.payee_iban, request.cents) == (IBANS["farm"], 1200), "it goes to the payee, not to us"
    told = [tell(paying, town, asked[0]["reference"]).json() for _ in range(2)]
    assert told[0] == told[1] == {"request": asked[0]["id"]}
    balance = get(paying, town, "farm", f"/parties/{town.parties['farm']}/balance").json()
    assert (balance["posted_cents"], len(balance["others"])) == (0, 0)
    (listed,) = get(paying, town, "farm", "/payment-requests").json()["items"]
    assert listed["state"] == "paid" and listed["transfer"]
    assert get(paying, town, "shop", "/payment-requests").json()["items"] == []


def test_what_a_provider_tells_wrongly_is_noted_nowhere(paying, town):
    ridden(town, "neighbour", "farm", 1200)
    legal(paying, town, "farm")
    reference = ask(paying, town).json()["reference"]
    codes = [
        tell(paying, town, reference, secret=fresh_secret()).json()["code"],
        tell(paying, town, reference, cents=1199).json()["code"],
        tell(paying, town, reference, cents="1200").json()["code"],
        tell(paying, town, "pay_unknown").json()["code"],
    ]
    assert codes == ["signature_wrong", "payment_differs", "payment_unreadable", "not_found"]
    assert tell(paying, town, reference, kind="payment.begun").json() == {"request": ""}
    balance = get(paying, town, "farm", f"/parties/{town.parties['farm']}/balance").json()
    assert balance["posted_cents"] == 1200


def test_only_who_owes_asks_for_no_more_than_it_owes_and_a_house_may_have_no_provider(paying, client, town):
    ridden(town, "neighbour", "farm", 1200)
    legal(client, town, "farm")
    assert ask(paying, town, name="farm").status_code == 403
    assert ask(paying, town, cents=1201).json()["code"] == "payment_above_debt"
    assert ask(client, town).json()["code"] == "no_payment_provider"
    client.secret = fresh_secret()
    assert tell(client, town, "pay_1").json()["code"] == "signature_wrong"
