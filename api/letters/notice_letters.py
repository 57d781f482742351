"""
The letters that tell members what happened, in their language.

A letter names what happened, the day of the ride, new hours where they have changed, and where to
read on, for whoever signs in. It holds no name, no price and no place: what concerns somebody else cannot
slip into it. Only whose place on a tour is confirmed reads its own hours and share, and who comes; and whom
waiting concerns, how long it was and what it costs.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from api.papers import Words, words
from pooling.desk.telling.sending import Reader, Told
from pooling.phrases import message
from pooling.telling.mail import Mail

NEWS = {
    "bid.accepted": message("a bid was accepted, its crates ride"),
    "bid.countered": message("a bid was answered with another amount"),
    "bid.expired": message("a bid found no answer in time"),
    "bid.fits_again": message("a bid that waits fits on its trip again"),
    "bid.lowered": message("what a bid costs is lowered"),
    "bid.outbid": message("other crates were chosen for a trip, your bid still waits: see what would do"),
    "bid.no_longer_fits": message("a bid that waits no longer fits on its trip"),
    "bid.placed": message("a bid was placed"),
    "bid.refused": message("a bid was refused"),
    "bid.withdrawn": message("a bid was withdrawn"),
    "carrier.days_granted": message("the operator has set how many days you may drive in a week"),
    "carrier.suspended": message("your carrier is suspended: its dossier says why"),
    "claim.opened": message("something is claimed for crates: look at it, whoever held them is asked"),
    "claim.overdue": message("a claim waits for your decision, and its time is over"),
    "claim.paid": message("a claim is accepted or decided: it is paid by whoever held the crates"),
    "claim.refused": message("a claim was refused"),
    "claim.with_operator": message("a claim waits for the operator"),
    "claim.withdrawn": message("a claim was taken back"),
    "draft.declined": message("somebody who was invited to a drafted tour has declined"),
    "draft.invited": message("a tour is being prepared that could carry your crates: you are invited"),
    "draft.joined": message("somebody who was invited to a drafted tour has joined it"),
    "draft.reminded": message("an invitation to a tour still waits for your answer"),
    "driver.substituted": message("another driver drives: the tour says why"),
    "community.joined": message("a party joined a community"),
    "community.left": message("a party left a community"),
    "community.removed": message("a party was removed from a community"),
    "community.role_given": message("your part in a community was changed"),
    "cutoff.moved": message("a late bid has moved the last hour to agree on a trip"),
    "duty.coming": message("you are on duty in the shop soon: see which trip would serve your neighbours"),
    "duty.trip_posted": message("whoever is on duty drives to the shop: your crates may ride"),
    "goods.named": message("the goods were named for room that was held"),
    "handover.corrected": message("a note on crates that changed hands was corrected"),
    "handover.done": message("crates were handed over"),
    "handover.failed": message("crates could not be handed over"),
    "handover.passed_on": message("crates that could not be handed over were passed on"),
    "waiting.corrected": message("a note of waiting at a stop was corrected"),
    "waiting.noted": message("a vehicle waited at a stop"),
    "handover.taken_over": message("crates changed vans on their way"),
    "hours.changed": message("hours have changed"),
    "hours.not_kept": message("a vehicle is too late for your crates: they may stay, or leave for nothing"),
    "hub.expects": message("crates are to be brought to your hub, or fetched there: its page lists them"),
    "hub.released": message("crates that were meant for your hub do not come"),
    "manifest.repaired": message("the manifest was changed: drive by the new one"),
    "no_show.noted": message("somebody was not there at a pickup"),
    "order.accepted": message("an order was accepted"),
    "order.cancelled": message("an order was cancelled"),
    "order.placed": message("an order was placed"),
    "order.refused": message("an order was refused"),
    "paper.checked": message("the operator has looked at a paper of the dossier"),
    "paper.ended": message("a paper of the dossier has run out: no tour is given without it"),
    "paper.ends": message("a paper of the dossier runs out soon"),
    "party.asks": message("somebody waits to be confirmed: a farm, or a member of a group"),
    "party.confirmed": message("your group or farm was looked at: the page of your party says how it stands"),
    "party.vetted": message("the operator has looked at your licence"),
    "payment.recorded": message("a payment was noted"),
    "ride.frozen": message("the ride is fixed, its manifest is ready"),
    "room.free": message("room has become free on a trip on which you bid"),
    "room.released": message("room that was held for goods was given back: they were not named in time"),
    "round.changed": message("a round was changed"),
    "round.day_left_out": message("a day of a round could not be proposed"),
    "round.ended": message("a round was ended"),
    "round.proposed": message("a round was proposed"),
    "series.day_left_out": message("a day of a trip that repeats could not be announced"),
    "search.matched": message("a ride fits one of your searches"),
    "shipment.cancelled": message("a shipment was cancelled"),
    "shipment.left_behind": message("crates stay behind: their ride does not collect them"),
    "shipment.rematched": message("crates whose trip was cancelled were matched anew"),
    "shipment.stranded": message("crates that have lost their ride: what else there is"),
    "tour_order.accepted": message("an order for a tour stands: its crates ride"),
    "tour_order.cancelled": message("an order for a tour was cancelled"),
    "tour_order.lapsed": message("an order for a tour had no answer before the cut-off"),
    "tour_order.line_withdrawn": message("a line of an order for a tour was left out: the others stand"),
    "tour_order.placed": message("an order for a tour waits for the producer"),
    "tour_order.refused": message("an order for a tour was refused"),
    "swap.agreed": message("a swap of days on duty is agreed"),
    "swap.asked": message("somebody asks to swap a day on duty"),
    "swap.refused": message("a swap of days on duty was refused"),
    "swap.withdrawn": message("a swap of days on duty was taken back"),
    "tool.agreed": message("a month of a shared tool was agreed to"),
    "tool.asked": message("you are asked to own a part of a tool"),
    "tour.cancelled": message("a tour was cancelled"),
    "tour.changed": message("a proposed tour was changed"),
    "tour.confirmed": message("a tour is confirmed"),
    "tour.joined": message("a shipment joined a tour"),
    "tour.left": message("a shipment left a tour"),
    "tour.moved": message("crates of yours ride on another tour"),
    "tour.proposed": message("a tour was proposed"),
    "tour.refused": message("a tour cannot carry what was planned"),
    "tour.reopened": message("a tour that was confirmed is only proposed again"),
    "tour.share_rose": message("your share of a tour came back up, within what you were told"),
    "tour.suggested": message("a tour could carry crates of yours: you may join it"),
    "tour.van_changed": message("another van comes than was said"),
    "transfer.corrected": message("a transfer was corrected: the statement says why"),
    "trip.cancelled": message("a trip was cancelled"),
    "trip.changed": message("a trip was changed"),
    "trip.set_proposed": message("a set of bids is proposed for a trip, to be accepted in one click"),
    "trip.cleared": message("the best set of bids was accepted on a trip"),
}
"""What a mail says of each topic that is mailed."""


AT_HUBS = {
    "bring": message("brought there by who sends them"),
    "fetch": message("fetched there by who receives them"),
}
"""How crates come to be at a hub, or leave it."""

PAGES = {
    "bid": "/bids/{id}",
    "claim": "/claims/{id}",
    "community": "/communities/{id}",
    "dossier": "/dossier/{id}",
    "draft_invitation": "/draft-invitations/{id}",
    "round": "/rounds/{id}",
    "handover": "/handovers/{id}",
    "order": "/orders/{id}",
    "shared_tool": "/money/tools/{id}",
    "series": "/series/{id}",
    "party": "/party",
    "shipment": "/shipments/{id}",
    "shop": "/shops/{id}",
    "site": "/sites/{id}",
    "sign_up": "/sign-ups/{id}",
    "tour": "/tours/{id}",
    "tour_order": "/tour-orders/{id}",
    "transfer": "/money",
    "trip": "/trips/{id}",
}
"""Where to read on; of a manifest only its driver sees the page: whoever else hears of it begins at home."""


def unsubscribe_url(public_url: str, token: str) -> str:
    return f"{public_url}/unsubscribe/{token}"


def news_letter(reader: Reader, told: Sequence[Told], public_url: str, timezone: str) -> Mail:
    """Write one mail of everything that a member is told at this moment, oldest news first."""
    say = words(reader.language)
    news = dict.fromkeys((_line(say, one, ZoneInfo(timezone)), _page(one), _own(one)) for one in told)
    lines = list(dict.fromkeys(line for line, _, _ in news))
    subject = lines[0] if len(lines) == 1 else say.count("{count} message", "{count} messages", len(lines))
    leave = unsubscribe_url(public_url, reader.unsubscribe_token)
    paragraphs = [
        "\n".join(f"- {line}" + (f"\n  {public_url}{page}" if page else "") for line, page, _ in news),
        say.say("Read more and answer here:") + f"\n{public_url}/",
        say.say("No more mail of this kind:") + f"\n{leave}",
        "Carriole",
    ]
    host = public_url.partition("://")[2].partition(":")[0] or "localhost"
    headers = {
        "Message-ID": f"<{reader.letter_id}@{host}>",
        "Auto-Submitted": "auto-generated",
    }
    if reader.unsubscribe_token:
        headers |= {
            "List-Unsubscribe": f"<{leave}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }
    return Mail(
        reader.email, say.say("Carriole: {subject}", subject=subject), "\n\n".join(paragraphs) + "\n", headers
    )


def _line(say: Words, told: Told, zone: ZoneInfo) -> str:
    facts = (
        *_hours(say, told, zone),
        *_counted(say, told),
        *_reopened(say, told, zone),
        *_place(say, told, zone),
    )
    news = ", ".join((say.say(NEWS[told.topic]), *facts))
    if told.day:
        return say.say("{day}: {news}", day=say.day(told.day), news=news)
    return news[:1].upper() + news[1:]


def _counted(say: Words, told: Told) -> list[str]:
    """Say how long a vehicle waited and what is owed for it; how many crates go where."""
    counted = []
    if told.cents is not None:
        counted.append(say.count("{count} minute", "{count} minutes", told.minutes))
        counted.append(say.say("{amount} for it", amount=say.money(told.cents)))
    if told.crates:
        counted.append(say.count("{count} crate", "{count} crates", told.crates))
    return counted + ([say.say(AT_HUBS[told.use])] if told.use in AT_HUBS else [])


def _page(told: Told) -> str:
    return PAGES.get(told.about_kind, "").format(id=told.about_id)


def _own(told: Told) -> str:
    """Tell two places of one payer apart that are alike."""
    return told.place.sign_up_id if told.place else ""


def _place(say: Words, told: Told, zone: ZoneInfo) -> list[str]:
    """Say the hours and the share of a confirmed place, who comes, and what is other than was told."""
    place = told.place
    if place is None:
        return []
    pickup, drop = (_between(say, told, hours, zone) for hours in (place.pickup, place.drop))
    before = []
    if place.told_pickup not in (None, place.pickup):
        before.append(say.say("pickup {hours}", hours=_between(say, told, place.told_pickup, zone)))
    if place.told_drop not in (None, place.drop):
        before.append(say.say("delivery {hours}", hours=_between(say, told, place.told_drop, zone)))
    if place.told_cents not in (None, place.share_cents):
        before.append(say.money(place.told_cents))
    return [
        say.count("{count} crate", "{count} crates", place.crates),
        say.say("pickup {hours}", hours=pickup),
        say.say("delivery {hours}", hours=drop),
        say.say("your share {amount}", amount=say.money(place.share_cents)),
        say.say("carried by {carrier}", carrier=place.carrier),
        say.say("told before: {what}", what=", ".join(before)) if before else say.say("as you were told"),
    ]


def _between(say: Words, told: Told, hours: tuple[int, int], zone: ZoneInfo) -> str:
    """Say between which hours, with the day where it is not that of the tour."""
    opens, closes = (_wall(at, zone) for at in hours)
    between = say.say("between {opens} and {closes}", opens=opens, closes=closes)
    day = datetime.fromtimestamp(hours[0], UTC).astimezone(zone).date().isoformat()
    return between if day == told.day else f"{between} ({say.day(day)})"


def _hours(say: Words, told: Told, zone: ZoneInfo) -> list[str]:
    """Say the new hours, on the wall clock."""
    hours = []
    if told.pickup_at is not None:
        hours.append(say.say("pickup now {hour}", hour=_wall(told.pickup_at, zone)))
    if told.drop_from_at is not None and told.drop_until_at is not None:
        window = _between(say, told, (told.drop_from_at, told.drop_until_at), zone)
        hours.append(say.say("delivery {hours}", hours=window))
    elif told.drop_at is not None:
        hours.append(say.say("delivery now {hour}", hour=_wall(told.drop_at, zone)))
    return hours


def _reopened(say: Words, told: Told, zone: ZoneInfo) -> list[str]:
    """Say why a tour is open again, and until when one may join."""
    if told.until_at is None:
        return []
    until = datetime.fromtimestamp(told.until_at, UTC).astimezone(zone)
    day, hour = say.day(until.date().isoformat()), _wall(told.until_at, zone)
    return [_lacks(say, told), say.say("others may join until {day}, {hour}", day=day, hour=hour)]


def _lacks(say: Words, told: Told) -> str:
    if told.lacks == "shipments":
        return say.count("{count} shipment is missing", "{count} shipments are missing", told.missing)
    if told.lacks == "crates":
        return say.count("{count} crate is missing", "{count} crates are missing", told.missing)
    if told.lacks:
        return say.say("{amount} are missing to pay for it", amount=say.money(told.missing))
    return say.say("what each pays is settled anew")


def _wall(at: int, zone: ZoneInfo) -> str:
    return f"{datetime.fromtimestamp(at, UTC).astimezone(zone):%H:%M}"
