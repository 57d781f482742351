"""Every page, by audience and noun."""

from api.pages import (
    bids,
    bundles,
    clearings,
    collecting,
    day_clearings,
    demand,
    entrance,
    home,
    manifests,
    mine,
    money,
    orders,
    parties,
    party,
    reservations,
    search,
    searches,
    series,
    shipments,
    sites,
    tours,
    trips,
)

ROUTERS = tuple(
    room.router
    for room in (
        entrance,
        home,
        mine,
        party,
        parties,
        sites,
        search,
        searches,
        shipments,
        trips,
        bids,
        reservations,
        bundles,
        clearings,
        day_clearings,
        demand,
        series,
        orders,
        collecting,
        tours,
        manifests,
        money,
    )
)
