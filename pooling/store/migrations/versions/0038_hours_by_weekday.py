"""Hours of sites by weekday, and the gaps in those of shipments; searches tried on what stands"""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

ADDED = (("site", "week"), ("shipment", "shut"))


def upgrade() -> None:
    for table, column in ADDED:
        op.add_column(table, sa.Column(column, sa.Text(), nullable=False, server_default=""))
    op.add_column("saved_search", sa.Column("standing_day", sa.Date(), nullable=True))


def downgrade() -> None:
    op.drop_column("saved_search", "standing_day")
    for table, column in ADDED:
        op.drop_column(table, column)
