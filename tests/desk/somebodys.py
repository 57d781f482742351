"""One object of each kind, made over the API by the people of the small town: never a stranger's."""

from datetime import date

from pooling.desk.carriers.documents import send_document
from pooling.desk.market.asked_pickups import ask_for_pickup
from pooling.desk.market.clearing_trips import clear_trip
from pooling.desk.market.quotes import quote_offer
from pooling.desk.runs.repairing_runs import RepairWords, repair_manifest
from pooling.desk.tools.months import UseWords, note_tool_use
from pooling.desk.tools.owning import ToolWords, share_tool
from pooling.desk.trips.reserving import RoomWords, reserve_room
from pooling.store import touring
from pooling.store.claiming import claim
from pooling.store.custody import add_record, keep_photo
from pooling.store.ledger import Purpose, party_account, pay
from pooling.store.manifests import find_edition, find_manifest
from pooling.store.rows import added
from pooling.store.waiting import waiting
from pooling.work.jobs import enqueue
from tests.desk import broking, market, seeds
from tests.desk.carrying import INSURANCE, card, paper, van
from tests.desk.circle import closed_circle
from tests.desk.looking import kept
from tests.desk.market_wire import order_wish, series_wish, trip_wish
from tests.desk.selling import COURGETTES, ordered
from tests.desk.selling import listed as listed_goods
from tests.desk.test_rounds import proposed as round_proposed
from tests.desk.touring import day_planned, frozen, joined, proposed, row, sent
from tests.houses import MORNING
from tests.pooling.test_document import PDF


def cleared(town):
    """Clear a trip of the farm's on which one bid waits; return the record."""
    trip = market.announced(town)
    bid = market.bidden(town, trip, market.sent(town))
    return clear_trip(town.house.desk, town.actor("farm"), town.ask("farm"), trip, None, [bid])


def repaired(town, manifest_id):
    """Let the carrier say that a ride is a minute late; return the edition before."""
    words, now_at = RepairWords("late", minutes=1), town.clock.at
    town.clock.at = MORNING
    repair_manifest(town.house.desk, town.actor("carrier"), town.ask("carrier"), manifest_id, words)
    town.clock.at = now_at
    with town.house.desk.store.view() as view:
        return find_edition(view, find_manifest(view, manifest_id), 1).id


def taken(town, manifest_id, shipment_id):
    """Note that the carrier took a farm's crates; return the record."""
    words = {"way": "on", "giver_id": town.parties["farm"], "taker_id": town.parties["carrier"]}
    words |= {"manifest_id": manifest_id, "shipment_id": shipment_id, "crates": 4, "stop": 1}
    words |= {"kind": "ambient", "happened_at": town.clock.at, "photo": "0" * 64}

    def work(tx):
        keep_photo(tx, "0" * 64, "image/png", b"", town.parties["carrier"])
        return add_record(tx, **words)

    return town.house.desk.store.change(work)


def with_document(town, paper_id):
    """Send the file of a paper, as its carrier; return the paper."""
    who = town.actor("carrier"), town.ask("carrier")
    return send_document(town.house.desk, *who, paper_id, PDF)


def waited(town, manifest_id, shipment_id):
    """Note waiting by which nobody owes anything; return the note."""
    words = {"manifest_id": manifest_id, "shipment_id": shipment_id, "way": "on", "minutes": 5}
    words |= {"fault": "carrier", "note": "why", "cents": 0}
    return town.house.desk.store.change(lambda tx: added(tx, waiting, "wai", **words))


def claimed(town, shipment_id, by="farm", fault="carrier", on="trip_0"):
    """Claim for crates of one party that another held; return the claim."""
    words = {"shipment_id": shipment_id, "kind": "damaged", "crates": 1, "photo": "0" * 64}
    words |= {"by_id": town.parties[by], "payee_id": town.parties[by], "fault_id": town.parties[fault]}
    words |= {"ride_kind": "trip", "ride_id": on, "regime": "entraide", "covered_cents": 0}
    words |= {"carriage_cents": 0, "answer_by_at": town.clock.at}
    return town.house.desk.store.change(lambda tx: added(tx, claim, "clm", **words))


def owed(town):
    """Make the shop owe the farm something; return the transfer."""
    sides = [party_account(town.parties[name]) for name in ("shop", "farm")]
    about = Purpose("bid", "bid_1", "carriage")
    return town.house.desk.store.change(lambda tx: pay(tx, *sides, 900, about))


def somebodys_world(town, client):
    """
    Return the ids by the names that paths and bodies use.

    Filled in as the nouns come: what is not made here fails the walk with a ``KeyError``.
    """
    farm = town.headers("farm")
    wish = {"email": "driver@example.org", "party": town.parties["farm"], "duty": "driver"}
    job_id = town.house.desk.store.change(
        lambda tx: enqueue(
            tx, "unknown", {}, "tour", "t", town.members["farm"], party_id=town.parties["farm"]
        )
    )
    hook = {"party": town.parties["farm"], "url": "https://farm.example/events"}
    manifest_id, (aboard, _) = frozen(town)
    tour = proposed(town)
    sign_up_id = joined(town, tour, "shop", sent(town, "shop"))
    trip = client.post("/api/v1/trips", json=trip_wish(town), headers=town.headers("farm")).json()["id"]
    riding = market.sent(town)
    pair = {"party": town.parties["farm"], "other": town.parties["shop"]}
    block = client.post("/api/v1/blocks", json=pair, headers=town.headers("farm"))
    quote = quote_offer(town.house.desk, town.actor("neighbour"), town.ask("neighbour"), trip, riding)
    order = client.post("/api/v1/orders", json=order_wish(town), headers=town.headers("restaurant"))
    series = client.post("/api/v1/trip-series", json=series_wish(town), headers=town.headers("farm"))
    room = RoomWords(
        town.parties["neighbour"], town.sites["neighbour"], town.sites["restaurant"], "ambient", 2
    )
    asker, ask = town.actor("neighbour"), town.ask("neighbour")
    reserved = reserve_room(town.house.desk, asker, ask, market.announced(town), room, 5_000)
    broking.broker(town)
    listed = broking.sent(town, broking.line("A1", drop=broking.STREET))
    van_id, card_id = van(town), card(town)
    closed = closed_circle(town)
    tool_words = ToolWords("Van", "van", "", 60, 1)
    tool = share_tool(town.house.desk, town.actor("farm"), town.ask("farm"), town.parties["farm"], tool_words)
    used = UseWords(date(2026, 9, 1), 1_000)
    entry = note_tool_use(
        town.house.desk, town.actor("farm"), town.ask("farm"), tool, town.parties["farm"], used
    )
    flow_list = seeds.sent(town)
    draft = seeds.drafted(town)[0].id
    short_list, (goods,) = listed_goods(town, "farm", COURGETTES, accepts=False)
    tour_order = ordered(town, short_list, {goods: 12}, tour_id=tour)
    return closed.ids | {
        "tool_id": tool,
        "month": "2031-01",
        "entry_id": entry,
        "keeper": town.parties["farm"],
        "transfer_id": owed(town),
        "list_id": listed,
        "flow_list_id": flow_list,
        "draft_id": draft,
        "draft_invitation_id": seeds.invited(town, draft, 2, email="seed@example.org")[0],
        "collection_id": broking.stands(town, "A1").id,
        "short_list_id": short_list,
        "short_list": short_list,
        "goods_id": goods,
        "goods": goods,
        "tour_order_id": tour_order,
        "vehicle_id": van_id,
        "card_id": card_id,
        "paper_id": with_document(town, paper(town, INSURANCE)),
        "claim_id": claimed(town, aboard),
        "round_id": round_proposed(town),
        "trip_id": trip,
        "reservation_id": market.accepted(town, reserved),
        "feed_id": client.post("/api/v1/calendar-feeds", headers=town.headers("farm")).json()["id"],
        "secret": "nobodys",
        "series_id": series.json()["id"],
        "bid_id": market.bidden(town, trip, riding),
        "block_id": block.json()["id"],
        "other": town.parties["restaurant"],
        "quote_id": quote,
        "search_id": kept(town, "farm"),
        "pickup_id": ask_for_pickup(town.house.desk, asker, town.ask("neighbour"), riding),
        "clearing_id": cleared(town),
        "day_plan_id": day_planned(town),
        "order_id": order.json()["id"],
        "shipment_id": riding,
        "owner": town.parties["farm"],
        "shipper": town.parties["farm"],
        "buyer": town.parties["restaurant"],
        "producer": town.parties["farm"],
        "from_site": town.sites["farm"],
        "to_site": town.sites["restaurant"],
        "webhook_id": client.post("/api/v1/webhooks", json=hook, headers=town.headers("farm")).json()["id"],
        "operator": town.parties["operator"],
        "carrier": town.parties["carrier"],
        "start_site": town.sites["farm"],
        "end_site": town.sites["restaurant"],
        "shipment": sent(town, "farm"),
        "tour_id": tour,
        "sign_up_id": sign_up_id,
        "plan_id": row(town, touring.tour, tour).plan_id,
        "manifest_id": manifest_id,
        "handover_id": taken(town, manifest_id, aboard),
        "edition_id": repaired(town, manifest_id),
        "waiting_id": waited(town, manifest_id, aboard),
        "job_id": job_id,
        "invitation_id": client.post("/api/v1/invitations", json=wish, headers=farm).json()["id"],
        "session_id": client.get("/api/v1/sessions", headers=farm).json()["items"][0]["id"],
        "payee": town.parties["farm"],
        "payer": town.parties["shop"],
        "party": town.parties["farm"],
        "party_id": town.parties["farm"],
        "site_id": town.sites["farm"],
        "member_id": town.members["farm"],
    }
