"""Claims, declared value, and the cover terms that were accepted with a ride"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

ID = 40
WORDS = ("kind", "ride_kind", "regime", "note", "photo", "cover_version", "state", "answer", "answer_note")
MOMENTS = ("answer_by_at", "answered_at", "decide_by_at", "decided_at")
WHOLE = (
    "crates",
    "covered_cents",
    "carriage_cents",
    "granted_crates",
    "paid_cents",
    "created_at",
    "revision",
)


def upgrade() -> None:
    op.add_column(
        "shipment", sa.Column("declared_value_cents", sa.BigInteger(), nullable=False, server_default="0")
    )
    for table in ("bid", "sign_up"):
        op.add_column(table, sa.Column("cover_version", sa.Text(), nullable=False, server_default=""))
    op.create_table(
        "claim",
        *(sa.Column(name, sa.String(length=ID), nullable=False) for name in ("id", "shipment_id", "by_id")),
        sa.Column("payee_id", sa.String(length=ID), nullable=False),
        sa.Column("fault_id", sa.String(length=ID), nullable=True),
        *(sa.Column(name, sa.String(length=ID), nullable=False) for name in ("ride_id", "after_id")),
        sa.Column("before_id", sa.String(length=ID), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in (*WORDS, "decision_note")),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in WHOLE),
        *(sa.Column(name, sa.BigInteger(), nullable=True) for name in MOMENTS),
        sa.CheckConstraint("crates > 0", name=op.f("ck_claim_some_crates")),
        sa.CheckConstraint("granted_crates <= crates", name=op.f("ck_claim_no_more_than_claimed")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim")),
        sa.ForeignKeyConstraint(["shipment_id"], ["shipment.id"], name=op.f("fk_claim_shipment_id_shipment")),
        *(
            sa.ForeignKeyConstraint([name], ["party.id"], name=op.f(f"fk_claim_{name}_party"))
            for name in ("by_id", "payee_id", "fault_id")
        ),
    )
    for name in ("shipment_id", "by_id", "payee_id", "fault_id"):
        op.create_index(op.f(f"ix_claim_{name}"), "claim", [name])
    op.create_index("ix_claim_due", "claim", ["state", "answer_by_at"])


def downgrade() -> None:
    op.drop_table("claim")
    for table in ("bid", "sign_up"):
        op.drop_column(table, "cover_version")
    op.drop_column("shipment", "declared_value_cents")
