"""Hours of sites by weekday; when nobody is there between the hours of a shipment"""

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


def downgrade() -> None:
    for table, column in ADDED:
        op.drop_column(table, column)
