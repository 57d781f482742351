"""One payer with a whole day's shipments: planning it takes what the searches take, and little more."""

from random import Random
from time import monotonic

from api.commands.morning import Row, invent_morning
from geodata.region import open_region
from pooling.days.dayplan import plan_day
from pooling.days.worth import worth
from pooling.files.rawline import RawLine
from pooling.files.tables import Tables
from pooling.ground import off_road, survey
from pooling.intake import day_and_region, read_day

SHIPMENTS = 28
LONGEST_S = 60
"""Far above what is needed (8 s on a slow machine), far below what trying 24 orders for each part takes."""


def large_payer(rows: dict[str, list[Row]], number: int) -> dict[str, list[Row]]:
    """Take a morning's places, trips and tours, and let one of its farms send everything."""
    random = Random(number)
    party = {row["site"]: row["party"] for row in rows["sites"]}
    buyers = [site for site in party if site.startswith("B")]
    shipments = [
        {
            "shipment": f"L{at:02d}",
            "shipper": party["F01"],
            "from_site": "F01",
            "to_site": buyers[at % len(buyers)],
            "crates": str(random.randint(1, 2)),
            "ready": "05:00",
            "deliver_by": random.choice(["10:00", "12:00", "14:00"]),
            **({"bid_trip": "T2", "bid_eur": "20"} if at < 3 else {}),
        }
        for at in range(number)
    ]
    tours = [row | {"crate_eur": "20", "per_km_eur": "0.20", "per_hour_eur": "8"} for row in rows["vehicles"]]
    return rows | {"shipments": shipments, "vehicles": tours}


def test_one_payer_with_many_shipments_is_planned_in_time_and_never_pays_more_than_alone():
    region = open_region()
    rows = large_payer(invent_morning(region, 1), SHIPMENTS)
    tables = Tables(
        {table: tuple(RawLine(at, row) for at, row in enumerate(lines, 1)) for table, lines in rows.items()}
    )
    clock, name = day_and_region(tables, None, None)
    intake = read_day(tables, clock, name, off_road(region.roads))
    assert intake.bad_lines == () and len(intake.day.shipments) == SHIPMENTS
    ground = survey(list(intake.day.sites.values()), region.roads).ground
    began_s = monotonic()
    plan = plan_day(intake.day, ground, deadline_s=0.3)
    assert monotonic() - began_s < LONGEST_S
    assert plan.tours and plan.violations == ()
    assert all(one.share_cents <= one.alone_cents for one in worth(plan).participants)
