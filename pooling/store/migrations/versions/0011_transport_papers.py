"""What papers name: addresses, contacts, goods, plates; the papers themselves; editions of a manifest"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

WORDS = (
    ("party", "address"),
    ("party", "siren"),
    ("site", "address"),
    ("site", "contact"),
    ("site", "phone"),
    ("shipment", "goods"),
    ("shipment", "food"),
    ("manifest", "plate"),
)


def upgrade() -> None:
    for table, name in WORDS:
        op.add_column(table, sa.Column(name, sa.Text(), nullable=False, server_default=""))
    op.add_column("manifest", sa.Column("edition", sa.BigInteger(), nullable=False, server_default="1"))
    op.create_table(
        "manifest_edition",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("manifest_id", sa.String(40), nullable=False),
        sa.Column("edition", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_manifest_edition"),
        sa.ForeignKeyConstraint(
            ["manifest_id"], ["manifest.id"], name="fk_manifest_edition_manifest_id_manifest"
        ),
        sa.UniqueConstraint("manifest_id", "edition", name="uq_manifest_edition_manifest_id_edition"),
    )
    op.create_index("ix_manifest_edition_manifest_id", "manifest_edition", ["manifest_id"])
    op.create_table(
        "transport_paper",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("manifest_id", sa.String(40), nullable=False),
        sa.Column("shipment_id", sa.String(40), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_transport_paper"),
        sa.ForeignKeyConstraint(
            ["manifest_id"], ["manifest.id"], name="fk_transport_paper_manifest_id_manifest"
        ),
        sa.ForeignKeyConstraint(
            ["shipment_id"], ["shipment.id"], name="fk_transport_paper_shipment_id_shipment"
        ),
        sa.UniqueConstraint("manifest_id", "shipment_id", name="uq_transport_paper_manifest_id_shipment_id"),
    )
    op.create_index("ix_transport_paper_manifest_id", "transport_paper", ["manifest_id"])
    op.create_index("ix_transport_paper_shipment_id", "transport_paper", ["shipment_id"])


def downgrade() -> None:
    op.drop_table("transport_paper")
    op.drop_table("manifest_edition")
    op.drop_column("manifest", "edition")
    for table, name in reversed(WORDS):
        op.drop_column(table, name)
