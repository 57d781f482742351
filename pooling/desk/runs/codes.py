"""
The code by which who gives or takes crates proves that it was there.

Each side reads its own on its page and says it to the driver. A name will do instead; a wrong code is
refused, and after a few of them only the name is taken.
"""

from typing import Any

from sqlalchemy import Row

from geodata.refusal import Refusal
from pooling.desk.actor import Actor
from pooling.desk.desk import Desk
from pooling.runs.proof import TRIES_LIMIT, code_of, same_code
from pooling.store import Tx, View
from pooling.store.custody import note_try, secret_of_codes, tries_of

VAN_HALVES = ("van", "over")
"""Eight figures name one van of all that are under way: no number is to be said beside them."""


class CodeWrong(Refusal):
    code = "code_wrong"
    reason = "This is not the code of whoever stands before you."
    cure = "Ask for it again: it stands on the page of the shipment. Or write the name instead."


class CodeSpent(Refusal):
    code = "code_spent"
    reason = "{limit} wrong codes were said for this handover: no more are taken."
    cure = "Write the name instead."


def must_be_said_right(tx: Tx, manifest: Row[Any], shipment_id: str, way: str, given: str) -> bool:
    """Tell whether a code was said and is right; refuse a wrong one."""
    if not given:
        return False
    if tries_of(tx, manifest.id, shipment_id, way) >= TRIES_LIMIT:
        raise CodeSpent(limit=TRIES_LIMIT)
    expected = own_code(tx, shipment_id, way)
    if not expected or not same_code(given, expected):
        raise CodeWrong
    return True


def note_wrong_code(desk: Desk, who: Actor, manifest_id: str, shipment_id: str, way: str, given: str) -> None:
    """Count a wrong code, though what it was said for was not noted."""
    desk.store.change(lambda tx: note_try(tx, manifest_id, shipment_id, way, given), who.member_id)


def van_code(view: View, manifest_id: str) -> str:
    """Return the code by which the driver of a run agrees that crates change vans; no code is ever kept."""
    secret = secret_of_codes(view)
    return "".join(code_of(secret, manifest_id, half) for half in VAN_HALVES) if secret else ""


def own_code(view: View, shipment_id: str, way: str) -> str:
    """Return the code of one side of a shipment; empty while the house has no secret to make it of."""
    secret = secret_of_codes(view)
    return code_of(secret, shipment_id, way) if secret else ""
