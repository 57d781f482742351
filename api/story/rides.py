"""Who rides with whom: trips with their guests, tours with their shippers."""

from itertools import groupby

from api.commands.play import Played
from api.papers.words import REGIMES
from api.story.names import crates, party_name, ride_name
from api.story.voice import Row, Voice
from pooling.market.award import Guest, TripBook, site_names
from pooling.tours.confirming import TourBook
from routing.plan import PlannedVisit, Route

SIGNS = {"pickup": "+", "drop": "−"}


def tell_trips(voice: Voice, played: Played) -> None:
    """Print each trip with guests, and in one line those without."""
    if not played.day.trips:
        return
    words = voice.words
    voice.head(words.say("Trips that are made anyway, and who rides along"))
    for book in played.plan.trips:
        if book.guests:
            _trip(voice, book, played)
    bare = [ride_name(played.day, book.trip.id) for book in played.plan.trips if not book.guests]
    if bare:
        voice.line(words.say("No guests today: {trips}", trips=", ".join(bare)), style="dim")
    _not_running(voice, played, "trip")


def tell_tours(voice: Voice, played: Played) -> None:
    """Print each confirmed tour with its shippers, and in one line those that stay at home."""
    if not played.day.tours:
        return
    words = voice.words
    voice.head(words.say("Tours with a carrier"))
    for book in played.plan.tours:
        _tour(voice, book, played)
    refused = {one.subject for one in played.plan.turned if one.about == "tour"}
    running = {book.tour.id for book in played.plan.tours}
    idle = [ride_name(played.day, t.id) for t in played.day.tours if t.id not in running | refused]
    if idle:
        voice.line(words.say("Not needed today: {tours}", tours=", ".join(idle)), style="dim")
    _not_running(voice, played, "tour")


def _not_running(voice: Voice, played: Played, about: str) -> None:
    """Print the trips or tours that cannot run at all, and why."""
    for one in played.plan.turned:
        if one.about == about:
            reason = " ".join(voice.words.refusal(one.refusal))
            voice.line(reason, lead=one.subject, aside=f"({one.refusal.code})")


def _trip(voice: Voice, book: TripBook, played: Played) -> None:
    words, day = voice.words, played.day
    owner = party_name(day, book.trip.owner)
    voice.line(f"{owner} · {words.say(REGIMES[book.trip.regime.value])}", lead=book.trip.id)
    voice.line(_way(book.route, played), depth=2)
    for shipment in book.own:
        count = crates(words, shipment.load.crates)
        voice.line(words.say("{crates} of the owner's own", crates=count), lead=shipment.id, depth=2)
    for guest in book.guests:
        _guest(voice, guest, played)
    gain_cents = book.announced_cents - book.owner_cents
    gain = words.say("{owner} is better off by {gain}.", owner=owner, gain=words.money(gain_cents))
    voice.line(gain, depth=2, style="green")


def _guest(voice: Voice, guest: Guest, played: Played) -> None:
    words, shipment = voice.words, guest.shipment
    said = words.say(
        "{crates} for {payer}: bid {bid}, pays {price}; {detour} of detour",
        crates=crates(words, shipment.load.crates),
        payer=party_name(played.day, shipment.payer),
        bid=words.money(guest.most_cents),
        price=words.money(guest.price_cents),
        detour=words.duration(guest.detour_s),
    )
    voice.line(said, depth=2, lead=shipment.id)


def _way(route: Route, played: Played) -> str:
    """Say the stops in one line with their hours, and what goes on (+) and off (−)."""
    names = site_names(played.day, played.plan.ground)
    halts = [(place, list(visits)) for place, visits in groupby(route.visits, key=lambda v: v.place)]
    hours = [played.day.clock.wall(visits[0].begins_s) for _, visits in halts]
    stops = [f"{names[place]}{_handled(visits)}" for place, visits in halts]
    return " → ".join(f"{hour}\N{NO-BREAK SPACE}{stop}" for hour, stop in zip(hours, stops, strict=True))


def _handled(visits: list[PlannedVisit]) -> str:
    moved = [f"{SIGNS[visit.task.kind]}{visit.task.id}" for visit in visits if visit.task.kind in SIGNS]
    return f" [{' '.join(moved)}]" if moved else ""


def _tour(voice: Voice, book: TourBook, played: Played) -> None:
    words, day, route = voice.words, played.day, book.route
    carrier, driver = party_name(day, book.tour.carrier), party_name(day, book.tour.driver)
    parts = [
        carrier,
        *([words.say("driven by {driver}", driver=driver)] if driver != carrier else []),
        f"{day.clock.wall(route.leaves_s)}–{day.clock.wall(route.ends_s)}",
        words.km(route.distance_m),
        words.count("{count} shipment", "{count} shipments", len(book.shipments)),
    ]
    voice.line(" · ".join(parts), lead=book.tour.id)
    voice.grid([_rider(voice, party, book, played) for party in book.split.shares_cents], depth=2)
    _bill(voice, book, played)


def _rider(voice: Voice, party: str, book: TourBook, played: Played) -> Row:
    """Say who rides, with which shipments, and what it pays of the tour."""
    own = [shipment for shipment in book.shipments if shipment.payer == party]
    count = crates(voice.words, sum(shipment.load.crates for shipment in own))
    shipments = ", ".join(shipment.id for shipment in own)
    paid = voice.words.money(book.split.shares_cents[party])
    return party_name(played.day, party), f"{count} ({shipments})", paid


def _bill(voice: Voice, book: TourBook, played: Played) -> None:
    """Say what the carrier is owed, line by line, and what is added."""
    words, card = voice.words, book.card
    said = words.say(
        "{carrier} is owed {card}: {fixed} fixed, {distance} for the way, {time} for the time, "
        "{stops} for the stops. The operator's fee is {fee}.",
        carrier=party_name(played.day, book.tour.carrier),
        card=words.money(card.total_cents),
        fixed=words.money(card.fixed_cents),
        distance=words.money(card.distance_cents),
        time=words.money(card.time_cents),
        stops=words.money(card.stops_cents),
        fee=words.money(book.tour.fee_cents),
    )
    voice.line(said, depth=2, style="dim")
    if book.split.gap_cents:
        account = party_name(played.day, book.tour.gap_account)
        gap = words.money(book.split.gap_cents)
        voice.line(words.say("{account} pays the missing {gap}.", account=account, gap=gap), depth=2)
