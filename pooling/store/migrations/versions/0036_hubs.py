"""What a site keeps of others' crates in a day, where it is a hub"""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

ROOM = ("hub_ambient", "hub_chilled", "hub_frozen")


def upgrade() -> None:
    for name in ROOM:
        op.add_column("site", sa.Column(name, sa.BigInteger(), nullable=False, server_default="0"))


def downgrade() -> None:
    for name in reversed(ROOM):
        op.drop_column("site", name)
