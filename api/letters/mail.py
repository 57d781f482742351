"""
How mail travels: by SMTP where a server is set, else into a folder, printed as it goes.

The folder keeps each mail as ``.eml`` that only the house's own user may read: it holds links that
sign people in.
"""

import logging
import os
import secrets
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime, formataddr, make_msgid, parseaddr
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from api.settings import Settings
from geodata.refusal import Refusal
from pooling.clock import Clock
from pooling.telling.mail import Mail, Mailer, MailFailed

log = logging.getLogger("carriole")

WAIT_S = 20
"""How long a mail server may be silent."""

PORTS = {"smtp": 25, "smtps": 465}


class SmtpUrlBad(Refusal):
    code = "smtp_url_bad"
    reason = "SMTP_URL is no mail server that Carriole can reach."
    cure = "Write smtp://user:password@host:587, or smtps://… for TLS from the start."


@dataclass(frozen=True)
class SmtpMailer:
    """
    Send by a mail server; TLS is used where the server offers it (``smtp``) or always (``smtps``).

    A password never travels in the clear: with one, a server without TLS is refused.
    """

    url: str = field(repr=False)
    sender: str
    clock: Clock

    def __post_init__(self) -> None:
        _parts(self.url)

    def send(self, mail: Mail) -> None:
        message = written(mail, self.sender, self.clock.now())
        try:
            with self._server() as server:
                server.send_message(message, from_addr=parseaddr(self.sender)[1], to_addrs=[mail.to])
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _ in error.recipients.values()]
            raise MailFailed(
                "the address was refused", for_good=all(code >= 500 for code in codes)
            ) from error
        except smtplib.SMTPResponseException as error:
            raise MailFailed(f"status {error.smtp_code}", for_good=error.smtp_code >= 500) from error
        except (OSError, smtplib.SMTPException) as error:
            raise MailFailed(type(error).__name__) from error

    @contextmanager
    def _server(self) -> Iterator[smtplib.SMTP]:
        scheme, host, port, user, password = _parts(self.url)
        safe = _trust(proven=bool(user) or scheme == "smtps")
        if scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=WAIT_S, context=safe)
        else:
            server = smtplib.SMTP(host, port, timeout=WAIT_S)
        with server:
            server.ehlo()
            offered = scheme == "smtp" and server.has_extn("starttls")
            if offered:
                server.starttls(context=safe)
                server.ehlo()
            if user:
                if scheme == "smtp" and not offered:
                    raise smtplib.SMTPException("No TLS for the password.")
                server.login(user, password)
            yield server


def _trust(*, proven: bool) -> ssl.SSLContext:
    """
    Return how TLS is done: with a proven certificate where a password travels or TLS is demanded.

    Where the server merely offers it, an unproven certificate still beats a mail in the clear.
    """
    context = ssl.create_default_context()
    if not proven:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


class Voice(Protocol):
    """Print words."""

    def write(self, text: str, /) -> int: ...

    def flush(self) -> None: ...


@dataclass(frozen=True)
class FolderMailer:
    """Print each mail to a stream and keep it in a folder, where nobody sends mail yet."""

    folder: Path
    stream: Voice = field(repr=False)
    sender: str
    clock: Clock

    def send(self, mail: Mail) -> None:
        now_at = self.clock.now()
        try:
            self._keep(written(mail, self.sender, now_at).as_bytes(), now_at)
        except OSError as error:
            raise MailFailed(type(error).__name__) from error
        self.stream.write(f"\nMail to {mail.to}: {mail.subject}\n\n{mail.body}\n")
        self.stream.flush()

    def _keep(self, text: bytes, now_at: int) -> None:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = self.folder / f"{now_at}-{secrets.token_hex(4)}.eml"
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(text)


def mailer_of(settings: Settings, clock: Clock, stream: Voice) -> Mailer:
    """Choose how mail travels in a house."""
    if settings.smtp_url:
        return SmtpMailer(settings.smtp_url, settings.mail_from, clock)
    return FolderMailer(settings.home / "mail", stream, settings.mail_from, clock)


def send_quietly(mailer: Mailer, mail: Mail) -> None:
    """Send a mail that somebody can ask for again; a failure is logged without saying whose it was."""
    try:
        mailer.send(mail)
    except MailFailed as failed:
        log.warning("mail_failed", extra={"why": str(failed), "for_good": failed.for_good})


def written(mail: Mail, sender: str, now_at: int) -> EmailMessage:
    """Write a mail as it travels (RFC 5322)."""
    name, address = parseaddr(sender)
    message = EmailMessage()
    message["From"] = formataddr((name or "Carriole", address))
    message["To"] = mail.to
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(datetime.fromtimestamp(now_at, UTC))
    if "Message-ID" not in mail.headers:
        message["Message-ID"] = make_msgid(domain=address.partition("@")[2] or "localhost")
    for header, value in mail.headers.items():
        message[header] = value
    message.set_content(mail.body)
    return message


def _parts(url: str) -> tuple[str, str, int, str, str]:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise SmtpUrlBad from error
    if parts.scheme not in PORTS or not parts.hostname:
        raise SmtpUrlBad
    user, password = (unquote(word or "") for word in (parts.username, parts.password))
    return parts.scheme, parts.hostname, port or PORTS[parts.scheme], user, password
