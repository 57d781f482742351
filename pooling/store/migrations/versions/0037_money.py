"""When an invoice is due, what being late costs, and the VAT of each kind of ride"""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0030"
branch_labels = None
depends_on = None

TERMS = {"vat_permille": "200", "shared_vat_permille": "200", "payment_days": "30", "late_percent": "0"}


def upgrade() -> None:
    for name, usual in TERMS.items():
        op.add_column("legal_entity", sa.Column(name, sa.BigInteger(), nullable=False, server_default=usual))


def downgrade() -> None:
    for name in TERMS:
        op.drop_column("legal_entity", name)
