"""
Serve a house with a market morning in it: ``carriole serve --morning``.

The invented people of the demo are invited, sign in and trade over the API of this very process; then
their sign-in links are printed, so that a newcomer can look through the eyes of each. A house in
which the morning was played before is served as it is, with fresh links.
"""

import sys
import threading
import time
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import TextIO

from api.app import make_app
from api.commands.serving import server_of
from api.house import House, open_house
from api.letters.letters import link_url
from api.logs import set_up_logs
from api.papers import Words
from api.playing.caller import HttpCaller, read_document
from api.playing.cast import call_in, email_of
from api.playing.invented import invented_day, next_market_day, token_mailed
from api.playing.market import freeze_rides, play_market
from api.settings import Settings
from pooling.day import Day
from pooling.desk.people.founding import found_house
from pooling.desk.people.signing_in import ask_sign_in
from pooling.party import Role

OPERATOR = "operator@example.org"
OPERATING = "Carriole Riviera"
SHOWN = (Role.OPERATOR, Role.PRODUCER, Role.BUYER, Role.CARRIER)
STARTS_WITHIN_S = 30


@dataclass
class Hush:
    """Print mails that sign somebody in, once the play is over; the others only lie in their folder."""

    stream: TextIO
    heard: bool = False

    def write(self, text: str) -> int:
        return self.stream.write(text) if self.heard and "/sign-in/" in text else len(text)

    def flush(self) -> None:
        self.stream.flush()


def serve_morning(settings: Settings, host: str, port: int, seed: int, say: Words) -> None:
    """Serve the house, play the morning into it where it is new, and print who can sign in how."""
    set_up_logs("WARNING" if settings.log_level == "INFO" else settings.log_level)
    settings = replace(settings, public_url=f"http://{host}:{port}")
    hush = Hush(sys.stderr)
    house = open_house(settings, stream=hush)
    founded = found_house(house.desk.store, OPERATOR, "Camille", OPERATING, say.language)
    server = server_of(make_app(house), host, port)

    def play() -> None:
        until = time.monotonic() + STARTS_WITHIN_S
        while not server.started and time.monotonic() < until:
            time.sleep(0.05)
        day = invented_day(house.region, seed, next_market_day(_today(house)))
        try:
            done = settings.home / "morning-played"
            if founded.new:
                _play(house, day, settings.public_url, founded.link.token, say)
                done.touch()
            elif not done.exists():
                tell(
                    say.say(
                        "The morning here was broken off. To play it anew, stop and remove {folder}.",
                        folder=settings.home,
                    )
                )
            _print_ways_in(house, day, say)
        finally:
            hush.heard = True

    thread = threading.Thread(target=play, daemon=True)
    thread.start()
    try:
        server.run()
    finally:
        house.close()


def _play(house: House, day: Day, address: str, token: str, say: Words) -> None:
    tell(say.say("Playing a market morning into the house (about a minute) …"))
    document = read_document(address)

    def signed_in(token: str) -> HttpCaller:
        return HttpCaller(address, document, token)

    opened = signed_in("").do("confirm_sign_in", body={"token": token})
    mail = house.settings.home / "mail"
    operator = signed_in(opened["token"])
    cast = call_in(day, operator, signed_in, lambda email: token_mailed(mail, email), say.language)
    played = play_market(day, cast)
    freeze_rides(day, cast, played)
    tell(
        say.say(
            "Trips: {trips}; guests aboard: {guests}; tours confirmed: {tours}; manifests: {manifests}.",
            trips=len(played.trips),
            guests=len(played.bids),
            tours=len(played.confirmed),
            manifests=len(played.manifests),
        )
    )
    for cents in played.lacking.values():
        tell(say.say("A tour waits: it lacks {amount} to set out.", amount=say.money(cents)))


def _print_ways_in(house: House, day: Day, say: Words) -> None:
    """Print a link for one person of each kind; each signs in once, within a quarter of an hour."""
    tell(say.say("Carriole serves {address}. Sign in as:", address=house.settings.public_url))
    for email in _shown(day):
        link = ask_sign_in(house.desk, email)
        if link is not None:
            tell(f"  {email}\n    {link_url(house.settings.public_url, link)}")
    tell(say.say("Each link signs in once, within a quarter of an hour. Stop by Ctrl-C."))


def _shown(day: Day) -> list[str]:
    """Choose one address per role: whoever sends or receives something that day."""
    first: dict[Role, str] = {Role.OPERATOR: OPERATOR}
    busy = [*(trip.owner for trip in day.trips), *(tour.carrier for tour in day.tours)]
    busy += [one.ordered_by for one in day.shipments if one.ordered_by]
    for party_id in busy:
        party = day.parties[party_id]
        first.setdefault(party.role, email_of(party))
    return [first[role] for role in SHOWN if role in first]


def tell(line: str) -> None:
    """Print a line for whoever started the house."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _today(house: House) -> date:
    return datetime.fromtimestamp(house.desk.clock.now(), UTC).date()
