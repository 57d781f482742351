"""A search of a farm that is kept: crates to the restaurant, every day of September."""

from dataclasses import replace
from datetime import date

from pooling.desk.market.searches import SearchWords, keep_search

HOUR = 3600


def looked_for(town, who="neighbour", **other):
    words = SearchWords(
        party_id=town.parties[who],
        from_site_id=town.sites[who],
        to_site_id=town.sites["restaurant"],
        temperature="ambient",
        crates=4,
        ready_s=6 * HOUR,
        pickup_by_s=11 * HOUR,
        deliver_from_s=6 * HOUR,
        deliver_by_s=12 * HOUR,
        first_day=date(2026, 9, 12),
        last_day=date(2026, 9, 30),
    )
    return replace(words, **other)


def kept(town, who="neighbour", **other):
    words = looked_for(town, who, **other)
    return keep_search(town.house.desk, town.actor(who), town.ask(who), words)
