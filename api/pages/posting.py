"""For whom something is posted, on the forms of trips, tours and rounds: everybody, or a community."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row

from api.pages.forms import Form
from api.pages.names import Choices
from api.pages.visit import Visit
from pooling.desk.communities.communities import COMMUNITIES_LIMIT
from pooling.desk.communities.posting import Posting
from pooling.store import Page, View
from pooling.store.communities import communities_by_id, list_communities

TRIP_UNSAID: Mapping[str, str] = {"cutoff": "cutoff"}
TOUR_UNSAID: Mapping[str, str] = {"fee": "fee"}


def own_communities(view: View, visit: Visit) -> Choices:
    """Offer the communities of the party that one acts for."""
    if visit.party is None:
        return []
    rows, _ = list_communities(view, [visit.party.id], Page(limit=COMMUNITIES_LIMIT))
    return [(row.id, row.name) for row in rows]


def posting_of_form(form: Form, unsaid: Mapping[str, str]) -> Posting:
    """Read for whom something is posted; a field that is left empty is what the community usually does."""
    left = frozenset(word for field, word in unsaid.items() if not form.value(field).strip())
    return Posting(form.value("community")[:40] or None, left)


def community_name(view: View, row: Row[Any]) -> str:
    """Return the name of the community whose members a ride is for; empty where it is for everybody."""
    known = communities_by_id(view, [row.community_id]) if row.community_id else {}
    return str(known[row.community_id].name) if known else ""
