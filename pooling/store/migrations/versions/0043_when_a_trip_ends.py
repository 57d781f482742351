"""When the last hour of a trip ends: those that drive into the next day are found by it"""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("trip", sa.Column("ends_at", sa.BigInteger(), nullable=False, server_default="0"))
    op.execute(
        "UPDATE trip SET ends_at = coalesce("
        "(SELECT max(closes_at) FROM trip_stop WHERE trip_stop.trip_id = trip.id), 0)"
    )
    op.create_index("ix_trip_day_ends", "trip", ["day", "ends_at"])


def downgrade() -> None:
    op.drop_index("ix_trip_day_ends", table_name="trip")
    op.drop_column("trip", "ends_at")
