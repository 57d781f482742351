"""Which kinds of goods may travel with a trip"""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("trip", sa.Column("carries", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("trip", "carries")
