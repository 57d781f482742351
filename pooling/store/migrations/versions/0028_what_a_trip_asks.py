"""What a trip's owner asks, for an hour of its detour and per crate; a bid that is meant above alone"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("trip", sa.Column("hour_cents", sa.BigInteger(), nullable=False, server_default="1500"))
    op.add_column("trip", sa.Column("asked_cents", sa.BigInteger(), nullable=False, server_default="0"))
    op.add_column("bid", sa.Column("above_alone", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    op.drop_column("bid", "above_alone")
    op.drop_column("trip", "asked_cents")
    op.drop_column("trip", "hour_cents")
