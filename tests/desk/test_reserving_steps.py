"""Reservations, names, bids, releases and the clock in any order: after each step every promise holds."""

from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geodata.refusal import Refusal
from pooling.clock import TurnedClock
from pooling.desk.market.bids import expire_due
from pooling.desk.runs.freezing_rides import freeze_trip
from pooling.desk.trips.naming_goods import GoodsWords, name_goods
from pooling.desk.trips.releasing import release_due
from pooling.desk.trips.reserving import RoomWords, release_room, reserve_room
from pooling.figures import NAMING_LEAD
from pooling.legs import LegRoom
from pooling.store import Page
from pooling.store.reservations import held_on, list_reservations
from pooling.trips.naming import beyond_share
from tests.desk.desk_world import Looked
from tests.desk.market import TOMORROW, announced, bidden, newcomer, sent, the_trip
from tests.desk.servers import emptied
from tests.houses import MORNING, new_house, settle
from tests.thorough import examples

ROOM, FARMS = 8, ("one", "two", "three")
FARM, CRATES = st.sampled_from(FARMS), st.integers(1, 5)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("reserve"), FARM, CRATES),
        st.tuples(st.just("bid"), FARM, CRATES),
        st.tuples(st.just("name"), FARM, CRATES),
        st.tuples(st.just("release"), FARM, CRATES),
        st.tuples(st.just("freeze"), FARM, CRATES),
        st.tuples(st.just("wait"), FARM, CRATES),
    ),
    min_size=3,
    max_size=9,
)


class Play:
    """Hold one trip that accepts at once, and the farms that want its eight crates."""

    def __init__(self, house, clock):
        clock.at = MORNING
        house.desk.store.change(emptied)
        self.town, self.seen = settle(house, clock), {}
        for farm in FARMS:
            newcomer(self.town, farm)
        self.trip = announced(self.town, ROOM, ROOM, ROOM, instant=True)

    def held_by(self, farm):
        with self.town.house.desk.store.view() as view:
            rows, _ = list_reservations(view, [self.town.parties[farm]], Page())
        return [one.id for one in rows if one.state == "accepted" and one.named_at is None]

    def wish(self, farm):
        return self.town.house.desk, self.town.actor(farm), self.town.ask(farm)

    def reserve(self, farm, crates):
        ends = (self.town.sites[farm], self.town.sites["restaurant"])
        reserve_room(
            *self.wish(farm), self.trip, RoomWords(self.town.parties[farm], *ends, "ambient", crates), 5_000
        )

    def bid(self, farm, crates):
        bidden(self.town, self.trip, sent(self.town, crates, farm), who=farm)

    def name(self, farm, crates):
        for bid in self.held_by(farm)[:1]:
            name_goods(*self.wish(farm), bid, None, GoodsWords(crates=crates))

    def release(self, farm, _crates):
        for bid in self.held_by(farm)[:1]:
            release_room(*self.wish(farm), bid, None)

    def freeze(self, _farm, _crates):
        freeze_trip(*self.wish("farm"), self.trip)

    def wait(self, _farm, crates):
        last = TOMORROW - NAMING_LEAD.value
        self.town.clock.at += (last - self.town.clock.at) // 2 if crates < 4 else last - self.town.clock.at
        release_due(self.town.house.desk)
        expire_due(self.town.house.desk)

    def every_promise_holds(self):
        desk = self.town.house.desk
        with desk.store.view() as view:
            Looked(desk, view, self.seen).all()
            held = [one.crates for one in held_on(view, self.trip)]
        assert sum(held) <= ROOM // 2
        if (
            self.town.clock.at >= TOMORROW - NAMING_LEAD.value
            or the_trip(self.town, self.trip).state != "open"
        ):
            assert not held


@pytest.fixture(scope="module")
def clock():
    return TurnedClock(MORNING)


@pytest.fixture(scope="module")
def house(tmp_path_factory, clock):
    opened = new_house(tmp_path_factory.mktemp("steps"), clock)
    yield opened
    opened.close()


@settings(examples(25), suppress_health_check=list(HealthCheck))
@given(steps=STEPS)
def test_room_is_never_oversold_and_every_promise_holds_after_each_step(house, clock, steps):
    play = Play(house, clock)
    for name, farm, crates in steps:
        with suppress(Refusal):
            getattr(play, name)(farm, crates)
        play.every_promise_holds()


@given(
    caps=st.lists(st.integers(0, 50), min_size=1, max_size=4),
    percent=st.sampled_from([0, 25, 50, 100]),
    wanted=st.lists(st.integers(1, 20), max_size=12),
)
def test_whoever_comes_what_is_held_stays_within_the_share_of_the_roomiest_leg(caps, percent, wanted):
    legs, held = [LegRoom((cap, 0, 0, 10_000)) for cap in caps], []
    for crates in wanted:
        asked = (crates, 0, 0, 8 * crates)
        if not beyond_share(legs, percent, held, asked, 0):
            held.append(asked)
    assert sum(one[0] for one in held) * 100 <= max(caps) * percent
