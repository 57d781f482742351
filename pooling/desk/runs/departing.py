"""Make a frozen ride ready to set out: which vehicle drives it, and what its papers still lack."""

from geodata.refusal import Refusal
from pooling.carriers.plates import plate_kept
from pooling.desk.actor import Actor
from pooling.desk.desk import Desk
from pooling.desk.runs.handovers import seen_manifest
from pooling.desk.runs.transport_papers import papers_on
from pooling.desk.states import said
from pooling.runs.transport_paper import TransportPaper
from pooling.store import Ask, Tx, View
from pooling.store.rows import changed
from pooling.store.touring import manifest


class ManifestClosed(Refusal):
    code = "manifest_closed"
    reason = "Manifest {number} is {state}: nothing on it is changed any more."
    cure = "Look at what was noted on its run."


def name_vehicle(desk: Desk, who: Actor, ask: Ask, manifest_id: str, plate: str) -> str:
    """Say by its plate which vehicle drives a frozen ride; from departure on it stands."""

    def save(tx: Tx) -> str:
        row = seen_manifest(tx, who, manifest_id)
        if row.state != "frozen":
            raise ManifestClosed(number=row.number, state=said(row.state))
        changed(tx, manifest, row, {"plate": plate_kept(plate)})
        return manifest_id

    return desk.once(ask, save)


def seen_papers(view: View, who: Actor, manifest_id: str) -> tuple[TransportPaper, ...]:
    """Return the papers of a manifest that the actor may see, with what has happened so far."""
    return papers_on(view, seen_manifest(view, who, manifest_id))
