"""Every page, by audience and noun."""

from api.pages import (
    bids,
    clearings,
    entrance,
    home,
    manifests,
    mine,
    money,
    orders,
    parties,
    party,
    search,
    searches,
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
        clearings,
        orders,
        tours,
        manifests,
        money,
    )
)
