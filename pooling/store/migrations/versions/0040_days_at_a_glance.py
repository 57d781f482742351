"""Days at a glance: what tells whether a day's trips are the same is read from their index alone."""

from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

BEFORE = ["day", "state", "cutoff_at", "revision"]


def upgrade() -> None:
    op.drop_index("ix_trip_day_open", table_name="trip")
    op.create_index("ix_trip_day_open", "trip", [*BEFORE, "created_at", "id"])


def downgrade() -> None:
    op.drop_index("ix_trip_day_open", table_name="trip")
    op.create_index("ix_trip_day_open", "trip", BEFORE)
