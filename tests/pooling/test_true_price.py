"""The true price: its lines add up to the cent, and the worked example of docs/true-price.md."""

from hypothesis import given
from hypothesis import strategies as st

from pooling.costs.carbon import carbon_cents, reference_co2_g
from pooling.fair.sharing import fee_parts
from pooling.goods.true_price import NOT_PAID, loading_cents, true_price
from tests.thorough import examples

CENTS = st.integers(0, 500_000)


@examples(80)
@given(CENTS, st.none() | CENTS, CENTS, st.integers(1, 400), st.none() | CENTS)
def test_the_lines_add_up_to_the_cent_whatever_is_known(goods, carriage, fee, crates, carbon):
    found = true_price(
        goods_cents=goods,
        carriage_cents=carriage,
        fee_cents=min(fee, carriage or 0),
        crates=crates,
        carbon_cents=carbon,
    )
    assert found.total_cents == goods + (carriage or 0) + loading_cents(crates) + (carbon or 0)
    assert found.paid_cents == goods + (carriage or 0)
    assert all(cents >= 0 for cents in found.lines.values())
    assert found.total_cents - found.paid_cents == sum(found.lines.get(name, 0) for name in NOT_PAID)
    assert ("carriage" in found.lines) is (carriage is not None)


def test_the_worked_example_of_the_page():
    """Four crates worth 96 euro on a tour: a share of 6.40, 0.50 of it fee; 2.14 kg at 100 euro a tonne."""
    fee = fee_parts(100, {"ours": 640, "theirs": 640}, 0)["ours"]
    found = true_price(
        goods_cents=9_600,
        carriage_cents=640,
        fee_cents=fee,
        crates=4,
        carbon_cents=carbon_cents(2_140, 10_000),
    )
    assert found.lines == {"goods": 9_600, "carriage": 590, "fee": 50, "loading": 33, "carbon": 21}
    assert (found.total_cents, found.paid_cents) == (10_294, 10_240)
    assert reference_co2_g(32) == 416
