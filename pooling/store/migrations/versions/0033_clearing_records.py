"""What each clearing was decided on, whole; tours that are confirmed at their threshold"""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "clearing_record",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("clearing_id", sa.String(40), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["clearing_id"], ["clearing.id"], name="fk_clearing_record_clearing_id"),
        sa.PrimaryKeyConstraint("id", name="pk_clearing_record"),
    )
    op.create_index("ix_clearing_record_clearing_id", "clearing_record", ["clearing_id"])
    op.add_column("tour", sa.Column("at_threshold", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    op.drop_column("tour", "at_threshold")
    op.drop_table("clearing_record")
