"""Tables of the house itself: money, jobs, what people are told, and what was asked before."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Float,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    UniqueConstraint,
)

from pooling.store.schema import key, link, metadata, moment, revision, whole, words

transfer = Table(
    "transfer",
    metadata,
    key(),
    words("kind"),  # pending | posted | voided | expired
    Column("pending_id", String(40), nullable=True),  # the pending transfer that this one settles
    Column("payer", String(60), nullable=False, index=True),  # ledger account
    Column("payee", String(60), nullable=False, index=True),
    whole("cents"),
    words("about_kind"),
    words("about_id"),
    words("why"),
    moment("created_at"),
    UniqueConstraint("pending_id"),
    CheckConstraint("cents > 0", name="some_cents"),
    CheckConstraint("payer <> payee", name="two_sides"),
)

entry = Table(
    "entry",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    link("transfer_id", "transfer"),
    words("layer"),  # pending | posted
    Column("account", String(60), nullable=False, index=True),
    whole("cents"),  # what the account receives; below 0 what it gives
)

job = Table(
    "job",
    metadata,
    key(),
    words("kind"),
    words("arguments"),  # JSON
    words("about_kind"),
    words("about_id"),
    link("asked_by", "member", optional=True),
    link("party_id", "party", optional=True),  # whose managers may read and cancel it
    words("state", default="queued"),  # queued | running | done | failed | cancelled
    words("step"),
    Column("progress", Float, nullable=False, default=0.0),  # 0 to 1
    whole("attempt", default=0),
    whole("attempts_limit", default=3),
    words("lease_holder"),
    moment("lease_until_at", optional=True),
    moment("runs_from_at"),
    Column("cancel_asked", Boolean, nullable=False, default=False),
    words("result"),  # JSON
    words("reason"),  # JSON of the refusal, or what went wrong
    moment("created_at"),
    moment("ended_at", optional=True),
    revision(),
    Index("ix_job_waiting", "state", "runs_from_at"),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    words("topic"),  # bid.accepted, tour.confirmed …
    words("about_kind"),
    Column("about_id", String(60), nullable=False, index=True),
    words("facts"),  # JSON
    words("by_member_id"),  # who did it: is not mailed what it did itself; never shown
    moment("created_at"),
    sqlite_autoincrement=True,
)

outbox_party = Table(
    "outbox_party",
    metadata,
    Column("party_id", String(40), nullable=False),
    Column("outbox_id", BigInteger, nullable=False),
    PrimaryKeyConstraint("party_id", "outbox_id"),
    Index("ix_outbox_party_outbox_id", "outbox_id"),
)

idempotency = Table(
    "idempotency",
    metadata,
    Column("member_id", String(40), nullable=False),
    Column("key", String(80), nullable=False),
    words("fingerprint"),
    words("subject_id"),
    moment("created_at"),
    PrimaryKeyConstraint("member_id", "key"),
)

webhook = Table(
    "webhook",
    metadata,
    key(),
    link("party_id", "party"),
    words("url"),
    words("secret"),
    words("carries", default="events"),  # events | manifests: of a partner carrier, whose events come back
    Column("member_id", String(40), nullable=False, default=""),  # who connected it
    Column("active", Boolean, nullable=False, default=True),
    moment("created_at"),
    revision(),
)

notice = Table(
    "notice",
    metadata,
    key(),
    whole("outbox_id"),
    words("channel"),  # mail | webhook
    words("target_id"),  # member or webhook
    words("state", default="waiting"),  # waiting | sent | dropped
    whole("attempt", default=0),
    words("letter_id"),  # the mail that tells of it, once one was begun
    moment("due_at"),
    moment("sent_at", optional=True),
    words("reason"),
    moment("created_at"),
    UniqueConstraint("outbox_id", "channel", "target_id"),
    Index("ix_notice_due", "state", "due_at"),
)

cursor = Table(
    "cursor",
    metadata,
    Column("name", String(40), primary_key=True),
    whole("outbox_id"),
)
"""How far each reader of the outbox has come (the one that writes notices)."""
