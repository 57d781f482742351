"""
What makes a rule fair, on random tours: all is paid, equals pay alike, who brings only its own way pays it,
and whoever adds more pays more.
"""

from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pooling.fair.complaints import worst_complaint, worst_excess
from pooling.fair.game import TourGame
from pooling.fair.order_game import OrderGame
from pooling.fair.rules import Asked, share
from pooling.fair.shapley import by_subsets, shapley
from pooling.sharing_rule import RULES
from tests.pooling.fair.games import listed, tours
from tests.thorough import examples

GROUPS = st.lists(st.integers(0, 9_000), min_size=15, max_size=15)


def asked(game, weights=None) -> Asked:
    caps = {party: int(cents) for party, cents in zip(game.parties, game.alone_cents, strict=True)}
    weights = dict.fromkeys(game.parties, 3) if weights is None else weights
    return Asked(game, caps, {"crates": weights, "km": weights})


def by_brute_force(costs) -> list[float]:
    """Return the mean of what each adds, over all orders of joining."""
    n = len(costs).bit_length() - 1
    added, orders = np.zeros(n), list(permutations(range(n)))
    for order in orders:
        mask = 0
        for one in order:
            added[one] += costs[mask | 1 << one] - costs[mask]
            mask |= 1 << one
    return list(added / len(orders))


@given(GROUPS)
@examples(20)
def test_the_shapley_value_of_any_game_is_the_mean_over_all_orders(costs):
    assert by_subsets(np.array([0, *costs], dtype=float)) == pytest.approx(by_brute_force([0, *costs]))


@given(tours(most=5))
@examples(20)
def test_the_shapley_value_of_any_tour_is_the_mean_over_all_orders(game):
    assert shapley(game).cents == pytest.approx(by_brute_force(list(game.of_all_groups)), abs=1e-6)


@given(GROUPS, GROUPS)
@examples(20)
def test_the_shapley_value_of_two_games_is_that_of_their_sum(one, other):
    first, second = (np.array([0, *costs], dtype=float) for costs in (one, other))
    assert by_subsets(first + second) == pytest.approx(by_subsets(first) + by_subsets(second))


@given(GROUPS, st.integers(0, 3), st.integers(1, 2_000))
@examples(20)
def test_whoever_adds_more_to_every_group_pays_more_by_shapley(costs, party, more_cents):
    """Monotone in what one adds: H. P. Young, Int. J. Game Theory 14, 1985."""
    before = np.array([0, *costs], dtype=float)
    dearer = before + np.array([more_cents * (mask >> party & 1) for mask in range(16)])
    assert by_subsets(dearer)[party] == pytest.approx(by_subsets(before)[party] + more_cents)


def doubled(game: TourGame) -> TourGame:
    """Return the tour with a twin of its first party: the same stops, right after, and the same day alone."""
    owner, places = list[int](), [0]
    for at, party in enumerate(game.order.owner, 1):
        owner += [party, len(game.parties)] if party == 0 else [party]
        places += [at, at] if party == 0 else [at]
    places.append(len(game.order.owner) + 1)
    steps = game.order.step_cents[np.ix_(places, places)].copy()
    for here in range(1, len(places) - 1):
        for there in range(1, len(places) - 1):
            if places[here] == places[there]:
                steps[here, there] = 0.0
    order = OrderGame((*game.parties, "twin"), tuple(owner), steps, game.order.fixed)
    order = replace(order, fixed=order.fixed + round(order.whole_cents) - order.whole_cents)
    return TourGame(order, np.append(game.alone_cents, game.alone_cents[0]))


@pytest.mark.parametrize("rule", RULES)
@given(game=tours(most=4, payable=True))
@examples(10)
def test_who_is_alike_pays_alike_to_a_cent_and_all_is_paid(rule, game):
    game = doubled(game)
    shared = share(asked(game), rule)
    assert sum(shared.shares_cents.values()) + shared.gap_cents == game.whole_cents
    assert abs(shared.shares_cents["party 0"] - shared.shares_cents["twin"]) <= 1


def with_a_stranger(costs, own_cents):
    """Return a game of four, the last of whom costs every group what it costs by itself."""
    return listed([*costs, *(cents + own_cents for cents in costs)], (9_000, 9_000, 9_000, own_cents))


@pytest.mark.parametrize("rule", ("shapley", "nucleolus", "equal_profit"))
@given(costs=st.lists(st.integers(0, 900), min_size=3, max_size=3), own_cents=st.integers(0, 2_000))
@examples(10)
def test_who_brings_only_its_own_way_pays_just_that(rule, costs, own_cents):
    """A dummy pays its own cost wherever the others can agree: the core leaves nothing else."""
    a, b, c = (1_000 + cents for cents in costs)
    pairs = [0, a, b, a + b - 200, c, a + c - 200, b + c - 200, a + b + c - 600]
    shared = share(asked(with_a_stranger(pairs, own_cents)), rule)
    assert shared.allowed == 0 and abs(shared.shares_cents["party 3"] - own_cents) <= 1


@pytest.mark.parametrize("rule", RULES)
@given(game=tours(most=5, payable=True), off=st.integers(0, 3_000))
@examples(8)
def test_a_lower_cap_binds_first_and_the_others_pay_what_it_cuts_off(rule, game, off):
    one = asked(game)
    party = game.parties[0]
    capped = replace(one, caps_cents={**one.caps_cents, party: max(0, one.caps_cents[party] - off)})
    before, after = share(one, rule), share(capped, rule)
    assert after.shares_cents[party] <= capped.caps_cents[party]
    assert sum(after.shares_cents.values()) + after.gap_cents == game.whole_cents
    if not after.gap_cents and after.allowed:
        assert after.allowed >= before.allowed - 1e-3, "a cap never makes a complaint smaller"


@given(game=tours(most=5, payable=True))
@examples(15)
def test_the_worst_complaint_is_the_same_asked_both_ways(game):
    paid = shapley(game).cents
    found = worst_complaint(game, paid)
    assert worst_excess(game, paid) == pytest.approx(found.excess if found else 0.0, abs=1e-6)
