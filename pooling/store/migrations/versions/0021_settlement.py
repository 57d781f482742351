"""Deposits on crates, what invoices and bank files say of a party, payments asked of a provider"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

ID = 40


def upgrade() -> None:
    op.add_column("tour", sa.Column("gap_community_id", sa.String(length=ID), nullable=True))
    op.create_table(
        "crate_deposit",
        sa.Column("id", sa.String(length=ID), nullable=False),
        sa.Column("account", sa.String(length=60), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("cents", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_crate_deposit")),
        sa.UniqueConstraint("account", "kind", name=op.f("uq_crate_deposit_account_kind")),
        sa.CheckConstraint("cents >= 0", name=op.f("ck_crate_deposit_no_debt")),
    )
    op.create_index(op.f("ix_crate_deposit_account"), "crate_deposit", ["account"])
    op.create_table(
        "legal_entity",
        sa.Column("id", sa.String(length=ID), nullable=False),
        sa.Column("party_id", sa.String(length=ID), nullable=False),
        *(
            sa.Column(name, sa.Text(), nullable=False)
            for name in ("siret", "vat_number", "street", "postcode", "town", "country", "iban")
        ),
        sa.Column("vat_exempt", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_entity")),
        sa.UniqueConstraint("party_id", name=op.f("uq_legal_entity_party_id")),
        sa.ForeignKeyConstraint(["party_id"], ["party.id"], name=op.f("fk_legal_entity_party_id_party")),
    )
    _payments_asked()


def downgrade() -> None:
    for table in ("payment_request", "legal_entity", "crate_deposit"):
        op.drop_table(table)
    op.drop_column("tour", "gap_community_id")


def _payments_asked() -> None:
    name = "payment_request"
    op.create_table(
        name,
        sa.Column("id", sa.String(length=ID), nullable=False),
        *(sa.Column(one, sa.String(length=ID), nullable=False) for one in ("payer_id", "payee_id")),
        sa.Column("cents", sa.BigInteger(), nullable=False),
        sa.Column("reference", sa.String(length=120), nullable=False),
        *(sa.Column(one, sa.Text(), nullable=False) for one in ("pay_at", "state", "transfer_id")),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_request")),
        sa.UniqueConstraint("reference", name=op.f("uq_payment_request_reference")),
        sa.CheckConstraint("cents > 0", name=op.f("ck_payment_request_some_cents")),
        *(
            sa.ForeignKeyConstraint([one], ["party.id"], name=op.f(f"fk_{name}_{one}_party"))
            for one in ("payer_id", "payee_id")
        ),
    )
    for one in ("payer_id", "payee_id"):
        op.create_index(op.f(f"ix_{name}_{one}"), name, [one])
