"""Tables of people: members, the parties they act for, how they sign in, where crates are handed over."""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    Float,
    PrimaryKeyConstraint,
    String,
    Table,
    UniqueConstraint,
    false,
)

from pooling.store.schema import key, link, metadata, moment, revision, whole, words

party = Table(
    "party",
    metadata,
    key(),
    words("name"),
    words("role"),
    words("group_name"),
    words("group_confirmed_by_id"),  # the party that confirmed that it belongs there
    moment("group_confirmed_at", optional=True),  # none: it only says so
    Column("farm_waits", Boolean, nullable=False, default=False),  # a member says so, no operator yet
    words("farm_confirmed_by_id"),
    moment("farm_confirmed_at", optional=True),
    Column("vetted", Boolean, nullable=False, default=False),
    words("licence"),
    Column("licence_until", Date, nullable=True),
    words("address"),  # of its seat, as papers name it
    words("siren"),
    words("language", default="fr"),
    moment("created_at"),
    revision(),
)

member = Table(
    "member",
    metadata,
    key(),
    Column("email", String(254), nullable=False, unique=True),
    words("name"),
    words("language", default="fr"),
    Column("mail_on", Boolean, nullable=False, default=True),
    whole("quiet_from_s", default=22 * 3600),
    whole("quiet_until_s", default=6 * 3600),
    words("unsubscribe_token"),
    moment("created_at"),
    revision(),
)

membership = Table(
    "membership",
    metadata,
    link("member_id", "member"),
    link("party_id", "party"),
    words("duty", default="manager"),  # manager | driver: a driver sees its manifests and nothing more
    moment("created_at"),
    PrimaryKeyConstraint("member_id", "party_id"),
)

invitation = Table(
    "invitation",
    metadata,
    key(),
    link("party_id", "party", optional=True),
    Column("email", String(254), nullable=False, index=True),
    words("role"),
    words("party_name"),
    words("duty", default="manager"),
    words("language", default="fr"),
    link("invited_by", "member", optional=True),
    words("state", default="open"),  # open | taken | withdrawn
    moment("expires_at"),
    moment("created_at"),
    revision(),
)

sign_in_link = Table(
    "sign_in_link",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("email", String(254), nullable=False, index=True),
    link("invitation_id", "invitation", optional=True),
    words("name"),  # of who signs itself up, with the party that it then founds
    words("language"),
    words("party_name"),
    words("role"),
    moment("expires_at"),
    moment("used_at", optional=True),
    moment("created_at"),
)

session = Table(
    "session",
    metadata,
    key(),
    Column("token_hash", String(64), nullable=False, unique=True),
    link("member_id", "member"),
    words("agent"),
    moment("created_at"),
    moment("seen_at"),
    moment("expires_at"),
    moment("revoked_at", optional=True),
)

calendar_feed = Table(
    "calendar_feed",
    metadata,
    key(),
    link("member_id", "member"),
    Column("token_hash", String(64), nullable=False, unique=True),
    moment("created_at"),
    moment("revoked_at", optional=True),
)

site = Table(
    "site",
    metadata,
    key(),
    link("party_id", "party"),
    words("name"),
    Column("lat", Float, nullable=False),
    Column("lon", Float, nullable=False),
    whole("opens_s", default=0),
    whole("closes_s", default=24 * 3600),
    words("week"),  # the hours by weekday (pooling.week), "" where they are the same every day
    words("note"),
    words("address"),  # postal, in full, as papers name it
    words("contact"),  # whom a driver asks for, and under which number: for those who carry there
    words("phone"),
    whole("hub_ambient", default=0),  # crates of others that it keeps in a day; 0 of each: it is no hub
    whole("hub_chilled", default=0),
    whole("hub_frozen", default=0),
    Column(
        "tail_lift", Boolean, nullable=False, default=False, server_default=false()
    ),  # nothing goes on or off there without
    moment("created_at"),
    revision(),
    UniqueConstraint("party_id", "name"),
)
