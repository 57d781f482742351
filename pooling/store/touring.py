"""Tables of tours: what was proposed, who signed up, plans, manifests, and what really happened."""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    Float,
    Index,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    Table,
    UniqueConstraint,
    false,
)

from pooling.store.schema import ID_LENGTH, key, link, metadata, moment, revision, whole, words

tour = Table(
    "tour",
    metadata,
    key(),
    link("operator_id", "party"),
    link("carrier_id", "party"),
    words("driver"),
    Column("day", Date, nullable=False, index=True),
    words("timezone"),
    words("region"),
    link("start_site_id", "site"),
    link("end_site_id", "site"),
    moment("opens_at"),
    moment("closes_at"),
    whole("ambient_crates", default=0),
    whole("chilled_crates", default=0),
    whole("frozen_crates", default=0),
    whole("payload_kg"),
    whole("fixed_cents"),
    whole("cents_per_km"),
    whole("cents_per_hour"),
    whole("cents_per_stop"),
    whole("crate_cents"),  # the most that a crate will cost whoever joins
    whole("fee_cents", default=0),
    whole("gap_cents", default=0),
    link("gap_party_id", "party", optional=True),
    Column("gap_community_id", String(ID_LENGTH), nullable=True),  # whose account takes it, if no party's
    whole("minimum_crates", default=0),
    moment("cutoff_at"),
    words(
        "state", default="proposed"
    ),  # proposed | confirmed | refused | frozen | under_way | done | cancelled
    words("reason"),  # JSON of the refusal, where it could not run
    words("plan_id"),  # the plan it stands on
    Column("vehicle_id", String(ID_LENGTH), nullable=False, default=""),  # of the carrier's fleet
    Column("driver_id", String(ID_LENGTH), nullable=False, default=""),  # the member who drives, where named
    words("substitution"),  # why another driver than the one announced drives
    Column(
        "tail_lift", Boolean, nullable=False, default=False, server_default=false()
    ),  # its vehicle has one
    words("litres"),  # JSON: of each compartment, where its vehicle has them measured
    whole("waiting_cents_per_hour", default=0),
    moment("ready_from_at", optional=True),  # no pickup before
    moment("fresh_by_at", optional=True),  # no drop after
    Column("round_id", String(ID_LENGTH), nullable=True),
    Column("round_day", Date, nullable=True),  # the day on which the rule put it
    Column("detached", Boolean, nullable=False, default=False),
    Column("community_id", String(ID_LENGTH), nullable=True, index=True),  # for its members only
    words("area"),  # JSON of pooling.tours.tour_area, where it goes to one only
    Column("carrier_open", Boolean, nullable=False, default=False),  # any vetted: chosen at the cut-off
    whole("minimum_shipments", default=0),
    whole("minimum_share_cents", default=0),
    words("sharing_rule", default="shapley"),  # of pooling.sharing_rule
    # Confirmed as soon as its minimum is reached, before the cut-off.
    Column("at_threshold", Boolean, nullable=False, default=False, server_default=false()),
    # A newcomer pays what it adds from the first sign-up on, not only once the tour is paid.
    Column("each_pays_its_way", Boolean, nullable=False, default=False, server_default=false()),
    moment("created_at"),
    revision(),
    Index("ix_tour_round", "round_id", "round_day", unique=True),
)

sign_up = Table(
    "sign_up",
    metadata,
    key(),
    link("tour_id", "tour"),
    link("shipment_id", "shipment"),
    link("payer_id", "party"),
    whole("crate_cents"),  # the price shown when it joined
    words("state", default="joined"),  # waiting | joined | riding | turned | left
    words("reason"),  # JSON of the refusal, where it waits or was turned away
    whole("share_cents", optional=True),
    whole("alone_cents", optional=True),
    whole("joined_cents", optional=True),  # its share as it was shown when it joined: it never pays more
    words("cover_version"),  # the cover terms that were accepted with it, "" for none
    whole("told_cents", optional=True),  # the least that it was told as others joined: its ceiling
    moment("pickup_at", optional=True),
    moment("drop_at", optional=True),
    moment("pickup_from_at", optional=True),  # the hours that it was told: they only narrow
    moment("pickup_until_at", optional=True),
    moment("drop_from_at", optional=True),
    moment("drop_until_at", optional=True),
    words("transfer_id"),
    moment("created_at"),
    revision(),
)

# What a sign-up was told to pay, from its joining on; nothing here is changed.
sign_up_price = Table(
    "sign_up_price",
    metadata,
    key(),
    link("sign_up_id", "sign_up"),
    whole("share_cents"),
    whole("total_cents", optional=True),  # what its payer was told for all its places on the tour
    words("why"),  # of pooling.store.proposals.Why
    moment("created_at"),
)

plan = Table(
    "plan",
    metadata,
    key(),
    words("ride_kind"),  # trip | tour
    words("ride_id"),
    whole("ride_revision"),  # the revision that it answers
    words("body"),  # JSON: routes with their sites, hours and loads
    whole("cost_cents"),
    whole("distance_m"),
    words("source"),  # insertion | search | hand
    moment("created_at"),
    UniqueConstraint("ride_kind", "ride_id", "ride_revision", "source"),
)

# What a tour's shares rest on, as they were told; only ``best`` is added later, and ``days`` followed up.
share_book = Table(
    "share_book",
    metadata,
    key(),
    link("tour_id", "tour"),
    whole("number"),  # from 1: which of its tour's books it is; the last one holds
    words("plan_id"),  # the plan whose cost is shared
    words("body"),  # JSON of pooling.fair.share_book.ShareBook
    words("best"),  # JSON of pooling.fair.share_book.BestBook, once it was searched for
    words("days"),  # the print of what its payers send and pay beside the tour that day
    moment("created_at"),
    UniqueConstraint("tour_id", "number"),
)

manifest = Table(
    "manifest",
    metadata,
    key(),
    words("ride_kind"),
    words("ride_id"),
    link("carrier_id", "party"),  # the owner of a trip, the carrier of a tour: whose drivers may see it
    Column("day", Date, nullable=False, index=True),
    words("number"),
    words("body"),  # JSON of pooling.manifest.Manifest
    words("plate"),  # of the vehicle that drives it
    whole("edition", default=1),  # raised by each repair
    words("state", default="frozen"),  # frozen | under_way | done | cancelled
    moment("created_at"),
    revision(),
    UniqueConstraint("ride_kind", "ride_id"),
)

# Every edition of a manifest that was repaired, as it was written; a manifest never repaired has none here.
manifest_edition = Table(
    "manifest_edition",
    metadata,
    key(),
    link("manifest_id", "manifest"),
    whole("edition"),
    words("number"),
    words("body"),  # JSON of pooling.manifest.Manifest, which names what it supersedes and what changed
    moment("created_at"),
    UniqueConstraint("manifest_id", "edition"),
)

# Written when a run begins, changed by nothing, kept for two years at least.
transport_paper = Table(
    "transport_paper",
    metadata,
    key(),
    link("manifest_id", "manifest"),
    link("shipment_id", "shipment"),
    words("number"),
    words("body"),  # JSON of pooling.runs.transport_paper.TransportPaper
    moment("created_at"),
    UniqueConstraint("manifest_id", "shipment_id"),
)

handover = Table(
    "handover",
    metadata,
    key(),
    link("manifest_id", "manifest"),
    link("shipment_id", "shipment"),
    whole("number"),  # from 1: its place in the chain of its shipment's records
    whole("stop"),  # the manifest's stop number; 0 where it was away from any stop
    words("way"),  # on | off | again | back | left
    words("outcome", default="done"),  # done | failed
    link("giver_id", "party"),
    link("taker_id", "party", optional=True),  # null: left with somebody who is no party
    whole("crates"),  # that changed hands
    whole("lost", default=0),
    whole("damaged", default=0),
    words("kind"),  # the crates' temperature class
    words("condition", default="good"),  # good | damaged | short | refused
    whole("temperature_tenths", optional=True),  # of a degree Celsius, as it was read
    words("receiver"),
    Column("proven", Boolean, nullable=False, default=False),  # who was there said its code
    words("photo"),  # the SHA-256 of its bytes
    words("empties"),  # JSON: empty crates taken back, or brought back, by kind
    words("reason"),
    words("next_step"),
    words("next_day"),
    words("next_with"),
    link("site_id", "site", optional=True),
    Column("lat", Float, nullable=True),
    Column("lon", Float, nullable=True),
    words("note"),
    link("member_id", "member", optional=True),
    moment("happened_at"),  # when the driver says that it happened
    moment("created_at"),
    words("corrects"),  # the record in whose place this one stands
    words("hash"),
    UniqueConstraint("shipment_id", "number"),
)
"""Nothing here is changed or removed: triggers of the database refuse it. See ``pooling.runs.chain``."""

photo = Table(
    "photo",
    metadata,
    Column("digest", String(64), primary_key=True),
    words("media_type"),
    Column("content", LargeBinary, nullable=False),
    link("by_id", "party"),  # whose driver took it
    moment("created_at"),
)

code_try = Table(
    "code_try",
    metadata,
    link("manifest_id", "manifest"),
    link("shipment_id", "shipment"),
    Column("way", String(10), nullable=False),
    Column("tried", String(64), nullable=False),  # the SHA-256 of the wrong code: once, however often sent
    moment("created_at"),
    PrimaryKeyConstraint("manifest_id", "shipment_id", "way", "tried"),
)

house_secret = Table(
    "house_secret",
    metadata,
    Column("name", String(40), primary_key=True),
    words("secret"),
)
