"""Quotes: the price is held, the room is not."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pooling.desk.goods.shipments import change_shipment
from pooling.desk.market.bids import accept_bid, counter_bid, place_bid, take_counter
from pooling.desk.market.offers import find_offers
from pooling.desk.market.placing import BidTerms
from pooling.desk.market.quotes import QUOTES_LIMIT, quote_offer
from pooling.figures import QUOTE_TIME
from pooling.store.quotes import find_quote
from tests.desk.market import (
    accepted,
    announced,
    bidden,
    crates,
    newcomer,
    read,
    sent,
    the_bid,
    the_shipment,
)
from tests.desk.test_market import refused


def quoted(town, trip, shipment, who="neighbour"):
    return quote_offer(town.house.desk, town.actor(who), town.ask(who), trip, shipment)


def the_quote(town, quote):
    return read(town, find_quote, quote)


def by_quote(town, trip, shipment, quote, most_cents=50_000, who="neighbour"):
    terms = BidTerms(quote_id=quote)
    return place_bid(town.house.desk, town.actor(who), town.ask(who), trip, shipment, most_cents, terms)


def test_a_quote_holds_the_price_of_the_offer_until_its_hour(town):
    trip, shipment = announced(town), sent(town)
    (offer,) = find_offers(town.house.desk, town.actor("neighbour"), shipment).rides
    row = the_quote(town, quoted(town, trip, shipment))
    assert (row.price_cents, row.pickup_at, row.drop_at) == (
        offer.price_cents,
        offer.pickup_at,
        offer.drop_at,
    )
    assert row.expires_at == town.clock.at + QUOTE_TIME.value


def test_no_quote_holds_longer_than_its_trip_takes_guests(town):
    trip, shipment = announced(town, cutoff_at=town.clock.at + 600), sent(town)
    assert the_quote(town, quoted(town, trip, shipment)).expires_at == town.clock.at + 600


def test_a_bid_by_a_quote_is_accepted_at_its_price_when_nothing_changed(town):
    trip, shipment = announced(town), sent(town)
    quote = quoted(town, trip, shipment)
    price_cents = the_quote(town, quote).price_cents
    bid = by_quote(town, trip, shipment, quote, price_cents)
    accepted(town, bid)
    row = the_bid(town, bid)
    assert (row.state, row.price_cents, row.quote_id) == ("accepted", price_cents, quote)


def test_a_quote_holds_the_price_and_not_the_room(town):
    trip, shipment = announced(town, 5, 0, 0), sent(town, 4)
    quote = quoted(town, trip, shipment)
    other = newcomer(town, "dairy")
    accepted(town, bidden(town, trip, sent(town, 3, other), who=other))
    assert refused(lambda: by_quote(town, trip, shipment, quote)).code == "no_room"


def test_a_bid_that_was_placed_in_time_keeps_its_quoted_price_until_it_is_answered(town):
    trip, shipment = announced(town), sent(town)
    quote = quoted(town, trip, shipment)
    bid = by_quote(town, trip, shipment, quote)
    town.clock.at += QUOTE_TIME.value
    accepted(town, bid)
    assert the_bid(town, bid).price_cents <= the_quote(town, quote).price_cents


def test_a_quote_that_ran_out_or_is_not_ones_own_is_refused(town):
    trip, shipment = announced(town), sent(town)
    quote = quoted(town, trip, shipment)
    dairy = newcomer(town, "dairy")
    theirs = sent(town, 2, dairy)
    assert refused(lambda: by_quote(town, trip, theirs, quote, who=dairy)).code == "not_found"
    assert refused(lambda: by_quote(town, announced(town), shipment, quote)).code == "quote_elsewhere"
    town.clock.at += QUOTE_TIME.value
    assert refused(lambda: by_quote(town, trip, shipment, quote)).code == "quote_expired"


def test_a_quote_is_for_the_crates_as_they_were(town):
    trip, shipment = announced(town), sent(town)
    quote = quoted(town, trip, shipment)
    words = crates(town, 5)
    change_shipment(town.house.desk, town.actor("neighbour"), town.ask("neighbour"), shipment, None, words)
    assert refused(lambda: by_quote(town, trip, shipment, quote)).code == "quote_elsewhere"


def test_only_who_pays_may_have_a_quote(town):
    trip, shipment = announced(town), sent(town)
    assert refused(lambda: quoted(town, trip, shipment, who="shop")).code == "not_found"


def test_an_owner_asks_no_more_than_what_a_quote_holds(town):
    trip, shipment = announced(town), sent(town)
    quote = quoted(town, trip, shipment)
    held_cents = the_quote(town, quote).price_cents
    bid = by_quote(town, trip, shipment, quote, held_cents - 100)
    farm = town.actor("farm")
    counter = lambda cents: counter_bid(town.house.desk, farm, town.ask("farm"), bid, None, cents)  # noqa: E731
    assert refused(lambda: counter(held_cents + 1)).code == "quote_holds"
    counter(held_cents)
    take_counter(town.house.desk, town.actor("neighbour"), town.ask("neighbour"), bid, None)
    assert the_bid(town, bid).price_cents <= held_cents
    assert the_shipment(town, shipment).state == "riding"


def test_quotes_are_limited_for_each_party(town):
    trip, shipment = announced(town), sent(town)
    for _ in range(QUOTES_LIMIT):
        quoted(town, trip, shipment)
    assert refused(lambda: quoted(town, trip, shipment)).code == "too_many_quotes"
    town.clock.at += QUOTE_TIME.value
    assert quoted(town, trip, shipment)


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(number=st.integers(1, 6), others=st.lists(st.integers(1, 5), max_size=2), most=st.integers(300, 3_000))
def test_a_quoted_price_is_never_exceeded(town, number, others, most):
    trip, shipment = announced(town), sent(town, number)
    quote = quoted(town, trip, shipment)
    held_cents = the_quote(town, quote).price_cents
    for count in others:
        name = newcomer(town, f"guest{len(town.parties)}")
        accepted(town, bidden(town, trip, sent(town, count, name), who=name))
    try:
        bid = by_quote(town, trip, shipment, quote, most)
        accept_bid(town.house.desk, town.actor("farm"), town.ask("farm"), bid, None)
    except Exception as refusal:  # noqa: BLE001
        assert getattr(refusal, "code", "") in ("bid_below_detour", "no_room", "quote_not_borne"), refusal
        return
    assert the_bid(town, bid).price_cents <= min(held_cents, most)
