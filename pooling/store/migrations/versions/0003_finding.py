"""Finding: quotes that hold a price"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _quotes()


def downgrade() -> None:
    with op.batch_alter_table("bid") as bid:
        bid.drop_column("held_cents")
        bid.drop_column("quote_id")
    op.drop_table("quote")


def _quotes() -> None:
    op.create_table(
        "quote",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("trip_id", sa.String(length=40), nullable=False),
        sa.Column("shipment_id", sa.String(length=40), nullable=False),
        sa.Column("payer_id", sa.String(length=40), nullable=False),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.Column("price_cents", sa.BigInteger(), nullable=False),
        sa.Column("detour_s", sa.BigInteger(), nullable=False),
        sa.Column("pickup_at", sa.BigInteger(), nullable=False),
        sa.Column("drop_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quote")),
        sa.ForeignKeyConstraint(["trip_id"], ["trip.id"], name=op.f("fk_quote_trip_id_trip")),
        sa.ForeignKeyConstraint(["shipment_id"], ["shipment.id"], name=op.f("fk_quote_shipment_id_shipment")),
        sa.ForeignKeyConstraint(["payer_id"], ["party.id"], name=op.f("fk_quote_payer_id_party")),
    )
    for column in ("trip_id", "shipment_id", "payer_id"):
        op.create_index(f"ix_quote_{column}", "quote", [column])
    op.create_index("ix_quote_payer_expires", "quote", ["payer_id", "expires_at"])
    op.add_column("bid", sa.Column("quote_id", sa.Text(), nullable=False, server_default=""))
    op.add_column("bid", sa.Column("held_cents", sa.BigInteger(), nullable=True))
