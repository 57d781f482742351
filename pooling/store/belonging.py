"""Tables of communities: who belongs to one, links that invite, and shops that their producers keep."""

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

community = Table(
    "community",
    metadata,
    key(),
    words("name"),
    words("rules"),  # as its members read them
    whole("detour_s", optional=True),  # defaults of what is posted in it; none: the house's
    whole("target_percent", optional=True),  # logistics of the value of the goods, at most
    whole("cutoff_s", optional=True),  # so long before the first hour; none: at it
    whole("fee_cents", optional=True),
    Column("each_pays_its_way", Boolean, nullable=True),  # of its tours, from the first sign-up on
    whole("parties", default=0),  # how many belong to it: counted here, so that no two join the last place
    moment("created_at"),
    revision(),
)

community_party = Table(
    "community_party",
    metadata,
    key(),
    link("community_id", "community"),
    link("party_id", "party"),
    words("role", default="member"),  # steward | member
    words("state", default="in"),  # in | left | removed
    words("link_id"),  # by which link it came, "" who founded it
    moment("ended_at", optional=True),
    moment("created_at"),
    revision(),
    UniqueConstraint("community_id", "party_id"),
)

community_link = Table(
    "community_link",
    metadata,
    key(),
    link("community_id", "community"),
    Column("token_hash", String(64), nullable=False, unique=True),
    words("note"),  # for whom it was made, as its maker calls them
    whole("uses_limit", optional=True),  # 1: single use; none: open until its date
    whole("used", default=0),
    moment("expires_at"),
    moment("revoked_at", optional=True),
    link("by_member_id", "member"),
    moment("created_at"),
    revision(),
    CheckConstraint("uses_limit IS NULL OR used <= uses_limit", name="uses"),
)

shop = Table(
    "shop",
    metadata,
    key(),
    link("community_id", "community"),
    link("site_id", "site"),
    words("name"),
    words("timezone"),
    whole("opens_s"),  # by this hour on the wall the producer on duty is there
    words("state", default="open"),  # open | closed
    moment("created_at"),
    revision(),
)

rota_turn = Table(
    "rota_turn",
    metadata,
    key(),
    link("shop_id", "shop"),
    link("party_id", "party"),
    link("from_site_id", "site"),  # where its way to the shop begins
    words("rule"),  # RFC 5545, as pooling.recurrence reads it
    Column("first_day", Date, nullable=False),
    whole("ambient_crates", default=0),  # room in its van beside its own goods
    whole("chilled_crates", default=0),
    words("state", default="open"),  # open | ended
    moment("created_at"),
    revision(),
)

rota_day = Table(
    "rota_day",
    metadata,
    link("turn_id", "rota_turn"),
    Column("day", Date, nullable=False),
    link("turned_to_id", "rota_turn", optional=True),  # whose turn it was made by a swap; none: left out
    PrimaryKeyConstraint("turn_id", "day"),
)

rota_swap = Table(
    "rota_swap",
    metadata,
    key(),
    link("shop_id", "shop"),
    link("turn_id", "rota_turn"),  # of who asks
    Column("day", Date, nullable=False),
    link("with_turn_id", "rota_turn"),  # of who is asked
    Column("with_day", Date, nullable=True),  # which day it gives for it; none: it steps in
    words("state", default="asked"),  # asked | agreed | refused | withdrawn
    moment("created_at"),
    revision(),
)

duty_trip = Table(
    "duty_trip",
    metadata,
    link("shop_id", "shop"),
    Column("day", Date, nullable=False),
    link("party_id", "party"),  # who is on duty
    moment("told_at", optional=True),  # when it was told what way would serve its neighbours
    Column("trip_id", String(ID_LENGTH), nullable=True, index=True),  # what it posted by its own consent
    PrimaryKeyConstraint("shop_id", "day", "party_id"),
)

JOINED = Index("ix_community_party_party_state", community_party.c.party_id, community_party.c.state)
