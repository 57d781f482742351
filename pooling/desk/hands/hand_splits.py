"""The second tour of a split: with what it would be proposed, and how it looks before it is made."""

from types import SimpleNamespace
from typing import Any

from sqlalchemy import Row

from pooling.desk.carriers.assigning import settled
from pooling.desk.hands.hand_words import HandWords
from pooling.desk.tours.tour_words import TourWords
from pooling.store import View
from pooling.store.days import parties_by_id
from pooling.store.fleet import has_cards
from pooling.store.rows import NotFound, as_words

NOT_MADE = "tour_notmadeyet"
"""By this name goes a tour that an act would make."""

PRICES = ("fixed_cents", "cents_per_km", "cents_per_hour", "cents_per_stop", "waiting_cents_per_hour")
ROOM = ("ambient_crates", "chilled_crates", "frozen_crates", "payload_kg")


def split_words(view: View, row: Row[Any], words: HandWords, *, takes_gap: bool = True) -> TourWords:
    """
    Return a tour's words with another carrier and vehicle, as the second tour of a split is proposed.

    Only who ``takes_gap`` upon itself has it doubled, and not in silence.
    """
    carrier_id = words.carrier_id or row.carrier_id
    if carrier_id not in parties_by_id(view, [carrier_id]):
        raise NotFound(kind="party", id=carrier_id)
    by_card = carrier_id != row.carrier_id and has_cards(view, carrier_id)
    room: Any = {name: None if words.vehicle_id else getattr(row, name) for name in ROOM}
    prices: Any = {name: None if by_card else getattr(row, name) for name in PRICES}
    return TourWords(
        carrier_id=carrier_id,
        driver=words.driver or ("" if words.driver_id or carrier_id != row.carrier_id else row.driver),
        start_site_id=row.start_site_id,
        end_site_id=row.end_site_id,
        opens_at=row.opens_at,
        closes_at=row.closes_at,
        **room,
        **prices,
        crate_cents=row.crate_cents,
        fee_cents=row.fee_cents,
        gap_cents=row.gap_cents if takes_gap else 0,
        gap_party_id=row.gap_party_id if takes_gap else None,
        minimum_crates=0,
        cutoff_at=row.cutoff_at,
        vehicle_id=words.vehicle_id,
        driver_id=words.driver_id,
        ready_from_at=row.ready_from_at,
        fresh_by_at=row.fresh_by_at,
        area=row.area,
        sharing_rule=row.sharing_rule,
    )


def split_row(view: View, row: Row[Any], words: TourWords) -> Row[Any]:
    """Return the row that the second tour would have; it stands nowhere."""
    values = {**words.__dict__, **settled(view, words, row.day)}
    made: Any = SimpleNamespace(**{**as_words(row), **values, "id": NOT_MADE, "plan_id": ""})
    return made  # type: ignore[no-any-return]
