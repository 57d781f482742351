"""A tour on the straight road of ``tests.pooling.worlds``: so many farms send crates to the shops."""

from pooling.load import Room, Space
from routing.problem import Problem, Vehicle, Window
from tests.pooling.worlds import ground, shipment

FARMS = ("farm", "dairy", "mill", "orchard")
SHOPS = ("town", "shop", "cafe", "shop")
DAY = Window(0, 24 * 3600)


def shipments(count: int):
    return [
        shipment(f"S{at}", farm, shop, 2 + at, payer=farm)
        for at, (farm, shop) in enumerate(zip(FARMS, SHOPS, strict=True))
    ][:count]


def planned(count: int) -> tuple[Problem, dict[str, str]]:
    """Ask for a tour of so many farms' shipments; returns who pays for each."""
    land, aboard = ground(), shipments(count)
    van = Vehicle(
        id="van",
        start=land.row["depot"],
        end=land.row["depot"],
        capacity=Room(Space(100), payload_kg=2000).amounts,
        shift=DAY,
        fixed_cents=1500,
        cents_per_km=40,
        cents_per_hour=1500,
        cents_per_stop=100,
    )
    problem = land.problem((van,), tuple(land.request(one) for one in aboard))
    return problem, {one.id: one.payer for one in aboard}
