"""The letters that carry a link, in the language of who receives them."""

from collections.abc import Callable, Mapping

from api.house import House
from api.letters.mail import send_quietly
from api.papers import Words, words
from pooling.desk.people.links import Link, Occasion
from pooling.desk.people.signing_in import SignUp, ask_sign_in, sign_up
from pooling.telling.mail import Mail


def link_url(public_url: str, link: Link) -> str:
    """Return where a link leads: a page that asks before it uses the link up."""
    return f"{public_url}/sign-in/{link.token}"


def letter(link: Link, public_url: str) -> Mail:
    """
    Write the mail that carries a link.

    What a stranger says of itself stands in no mail: nobody sends its own words through the house.
    """
    say = words(link.language)
    subject, body = LETTERS[link.occasion](say, link)
    greeting = say.say("Good day,")
    once = say.say("If you did not expect this mail, leave it: nothing happens.")
    paragraphs = [greeting, body, link_url(public_url, link), once, "Carriole\n" + public_url]
    return Mail(link.email, subject, "\n\n".join(paragraphs) + "\n")


def mail_sign_in(house: House, email: str) -> None:
    """Mail a link to an address that may sign in; to be called when its asker is answered already."""
    _mail(house, ask_sign_in(house.desk, email))


def mail_sign_up(house: House, wish: SignUp) -> None:
    """Mail a link that founds a party; to be called when its asker is answered already."""
    _mail(house, sign_up(house.desk, wish))


def _mail(house: House, link: Link | None) -> None:
    if link is not None:
        send_quietly(house.mailer, letter(link, house.settings.public_url))


def _sign_in(say: Words, _link: Link) -> tuple[str, str]:
    return (
        say.say("Your link to sign in to Carriole"),
        say.say("This link signs you in to Carriole. It serves once, within a quarter of an hour."),
    )


def _sign_up(say: Words, _link: Link) -> tuple[str, str]:
    return (
        say.say("Confirm that you take part in Carriole"),
        say.say(
            "Somebody, you we hope, wants to take part in Carriole with this address. This link "
            "confirms it and signs you in. It serves once, within a quarter of an hour."
        ),
    )


def _invitation(say: Words, link: Link) -> tuple[str, str]:
    facts = {"inviter": link.inviter, "party": link.party}
    return (
        say.say("{inviter} invites you to Carriole", **facts),
        say.say(
            "{inviter} invites you to act for {party} in Carriole, where producers pool their crates "
            "on trips that somebody makes anyway. This link serves once, within 14 days. If you are "
            "a member already, sign in as usual and take the invitation there.",
            **facts,
        ),
    )


LETTERS: Mapping[Occasion, Callable[[Words, Link], tuple[str, str]]] = {
    Occasion.SIGN_IN: _sign_in,
    Occasion.SIGN_UP: _sign_up,
    Occasion.INVITATION: _invitation,
}
