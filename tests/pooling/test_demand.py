"""Which products of unmet demand may be told: never so that what one party wanted is read."""

from itertools import chain, combinations

from hypothesis import given
from hypothesis import strategies as st

from pooling.market.demand import PARTIES_LEAST, ProductUnmet, told_products
from tests.thorough import examples


def asked(product, *marks, crates=2):
    return [(mark, product, crates) for mark in marks]


def test_a_product_is_told_from_three_parties_on():
    assert told_products(asked("carrots", "a", "b")) == ()
    assert told_products(asked("carrots", "a", "b", "c")) == (ProductUnmet("carrots", 3, 6),)


def test_a_product_stays_untold_where_the_whole_without_it_would_be_one_partys():
    carrots = asked("carrots", "a", "b", "c")
    assert told_products([*carrots, *asked("saffron", "d")]) == ()
    assert told_products([*carrots, *asked("", "d")]) == (), "neither where the other product is not known"
    (told,) = told_products([*carrots, *asked("saffron", "d"), *asked("", "e", "f")])
    assert told.product == "carrots"


def test_of_two_products_the_smaller_hides_what_few_wanted():
    both = [*asked("carrots", "a", "b", "c", "d"), *asked("leeks", "a", "b", "c")]
    assert [one.product for one in told_products(both)] == ["carrots", "leeks"]
    assert [one.product for one in told_products([*both, *asked("saffron", "e")])] == ["carrots"]


@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.sampled_from(["", "x", "y", "z"]), st.just(1))))
@examples(60)
def test_no_difference_of_what_is_told_is_of_one_or_two_parties(lines):
    told = {one.product for one in told_products(lines)}
    products = {product for _, product, _ in lines}
    for known in chain.from_iterable(combinations(sorted(told), n) for n in range(len(told) + 1)):
        rest = {mark for mark, product, _ in lines if product in products - set(known)}
        assert not known or not rest or len(rest) >= PARTIES_LEAST
