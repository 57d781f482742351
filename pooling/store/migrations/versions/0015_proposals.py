"""Proposed tours: area, open carrier and minima; what a sign-up was told of hours and price"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

ID = 40
TOLD = ("joined_cents", "told_cents", "pickup_from_at", "pickup_until_at", "drop_from_at", "drop_until_at")
MINIMA = ("minimum_shipments", "minimum_share_cents")


def upgrade() -> None:
    op.add_column("tour", sa.Column("area", sa.Text(), nullable=False, server_default=""))
    op.add_column("tour", sa.Column("carrier_open", sa.Boolean(), nullable=False, server_default=sa.false()))
    for name in MINIMA:
        op.add_column("tour", sa.Column(name, sa.BigInteger(), nullable=False, server_default="0"))
    for name in TOLD:
        op.add_column("sign_up", sa.Column(name, sa.BigInteger(), nullable=True))
    op.create_table(
        "sign_up_price",
        sa.Column("id", sa.String(length=ID), nullable=False),
        sa.Column("sign_up_id", sa.String(length=ID), nullable=False),
        sa.Column("share_cents", sa.BigInteger(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_up_price")),
        sa.ForeignKeyConstraint(
            ["sign_up_id"], ["sign_up.id"], name=op.f("fk_sign_up_price_sign_up_id_sign_up")
        ),
    )
    op.create_index(op.f("ix_sign_up_price_sign_up_id"), "sign_up_price", ["sign_up_id"])


def downgrade() -> None:
    op.drop_table("sign_up_price")
    for name in TOLD:
        op.drop_column("sign_up", name)
    for name in (*MINIMA, "carrier_open", "area"):
        op.drop_column("tour", name)
