"""What was refused and why: bids on trips, then goods that no ride took; always with the way out."""

from collections.abc import Sequence

from api.commands.play import Played
from api.story.names import goods, party_name, ride_name
from api.story.voice import Voice
from pooling.bid import Bid
from pooling.days.alternatives import Alternative
from pooling.days.turned import Turned
from pooling.days.would_do import WouldDo
from pooling.shipment import Shipment

SHOWN = 12


def tell_bids(voice: Voice, played: Played) -> None:
    """Print each refused bid: whose it was, why, what to do, and what became of the goods."""
    refused = _about(played, "bid")
    if not refused:
        return
    voice.head(voice.words.say("Bids that were refused, and why"))
    left = {one.subject: one for one in _about(played, "shipment")}
    for one in refused[:SHOWN]:
        _said(voice, one, _bid(voice, one, played))
        if one.subject in left and one.subject not in played.plan.impossible:
            reason = voice.words.refusal(left[one.subject].refusal)[0]
            voice.line(voice.words.say("Nor does a tour take it: {reason}", reason=reason), depth=2)
        _instead(voice, one, played, left[one.subject].would_do if one.subject in left else ())
    voice.more(refused, SHOWN)


def tell_left(voice: Voice, played: Played) -> None:
    """Print the goods that no ride takes; a refused bid has told of its own already."""
    told = {one.subject for one in _about(played, "bid")[:SHOWN]}
    untold = [one for one in _about(played, "shipment") if one.subject not in told]
    impossible = [one for one in untold if one.subject in played.plan.impossible]
    alone = [one for one in untold if one.subject not in played.plan.impossible]
    _left(voice, played, voice.words.say("Not to be delivered by anybody, and why"), impossible)
    _left(voice, played, voice.words.say("Left to drive alone, and why"), alone)


def _left(voice: Voice, played: Played, head: str, left: Sequence[Turned]) -> None:
    if not left:
        return
    voice.head(head)
    for one in left[:SHOWN]:
        shipment = played.day.shipment_by_id[one.subject]
        _said(voice, one, goods(played.day, shipment, voice.words))
        _instead(voice, one, played, one.would_do)
    voice.more(left, SHOWN)


def _about(played: Played, about: str) -> list[Turned]:
    return [one for one in played.plan.turned if one.about == about]


def _said(voice: Voice, one: Turned, whose: str) -> None:
    """Print whose it was, then the reason and the cure."""
    voice.line(whose, lead=one.subject)
    reason, cure = voice.words.refusal(one.refusal)
    voice.line(reason, depth=2, style="yellow", aside=f"({one.refusal.code})")
    voice.line(cure, depth=2)


def _bid(voice: Voice, one: Turned, played: Played) -> str:
    """Say whose bid it was: the goods, the amount, the trip."""
    words, shipment = voice.words, played.day.shipment_by_id[one.subject]
    bid = _last_bid(played, one.subject)
    facts = {
        "goods": goods(played.day, shipment, words),
        "most": words.money(bid.most_cents),
        "trip": bid.trip,
    }
    if shipment.payer == shipment.shipper:
        return words.say("{goods}: bid {most} on {trip}", **facts)
    payer = party_name(played.day, shipment.payer)
    return words.say("{goods}: {payer} bid {most} on {trip}", payer=payer, **facts)


def _last_bid(played: Played, shipment: str) -> Bid:
    return next(bid for bid in reversed(played.day.bids) if bid.shipment == shipment)


def _instead(voice: Voice, one: Turned, played: Played, would_do: Sequence[WouldDo]) -> None:
    """Print what carries the goods after all; or the nearest ride that could, and what would do."""
    words, day = voice.words, played.day
    if one.rides_on:
        told = [words.say("It rides on {ride} instead.", ride=ride_name(day, one.rides_on))]
    else:
        shipment = day.shipment_by_id[one.subject]
        told = [
            *(_could(voice, other, played, shipment.payer) for other in one.alternatives[:1]),
            *(_changed(voice, other, played, shipment) for other in would_do),
        ]
    for text in told:
        voice.line(text, depth=2, lead="→")
    if not told:
        voice.line(words.say("No other ride of the day could take it."), depth=2, lead="→", style="dim")


def _changed(voice: Voice, other: WouldDo, played: Played, shipment: Shipment) -> str:
    """Say by which change a ride would take the goods."""
    words, clock = voice.words, played.day.clock
    facts: dict[str, object] = {
        "ride": ride_name(played.day, other.ride),
        "collected": clock.wall(other.pickup_s),
        "handed_over": clock.wall(other.drop_s),
    }
    if other.kind == "hours":
        return words.say("{ride} would take it at other hours: {collected} to {handed_over}.", **facts)
    if other.kind == "size":
        facts |= {"crates": other.crates, "all": shipment.load.crates}
        return words.say(
            "{ride} would take {crates} of the {all} crates: {collected} to {handed_over}.", **facts
        )
    if other.kind == "van" and not other.missing_cents:
        return words.say("One van more like {ride} would take it, and be paid for.", **facts)
    missing = words.money(other.missing_cents)
    if other.kind == "van":
        return words.say(
            "One van more like {ride} would take it if somebody put in {missing} more.",
            missing=missing,
            **facts,
        )
    return words.say(
        "{ride} would take it if somebody put in {missing} more: {collected} to {handed_over}.",
        missing=missing,
        **facts,
    )


def _could(voice: Voice, other: Alternative, played: Played, payer: str) -> str:
    """Say when another ride would collect and hand over; the payer's own trip needs no bid."""
    words, day = voice.words, played.day
    facts = {
        "collected": day.clock.wall(other.pickup_s),
        "handed_over": day.clock.wall(other.drop_s),
        "detour": words.duration(other.detour_s),
    }
    trip = day.trip_by_id.get(other.ride)
    if trip is not None and trip.owner == payer:
        return words.say(
            "It fits on its payer's own trip {trip}: {collected} to {handed_over}, {detour} of detour.",
            trip=trip.id,
            **facts,
        )
    return words.say(
        "{ride} would take it for a bid of {price}: {collected} to {handed_over}, {detour} of detour.",
        ride=ride_name(day, other.ride),
        price=words.money(other.price_cents),
        **facts,
    )
