"""Bids in bundles, with a message; cut-offs moved by late bids; records of clearings"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

WORDS = ("bundle_id", "bundle_kind", "message")


def upgrade() -> None:
    for name in WORDS:
        op.add_column("bid", sa.Column(name, sa.Text(), nullable=False, server_default=""))
    op.create_index("ix_bid_bundle_id", "bid", ["bundle_id"])
    op.add_column("trip", sa.Column("extensions", sa.BigInteger(), nullable=False, server_default="0"))
    op.create_table(
        "clearing",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("trip_id", sa.String(40), nullable=False),
        sa.Column("trip_revision", sa.BigInteger(), nullable=False),
        sa.Column("bids", sa.Text(), nullable=False),
        sa.Column("chosen", sa.Text(), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("value_cents", sa.BigInteger(), nullable=False),
        sa.Column("bound_cents", sa.BigInteger(), nullable=False),
        sa.Column("exact", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["trip_id"], ["trip.id"], name="fk_clearing_trip_id"),
        sa.PrimaryKeyConstraint("id", name="pk_clearing"),
    )
    op.create_index("ix_clearing_trip_id", "clearing", ["trip_id"])


def downgrade() -> None:
    op.drop_table("clearing")
    op.drop_column("trip", "extensions")
    op.drop_index("ix_bid_bundle_id", table_name="bid")
    for name in reversed(WORDS):
        op.drop_column("bid", name)
