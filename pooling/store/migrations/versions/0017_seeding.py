"""Seeding: flows of past purchases, drafted tours, invitations to them"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0013"
branch_labels = None
depends_on = None

ID = 40


def upgrade() -> None:
    _flows()
    _drafts()
    _invitations()


def downgrade() -> None:
    for table in ("mail_ended", "draft_invitation", "tour_draft", "drafting", "flow", "flow_list"):
        op.drop_table(table)


def _link(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}"))


def _index(table: str, *columns: str) -> None:
    for column in columns:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def _id(name: str, *, optional: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=ID), nullable=optional)


def _text(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def _whole(*names: str, optional: bool = False) -> list[sa.Column[int]]:
    return [sa.Column(name, sa.BigInteger(), nullable=optional) for name in names]


def _flows() -> None:
    op.create_table(
        "flow_list",
        _id("id"),
        _id("operator_id"),
        *_whole("lines", "added", "changed", "unchanged"),
        *_text("faults", "unread"),
        *_whole("created_at"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_flow_list")),
        _link("flow_list", "operator_id", "party"),
    )
    _index("flow_list", "operator_id")
    op.create_table(
        "flow",
        *(_id(one) for one in ("id", "operator_id", "list_id", "mark")),
        *_whole("line"),
        *_text("producer", "buyer", "product", "temperature", "basis"),
        *(
            sa.Column(one, sa.Float(), nullable=False)
            for one in ("producer_lat", "producer_lon", "buyer_lat", "buyer_lon")
        ),
        *_whole("crates"),
        *_whole("weekday", optional=True),
        *_whole("created_at", "revision"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_flow")),
        sa.UniqueConstraint("operator_id", "mark", name=op.f("uq_flow_operator_id_mark")),
        _link("flow", "operator_id", "party"),
        _link("flow", "list_id", "flow_list"),
    )
    _index("flow", "operator_id", "list_id")


def _drafts() -> None:
    op.create_table(
        "drafting",
        *(_id(one) for one in ("id", "operator_id", "asked_by")),
        *_text("terms", "summary"),
        *_whole("created_at"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drafting")),
        _link("drafting", "operator_id", "party"),
        _link("drafting", "asked_by", "member"),
    )
    _index("drafting", "operator_id", "asked_by")
    op.create_table(
        "tour_draft",
        *(_id(one) for one in ("id", "operator_id", "drafting_id")),
        _id("tour_id", optional=True),
        *_whole("place", "weekday"),
        *_text("area", "body"),
        sa.Column("approximate", sa.Boolean(), nullable=False),
        *_whole("created_at", "revision"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tour_draft")),
        _link("tour_draft", "operator_id", "party"),
        _link("tour_draft", "drafting_id", "drafting"),
        _link("tour_draft", "tour_id", "tour"),
    )
    _index("tour_draft", "operator_id", "drafting_id", "tour_id")


def _invitations() -> None:
    table = "draft_invitation"
    op.create_table(
        table,
        *(_id(one) for one in ("id", "operator_id", "draft_id")),
        _id("party_id", optional=True),
        *_text("role", "name", "way", "language", "state"),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("reminder_hash", sa.String(length=64), nullable=True),
        *_whole("rank", "crates", "partners", "share_cents", "alone_cents"),
        *_whole("seen_at", "reminded_at", "answered_at", optional=True),
        *_whole("created_at", "revision"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("token_hash", name=op.f(f"uq_{table}_token_hash")),
        sa.UniqueConstraint("reminder_hash", name=op.f(f"uq_{table}_reminder_hash")),
        sa.UniqueConstraint("draft_id", "rank", name=op.f(f"uq_{table}_draft_id_rank")),
        _link(table, "operator_id", "party"),
        _link(table, "draft_id", "tour_draft"),
        _link(table, "party_id", "party"),
    )
    _index(table, "operator_id", "draft_id", "party_id", "email")
    op.create_table(
        "mail_ended",
        sa.Column("email_hash", sa.String(length=64), nullable=False),
        *_whole("created_at"),
        sa.PrimaryKeyConstraint("email_hash", name=op.f("pk_mail_ended")),
    )
