"""Statements and bills on paper, and the words of a line of the ledger."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from babel.dates import format_date

from api.papers.paper import typeset
from api.papers.words import Words, message
from pooling.desk.runs.left_behind import CALLED_OFF
from pooling.desk.runs.signing import LATER, UNSIGNED
from pooling.ledger.ledger_proof import CORRECTION
from pooling.store.bills import Bill, BillLine
from pooling.store.deposits import WHY as DEPOSITS
from pooling.store.months import Month, MonthLine
from pooling.store.waiting import WAITING

ABOUT = {
    "bid": message("carriage"),
    "shipment": message("carriage, put right later"),
    "tour": message("tour"),
    "payment": message("payment"),
    "deposit": message("deposit on crates"),
    "claim": message("claim"),
    "shared_tool": message("shared tool"),
    CORRECTION: message("correction"),
}
"""What a line is about, where the ledger's own words are none of ours."""

WHY = {
    "tour share": message("share of a tour"),
    "tour card": message("carrier of a tour, by its card"),
    "tour fee": message("operator's fee for a tour"),
    "tour gap": message("gap of a tour"),
    WAITING: message("waiting at a stop"),
    LATER: message("carriage, as signed for later"),
    CALLED_OFF: message("gap of a tour: crates that its carrier called off"),
    UNSIGNED: message("gap of a tour: crates that nobody signed for"),
    DEPOSITS["ambient"]: message("deposit: ambient crates"),
    DEPOSITS["chilled"]: message("deposit: chilled crates"),
    DEPOSITS["frozen"]: message("deposit: frozen crates"),
}
"""What the ledger says of a transfer, in the catalogue's words."""

CLAIMED = {
    "missing": message("claim: crates missing"),
    "damaged": message("claim: crates damaged"),
    "late": message("claim: crates late"),
    "warm": message("claim: crates too warm"),
}
"""What the ledger says of a claim: its kind."""

SIGNS = message("Received is above 0, given below. What is agreed is no part of the sums, as it stands now.")
NO_INVOICE = message(
    "This is no invoice: whoever carried issues its own. The lines add up to what your statement says."
)

BY_PEOPLE = ("payment", CORRECTION, "shared_tool")
"""What people write themselves stands beside what it is about, as they wrote it."""


@dataclass(frozen=True)
class Head:
    """Hold whose paper it is and of which days."""

    party: str
    address: str
    first: date
    last: date


def what_of(about_kind: str, why: str, words: Words) -> str:
    """Say what a line of the ledger is about, in a language."""
    if about_kind == "claim" and why in CLAIMED:
        return words.say(CLAIMED[why])
    said = words.say(WHY[why]) if why in WHY else words.say(ABOUT.get(about_kind, about_kind))
    return f"{said}{words.colon}{why}" if about_kind in BY_PEOPLE and why else said


def why_of(why: str, words: Words) -> str:
    """Say the ledger's own word of a transfer in a language; what people wrote stays as they wrote it."""
    known = WHY | CLAIMED
    return words.say(known[why]) if why in known else why


def remark_of(line: BillLine, words: Words) -> str:
    """Say of a line of a bill that it puts another right, and why; nothing of the carriage itself."""
    return what_of(line.about_kind, line.why, words) if line.follows else ""


def statement_pdf(month: Month, head: Head, words: Words) -> bytes:
    """Set a month's statement as PDF/A-3a: what was posted, what is agreed, the net with each other."""
    opening = ("", words.say("Before"), "", words.money(month.opening_cents))
    closing = ("", words.say("After"), "", words.money(month.closing_cents))
    parts = (
        _lines_part(words.say("What is owed"), (opening, *_rows(month.lines, words)), closing, words),
        _lines_part(words.say("Agreed, not done yet"), _rows(month.pending, words), (), words),
        {
            "name": words.say("With whom"),
            "heads": (words.say("With"), words.say("What follows"), "€"),
            "widths": ("rest", "auto", "auto"),
            "figures": (False, False, True),
            "rows": tuple(
                (name, words.say("to receive") if cents > 0 else words.say("to pay"), words.money(abs(cents)))
                for name, cents in month.nets_cents
            ),
            "total": (),
            "nothing": words.say("Nothing is owed."),
        },
    )
    sums = (
        {"name": words.say("To receive in all"), "value": words.money(month.to_receive_cents)},
        {"name": words.say("To pay in all"), "value": words.money(month.due_cents)},
    )
    notes = (words.say(SIGNS),)
    return set_account(words.say("Statement"), head, sums, parts, notes, words)


def bill_pdf(bill: Bill, head: Head, words: Words) -> bytes:
    """Set a month's carriage on one bill as PDF/A-3a."""
    rows = tuple(
        (
            short_day(line.day, words),
            line.reference,
            " · ".join(filter(None, (f"{line.from_site} → {line.to_site}", remark_of(line, words)))),
            "" if line.follows else words.number(line.crates),
            line.owed_to,
            words.money(line.cents),
        )
        for line in bill.lines
    )
    heads = ("Day", "Reference", "Way", "Crates", "Owed to")
    part = {
        "name": words.say("Carriage of the month"),
        "heads": (*(words.say(one) for one in heads), "€"),
        "widths": ("auto", "auto", "rest", "auto", "auto", "auto"),
        "figures": (False, False, False, True, False, True),
        "rows": rows,
        "total": (words.say("In all"), "", "", "", "", words.money(bill.total_cents)),
        "nothing": words.say("Nothing was carried for you in this month."),
    }
    sums = ({"name": words.say("In all"), "value": words.money(bill.total_cents)},)
    notes = (words.say(NO_INVOICE),)
    return set_account(words.say("Carriage of the month"), head, sums, (part,), notes, words)


def set_account(
    title: str,
    head: Head,
    sums: tuple[dict[str, str], ...],
    parts: tuple[Mapping[str, object], ...],
    notes: tuple[str, ...],
    words: Words,
) -> bytes:
    sheet: dict[str, object] = {
        "title": title,
        "party": head.party,
        "address": head.address,
        "period": f"{short_day(head.first, words)} – {short_day(head.last, words)}",
        "sums": sums,
        "parts": parts,
        "notes": notes,
    }
    return typeset("account.typ", sheet, {}, words, str(head.last))


def _lines_part(
    name: str, rows: tuple[tuple[str, ...], ...], total: tuple[str, ...], words: Words
) -> dict[str, object]:
    return {
        "name": name,
        "heads": (words.say("Day"), words.say("With"), words.say("What for"), "€"),
        "widths": ("auto", "auto", "rest", "auto"),
        "figures": (False, False, False, True),
        "rows": rows,
        "total": total,
        "nothing": words.say("None."),
    }


def _rows(lines: tuple[MonthLine, ...], words: Words) -> tuple[tuple[str, ...], ...]:
    return tuple(
        (short_day(line.day, words), line.other, _what(line, words), words.money(line.cents))
        for line in lines
    )


def _what(line: MonthLine, words: Words) -> str:
    said = what_of(line.about_kind, line.why, words)
    if line.carried is None:
        return said
    count = line.carried.crates
    crates = words.count("{count} crate", "{count} crates", count) if count else ""
    return " · ".join(filter(None, (said, f"{line.carried.from_site} → {line.carried.to_site}", crates)))


def short_day(day: date, words: Words) -> str:
    return format_date(day, format="d MMM y", locale=words.locale)
