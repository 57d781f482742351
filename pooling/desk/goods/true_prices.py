"""
A shipment's true price: read by who sends it or pays for it, and by its buyer where the producer wants that.

To everybody else, operators of the house among them, there is none.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Row

from pooling.costs.carbon import carbon_cents
from pooling.desk.actor import Actor
from pooling.desk.desk import Desk
from pooling.desk.goods.deposits import deposit_of
from pooling.desk.goods.ride_carbon import RideCarbon, carbon_of
from pooling.fair.share_book import kept_book
from pooling.fair.sharing import apportioned, fee_parts
from pooling.figures import WHOLESALE_WAY
from pooling.goods.true_price import TruePrice, true_price
from pooling.store import Ask, Tx, View
from pooling.store.ledger import party_account, posted_cents, transfer_state
from pooling.store.manifests import accepted_bid
from pooling.store.market import shipment
from pooling.store.plans import find_plan
from pooling.store.rows import NotFound, changed
from pooling.store.share_books import last_share_book
from pooling.store.shipments import find_shipment, seen_shipment
from pooling.store.tours import sign_ups_aboard, tours_by_id


@dataclass(frozen=True)
class GreenTerms:
    """Hold by what a house reckons: how far its lorry drives, and cents a tonne of CO2e, 0 for no price."""

    reference_m: int = WHOLESALE_WAY.value
    cents_per_tonne: int = 0


@dataclass(frozen=True)
class SeenPrice:
    """Hold a shipment's row, its price and what carrying it emits; ``mine`` tells that it may be shared."""

    row: Row[Any]
    price: TruePrice
    carbon: RideCarbon | None
    mine: bool


def seen_true_price(desk: Desk, who: Actor, shipment_id: str, terms: GreenTerms) -> SeenPrice:
    """Return what a shipment truly costs, to those who may know."""
    with desk.store.view() as view:
        row = find_shipment(view, shipment_id)
        _must_know(who, row)
        carbon = carbon_of(desk, view, row, terms.reference_m)
        carriage_cents, fee_cents = _carriage(view, row)
        deposit_cents = deposit_of(view, row)
    priced = terms.cents_per_tonne and carbon is not None
    price = true_price(
        goods_cents=row.goods_value_cents,
        carriage_cents=carriage_cents,
        fee_cents=fee_cents,
        crates=row.crates,
        deposit_cents=deposit_cents,
        carbon_cents=(
            carbon_cents(carbon.statement.own.co2_g, terms.cents_per_tonne) if carbon and priced else None
        ),
    )
    return SeenPrice(
        row, price, carbon if _sends(who, row) else _in_public(carbon), who.acts_for(row.shipper_id)
    )


def seen_carbon(desk: Desk, who: Actor, shipment_id: str, terms: GreenTerms) -> RideCarbon | None:
    """
    Return what carrying a shipment emits, to whoever may see it.

    Its buyer is not told what its payer's own van would have driven.
    """
    with desk.store.view() as view:
        row = seen_shipment(view, shipment_id)
        who.must_see("shipment", shipment_id, row.shipper_id, row.payer_id, row.ordered_by_id or "")
        carbon = carbon_of(desk, view, row, terms.reference_m)
    return carbon if _sends(who, row) or who.is_operator else _in_public(carbon)


def share_true_price(desk: Desk, who: Actor, ask: Ask, shipment_id: str, *, shared: bool) -> str:
    """Show a shipment's true price to its buyer, or no longer: its producer's wish and nobody else's."""

    def save(tx: Tx) -> str:
        row = find_shipment(tx, shipment_id)
        _must_know(who, row)
        who.must_act_for(row.shipper_id, "the shipper")
        if row.price_shared != shared:
            changed(tx, shipment, row, {"price_shared": shared})
        return shipment_id

    return desk.once(ask, save)


def knows_true_price(who: Actor, row: Row[Any]) -> bool:
    """Tell whether somebody may know what a shipment truly costs."""
    return _sends(who, row) or (row.price_shared and who.acts_for(row.ordered_by_id or ""))


def _sends(who: Actor, row: Row[Any]) -> bool:
    """Tell whether somebody sends a shipment or pays for it; a buyer that pays its carriage is its buyer."""
    pays = row.payer_id != row.ordered_by_id and who.acts_for(row.payer_id)
    return pays or who.acts_for(row.shipper_id)


def _must_know(who: Actor, row: Row[Any]) -> None:
    if not knows_true_price(who, row):
        raise NotFound(kind="shipment", id=row.id)


def _in_public(carbon: RideCarbon | None) -> RideCarbon | None:
    return replace(carbon, statement=replace(carbon.statement, alone_g=None)) if carbon else None


def _carriage(view: View, row: Row[Any]) -> tuple[int | None, int]:
    """Return what carrying a shipment costs its payer, and how much of it is the platform's fee."""
    if row.rides_kind == "trip":
        bid = accepted_bid(view, row.rides_id, row.id)
        return (_owed(view, row, bid.transfer_id, bid.price_cents) if bid else None), 0
    if row.rides_kind != "tour":
        return None, 0
    (tour,) = tours_by_id(view, [row.rides_id])
    aboard = sign_ups_aboard(view, tour.id)
    own = {one.shipment_id: one for one in aboard if one.payer_id == row.payer_id}
    shares = {shipment_id: one.share_cents or 0 for shipment_id, one in own.items()}
    if not shares.get(row.id):
        return shares.get(row.id), 0
    fee_cents = apportioned(_fee_of(view, tour, row.payer_id, aboard), shares)[row.id]
    owed_cents = _owed(view, row, own[row.id].transfer_id, shares[row.id])
    return owed_cents, fee_cents * owed_cents // shares[row.id]


def _owed(view: View, row: Row[Any], transfer_id: str, agreed_cents: int) -> int:
    """Return what is owed for a shipment: what was agreed, until it is signed for in part or in all."""
    if not transfer_id or transfer_state(view, transfer_id) == "pending":
        return agreed_cents
    return posted_cents(view, transfer_id, row.id, party_account(row.payer_id))


def _fee_of(view: View, tour: Row[Any], payer_id: str, aboard: Sequence[Row[Any]]) -> int:
    """Return how much of a payer's share of a tour is the fee: as it was kept with the shares."""
    kept = last_share_book(view, tour.id)
    line = kept_book(kept.body).of(payer_id) if kept is not None else None
    if line is not None:
        return line.fee_cents
    shares: dict[str, int] = {}
    for one in aboard:
        shares[one.payer_id] = shares.get(one.payer_id, 0) + (one.share_cents or 0)
    gap_cents = max(0, find_plan(view, tour.plan_id).cost_cents - sum(shares.values()))
    return fee_parts(tour.fee_cents, shares, gap_cents)[payer_id]
