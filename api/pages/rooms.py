"""Every page, by audience and noun."""

from api.pages import home
from api.pages.goods import (
    collecting,
    costs,
    listed_goods,
    orders,
    shipments,
    shortlists,
    sites,
    tour_orders,
    true_price,
)
from api.pages.ledger import accounts, community_account, deposits, legal, money, reciprocity
from api.pages.market import (
    bids,
    bundles,
    clearings,
    day_clearings,
    demand,
    other_ways,
    pickups,
    search,
    searches,
)
from api.pages.people import communities, entrance, mine, parties, party, shops, tools
from api.pages.runs import claims, custody, dossiers, manifests, partners, vehicles
from api.pages.tours import day_plans, hand_moves, proposals, rounds, seeding, tour_drafts, tour_shares, tours
from api.pages.trips import reservations, series, trips

ROUTERS = tuple(
    room.router
    for room in (
        entrance,
        costs,
        home,
        mine,
        party,
        parties,
        dossiers,
        vehicles,
        sites,
        search,
        searches,
        pickups,
        shipments,
        true_price,
        other_ways,
        trips,
        bids,
        reservations,
        bundles,
        clearings,
        day_clearings,
        day_plans,
        demand,
        seeding,
        tour_drafts,
        series,
        orders,
        shortlists,
        listed_goods,
        tour_orders,
        tour_shares,
        collecting,
        rounds,
        communities,
        community_account,
        shops,
        tours,
        hand_moves,
        proposals,
        manifests,
        partners,
        custody,
        claims,
        money,
        reciprocity,
        accounts,
        deposits,
        tools,
        legal,
    )
)
