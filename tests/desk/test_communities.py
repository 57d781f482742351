"""Communities: who comes in by which link, what it may do, and what stays when it leaves."""

from datetime import date

import pytest

from pooling.desk.actor import NotAllowed
from pooling.desk.communities.belonging import MembersOnly
from pooling.desk.communities.communities import (
    CommunityWords,
    LastSteward,
    change_community,
    give_role,
    leave_community,
)
from pooling.desk.communities.community_links import (
    InCommunityAlready,
    LinkEndsBadly,
    join_community,
    read_invitation,
    revoke_community_link,
)
from pooling.desk.communities.posting import Posting
from pooling.desk.market.bids import place_bid
from pooling.desk.market.offers import find_offers
from pooling.desk.people.invitations import InvitationClosed
from pooling.desk.trips.series import announce_series
from pooling.desk.trips.series_words import SeriesWords, WallStop
from pooling.desk.trips.trips import trip_in_sight
from pooling.regimes import Regime
from pooling.store.communities import belongs, find_community, find_link
from pooling.store.rows import NotFound
from pooling.store.series import occurrences_of
from pooling.store.trips import find_trip
from tests.desk import market
from tests.desk.circle import DAY_S, come_in, founded, linked, posted
from tests.houses import MORNING

HOUR = 3600


def desk_of(town, name):
    return town.house.desk.seen_by(town.actor(name).parties)


def joins(town, name, made, key=""):
    return join_community(
        town.house.desk, town.actor(name), town.ask(name, key), made.token, town.parties[name]
    )


def leaves(town, name, community_id, who=None):
    who = who or name
    return leave_community(town.house.desk, town.actor(who), town.ask(who), community_id, town.parties[name])


def sees(town, name, trip_id):
    with desk_of(town, name).store.view() as view:
        try:
            trip_in_sight(view, town.actor(name), trip_id)
        except NotFound:
            return False
    return True


def test_a_link_for_one_party_lets_one_in_and_counts_it(town):
    community_id = founded(town)
    made = linked(town, community_id)
    assert joins(town, "neighbour", made) == community_id
    with pytest.raises(InvitationClosed):
        joins(town, "shop", made)
    with town.house.desk.store.view() as view:
        assert find_link(view, made.link_id).used == 1
        assert find_community(view, community_id).parties == 2


def test_the_same_wish_to_join_is_granted_once(town):
    made = linked(town, founded(town), single_use=False)
    assert joins(town, "neighbour", made, "once") == joins(town, "neighbour", made, "once")
    with pytest.raises(InCommunityAlready):
        joins(town, "neighbour", made)
    with town.house.desk.store.view() as view:
        assert find_link(view, made.link_id).used == 1


def test_an_open_link_lets_in_until_its_date_or_until_it_is_revoked(town):
    community_id = founded(town)
    made = linked(town, community_id, single_use=False, until_at=MORNING + DAY_S)
    joins(town, "neighbour", made)
    joins(town, "shop", made)
    town.clock.at = MORNING + DAY_S
    with pytest.raises(InvitationClosed):
        joins(town, "restaurant", made)
    other = linked(town, community_id, single_use=False, until_at=MORNING + 3 * DAY_S)
    revoke_community_link(town.house.desk, town.actor("farm"), town.ask("farm"), other.link_id)
    with pytest.raises(InvitationClosed):
        joins(town, "restaurant", other)
    with town.house.desk.store.view() as view, pytest.raises(NotFound):
        read_invitation(view, "nobodys")


def test_a_link_ends_within_a_year(town):
    community_id = founded(town)
    for until_at in (MORNING, MORNING + 400 * DAY_S):
        with pytest.raises(LinkEndsBadly):
            linked(town, community_id, until_at=until_at)


def test_members_may_not_what_stewards_may_and_for_others_there_is_no_community(town):
    community_id = founded(town)
    come_in(town, community_id, "neighbour")
    words = CommunityWords("Renamed")
    for name, refusal in (("neighbour", NotAllowed), ("restaurant", NotFound), ("operator", NotFound)):
        with pytest.raises(refusal):
            change_community(town.house.desk, town.actor(name), town.ask(name), community_id, None, words)
        with pytest.raises(refusal):
            linked(town, community_id, by=name)


def test_the_last_steward_stays_until_another_is_made(town):
    community_id = founded(town)
    come_in(town, community_id, "neighbour")
    with pytest.raises(LastSteward):
        leaves(town, "farm", community_id)
    give_role(
        town.house.desk,
        town.actor("farm"),
        town.ask("farm"),
        community_id,
        town.parties["neighbour"],
        None,
        "steward",
    )
    leaves(town, "farm", community_id)
    with town.house.desk.store.view() as view:
        assert belongs(view, community_id, town.parties["farm"]) is None
        assert find_community(view, community_id).parties == 1


def test_a_trip_for_members_is_not_there_for_anybody_else(town):
    community_id = founded(town)
    come_in(town, community_id, "neighbour")
    trip_id = posted(town, community_id)
    assert [sees(town, one, trip_id) for one in ("farm", "neighbour")] == [True, True]
    assert not any(sees(town, one, trip_id) for one in ("restaurant", "shop", "carrier", "operator"))
    shipment = market.sent(town, start="shop", end="restaurant")
    with pytest.raises(NotFound):
        place_bid(desk_of(town, "shop"), town.actor("shop"), town.ask("shop"), trip_id, shipment, 5_000)
    found = find_offers(desk_of(town, "shop"), town.actor("shop"), shipment)
    assert (found.rides, found.others, found.seen) == ((), (), 0)
    mine = find_offers(desk_of(town, "neighbour"), town.actor("neighbour"), market.sent(town))
    assert [one.ride_id for one in mine.rides] == [trip_id]


def test_only_members_post_in_a_community(town):
    with pytest.raises(NotFound):
        posted(town, founded(town, "neighbour"))


def test_what_a_member_leaves_unsaid_is_what_the_community_does(town):
    community_id = founded(town, detour_s=25 * 60, cutoff_s=10 * HOUR)
    with town.house.desk.store.view() as view:
        said = find_trip(view, posted(town, community_id, detour_s=600))
        unsaid = posted(town, community_id, detour_s=600, unsaid=frozenset({"detour", "cutoff"}))
    with town.house.desk.store.view() as view:
        row = find_trip(view, unsaid)
    assert (said.detour_s, said.cutoff_at) == (600, market.TOMORROW)
    assert (row.detour_s, row.cutoff_at) == (25 * 60, market.TOMORROW - 10 * HOUR)


def test_whoever_leaves_keeps_what_stands_and_is_granted_nothing_new(town):
    community_id = founded(town)
    come_in(town, community_id, "neighbour")
    trip_id = posted(town, community_id)
    aboard = market.bidden(town, trip_id, market.sent(town))
    market.accepted(town, aboard)
    waits = market.bidden(town, trip_id, market.sent(town))
    leaves(town, "neighbour", community_id)
    assert market.the_bid(town, aboard).state == "accepted"
    assert market.the_bid(town, waits).state == "withdrawn"
    assert sees(town, "neighbour", trip_id)
    with pytest.raises(MembersOnly):
        market.bidden(town, trip_id, market.sent(town))
    found = find_offers(desk_of(town, "neighbour"), town.actor("neighbour"), market.sent(town))
    assert found.rides == ()


def test_who_was_removed_and_has_nothing_aboard_sees_nothing_any_more(town):
    community_id = founded(town)
    come_in(town, community_id, "neighbour")
    trip_id = posted(town, community_id)
    bid_id = market.bidden(town, trip_id, market.sent(town))
    leaves(town, "neighbour", community_id, "farm")
    assert market.the_bid(town, bid_id).state == "withdrawn"
    assert not sees(town, "neighbour", trip_id)
    come_in(town, community_id, "neighbour")
    assert sees(town, "neighbour", trip_id)


def test_each_day_of_a_series_is_for_members_and_none_is_made_once_its_owner_left(town):
    community_id = founded(town, "neighbour")
    come_in(town, community_id, "farm", "neighbour")
    stops = tuple(
        WallStop(town.sites[site], opens, opens + 4 * HOUR, (10, 0, 0, 500))
        for site, opens in (("farm", 6 * HOUR), ("restaurant", 7 * HOUR))
    )
    words = SeriesWords(
        town.parties["farm"],
        "Ange",
        Regime.COTRANSPORT_AGRICOLE,
        stops,
        "FREQ=WEEKLY;BYDAY=TU",
        date(2026, 9, 15),
        "Europe/Paris",
        900,
    )
    series_id = announce_series(
        town.house.desk, town.actor("farm"), town.ask("farm"), words, Posting(community_id)
    )
    with town.house.desk.store.view() as view:
        made = occurrences_of(view, series_id, date(2026, 9, 1), 100)
    assert made and {one.community_id for one in made} == {community_id}
    assert not sees(town, "restaurant", made[0].id)


def test_a_bid_that_was_decided_before_its_payer_left_is_not_written(town):
    community_id = founded(town)
    come_in(town, community_id, "neighbour")
    trip_id, shipment = posted(town, community_id), market.sent(town)
    desk = town.house.desk

    class LeavesMeanwhile(type(desk)):
        """Let the payer leave between deciding and saving."""

        def _saved(self, ask, save):
            if ask.key == "late":
                leaves(town, "neighbour", community_id)
            return super()._saved(ask, save)

    slow = LeavesMeanwhile(desk.store, desk.clock, desk.grounds, desk.timezone)
    with pytest.raises(MembersOnly):
        place_bid(slow, town.actor("neighbour"), town.ask("neighbour", "late"), trip_id, shipment, 5_000)
