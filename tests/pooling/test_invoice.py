"""Invoices and bank payments: whole cents, VAT inside, ids that are always the same."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pooling.ledger.invoice import LATE_BY_LAW, Firm, Invoice, Line, NothingToInvoice, Terms, missing_of
from pooling.ledger.payout import Payout, end_to_end_id, message_id
from pooling.people.bank_account import IbanWrong, masked_iban, plain_iban
from tests.thorough import examples

FARM = Firm("Farm", "1 rue Haute", "06320", "La Turbie", "FR", "552100554", "FR83552100554")
SEPTEMBER, OCTOBER = date(2026, 9, 1), date(2026, 10, 1)
IBAN = "FR7630006000011234567890189"


def invoice(*cents, rates=(200,)):
    lines = tuple(Line(f"ride {at}", one, rates[at % len(rates)]) for at, one in enumerate(cents))
    return Invoice("1", SEPTEMBER, SEPTEMBER, SEPTEMBER, FARM, FARM, lines)


def test_vat_is_inside_what_is_owed():
    """12.00 € with 20 % VAT inside are 10.00 € and 2.00 €."""
    one = invoice(1200)
    assert (one.net_cents, one.vat_cents, one.owed_cents) == (1000, 200, 1200)


@examples(60)
@given(
    st.lists(st.integers(-5_000, 50_000).filter(bool), min_size=1, max_size=12),
    st.sampled_from([(0,), (200,), (200, 55), (200, 85, 100)]),
)
def test_lines_add_up_to_the_net_of_their_rate_and_nets_with_vat_to_what_is_owed(cents, rates):
    if sum(cents) <= 0:
        with pytest.raises(NothingToInvoice):
            invoice(*cents, rates=rates)
        return
    one = invoice(*cents, rates=rates)
    assert sum(one.net_lines) == one.net_cents and one.net_cents + one.vat_cents == sum(cents)
    for part in one.vat_parts:
        lines = [at for at, line in enumerate(one.lines) if line.vat_permille == part.permille]
        assert sum(one.net_lines[at] for at in lines) == part.net_cents
        assert sum(cents[at] for at in lines) == part.net_cents + part.vat_cents
        off = abs(part.vat_cents * 1000 - part.net_cents * part.permille)
        assert off <= 1000, "within a cent of the rate"
    assert one.exempt == (rates == (0,)) and (not one.exempt or one.net_lines == tuple(cents))


def test_an_invoice_is_due_by_its_terms_and_being_late_costs_what_the_law_says_unless_told():
    one = invoice(1200)
    assert (one.issued, one.due, one.terms.late) == (SEPTEMBER, OCTOBER, LATE_BY_LAW)
    agreed = Terms(10, 12)
    assert agreed.late == "Pénalités de retard : 12 % par an."


def test_what_is_missing_is_named():
    assert missing_of(FARM, ("siren", "street", "iban")) == ["iban"]


@pytest.mark.parametrize("given", [IBAN, "fr76 3000 6000 0112 3456 7890 189", "MC5811222000010123456789030"])
def test_an_iban_is_known_by_its_check_digits_however_it_is_written(given):
    assert plain_iban(given) == given.replace(" ", "").upper()


@pytest.mark.parametrize(
    "given", ["FR7630006000011234567890188", "FR76", "7630006000011234567890189", "é" * 20]
)
def test_an_iban_with_a_wrong_letter_is_refused_and_not_repeated(given):
    with pytest.raises(IbanWrong) as refused:
        plain_iban(given)
    assert given not in str(refused.value) and not refused.value.facts


def test_no_iban_is_none_and_one_is_shown_by_its_end():
    assert plain_iban(" ") == masked_iban("") == ""
    assert masked_iban(IBAN) == "FR•• •••• 0189"


def test_a_payment_has_one_id_for_its_month_and_another_for_the_next():
    told = end_to_end_id("a", "b", SEPTEMBER)
    assert told == end_to_end_id("a", "b", SEPTEMBER) and len(told) <= 35
    others = [end_to_end_id("b", "a", SEPTEMBER), end_to_end_id("a", "b", OCTOBER)]
    assert told not in others
    paid = (Payout("b", "B", 100, IBAN, told),)
    assert message_id("a", paid, SEPTEMBER) == message_id("a", paid, SEPTEMBER)
    assert len(message_id("a", paid, SEPTEMBER)) <= 35
