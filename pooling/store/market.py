"""Tables of the market: shipments and orders, trips with the room of each leg, bids."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Index,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    false,
)

from pooling.figures import LABOUR_PER_HOUR, RESERVED_SHARE
from pooling.store.schema import ID_LENGTH, key, link, metadata, moment, revision, whole, words

CLASSES = ("ambient", "chilled", "frozen", "kg")
"""What the room of a leg is counted in: crates per temperature class, and kilos in all."""

shipment = Table(
    "shipment",
    metadata,
    key(),
    link("shipper_id", "party"),
    link("payer_id", "party"),
    link("ordered_by_id", "party", optional=True),  # the buyer whose order it fills
    link("from_site_id", "site"),
    link("to_site_id", "site"),
    Column("day", Date, nullable=False, index=True),
    words("temperature"),
    words("goods"),  # their nature, as a waybill names it
    words("food"),  # the class that bounds their temperature (pooling.cold_chain), "" where nobody said
    whole("crates"),
    whole("kg"),
    whole("litres", default=0),
    Column(
        "tail_lift", Boolean, nullable=False, default=False, server_default=false()
    ),  # pallets, or a site that needs one
    moment("ready_at"),
    moment("pickup_by_at"),
    moment("deliver_from_at"),
    moment("deliver_by_at"),
    words("shut"),  # JSON: when nobody is there between these hours, by end; "" where somebody always is
    whole("goods_value_cents", default=0),
    whole("declared_value_cents", default=0),  # what is covered of them, see pooling.claims.cover
    # Its true price is shown to the buyer whose order it fills.
    Column("price_shared", Boolean, nullable=False, default=False, server_default=false()),
    # open | riding | aboard | delivered | failed | cancelled; of room without goods: reserved | released
    words("state", default="open"),
    words("rides_kind"),  # trip | tour | "" while nothing carries it
    words("rides_id"),
    moment("created_at"),
    revision(),
    CheckConstraint("crates > 0", name="some_crates"),
    Index("ix_shipment_payer_day", "payer_id", "day"),  # a payer's day: not the whole market's
)

order = Table(
    "purchase_order",
    metadata,
    key(),
    link("buyer_id", "party"),
    link("producer_id", "party"),
    link("to_site_id", "site"),
    words("product"),
    whole("quantity"),
    words("unit"),
    whole("price_cents"),
    moment("deliver_from_at"),
    moment("deliver_by_at"),
    words("note"),
    words("state", default="asked"),  # asked | accepted | refused | cancelled
    link("shipment_id", "shipment", optional=True),
    moment("created_at"),
    revision(),
)

trip = Table(
    "trip",
    metadata,
    key(),
    link("owner_id", "party"),
    words("driver"),
    words("regime"),
    Column("refrigerated", Boolean, nullable=False, default=False),
    Column("day", Date, nullable=False, index=True),
    words("timezone"),
    words("region"),
    moment("ends_at"),  # when the last hour of its last stop is over
    whole("detour_s"),
    whole("detour_m", optional=True),  # where the owner limits the way too
    moment("cutoff_at"),
    whole("extensions", default=0),  # how often a late bid has moved the cut-off
    whole("reserve_percent", default=RESERVED_SHARE.value),  # of its room, for goods that are named later
    Column("instant", Boolean, nullable=False, default=False),  # bids that pass are accepted at once
    # What the owner counts an hour of its detour at, and what a registered carrier asks per crate.
    whole("hour_cents", default=LABOUR_PER_HOUR.value),
    whole("asked_cents", default=0),
    words("carries"),  # the kinds of goods that may travel with it (pooling.kinds), "" for any
    # The order of the stops between its ends was found by the search.
    Column("free_order", Boolean, nullable=False, default=False, server_default=false()),
    Column("tail_lift", Boolean, nullable=False, default=False, server_default=false()),
    words("state", default="open"),  # open | frozen | under_way | done | cancelled
    words("plan"),  # JSON: the announced route and the route as committed (see desk.planbook)
    # An occurrence is known by its series and the day on which the rule put it, wherever it was moved.
    # No foreign keys: SQLite adds none to a table that stands.
    Column("series_id", String(ID_LENGTH), nullable=True),
    Column("series_day", Date, nullable=True),
    Column("detached", Boolean, nullable=False, default=False, server_default=false()),  # edited by itself
    Column("returns_id", String(ID_LENGTH), nullable=True, index=True),  # the trip whose empty way back it is
    Column("community_id", String(ID_LENGTH), nullable=True, index=True),  # for its members only
    moment("created_at"),
    revision(),
    Index("ix_trip_series_day", "series_id", "series_day", unique=True),
    Index("ix_trip_day_ends", "day", "ends_at"),  # those that drive into the next day
    Index("ix_trip_day_open", "day", "state", "cutoff_at", "revision", "created_at", "id"),  # without plans
)

trip_series = Table(
    "trip_series",
    metadata,
    key(),
    link("owner_id", "party"),
    words("timezone"),
    words("rule"),  # RFC 5545, as pooling.recurrence reads it
    Column("first_day", Date, nullable=False),
    Column("until_day", Date, nullable=True),  # cut off here by an edit or a cancellation of all that follow
    words("template"),  # JSON: what each occurrence announces, its hours on the wall
    Column("made_until_day", Date, nullable=True),  # up to here its occurrences were made
    words("state", default="open"),  # open | ended
    Column("follows_id", String(ID_LENGTH), nullable=True),  # the series that it went on from
    Column("community_id", String(ID_LENGTH), nullable=True, index=True),  # for its members only
    moment("created_at"),
    revision(),
    Index("ix_trip_series_due", "state", "made_until_day"),
)

trip_series_exception = Table(
    "trip_series_exception",
    metadata,
    link("series_id", "trip_series"),
    Column("day", Date, nullable=False),
    Column("moved_to", Date, nullable=True),  # none: left out
    words("reason"),  # JSON of the refusal, where the house could not make it
    PrimaryKeyConstraint("series_id", "day"),
)

trip_stop = Table(
    "trip_stop",
    metadata,
    link("trip_id", "trip"),
    whole("number"),
    link("site_id", "site"),
    moment("opens_at"),
    moment("closes_at"),
    # The van stays until the next stop, which is at the same site.
    Column("stands", Boolean, nullable=False, default=False, server_default=false()),
    PrimaryKeyConstraint("trip_id", "number"),
)

trip_leg = Table(
    "trip_leg",
    metadata,
    link("trip_id", "trip"),
    whole("leg"),  # between announced stops leg and leg + 1, from 0
    *(whole(f"{one}_cap") for one in CLASSES),
    *(whole(f"{one}_sold", default=0) for one in CLASSES),
    PrimaryKeyConstraint("trip_id", "leg"),
    *(CheckConstraint(f"{one}_sold <= {one}_cap AND {one}_sold >= 0", name=f"{one}_room") for one in CLASSES),
)

bid = Table(
    "bid",
    metadata,
    key(),
    link("trip_id", "trip"),
    link("shipment_id", "shipment"),
    link("payer_id", "party"),
    whole("most_cents"),
    whole("counter_cents", optional=True),
    words("state", default="open"),  # open | countered | accepted | refused | withdrawn | expired
    words("reason"),  # JSON of the refusal, where it was refused
    moment("expires_at"),
    whole("price_cents", optional=True),
    whole("owed_cents", default=0),  # what its payer owes for leaving late, or others who came for its detour
    whole("late_cents", default=0),  # how much of that by the terms, for leaving late
    whole("compensation_cents", default=0),  # what the owner owes its payer for cancelling late
    words("late_by"),  # who cancelled after the cut-off: payer | owner | ""
    moment("free_until_at", optional=True),  # until when cancelling was said to be free
    moment("sets_out_at", optional=True),  # and when the trip was said to set out
    Column("rematch", Boolean, nullable=False, default=True),  # to be matched anew where the owner cancels
    # Its payer knows that driving alone would cost less.
    Column("above_alone", Boolean, nullable=False, default=False, server_default=false()),
    whole("saved_cents", optional=True),  # what riding spares the payer, when it was last counted
    whole("detour_s", optional=True),
    moment("pickup_at", optional=True),
    moment("pickup_from_at", optional=True),  # promised hours: from … until
    moment("pickup_until_at", optional=True),
    moment("drop_at", optional=True),
    moment("drop_from_at", optional=True),
    moment("drop_until_at", optional=True),
    whole("first_leg", optional=True),
    whole("last_leg", optional=True),
    words("transfer_id"),
    words("cover_version"),  # the cover terms that were accepted with it, "" for none
    words("quote_id"),  # by which quote its price is held, "" by none
    whole("held_cents", optional=True),  # the price that it holds: it pays no more
    words("bundle_id"),  # whose bids share it are answered together; "" for a bid alone
    words("bundle_kind"),  # all (all ride or none) | any (only one of them rides) | ""
    words("message"),
    words("in_kind"),  # asked | agreed | "": in money
    moment("name_by_at", optional=True),  # of room reserved before its goods: until when they are named
    moment("named_at", optional=True),  # and when they were
    moment("created_at"),
    revision(),
    Index("ix_bid_bundle_id", "bundle_id"),
    Index("ix_bid_name_by_at", "state", "name_by_at"),  # room to be released
)

clearing = Table(
    "clearing",
    metadata,
    key(),
    link("trip_id", "trip"),
    whole("trip_revision"),  # on which it was decided
    words("bids"),  # JSON: each bid that waited, at its revision
    words("chosen"),  # JSON: the bids that ride, with what each pays
    words("reasons"),  # JSON: of each bid that does not, why
    whole("value_cents"),
    whole("bound_cents"),
    Column("exact", Boolean, nullable=False),
    # taken | proposed: of a day that was only looked at, for the trip's owner to take
    Column("state", String(20), nullable=False, default="taken", server_default="taken"),
    Column(
        "given", Text, nullable=False, default="{}", server_default="{}"
    ),  # JSON: to the day's other trips
    moment("created_at"),
)

clearing_record = Table(
    "clearing_record",
    metadata,
    key(),
    link("clearing_id", "clearing", optional=True),  # of a trip; none for a whole day's
    words("body"),  # pooling.market.clearing_record, packed; "" where it would have been too large
    words("digest"),  # SHA-256 of it as it was written
    moment("created_at"),
)

rematch = Table(
    "rematch",
    metadata,
    key(),
    link("bid_id", "bid"),  # by which it rode
    link("shipment_id", "shipment"),
    link("payer_id", "party"),
    whole("most_cents"),  # what its payer bid at most
    whole("price_cents"),  # and what it paid
    words("state", default="waiting"),  # waiting | riding | asked | stranded | settled
    whole("tried", default=0),
    words("bids"),  # JSON: the bids that were placed in its payer's name
    words("found"),  # JSON: offers that are left to its payer, and why the other rides cannot carry it
    Column("rides_id", String(ID_LENGTH), nullable=False, default=""),  # the trip or tour that carries it now
    moment("created_at"),
    moment("settled_at", optional=True),
    revision(),
    Index("ix_rematch_state", "state"),
)
