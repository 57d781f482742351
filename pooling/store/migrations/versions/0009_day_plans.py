"""A region's day as it was planned, with a line for each shipment"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "day_plan",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("asked_by", sa.String(40), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("suggested_at", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["asked_by"], ["member.id"], name="fk_day_plan_asked_by"),
        sa.PrimaryKeyConstraint("id", name="pk_day_plan"),
    )
    op.create_index("ix_day_plan_day", "day_plan", ["day"])
    op.create_index("ix_day_plan_asked_by", "day_plan", ["asked_by"])
    op.create_table(
        "day_plan_line",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("day_plan_id", sa.String(40), nullable=False),
        sa.Column("shipment_id", sa.String(40), nullable=False),
        sa.Column("payer_id", sa.String(40), nullable=False),
        sa.Column("tour_id", sa.Text(), nullable=False),
        sa.Column("joined", sa.Text(), nullable=False),
        sa.Column("pickup_at", sa.BigInteger(), nullable=True),
        sa.Column("drop_at", sa.BigInteger(), nullable=True),
        sa.Column("share_cents", sa.BigInteger(), nullable=True),
        sa.Column("alone_cents", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["day_plan_id"], ["day_plan.id"], name="fk_day_plan_line_day_plan_id"),
        sa.ForeignKeyConstraint(["shipment_id"], ["shipment.id"], name="fk_day_plan_line_shipment_id"),
        sa.ForeignKeyConstraint(["payer_id"], ["party.id"], name="fk_day_plan_line_payer_id"),
        sa.PrimaryKeyConstraint("id", name="pk_day_plan_line"),
    )
    for name in ("day_plan_id", "shipment_id", "payer_id"):
        op.create_index(f"ix_day_plan_line_{name}", "day_plan_line", [name])


def downgrade() -> None:
    op.drop_table("day_plan_line")
    op.drop_table("day_plan")
