"""A van that a farm and its neighbour own: parts, uses from runs, a month agreed to, and who reads what."""

from datetime import UTC, datetime

import pytest

from pooling.desk.runs.departing import name_vehicle
from pooling.desk.runs.freezing_rides import freeze_trip
from pooling.desk.runs.handovers import begin_run, end_run
from pooling.people.shared_tool import ENTRIES_LIMIT
from pooling.store.ledger import check_ledger
from tests.desk import market
from tests.desk.test_custody import Run
from tests.desk.test_ledger_routes import get

MONTH, DAY = "2026-09", "2026-09-12"


def post(client, town, name, path, /, **words):
    return client.post(f"/api/v1/shared-tools{path}", json=words, headers=town.headers(name))


@pytest.fixture
def shared(client, town):
    """The id of a van of which the farm owns two parts and the neighbour one."""
    parties = town.parties
    words = {
        "keeper": parties["farm"],
        "name": "Van",
        "kind": "van",
        "plate": "ab 123 cd",
        "capacity_crates": 60,
    }
    made = post(client, town, "farm", "", **words, parts=2)
    assert made.status_code == 201 and made.json()["plate"] == "AB-123-CD"
    tool = made.json()["id"]
    assert (
        post(client, town, "farm", f"/{tool}/parts", party=parties["neighbour"], parts=1).status_code == 200
    )
    taken = post(client, town, "neighbour", f"/{tool}/parts/{parties['neighbour']}/taking", parts=1)
    assert [one["state"] for one in taken.json()["parts"]] == ["in", "in"]
    return tool


def noted(client, town, tool, name, kind, **words):
    return post(client, town, name, f"/{tool}/{kind}", party=town.parties[name], day=DAY, **words)


def month(client, town, tool, name):
    return get(client, town, name, f"/shared-tools/{tool}/months/{MONTH}").json()


def used_and_paid(client, town, tool):
    """100 km by the farm and 300 by the neighbour, 90 € of insurance and 60 € of diesel."""
    for answer in (
        noted(client, town, tool, "farm", "uses", units=100_000, empty_m=40_000, used_m=10_000),
        noted(client, town, tool, "neighbour", "uses", units=300_000),
        noted(client, town, tool, "farm", "costs", cents=9_000, by="parts", what="Insurance"),
        noted(client, town, tool, "neighbour", "costs", cents=6_000, by="use", what="Diesel"),
    ):
        assert answer.status_code == 200, answer.text


def test_a_month_is_split_and_posted_once_its_payer_agrees_and_stands_from_then_on(client, town, shared):
    used_and_paid(client, town, shared)
    seen = month(client, town, shared, "neighbour")
    assert (seen["total_cents"], seen["others_cents"]) == (15_000, 7_500)
    (own,) = seen["shares"]
    assert (own["parts_cents"], own["use_cents"], own["owes_cents"]) == (3_000, 4_500, 1_500)
    agree = {"party": town.parties["neighbour"], "cents": 1_500}
    path = f"/{shared}/months/{MONTH}/agreement"
    assert post(client, town, "neighbour", path, **agree).json()["code"] == "tool_month_open"
    town.clock.at = int(datetime(2026, 10, 2, 9, tzinfo=UTC).timestamp())
    differs = post(client, town, "neighbour", path, **agree | {"cents": 1_499})
    assert differs.json()["code"] == "tool_share_differs"
    done = post(client, town, "neighbour", path, **agree)
    assert done.status_code == 200 and done.json()["agreed"] and done.json()["dues"][0]["transfer"]
    balance = get(client, town, "neighbour", f"/parties/{town.parties['neighbour']}/balance").json()
    assert balance["posted_cents"] == -1_500
    with town.house.desk.store.view() as view:
        assert (check_ledger(view).sum_cents, check_ledger(view).unbalanced) == (0, 0)
    again = post(client, town, "neighbour", path, **agree)
    assert again.json()["code"] == "tool_share_differs"
    late = noted(client, town, shared, "farm", "costs", cents=1, by="use", what="Forgotten")
    assert late.json()["code"] == "tool_month_agreed"
    assert month(client, town, shared, "farm")["total_cents"] == 15_000
    statement = get(
        client, town, "neighbour", f"/parties/{town.parties['neighbour']}/statement.csv?month=2026-10"
    )
    assert "Van, 2026-09" in statement.text


def test_an_owner_reads_its_own_uses_and_the_others_together_its_keeper_all_and_strangers_nothing(
    client, town, shared
):
    used_and_paid(client, town, shared)
    own, all_of_it = (month(client, town, shared, name) for name in ("neighbour", "farm"))
    assert {one["party"] for one in own["uses"]} == {town.parties["neighbour"]}
    assert own["others_units"] == 100_000 and len(all_of_it["uses"]) == len(all_of_it["shares"]) == 2
    assert (own["empty_m"], own["used_m"], own["days_used"], own["days"]) == (40_000, 10_000, 1, 30)
    text = get(client, town, "neighbour", f"/shared-tools/{shared}/months/{MONTH}/file.csv").text
    assert "100000" in text and "Insurance" in text and text.splitlines()[0].startswith("line,day,who")
    for name in ("shop", "operator", "carrier"):
        for path in ("", f"/months/{MONTH}", f"/months/{MONTH}/file.csv"):
            assert get(client, town, name, f"/shared-tools/{shared}{path}").status_code == 404
        assert get(client, town, name, "/shared-tools").json()["items"] == []
        assert noted(client, town, shared, name, "uses", units=1).status_code == 404


def test_nobody_owns_a_part_unasked_and_whoever_only_is_asked_notes_and_pays_nothing(client, town, shared):
    shop = town.parties["shop"]
    assert post(client, town, "neighbour", f"/{shared}/parts", party=shop, parts=1).status_code == 403
    post(client, town, "farm", f"/{shared}/parts", party=shop, parts=3)
    assert noted(client, town, shared, "shop", "uses", units=5).json()["code"] == "no_part_of_tool"
    used_and_paid(client, town, shared)
    assert month(client, town, shared, "shop")["shares"] == []
    wrong = post(client, town, "shop", f"/{shared}/parts/{shop}/taking", parts=2)
    assert wrong.json()["code"] == "no_part_of_tool", "as many as it read"
    assert post(client, town, "farm", f"/{shared}/parts/{shop}/taking", parts=3).status_code == 403
    assert post(client, town, "shop", f"/{shared}/parts/{shop}/leaving").status_code == 200
    assert get(client, town, "shop", f"/shared-tools/{shared}").status_code == 404
    keeper = post(client, town, "farm", f"/{shared}/parts/{town.parties['farm']}/leaving")
    assert keeper.json()["code"] == "tool_keeper_stays"


def test_what_was_noted_is_taken_back_by_who_noted_it_or_by_the_keeper(client, town, shared):
    used_and_paid(client, town, shared)
    theirs, mine = (
        next(
            one["id"]
            for one in month(client, town, shared, "farm")["uses"]
            if one["party"] == town.parties[name]
        )
        for name in ("neighbour", "farm")
    )
    path = f"/{shared}/entries"
    assert post(client, town, "neighbour", f"{path}/{mine}/withdrawal").status_code == 403
    for entry in (theirs, mine):
        assert post(client, town, "farm", f"{path}/{entry}/withdrawal").status_code == 200
    assert month(client, town, shared, "farm")["uses"] == []
    assert post(client, town, "farm", f"{path}/{mine}/withdrawal").status_code == 404
    ahead = post(
        client, town, "farm", f"/{shared}/uses", party=town.parties["farm"], day="2026-12-01", units=5
    )
    assert ahead.json()["code"] == "tool_day_ahead"
    above = noted(client, town, shared, "farm", "uses", units=5, empty_m=6)
    assert above.json()["code"] == "empty_above_way" and ENTRIES_LIMIT == 500


class RunWithPlate(Run):
    """A run of the farm's, whose manifest names the van's plate before it sets out."""

    def __init__(self, town):
        self.town, self.trip = town, market.announced(town)
        self.shipment = market.sent(town, 6)
        self.bid = market.accepted(town, market.bidden(town, self.trip, self.shipment))
        self.manifest = self.did(freeze_trip, self.trip)
        self.did(name_vehicle, self.manifest, "AB 123 CD")
        self.did(begin_run, self.manifest)


def test_a_run_of_the_van_is_counted_by_its_plate_with_the_empty_way_that_others_used(client, town, shared):
    run = RunWithPlate(town)
    run.hand("on")
    run.hand("off")
    assert month(client, town, shared, "farm")["uses"] == [], "not before it has ended"
    run.did(end_run, run.manifest)
    seen = month(client, town, shared, "farm")
    (use,) = seen["uses"]
    assert use["run"] == run.manifest and use["party"] == town.parties["farm"]
    assert 0 < use["used_m"] <= use["empty_m"] == use["units"], "the farm entered no crates of its own"
    assert seen["units"] == use["units"] and seen["days_used"] == 1
    assert month(client, town, shared, "neighbour")["uses"] == []


def test_no_plate_shows_the_runs_of_whoever_is_only_asked_or_has_left(client, town, shared):
    run = RunWithPlate(town)
    for way in ("on", "off"):
        run.hand(way)
    run.did(end_run, run.manifest)
    farm = town.parties["farm"]
    words = {"keeper": town.parties["shop"], "name": "Spy", "kind": "van", "plate": "AB123CD", "parts": 1}
    spy = post(client, town, "shop", "", **words, capacity_crates=60).json()["id"]
    post(client, town, "shop", f"/{spy}/parts", party=farm, parts=1)
    asked = month(client, town, spy, "shop")
    assert (asked["uses"], asked["units"], asked["days_used"]) == ([], 0, 0)
    post(client, town, "farm", f"/{spy}/parts/{farm}/taking", parts=1)
    (use,) = month(client, town, spy, "shop")["uses"]
    noted(client, town, spy, "shop", "costs", cents=100, by="use", what="Diesel")
    for _ in range(2):
        assert post(client, town, "farm", f"/{spy}/parts/{farm}/leaving").status_code == 200
        left = month(client, town, spy, "shop")
        assert left["units"] == use["units"] and left["uses"][0]["run"] == "", "written down, once"
        post(client, town, "shop", f"/{spy}/parts", party=farm, parts=1)
        post(client, town, "farm", f"/{spy}/parts/{farm}/taking", parts=1)
    post(client, town, "farm", f"/{spy}/parts/{farm}/leaving")
    town.clock.at = int(datetime(2026, 10, 2, 9, tzinfo=UTC).timestamp())
    agree = {"party": farm, "cents": month(client, town, spy, "farm")["dues"][0]["cents"]}
    assert agree["cents"] == 100, "who left bears what it used"
    assert post(client, town, "farm", f"/{spy}/months/{MONTH}/agreement", **agree).json()["agreed"]
    assert get(client, town, "farm", f"/shared-tools/{spy}/months/2026-10").status_code == 404


def test_who_is_only_asked_reads_sums_and_no_cost_by_itself(client, town, shared):
    used_and_paid(client, town, shared)
    post(client, town, "farm", f"/{shared}/parts", party=town.parties["shop"], parts=1)
    seen = month(client, town, shared, "shop")
    assert (seen["total_cents"], seen["costs"], seen["uses"]) == (15_000, [], [])
    text = get(client, town, "shop", f"/shared-tools/{shared}/months/{MONTH}/file.csv").text
    assert "Insurance" not in text
