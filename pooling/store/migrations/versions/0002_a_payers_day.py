"""A payer's day is found without reading the whole market's"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_shipment_payer_day", "shipment", ["payer_id", "day"])


def downgrade() -> None:
    op.drop_index("ix_shipment_payer_day", table_name="shipment")
