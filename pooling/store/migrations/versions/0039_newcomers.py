"""Say of a tour whether each newcomer pays its way before it is paid; a tour that stands keeps its rule."""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "tour", sa.Column("each_pays_its_way", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column("community", sa.Column("each_pays_its_way", sa.Boolean(), nullable=True))


def downgrade() -> None:
    op.drop_column("community", "each_pays_its_way")
    op.drop_column("tour", "each_pays_its_way")
