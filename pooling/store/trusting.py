"""Tables of trust: what was written after a handover, who was not there, and who does not ride with whom."""

from sqlalchemy import CheckConstraint, Column, String, Table, UniqueConstraint

from pooling.store.schema import ID_LENGTH, key, link, metadata, moment, whole, words

review = Table(
    "review",
    metadata,
    key(),
    link("bid_id", "bid", optional=True),  # of a ride on a trip
    link("sign_up_id", "sign_up", optional=True),  # of one on a tour
    link("about_id", "party"),
    link("by_id", "party"),
    whole("stars"),
    words("note"),
    moment("created_at"),
    UniqueConstraint("bid_id", "by_id"),
    UniqueConstraint("sign_up_id", "by_id"),
    CheckConstraint("stars BETWEEN 1 AND 5", name="one_to_five"),
)

block = Table(
    "block",
    metadata,
    key(),
    link("party_id", "party"),
    link("other_id", "party"),
    moment("created_at"),
    UniqueConstraint("party_id", "other_id"),
)

no_show = Table(
    "no_show",
    metadata,
    key(),
    words("ride_kind"),  # trip | tour
    link("shipment_id", "shipment"),
    Column("ride_id", String(ID_LENGTH), nullable=False),
    link("about_id", "party"),  # who was not there
    words("side"),  # payer: nobody was at the pickup | owner: the van did not come | called_off, left: a tour
    link("by_id", "party"),  # who says so
    moment("created_at"),
    UniqueConstraint("ride_id", "shipment_id", "side"),
)
