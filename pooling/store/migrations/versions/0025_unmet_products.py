"""What was looked for in vain is counted by product too, and where buyers wanted it"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

BEFORE = ("area", "day", "mark")


def upgrade() -> None:
    op.add_column("unmet", sa.Column("product", sa.String(length=80), nullable=False, server_default=""))
    op.add_column("unmet", sa.Column("wanted", sa.Boolean(), nullable=False, server_default=sa.false()))
    _keyed(*BEFORE, "product")


def downgrade() -> None:
    op.execute("DELETE FROM unmet WHERE wanted OR product <> ''")  # the key that was has room for one row
    _keyed(*BEFORE)
    with op.batch_alter_table("unmet") as table:
        table.drop_column("wanted")
        table.drop_column("product")


def _keyed(*columns: str) -> None:
    """Give the table another primary key; SQLite writes it anew."""
    with op.batch_alter_table("unmet") as table:
        table.drop_constraint(op.f("pk_unmet"), type_="primary")
        table.create_primary_key(op.f("pk_unmet"), list(columns))
