"""
What was typed into a form: read field by field, with a sentence for each that cannot be read.

Nothing typed is lost: a form that is refused is shown again as it was, its mistakes beside the
fields. Every form carries the word of its session, without which it is nobody's, and a fresh key, by
which a double click is one wish.
"""

import hashlib
import re
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from hmac import compare_digest
from typing import Annotated

from babel.numbers import format_decimal
from fastapi import Depends, Request

from api.faults import STRANGE, UNNAMED, YEARS
from api.pages.said import message
from api.pages.visit import AnyVisit, Visit
from api.shapes.words import FIRST_YEAR, LAST_YEAR
from geodata.refusal import Refusal
from pooling.names import HIDDEN, MARKUP, names_something
from pooling.store import Ask
from pooling.store.idempotency import KEY_LIMIT

CENTS_LIMIT = 10_000_000
HOUR = re.compile(r"(\d{1,2})(?:\s*[:hH.]\s*(\d{2})?)?")
MONEY = re.compile(r"(\d{1,6})(?:[.,](\d{1,2}))?")
UNSEEN = re.compile(f"[{HIDDEN}]")
"""Characters that are not seen, or turn the direction of writing: a pasted name may bring them along."""


class FormStrange(Refusal):
    code = "form_strange"
    reason = "This form was not made for your session: it is too old, or comes from another site."
    cure = "Look at what you wrote, and send it once more."


class FormFaulty(Exception):  # noqa: N818 - a fact: some fields cannot be read
    """Tell that some fields of a form cannot be read; the form holds which."""


@dataclass
class Form:
    """Hold what was typed, and what is wrong with it."""

    fields: Mapping[str, str] = field(default_factory=dict)
    mistakes: dict[str, tuple[str, dict[str, object]]] = field(default_factory=dict)
    ask: Ask = field(default_factory=lambda: Ask("", "", ""))

    @property
    def fresh_key(self) -> str:
        """Make the key of the next wish that this form, shown again, may send."""
        return secrets.token_urlsafe(16)

    @property
    def revision(self) -> int | None:
        given = self.fields.get("revision", "")
        return int(given) if re.fullmatch(r"\d{1,15}", given) else None

    def value(self, name: str, usual: object = "") -> str:
        return self.fields.get(name, str(usual))

    def wrong(self, name: str, english: str, **facts: object) -> None:
        self.mistakes.setdefault(name, (english, facts))

    def check(self) -> None:
        """Stop where any field read so far cannot be."""
        if self.mistakes:
            raise FormFaulty

    def text(self, name: str, *, limit: int = 120, needed: bool = True) -> str:
        given = " ".join(UNSEEN.sub("", " ".join(self.fields.get(name, "").split())).split())
        if needed and not given:
            self.wrong(name, message("Write something here."))
        if len(given) > limit:
            self.wrong(name, message("At most {limit} letters."), limit=limit)
        return given

    def name(self, name: str, *, limit: int = 120, needed: bool = True) -> str:
        """Read how somebody or something is called: no brackets of a markup, a letter or a digit at least."""
        given = self.text(name, limit=limit, needed=needed)
        if MARKUP.intersection(given):
            self.wrong(name, STRANGE)
        elif given and not names_something(given):
            self.wrong(name, UNNAMED)
        return given

    def whole(self, name: str, low: int, high: int, usual: int | None = None) -> int:
        given = self.fields.get(name, "").strip()
        if not given and usual is not None:
            return usual
        if not re.fullmatch(r"\d{1,9}", given) or not low <= int(given) <= high:
            self.wrong(name, message("A whole number from {low} to {high}."), low=low, high=high)
            return low
        return int(given)

    def cents(self, name: str, usual: int | None = None) -> int:
        """Read an amount such as ``12,40`` or ``12.4`` as whole cents."""
        given = re.sub(r"[\s€]", "", self.fields.get(name, ""))
        if not given and usual is not None:
            return usual
        hit = MONEY.fullmatch(given)
        cents = int(hit[1]) * 100 + int((hit[2] or "0").ljust(2, "0")) if hit else CENTS_LIMIT + 1
        if cents > CENTS_LIMIT:
            self.wrong(name, message("An amount in euro, such as 12.40."))
            return 0
        return cents

    def degrees(self, name: str, limit: float) -> float:
        given = self.fields.get(name, "").strip().replace(",", ".")
        if not re.fullmatch(r"-?\d{1,3}(\.\d{1,9})?", given) or abs(float(given)) > limit:
            self.wrong(name, message("Degrees, such as 43.7431."))
            return 0.0
        return float(given)

    def day(self, name: str, usual: date) -> date:
        """Read a day as browsers write it, ``2026-09-12``, or as people do, ``12/09/2026``."""
        given = self.fields.get(name, "").strip()
        hit = re.fullmatch(r"(\d{1,2})[./](\d{1,2})[./](\d{4})", given)
        try:
            day = date.fromisoformat(f"{hit[3]}-{hit[2]:>02}-{hit[1]:>02}" if hit else given)
        except ValueError:
            self.wrong(name, message("A day, such as 25/09/2026."))
            return usual
        if not FIRST_YEAR <= day.year <= LAST_YEAR:  # its neighbours are reckoned with
            self.wrong(name, YEARS, first_year=FIRST_YEAR, last_year=LAST_YEAR)
            return usual
        return day

    def hour(self, name: str, usual: int | None = None) -> int:
        """Read an hour such as ``6:40``, ``06h40`` or ``6 h`` as seconds of the wall clock."""
        given = self.fields.get(name, "").strip()
        if not given and usual is not None:
            return usual
        hit = HOUR.fullmatch(given)
        wall_s = int(hit[1]) * 3600 + int(hit[2] or 0) * 60 if hit else -1
        if not 0 <= wall_s <= 86_400 or (hit and int(hit[2] or 0) > 59):
            self.wrong(name, message("An hour, such as 06:40."))
            return 0
        return wall_s

    def choice(self, name: str, known: Collection[str]) -> str:
        given = self.fields.get(name, "")
        if given not in known:
            self.wrong(name, message("Choose one of the list."))
            return ""
        return given

    def ticked(self, name: str) -> bool:
        return self.fields.get(name, "") == "yes"


def typed_euro(visit: Visit, cents: int) -> str:
    """Write an amount as one types it into a field: ``12,40``, in English ``12.40``."""
    return format_decimal(Decimal(cents) / 100, "0.00", locale=visit.words.locale)


async def form_of(request: Request, visit: AnyVisit) -> Form:
    """Read a form that was sent; refuses one that this session did not get from us."""
    async with request.form(max_files=0, max_fields=400) as sent:
        fields = {name: value for name, value in sent.multi_items() if isinstance(value, str)}
    return _taken(request, visit, fields)


@dataclass(frozen=True)
class SentFile:
    """Hold a form that brings a file with it; ``raw`` is empty where none was chosen."""

    form: Form
    raw: bytes


async def file_form_of(request: Request, visit: AnyVisit) -> SentFile:
    """Read a form with one file; the door has limited its size. The same file is part of the same wish."""
    async with request.form(max_files=1, max_fields=20) as sent:
        fields = {name: value for name, value in sent.multi_items() if isinstance(value, str)}
        files = [value for value in sent.values() if not isinstance(value, str)]
        raw = await files[0].read() if files else b""
    return SentFile(_taken(request, visit, fields, hashlib.sha256(raw).hexdigest()), raw)


def _taken(request: Request, visit: Visit, fields: dict[str, str], besides: str = "") -> Form:
    if not compare_digest(fields.get("form_token", "").encode(), visit.form_token.encode()):
        raise FormStrange
    key = fields.get("key", "")[:KEY_LIMIT] or secrets.token_urlsafe(16)
    typed = sorted((name, value) for name, value in fields.items() if name not in ("form_token", "key"))
    words = repr((request.url.path, typed, besides)).encode()
    member_id = visit.actor.member_id if visit.actor else ""
    duties = visit.actor.duties if visit.actor else frozenset()
    return Form(fields, ask=Ask(member_id, key, hashlib.sha256(words).hexdigest(), duties))


Filled = Annotated[Form, Depends(form_of)]
FilledWithFile = Annotated[SentFile, Depends(file_form_of)]


def asked(visit: Visit) -> Form:
    """Return a form as the address asks for it: the fields of its query, and nothing wrong yet."""
    return Form(dict(visit.request.query_params))
