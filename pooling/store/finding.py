"""Tables of finding: quotes, searches that are kept, pickups asked for, what was looked for in vain."""

from sqlalchemy import Boolean, Column, Date, Index, PrimaryKeyConstraint, String, Table, false

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

saved_search = Table(
    "saved_search",
    metadata,
    key(),
    link("party_id", "party"),
    link("from_site_id", "site"),
    link("to_site_id", "site"),
    words("temperature"),
    whole("crates"),
    whole("kg", optional=True),
    whole("ready_s"),  # hours on the wall clock, seconds after midnight
    whole("pickup_by_s"),
    whole("deliver_from_s"),
    whole("deliver_by_s"),
    whole("weekdays"),  # a bit for each weekday: 1 is Monday, 64 Sunday
    Column("first_day", Date, nullable=False),
    Column("last_day", Date, nullable=False, index=True),
    whole("most_cents", optional=True),
    Column("standing_day", Date, nullable=True),  # the next day on which what stood already is to be tried
    moment("created_at"),
    revision(),
)

search_heard = Table(
    "search_heard",
    metadata,
    link("search_id", "saved_search"),
    Column("ride_id", String(40), nullable=False, index=True),  # a trip, or a tour
    moment("created_at"),
    PrimaryKeyConstraint("search_id", "ride_id"),  # told at most once
)

search_queue = Table(
    "search_queue",
    metadata,
    Column("ride_id", String(40), primary_key=True),
    words("ride_kind"),  # trip | tour
    Column("after_id", String(40), nullable=False),  # the last search that was tried
    Column("again", Boolean, nullable=False),  # something happened to it meanwhile: from the first once more
    moment("queued_at"),
)
"""Rides on which the searches that are kept are to be tried."""

pickup_ask = Table(
    "pickup_ask",
    metadata,
    key(),
    link("shipment_id", "shipment"),
    link("payer_id", "party"),
    Column("day", Date, nullable=False, index=True),
    words("state", default="asked"),  # asked | withdrawn; what became of it is told by its shipment
    whole("expected_cents", optional=True),  # what was told as it was asked, where enough parties go that way
    moment("created_at"),
    revision(),
)
"""Pickups that are to be pooled with others, for whoever plans the day."""

PRODUCT_LENGTH = 80

unmet = Table(
    "unmet",
    metadata,
    Column("area", String(120), nullable=False),
    Column("day", Date, nullable=False, index=True),
    Column("mark", String(40), nullable=False),  # by which a party's repeated search is known, not the party
    whole("searches"),
    whole("crates"),  # of the largest of its searches for this product
    Column("product", String(PRODUCT_LENGTH), nullable=False, default="", server_default=""),  # "": unknown
    # Where a buyer wanted them; else where the crates wait.
    Column("wanted", Boolean, nullable=False, default=False, server_default=false()),
    PrimaryKeyConstraint("area", "day", "mark", "product"),
)
