"""What goes out to another carrier's system: each manifest of its own, whole, and its later editions."""

import json

from pooling.runs.manifest_json import manifest_json, read_manifest
from pooling.store import View
from pooling.store.manifests import manifest_of
from pooling.telling.topics import FOR_PARTNERS

SCHEMA = "carriole.partner/1"


def manifest_message(view: View, party_id: str, topic: str, kind: str, ride_id: str, url: str) -> str:
    """Write what a partner is told of a manifest of its own; empty where there is none to tell of."""
    row = manifest_of(view, kind, ride_id)
    if row is None or row.carrier_id != party_id:
        return ""
    told = {
        "schema": SCHEMA,
        "event": FOR_PARTNERS[topic],
        "manifest": row.id,
        "number": row.number,
        "edition": row.edition,
        "state": row.state,
        "link": f"{url}/api/v1/manifests/{row.id}",
        "document": json.loads(manifest_json(read_manifest(row.body))),
    }
    return json.dumps(told, ensure_ascii=False)
