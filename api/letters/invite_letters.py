"""The letters that invite to a drafted tour, each with its link, which also declines and ends such mail."""

from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date

from api.papers import Words, words
from api.papers.words import LOCALES
from pooling.desk.seeds.draft_invitations import InviteLetter
from pooling.desk.seeds.draft_told import InvitedTold
from pooling.phrases import message
from pooling.telling.mail import Mail

WEEKDAYS = (
    message("Mondays"),
    message("Tuesdays"),
    message("Wednesdays"),
    message("Thursdays"),
    message("Fridays"),
    message("Saturdays"),
    message("Sundays"),
)
"""On which days a tour would run, Monday first."""

A_DAY = "EEEE d MMMM y"


def invite_letter(letter: InviteLetter, public_url: str) -> Mail:
    """Write the letter: what the tour would be for its reader, and nothing of anybody else."""
    say = words(letter.language if letter.language in LOCALES else "fr")
    link = f"{public_url}/invited/{letter.token}"
    area = letter.told.area
    subject = (
        say.say("Reminder: a shared tour to {area}", area=area)
        if letter.reminder
        else say.say("A shared tour to {area}: would you come along?", area=area)
    )
    paragraphs = [
        say.say("Good day,"),
        _day(say, letter.told),
        _figures(say, letter.told),
        say.say("See what it would be for you, and answer, without an account:") + f"\n{link}",
        say.say("No more mail of this kind:") + f"\n{link}/no-more",
        "Carriole\n" + public_url,
    ]
    headers = {
        "Auto-Submitted": "auto-generated",
        "List-Unsubscribe": f"<{link}/no-more>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    return Mail(letter.email, subject, "\n\n".join(paragraphs) + "\n", headers)


def _day(say: Words, told: InvitedTold) -> str:
    """Say when the tour is: the day and cut-off of the proposed one, else the weekday that was drafted."""
    if told.tour is None:
        return say.say(
            "A tour is being prepared to {area}, on {day}.",
            area=told.area,
            day=say.say(WEEKDAYS[told.weekday - 1]),
        )
    until = datetime.fromtimestamp(told.tour.cutoff_at, ZoneInfo(told.tour.timezone))
    return say.say(
        "The tour sets out on {day}; join until {until}.",
        day=format_date(told.tour.day, A_DAY, locale=say.locale),
        until=f"{format_date(until, A_DAY, locale=say.locale)}, {until:%H:%M}",
    )


def _figures(say: Words, told: InvitedTold) -> str:
    """Say what it would cost a producer, or how many would come to a buyer in one stop."""
    if told.invited.role == "buyer":
        return say.say(
            "{count} of the producers from whom you buy could come to you in one stop.",
            count=told.invited.partners,
        )
    alone = say.money(told.alone_cents)
    if told.tour is not None:
        most = say.say(
            "Nobody pays more than {amount} a crate, nor more than alone.",
            amount=say.money(told.tour.crate_cents),
        )
        sentences = [most, say.say("Alone, a crate costs you about {alone}.", alone=alone)]
    else:
        sentences = [
            say.say(
                "With all who are invited, a crate would cost you about {amount}; alone about {alone}.",
                amount=say.money(told.crate_cents),
                alone=alone,
            )
        ]
    if told.approximate:
        sentences.append(say.say("These figures are approximate: lengths are measured as the crow flies."))
    return " ".join(sentences)
