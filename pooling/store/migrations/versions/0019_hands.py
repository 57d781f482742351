"""What operators did by hand on tours"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

ID = 40


def upgrade() -> None:
    op.create_table(
        "hand_move",
        sa.Column("id", sa.String(length=ID), nullable=False),
        *(
            sa.Column(name, sa.String(length=ID), nullable=False)
            for name in ("move_id", "undoes_id", "tour_id", "other_tour_id", "member_id")
        ),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("tour_revision", sa.BigInteger(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("asked", "before", "after")),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hand_move")),
        sa.UniqueConstraint("tour_id", "tour_revision", name=op.f("uq_hand_move_tour_id_tour_revision")),
        sa.ForeignKeyConstraint(["tour_id"], ["tour.id"], name=op.f("fk_hand_move_tour_id_tour")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_hand_move_member_id_member")),
    )
    for name in ("move_id", "undoes_id", "tour_id", "member_id"):
        op.create_index(op.f(f"ix_hand_move_{name}"), "hand_move", [name])


def downgrade() -> None:
    op.drop_table("hand_move")
