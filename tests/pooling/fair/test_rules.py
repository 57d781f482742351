"""
Rules of sharing: the caps first, then the groups, then the rule; and the axioms and published numbers of
each.
"""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pooling.fair.complaints import worst_complaint
from pooling.fair.game import with_best_plans
from pooling.fair.least_complaint import least_complaint
from pooling.fair.nucleolus import nucleolus
from pooling.fair.of_tour import asked_of, proven
from pooling.fair.rules import Asked, share
from pooling.fair.shapley import by_subsets, sampled, shapley
from pooling.fair.sharing import Claimant
from pooling.sharing_rule import RULES
from routing.construction import first_plan
from routing.cost import route_cost
from tests.pooling.fair.games import listed, tours
from tests.pooling.fair.worlds import planned, shipments
from tests.thorough import examples


def asked(game, caps=None) -> Asked:
    caps = [int(one) for one in game.alone_cents] if caps is None else caps
    by_party = dict(zip(game.parties, caps, strict=True))
    weights = {party: at + 1 for at, party in enumerate(game.parties)}
    return Asked(game, by_party, {"crates": weights, "km": weights})


@pytest.mark.parametrize("rule", RULES)
@given(tours())
@examples(60)
def test_shares_are_within_the_caps_and_add_up_with_the_gap(rule, game):
    one = asked(game)
    shared = share(one, rule)
    assert sum(shared.shares_cents.values()) + shared.gap_cents == game.whole_cents == shared.cost_cents
    assert all(0 <= cents <= one.caps_cents[party] for party, cents in shared.shares_cents.items())
    assert (shared.gap_cents > 0) == (sum(one.caps_cents.values()) < game.whole_cents)


@pytest.mark.parametrize("rule", RULES)
@given(tours(payable=True))
@examples(60)
def test_no_group_complains_more_than_some_group_must(rule, game):
    """To a cent per party, and asked of every group by hand."""
    one = asked(game)
    shared = share(one, rule)
    assert not shared.gap_cents
    n = len(game.parties)
    worst = max(
        (
            sum(shared.shares_cents[game.parties[at]] for at in group)
            - game.of_all_groups[sum(1 << at for at in group)]
            for size in range(1, n)
            for group in combinations(range(n), size)
        ),
        default=0.0,
    )
    assert worst <= shared.allowed + n
    if n > 1:
        assert shared.complaint.excess == pytest.approx(worst, abs=1e-3)


@given(tours(payable=True))
@examples(120)
def test_what_some_group_must_complain_of_cannot_be_less(game):
    """The rule that makes the worst complaint smallest finds no smaller one."""
    one = asked(game)
    assume(len(game.parties) > 1)
    least = least_complaint(game, one.caps)
    found = worst_complaint(game, nucleolus(game, one.caps)).excess
    assert max(0.0, found) == pytest.approx(least, abs=0.05)


def talmud(estate, claims):
    """Return the bankruptcy game of R. Aumann and M. Maschler (1985), as costs: what of a claim is lost."""
    n = len(claims)
    groups = []
    for mask in range(1 << n):
        inside = sum(claim for at, claim in enumerate(claims) if mask >> at & 1)
        outside = sum(claims) - inside
        groups.append(inside - max(0, estate - outside))
    return listed(groups, claims)


@pytest.mark.parametrize(
    ("estate", "awards"), [(100, (100 / 3,) * 3), (200, (50, 75, 75)), (300, (50, 100, 150))]
)
def test_the_nucleolus_has_the_numbers_of_the_talmud(estate, awards):
    claims = (100, 200, 300)
    found = nucleolus(talmud(estate, claims), np.array(claims, dtype=float))
    assert np.array(claims) - found == pytest.approx(awards, abs=1e-4)


TENNESSEE = listed(
    [0, 163_520, 140_826, 301_607, 250_096, 378_821, 367_370, 412_584], (163_520, 140_826, 250_096)
)
"""The dams of the Tennessee Valley for navigation, flood control and power, in thousands of dollars."""


def test_a_published_game_of_costs_has_its_published_shapley_value_and_nucleolus():
    """P. D. Straffin, J. P. Heaney, Game theory and the Tennessee Valley Authority, IJGT 10, 1981."""
    assert shapley(TENNESSEE).cents == pytest.approx([117_829, 100_756.5, 193_998.5], abs=0.1)
    assert nucleolus(TENNESSEE, TENNESSEE.alone_cents) == pytest.approx([116_234, 93_540, 202_810], abs=0.1)
    for rule in RULES:
        shared = share(asked(TENNESSEE), rule)
        assert sum(shared.shares_cents.values()) == 412_584 and shared.allowed == 0
        assert shared.complaint.excess <= 3
    assert list(share(asked(TENNESSEE), "shapley").shares_cents.values()) == [117_829, 100_757, 193_998]


def test_the_shapley_value_has_the_numbers_of_the_gloves():
    """Two left gloves and a right one (L. S. Shapley, M. Shubik): the right one has two thirds."""
    pairs = [0, 0, 0, 0, 0, 1, 1, 1]  # party 2 holds the right glove
    assert by_subsets(np.array(pairs, dtype=float)) == pytest.approx([1 / 6, 1 / 6, 2 / 3])


@given(tours())
@examples(100)
def test_the_shapley_value_is_efficient_and_blind_to_names(game):
    value = shapley(game)
    assert value.cents.sum() == pytest.approx(game.whole_cents)
    assert not value.error.any()
    turned = [
        game.of_all_groups[_mirrored(mask, len(game.parties))] for mask in range(1 << len(game.parties))
    ]
    assert by_subsets(np.array(turned)) == pytest.approx(value.cents[::-1], abs=1e-6)


def _mirrored(mask: int, n: int) -> int:
    return sum(1 << (n - 1 - at) for at in range(n) if mask >> at & 1)


def test_who_adds_nothing_to_any_group_pays_nothing_by_shapley():
    groups = [0, 500, 700, 900]
    with_a_dummy = [*groups, *groups]
    assert by_subsets(np.array(with_a_dummy, dtype=float))[2] == pytest.approx(0)


@given(tours(), st.integers(0, 3))
@examples(60)
def test_a_sample_adds_up_lies_near_and_is_the_same_for_the_same_seed(game, seed):
    exact, drawn = shapley(game), sampled(game, pairs=256, seed=seed)
    assert drawn.cents.sum() == pytest.approx(game.whole_cents)
    assert (np.abs(drawn.cents - exact.cents) <= 2 * drawn.error + 1e-6).all()
    assert (drawn.cents == sampled(game, pairs=256, seed=seed).cents).all()


def test_equal_profit_saves_everybody_the_same_part_where_no_group_is_in_the_way():
    game = listed([0, 1000, 2000, 3000, 3000, 4000, 5000, 3000], (1000, 2000, 3000))
    shared = share(asked(game), "equal_profit")
    assert list(shared.shares_cents.values()) == [500, 1000, 1500]


def test_a_tour_of_one_pays_it_all():
    game = listed([0, 800], (1000,))
    for rule in RULES:
        assert share(asked(game), rule).shares_cents == {"party 0": 800}


def test_the_best_plan_of_a_group_counts_where_it_is_known():
    paid = np.zeros(2)
    game = with_best_plans(listed([0, 900, 900, 1000], (900, 900)), lambda _: None, paid)
    assert game.of_all_groups[-1] == game.whole_cents
    with pytest.raises(ValueError, match="up to 10"):
        with_best_plans(listed([0.0] * (1 << 11), (1,) * 11), lambda _: 1, np.zeros(11))


def test_the_proof_of_a_tour_says_what_can_be_checked_by_hand():
    """Farm 0, Dairy 10, Mill 11, Orchard 12, Depot 20, Town 30, Shop 40, Café 41, a kilometre a minute."""
    problem, _ = planned(4)
    route = first_plan(problem).routes[0]
    cost_cents = route_cost(problem.vehicle("van"), route).total_cents
    claimants = {one.payer: Claimant(9000, 8000) for one in shipments(4)}
    shared = share(asked_of(problem, route, shipments(4), claimants), "shapley")
    found = proven(problem, route, shipments(4), claimants, shared.shares_cents)
    assert found.asked.game.whole_cents == cost_cents
    lines = {line.party: line for line in found.lines}
    assert sum(line.share_cents for line in found.lines) == cost_cents
    farm = lines["farm"]
    assert farm.alone_cents == 9000 and farm.cap_cents == 8000 and farm.saved_cents == 9000 - farm.share_cents
    assert farm.detour_m == 20_000, "nobody else lies beyond the dairy"
    assert farm.ridden_m == 52_000, "up to the café at 41, and back to the town at 30"
    assert lines["mill"].detour_m == lines["mill"].detour_s == 0 or lines["mill"].detour_m == 2_000
    assert all(line.share_cents <= line.cap_cents for line in found.lines)
    assert all(line.party in line.group.parties for line in found.lines)
