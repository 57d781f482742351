"""Mutual aid counted: given less taken, by pair, and the part of the way that a shipment bears."""

from dataclasses import replace
from datetime import date

from pooling.ledger.reciprocity import Carriage, between, shareable_part, way_of
from pooling.manifest import FreeRoom, Handling, ManifestStop, OnBoard
from tests.papers.sample import friday_trip

DAY = date(2026, 9, 12)
FREE, NOTHING = FreeRoom(0, 0, 0, None), OnBoard(0, 0, 0, 0)


def carried(carrier, payer, crates, km, cents, price_cents=0):
    return Carriage(carrier, payer, DAY, f"{carrier}{payer}", crates, km * 1000, cents, price_cents)


def test_given_less_taken_with_each_other_and_nobody_else():
    """Ada carries 4 crates over 10 km and 2 over 5 km for Ben, Ben 6 over 10 km for Ada."""
    day = [carried("ada", "ben", 4, 10, 200), carried("ada", "ben", 2, 5, 50, 70)]
    day += [carried("ben", "ada", 6, 10, 210), carried("cleo", "ada", 1, 1, 9)]
    day += [carried("cleo", "ben", 9, 9, 9)]
    found = between(day, "ada")
    assert set(found) == {"ben", "cleo"}
    ben = found["ben"]
    assert (ben.given_crate_m, ben.taken_crate_m, ben.crate_m) == (50_000, 60_000, -10_000)
    assert (ben.given_cents, ben.taken_cents, ben.cents, ben.paid_cents) == (250, 210, 40, 70)
    assert between(day, "ben")["ada"].crate_m == -ben.crate_m


def test_what_one_carries_for_itself_is_no_aid():
    assert between([carried("ada", "ada", 4, 10, 200)], "ada") == {}


def stop(number, leg_m, *handlings):
    hours = dict.fromkeys(("code", "site", "arrives", "begins", "leaves", "from_hour", "until_hour"), "")
    return ManifestStop(
        number=number,
        **hours,
        lat=0.0,
        lon=0.0,
        own=False,
        handlings=tuple(Handling(name, way, 1, 1, "ambient", "", "") for name, way in handlings),
        on_board=NOTHING,
        free=FREE,
        leg_m=leg_m,
        leg_s=0,
        streets=(),
    )


def test_a_shipment_shares_each_leg_with_the_owner_and_the_others_aboard():
    """10 km alone with the owner, then 6 km with another: it bears 5 km and 2 km."""
    stops = (
        stop(1, 4_000, ("before", "on")),
        stop(2, 10_000, ("before", "off"), ("a", "on")),
        stop(3, 6_000, ("b", "on")),
        stop(4, 8_000, ("a", "off")),
        stop(5, 0, ("b", "off")),
    )
    assert way_of(replace(friday_trip(), stops=stops), "a") == (16_000, 7_000)


def test_the_part_is_shareable_cost_for_what_was_handed_over():
    """7 km at 0.40 € are 2.80 €; of four crates three arrived."""
    assert shareable_part(7_000, 4, 4, refrigerated=False) == 280
    assert shareable_part(7_000, 3, 4, refrigerated=False) == 210
