"""Tables of finding: quotes, which hold a price for a while."""

from sqlalchemy import Index, Table

from pooling.store.schema import key, link, metadata, moment, revision, whole, words

quote = Table(
    "quote",
    metadata,
    key(),
    link("trip_id", "trip"),
    link("shipment_id", "shipment"),
    link("payer_id", "party"),
    words("asked"),  # what was quoted: the crates, their ends and hours as they then were
    whole("price_cents"),
    whole("detour_s"),
    moment("pickup_at"),
    moment("drop_at"),
    moment("expires_at"),
    moment("created_at"),
    revision(),
    Index("ix_quote_payer_expires", "payer_id", "expires_at"),
)
