"""Whom an event tells is found by the event: letters are written without reading all that were told"""

from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_outbox_party_outbox_id", "outbox_party", ["outbox_id"])


def downgrade() -> None:
    op.drop_index("ix_outbox_party_outbox_id", "outbox_party")
