"""A month of a shared tool as a file, in its reader's language."""

from collections.abc import Sequence
from datetime import date

from starlette.responses import Response

from api.files.csv_file import attached, csv_file, euro
from api.papers.words import Words, message
from pooling.desk.actor import Actor
from pooling.desk.tools.months import month_in_sight
from pooling.desk.tools.seeing import seen_month
from pooling.store import View
from pooling.store.days import parties_by_id

COLUMNS = (
    message("line"),
    message("day"),
    message("who"),
    message("to whom"),
    message("what for"),
    message("used"),
    message("empty, m"),
    message("used by others, m"),
    "€",
)


def tool_month_as_csv(view: View, who: Actor, tool_id: str, first: date, words: Words) -> Response:
    """Write what one may read of a month: uses, costs, shares, the others together, and who pays whom."""
    month = month_in_sight(view, who, tool_id, first)
    seen = seen_month(month, who.manages)
    sides = {side for due, _ in seen.dues for side in (due.payer, due.payee)}
    bear, laid = {one.party for one in month.shares}, {one.party for one in seen.costs}
    known = parties_by_id(view, sides | bear | laid)
    names = {one: each.name for one, each in known.items()}
    rows: list[Sequence[object]] = [
        (words.say("use"), one.day, names[one.party], "", one.what, one.units, one.empty_m, one.used_m, "")
        for one in seen.uses
    ]
    rows += [
        (words.say("cost"), one.day, names[one.party], "", one.what, "", "", "", euro(one.cents))
        for one in seen.costs
    ]
    rows += [
        (words.say("share"), "", names[one.party], "", "", one.units, "", "", euro(one.share_cents))
        for one in seen.shares
    ]
    others = ("", "", words.say("the others together"), "", "", seen.others_units, "", "")
    rows.append((words.say("share"), *others[1:], euro(seen.others_cents)))
    rows += [
        (words.say("to pay"), "", names[due.payer], names[due.payee], "", "", "", "", euro(due.cents))
        for due, _ in seen.dues
    ]
    return attached(csv_file([words.say(one) for one in COLUMNS], rows), f"tool-{first:%Y-%m}.csv")
