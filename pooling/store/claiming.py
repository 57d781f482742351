"""The table of claims: what was lost, damaged, late or warm, between which handovers, and what came of it."""

from sqlalchemy import CheckConstraint, Column, Index, String, Table

from pooling.store.schema import ID_LENGTH, key, link, metadata, moment, revision, whole, words

claim = Table(
    "claim",
    metadata,
    key(),
    link("shipment_id", "shipment"),
    words("kind"),  # missing | damaged | late | warm
    link("by_id", "party"),  # who claims
    link("payee_id", "party"),  # who is paid
    link("fault_id", "party", optional=True),  # who held the crates then; null: the record does not tell
    words("ride_kind"),  # trip | tour
    Column("ride_id", String(ID_LENGTH), nullable=False),
    words("regime"),
    Column("after_id", String(ID_LENGTH), nullable=False, default=""),  # the record by which it took them
    Column("before_id", String(ID_LENGTH), nullable=False, default=""),  # the first that shows what is wrong
    whole("crates"),  # concerned, as claimed
    words("note"),
    words("photo"),  # the SHA-256 of its bytes
    words("cover_version"),  # as it was accepted with the ride; "" for none
    whole("covered_cents"),
    whole("carriage_cents"),
    words("state", default="opened"),  # opened | with_operator | paid | refused | withdrawn
    words("answer"),  # accepted | disputed | unanswered | "" (nobody was asked)
    words("answer_note"),
    moment("answer_by_at", optional=True),
    moment("answered_at", optional=True),
    moment("decide_by_at", optional=True),
    moment("reminded_at", optional=True),  # when who is to decide was told that its time is over
    moment("decided_at", optional=True),
    words("decision_note"),
    whole("granted_crates", default=0),
    whole("paid_cents", default=0),
    moment("created_at"),
    revision(),
    CheckConstraint("crates > 0", name="some_crates"),
    CheckConstraint("granted_crates <= crates", name="no_more_than_claimed"),
    Index("ix_claim_due", "state", "answer_by_at"),
)
