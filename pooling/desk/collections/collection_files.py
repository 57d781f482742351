"""
Lists of collections: sent in one request, read at once, and taken line by line by a job.

What cannot be read is told at once. The rest may take long (addresses, roads), so a worker takes it; what it
has taken stays, whatever happens to it, and a second go takes only what is left.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Row

from geodata.address_book import AddressBook
from geodata.refusal import Refusal
from pooling.desk.actor import Actor
from pooling.desk.collections.collecting import Kept, take_line
from pooling.desk.desk import Desk
from pooling.desk.reasons import reason_words
from pooling.files.collection_file import read_list, read_objects
from pooling.files.line import BadLine
from pooling.files.spreadsheet import Spreadsheet
from pooling.goods.collection import Collection, ListRead, read_collections
from pooling.party import Role
from pooling.store import Ask, Tx, View
from pooling.store.collected import (
    find_file,
    forget_waiting,
    outcomes_counted,
    outcomes_of,
    set_job,
    write_outcome,
)
from pooling.store.collecting import collection_file
from pooling.store.rows import NotFound, added
from pooling.store.sites import find_site
from pooling.work.jobs import Progress, enqueue


class NotAnIntermediary(Refusal):
    code = "not_an_intermediary"
    reason = "{party} is no intermediary: it has nothing collected for others."
    cure = "Enter your own shipments, or found a party that is an intermediary."


@dataclass(frozen=True)
class ListWords:
    """Hold a list as it was sent: bytes of a file, or objects; and the site that it calls the platform."""

    intermediary_id: str
    platform_site_id: str | None = None
    raw: bytes | None = None
    rows: Sequence[object] = ()

    def sheet(self) -> Spreadsheet:
        return read_objects(self.rows) if self.raw is None else read_list(self.raw)


def send_list(desk: Desk, who: Actor, ask: Ask, words: ListWords) -> str:
    """Send a list of collections; bad lines are told at once, a job takes the others. Returns the list."""
    who.must_act_for(words.intermediary_id, "the intermediary")
    if who.manages[words.intermediary_id] is not Role.INTERMEDIARY:
        raise NotAnIntermediary(party=words.intermediary_id)

    def decide(view: View) -> tuple[ListRead, int]:
        _must_be_own_platform(view, words)
        sheet = words.sheet()
        platform = words.platform_site_id is not None
        return read_collections(sheet, desk.timezone, platform=platform), len(sheet.lines)

    return desk.once_decided(ask, decide, lambda tx, read: _kept(tx, who, words, *read))


def take_list_job(desk: Desk, arguments: Mapping[str, Any], progress: Progress) -> dict[str, Any]:
    """Do the job of kind ``take_list``: every line that no earlier go has taken."""
    with desk.store.view() as view:
        row = find_file(view, arguments["list"])
        done = {one.line for one in outcomes_of(view, row.id)}
    waiting = [Collection(**one) for one in json.loads(row.waiting or "[]")]
    book = AddressBook(desk.grounds.region)
    kept = Kept(row.id, row.intermediary_id, row.platform_site_id or "")
    for at, line in enumerate(waiting):
        progress("lines", at / len(waiting))
        if line.number not in done:
            take_line(desk, book, kept, line, progress.fence)
    desk.store.change(lambda tx: _ended(tx, row, progress))
    with desk.store.view() as view:
        return {"list": row.id, **outcomes_counted(view, [row.id]).get(row.id, {})}


def seen_file(view: View, who: Actor, file_id: str) -> Row[Any]:
    """Return a list to the intermediary that sent it, and to operators."""
    row = find_file(view, file_id)
    who.must_see("list of collections", file_id, row.intermediary_id)
    return row


def _ended(tx: Tx, row: Row[Any], progress: Progress) -> None:
    progress.fence(tx)
    forget_waiting(tx, row.id)


def _must_be_own_platform(view: View, words: ListWords) -> None:
    if words.platform_site_id is None:
        return
    if find_site(view, words.platform_site_id).party_id != words.intermediary_id:
        raise NotFound(kind="site", id=words.platform_site_id)


def _kept(tx: Tx, who: Actor, words: ListWords, read: ListRead, lines: int) -> str:
    file_id = added(
        tx,
        collection_file,
        "list",
        intermediary_id=words.intermediary_id,
        platform_site_id=words.platform_site_id,
        lines=lines,
        waiting=json.dumps([asdict(one) for one in read.good], ensure_ascii=False),
        unread=json.dumps([reason_words(one) for one in read.unread], ensure_ascii=False),
    )
    for number, faults in _by_line(read.bad).items():
        write_outcome(tx, file_id, number, read.references.get(number, ""), "refused", faults)
    if read.good:
        job_id = enqueue(
            tx, "take_list", {"list": file_id}, "list", file_id, who.member_id, party_id=words.intermediary_id
        )
        set_job(tx, file_id, job_id)
    return file_id


def _by_line(bad: Iterable[BadLine]) -> dict[int, list[dict[str, object]]]:
    faults: dict[int, list[dict[str, object]]] = {}
    for one in bad:
        faults.setdefault(one.line, []).append({"column": one.column} | reason_words(one.refusal))
    return faults
