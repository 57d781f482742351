"""How the story calls people, rides and goods."""

from api.papers import Words
from pooling.day import Day
from pooling.shipment import Shipment


def party_name(day: Day, party: str) -> str:
    return day.parties[party].name if party in day.parties else party


def ride_name(day: Day, ride: str) -> str:
    """Return a trip or tour with whoever drives it: ``T1 (Jardins de La Croux)``."""
    if ride in day.trip_by_id:
        return f"{ride} ({party_name(day, day.trip_by_id[ride].owner)})"
    if ride in day.tour_by_id:
        return f"{ride} ({party_name(day, day.tour_by_id[ride].carrier)})"
    return ride


def crates(words: Words, count: int) -> str:
    return words.count("{count} crate", "{count} crates", count)


def goods(day: Day, shipment: Shipment, words: Words) -> str:
    """Say how much goes from whom to where."""
    return words.say(
        "{crates} of {shipper} to {site}",
        crates=crates(words, shipment.load.crates),
        shipper=party_name(day, shipment.shipper),
        site=day.sites[shipment.to_site].name,
    )
