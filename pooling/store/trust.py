"""Trust in the store: what was counted of a party, reviews, and pairs that do not ride together."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import BindParameter, Row, and_, bindparam, case, delete, exists, func, or_, select

from pooling.figures import ADDED_DELAY
from pooling.people.trust import BLIND_S, PAST_DAYS, Record
from pooling.store.claims import claims_against
from pooling.store.custody import corrected_ids
from pooling.store.market import bid, trip
from pooling.store.reading import read_rows
from pooling.store.rows import Page, found, paged
from pooling.store.touring import handover, manifest, sign_up
from pooling.store.transaction import Tx, View
from pooling.store.trusting import block, no_show, review

_OTHER = review.alias("other")
_SHOWN_BY = (_OTHER.c.bid_id == review.c.bid_id) & (_OTHER.c.by_id == review.c.about_id)
"""Only a ride on a trip has two who write; what is written of a tour waits its fortnight."""

_IDS: BindParameter[str] = bindparam("ids", expanding=True)
_BLOCKED_WITH = select(block.c.party_id, block.c.other_id).where(
    or_(block.c.party_id.in_(_IDS), block.c.other_id.in_(_IDS))
)


def record_of(view: View, party_id: str) -> Record:
    """Count what is known of a party's past year: as who drove, who was asked, and who was written of."""
    since_at = view.now_at - PAST_DAYS * 86_400
    timed, punctual, dropped, whole = _handovers(view, party_id, since_at)
    asked, answered = _answers(view, party_id, since_at)
    reviews, stars = _reviews(view, party_id, since_at)
    seen = (timed, punctual, dropped, whole, asked, answered, reviews, stars)
    away = *_not_there(view, party_id, since_at), *_late(view, party_id, since_at)
    return Record(*seen, *away, *claims_against(view, party_id, since_at))


def _not_there(view: View, party_id: str, since_at: int) -> tuple[int, int]:
    """
    Count the pickups at which nobody was, with its crates or with its van.

    That a van did not come counts only while no driver has noted anything of the pickup.
    """
    noted = exists(
        select(handover.c.id)
        .join(manifest, manifest.c.id == handover.c.manifest_id)
        .where(
            manifest.c.ride_id == no_show.c.ride_id,
            handover.c.shipment_id == no_show.c.shipment_id,
            handover.c.way == "on",
        )
    )
    query = select(_count(no_show.c.side == "payer"), _count(and_(no_show.c.side == "owner", ~noted))).where(
        no_show.c.about_id == party_id, no_show.c.created_at >= since_at
    )
    sending, driving = view.connection.execute(query).one()
    return int(sending or 0), int(driving or 0)


def _late(view: View, party_id: str, since_at: int) -> tuple[int, int]:
    """
    Count the rides that a party cancelled after their cut-off, of its own crates or of its guests'.

    What was called off a frozen tour, by payer or carrier, is counted with them: who rides is settled.
    """
    mine = and_(bid.c.payer_id == party_id, bid.c.late_by == "payer")
    guests = and_(trip.c.owner_id == party_id, bid.c.late_by == "owner")
    query = (
        select(_count(mine), _count(guests))
        .join(trip, trip.c.id == bid.c.trip_id)
        .where(or_(mine, guests), bid.c.created_at >= since_at)
    )
    sending, driving = view.connection.execute(query).one()
    off = select(_count(no_show.c.side == "left"), _count(no_show.c.side == "called_off")).where(
        no_show.c.about_id == party_id, no_show.c.created_at >= since_at
    )
    left, called_off = view.connection.execute(off).one()
    return int(sending or 0) + int(left or 0), int(driving or 0) + int(called_off or 0)


def no_show_of(view: View, ride_id: str, shipment_id: str, side: str) -> Row[Any] | None:
    """Return the word on one side's not being there, if there is one."""
    its = (no_show.c.ride_id == ride_id, no_show.c.shipment_id == shipment_id, no_show.c.side == side)
    return view.connection.execute(select(no_show).where(*its)).one_or_none()


def pickup_noted(view: View, ride_id: str, shipment_id: str) -> bool:
    """Tell whether a driver has noted what happened at a shipment's pickup."""
    query = (
        select(handover.c.id)
        .join(manifest, manifest.c.id == handover.c.manifest_id)
        .where(
            manifest.c.ride_id == ride_id,
            handover.c.shipment_id == shipment_id,
            handover.c.way == "on",
        )
    )
    return view.connection.execute(query).first() is not None


def _handovers(view: View, party_id: str, since_at: int) -> tuple[int, int, int, int]:
    promised = case(
        (
            handover.c.way == "on",
            func.coalesce(bid.c.pickup_until_at, sign_up.c.pickup_at + ADDED_DELAY.value),
        ),
        else_=func.coalesce(bid.c.drop_until_at, sign_up.c.drop_at + ADDED_DELAY.value),
    )
    timed = and_(handover.c.outcome == "done", promised.is_not(None))
    dropped = and_(handover.c.outcome == "done", handover.c.way == "off")
    on_trip = and_(
        manifest.c.ride_kind == "trip",
        bid.c.trip_id == manifest.c.ride_id,
        bid.c.shipment_id == handover.c.shipment_id,
        bid.c.state == "accepted",
    )
    on_tour = and_(
        manifest.c.ride_kind == "tour",
        sign_up.c.tour_id == manifest.c.ride_id,
        sign_up.c.shipment_id == handover.c.shipment_id,
        sign_up.c.state == "riding",
    )
    query = (
        select(
            _count(timed),
            _count(and_(timed, handover.c.happened_at <= promised)),
            _count(dropped),
            _count(and_(dropped, handover.c.condition == "good")),
        )
        .select_from(handover)
        .join(manifest, manifest.c.id == handover.c.manifest_id)
        .outerjoin(bid, on_trip)
        .outerjoin(sign_up, on_tour)
        .where(
            manifest.c.carrier_id == party_id,
            handover.c.happened_at >= since_at,
            handover.c.way.in_(("on", "off")),
            handover.c.id.not_in(corrected_ids()),
        )
    )
    return tuple(int(one or 0) for one in view.connection.execute(query).one())  # type: ignore[return-value]


def _answers(view: View, party_id: str, since_at: int) -> tuple[int, int]:
    """Count the bids on a party's trips that waited for it, and those that it answered in time."""
    answered = or_(bid.c.state.in_(("accepted", "refused")), bid.c.counter_cents.is_not(None))
    query = (
        select(_count(or_(answered, bid.c.state == "expired")), _count(answered))
        .join(trip, trip.c.id == bid.c.trip_id)
        .where(trip.c.owner_id == party_id, trip.c.instant.is_(False), bid.c.created_at >= since_at)
    )
    asked, good = view.connection.execute(query).one()
    return int(asked or 0), int(good or 0)


def _reviews(view: View, party_id: str, since_at: int) -> tuple[int, int]:
    query = select(func.count(), func.sum(review.c.stars)).where(
        review.c.about_id == party_id, review.c.created_at >= since_at, _shown(view)
    )
    reviews, stars = view.connection.execute(query).one()
    return int(reviews), int(stars or 0)


def _shown(view: View) -> Any:  # noqa: ANN401 - a condition of the database
    both = exists(select(_OTHER.c.id).where(_SHOWN_BY))
    return or_(both, review.c.created_at <= view.now_at - BLIND_S)


def _count(condition: Any) -> Any:  # noqa: ANN401 - a condition of the database
    return func.sum(case((condition, 1), else_=0))


def find_review(view: View, review_id: str) -> Row[Any]:
    return found(view, review, review_id)


def review_by(view: View, bid_id: str, party_id: str) -> Row[Any] | None:
    query = select(review).where(review.c.bid_id == bid_id, review.c.by_id == party_id)
    return view.connection.execute(query).one_or_none()


def review_of_place(view: View, sign_up_id: str, party_id: str) -> Row[Any] | None:
    """Return what a party wrote of a place on a tour."""
    query = select(review).where(review.c.sign_up_id == sign_up_id, review.c.by_id == party_id)
    return view.connection.execute(query).one_or_none()


def list_reviews(view: View, party_ids: Iterable[str] | None, page: Page) -> tuple[Sequence[Row[Any]], str]:
    """List what these parties wrote, and what was written of them as far as it is shown."""
    query = select(review)
    if party_ids is not None:
        known = list(party_ids)
        query = query.where(or_(review.c.by_id.in_(known), and_(review.c.about_id.in_(known), _shown(view))))
    return paged(view, query, review, page)


def last_handover(view: View, ride_kind: str, ride_id: str, shipment_id: str) -> int | None:
    """Return when a shipment was last handed over on a trip or tour."""
    query = (
        select(func.max(handover.c.created_at))
        .join(manifest, manifest.c.id == handover.c.manifest_id)
        .where(
            manifest.c.ride_kind == ride_kind,
            manifest.c.ride_id == ride_id,
            handover.c.shipment_id == shipment_id,
            handover.c.outcome == "done",
            handover.c.id.not_in(corrected_ids()),
        )
    )
    moment_at = view.connection.execute(query).scalar()
    return None if moment_at is None else int(moment_at)


def blocked_with(view: View, party_ids: Iterable[str]) -> frozenset[str]:
    """Return who does not ride with these parties, whichever of the two said so."""
    asked = tuple(party_ids)
    if view.known is not None and asked in view.known.blocked:
        return view.known.blocked[asked]
    pairs = read_rows(view, _BLOCKED_WITH, {"ids": list(asked)})
    found = frozenset(one for pair in pairs for one in pair if one not in asked)
    if view.known is not None:
        view.known.blocked[asked] = found
    return found


def find_block(view: View, block_id: str) -> Row[Any]:
    return found(view, block, block_id)


def block_of(view: View, party_id: str, other_id: str) -> Row[Any] | None:
    query = select(block).where(block.c.party_id == party_id, block.c.other_id == other_id)
    return view.connection.execute(query).one_or_none()


def count_blocks(view: View, party_id: str) -> int:
    query = select(func.count()).where(block.c.party_id == party_id)
    return int(view.connection.execute(query).scalar_one())


def list_blocks(view: View, party_ids: Iterable[str], page: Page) -> tuple[Sequence[Row[Any]], str]:
    """List the blocks that these parties set: nobody reads who blocked it."""
    return paged(view, select(block).where(block.c.party_id.in_(list(party_ids))), block, page)


def remove_block(tx: Tx, block_id: str) -> None:
    tx.connection.execute(delete(block).where(block.c.id == block_id))
