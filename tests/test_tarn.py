"""
The same on another region: a day of 40 farms, 60 shops and 60 shipments in the Tarn (25 by ``make test``).
"""

import csv
import json
from pathlib import Path
from random import Random

import pytest
from typer.testing import CliRunner

from api.commands.cli import app
from geodata.place import Place
from geodata.region import build_region
from tests.geodata.data import map_file
from tests.thorough import THOROUGH

FARMS, SHOPS, SHIPMENTS, TRIPS, TOURS = 40, 60, 60 if THOROUGH else 25, 4, 6
TOWNS = {"Albi", "Castres", "Gaillac", "Lavaur", "Graulhet", "Carmaux", "Mazamet", "Réalmont"}


def communes(data: Path) -> list[dict[str, str]]:
    with (data / "places" / "communes_france.csv").open(encoding="utf-8") as file:
        return [row for row in csv.DictReader(file) if row["dept"] == "81"]


def tarn_day(data: Path, roads, seed: int) -> dict[str, list[dict[str, str]]]:
    """Put farms at small communes and shops in towns, wherever the map has a road."""
    random = Random(seed)
    places = [
        (row, Place(lat=float(row["lat"]), lon=float(row["lon"]), name=row["name"])) for row in communes(data)
    ]
    snapped = roads.snap_all([place for _, place in places])
    near = [pair for pair, snap in zip(places, snapped.snaps, strict=True) if snap and snap.off_road_m < 300]
    villages = [place for row, place in near if row["name"] not in TOWNS]
    towns = [place for row, place in near if row["name"] in TOWNS]
    sites = [
        _site(f"F{at:02d}", f"Ferme {at:02d}", "producer", random.choice(villages)) for at in range(FARMS)
    ]
    sites += [
        _site(f"B{at:02d}", f"Magasin {at:02d}", "buyer", _jitter(random, random.choice(towns)))
        for at in range(SHOPS)
    ]
    sites += [
        {**_site(f"C{at}", f"Transports {at}", "carrier", towns[at % len(towns)]), "vetted": "yes"}
        | {"licence": f"LTI {at}", "licence_until": "2030-12-31"}
        for at in range(TOURS)
    ]
    sites += [_site("O0", "Conseil", "operator", towns[0])]
    return {
        "day": [{"date": "2026-09-15", "region": "tarn"}],
        "sites": sites,
        "trips": [line for at in range(TRIPS) for line in _trip(random, at)],
        "shipments": [_shipment(random, at) for at in range(SHIPMENTS)],
        "vehicles": [_vehicle(at) for at in range(TOURS)],
    }


def _site(site: str, name: str, role: str, place: Place) -> dict[str, str]:
    return {"site": site, "party": name, "role": role, "lat": f"{place.lat:.5f}", "lon": f"{place.lon:.5f}"}


def _jitter(random: Random, place: Place) -> Place:
    return Place(lat=place.lat + random.uniform(-0.006, 0.006), lon=place.lon + random.uniform(-0.008, 0.008))


def _trip(random: Random, at: int) -> list[dict[str, str]]:
    common = {"trip": f"T{at}", "owner": f"Ferme {at:02d}", "regime": "cotransport_agricole"}
    common |= {"detour_min": "30", "free_kg": "400"}
    shop = f"B{random.randrange(SHOPS):02d}"
    return [
        {**common, "site": f"F{at:02d}", "from": "06:00", "until": "06:30", "free_ambient": "20"},
        {**common, "site": shop, "from": "06:30", "until": "10:00", "free_ambient": "20"},
        {**common, "site": f"F{at:02d}", "from": "07:00", "until": "13:00"},
    ]


def _shipment(random: Random, at: int) -> dict[str, str]:
    farm = at % FARMS
    line = {
        "shipment": f"S{at:02d}",
        "shipper": f"Ferme {farm:02d}",
        "from_site": f"F{farm:02d}",
        "to_site": f"B{random.randrange(SHOPS):02d}",
        "temperature": random.choice(("ambient", "ambient", "chilled")),
        "crates": str(random.randint(1, 8)),
        "ready": random.choice(("05:00", "06:00", "07:00")),
        "deliver_by": random.choice(("10:00", "11:30", "13:00")),
        "goods_value_eur": str(random.randint(60, 400)),
    }
    return line | ({"bid_trip": f"T{at % TRIPS}", "bid_eur": "25"} if at % 9 == 8 else {})


def _vehicle(at: int) -> dict[str, str]:
    return {
        "tour": f"H{at}",
        "carrier": f"Transports {at}",
        "start_site": f"C{at}",
        "opens": "05:00",
        "closes": "14:00",
        "ambient": "60",
        "chilled": "40",
        "payload_kg": "1000",
        "fixed_eur": "15",
        "per_km_eur": "0.55",
        "per_hour_eur": "18",
        "per_stop_eur": "0.50",
        "crate_eur": "9",
        "fee_eur": "3",
        "gap_eur": "10",
        "gap_account": "Conseil",
    }


@pytest.fixture(scope="module")
def tarn():
    return build_region("tarn", map_file("tarn"))


def test_a_day_of_many_shipments_is_planned_on_the_roads_of_the_tarn(tarn, data, tmp_path):
    """The same command, the same promises, on a region a hundred times larger than the embedded one."""
    day = tmp_path / "day.json"
    day.write_text(json.dumps(tarn_day(data, tarn.roads, seed=1)), encoding="utf-8")
    arguments = ["plan", str(day), "--out", str(tmp_path / "out"), "--json", "--seconds", "0.3"]
    answer = CliRunner().invoke(app, arguments)
    assert answer.exit_code == 0, answer.output
    found = json.loads(answer.stdout)
    assert found["violations"] == [] and found["bad_lines"] == []
    riding = {guest["shipment"] for trip in found["trips"] for guest in trip["guests"]}
    riding |= {shipment for tour in found["tours"] for shipment in tour["shipments"]}
    riding |= {shipment for trip in found["trips"] for shipment in trip["own_shipments"]}
    turned = {refusal["subject"] for refusal in found["refusals"] if refusal["about"] == "shipment"}
    assert len(riding | turned) == SHIPMENTS and not riding & turned
    assert len(riding) >= SHIPMENTS // 3, "a day that carries almost nobody shows nothing"
    assert all(one["share_cents"] <= one["alone_cents"] for one in found["participants"])
    assert all(sum(t["shares_cents"]) + t["gap_cents"] == t["cost_cents"] for t in found["tours"])
    assert found["pooled"]["euro_cents"] < found["alone"]["euro_cents"]
    assert found["pooled"]["km"] < found["alone"]["km"]
    assert all(
        (tmp_path / "out" / "manifests").joinpath(Path(path).name).is_file() for path in found["manifests"]
    )
