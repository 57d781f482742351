"""Which kinds of goods may travel with a trip, and whether its stops are in free order; where a van stands"""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("trip", sa.Column("carries", sa.Text(), nullable=False, server_default=""))
    op.add_column("trip", sa.Column("free_order", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("trip_stop", sa.Column("stands", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    op.drop_column("trip_stop", "stands")
    op.drop_column("trip", "free_order")
    op.drop_column("trip", "carries")
