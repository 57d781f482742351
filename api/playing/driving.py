"""The runs: drivers tick off each stop, crates are counted, money that was agreed becomes owed."""

from api.playing.cast import Caller, Cast
from api.playing.market import Played
from pooling.day import Day

PLATE = "AB-123-CD"
"""Nobody's: the invented carriers drive one van each."""


def drive_all(day: Day, cast: Cast, played: Played) -> int:
    """Drive every frozen ride from its first stop to its last; returns how often crates changed hands."""
    return sum(_drive(day, cast, ride, manifest_id) for ride, manifest_id in played.manifests.items())


def _drive(day: Day, cast: Cast, ride: str, manifest_id: str) -> int:
    driver = _driver(day, cast, ride)
    driver.do("name_vehicle", manifest_id, body={"plate": PLATE})
    manifest = driver.do("begin_run", manifest_id)
    handed = 0
    for stop in manifest["stops"]:
        for handling in stop["handlings"]:
            if not handling["shipment"].startswith("shp_"):
                continue  # the owner's own goods change no hands
            giver = handling["shipper"] if handling["way"] == "on" else handling["consignee"]
            body = {key: handling[key] for key in ("shipment", "way", "crates")} | {"receiver": giver[:120]}
            driver.do("hand_over", manifest_id, body=body)
            handed += 1
    driver.do("end_run", manifest_id)
    return handed


def _driver(day: Day, cast: Cast, ride: str) -> Caller:
    trip = day.trip_by_id.get(ride)
    return cast.callers[trip.owner if trip is not None else day.tour_by_id[ride].carrier]
