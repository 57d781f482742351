"""A played day as one object of plain values, for machines; its names are kept when it grows."""

from api.commands.play import Played
from api.papers import Words
from geodata.refusal import Refusal
from pooling.days.alternatives import Alternative
from pooling.days.turned import Turned
from pooling.days.worth import Participant, Totals
from pooling.days.would_do import WouldDo
from pooling.files.line import BadLine
from pooling.hours import DayClock
from pooling.ledger.settlement import Transfer
from pooling.market.award import TripBook
from pooling.pricing import shareable_cost
from pooling.tours.confirming import TourBook

Figures = dict[str, object]


def figures(played: Played, words: Words, seed: int | None = None) -> Figures:
    """Return the result of a day: cents, metres, seconds and grams as whole numbers, km and hours rounded."""
    plan = played.plan
    return {
        "schema": "carriole.day/1",
        "seed": seed,
        "date": played.day.clock.day.isoformat(),
        "region": played.day.region,
        "alone": _totals(played.worth.alone),
        "pooled": _totals(played.worth.pooled),
        "participants": [_participant(one) for one in played.worth.participants],
        "trips": [_trip(book) for book in plan.trips],
        "tours": [_tour(book) for book in plan.tours],
        "transfers": [_transfer(one) for one in played.transfers],
        "manifests": [str(path) for path in played.papers],
        "refusals": [_turned(one, played, words) for one in plan.turned],
        "unserved": list(plan.unserved),
        "bad_lines": [bad_line(one, words) for one in played.bad_lines],
        "warnings": [{"site": site, **refused(warning, words)} for site, warning in played.warnings],
        "violations": [
            {"code": v.code, "vehicle": v.vehicle, "subject": v.subject, "detail": v.detail}
            for v in plan.violations
        ],
    }


def refused(refusal: Refusal, words: Words) -> Figures:
    """Return a refusal as code, reason and cure."""
    reason, cure = words.refusal(refusal)
    besides = refusal.besides.code if refusal.besides else ""
    return {"code": refusal.code, "reason": reason, "cure": cure, "besides": besides}


def bad_line(one: BadLine, words: Words) -> Figures:
    return {"table": one.table, "line": one.line, "column": one.column, **refused(one.refusal, words)}


def _totals(totals: Totals) -> Figures:
    return {
        "vehicles": totals.vehicles,
        "km": round(totals.distance_m / 1000, 1),
        "hours": round(totals.duration_s / 3600, 2),
        "euro_cents": totals.cents,
        "co2_g": totals.co2_g,
    }


def _participant(one: Participant) -> Figures:
    return {
        "name": one.name,
        "alone_cents": one.alone_cents,
        "share_cents": one.share_cents,
        "saving_cents": one.saving_cents,
        "goods_value_cents": one.goods_value_cents,
        "above_target": one.above_target,
    }


def _trip(book: TripBook) -> Figures:
    return {
        "trip": book.trip.id,
        "owner": book.trip.owner,
        "regime": book.trip.regime.value,
        "announced_cents": book.announced_cents,
        "with_guests_cents": book.driven_cents,
        "received_cents": book.received_cents,
        "own_shipments": [shipment.id for shipment in book.own],
        "shareable_cents": shareable_cost(book.route, refrigerated=book.trip.refrigerated).total_cents,
        "guests": [
            {
                "shipment": guest.shipment.id,
                "payer": guest.shipment.payer,
                "bid_cents": guest.most_cents,
                "price_cents": guest.price_cents,
                "detour_s": guest.detour_s,
            }
            for guest in book.guests
        ],
    }


def _tour(book: TourBook) -> Figures:
    return {
        "tour": book.tour.id,
        "carrier": book.tour.carrier,
        "cost_cents": book.split.cost_cents,
        "card": {
            "fixed_cents": book.card.fixed_cents,
            "distance_cents": book.card.distance_cents,
            "time_cents": book.card.time_cents,
            "stops_cents": book.card.stops_cents,
        },
        "fee_cents": book.tour.fee_cents,
        "shares_cents": list(book.split.shares_cents.values()),
        "shares": [
            {"name": party, "share_cents": cents, "cap_cents": book.caps_cents[party]}
            for party, cents in book.split.shares_cents.items()
        ],
        "gap_cents": book.split.gap_cents,
        "gap_account": book.tour.gap_account if book.split.gap_cents else "",
        "shipments": [shipment.id for shipment in book.shipments],
    }


def _transfer(owed: Transfer) -> Figures:
    return {
        "payer": owed.payer.name,
        "payer_account": owed.payer.kind.value,
        "payee": owed.payee.name,
        "payee_account": owed.payee.kind.value,
        "cents": owed.cents,
        "why": owed.why,
    }


def _turned(one: Turned, played: Played, words: Words) -> Figures:
    clock = played.day.clock
    return {
        "about": one.about,
        "subject": one.subject,
        **refused(one.refusal, words),
        "rides_on": one.rides_on,
        "alternatives": [
            *(
                _instead(other, "ride", played.day.shipment_by_id[one.subject].load.crates, clock)
                | {"detour_s": other.detour_s, "added_cents": other.added_cents}
                for other in one.alternatives
            ),
            *(
                _instead(other, other.kind, other.crates, clock) | {"missing_cents": other.missing_cents}
                for other in one.would_do
            ),
        ],
    }


def _instead(other: Alternative | WouldDo, change: str, crates: int, clock: DayClock) -> Figures:
    return {
        "change": change,
        "ride": other.ride,
        "crates": crates,
        "collected": clock.wall(other.pickup_s),
        "handed_over": clock.wall(other.drop_s),
        "price_cents": other.price_cents,
    }
