"""Tables of trust: what parties wrote of each other after a handover, and who does not ride with whom."""

from sqlalchemy import CheckConstraint, Table, UniqueConstraint

from pooling.store.schema import key, link, metadata, moment, whole, words

review = Table(
    "review",
    metadata,
    key(),
    link("bid_id", "bid"),
    link("about_id", "party"),
    link("by_id", "party"),
    whole("stars"),
    words("note"),
    moment("created_at"),
    UniqueConstraint("bid_id", "by_id"),
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
