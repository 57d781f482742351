"""Tables of selling: producers' short lists of goods, files of them, orders from them for a tour."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Index,
    PrimaryKeyConstraint,
    String,
    Table,
    UniqueConstraint,
)

from pooling.store.schema import ID_LENGTH, key, link, metadata, moment, revision, whole, words

REFERENCE_LENGTH = 80

short_list = Table(
    "short_list",
    metadata,
    key(),
    link("producer_id", "party"),
    words("name"),
    link("site_id", "site"),  # where its goods are collected
    whole("ready_s"),  # from this hour on the wall
    whole("collect_by_s"),
    words("carriage", default="producer"),  # producer | buyer: who pays for it
    Column("accepts", Boolean, nullable=False, default=False),  # orders from it stand at once
    # No foreign key: a round is found by its id wherever it is asked for.
    Column("round_id", String(ID_LENGTH), nullable=True, index=True),
    words("state", default="open"),  # open | withdrawn
    moment("created_at"),
    revision(),
)

goods = Table(
    "goods",
    metadata,
    key(),
    link("list_id", "short_list"),
    Column("reference", String(REFERENCE_LENGTH), nullable=False),  # by which a file knows it again
    words("product"),
    words("unit"),
    whole("price_cents"),  # for one unit
    whole("least"),  # units in one order
    whole("available", optional=True),  # units, from said_at on; null: enough
    whole("units_per_crate"),
    whole("kg_per_crate"),
    words("temperature"),
    words("food"),
    Column("from_day", Date, nullable=True),
    Column("until_day", Date, nullable=True),
    moment("said_at"),  # when its quantity was said: what was ordered since comes off it
    words("state", default="open"),  # open | withdrawn
    moment("created_at"),
    revision(),
    UniqueConstraint("list_id", "reference"),
    CheckConstraint("least > 0 AND units_per_crate > 0", name="some_units"),
)

goods_file = Table(
    "goods_file",
    metadata,
    key(),
    link("list_id", "short_list"),
    words("outcome"),  # JSON: how many were kept, changed and stand as before; what is wrong with the others
    moment("created_at"),
    revision(),
)

tour_order = Table(
    "tour_order",
    metadata,
    key(),
    link("buyer_id", "party"),
    link("producer_id", "party"),
    link("payer_id", "party"),  # of the carriage; the goods are paid between the two
    link("list_id", "short_list"),
    link("tour_id", "tour"),
    link("from_site_id", "site"),
    link("to_site_id", "site"),
    Column("day", Date, nullable=False),
    moment("ready_at"),
    moment("pickup_by_at"),
    moment("deliver_from_at"),
    moment("deliver_by_at"),
    whole("price_cents"),  # of the goods
    whole("crate_cents"),  # the most that a crate was said to cost
    words("note"),
    words("state", default="asked"),  # asked | accepted | refused | cancelled | lapsed
    moment("created_at"),
    revision(),
    Index("ix_tour_order_state", "state"),
)

tour_order_line = Table(
    "tour_order_line",
    metadata,
    link("order_id", "tour_order"),
    whole("number"),
    link("goods_id", "goods"),
    words("product"),
    words("unit"),
    whole("quantity"),
    whole("price_cents"),  # for one unit, as it was when it was ordered
    whole("crates"),
    whole("kg"),
    words("temperature"),
    words("food"),
    words("state", default="open"),  # open | withdrawn: left out before the cut-off
    PrimaryKeyConstraint("order_id", "number"),
)

tour_order_load = Table(
    "tour_order_load",
    metadata,
    link("order_id", "tour_order"),
    link("shipment_id", "shipment"),
    PrimaryKeyConstraint("order_id", "shipment_id"),
)
"""The shipments that fill an order: one for each class of temperature and food."""
