"""Tables of carriers: their dossiers and papers, vehicles, rate cards, weeks, and the rounds they drive."""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    Index,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    Table,
    UniqueConstraint,
)

from pooling.store.schema import ID_LENGTH, key, link, metadata, moment, revision, whole, words

dossier = Table(
    "dossier",
    metadata,
    key(),
    link("party_id", "party"),
    words("state", default="applied"),  # applied | active | suspended
    words("note"),  # why it was suspended
    words("area"),  # GeoJSON of the service area; empty: anywhere
    whole("days_per_week", default=3),
    moment("created_at"),
    revision(),
    UniqueConstraint("party_id"),
)

paper = Table(
    "paper",
    metadata,
    key(),
    link("party_id", "party"),
    words("kind"),  # pooling.carriers.dossier.PaperKind
    words("about_id"),  # the vehicle or the member that it is of; empty: the carrier
    words("number"),
    Column("expires", Date, nullable=True, index=True),
    words("state", default="entered"),  # entered | checked | refused | waived
    words("note"),
    link("checked_by_id", "member", optional=True),
    moment("checked_at", optional=True),
    words("file_id"),  # what the carrier sent of it last, "" for nothing
    words("vetted_file_id"),  # what the operator saw as it checked or waived it
    whole("told_days", optional=True),  # of the end, told last: 30 or 7 days before, -1 when over
    moment("created_at"),
    revision(),
)

paper_file = Table(
    "paper_file",
    metadata,
    key(),
    link("paper_id", "paper"),
    words("digest"),  # the SHA-256 of its bytes
    words("media_type"),
    Column("content", LargeBinary, nullable=False),
    moment("created_at"),
)
"""Nothing here is changed; a file that was never vetted goes with its successor, one that was is kept."""

vehicle = Table(
    "vehicle",
    metadata,
    key(),
    link("party_id", "party"),
    words("plate"),
    words("name"),
    whole("ambient_crates", default=0),
    whole("chilled_crates", default=0),
    whole("frozen_crates", default=0),
    whole("ambient_litres", optional=True),  # nothing where nobody measured them
    whole("chilled_litres", optional=True),
    whole("frozen_litres", optional=True),
    whole("payload_kg"),
    Column("tail_lift", Boolean, nullable=False, default=False),
    link("start_site_id", "site"),
    link("end_site_id", "site"),
    words("profile"),  # of the road: geodata.profiles
    words("energy"),
    words("state", default="active"),  # active | retired
    moment("created_at"),
    revision(),
    UniqueConstraint("party_id", "plate"),
)

rate_card = Table(
    "rate_card",
    metadata,
    key(),
    link("party_id", "party"),
    Column("from_day", Date, nullable=False),
    Column("until_day", Date, nullable=True),
    whole("fixed_cents"),
    whole("cents_per_km"),
    whole("cents_per_hour"),
    whole("cents_per_stop"),
    whole("waiting_cents_per_hour", default=0),
    moment("created_at"),
    revision(),
)

carrier_week = Table(
    "carrier_week",
    metadata,
    link("party_id", "party"),
    Column("monday", Date, nullable=False),
    whole("days"),
    words("reason"),
    link("by_member_id", "member"),
    moment("created_at"),
    PrimaryKeyConstraint("party_id", "monday"),
)

harvest_round = Table(
    "harvest_round",
    metadata,
    key(),
    link("operator_id", "party"),
    link("carrier_id", "party"),
    words("name"),
    words("timezone"),
    Column("until_day", Date, nullable=True),
    Column("made_until_day", Date, nullable=True),
    words("state", default="open"),  # open | ended
    Column("community_id", String(ID_LENGTH), nullable=True, index=True),  # for its members only
    moment("created_at"),
    revision(),
    Index("ix_harvest_round_due", "state", "made_until_day"),
)

round_terms = Table(
    "round_terms",
    metadata,
    link("round_id", "harvest_round"),
    Column("from_day", Date, nullable=False),
    words("rule"),  # RFC 5545, counted from from_day until the next terms begin
    words("template"),  # JSON of what every occurrence is proposed with
    PrimaryKeyConstraint("round_id", "from_day"),
)

round_exception = Table(
    "round_exception",
    metadata,
    link("round_id", "harvest_round"),
    Column("day", Date, nullable=False),
    Column("moved_to", Date, nullable=True),
    words("reason"),
    PrimaryKeyConstraint("round_id", "day"),
)
