"""A day on many tours: a plan worth having on a machine that lets the search hardly run, and its progress."""

from dataclasses import replace
from itertools import pairwise
from random import Random
from time import monotonic

import numpy as np
import pytest

from geodata.matrix import Matrix
from pooling.day import Day
from pooling.days.dayplan import plan_day
from pooling.ground import Ground
from pooling.party import Party, Role
from tests.pooling.worlds import PARTIES, day, shipment, sites, tour

FARMS, SHOPS, SHIPMENTS, TOURS = 40, 14, 66, 12
LITTLE_S, LONG_S, PATIENCE_S = 0.2, 1.0, 60.0
SHARE_ASKED = 2


def many() -> tuple[Day, Ground]:
    """Put farms and shops on a square of two hours, and ask for more than the tours can carry."""
    random = Random(7)
    names = [*(f"farm{at}" for at in range(FARMS)), *(f"shop{at}" for at in range(SHOPS)), "depot"]
    spots = np.array([(random.randrange(120), random.randrange(120)) for _ in names], dtype=np.int64)
    away = np.abs(spots[:, None] - spots[None]).sum(axis=2)
    ground = Ground(Matrix(away * 60, away * 1000), {name: row for row, name in enumerate(names)})
    asked = day(
        *(
            shipment(f"S{at}", f"farm{at % FARMS}", f"shop{random.randrange(SHOPS)}", random.randrange(2, 9))
            for at in range(SHIPMENTS)
        ),
        tours=[
            tour(f"T{at}", start_site="depot", end_site="depot", crate_cents=2_000) for at in range(TOURS)
        ],
        parties={
            **{name: Party(name, name, Role.PRODUCER) for name in names[:-1]},
            "depot": PARTIES["depot"],
        },
    )
    return replace(asked, sites=sites(dict.fromkeys(names, 0))), ground


@pytest.mark.slow
def test_a_day_on_many_tours_is_served_by_half_where_its_searches_have_next_to_no_time():
    asked, on = many()
    began_s = monotonic()
    hurried = plan_day(asked, on, deadline_s=LITTLE_S)
    assert monotonic() - began_s < PATIENCE_S
    calm = plan_day(asked, on, deadline_s=LONG_S)
    assert hurried.violations == calm.violations == ()
    assert len(calm.tour_plan.served) >= TOURS
    assert SHARE_ASKED * len(hurried.tour_plan.served) >= len(calm.tour_plan.served)


def test_progress_moves_while_searches_run_never_goes_back_and_reaches_its_end():
    asked, on = many()
    told: list[tuple[str, float]] = []
    few = replace(asked, shipments=asked.shipments[:45], tours=asked.tours[:3])
    plan_day(few, on, deadline_s=0.8, progress=lambda step, share: told.append((step, share)))
    shares = [share for _, share in told]
    assert all(before <= after for before, after in pairwise(shares))
    assert told[0] == ("alone", 0.0)
    assert told[-1] == ("done", 1.0)
    for step, start, end in (("alone", 0.0, 0.3), ("tours", 0.5, 0.8)):
        moved = {share for one, share in told if one == step}
        assert len(moved) > 3
        assert all(start <= share <= end for share in moved)
