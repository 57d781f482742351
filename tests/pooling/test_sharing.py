"""Sharing a tour's cost: in proportion to alone, never above a cap, to the cent."""

from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pooling.fair.sharing import Claimant, Split, split

CENTS = st.integers(0, 50_000)


@st.composite
def claimants(draw: st.DrawFn, least: int = 0) -> dict[str, Claimant]:
    found = {}
    for at in range(draw(st.integers(1, 8))):
        alone_cents = draw(st.integers(least, 50_000))
        cap_cents = draw(st.sampled_from([alone_cents, draw(st.integers(0, alone_cents))]))
        found[f"party {at}"] = Claimant(alone_cents, cap_cents)
    return found


def caps(parties: dict[str, Claimant]) -> int:
    return sum(one.cap_cents for one in parties.values())


@given(CENTS, claimants())
def test_shares_and_gap_add_up_to_the_cost_and_nobody_pays_above_its_cap(cost_cents, parties):
    shared = split(cost_cents, parties)
    assert sum(shared.shares_cents.values()) + shared.gap_cents == cost_cents
    assert list(shared.shares_cents) == list(parties)
    for party, share_cents in shared.shares_cents.items():
        assert isinstance(share_cents, int)
        assert 0 <= share_cents <= parties[party].cap_cents


@given(CENTS, claimants())
def test_a_gap_is_left_only_where_every_cap_is_exhausted(cost_cents, parties):
    """Efficiency: what the caps can pay is paid."""
    shared = split(cost_cents, parties)
    assert shared.gap_cents == max(0, cost_cents - caps(parties))
    if shared.gap_cents:
        assert shared.shares_cents == {party: one.cap_cents for party, one in parties.items()}


@given(CENTS, claimants(least=1))
def test_where_no_cap_binds_shares_are_in_proportion_to_alone(cost_cents, parties):
    """Within a cent: cents are whole."""
    parties = {party: Claimant(one.alone_cents, one.alone_cents) for party, one in parties.items()}
    whole = caps(parties)
    assume(cost_cents <= whole)
    for party, share_cents in split(cost_cents, parties).shares_cents.items():
        assert abs(share_cents - Fraction(cost_cents * parties[party].alone_cents, whole)) < 1


@given(CENTS, claimants(least=1))
def test_those_with_slack_share_what_caps_cut_off_in_proportion(cost_cents, parties):
    """Water-filling: one level for all with slack, and nobody capped lies above it by a cent."""
    shared = split(cost_cents, parties)
    assume(not shared.gap_cents)
    slack = {p for p, one in parties.items() if shared.shares_cents[p] < one.cap_cents}
    levels = [Fraction(shared.shares_cents[p], parties[p].alone_cents) for p in slack]
    for one in slack:
        for other in slack:
            distance = abs(
                shared.shares_cents[one] * parties[other].alone_cents
                - shared.shares_cents[other] * parties[one].alone_cents
            )
            assert distance <= parties[one].alone_cents + parties[other].alone_cents
    for party in parties.keys() - slack:
        for level in levels:
            assert Fraction(parties[party].cap_cents - 1, parties[party].alone_cents) <= level + Fraction(
                1, min(parties[p].alone_cents for p in slack)
            )


@given(CENTS, st.integers(0, 2_000), claimants())
def test_a_dearer_tour_makes_no_share_smaller_by_more_than_the_last_cent(cost_cents, more_cents, parties):
    before, after = split(cost_cents, parties), split(cost_cents + more_cents, parties)
    for party in parties:
        assert after.shares_cents[party] >= before.shares_cents[party] - 1
    assert after.gap_cents >= before.gap_cents


@given(CENTS, claimants(), st.integers(0, 50_000))
def test_equal_claimants_differ_by_at_most_one_cent(cost_cents, parties, alone_cents):
    """Symmetry: names decide about the last cent only."""
    twin = Claimant(alone_cents, alone_cents // 2)
    shares = split(cost_cents, {**parties, "twin a": twin, "twin b": twin}).shares_cents
    assert abs(shares["twin a"] - shares["twin b"]) <= 1


@given(CENTS, claimants(), st.randoms())
def test_the_order_in_which_parties_are_named_changes_nothing(cost_cents, parties, random):
    shuffled = list(parties.items())
    random.shuffle(shuffled)
    assert split(cost_cents, dict(shuffled)).shares_cents == split(cost_cents, parties).shares_cents


def test_a_tour_with_nobody_aboard_is_all_gap():
    assert split(500, {}) == Split(500, {}, 500)


@pytest.mark.parametrize(("alone_cents", "cap_cents"), [(100, 101), (100, -1)])
def test_a_cap_above_alone_or_below_nothing_is_refused(alone_cents, cap_cents):
    assert Claimant(100, 100) and Claimant(100, 0)
    with pytest.raises(ValueError, match="between nothing and alone"):
        Claimant(alone_cents, cap_cents)


def test_a_split_that_does_not_add_up_cannot_be_made():
    with pytest.raises(ValueError, match="add up"):
        Split(100, {"a": 60}, 39)
