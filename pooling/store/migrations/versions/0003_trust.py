"""Reviews after a handover, and pairs that do not ride together"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "review",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("bid_id", sa.String(length=40), nullable=False),
        sa.Column("about_id", sa.String(length=40), nullable=False),
        sa.Column("by_id", sa.String(length=40), nullable=False),
        sa.Column("stars", sa.BigInteger(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("stars BETWEEN 1 AND 5", name=op.f("ck_review_one_to_five")),
        sa.ForeignKeyConstraint(["about_id"], ["party.id"], name=op.f("fk_review_about_id_party")),
        sa.ForeignKeyConstraint(["bid_id"], ["bid.id"], name=op.f("fk_review_bid_id_bid")),
        sa.ForeignKeyConstraint(["by_id"], ["party.id"], name=op.f("fk_review_by_id_party")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review")),
        sa.UniqueConstraint("bid_id", "by_id", name=op.f("uq_review_bid_id_by_id")),
    )
    for column in ("about_id", "bid_id", "by_id"):
        op.create_index(op.f(f"ix_review_{column}"), "review", [column])
    op.create_table(
        "block",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("party_id", sa.String(length=40), nullable=False),
        sa.Column("other_id", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["other_id"], ["party.id"], name=op.f("fk_block_other_id_party")),
        sa.ForeignKeyConstraint(["party_id"], ["party.id"], name=op.f("fk_block_party_id_party")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_block")),
        sa.UniqueConstraint("party_id", "other_id", name=op.f("uq_block_party_id_other_id")),
    )
    for column in ("party_id", "other_id"):
        op.create_index(op.f(f"ix_block_{column}"), "block", [column])


def downgrade() -> None:
    op.drop_table("block")
    op.drop_table("review")
