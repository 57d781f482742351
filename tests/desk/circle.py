"""A closed community for tests: the farm is its steward, the neighbour and the shop belong to it."""

from dataclasses import dataclass
from datetime import date

from pooling.desk.communities.communities import CommunityWords, found_community
from pooling.desk.communities.community_links import LinkWords, invite_to_community, join_community
from pooling.desk.communities.posting import Posting
from pooling.desk.communities.shops import ShopWords, TurnWords, open_shop, take_turn
from pooling.desk.communities.swaps import SwapWords, ask_swap
from pooling.desk.trips.trips import announce_trip
from tests.desk import market

SATURDAY = date(2026, 9, 26)
DAY_S = 24 * 3600


@dataclass(frozen=True)
class Circle:
    """Hold the ids of a closed community, by the names of paths."""

    ids: dict[str, str]

    @property
    def id(self):
        return self.ids["community_id"]

    @property
    def posting(self):
        return Posting(self.id)


def founded(town, by="farm", **words):
    """Found a community; returns its id."""
    said = CommunityWords(words.pop("name", "Paniers fermés"), words.pop("rules", "Crates washed."), **words)
    return found_community(town.house.desk, town.actor(by), town.ask(by), town.parties[by], said)


def linked(town, community_id, by="farm", **words):
    """Make a link to a community; returns it with its secret."""
    said = LinkWords(words.pop("until_at", town.clock.at + DAY_S), **words)
    return invite_to_community(town.house.desk, town.actor(by), town.ask(by), community_id, said)


def come_in(town, community_id, name, by="farm"):
    """Let a party of the town join by a link of its own."""
    made = linked(town, community_id, by)
    join_community(town.house.desk, town.actor(name), town.ask(name), made.token, town.parties[name])


def posted(town, community_id, *free, who="farm", unsaid=frozenset(), **other):
    """Announce the market's trip for members only."""
    words = market.trip_words(town, *free, owner=who, **other)
    posting = Posting(community_id, unsaid)
    return announce_trip(town.house.desk, town.actor(who), town.ask(who), words, posting)


def turn(town, shop_id, name, rule="FREQ=WEEKLY;BYDAY=SA", **other):
    """Let a party take a turn on Saturdays."""
    usual = {"first_day": date(2026, 9, 12), "ambient_crates": 12}
    said = TurnWords(town.parties[name], town.sites[name], rule, **usual | other)
    return take_turn(town.house.desk, town.actor(name), town.ask(name), shop_id, said)


def halle(town, community_id):
    """Open the community's shop at the site of its member of that name, at half past eight."""
    words = ShopWords(town.sites["shop"], "La Halle", 8 * 3600 + 1800)
    return open_shop(town.house.desk, town.actor("farm"), town.ask("farm"), community_id, words)


def closed_circle(town):
    """Return a community with its shop: the farm on duty on Saturdays, the neighbour on Sundays."""
    community_id = founded(town)
    for name in ("neighbour", "shop"):
        come_in(town, community_id, name)
    shop_id = halle(town, community_id)
    mine, theirs = turn(town, shop_id, "farm"), turn(town, shop_id, "neighbour", "FREQ=WEEKLY;BYDAY=SU")
    asked = ask_swap(town.house.desk, town.actor("farm"), town.ask("farm"), mine, SwapWords(SATURDAY, theirs))
    return Circle(
        {
            "community_id": community_id,
            "link_id": linked(town, community_id).link_id,
            "shop_id": shop_id,
            "turn_id": mine,
            "with_turn": theirs,
            "swap_id": asked,
            "duty_day": str(SATURDAY),
        }
    )
