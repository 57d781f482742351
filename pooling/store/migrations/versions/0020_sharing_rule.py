"""By which rule a tour's cost is shared; what was proposed before keeps to a share in proportion to alone"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("tour", sa.Column("sharing_rule", sa.Text(), nullable=False, server_default="alone"))


def downgrade() -> None:
    op.drop_column("tour", "sharing_rule")
