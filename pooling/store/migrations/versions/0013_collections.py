"""Collections that intermediaries order: lists, their lines, the places they name"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

ID = 40
MOMENTS = ("ready_at", "pickup_by_at", "deliver_from_at", "deliver_by_at")
LINKS = {
    "intermediary_id": "party",
    "producer_id": "party",
    "file_id": "collection_file",
    "from_site_id": "site",
    "to_site_id": "site",
    "shipment_id": "shipment",
}
NEEDED = ("intermediary_id", "file_id")
TEXTS = ("reference", "producer", "pickup", "client", "drop_to", "temperature", "fingerprint", "candidates")


def upgrade() -> None:
    _files()
    _outcomes()
    _collections()
    _places()


def downgrade() -> None:
    for table in ("collection_place", "collection", "collection_outcome", "collection_file"):
        op.drop_table(table)


def _link(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}"))


def _index(table: str, *columns: str) -> None:
    for column in columns:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def _files() -> None:
    op.create_table(
        "collection_file",
        sa.Column("id", sa.String(length=ID), nullable=False),
        sa.Column("intermediary_id", sa.String(length=ID), nullable=False),
        sa.Column("platform_site_id", sa.String(length=ID), nullable=True),
        sa.Column("lines", sa.BigInteger(), nullable=False),
        sa.Column("waiting", sa.Text(), nullable=False),
        sa.Column("unread", sa.Text(), nullable=False),
        sa.Column("job_id", sa.String(length=ID), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_collection_file")),
        _link("collection_file", "intermediary_id", "party"),
        _link("collection_file", "platform_site_id", "site"),
    )
    _index("collection_file", "intermediary_id", "platform_site_id")


def _outcomes() -> None:
    op.create_table(
        "collection_outcome",
        sa.Column("file_id", sa.String(length=ID), nullable=False),
        sa.Column("line", sa.BigInteger(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("faults", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("file_id", "line", name=op.f("pk_collection_outcome")),
        _link("collection_outcome", "file_id", "collection_file"),
    )
    _index("collection_outcome", "file_id")


def _collections() -> None:
    op.create_table(
        "collection",
        sa.Column("id", sa.String(length=ID), nullable=False),
        *(sa.Column(one, sa.String(length=ID), nullable=one not in NEEDED) for one in LINKS),
        sa.Column("line", sa.BigInteger(), nullable=False),
        *(sa.Column(one, sa.Text(), nullable=False) for one in TEXTS),
        sa.Column("day", sa.Date(), nullable=False),
        *(sa.Column(one, sa.BigInteger(), nullable=False) for one in MOMENTS),
        sa.Column("crates", sa.BigInteger(), nullable=False),
        sa.Column("kg", sa.BigInteger(), nullable=False),
        sa.Column("goods_value_cents", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_collection")),
        sa.UniqueConstraint(
            "intermediary_id", "reference", name=op.f("uq_collection_intermediary_id_reference")
        ),
        *(_link("collection", one, table) for one, table in LINKS.items()),
    )
    _index("collection", *LINKS, "day")


def _places() -> None:
    op.create_table(
        "collection_place",
        sa.Column("intermediary_id", sa.String(length=ID), nullable=False),
        sa.Column("called", sa.String(length=120), nullable=False),
        sa.Column("address", sa.String(length=240), nullable=False),
        sa.Column("site_id", sa.String(length=ID), nullable=False),
        sa.PrimaryKeyConstraint("intermediary_id", "called", "address", name=op.f("pk_collection_place")),
        _link("collection_place", "intermediary_id", "party"),
        _link("collection_place", "site_id", "site"),
    )
    _index("collection_place", "intermediary_id", "site_id")
