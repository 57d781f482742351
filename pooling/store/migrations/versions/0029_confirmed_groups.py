"""Whether a party belongs to its group, and is a farm, is confirmed by others"""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

WORDS = ("group_confirmed_by_id", "farm_confirmed_by_id")
MOMENTS = ("group_confirmed_at", "farm_confirmed_at")


def upgrade() -> None:
    """Farms that stand go on as farms; a group that was only typed waits to be confirmed."""
    for name in WORDS:
        op.add_column("party", sa.Column(name, sa.Text(), nullable=False, server_default=""))
    for name in MOMENTS:
        op.add_column("party", sa.Column(name, sa.BigInteger(), nullable=True))
    op.add_column("party", sa.Column("farm_waits", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    for name in (*WORDS, *MOMENTS, "farm_waits"):
        op.drop_column("party", name)
