"""What a tour's shares rest on is kept as it was told"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "share_book",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("tour_id", sa.String(40), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("plan_id", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("best", sa.Text(), nullable=False),
        sa.Column("days", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["tour_id"], ["tour.id"], name=op.f("fk_share_book_tour_id_tour")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_share_book")),
        sa.UniqueConstraint("tour_id", "number", name=op.f("uq_share_book_tour_id_number")),
    )
    op.create_index(op.f("ix_share_book_tour_id"), "share_book", ["tour_id"])
    op.add_column("sign_up_price", sa.Column("total_cents", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("sign_up_price") as table:
        table.drop_column("total_cents")
    op.drop_index(op.f("ix_share_book_tour_id"), table_name="share_book")
    op.drop_table("share_book")
