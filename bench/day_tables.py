"""A day of the bench as tables, and planned from them as anybody would: by the command ``carriole plan``."""

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from time import perf_counter
from typing import Any

from bench.day_child import DayRun
from bench.day_market import make_day
from geodata.region import open_region
from pooling.day import Day
from pooling.files.tables import write_tables
from pooling.party import Party
from pooling.shipment import Shipment
from pooling.site import Site
from pooling.tour import Tour

LIMIT_S = 3_600

Row = Mapping[str, str]


def by_command(run: DayRun, home: Path) -> dict[str, Any]:
    """Write a day as tables and plan it by the command; returns how long that took and what it told."""
    day = make_day(open_region(run.size.region, home=home), run.size)
    whole, out = home / f"{run.name}.json", home / run.name
    write_tables(rows_of(day), home / f"{run.name}-tables", whole)
    words = ["plan", str(whole), "--out", str(out), "--seconds", str(run.deadline_s), "--json"]
    call = [sys.executable, "-c", "from api.door import main; main()", *words]
    began = perf_counter()
    child = subprocess.run(call, stdout=subprocess.PIPE, timeout=LIMIT_S, check=True)
    command_s = perf_counter() - began
    told = json.loads(child.stdout)
    return {"command_s": round(command_s, 1), **_told(told, len(day.shipments))}


def rows_of(day: Day) -> dict[str, Sequence[Row]]:
    """Write a day in the words of its tables."""
    return {
        "day": [{"date": day.clock.day.isoformat(), "region": day.region, "timezone": day.clock.timezone}],
        "sites": [_site(one, day.parties[one.party]) for one in day.sites.values()],
        "shipments": [_shipment(one) for one in day.shipments],
        "vehicles": [_vehicle(one) for one in day.tours],
    }


def _told(told: Mapping[str, Any], shipments: int) -> dict[str, Any]:
    """Read what the command answered: nothing may be left out without a word."""
    refused = {one["subject"] for one in told["refusals"] if one["about"] == "shipment" and one["reason"]}
    saved_km = told["alone"]["km"] - told["pooled"]["km"]
    return {
        "shipments": shipments,
        "served": shipments - len(told["unserved"]),
        "unserved_without_reason": len(set(told["unserved"]) - refused),
        "violations": len(told["violations"]),
        "bad_lines": len(told["bad_lines"]),
        "manifests": len(told["manifests"]),
        "km_saved_pct": round(100 * saved_km / told["alone"]["km"], 1),
    }


def _site(site: Site, party: Party) -> Row:
    licence_until = party.licence_until.isoformat() if party.licence_until else ""
    return {
        "site": site.id,
        "party": site.party,
        "role": party.role.value,
        "name": site.name,
        "lat": f"{site.place.lat:.6f}",
        "lon": f"{site.place.lon:.6f}",
        "opens": _hour(site.hours[0].opens_s),
        "closes": _hour(site.hours[-1].closes_s),
        "vetted": "yes" if party.vetted else "no",
        "licence": party.licence,
        "licence_until": licence_until,
    }


def _shipment(one: Shipment) -> Row:
    return {
        "shipment": one.id,
        "shipper": one.shipper,
        "payer": one.payer,
        "ordered_by": one.ordered_by,
        "from_site": one.from_site,
        "to_site": one.to_site,
        "temperature": one.load.temperature.value,
        "crates": str(one.load.crates),
        "kg": str(one.load.kg),
        "ready": _hour(one.pickup.opens_s),
        "pickup_by": _hour(one.pickup.closes_s),
        "deliver_from": _hour(one.drop.opens_s),
        "deliver_by": _hour(one.drop.closes_s),
        "goods_value_eur": _euro(one.goods_value_cents),
    }


def _vehicle(tour: Tour) -> Row:
    room = tour.room
    return {
        "tour": tour.id,
        "carrier": tour.carrier,
        "driver": tour.driver,
        "start_site": tour.start_site,
        "end_site": tour.end_site,
        "opens": _hour(tour.shift.opens_s),
        "closes": _hour(tour.shift.closes_s),
        "ambient": str(room.ambient.crates),
        "chilled": str(room.chilled.crates),
        "frozen": str(room.frozen.crates),
        "payload_kg": str(room.payload_kg),
        "fixed_eur": _euro(tour.card.fixed_cents),
        "per_km_eur": _euro(tour.card.cents_per_km),
        "per_hour_eur": _euro(tour.card.cents_per_hour),
        "per_stop_eur": _euro(tour.card.cents_per_stop),
        "crate_eur": _euro(tour.crate_cents),
        "fee_eur": _euro(tour.fee_cents),
    }


def _hour(seconds: int) -> str:
    return f"{seconds // 3_600:02}:{seconds // 60 % 60:02}"


def _euro(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02}"
