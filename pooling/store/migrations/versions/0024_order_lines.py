"""One line of an order may be left out"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("tour_order_line", sa.Column("state", sa.Text(), nullable=False, server_default="open"))


def downgrade() -> None:
    with op.batch_alter_table("tour_order_line") as table:
        table.drop_column("state")
