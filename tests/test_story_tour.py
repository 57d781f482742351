"""
A tour as a story over HTTP: seeded, joined by eleven, moved by hand, in another van, signed and settled.

After every step nobody who joined pays more than it was told, and shares, gap and what lacks are the cost of
the tour. The same story in a closed community is told again: whoever stands outside learns nothing of it.
"""

from datetime import timedelta

import pytest
from typer.testing import CliRunner

from api.commands.cli import app
from tests.story_outside import Outsiders
from tests.story_tour import (
    CUTOFF_AT,
    ELEVEN,
    HOUR,
    LATE,
    SATURDAY,
    SATURDAY_MORNING,
    SUNDAY,
    TOO_MANY,
    Story,
    on,
)

MOST_GAP_CENTS = 500
"""What the operator takes upon itself where somebody leaves and nobody else may pay more for it."""

TEN = [name for name in ELEVEN if name != "garden"]
"""Who is aboard when the tour sets out, the late restaurant's farm apart."""


@pytest.fixture(params=["open", pytest.param("closed", marks=pytest.mark.slow)])
def story(request, tmp_path):
    told = Story(tmp_path, closed=request.param == "closed")
    yield told
    told.close()


def test_the_story_of_a_tour(story):
    outside = Outsiders(story)
    draft = seeded(story)
    invitations_go_out(story, draft)
    tour = story.proposes(draft, minimum_crates=24, gap_cents=MOST_GAP_CENTS)
    eleven_people_sign_up(story, tour)
    answers_are_tracked(story, draft)
    one_leaves(story, tour)
    the_operator_moves_by_hand(story, tour)
    a_shipment_is_moved_to_another_tour(story, tour)
    outside.learn_nothing(called=20)
    at_the_cutoff_it_is_confirmed(story, tour)
    a_late_restaurant_rides(story, tour)
    the_van_changes(story, tour)
    two_alternatives_are_taken(story, tour)
    manifest = the_manifest_is_frozen(story, tour)
    the_driver_signs_everything(story, manifest)
    everyones_statement_adds_up(story, tour)
    outside.learn_nothing(called=28)


def test_a_small_tour_in_a_closed_community_shows_nothing_to_an_outsider(tmp_path):
    story = Story(tmp_path, closed=True)
    outside, tour = Outsiders(story), _a_tour(story, SATURDAY)
    for name, to in (("farm", "shop"), ("goats", "hotel")):
        story.joins(name, tour, story.sends(name, to, 5))
        story.nobody_pays_more(tour)
    outside.learn_nothing(called=15)
    story.close()


def seeded(story):
    sent = story.sends_flows()
    assert (sent["added"], sent["faults"]) == (12, [])
    draft = story.drafts()
    assert (draft["weekday"], draft["approximate"], draft["tour"]) == (6, False, None)
    assert draft["distance_m"] < draft["alone_m"] and draft["saved_pct"] > 0
    return draft


def invitations_go_out(story, draft):
    sent = story.invites(draft)
    assert {*ELEVEN, "bakery", "kiosk"} == set(sent)
    path = story.opens_its_letter("bakery@example.org")
    assert story.answers(draft)["bakery"] == "seen"
    story.declines(path)
    told = {"answer": "declined"}
    story.does("operator", "POST", f"/draft-invitations/{sent['kiosk']}/answer", told)
    answers = story.answers(draft)
    assert {name for name, state in answers.items() if state == "declined"} == {"bakery", "kiosk"}
    assert {answers[name] for name in ELEVEN} == {"invited"}
    assert "draft.invited" in story.topics_told("orchard")


def eleven_people_sign_up(story, tour):
    """Five farms send crates of their own, six kitchens order from the lists of two of them."""
    lists = {"farm": story.opens_a_list("farm", accepts=True)}
    lists["neighbour"] = story.opens_a_list("neighbour", accepts=False)
    assert not story.reads("operator", f"/tours/{tour}/standing")["minimum_met"]
    for at, (farm, buyer) in enumerate(zip((*ELEVEN[:5], None), ELEVEN[5:], strict=True)):
        if farm is not None:
            goods = "" if farm == "garden" else "Vrxlplum"
            story.joins(farm, tour, story.sends(farm, buyer, 4, goods=goods))
            story.nobody_pays_more(tour)
        of_list, lines = lists["farm" if at % 2 else "neighbour"]
        order = story.orders(buyer, tour, of_list, lines[at % 2], 12 * 3)
        if order["state"] == "asked":
            order = story.accepts_order("neighbour", order)
        assert order["state"] == "accepted" and order["loads"]
        standing = story.nobody_pays_more(tour)
    assert {one["payer"] for one in story.told.values()} == {story.town.parties[name] for name in ELEVEN}
    assert story.falls >= 4, "the share falls as others join"
    assert (standing["shipments"], standing["minimum_met"], standing["lacking_cents"]) == (11, True, 0)


def answers_are_tracked(story, draft):
    answers = story.answers(draft)
    assert {answers[name] for name in ELEVEN} == {"joined"}
    assert "draft.joined" in story.topics_told("operator")


def one_leaves(story, tour):
    place = story.place_of("garden")
    story.does("garden", "POST", f"/sign-ups/{place['id']}/leave")
    standing = story.nobody_pays_more(tour)
    assert standing["shipments"] == len(TEN) and standing["minimum_met"]
    assert place["id"] not in story.told


def the_operator_moves_by_hand(story, tour):
    """A stop is locked, another moved to where that breaks no promise; taken back once, and done again."""
    first = story.order_of_stops(tour)[0]
    story.by_hand(tour, kind="lock", shipment=first[0], way=first[1])
    locked = story.looks(tour, kind="move", shipment=first[0], way=first[1], place=2)
    assert "hand_locked" in {one["code"] for one in locked["broken"]}
    move = _a_move_that_breaks_nothing(story, tour)
    before = story.order_of_stops(tour)
    story.by_hand(tour, **move)
    story.nobody_pays_more(tour)
    assert story.order_of_stops(tour) != before
    story.undoes(tour)
    story.nobody_pays_more(tour)
    assert story.order_of_stops(tour) == before
    story.by_hand(tour, **move)
    story.nobody_pays_more(tour)
    assert story.order_of_stops(tour)[0] == first
    done = story.reads("operator", f"/tours/{tour}/by-hand/moves")["items"]
    assert sorted(one["kind"] for one in done) == ["lock", "move", "move", "undo"]
    assert story.refused("operator", "POST", f"/tours/{tour}/by-hand", move) == "revision_needed"


def a_shipment_is_moved_to_another_tour(story, tour):
    """It rides on a second tour of the day: looked at, done, taken back, done again; then both are one."""
    before, second = story.order_of_stops(tour), _a_tour(story, SATURDAY)
    locked, free = before[0][0], before[-1][0]
    to = {"kind": "move_to", "shipment": locked, "other_tour": second}
    assert "hand_locked" in {one["code"] for one in story.looks(tour, **to)["broken"]}
    looked = story.looks(tour, **to | {"shipment": free})
    here, there = (next(one for one in looked["tours"] if one["tour"] == at) for at in (tour, second))
    assert looked["broken"] == [] and here["after"]["cost_cents"] < here["before"]["cost_cents"]
    assert there["before"]["cost_cents"] == 0 < there["after"]["cost_cents"]
    story.by_hand(tour, **to | {"shipment": free})
    assert {one for one, _ in story.order_of_stops(second)} == {free}
    assert free not in {one for one, _ in story.order_of_stops(tour)}
    story.nobody_pays_more(tour, second)
    story.undoes(second)
    assert (story.order_of_stops(tour), story.order_of_stops(second)) == (before, [])
    story.nobody_pays_more(tour, second)
    story.by_hand(tour, **to | {"shipment": free})
    story.by_hand(tour, kind="merge", other_tour=second)
    assert story.reads("operator", f"/tours/{second}")["state"] == "cancelled"
    assert story.nobody_pays_more(tour)["shipments"] == len(TEN)
    payer = next(one["payer"] for one in story.told.values() if one["shipment"] == free)
    who = next(name for name, party in story.town.parties.items() if party == payer)
    assert "tour.moved" in story.topics_told(who)


def _a_move_that_breaks_nothing(story, tour):
    """Look before: each look shows what the tour would cost, and which promises would break."""
    stops = story.order_of_stops(tour)
    for place, (shipment, way) in list(enumerate(stops, start=1))[1:-1]:
        move = {"kind": "move", "shipment": shipment, "way": way, "place": place + 1}
        answer = story.call("operator", "POST", f"/tours/{tour}/by-hand/look", move)
        if answer.status_code != 200:
            assert answer.json()["code"] == "hand_order_impossible"
            continue
        looked = answer.json()
        (shown,) = looked["tours"]
        assert shown["before"]["cost_cents"] > 0 and shown["after"]["cost_cents"] > 0
        if not looked["broken"]:
            return move
        seen = story.seen(tour)
        refused = story.refused("operator", "POST", f"/tours/{tour}/by-hand", move, headers=seen)
        assert refused == "hand_breaks_promises"
    raise AssertionError("no stop can be moved by one place")


def at_the_cutoff_it_is_confirmed(story, tour):
    story.it_is(CUTOFF_AT + 60)
    late = story.sends("herbs", "shop", 2, goods="")
    assert story.refused("herbs", "POST", f"/tours/{tour}/sign-ups", {"shipment": late}) == "cutoff_passed"
    story.does("herbs", "POST", f"/shipments/{late}/cancel")
    first = story.order_of_stops(tour)[0]
    assert story.works() >= 1
    assert story.reads("farm", f"/tours/{tour}")["state"] == "confirmed"
    standing = story.nobody_pays_more(tour)
    assert {one["state"] for one in story.told.values()} == {"riding"}
    assert (standing["shipments"], standing["lacking_cents"]) == (len(TEN), 0)
    assert story.order_of_stops(tour)[0] == first, "what was locked stays locked"
    assert "tour.confirmed" in story.topics_told("restaurant")


def a_late_restaurant_rides(story, tour):
    """It orders after the cut-off; the farm that accepts finds it a place that harms nobody."""
    (name,) = LATE
    wish = {"buyer": story.town.parties[name], "producer": story.town.parties["goats"]}
    wish |= {"to_site": story.town.sites[name], "product": "Vrxlplum", "quantity": 12, "unit": "kg"}
    wish |= {"price_cents": 4_711, "deliver_from": on(SATURDAY, 6), "deliver_by": on(SATURDAY, 15)}
    order = story.note_id("order_id", story.does(name, "POST", "/orders", wish)["id"])
    filling = {"from_site": story.town.sites["goats"], "crates": 1}
    filling |= {"ready": on(SATURDAY, 6), "pickup_by": on(SATURDAY, 11)}
    accepted = story.does("goats", "POST", f"/orders/{order}/accept", filling)
    story.joins("goats", tour, story.note_id("shipment_id", accepted["shipment"]))
    assert story.nobody_pays_more(tour)["shipments"] == len(TEN) + 1
    assert story.reads(name, f"/shipments/{accepted['shipment']}")["state"] == "riding"


def the_van_changes(story, tour):
    """Its carrier cannot come; another's van does, at the same card, and all concerned are told."""
    relief = {"kind": "van", "carrier": story.town.parties["relief"], "driver": "Qwendrin"}
    looked = story.looks(tour, **relief)
    assert looked["broken"] == [] and looked["tours"][0]["after"]["gap_cents"] <= MOST_GAP_CENTS
    story.by_hand(tour, **relief)
    story.undoes(tour)
    assert story.reads("operator", f"/tours/{tour}")["carrier"] == story.town.parties["carrier"]
    story.by_hand(tour, **relief)
    story.nobody_pays_more(tour)
    assert story.reads("farm", f"/tours/{tour}")["carrier"] == story.town.parties["relief"]
    for name in (*TEN, "carrier", "relief"):
        assert "tour.van_changed" in story.topics_told(name), name


def two_alternatives_are_taken(story, tour):
    """One had left, one asks for more room than there is: each is shown what else there is, and takes it."""
    trip = _the_dairy_drives_anyway(story)
    sunday = _a_tour(story, SUNDAY)
    left = next(one for one in story.ids["shipment_id"] if _is_open(story, "garden", one))
    many = story.sends("herbs", "hotel", TOO_MANY, goods="")
    assert story.refused("herbs", "POST", f"/tours/{tour}/sign-ups", {"shipment": many}) == "no_room"
    taken = {
        "garden": _takes(story, "garden", left, "ride", trip),
        "herbs": _takes(story, "herbs", many, "day", sunday),
    }
    assert taken["garden"]["kind"] == "bid" and taken["herbs"]["kind"] == "sign_up"
    story.note_id("bid_id", taken["garden"]["id"])
    story.note_id("sign_up_id", taken["herbs"]["id"])
    for name, shipment in (("garden", left), ("herbs", many)):
        assert story.reads(name, f"/shipments/{shipment}")["state"] == "riding"
    story.nobody_pays_more(tour)


def _is_open(story, name, shipment):
    answer = story.call(name, "GET", f"/shipments/{shipment}")
    return answer.status_code == 200 and answer.json()["state"] == "open"


def _the_dairy_drives_anyway(story):
    stops = [("dairy", 7, 8), ("restaurant", 9, 12), ("dairy", 10, 14)]
    wish = {"owner": story.town.parties["dairy"], "driver": "Qwendrin", "regime": "cotransport_agricole"}
    wish |= {"detour_min": 60, "instant": True}
    wish["stops"] = [
        {
            "site": story.town.sites[site],
            "opens": on(SATURDAY, opens),
            "closes": on(SATURDAY, closes),
            "ambient": 20,
        }
        for site, opens, closes in stops
    ]
    return story.note_id("trip_id", story.does("dairy", "POST", "/trips", story.posted(wish))["id"])


def _a_tour(story, day):
    wish = {
        "operator": story.town.parties["operator"],
        "carrier": story.town.parties["carrier"],
        "driver": "Lou",
    }
    yard = story.town.sites["carrier"]
    wish |= {"start_site": yard, "end_site": yard, "opens": on(day, 6), "closes": on(day, 16)}
    wish |= {
        "cutoff": on(day - timedelta(days=1), 20),
        "ambient_crates": 80,
        "payload_kg": 900,
        "fixed_cents": 100,
    }
    wish |= {"cents_per_km": 10, "cents_per_hour": 100, "cents_per_stop": 10, "crate_cents": 300}
    return story.note_id("tour_id", story.does("operator", "POST", "/tours", story.posted(wish))["id"])


def _takes(story, name, shipment, change, ride):
    found = story.reads(name, f"/shipments/{shipment}/alternatives")
    (way,) = [one for one in found["alternatives"] if (one["change"], one["offer"]["ride"]) == (change, ride)]
    same = {field: way[field] for field in ("crates", "ready", "pickup_by", "deliver_from", "deliver_by")}
    wish = same | {"kind": way["offer"]["kind"], "ride": ride, "most_cents": way["offer"]["price_cents"]}
    return story.does(name, "POST", f"/shipments/{shipment}/alternatives", wish)


def the_manifest_is_frozen(story, tour):
    frozen = story.does("relief", "POST", f"/tours/{tour}/freeze")
    manifest = story.note_id("manifest_id", frozen["id"])
    (one, *_) = story.told.values()
    pin = {"kind": "pin", "shipment": one["shipment"]}
    refused = story.refused("operator", "POST", f"/tours/{tour}/by-hand", pin, headers=story.seen(tour))
    assert refused == "tour_closed"
    more = story.sends("farm", "shop", 1, goods="")
    assert story.refused("farm", "POST", f"/tours/{tour}/sign-ups", {"shipment": more}) == "tour_closed"
    assert story.refused("operator", "POST", f"/tours/{tour}/plan") == "tour_closed"
    story.does("farm", "POST", f"/shipments/{more}/cancel")
    story.does("driver", "PUT", f"/manifests/{manifest}/vehicle", {"plate": "XZ-417-QJ"})
    story.it_is(SATURDAY_MORNING - HOUR)
    late = story.does("driver", "POST", f"/manifests/{manifest}/repairs", {"kind": "late", "minutes": 2})
    assert late["edition"] == 2
    return manifest


def the_driver_signs_everything(story, manifest):
    story.it_is(SATURDAY_MORNING)
    story.does("driver", "POST", f"/manifests/{manifest}/begin")
    assert story.signs_everything(manifest) == 2 * (len(TEN) + 1)
    story.clock.forward(HOUR)
    story.does("driver", "POST", f"/manifests/{manifest}/end")
    for one in story.told.values():
        who = next(name for name, party in story.town.parties.items() if party == one["payer"])
        assert story.reads(who, f"/shipments/{one['shipment']}")["state"] == "delivered"


def everyones_statement_adds_up(story, tour):
    story.it_is(SATURDAY_MORNING + 8 * HOUR)
    posted = story.transfers_of(tour, "posted")
    shares = sum(one["share_cents"] for one in story.told.values())
    assert posted["tour share"] == shares > 0
    assert shares + posted.get("tour gap", 0) == posted["tour card"] + posted.get("tour fee", 0)
    closing = {}
    for name in story.town.parties:
        statement = story.statement(name)
        lines = sum(one["cents"] for one in statement["lines"])
        assert statement["opening_cents"] + lines == statement["closing_cents"]
        closing[name] = statement["closing_cents"]
    assert sum(closing.values()) == 0
    assert closing["relief"] == posted["tour card"] and closing["carrier"] == 0
    checked = story.reads("operator", "/ledger/check")
    assert (checked["sum_cents"], checked["unbalanced"]) == (0, 0)
    environment = {"CARRIOLE_STATE": str(story.folder), "DATABASE_URL": "", "DATABASE_URL_FILE": ""}
    assert CliRunner().invoke(app, ["ledger", "check"], env=environment).exit_code == 0
