"""A small seeding for tests: what the farm and its neighbour sold to the restaurant and the shop."""

from datetime import date

from pooling.desk.seeds.draft_invitations import DraftInvite, invite_to_draft
from pooling.desk.seeds.flows import send_flows
from pooling.desk.seeds.seeding import DraftFilling, draft_tours_job
from pooling.seeding.draft import Terms
from pooling.seeding.kept import terms_words
from pooling.store.drafts import drafts_of
from pooling.tour import RateCard
from tests.desk.touring import Watch
from tests.houses import MORNING, PLACES

SATURDAY = date(2026, 9, 19)
CUTOFF = MORNING + 6 * 24 * 3600
CHEAP = RateCard(100, 30, 300, 10)
"""A carrier that two farms of a small town can pay."""

HEADER = "producer,producer_lat,producer_lon,buyer,buyer_lat,buyer_lon,product,crates"


def line(producer, buyer, crates=6, *, far=0.0):
    """Write one link of the small town; ``far`` degrees away from it."""
    ends = [f"{name.title()},{PLACES[name][0] + far},{PLACES[name][1] + far}" for name in (producer, buyer)]
    return f"{','.join(ends)},,{crates}"


LINKS = tuple(line(farm, shop) for farm in ("farm", "neighbour") for shop in ("restaurant", "shop"))


def file_of(*lines):
    return "\n".join((HEADER, *(lines or LINKS))).encode()


def sent(town, raw=None):
    """Send a file as the operator; returns the list."""
    who, ask = town.actor("operator"), town.ask("operator")
    return send_flows(town.house.desk, who, ask, town.parties["operator"], file_of() if raw is None else raw)


def words(town, **more):
    terms = terms_words(Terms(days=(6,), card=CHEAP))
    return {
        "operator": town.parties["operator"],
        "member": town.members["operator"],
        "terms": terms,
        "search_s": 0.0,
    } | more


def drafted(town, watch=None):
    """Draft the tours of what was sent; returns the drafts, best first."""
    told = draft_tours_job(town.house.desk, words(town), watch or Watch())
    with town.house.desk.store.view() as view:
        return drafts_of(view, told["drafting"], 50)


def drafted_first(town):
    """Send the small file and draft from it; returns the best draft's id."""
    sent(town)
    return drafted(town)[0].id


def filling(town, **other):
    usual = {"carrier_id": town.parties["carrier"], "driver": "Lou", "day": SATURDAY, "cutoff_at": CUTOFF}
    return DraftFilling(**(usual | other))


def invited(town, draft_id, rank=1, **other):
    """Invite as the operator; returns the invitation and its letter."""
    who, ask = town.actor("operator"), town.ask("operator")
    return invite_to_draft(town.house.desk, who, ask, draft_id, DraftInvite(rank, **other))
