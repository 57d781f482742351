"""Short lists as values: crates that units fill, tables whose good lines are kept and bad ones told."""

import csv
from dataclasses import dataclass, replace
from datetime import date
from io import StringIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.refusal import Refusal
from pooling.goods.goods import DaysBackwards, GoodsWords, TooManyCrates, crates_for, loads_of
from pooling.goods.goods_file import GOODS_COLUMNS, GOODS_LIMIT, goods_row, read_goods
from pooling.names import BadName

COURGETTES = GoodsWords("c", "Courgettes", "kg", 250, 12, 12, least=6, available=90)


@dataclass(frozen=True)
class Wanted:
    product: str = "Courgettes"
    crates: int = 2
    kg: int = 20
    cents: int = 500
    temperature: str = "ambient"
    food: str = ""


def written(*lines):
    text = StringIO()
    csv.writer(text).writerows([GOODS_COLUMNS, *map(goods_row, lines)])
    return text.getvalue().encode()


@given(quantity=st.integers(1, 10_000), per_crate=st.integers(1, 500))
@settings(max_examples=30)
def test_crates_hold_all_units_and_the_last_is_needed(quantity, per_crate):
    crates = crates_for(quantity, per_crate)
    assert (crates - 1) * per_crate < quantity <= crates * per_crate


def test_lines_of_one_class_ride_together_and_others_apart():
    cold = Wanted("Cheese", 1, 8, 3_000, "chilled", "very_perishable")
    ambient, chilled = loads_of([Wanted(), cold, Wanted("Figs", 1, 4, 700)])
    assert (ambient.crates, ambient.kg, ambient.value_cents) == (3, 24, 1_200)
    assert ambient.products == ("Courgettes", "Figs")
    assert (chilled.temperature, chilled.food, chilled.crates) == ("chilled", "very_perishable", 1)


def test_more_crates_than_a_shipment_holds_are_refused():
    with pytest.raises(TooManyCrates):
        loads_of([Wanted(crates=300), Wanted(crates=101)])


def test_goods_that_end_before_they_begin_or_are_not_cold_enough_are_refused():
    with pytest.raises(DaysBackwards):
        replace(COURGETTES, from_day=date(2026, 9, 13), until_day=date(2026, 9, 12)).must_make_sense()
    with pytest.raises(Refusal) as refused:
        replace(COURGETTES, food="poultry").must_make_sense()
    assert refused.value.code == "food_needs_cold"


def test_a_name_holds_no_markup_and_nothing_unseen_by_file_or_by_hand():
    raw = (
        "reference;product;unit;price_eur;units_per_crate\n"
        "a;<b>Figs</b>;kg;4;10\n"
        "b;Figs;k\u202eg;4;10\n"
        "c;Figs;kg;4;10\n"
        "d>;Figs & nuts, 2\xa0kg;kg;4;10\n"
        "e;Figs & nuts, 2\xa0kg;kg;4;10\n"
    )
    read = read_goods(raw.encode())
    assert [(one.line, one.column, one.refusal.code) for one in read.bad] == [
        (2, "product", "bad_name"), (3, "unit", "bad_name"), (5, "reference", "bad_name")
    ]  # fmt: skip
    assert "without < or >" in read.bad[0].refusal.what_to_do
    assert [one.reference for one in read.good.values()] == ["c", "e"]
    for name in ("reference", "product", "unit"):
        with pytest.raises(BadName):
            replace(COURGETTES, **{name: "a<i>"}).must_make_sense()


def test_what_is_written_is_read_as_the_same_lines():
    lines = (
        COURGETTES,
        replace(COURGETTES, reference="=1+1", available=None, from_day=date(2026, 9, 12)),
        GoodsWords("m", "Milk", "litre", 0, 10, 0, temperature="chilled", food="very_perishable"),
    )
    read = read_goods(written(*lines))
    assert tuple(read.good.values()) == lines and not read.bad and not read.unread


def test_product_unit_price_and_least_quantity_are_enough_where_the_unit_is_a_crate():
    found = read_goods(
        "Produit;Unité;Prix;Quantité minimale\nSalades;caisse;12,50;2\nMiel;kg;9;1\n".encode("cp1252")
    )
    (one,) = found.good.values()
    assert (one.reference, one.price_cents, one.least, one.units_per_crate) == ("Salades", 1250, 2, 1)
    assert [(bad.line, bad.column) for bad in found.bad] == [(3, "units_per_crate")]


def test_bad_lines_are_told_with_number_and_column_and_good_ones_are_kept():
    raw = (
        "référence;produit;unité;prix;par caisse;température;du;au\n"
        "a;Figues;kg;4,50;10;frais;12/09/2026;\n"
        "b;Miel;pot;beaucoup;0;ambiant;;\n"
        "a;Noix;kg;3;10;;;\n"
        "d;Oeufs;boîte;3;10;;13/09/2026;12/09/2026\n"
        "e;Lait;litre;1;10;;32/09/2026;\n"
    ).encode("cp1252")
    read = read_goods(raw)
    assert [(one.reference, one.temperature, one.price_cents) for one in read.good.values()] == [
        ("a", "chilled", 450)
    ]
    assert [(one.line, one.column, one.refusal.code) for one in read.bad] == [
        (3, "price_eur", "not_a_number"),
        (3, "units_per_crate", "amount_out_of_range"),
        (4, "reference", "name_twice"),
        (5, "until", "goods_end_early"),
        (6, "from", "not_a_date"),
    ]


@pytest.mark.parametrize("raw", [b"", b"\x00\x01", b"reference;product\n"])
def test_what_is_no_table_is_refused(raw):
    with pytest.raises(Refusal) as refused:
        read_goods(raw)
    assert refused.value.code == "goods_file_unreadable"


def test_a_table_that_is_too_long_is_refused_and_strange_columns_are_told():
    with pytest.raises(Refusal) as refused:
        read_goods(b"reference\n" + b"a\n" * (GOODS_LIMIT + 1))
    assert refused.value.code == "goods_too_many"
    read = read_goods(b"reference,product,unit,price_eur,units_per_crate,colour\na,Figs,kg,4,10,blue\n")
    assert [one.code for one in read.unread] == ["column_unknown"] and len(read.good) == 1
