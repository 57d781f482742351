"""A played day told to a person at a terminal, with figures."""

from rich.console import Console
from rich.table import Table

from api.papers import Words
from api.play import Played
from pooling.alternatives import Turned
from pooling.award import TripBook
from pooling.confirming import TourBook
from pooling.line import BadLine
from pooling.settlement import OPERATOR, Transfer
from pooling.worth import Totals, announced_cents, with_guests_cents

BAD_LINES_SHOWN = 20
LEFT_SHOWN = 12


def tell(console: Console, played: Played, words: Words) -> None:
    """Print the day: who takes part, bids, tours, refusals, who pays what, and what it was worth."""
    _people(console, played, words)
    tell_bad_lines(console, played.bad_lines, words)
    for site, warning in played.warnings:
        console.print(f"[yellow]{site}[/]: {words.refusal(warning)[0]}", highlight=False)
    _trips(console, played, words)
    _tours(console, played, words)
    _turned(console, played, words)
    _participants(console, played, words)
    _transfers(console, played, words)
    _worth(console, played, words)


def tell_bad_lines(console: Console, bad_lines: tuple[BadLine, ...], words: Words) -> None:
    """Print what was wrong in the tables, line by line, with the cure."""
    if not bad_lines:
        return
    _head(console, words.say("Lines that were left out"))
    for one in bad_lines[:BAD_LINES_SHOWN]:
        reason, cure = words.refusal(one.refusal)
        where = words.say("{table}, line {line}, {column}", table=one.table, line=one.line, column=one.column)
        console.print(f"  [red]{where}[/] [dim]({one.refusal.code})[/] {reason} {cure}", highlight=False)
    if len(bad_lines) > BAD_LINES_SHOWN:
        more = len(bad_lines) - BAD_LINES_SHOWN
        console.print("  " + words.say("… and {more} more: see result.json", more=more))


def _head(console: Console, text: str) -> None:
    console.print(f"\n[bold]{text}[/]", highlight=False)


def _people(console: Console, played: Played, words: Words) -> None:
    day = played.day
    _head(console, f"{words.day(day.clock.day.isoformat())} · {day.region}")
    console.print(
        words.say(
            "{parties} parties, {sites} sites, {trips} announced trips, {shipments} shipments, "
            "{bids} bids, {tours} proposed tours",
            parties=len(day.parties),
            sites=len(day.sites),
            trips=len(day.trips),
            shipments=len(day.shipments),
            bids=len(day.bids),
            tours=len(day.tours),
        ),
        highlight=False,
    )


def _trips(console: Console, played: Played, words: Words) -> None:
    if not played.plan.trips:
        return
    _head(console, words.say("Trips that are made anyway, and who rides along"))
    for book in played.plan.trips:
        _trip(console, book, played, words)


def _trip(console: Console, book: TripBook, played: Played, words: Words) -> None:
    owner = played.day.parties[book.trip.owner].name
    console.print(f"  [cyan]{book.trip.id}[/] {owner}", highlight=False)
    for guest in book.guests:
        console.print(
            "     "
            + words.say(
                "{shipment}, {crates} crates for {payer}: bid {bid}, pays {price}, detour {detour}",
                shipment=guest.shipment.id,
                crates=guest.shipment.load.crates,
                payer=guest.shipment.payer,
                bid=words.money(guest.most_cents),
                price=words.money(guest.price_cents),
                detour=words.duration(guest.detour_s),
            ),
            highlight=False,
        )
    gain = announced_cents(book) - with_guests_cents(book) + book.received_cents
    text = (
        words.say("the owner is better off by {gain}", gain=words.money(gain))
        if book.guests
        else words.say("no guests today")
    )
    console.print(f"     [dim]{text}[/]", highlight=False)


def _tours(console: Console, played: Played, words: Words) -> None:
    if not played.day.tours:
        return
    _head(console, words.say("Tours with a carrier"))
    for book in played.plan.tours:
        _tour(console, book, played, words)
    idle = {tour.id for tour in played.day.tours} - {book.tour.id for book in played.plan.tours}
    for tour in sorted(idle):
        console.print(f"  [cyan]{tour}[/] [dim]{words.say('does not run today')}[/]", highlight=False)


def _tour(console: Console, book: TourBook, played: Played, words: Words) -> None:
    carrier = played.day.parties[book.tour.carrier].name
    console.print(
        f"  [cyan]{book.tour.id}[/] {carrier}: "
        + words.say(
            "{shipments} shipments, {km}, {time}; card {card}, fee {fee}, gap {gap}",
            shipments=len(book.shipments),
            km=words.km(book.route.distance_m),
            time=words.duration(book.route.duration_s),
            card=words.money(book.card.total_cents),
            fee=words.money(book.tour.fee_cents),
            gap=words.money(book.split.gap_cents),
        ),
        highlight=False,
    )


def _turned(console: Console, played: Played, words: Words) -> None:
    if not played.plan.turned:
        return
    _head(console, words.say("Refused, and why"))
    bids = [one for one in played.plan.turned if one.about != "shipment"]
    left = [one for one in played.plan.turned if one.about == "shipment"]
    for one in (*bids, *left[:LEFT_SHOWN]):
        _turn(console, one, played, words)
    if len(left) > LEFT_SHOWN:
        console.print(
            "  " + words.say("… and {more} more: see result.json", more=len(left) - LEFT_SHOWN),
            highlight=False,
        )


def _turn(console: Console, one: Turned, played: Played, words: Words) -> None:
    reason, cure = words.refusal(one.refusal)
    console.print(f"  [yellow]{one.subject}[/] [dim]({one.refusal.code})[/] {reason} {cure}", highlight=False)
    if one.rides_on:
        console.print("     " + words.say("It rides on {ride} instead.", ride=one.rides_on), highlight=False)
    for other in one.alternatives[:1]:
        console.print(
            "     "
            + words.say(
                "Nearest alternative: {ride}, collected {collected}, handed over {handed_over}.",
                ride=other.ride,
                collected=played.day.clock.wall(other.pickup_s),
                handed_over=played.day.clock.wall(other.drop_s),
            ),
            highlight=False,
        )
    if not one.rides_on and not one.alternatives and one.about in ("bid", "shipment"):
        console.print("     " + words.say("No other ride was found."), highlight=False)


def _participants(console: Console, played: Played, words: Words) -> None:
    table = Table(title=words.say("Alone, and now"), title_justify="left", title_style="bold")
    table.add_column(words.say("Party"))
    for column in (
        words.say("alone"),
        words.say("share"),
        words.say("saving"),
        words.say("of goods value"),
    ):
        table.add_column(column, justify="right")
    for one in played.worth.participants:
        ratio = (
            f"{words.number(100 * one.share_cents / one.goods_value_cents)} %"
            if one.goods_value_cents
            else "–"
        )
        table.add_row(
            one.name,
            words.money(one.alone_cents),
            words.money(one.share_cents),
            words.money(one.saving_cents),
            f"[red]{ratio} ▲[/]" if one.above_target and one.goods_value_cents else ratio,
        )
    console.print()
    console.print(table)
    console.print(
        f"[dim]{words.say('▲ carriage costs more than 15 % of the goods. All costs are full costs.')}[/]",
        highlight=False,
    )


def _transfers(console: Console, played: Played, words: Words) -> None:
    if not played.transfers:
        return
    table = Table(title=words.say("Who owes whom"), title_justify="left", title_style="bold")
    for column in (words.say("from"), words.say("to"), words.say("for")):
        table.add_column(column)
    table.add_column(words.say("amount"), justify="right")
    for owed in played.transfers:
        table.add_row(*_owed(owed, words), words.money(owed.cents))
    console.print()
    console.print(table)


def _owed(owed: Transfer, words: Words) -> tuple[str, str, str]:
    def name(account: str) -> str:
        return words.say("operator") if account == OPERATOR else account

    why = {"card": words.say("carrier's card"), "fee": words.say("fee"), "gap": words.say("gap")}
    return name(owed.payer), name(owed.payee), why.get(owed.why, owed.why)


def _worth(console: Console, played: Played, words: Words) -> None:
    table = Table(title=words.say("Was it worth it?"), title_justify="left", title_style="bold")
    table.add_column("")
    for column in (words.say("everyone alone"), words.say("pooled"), words.say("change")):
        table.add_column(column, justify="right")
    alone, pooled = played.worth.alone, played.worth.pooled
    for label, before, after, before_text, after_text in _rows(alone, pooled, words):
        change = f"{words.number(100 * (after - before) / before)} %" if before else "–"
        table.add_row(label, before_text, after_text, change)
    console.print()
    console.print(table)
    found = len(played.plan.violations)
    console.print(
        words.say("Rules broken, by the independent checker: {found}", found=found), highlight=False
    )


def _rows(alone: Totals, pooled: Totals, words: Words) -> list[tuple[str, int, int, str, str]]:
    def row(label: str, pair: tuple[int, int], texts: tuple[str, str]) -> tuple[str, int, int, str, str]:
        return label, pair[0], pair[1], texts[0], texts[1]

    return [
        row(
            words.say("vans on the road"),
            (alone.vehicles, pooled.vehicles),
            (str(alone.vehicles), str(pooled.vehicles)),
        ),
        row(
            words.say("distance"),
            (alone.distance_m, pooled.distance_m),
            (words.km(alone.distance_m), words.km(pooled.distance_m)),
        ),
        row(
            words.say("hours"),
            (alone.duration_s, pooled.duration_s),
            (words.duration(alone.duration_s), words.duration(pooled.duration_s)),
        ),
        row(
            words.say("full cost"),
            (alone.cents, pooled.cents),
            (words.money(alone.cents), words.money(pooled.cents)),
        ),
        row(
            words.say("CO2e"),
            (alone.co2_g, pooled.co2_g),
            (words.kg(alone.co2_g // 1000), words.kg(pooled.co2_g // 1000)),
        ),
    ]
