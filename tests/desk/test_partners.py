"""Another carrier's system: manifests go out to it signed, events come back, and nothing is done twice."""

import json

import pytest

from pooling.store import touring
from pooling.store.people import membership
from pooling.telling.partner_signature import must_be_signed
from pooling.telling.webhooks import signed
from tests.desk.telling import Outside, tell_all
from tests.desk.test_runs import in_order
from tests.desk.touring import frozen, row
from tests.houses import MORNING

HEADER = "id,kind,manifest,plate,shipment,way,crates,minutes,anyway,reason"


def connected(town, client, name="carrier"):
    wish = {"party": town.parties[name], "url": f"https://{name}.example/in", "carries": "manifests"}
    return client.post("/api/v1/webhooks", json=wish, headers=town.headers(name)).json()


def lines_of(town, manifest_id):
    """Tell a whole run: it sets out, each handover in its order, it is back."""
    told = [f"e0,departed,{manifest_id},ef-456-gh,,,,,,"]
    told += [
        f"e{at},handover,{manifest_id},,{shipment},{way},4,,,"
        for at, (shipment, way) in enumerate(in_order(town, manifest_id), start=1)
    ]
    return [*told, f"end,arrived,{row(town, touring.manifest, manifest_id).number},,,,,,,"]


def send(town, client, lines, name="carrier", party="carrier"):
    body = "\n".join([HEADER, *lines]).encode()
    path = f"/api/v1/partner-events/files?party={town.parties[party]}"
    headers = town.headers(name) | {"content-type": "application/octet-stream"}
    return client.post(path, content=body, headers=headers)


def post(town, client, hook, rows, at=0, secret=""):
    body = json.dumps(rows)
    headers = signed(secret or hook["secret"], "msg_1", town.clock.now() + at, body)
    return client.post(f"/api/v1/webhooks/{hook['id']}/events", content=body, headers=headers)


def counts(answer):
    return [answer.json()[name] for name in ("taken", "known", "refused")]


@pytest.fixture
def ride(town):
    manifest_id, aboard = frozen(town)
    town.clock.at = row(town, touring.tour, row(town, touring.manifest, manifest_id).ride_id).opens_at
    return manifest_id, aboard


def test_a_whole_run_is_told_by_a_file_and_sent_again_it_changes_nothing(town, client, ride):
    manifest_id, _ = ride
    lines = lines_of(town, manifest_id)
    assert counts(send(town, client, lines)) == [len(lines), 0, 0]
    stands = row(town, touring.manifest, manifest_id)
    assert (stands.state, stands.plate) == ("done", "EF-456-GH")
    assert counts(send(town, client, lines)) == [0, len(lines), 0]
    assert row(town, touring.manifest, manifest_id).revision == stands.revision


def test_bad_lines_are_told_with_column_and_cure_and_the_good_ones_are_kept(town, client, ride):
    manifest_id, (first, _) = ride
    lines = [
        f"a,departed,{manifest_id},,,,,,,",
        f"b,handover,{manifest_id},,{first},off,4,,,",
        f"c,handover,{manifest_id},,{first},on,,,,",
        "d,arrived,mnf_0nobodys,,,,,,,",
        f"e,handover,{manifest_id},,{first},on,4,,,",
    ]
    answer = send(town, client, lines)
    assert counts(answer) == [2, 0, 3]
    assert [one["event"] for one in answer.json()["lines"]] == list("abcde")
    told = {one["line"]: [(each["column"], each["code"]) for each in one["faults"]]
            for one in answer.json()["lines"] if one["faults"]}  # fmt: skip
    assert told == {3: [("kind", "not_on_board")], 4: [("crates", "field_missing")],
                    5: [("manifest", "not_found")]}  # fmt: skip
    again = send(town, client, [lines[1], lines[4].replace(",4,", ",3,")])
    assert counts(again) == [1, 0, 1], "what was refused is taken once it can be, under its own id"
    assert again.json()["lines"][1]["faults"][0]["code"] == "event_reused"


def test_a_line_that_cannot_be_read_is_named_by_its_senders_id_as_well(town, client, ride):
    twice = f"a,arrived,{ride[0]},,,,,,,"
    lines = ["r,departed,m,,,,,,,,one too many", 'q,"departed,m,,,,,,,', f"{'l' * 90},late,m,,,,,5,,",
             ",departed,m,,,,,,,", "u,nonsense,m,,,,,,,", twice, twice]  # fmt: skip
    told = send(town, client, lines).json()["lines"]
    assert [one["event"] for one in told] == ["r", "q", "l" * 80, "", "u", "a", "a"]
    assert {one["outcome"] for one in told} == {"refused"}


def test_a_delay_tells_the_hours_anew_and_a_promise_breaks_only_knowingly(town, client, ride):
    manifest_id, _ = ride
    late = [f"x,late,{manifest_id},,,,,300,,", f"y,late,{manifest_id},,,,,5,,"]
    answer = send(town, client, late)
    assert counts(answer) == [1, 0, 1]
    assert answer.json()["lines"][0]["faults"][0]["column"] == "anyway"
    assert row(town, touring.manifest, manifest_id).edition == 2


@pytest.mark.parametrize("name", ["farm", "neighbour", "restaurant", "shop"])
def test_only_the_carriers_managers_and_operators_send_its_events(town, client, ride, name):
    lines = lines_of(town, ride[0])
    assert send(town, client, lines, name).status_code == 403
    own = send(town, client, lines, name, party=name)
    assert {one["code"] for line in own.json()["lines"] for one in line["faults"]} == {"not_found"}
    assert counts(send(town, client, lines[:1], "operator")) == [1, 0, 0]


def test_a_signed_message_is_taken_and_sent_again_it_does_nothing(town, client, ride):
    hook = connected(town, client)
    rows = [{"id": "e0", "kind": "departed", "manifest": ride[0]}]
    assert counts(post(town, client, hook, rows)) == [1, 0, 0]
    assert counts(post(town, client, hook, rows)) == [0, 1, 0]
    assert row(town, touring.manifest, ride[0]).state == "under_way"


def test_a_message_that_is_old_or_signed_by_somebody_else_is_refused(town, client, ride):
    hook, other = connected(town, client), connected(town, client, "farm")
    rows = [{"id": "e0", "kind": "departed", "manifest": ride[0]}]
    plain = {"party": town.parties["carrier"], "url": "https://carrier.example/all"}
    events = client.post("/api/v1/webhooks", json=plain, headers=town.headers("carrier")).json()
    answers = [
        post(town, client, hook, rows, at=-301),
        post(town, client, hook, rows, secret=other["secret"]),
        post(town, client, events, rows),
        post(town, client, hook | {"id": "whk_0nobodys"}, rows),
        client.post(f"/api/v1/webhooks/{hook['id']}/events", json=rows),
    ]
    assert {(one.status_code, one.json()["code"]) for one in answers} == {(403, "signature_wrong")}
    theirs = post(town, client, other, rows).json()["lines"][0]["faults"]
    assert theirs[0]["code"] == "not_found", "another's manifest is none of its own"


def test_whoever_left_the_carrier_speaks_for_its_system_no_more(town, client, ride):
    hook = connected(town, client)
    gone = membership.delete().where(membership.c.member_id == town.members["carrier"])
    town.house.desk.store.change(lambda tx: tx.connection.execute(gone))
    answer = post(town, client, hook, [{"id": "e0", "kind": "departed", "manifest": ride[0]}])
    assert answer.json()["lines"][0]["faults"][0]["code"] == "not_allowed"
    assert row(town, touring.manifest, ride[0]).state == "frozen"


def test_manifests_go_out_whole_and_signed_to_their_own_carrier_only(town, client):
    hook, other = connected(town, client), connected(town, client, "farm")
    outside = Outside()
    manifest_id, _ = frozen(town)
    town.clock.at = MORNING
    send(town, client, [f"y,late,{manifest_id},,,,,5,,"])
    tell_all(town, outside)
    assert {url for url, _, _ in outside.posts} == {"https://carrier.example/in"} and other
    told = [json.loads(body) for _, _, body in outside.posts]
    assert sorted(one["event"] for one in told) == ["manifest.frozen", "manifest.superseded"]
    assert {(one["manifest"], one["edition"]) for one in told} == {(manifest_id, 2)}, (
        "as it stands when posted"
    )
    assert told[1]["document"]["schema"] == "carriole.manifest/4" and "cents" not in json.dumps(told)
    _, headers, body = outside.posts[0]
    must_be_signed(hook["secret"], headers, body, town.clock.now())
