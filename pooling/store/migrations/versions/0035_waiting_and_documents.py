"""Waiting at a stop is noted with whose fault it was; papers of a carrier are kept as files"""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "waiting",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("manifest_id", sa.String(40), nullable=False),
        sa.Column("shipment_id", sa.String(40), nullable=False),
        sa.Column("way", sa.Text(), nullable=False),
        sa.Column("minutes", sa.BigInteger(), nullable=False),
        sa.Column("fault", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("cents", sa.BigInteger(), nullable=False),
        sa.Column("fault_id", sa.String(40), nullable=True),
        sa.Column("charge_id", sa.Text(), nullable=False),
        sa.Column("pay_id", sa.Text(), nullable=False),
        sa.Column("member_id", sa.String(40), nullable=True),
        sa.Column("corrects", sa.String(40), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("minutes >= 0", name=op.f("ck_waiting_some_minutes")),
        sa.ForeignKeyConstraint(
            ["manifest_id"], ["manifest.id"], name=op.f("fk_waiting_manifest_id_manifest")
        ),
        sa.ForeignKeyConstraint(
            ["shipment_id"], ["shipment.id"], name=op.f("fk_waiting_shipment_id_shipment")
        ),
        sa.ForeignKeyConstraint(["fault_id"], ["party.id"], name=op.f("fk_waiting_fault_id_party")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_waiting_member_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waiting")),
        sa.UniqueConstraint("corrects", name=op.f("uq_waiting_corrects")),
    )
    for name in ("manifest_id", "shipment_id", "fault_id", "member_id"):
        op.create_index(op.f(f"ix_waiting_{name}"), "waiting", [name])

    op.create_table(
        "paper_file",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("paper_id", sa.String(40), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["paper_id"], ["paper.id"], name=op.f("fk_paper_file_paper_id_paper")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_file")),
    )
    op.create_index(op.f("ix_paper_file_paper_id"), "paper_file", ["paper_id"])
    for name in ("file_id", "vetted_file_id"):
        op.add_column("paper", sa.Column(name, sa.Text(), nullable=False, server_default=""))
    for table in ("site", "shipment", "tour"):
        op.add_column(table, sa.Column("tail_lift", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    for table in ("tour", "shipment", "site"):
        op.drop_column(table, "tail_lift")
    op.drop_column("paper", "vetted_file_id")
    op.drop_column("paper", "file_id")
    op.drop_table("paper_file")
    op.drop_table("waiting")
