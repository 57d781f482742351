"""How a house tells people: its mailer, its letters, its posts, and the duty that sends what is due."""

from collections.abc import Mapping, Sequence
from time import sleep

from api.letters.notice_letters import news_letter
from api.letters.post import GuardedPost
from api.settings import Settings
from pooling.desk import Desk
from pooling.desk.market.rivals import tell_rivals
from pooling.desk.telling.sending import Reader, Senders, Told, send_notices
from pooling.telling.mail import Mail, Mailer
from pooling.work.duties import DUTIES, Duty

APART_S = 0.1
"""What a process waits after each letter, and each trip whose rivals it told: people come first."""


def senders_of(settings: Settings, mailer: Mailer) -> Senders:
    def letter(reader: Reader, told: Sequence[Told]) -> Mail:
        return news_letter(reader, told, settings.public_url, settings.timezone)

    post = GuardedPost(inside=settings.webhooks_inside)
    return Senders(mailer, letter, post, settings.public_url, rest=_rest)


def duties_of(settings: Settings, mailer: Mailer) -> Mapping[str, Duty]:
    """Return every duty of a house: those of the desk, and the sending, which needs ways out."""
    senders = senders_of(settings, mailer)

    def send(desk: Desk) -> int:
        return send_notices(desk, senders)

    def rivals(desk: Desk) -> int:
        return tell_rivals(desk, _rest)

    return {**DUTIES, "tell_rivals": Duty(rivals), "send_notices": Duty(send)}


def _rest() -> None:
    sleep(APART_S)
