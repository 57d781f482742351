"""A carrier with its dossier in order: papers, a vehicle, a card, for the tests that assign it."""

from datetime import date

from pooling.carriers.dossier import PaperKind
from pooling.desk.carriers.dossiers import (
    PaperWords,
    apply_as_carrier,
    check_paper,
    enter_paper,
    vet_carrier,
)
from pooling.desk.carriers.fleet import CardWords, VehicleWords, enter_card, enter_vehicle
from pooling.store.carriers import find_dossier
from pooling.store.parties import find_party
from pooling.store.people import party, site
from pooling.store.rows import added, changed

FAR = date(2030, 12, 31)
LICENCE, INSURANCE = PaperKind.TRANSPORT_LICENCE, PaperKind.INSURANCE

SQUARE = {
    "type": "Polygon",
    "coordinates": [[[7.3, 43.7], [7.45, 43.7], [7.45, 43.8], [7.3, 43.8], [7.3, 43.7]]],
}
"""Around the whole small town."""


def did(town, change, name, *words):
    return change(town.house.desk, town.actor(name), town.ask(name), *words)


def carrier(town):
    return town.parties["carrier"]


def paper(town, kind, until=FAR, about="", state="checked"):
    """Enter a paper of the carrier's and let the operator check it; returns its id."""
    words = PaperWords(kind, about, f"{kind.value}-1", until)
    paper_id = did(town, enter_paper, "carrier", carrier(town), words)
    if state != "entered":
        did(town, check_paper, "operator", paper_id, None, state, "" if state == "checked" else "why")
    return paper_id


def applied(town):
    """Open the dossier of the carrier as one that was never vetted."""
    nothing = {"vetted": False, "licence": "", "licence_until": None}
    if standing(town) is None:
        town.house.desk.store.change(lambda tx: changed(tx, party, find_party(tx, carrier(town)), nothing))
    did(town, apply_as_carrier, "carrier", carrier(town))


def active(town, insurance=FAR):
    """Bring the carrier's dossier in order and vet it."""
    applied(town)
    paper(town, LICENCE)
    paper(town, INSURANCE, insurance)
    did(town, vet_carrier, "operator", carrier(town), None)


def yard(town, name="Yard"):
    return town.house.desk.store.change(
        lambda tx: added(tx, site, "site", party_id=carrier(town), name=name, lat=43.742, lon=7.422)
    )


def van_words(town, **other):
    """Say a van of 30 ambient and 8 chilled crates."""
    stands = town.sites["carrier"]
    usual = {
        "plate": "AB-123-CD",
        "name": "Kangoo",
        "ambient_crates": 30,
        "chilled_crates": 0,
        "frozen_crates": 0,
        "ambient_litres": None,
        "chilled_litres": None,
        "frozen_litres": None,
        "payload_kg": 600,
        "tail_lift": False,
        "start_site_id": stands,
        "end_site_id": stands,
        "profile": "small_van",
        "energy": "diesel",
    }
    return VehicleWords(**(usual | other))


def van(town, **other):
    """Enter a vehicle whose technical inspection is checked."""
    van_id = did(town, enter_vehicle, "carrier", carrier(town), van_words(town, **other))
    paper(town, PaperKind.TECHNICAL_INSPECTION, about=van_id)
    return van_id


def card_words(**other):
    usual = {
        "from_day": date(2026, 1, 1),
        "until_day": None,
        "fixed_cents": 100,
        "cents_per_km": 30,
        "cents_per_hour": 300,
        "cents_per_stop": 10,
        "waiting_cents_per_hour": 1_200,
    }
    return CardWords(**(usual | other))


def card(town, **other):
    return did(town, enter_card, "carrier", carrier(town), card_words(**other))


def standing(town):
    with town.house.desk.store.view() as view:
        return find_dossier(view, carrier(town))
