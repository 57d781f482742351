"""A round's own driver where a carrier is chosen: preferred at its stated price, never beyond it."""

from datetime import date

import pytest
from sqlalchemy import select

from pooling.desk.tours.choosing_carrier import SUBSTITUTED, candidates_now, give_to_cheapest
from pooling.store.carrying import dossier, paper, rate_card, vehicle
from pooling.store.people import party
from pooling.store.rows import added
from pooling.store.touring import tour
from pooling.store.tours import find_tour
from tests.desk.test_repairing_runs import told
from tests.desk.test_rounds import proposed as round_proposed
from tests.desk.test_story_proposals import any_carrier, hired
from tests.desk.touring import row

OWN_CENTS = 3_000


def stranger(town, cents_less):
    """Let one more carrier have what the carrier of the town has, at a card cheaper by so much per tour."""

    def work(tx):
        known = _row(tx, party, town.parties["carrier"])
        other = added(tx, party, "pty", **(known | {"name": "Stranger"}))
        ids = {"": ""}
        for table, prefix in ((dossier, "dos"), (vehicle, "veh"), (rate_card, "crd"), (paper, "paper")):
            for one in tx.connection.execute(
                select(table).where(table.c.party_id == town.parties["carrier"])
            ):
                kept = _plain(one) | {"party_id": other}
                if table is paper:
                    kept["about_id"] = ids.get(one.about_id, one.about_id)
                if table is rate_card:
                    kept["fixed_cents"] = OWN_CENTS - cents_less
                ids[one.id] = added(tx, table, prefix, **kept)
        return other

    return town.house.desk.store.change(work)


def _row(tx, table, subject_id):
    return _plain(tx.connection.execute(select(table).where(table.c.id == subject_id)).one())


def _plain(one):
    return {
        name: value for name, value in one._mapping.items() if name not in ("id", "created_at", "revision")
    }


@pytest.mark.parametrize(("cents_less", "wins"), [(999, False), (1_001, True)])
def test_a_stranger_wins_only_where_it_is_cheaper_by_more_than_the_price(town, cents_less, wins):
    round_id = round_proposed(town, first_day=date(2026, 9, 13))
    hired(town, fixed_cents=OWN_CENTS)
    tour_id = any_carrier(town)
    occurs = {"round_id": round_id, "round_day": date(2026, 9, 12)}
    whose = tour.update().where(tour.c.id == tour_id).values(**occurs)
    town.house.desk.store.change(lambda tx: tx.connection.execute(whose))
    other = stranger(town, cents_less)
    with town.house.desk.store.view() as view:
        found = candidates_now(town.house.desk, view, find_tour(view, tour_id))
    stated = {one.carrier_id: (one.refusal, one.preference_cents, one.driver) for one in found}
    assert stated == {other: (None, 1_000, ""), town.parties["carrier"]: (None, 0, "Lou")}
    costs = {one.carrier_id: one.cost_cents for one in found}
    assert costs[town.parties["carrier"]] - costs[other] == cents_less
    assert give_to_cheapest(town.house.desk, tour_id) is None
    stands = row(town, tour, tour_id)
    assert stands.carrier_id == (other if wins else town.parties["carrier"])
    assert (stands.driver, stands.substitution) == (("", SUBSTITUTED) if wins else ("Lou", ""))
    assert [about for about, _ in told(town, "driver.substituted")] == ([tour_id] if wins else [])
