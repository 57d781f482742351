"""Vet a carrier by its licence alone, or take that back: its dossier, and what it has announced for hire."""

from datetime import date

from pooling.carriers.dossier import Assignment, PaperKind, lacking
from pooling.desk.trips.trips import cancel_row
from pooling.phrases import message
from pooling.store import Tx
from pooling.store.carriers import add_dossier, find_dossier, licence_papers, papers_of
from pooling.store.carrying import dossier, paper
from pooling.store.rows import added, changed
from pooling.store.trips import hired_trips

SEEN = message("seen by the operator with the licence, not written down")


def vetted_by_licence(
    tx: Tx, party_id: str, licence: str, until: date | None, today: date, by_id: str | None
) -> None:
    """
    Make a dossier active by the short way: the operator saw all papers and wrote down the licence.

    What else a carrier needs is noted as waived, with that reason; the operator may refuse it later.
    ``by_id`` is who saw them, where that is known.
    """
    standing = find_dossier(tx, party_id) or add_dossier(tx, party_id, "active")
    changed(tx, dossier, standing, {"state": "active", "note": ""})
    seen = {"state": "checked", "expires": until, "checked_by_id": by_id, "checked_at": tx.now_at}
    if licence:
        same = [one for one in licence_papers(tx, party_id) if one.number == licence]
        for one in same:
            changed(tx, paper, one, {**seen, "told_days": None})
        if not same:
            kind = PaperKind.TRANSPORT_LICENCE.value
            added(tx, paper, "paper", party_id=party_id, kind=kind, number=licence, **seen)
    for lack in lacking(papers_of(tx, party_id), Assignment(today)):
        if lack.kind is not PaperKind.TRANSPORT_LICENCE:
            values = seen | {"state": "waived", "note": SEEN, "expires": None}
            added(tx, paper, "paper", party_id=party_id, kind=lack.kind.value, **values)


def not_vetted(tx: Tx, party_id: str, state: str) -> None:
    """Note that a carrier is vetted no more: it has applied anew, or is suspended."""
    standing = find_dossier(tx, party_id)
    if standing is not None and standing.state == "active":
        changed(tx, dossier, standing, {"state": state})


def end_hire(tx: Tx, party_id: str) -> None:
    """Cancel what a carrier has announced for hire, as if it had itself: its guests are freed."""
    ended: set[str] = set()
    for one in hired_trips(tx, party_id):
        if one.returns_id not in ended:
            cancel_row(tx, one)
        ended.add(one.id)
