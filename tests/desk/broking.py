"""An intermediary in the town: the broker has crates fetched for its clients and its platform."""

import json

from pooling.desk.collections.collection_files import ListWords, send_list, take_list_job
from pooling.store.collected import collection_named, find_file, outcomes_of
from pooling.work.jobs import Unwatched
from tests.desk.competitor import settled

YARD = "43.7431, 7.3652"
"""A pin on the farm's yard."""
DOCK = "43.7384, 7.4246"
STREET = "Bd de la République, Beausoleil"
"""Certain on the map; without a house number no place to send a driver to."""


def broker(town, name="broker"):
    """Let an intermediary settle with its platform; returns its name."""
    settled(town, name, "intermediary", "shop", 0.0003 if name == "broker" else 0.0006)
    return name


def line(reference="A1", **other):
    usual = {
        "reference": reference,
        "producer": "Farm",
        "pickup": YARD,
        "client": "Dock",
        "drop": DOCK,
        "day": "2026-09-13",
        "ready": "06:00",
        "pickup_by": "10:00",
        "deliver_from": "06:00",
        "deliver_by": "12:00",
        "crates": 4,
        "goods": "Pears",
    }
    return usual | other


def sent(town, *lines, who="broker", key="", platform=True):
    """Send a list and let its job take it; returns the list's id."""
    words = ListWords(town.parties[who], town.sites[who] if platform else None, rows=lines)
    file_id = send_list(town.house.desk, town.actor(who), town.ask(who, key), words)
    taken(town, file_id)
    return file_id


def taken(town, file_id):
    take_list_job(town.house.desk, {"list": file_id}, Unwatched())


def outcomes(town, file_id):
    with town.house.desk.store.view() as view:
        return {one.line: one.outcome for one in outcomes_of(view, file_id)}


def faults(town, file_id):
    with town.house.desk.store.view() as view:
        return [
            (one.line, fault["column"], fault["code"])
            for one in outcomes_of(view, file_id)
            for fault in json.loads(one.faults)
        ]


def stands(town, reference, who="broker"):
    with town.house.desk.store.view() as view:
        return collection_named(view, town.parties[who], reference)


def kept_file(town, file_id):
    with town.house.desk.store.view() as view:
        return find_file(view, file_id)
