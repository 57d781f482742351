"""Partner carriers: webhooks that carry manifests, and the events that came back and were taken"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

ID = 40


def upgrade() -> None:
    op.add_column("webhook", sa.Column("carries", sa.Text(), nullable=False, server_default="events"))
    op.add_column("webhook", sa.Column("member_id", sa.String(length=ID), nullable=False, server_default=""))
    op.create_table(
        "partner_event",
        sa.Column("party_id", sa.String(length=ID), nullable=False),
        sa.Column("event_id", sa.String(length=80), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("manifest_id", sa.String(length=ID), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("party_id", "event_id", name=op.f("pk_partner_event")),
        sa.ForeignKeyConstraint(["party_id"], ["party.id"], name=op.f("fk_partner_event_party_id_party")),
        sa.ForeignKeyConstraint(
            ["manifest_id"], ["manifest.id"], name=op.f("fk_partner_event_manifest_id_manifest")
        ),
    )
    for column in ("party_id", "manifest_id"):
        op.create_index(op.f(f"ix_partner_event_{column}"), "partner_event", [column])


def downgrade() -> None:
    op.drop_table("partner_event")
    with op.batch_alter_table("webhook") as webhook:
        webhook.drop_column("member_id")
        webhook.drop_column("carries")
