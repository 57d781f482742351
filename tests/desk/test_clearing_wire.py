"""Bundles and clearings over the wire: one round, and who may see it."""

from tests.desk.market_wire import crates_wish, trip_wish
from tests.desk.test_market_wire import API, get, made, post

REPLAYED = {"same", "intact", "differs", "changed", "digest"}
"""All that a replay tells: nothing of what was bid, or of what riding spares whom."""


def crates(client, town, number):
    return made(client, town, "neighbour", "/shipments", **crates_wish(town, number))["id"]


def test_a_bundle_is_placed_proposed_and_taken_over_the_wire(client, town):
    trip = made(client, town, "farm", "/trips", **trip_wish(town))["id"]
    wish = {"kind": "all", "message": "Ils s’empilent bien.", "bids": []}
    wish["bids"] = [
        {"trip": trip, "shipment": crates(client, town, number), "most_cents": 3000} for number in (4, 2)
    ]
    bundle = made(client, town, "neighbour", "/bundles", **wish)
    bids = {one["id"] for one in bundle["bids"]}
    assert {one["bundle"] for one in bundle["bids"]} == {bundle["id"]}
    assert get(client, town, "farm", f"/bids/{min(bids)}").json()["message"] == "Ils s’empilent bien."
    shown = get(client, town, "farm", f"/trips/{trip}/best-set").json()
    assert {one["bid"] for one in shown["chosen"]} == bids and shown["exact"]
    headers = town.headers("farm") | {"If-Match": f'"{shown["revision"]}"'}
    body = {"chosen": sorted(bids)}
    taken = client.post(f"{API}/trips/{trip}/clear", json=body, headers=headers)
    again = client.post(f"{API}/trips/{trip}/clear", json=body, headers=headers)
    assert taken.status_code == 200 and again.json() == taken.json()
    assert taken.json()["prices"] == {one["bid"]: one["price_cents"] for one in shown["chosen"]}
    assert get(client, town, "farm", f"/trips/{trip}/clearings").json()["items"] == [taken.json()]
    record = taken.json()["id"]
    assert get(client, town, "farm", f"/clearings/{record}").json() == taken.json()
    assert get(client, town, "operator", f"/clearings/{record}").status_code == 200
    assert get(client, town, "neighbour", f"/clearings/{record}").status_code == 404
    for who in ("farm", "operator"):
        again = get(client, town, who, f"/clearings/{record}/replay").json()
        assert again["same"] and len(again["digest"]) == 64 and set(again) == REPLAYED
    assert get(client, town, "neighbour", f"/clearings/{record}/replay").status_code == 404
    asked = post(client, town, "farm", f"/clearings/{record}/replay")
    assert asked.status_code == 202 and asked.json()["job"].startswith("job_")
    assert post(client, town, "neighbour", f"/clearings/{record}/replay").status_code == 404
    assert get(client, town, "neighbour", f"/trips/{trip}/best-set").status_code == 403


def test_one_that_was_not_chosen_learns_the_reason_and_no_figure_of_another(client, town):
    stops = trip_wish(town)["stops"]
    trip = trip_wish(town, stops=[stop | {"ambient": 6} for stop in stops])
    trip = made(client, town, "farm", "/trips", **trip)["id"]
    bids = [
        made(
            client,
            town,
            "neighbour",
            f"/trips/{trip}/bids",
            shipment=crates(client, town, number),
            most_cents=cents,
        )["id"]
        for number, cents in ((6, 5000), (5, 600))
    ]
    shown = get(client, town, "farm", f"/trips/{trip}/best-set").json()
    chosen = [one["bid"] for one in shown["chosen"]]
    made(client, town, "farm", f"/trips/{trip}/clear", chosen=chosen)
    (left,) = set(bids) - set(chosen)
    bid = get(client, town, "neighbour", f"/bids/{left}").json()
    assert (bid["state"], bid["reason"]["code"]) == ("open", shown["left"][0]["why"]["code"])


def test_a_bad_bundle_is_refused_and_a_day_is_cleared_by_an_operator_only(client, town):
    trip = made(client, town, "farm", "/trips", **trip_wish(town))["id"]
    one = {"trip": trip, "shipment": crates(client, town, 2), "most_cents": 900}
    answer = post(client, town, "neighbour", "/bundles", kind="any", bids=[one])
    assert (answer.status_code, answer.json()["code"]) == (409, "bundle_nonsense")
    assert post(client, town, "farm", "/day-clearings", day="2026-09-13").status_code == 403
    asked = post(client, town, "operator", "/day-clearings", day="2026-09-13")
    assert asked.status_code == 202 and asked.json()["job"].startswith("job_")
