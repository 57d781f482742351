"""Room reserved before its goods are named"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

MOMENTS = ("name_by_at", "named_at")


def upgrade() -> None:
    for name in MOMENTS:
        op.add_column("bid", sa.Column(name, sa.BigInteger(), nullable=True))
    op.create_index("ix_bid_name_by_at", "bid", ["state", "name_by_at"])
    op.add_column("trip", sa.Column("reserve_percent", sa.BigInteger(), nullable=False, server_default="50"))


def downgrade() -> None:
    op.drop_column("trip", "reserve_percent")
    op.drop_index("ix_bid_name_by_at", table_name="bid")
    for name in reversed(MOMENTS):
        op.drop_column("bid", name)
