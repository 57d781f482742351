"""The letters that invite to a drafted tour, each with its link, which also declines and ends such mail."""

from api.papers import Words, words
from api.papers.words import LOCALES
from pooling.desk.seeds.draft_invitations import InviteLetter
from pooling.mail import Mail
from pooling.phrases import message

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


def invite_letter(letter: InviteLetter, public_url: str) -> Mail:
    """Write the letter: what the tour would be for its reader, and nothing of anybody else."""
    say = words(letter.language if letter.language in LOCALES else "fr")
    link = f"{public_url}/invited/{letter.token}"
    area, day = letter.area.partition(" ")[2] or letter.area, say.say(WEEKDAYS[letter.weekday - 1])
    subject = (
        say.say("Reminder: a shared tour to {area}", area=area)
        if letter.reminder
        else say.say("A shared tour to {area}: would you come along?", area=area)
    )
    paragraphs = [
        say.say("Good day,"),
        say.say("A tour is being prepared to {area}, on {day}.", area=area, day=day),
        _figures(say, letter),
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


def _figures(say: Words, letter: InviteLetter) -> str:
    """Say what it would cost a producer, or how many would come to a buyer in one stop."""
    one = letter.invited
    if one.role == "buyer":
        return say.say(
            "{count} of the producers from whom you buy could come to you in one stop.", count=one.partners
        )
    cents = -(-one.share_cents // max(1, one.crates))
    told = say.say(
        "With all who are invited, a crate would cost you about {amount}; alone about {alone}.",
        amount=say.money(cents),
        alone=say.money(-(-one.alone_cents // max(1, one.crates))),
    )
    rough = say.say("These figures are approximate: lengths are measured as the crow flies.")
    return f"{told} {rough}" if letter.approximate else told
