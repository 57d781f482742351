"""The law of a trip, regime by regime: the case that is allowed, then each that is refused."""

from dataclasses import replace
from datetime import date, timedelta
from math import degrees

import pytest

from geodata.place import EARTH_RADIUS_M, Place, crow_distance_m
from pooling.money import Cents
from pooling.party import Party, Role
from pooling.regimes import COST_SHARING, Carriage, Regime, above_cap, forbidden_by_law, papers_to_carry

TODAY = date(2026, 9, 12)
ORIGIN = Place(lat=44.0, lon=5.0, name="Farm")


def north(metres: float) -> Place:
    """A place so many metres due north of the origin, as the crow flies."""
    return Place(lat=44.0 + degrees(metres / EARTH_RADIUS_M), lon=5.0, name="Far")


FARM = Party("farm", "Farm", Role.PRODUCER)
DAIRY = Party("dairy", "Dairy", Role.PRODUCER)
SHOP = Party("shop", "Shop", Role.BUYER)
HAULIER = Party("haulier", "Haulier", Role.CARRIER, vetted=True, licence="LTI-1", licence_until=TODAY)
ANNE, BEN = (Party(name, name, Role.PRIVATE) for name in ("anne", "ben"))
PLAIN = Carriage(FARM, DAIRY, ORIGIN, north(10_000), north(20_000), TODAY)


def code(regime: Regime, **facts) -> str | None:
    refusal = forbidden_by_law(regime, replace(PLAIN, **facts))
    if refusal is not None:
        assert refusal.sentence and refusal.what_to_do
    return refusal.code if refusal else None


def test_on_its_own_account_an_owner_carries_its_own_goods_only():
    assert code(Regime.OWN_ACCOUNT, payer=FARM) is None
    assert code(Regime.OWN_ACCOUNT) == "not_own_goods"


def test_mutual_aid_is_between_farms_at_any_distance():
    assert code(Regime.ENTRAIDE) is None
    assert code(Regime.ENTRAIDE, drop=north(300_000)) is None
    assert code(Regime.ENTRAIDE, payer=SHOP) == "payer_not_a_farm"
    assert code(Regime.ENTRAIDE, owner=SHOP) == "owner_not_a_farm"


def test_farm_co_transport_is_for_a_farm_in_a_farm_s_vehicle():
    """The payer is a farm; the drop may be anybody."""
    assert code(Regime.COTRANSPORT_AGRICOLE) is None
    assert code(Regime.COTRANSPORT_AGRICOLE, payer=SHOP) == "payer_not_a_farm"
    assert code(Regime.COTRANSPORT_AGRICOLE, owner=HAULIER) == "owner_not_a_farm"
    assert code(Regime.COTRANSPORT_AGRICOLE, owner=ANNE) == "owner_not_a_farm"


@pytest.mark.parametrize("end", ["pickup", "drop"])
def test_farm_co_transport_stays_within_a_hundred_kilometres_as_the_crow_flies(end):
    within, beyond = north(99_900), north(100_100)
    assert crow_distance_m(ORIGIN, within) == pytest.approx(99_900)
    assert code(Regime.COTRANSPORT_AGRICOLE, **{end: within}) is None
    assert code(Regime.COTRANSPORT_AGRICOLE, **{end: beyond}) == "outside_radius"
    refusal = forbidden_by_law(Regime.COTRANSPORT_AGRICOLE, replace(PLAIN, **{end: beyond}))
    assert "Far lies 100." in refusal.sentence


def test_a_distance_just_beyond_the_radius_never_reads_as_the_radius():
    refusal = forbidden_by_law(Regime.COTRANSPORT_AGRICOLE, replace(PLAIN, drop=north(100_010)))
    assert "lies 100.1 km from the origin; R3211-3 allows 100 km" in refusal.sentence


def test_a_group_carries_for_its_members():
    owner, member = replace(FARM, group="CUMA"), replace(SHOP, group="CUMA")
    assert code(Regime.GROUPEMENT, owner=owner, payer=member) is None
    assert code(Regime.GROUPEMENT, owner=owner, payer=replace(SHOP, group="GIE")) == "not_in_group"
    assert code(Regime.GROUPEMENT, owner=owner) == "not_in_group"
    assert code(Regime.GROUPEMENT) == "not_in_group", "two parties without a group share none"


@pytest.mark.parametrize("waits", ["owner", "payer"])
def test_a_group_or_a_farm_that_nobody_confirmed_is_no_ground(waits):
    sides = {"owner": replace(FARM, group="CUMA"), "payer": replace(DAIRY, group="CUMA")}
    sides |= {waits: replace(sides[waits], group_confirmed=False)}
    assert code(Regime.GROUPEMENT, **sides) == "group_not_confirmed"
    sides = {"owner": FARM, "payer": DAIRY}
    sides |= {waits: replace(sides[waits], farm_confirmed=False)}
    for regime in (Regime.COTRANSPORT_AGRICOLE, Regime.ENTRAIDE):
        assert code(regime, **sides) == "farm_not_confirmed"
        assert sides[waits].name in forbidden_by_law(regime, replace(PLAIN, **sides)).sentence


def test_private_co_transport_is_between_private_persons():
    assert code(Regime.COTRANSPORT_PRIVE, owner=ANNE, payer=BEN) is None
    assert code(Regime.COTRANSPORT_PRIVE, owner=ANNE) == "not_private"
    assert code(Regime.COTRANSPORT_PRIVE, payer=BEN) == "not_private"


def test_a_registered_carrier_s_licence_holds_on_its_last_day_and_not_after():
    assert code(Regime.TRANSPORTEUR, owner=HAULIER, payer=SHOP) is None
    assert code(Regime.TRANSPORTEUR, owner=HAULIER, day=TODAY + timedelta(days=1)) == "licence_missing"
    assert code(Regime.TRANSPORTEUR, owner=replace(HAULIER, licence="")) == "licence_missing"
    assert code(Regime.TRANSPORTEUR, owner=replace(HAULIER, licence_until=None)) == "licence_missing"
    assert code(Regime.TRANSPORTEUR) == "licence_missing"
    assert code(Regime.TRANSPORTEUR, owner=replace(HAULIER, vetted=False)) == "not_vetted_for_hire"


@pytest.mark.parametrize("regime", sorted(COST_SHARING))
def test_the_cap_is_on_all_that_the_owner_receives_together(regime):
    """Exactly the shareable cost is allowed, one cent above is refused, whoever brings it."""
    assert above_cap(regime, 400, 600, 1000) is None
    assert above_cap(regime, 1000, 0, 1000) is None
    refusal = above_cap(regime, 401, 600, 1000)
    assert refusal.code == "above_shareable_cost"
    assert refusal.facts["received"] == Cents(1001)
    assert above_cap(regime, 1, 1000, 1000) is not None


def test_a_registered_carrier_s_price_is_free():
    assert above_cap(Regime.TRANSPORTEUR, 10_000, 600, 1000) is None


@pytest.mark.parametrize("regime", Regime)
def test_every_regime_names_papers_to_carry(regime):
    assert papers_to_carry(regime)
    assert ("Waybill" in papers_to_carry(regime)[0]) == (regime is Regime.TRANSPORTEUR)
