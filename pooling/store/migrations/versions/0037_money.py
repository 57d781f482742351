"""Invoices: due days, lateness, VAT of each ride; rides settled in kind; tools that several own"""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

TERMS = {"vat_permille": "200", "shared_vat_permille": "200", "payment_days": "30", "late_percent": "0"}
LINKS = {
    "shared_tool": ("keeper_id",),
    "tool_part": ("tool_id", "party_id"),
    "tool_entry": ("tool_id", "party_id"),
    "tool_share": ("tool_id", "party_id"),
    "tool_due": ("tool_id", "payer_id", "payee_id"),
}


def _key() -> sa.Column[str]:
    return sa.Column("id", sa.String(40), primary_key=True)


def _link(name: str, target: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(40), sa.ForeignKey(f"{target}.id"), nullable=False)


def _words(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def _whole(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=False)


def upgrade() -> None:
    for name, usual in TERMS.items():
        op.add_column("legal_entity", sa.Column(name, sa.BigInteger(), nullable=False, server_default=usual))

    op.add_column("bid", sa.Column("in_kind", sa.Text(), nullable=False, server_default=""))
    op.add_column("claim", sa.Column("reminded_at", sa.BigInteger(), nullable=True))
    _tool_tables()


def _tool_tables() -> None:
    op.create_table(
        "shared_tool",
        _key(),
        _link("keeper_id", "party"),
        *(_words(name) for name in ("name", "kind", "plate")),
        _whole("capacity_crates"),
        _whole("created_at"),
        _whole("revision"),
    )
    op.create_table(
        "tool_part",
        *(_key(), _link("tool_id", "shared_tool"), _link("party_id", "party")),
        *(_whole("parts"), _words("state"), _whole("created_at"), _whole("revision")),
        sa.UniqueConstraint("tool_id", "party_id"),
    )
    op.create_table(
        "tool_entry",
        *(_key(), _link("tool_id", "shared_tool"), _link("party_id", "party")),
        *(_words("kind"), sa.Column("day", sa.Date(), nullable=False)),
        *(_whole(name) for name in ("units", "empty_m", "used_m", "cents")),
        *(_words(name) for name in ("split", "what", "state")),
        *(_whole("created_at"), _whole("revision")),
    )
    op.create_table(
        "tool_share",
        *(_key(), _link("tool_id", "shared_tool"), sa.Column("month", sa.Date(), nullable=False)),
        _link("party_id", "party"),
        *(_whole(name) for name in ("parts", "units", "parts_cents", "use_cents", "laid_cents")),
        _whole("created_at"),
        sa.UniqueConstraint("tool_id", "month", "party_id"),
    )
    op.create_table(
        "tool_due",
        *(_key(), _link("tool_id", "shared_tool"), sa.Column("month", sa.Date(), nullable=False)),
        *(_link("payer_id", "party"), _link("payee_id", "party"), _whole("cents")),
        *(_words("transfer_id"), _whole("created_at"), _whole("revision")),
        sa.UniqueConstraint("tool_id", "month", "payer_id", "payee_id"),
    )
    for name, columns in LINKS.items():
        for column in columns:
            op.create_index(f"ix_{name}_{column}", name, [column])


def downgrade() -> None:
    for name in reversed(LINKS):
        op.drop_table(name)
    op.drop_column("bid", "in_kind")
    op.drop_column("claim", "reminded_at")
    for name in TERMS:
        op.drop_column("legal_entity", name)
