"""A small tour for tests: proposed by the operator, driven by the carrier, for the farms of the town."""

from datetime import date

from pooling.desk.runs.departing import name_vehicle
from pooling.desk.runs.freezing_rides import freeze_tour
from pooling.desk.tours.sign_ups import join_tour
from pooling.desk.tours.tour_planning import plan_tour
from pooling.desk.tours.tour_words import TourWords
from pooling.desk.tours.tours import propose_tour
from pooling.store import market
from pooling.store.day_plans import add_day_plan
from pooling.store.ledger import check_ledger
from pooling.store.rows import added, found
from pooling.store.touring import sign_up, tour
from tests.houses import MORNING

DAY = date(2026, 9, 12)
HOUR = 3600
EVENING = MORNING - 12 * HOUR


class Watch:
    """Note the steps of a job; may be told what to do at one of them."""

    def __init__(self, **at):
        self.at, self.steps = at, []

    def __call__(self, step, share):  # noqa: ARG002
        self.steps.append(step)
        self.at.pop(step, lambda: None)()

    def fence(self, tx):
        pass


def words(town, **other):
    """Say a tour from the neighbour's yard to the restaurant, cheap enough to be paid by two farms."""
    usual = {
        "carrier_id": town.parties["carrier"],
        "driver": "Lou",
        "start_site_id": town.sites["farm"],
        "end_site_id": town.sites["restaurant"],
        "opens_at": MORNING,
        "closes_at": MORNING + 6 * HOUR,
        "ambient_crates": 20,
        "chilled_crates": 0,
        "frozen_crates": 0,
        "payload_kg": 600,
        "fixed_cents": 100,
        "cents_per_km": 30,
        "cents_per_hour": 300,
        "cents_per_stop": 10,
        "crate_cents": 400,
        "fee_cents": 50,
        "gap_cents": 0,
        "gap_party_id": None,
        "minimum_crates": 0,
        "cutoff_at": MORNING - 2 * HOUR,
    }
    return TourWords(**(usual | other))


def proposed(town, **other):
    """Propose a tour the evening before; returns its id."""
    town.clock.at = EVENING
    who = town.actor("operator")
    return propose_tour(
        town.house.desk, who, town.ask("operator"), town.parties["operator"], words(town, **other)
    )


def sent(town, name, *, to="restaurant", crates=4, **other):
    """Enter a shipment of one party, which pays for it; returns its id."""
    usual = {
        "shipper_id": town.parties[name],
        "payer_id": town.parties[name],
        "from_site_id": town.sites[name],
        "to_site_id": town.sites[to],
        "day": DAY,
        "temperature": "ambient",
        "crates": crates,
        "kg": crates * 8,
        "goods": "Apples",
        "ready_at": MORNING,
        "pickup_by_at": MORNING + 3 * HOUR,
        "deliver_from_at": MORNING,
        "deliver_by_at": MORNING + 5 * HOUR,
    }
    return town.house.desk.store.change(lambda tx: added(tx, market.shipment, "shp", **(usual | other)))


def joined(town, tour_id, name, shipment_id, key=""):
    return join_tour(town.house.desk, town.actor(name), town.ask(name, key), tour_id, shipment_id)


def confirmed(town, **other):
    """Have the farm and its neighbour ride on a tour that is confirmed; returns it with its sign-ups."""
    tour_id = proposed(town, **other)
    ups = [joined(town, tour_id, name, sent(town, name)) for name in ("farm", "neighbour")]
    plan_tour(town.house.desk, tour_id, Watch(), search_s=0.0)
    return tour_id, ups


def frozen(town, **other):
    """Have the same tour frozen by its carrier, its van named; returns the manifest and what is aboard."""
    tour_id, ups = confirmed(town, **other)
    manifest_id = freeze_tour(town.house.desk, town.actor("carrier"), town.ask("carrier"), tour_id)
    name_vehicle(town.house.desk, town.actor("carrier"), town.ask("carrier"), manifest_id, "AB-123-CD")
    return manifest_id, [row(town, sign_up, one).shipment_id for one in ups]


def row(town, table, subject_id):
    with town.house.desk.store.view() as view:
        return found(view, table, subject_id)


def revision_of(town, tour_id):
    """Return at which revision a tour stands, as whoever looks at it now reads it."""
    return row(town, tour, tour_id).revision


def ledger(town):
    """Return the check of the ledger; every test may ask that nothing was lost."""
    with town.house.desk.store.view() as view:
        return check_ledger(view)


NOTHING_DRIVEN = dict.fromkeys(
    ("vehicles", "distance_m", "duration_s", "cents", "co2_g", "empty_m", "fill_pct"), 0
)


def day_planned(town):
    """Keep a day's plan in which nothing rides."""
    counted = dict.fromkeys(("shipments", "riding", "left", "tours", "tours_offered"), 0)
    summary = {**counted, "alone": NOTHING_DRIVEN, "pooled": NOTHING_DRIVEN}
    asked_by = town.members["operator"]
    return town.house.desk.store.change(lambda tx: add_day_plan(tx, date(2026, 9, 12), asked_by, summary, []))
