"""How mail travels: to a real server on this machine, or into a folder."""

import io
import logging
import socketserver
import stat
import threading
from email import message_from_bytes, policy

import pytest

from api.letters.mail import FolderMailer, SmtpMailer, SmtpUrlBad, mailer_of, send_quietly
from api.settings import settings
from pooling.clock import TurnedClock
from pooling.telling.mail import Mail, MailFailed
from tests.houses import MORNING

MAIL = Mail("jeanne@example.org", "Bonjour à tous", "Des pêches\n.\nd’été\n", {"X-Test": "one"})


class Postman(socketserver.StreamRequestHandler):
    """Speak as much SMTP as a client needs (RFC 5321); refuses whoever is in ``server.refuses``."""

    def handle(self):
        self.say("220 here")
        while line := self.rfile.readline():
            verb = line.split(b" ")[0].strip().upper()
            self.server.heard.append(line.decode().strip())
            if verb in (b"EHLO", b"HELO"):
                self.wfile.write(b"250-here\r\n250 8BITMIME\r\n")
            elif verb == b"RCPT" and self.server.refuses:
                self.say(self.server.refuses)
            elif verb == b"DATA":
                self.say("354 go on")
                self.take()
            elif verb == b"QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 fine")

    def take(self):
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line.removeprefix(b"."))
        self.server.taken.append(message_from_bytes(b"".join(lines), policy=policy.default))
        self.say("250 taken")

    def say(self, words):
        self.wfile.write(f"{words}\r\n".encode())


@pytest.fixture
def office():
    """Run a mail server on this machine."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Postman) as server:
        server.daemon_threads, server.heard, server.taken, server.refuses = True, [], [], ""
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def by_smtp(office, credentials=""):
    url = f"smtp://{credentials}127.0.0.1:{office.server_address[1]}"
    return SmtpMailer(url, "Val <carriole@example.org>", TurnedClock(MORNING))


def test_a_mail_reaches_a_real_server_whole(office):
    by_smtp(office).send(MAIL)
    [mail] = office.taken
    assert (mail["To"], mail["From"]) == ("jeanne@example.org", "Val <carriole@example.org>")
    assert (mail["Subject"], mail["X-Test"]) == ("Bonjour à tous", "one")
    assert mail["Date"].datetime.timestamp() == MORNING and mail["Message-ID"].endswith("@example.org>")
    assert mail.get_content().replace("\r\n", "\n") == MAIL.body


@pytest.mark.parametrize(("answer", "for_good"), [("550 nobody here", True), ("451 come later", False)])
def test_a_refused_address_is_told_apart_from_a_server_that_is_busy(office, answer, for_good):
    office.refuses = answer
    with pytest.raises(MailFailed) as failed:
        by_smtp(office).send(MAIL)
    assert failed.value.for_good is for_good


def test_a_password_never_travels_in_the_clear(office):
    with pytest.raises(MailFailed):
        by_smtp(office, "anne:secret@").send(MAIL)
    assert not any("AUTH" in line for line in office.heard) and not office.taken


def test_a_server_that_is_away_is_a_failure_and_no_crash(office, caplog):
    office.shutdown()
    office.server_close()
    with caplog.at_level(logging.WARNING, "carriole"):
        send_quietly(by_smtp(office), MAIL)
    assert "mail_failed" in caplog.text and "jeanne" not in caplog.text


@pytest.mark.parametrize("url", ["http://host", "smtp://", "smtp://host:port", "host:25"])
def test_an_url_that_is_no_mail_server_is_refused_at_once(url):
    with pytest.raises(SmtpUrlBad):
        SmtpMailer(url, "carriole@example.org", TurnedClock(MORNING))


def test_nobody_writes_headers_through_a_name():
    mail = Mail("jeanne@example.org", "Hello\r\nBcc: eve@example.org", "", {"X-Name": "a\nb"})
    assert (mail.subject, mail.headers["X-Name"]) == ("Hello Bcc: eve@example.org", "a b")
    with pytest.raises(ValueError, match="one address"):
        Mail("jeanne@example.org\nBcc: eve@example.org", "Hello", "")


def test_without_a_server_a_mail_is_printed_and_kept_for_the_house_alone(tmp_path):
    stream = io.StringIO()
    FolderMailer(tmp_path / "mail", stream, "carriole@localhost", TurnedClock(MORNING)).send(MAIL)
    [path] = (tmp_path / "mail").glob("*.eml")
    kept = message_from_bytes(path.read_bytes(), policy=policy.default)
    assert kept["To"] == "jeanne@example.org" and kept.get_content() == MAIL.body
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert "jeanne@example.org" in stream.getvalue() and "Des pêches" in stream.getvalue()


@pytest.mark.parametrize(("url", "kind"), [("", FolderMailer), ("smtps://host", SmtpMailer)])
def test_a_house_chooses_by_its_settings(tmp_path, url, kind):
    told = settings({"CARRIOLE_STATE": str(tmp_path), "SMTP_URL": url})
    assert isinstance(mailer_of(told, TurnedClock(MORNING), io.StringIO()), kind)
