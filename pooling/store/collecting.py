"""Tables of collections: lists of intermediaries, what became of each line, the places that they name."""

from sqlalchemy import Column, Date, PrimaryKeyConstraint, String, Table, UniqueConstraint

from pooling.store.schema import ID_LENGTH, key, link, metadata, moment, revision, whole, words

CALLED_LENGTH, ADDRESS_LENGTH = 120, 240

collection_file = Table(
    "collection_file",
    metadata,
    key(),
    link("intermediary_id", "party"),
    link("platform_site_id", "site", optional=True),
    whole("lines"),  # how many it holds, good and bad
    words("waiting"),  # JSON: the lines that can be read, while they wait to be taken
    words("unread"),  # JSON: columns that were left unread, each with its reason
    Column("job_id", String(ID_LENGTH), nullable=False, default=""),
    moment("created_at"),
    revision(),
)

collection_outcome = Table(
    "collection_outcome",
    metadata,
    link("file_id", "collection_file"),
    whole("line"),
    words("reference"),
    words("outcome"),  # kept | changed | unchanged | doubtful | refused
    words("faults"),  # JSON: of a refused line, each column with its reason
    PrimaryKeyConstraint("file_id", "line"),
)

collection = Table(
    "collection",
    metadata,
    key(),
    link("intermediary_id", "party"),
    link("producer_id", "party", optional=True),  # who it is collected from, where that is known here
    link("file_id", "collection_file"),
    whole("line"),
    words("reference"),
    words("producer"),
    words("pickup"),
    words("client"),
    words("drop_to"),
    Column("day", Date, nullable=False, index=True),
    moment("ready_at"),
    moment("pickup_by_at"),
    moment("deliver_from_at"),
    moment("deliver_by_at"),
    words("temperature"),
    whole("crates"),
    whole("kg"),
    whole("goods_value_cents", default=0),
    words("goods"),
    words("fingerprint"),
    link("from_site_id", "site", optional=True),
    link("to_site_id", "site", optional=True),
    words("candidates"),  # JSON: of each end that is doubtful, the places that it may be
    link("shipment_id", "shipment", optional=True),
    words("state", default="doubtful"),  # doubtful | entered | cancelled
    moment("created_at"),
    revision(),
    UniqueConstraint("intermediary_id", "reference"),
)

collection_place = Table(
    "collection_place",
    metadata,
    link("intermediary_id", "party"),
    Column("called", String(CALLED_LENGTH), nullable=False),
    Column("address", String(ADDRESS_LENGTH), nullable=False),
    link("site_id", "site"),
    PrimaryKeyConstraint("intermediary_id", "called", "address"),
)
"""Which site an address stands for: found once or chosen once, and in no directory."""
