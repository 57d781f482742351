"""Lines of a day plan keep what would do for a shipment left behind"""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("day_plan_line", sa.Column("would_do", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("day_plan_line", "would_do")
