"""
Who may see and do what: one row per operation of the API.

A row says who may call it at all, and what somebody gets who asks about an object that is none of
its own. A test walks every operation × every role × somebody else's object through the OpenAPI
document, and fails where an operation has no row here. The page docs/rights.md is this table.
"""

from dataclasses import dataclass
from typing import Literal

Strangers = Literal["hidden", "refused", "open", "own"]
"""
What happens to whoever has no part in the object: told that there is none (404), told that it may not
(403), let in, or shown its own ones only.
"""


@dataclass(frozen=True)
class Right:
    """
    Hold one row.

    ``who`` is the sentence for people. ``anonymous`` may be called without sign-in; ``strangers``
    is what those get who have no part in the object; ``operator`` may do it for everybody;
    ``driver`` may do it with a driver's duty in the party concerned.
    """

    who: str
    strangers: Strangers
    anonymous: bool = False
    operator: bool = True
    driver: bool = False


def _anyone(who: str = "anyone") -> Right:
    return Right(who, "open", anonymous=True, driver=True)


def _members(who: str = "whoever is signed in", strangers: Strangers = "own") -> Right:
    return Right(who, strangers, driver=True)


RIGHTS: dict[str, Right] = {
    # signing in
    "ask_sign_in": _anyone(),
    "sign_up": _anyone(),
    "confirm_sign_in": _anyone("whoever holds the mailed link"),
    "tell_cost": _anyone(),
    "sign_out": _members(),
    "read_me": _members("oneself"),
    "change_me": _members("oneself"),
    "list_sessions": _members("oneself"),
    "revoke_session": Right("oneself", "hidden", operator=False, driver=True),
    # parties and people
    "found_party": _members(strangers="open"),
    "list_parties": _members("own parties; an operator sees all"),
    "read_party": Right("its members", "hidden", driver=True),
    "change_party": Right("its managers", "hidden", operator=False),
    "vet_party": Right("an operator", "refused"),
    "list_members": Right("its managers; an operator", "hidden"),
    "remove_member": Right("its managers; a member itself", "hidden", operator=False),
    "invite": Right("managers of the party, or an operator", "refused"),
    "list_invitations": _members("own invitations; an operator sees all"),
    "withdraw_invitation": Right("managers of the party, or an operator", "hidden"),
    "take_invitation": Right("the member to whose address it went", "hidden", operator=False, driver=True),
    # long work and news
    "list_jobs": _members("own jobs; an operator sees all"),
    "read_job": Right("who asked for it, and managers of its party", "hidden"),
    "cancel_job": Right("who asked for it, and managers of its party", "hidden"),
    "list_events": _members("what is told to own parties; an operator is told all"),
    "stream_events": _members("what is told to own parties; an operator is told all"),
    # money
    "list_transfers": _members("own transfers; an operator sees all"),
    "read_balances": Right("managers of the party", "hidden"),
    "read_statement": Right("managers of the party", "hidden"),
    "read_bill": Right("managers of the party", "hidden"),
    "read_bill_file": Right("managers of the party", "hidden"),
    "record_payment": Right("managers of the party that received the money", "refused", operator=False),
    "check_ledger": Right("an operator", "refused"),
    # trust
    "write_review": Right("the payer of the bid and the trip's owner", "hidden", operator=False),
    "list_reviews": _members("what own parties wrote, and what is shown of what was written of them"),
    "read_trust": _members(strangers="open"),
    "block_party": Right("managers of the party", "refused", operator=False),
    "list_blocks": _members("blocks that own parties set"),
    "lift_block": Right("managers of the party that set it", "hidden", operator=False),
    # the market
    "enter_shipment": Right("managers of the shipper and the payer", "refused", operator=False),
    "list_shipments": _members("what own parties send, pay for or ordered; an operator sees all"),
    "read_shipment": Right("its shipper, its payer, who ordered it", "hidden"),
    "list_rematches": Right("its payer", "hidden"),
    "change_shipment": Right("its shipper", "hidden", operator=False),
    "cancel_shipment": Right("its shipper", "hidden", operator=False),
    "place_order": Right("managers of the buyer", "refused", operator=False),
    "list_orders": _members("orders placed or received; an operator sees all"),
    "read_order": Right("its buyer and its producer", "hidden"),
    "accept_order": Right("its producer", "hidden", operator=False),
    "refuse_order": Right("its producer", "hidden", operator=False),
    "cancel_order": Right("its buyer", "hidden", operator=False),
    "order_collections": Right("managers of the intermediary", "refused", operator=False),
    "send_list": Right("managers of the intermediary", "refused", operator=False),
    "read_list": Right("managers of its intermediary", "hidden"),
    "list_collections": _members("collections that own parties ordered; an operator sees all"),
    "list_collected": _members("what is collected from own farms, and not where it goes"),
    "read_proofs": _members("handovers of what own parties had collected"),
    "read_collection": Right("managers of its intermediary", "hidden"),
    "choose_place": Right("managers of its intermediary", "hidden", operator=False),
    "cancel_collection": Right("managers of its intermediary", "hidden", operator=False),
    "announce_trip": Right("managers of the owner", "refused", operator=False),
    "list_trips": _members("own trips; of a day, all that are open: public facts only"),
    "read_trip": _members("whoever is signed in, while it is open: public facts only", "open"),
    "change_trip": Right("its owner", "refused", operator=False),
    "cancel_trip": Right("its owner", "refused", operator=False),
    "announce_series": Right("managers of the owner", "refused", operator=False),
    "list_series": _members("own recurring trips; an operator sees all"),
    "read_series": Right("managers of its owner", "hidden"),
    "change_series": Right("managers of its owner", "hidden", operator=False),
    "cancel_series": Right("managers of its owner", "hidden", operator=False),
    "except_series_day": Right("managers of its owner", "hidden", operator=False),
    "find_journeys": _members("whoever is signed in: public facts of open trips", "open"),
    "take_journey": Right("managers of the owner", "refused", operator=False),
    "find_offers": _members("who pays for the shipment"),
    "quote_offer": Right("who pays for the shipment", "hidden", operator=False),
    "list_quotes": _members("own quotes; an operator sees all"),
    "read_quote": Right("who pays for the shipment", "hidden"),
    "keep_search": Right("managers of the party", "refused", operator=False),
    "list_searches": _members("searches of the parties one manages"),
    "remove_search": Right("managers of its party", "hidden", operator=False),
    "list_unmet_demand": Right("an operator", "refused"),
    "place_bid": Right("who pays for the shipment", "hidden", operator=False),
    "list_bids": _members("bids placed, and those on own trips; an operator sees all"),
    "read_bid": Right("its payer and the trip's owner", "hidden"),
    "accept_bid": Right("the trip's owner", "hidden", operator=False),
    "refuse_bid": Right("the trip's owner", "hidden", operator=False),
    "counter_bid": Right("the trip's owner", "hidden", operator=False),
    "take_counter": Right("its payer", "hidden", operator=False),
    "withdraw_bid": Right("its payer", "hidden", operator=False),
    "say_nobody_came": Right("its payer", "hidden", operator=False),
    "reserve_room": Right("managers of the party that reserves", "refused", operator=False),
    "list_reservations": _members("room that own parties reserved, and on own trips; an operator sees all"),
    "read_reservation": Right("its holder and the trip's owner", "hidden"),
    "name_goods": Right("its holder", "hidden", operator=False),
    "release_room": Right("its holder", "hidden", operator=False),
    "place_bundle": Right("who pays for the shipments", "hidden", operator=False),
    "propose_clearing": Right("the trip's owner", "refused"),
    "clear_trip": Right("the trip's owner", "refused"),
    "list_clearings": Right("the trip's owner", "hidden"),
    "read_clearing": Right("the trip's owner", "hidden"),
    "clear_day": Right("an operator", "refused"),
    "plan_day": Right("an operator", "refused"),
    "list_day_plans": Right("an operator", "refused"),
    "read_day_plan": Right("an operator", "hidden"),
    "list_day_plan_shipments": Right("an operator", "hidden"),
    "suggest_tours": Right("an operator", "hidden"),
    # seeding: an operator's own secret
    "send_flows": Right("an operator, in its own name", "refused"),
    "read_flow_list": Right("the operator that sent it", "hidden"),
    "remove_flows": Right("an operator, in its own name", "refused"),
    "rank_flows": Right("an operator, in its own name", "refused"),
    "draft_tours": Right("an operator, in its own name", "refused"),
    "list_tour_drafts": Right("an operator, in its own name", "refused"),
    "read_tour_draft": Right("the operator whose flows it is made of", "hidden"),
    "propose_draft": Right("the operator whose flows it is made of", "hidden"),
    "invite_to_draft": Right("the operator whose flows it is made of", "hidden"),
    "list_draft_invitations": Right("the operator whose flows it is made of", "hidden"),
    "read_draft_invitation": Right("the operator that sent it; managers of the party invited", "hidden"),
    "remind_draft_invitation": Right("the operator that sent it", "hidden"),
    "answer_draft_invitation": Right("the operator that sent it; managers of the party invited", "hidden"),
    # places
    "enter_site": Right("managers of the party", "refused", operator=False),
    "list_sites": _members("own sites; an operator sees all"),
    "read_site": Right("members of its party", "hidden"),
    "change_site": Right("managers of its party", "hidden", operator=False),
    "search_directory": _members("whoever is signed in: names and places only", "open"),
    "find_address": _members(strangers="open"),
    # told in time
    "create_webhook": Right("managers of the party", "refused", operator=False),
    "list_webhooks": _members("webhooks of the parties one manages"),
    "remove_webhook": Right("managers of its party", "hidden", operator=False),
    "list_notices": _members("oneself"),
    "open_feed": _members("oneself"),
    "list_feeds": _members("oneself"),
    "revoke_feed": Right("oneself", "hidden", operator=False, driver=True),
    "read_calendar": _anyone("whoever holds the secret link, until it is revoked"),
    # tours
    "propose_tour": Right("an operator, in its own name", "refused"),
    "list_tours": _members("whoever is signed in: public facts", "open"),
    "read_tour": _members("whoever is signed in: public facts; its card: operator and carrier", "open"),
    "change_tour": Right("its operator", "refused"),
    "cancel_tour": Right("its operator", "refused"),
    "plan_tour": Right("its operator", "refused"),
    "list_plans": Right("its operator and its carrier", "hidden"),
    "read_plan": Right("the operator and the carrier of the tour", "hidden"),
    "join_tour": Right("managers of the party that pays for the shipment", "hidden", operator=False),
    "read_standing": Right("its operator", "refused"),
    "list_candidates": Right("its operator", "refused"),
    "read_place": Right("its payer", "hidden"),
    "list_alternatives": Right("its payer", "hidden"),
    "take_alternative": Right("its payer", "hidden", operator=False),
    "prove_shares": _members("own shares; the tour's operator sees all"),
    "list_sign_ups": _members("own sign-ups; an operator sees all"),
    "leave_tour": Right("managers of the party that pays", "hidden", operator=False),
    "read_pay": Right("its operator and its carrier", "hidden"),
    "substitute_driver": Right("its operator or its carrier", "refused"),
    "propose_round": Right("an operator, in its own name", "refused"),
    "list_rounds": _members("rounds that own parties propose or drive; an operator sees all"),
    "read_round": Right("its operator and its carrier", "hidden"),
    "change_round": Right("its operator", "hidden"),
    "end_round": Right("its operator", "hidden"),
    "except_round_day": Right("its operator", "hidden"),
    # carriers
    "apply_as_carrier": Right("managers of the carrier", "hidden", operator=False),
    "read_dossier": Right("managers of the carrier", "hidden"),
    "enter_paper": Right("managers of the carrier", "hidden", operator=False),
    "list_papers": Right("managers of the carrier", "hidden"),
    "check_paper": Right("an operator", "hidden"),
    "vet_carrier": Right("an operator", "hidden"),
    "suspend_carrier": Right("an operator", "hidden"),
    "set_area": Right("managers of the carrier", "hidden", operator=False),
    "grant_days": Right("an operator", "hidden"),
    "enter_vehicle": Right("managers of the carrier", "hidden", operator=False),
    "list_vehicles": Right("managers of the carrier", "hidden"),
    "read_vehicle": Right("managers of the carrier", "hidden"),
    "change_vehicle": Right("managers of the carrier", "hidden", operator=False),
    "enter_card": Right("managers of the carrier", "hidden", operator=False),
    "list_cards": Right("managers of the carrier", "hidden"),
    "end_card": Right("managers of the carrier", "hidden", operator=False),
    # manifests and runs
    "freeze_trip": Right("managers of its owner", "refused", operator=False),
    "freeze_tour": Right("its operator or its carrier", "refused"),
    "list_manifests": _members("own manifests, drivers' too; an operator sees all"),
    "read_manifest": Right("members of the carrier's or owner's party", "hidden", driver=True),
    "read_manifest_paper": Right("members of the carrier's or owner's party", "hidden", driver=True),
    "repair_manifest": Right(
        "late: members of the carrier's or owner's party; called off, broken down: its managers",
        "hidden",
        driver=True,
    ),
    "list_manifest_editions": Right("members of the carrier's or owner's party", "hidden", driver=True),
    "read_manifest_edition": Right("members of the carrier's or owner's party", "hidden", driver=True),
    "list_transport_papers": Right("members of the carrier's or owner's party", "hidden", driver=True),
    "name_vehicle": Right("members of the carrier's or owner's party", "hidden", driver=True),
    "begin_run": Right("members of the carrier's or owner's party", "hidden", driver=True),
    "hand_over": Right("members of the carrier's or owner's party", "hidden", driver=True),
    "read_custody": Right("its shipper, payer and receiver, the carrier of its run", "hidden", driver=True),
    "send_photo": Right("members of the carrier's or owner's party", "hidden", driver=True),
    "read_photo": Right("whoever sees the handover", "hidden", driver=True),
    "list_empties": _members("own balances; an operator sees all"),
    "pass_on": Right("members of the carrier's or owner's party", "hidden", driver=True),
    "correct_handover": Right("members of the carrier's or owner's party", "hidden", driver=True),
    "list_handovers": Right("members of the carrier's or owner's party", "hidden", driver=True),
    "end_run": Right("members of the carrier's or owner's party", "hidden", driver=True),
}
