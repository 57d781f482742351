"""
A clearing decided again from its record alone: the same answer, or what of it differs.

Neither the roads nor the rows that stand today are looked at. A record whose digest is not the one that was
kept, and told to the trip's owner as it was cleared, was touched since.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Row

from geodata.refusal import Refusal
from pooling.desk.actor import Actor
from pooling.desk.desk import Desk
from pooling.desk.market.rides import in_both_sights, in_public
from pooling.desk.reasons import reason_words
from pooling.market.clearing import Case, clear
from pooling.market.clearing_days import DayCleared, Look, clear_day, unwatched
from pooling.market.clearing_record import (
    DAY_LETTERS_LIMIT,
    TRIP_LETTERS_LIMIT,
    NotInTheRecordError,
    case_made,
    case_words,
    decided_with,
    digest_of,
    limits_of,
    packed,
    unpacked,
)
from pooling.market.outbid import reasons
from pooling.store import Ask, Tx, View
from pooling.store.clearings import add_record, find_clearing, find_day_record, record_of, said_in
from pooling.store.trips import find_trip
from pooling.work.jobs import Progress, enqueue


class ClearingNotKept(Refusal):
    code = "clearing_not_kept"
    reason = "On what it was decided is not kept: it is from before, or was larger than {limit} letters."
    cure = "Read its bids, prices and reasons; later clearings are kept whole."


class ReplayTakesLong(Refusal):
    code = "replay_takes_long"
    reason = "A whole day, or a trip for which more than {limit} bids waited, is not decided again at once."
    cure = "Ask for it as a job: it tells how far it is, and can be stopped."


REPLAYED_AT_ONCE = 30
"""Lots on one trip that are decided again while whoever asks waits; above, and for a day, a job does it."""

TRIP_SHARE, REASONS_SHARE = 0.1, 0.5
"""How far a trip's replay is while the set is looked for, and while the reasons are."""


@dataclass(frozen=True)
class Replayed:
    """
    Hold what came of deciding a clearing again.

    ``intact`` tells that the record is the one of the digest. ``differs`` names what of the answer came
    out otherwise, ``changed`` what it was decided with and is otherwise today: figures, limits.
    """

    intact: bool
    differs: tuple[str, ...]
    changed: tuple[str, ...]
    digest: str

    @property
    def same(self) -> bool:
        return self.intact and not self.differs


def keep_trip_record(
    tx: Tx,
    clearing_id: str,
    *,
    roads: str,
    bids: Mapping[str, tuple[str, str]],
    barred: Mapping[str, Refusal],
    case: Case,
) -> str:
    """Keep on what a trip was cleared (``bids``: the shipment and lot of each); returns the digest."""
    words = decided_with(roads) | {
        "bids": bids,
        "barred": {lot: reason_words(why) for lot, why in barred.items()},
        "case": case_words(case),
    }
    return _kept(tx, clearing_id, words, TRIP_LETTERS_LIMIT)[1]


def keep_day_record(
    tx: Tx, roads: str, cleared: DayCleared, cases: tuple[Case, ...], left: Mapping[str, Refusal]
) -> str:
    """
    Keep on what a day's clearing was decided, with its answer; returns the id by which it is replayed.

    ``left`` are the trips that were left out, and why.
    """
    words = decided_with(roads) | {
        "cases": [case_words(one) for one in cases],
        "left": {trip_id: reason_words(why) for trip_id, why in left.items()},
        "answer": _answer(cleared),
    }
    return _kept(tx, None, words, DAY_LETTERS_LIMIT)[0]


def replay_clearing(desk: Desk, who: Actor, clearing_id: str) -> Replayed:
    """Decide a clearing of one's trip again at once; refuses what takes long: ask for it as a job."""
    with desk.store.view() as view:
        _must_see(view, who, clearing_id)
        found = _written(view, clearing_id)
    if found.clearing is None or found.lots > REPLAYED_AT_ONCE:
        raise ReplayTakesLong(limit=REPLAYED_AT_ONCE)
    return _decided_again(found)


def ask_replay(desk: Desk, who: Actor, ask: Ask, clearing_id: str) -> str:
    """Ask for a job that decides a clearing of one's trip again; an operator, of any trip or a day."""
    words = {"clearing": clearing_id, "sight": sorted(who.parties)}

    def save(tx: Tx) -> str:
        _must_see(tx, who, clearing_id)
        _written(tx, clearing_id)
        return enqueue(tx, "replay_clearing", words, "clearing", clearing_id, who.member_id)

    return desk.once(ask, save)


def replay_job(desk: Desk, arguments: Mapping[str, Any], progress: Progress) -> dict[str, Any]:
    """Do the job of kind ``replay_clearing``; nothing is changed."""
    progress("reading", 0.0)
    with desk.seen_by(arguments["sight"]).store.view() as view:
        found = _written(view, arguments["clearing"])
    again = _decided_again(found, lambda share: progress("deciding", share))
    return {"same": again.same} | asdict(again)


def of_a_day(clearing_id: str) -> bool:
    """Tell whether an id is that of a whole day's record."""
    return clearing_id.startswith("clrec_")


def replay(view: View, clearing_id: str) -> Replayed:
    """Decide a clearing again from its record alone; refuses one that was not kept."""
    return _decided_again(_written(view, clearing_id))


@dataclass(frozen=True)
class _Written:
    """Hold a record as it was kept, ``words`` where it is the one of its digest; of a trip its clearing."""

    digest: str
    words: dict[str, Any] | None
    clearing: Row[Any] | None

    @property
    def lots(self) -> int:
        return 0 if self.words is None or self.clearing is None else len(self.words["case"]["lots"])


def _must_see(view: View, who: Actor, clearing_id: str) -> None:
    owners = []
    if not of_a_day(clearing_id):
        owners = [find_trip(view, find_clearing(view, clearing_id).trip_id).owner_id]
    who.must_see("clearing", clearing_id, *owners)


def _written(view: View, clearing_id: str) -> _Written:
    day = of_a_day(clearing_id)
    row = find_day_record(view, clearing_id) if day else record_of(view, clearing_id)
    if row is None or not row.body:
        raise ClearingNotKept(limit=DAY_LETTERS_LIMIT if day else TRIP_LETTERS_LIMIT)
    return _Written(row.digest, _as_written(row), None if day else find_clearing(view, clearing_id))


def _decided_again(found: _Written, look: Look = unwatched) -> Replayed:
    words = found.words
    if words is None:
        return Replayed(intact=False, differs=("record",), changed=(), digest=found.digest)
    try:
        if found.clearing is None:
            differs = _day_differs(words, look)
        else:
            differs = _trip_differs(words, found.clearing, look)
    except NotInTheRecordError:
        differs = ("questions",)
    today = decided_with(words["roads"])
    changed = tuple(one for one in today if today[one] != words[one])
    return Replayed(intact=True, differs=differs, changed=changed, digest=found.digest)


def _as_written(row: Row[Any]) -> dict[str, Any] | None:
    """Return a record that is the one of its digest; ``None`` where it was touched."""
    try:
        words = unpacked(row.body)
    except ValueError:
        return None
    return words if digest_of(words) == row.digest else None


def _kept(tx: Tx, clearing_id: str | None, words: Mapping[str, Any], limit: int) -> tuple[str, str]:
    body, digest = packed(words), digest_of(words)
    return add_record(tx, clearing_id, body if len(body) <= limit else "", digest), digest


def _trip_differs(words: Mapping[str, Any], row: Row[Any], look: Look) -> tuple[str, ...]:
    """Return what of the answer that stands in a clearing's row does not come out of its record."""
    case = case_made(words["case"], limits_of(words))
    cleared = clear(case, lambda: look(TRIP_SHARE))
    paid = {one.shipment.id: one.price_cents for one in cleared.book.guests if one.shipment.id in case.bids}
    told = {
        lot: reason_words(in_both_sights(in_public(why)))
        for lot, why in reasons(cleared, lambda: look(REASONS_SHARE)).items()
    }
    told |= words["barred"]
    bids = words["bids"].items()
    again = {
        "bids": {bid for bid, _ in bids},
        "prices": {bid: paid[shipment] for bid, (shipment, _) in bids if shipment in paid},
        "reasons": json.loads(json.dumps({bid: told[lot] for bid, (_, lot) in bids if lot in told})),
        "value": cleared.value_cents,
        "bound": cleared.bound_cents,
        "exact": cleared.exact,
    }
    said = said_in(row)
    stands = {"bids": set(said["bids"]), "prices": said["chosen"], "reasons": said["reasons"]}
    stands |= {"value": row.value_cents, "bound": row.bound_cents, "exact": row.exact}
    return tuple(one for one in again if again[one] != stands[one])


def _day_differs(words: Mapping[str, Any], look: Look) -> tuple[str, ...]:
    again = _answer(clear_day([case_made(one, limits_of(words)) for one in words["cases"]], look))
    return tuple(one for one in again if again[one] != words["answer"][one])


def _answer(cleared: DayCleared) -> dict[str, Any]:
    return {
        "chosen": {one.case.book.trip.id: sorted(lot.id for lot in one.chosen) for one in cleared.trips},
        "value": cleared.value_cents,
        "bound": cleared.bound_cents,
    }
