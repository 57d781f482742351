"""Who may claim, answer, decide and see; photos; claims on the wire."""

from pooling.claims.cover import COVER_VERSION
from pooling.desk.claims.claim_photos import seen_claim_photo, send_claim_photo
from pooling.desk.claims.opening import seen_claim, withdraw_claim
from pooling.desk.claims.worth import worth_of
from pooling.store import Page
from pooling.store.claims import list_claims
from pooling.store.events import Reader, events_after
from tests.desk.test_claims import ride  # noqa: F401 - a fixture
from tests.pages.test_custody import PICTURE

CLAIMANTS = {"farm": "not_found", "shop": "not_found", "carrier": "not_found", "operator": "not_allowed"}


def test_only_who_pays_or_receives_may_claim(town, ride):  # noqa: F811
    ride.delivered()
    for who, code in CLAIMANTS.items():
        assert ride.refused(lambda who=who: ride.claim(who=who)) == code, who


def test_a_claim_is_seen_answered_and_decided_by_whom_it_concerns_and_nobody_else(town, ride):  # noqa: F811
    ride.delivered(damaged=2, condition="damaged")
    claim = ride.claim()
    for who in ("neighbour", "farm", "operator", "restaurant", "shop", "carrier"):
        sees = who in ("neighbour", "farm", "operator")
        actor = town.actor(who)
        with town.house.desk.seen_by(actor.parties).store.view() as view:
            listed, _ = list_claims(view, None if actor.is_operator else actor.manages, Page())
            assert bool(listed) == sees, who
            if sees:
                assert seen_claim(view, actor, claim).id == claim
        if who != "farm":
            refused = ride.refused(lambda who=who: ride.answer(claim, who, accepts=True))
            assert refused == ("not_allowed" if sees else "not_found"), who
        if who != "neighbour":
            withdraw = lambda who=who: ride.did(withdraw_claim, claim, None, who=who)  # noqa: E731
            assert ride.refused(withdraw) == ("not_allowed" if sees else "not_found"), who
        refused = ride.refused(lambda who=who: ride.decide(claim, who=who))
        early = "answer_awaited" if who == "operator" else "not_allowed"
        assert refused == (early if sees else "not_found"), who


def test_who_receives_and_does_not_pay_reads_its_claim_without_the_amounts(town, ride):  # noqa: F811
    ride.delivered(damaged=2, condition="damaged")
    claim = ride.claim(who="restaurant")
    with town.house.desk.store.view() as view:
        row = seen_claim(view, town.actor("restaurant"), claim)
        worth = worth_of(view, row)
        told = {name: worth.is_told_to(row, town.actor(name)) for name in ("restaurant", "neighbour", "farm")}
    assert told == {"restaurant": False, "neighbour": True, "farm": True}
    assert (worth.amount_cents, worth.by_weight_cents) == (4_000, 2 * 8 * 3_300)


def test_a_photo_is_sent_before_the_claim_that_names_it_and_seen_with_it(town, ride):  # noqa: F811
    ride.delivered(damaged=2, condition="damaged")
    photo = ride.did(send_claim_photo, ride.shipment, PICTURE, who="neighbour")
    assert ride.refused(lambda: ride.claim(photo="0" * 64)) == "not_found"
    claim = ride.claim(photo=photo)
    with town.house.desk.store.view() as view:
        assert seen_claim_photo(view, town.actor("farm"), claim).digest == photo
        assert ride.refused(lambda: seen_claim_photo(view, town.actor("shop"), claim)) == "not_found"


def test_on_the_wire_a_claim_goes_from_open_to_paid_and_events_tell_no_amount(town, client, ride):  # noqa: F811
    ride.delivered(damaged=2, condition="damaged")
    wish = {"kind": "damaged", "crates": 2, "note": "Crushed"}
    path = f"/api/v1/shipments/{ride.shipment}/claims"
    opened = client.post(path, json=wish, headers=town.headers("neighbour"))
    assert opened.status_code == 201, opened.text
    claim = opened.json()
    assert (claim["amount_cents"], claim["by_weight_cents"], claim["state"]) == (4_000, 52_800, "opened")
    at = f"/api/v1/claims/{claim['id']}"
    assert client.get(at, headers=town.headers("shop")).status_code == 404
    stale = town.headers("farm") | {"If-Match": '"7"'}
    assert client.post(f"{at}/answer", json={"accepts": True}, headers=stale).status_code == 409
    headers = town.headers("farm") | {
        "If-Match": client.get(at, headers=town.headers("farm")).headers["ETag"]
    }
    paid = client.post(f"{at}/answer", json={"accepts": True}, headers=headers).json()
    assert (paid["state"], paid["amount_cents"], paid["granted_crates"]) == ("paid", 4_000, 2)
    listed = client.get("/api/v1/claims", headers=town.headers("farm")).json()["items"]
    assert [one["id"] for one in listed] == [claim["id"]]
    with town.house.desk.store.view() as view:
        told = [one for one in events_after(view, Reader(everything=True), 0, 1_000) if "claim." in one.topic]
    assert told and all("cents" not in one.facts for one in told)


def test_the_cover_terms_are_read_by_anybody_in_its_own_language(client):
    english, french = (
        client.get("/api/v1/cover-terms", headers={"Accept-Language": one}) for one in ("en", "fr")
    )
    assert english.json()["version"] == COVER_VERSION and len(english.json()["text"]) == 6
    assert english.json()["text"] != french.json()["text"]
    sources = [one.json()["by_weight"][1]["source"][:6] for one in (english, french)]
    assert sources == ["decree", "décret"]
    most = {one["regime"]: one["most_cents"] for one in english.json()["regimes"]}
    assert (most["own_account"], most["entraide"], most["transporteur"]) == (0, 100_000, 1_000_000)
