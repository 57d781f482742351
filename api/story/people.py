"""Who takes part in the day, by role, and what was announced."""

from api.papers.words import message
from api.story.voice import Voice
from pooling.day import Day
from pooling.party import Role

NAMES_SHOWN = 4

ROLES = {
    Role.PRODUCER: (message("{count} farm: {names}"), message("{count} farms: {names}")),
    Role.BUYER: (message("{count} buyer: {names}"), message("{count} buyers: {names}")),
    Role.INTERMEDIARY: (message("{count} intermediary: {names}"), message("{count} intermediaries: {names}")),
    Role.CARRIER: (message("{count} carrier: {names}"), message("{count} carriers: {names}")),
    Role.PRIVATE: (message("{count} private person: {names}"), message("{count} private persons: {names}")),
    Role.OPERATOR: (message("{count} operator: {names}"), message("{count} operators: {names}")),
}
"""What each role is called where its people are counted."""


def tell_people(voice: Voice, day: Day) -> None:
    """Print the day and its region, some names of each role, and what was announced."""
    words = voice.words
    voice.head(f"{words.day(day.clock.day.isoformat())} · {day.region}")
    for role, (one, many) in ROLES.items():
        names = [party.name for party in day.parties.values() if party.role is role]
        if names:
            voice.line(words.count(one, many, len(names), names=_some(voice, names)))
    announced = (
        words.count("{count} trip that is made anyway", "{count} trips that are made anyway", len(day.trips)),
        words.count("{count} proposed tour", "{count} proposed tours", len(day.tours)),
        words.count("{count} shipment", "{count} shipments", len(day.shipments)),
        words.count("{count} bid for room on a trip", "{count} bids for room on a trip", len(day.bids)),
    )
    voice.line(" · ".join(announced))


def _some(voice: Voice, names: list[str]) -> str:
    shown = ", ".join(names[:NAMES_SHOWN])
    if len(names) <= NAMES_SHOWN:
        return shown
    return voice.words.say("{shown} and {more} more", shown=shown, more=len(names) - NAMES_SHOWN)
