"""Communities, links to them, what is posted in one, and shops with a rota"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

ID = 40
POSTED = ("trip", "trip_series", "tour", "harvest_round")
MADE = ("community", "community_party", "community_link", "shop", "rota_turn", "rota_day", "rota_swap")


def upgrade() -> None:
    for table in POSTED:
        op.add_column(table, sa.Column("community_id", sa.String(length=ID), nullable=True))
        op.create_index(op.f(f"ix_{table}_community_id"), table, ["community_id"])
    _communities()
    _parties()
    _links()
    _shops()
    _turns()
    _swaps()
    _duty_trips()


def downgrade() -> None:
    for table in ("duty_trip", *reversed(MADE)):
        op.drop_table(table)
    for table in POSTED:
        op.drop_index(op.f(f"ix_{table}_community_id"), table_name=table)
        op.drop_column(table, "community_id")


def _id(name: str, *, optional: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=ID), nullable=optional)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def _whole(name: str, *, optional: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=optional)


def _day(name: str, *, optional: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Date(), nullable=optional)


def _made() -> tuple[sa.Column[int], sa.Column[int]]:
    return _whole("created_at"), _whole("revision")


def _link(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}"))


def _key(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*(columns or ("id",)), name=op.f(f"pk_{table}"))


def _index(table: str, *columns: str) -> None:
    for column in columns:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def _communities() -> None:
    op.create_table(
        "community",
        _id("id"),
        _text("name"),
        _text("rules"),
        *(_whole(one, optional=True) for one in ("detour_s", "target_percent", "cutoff_s", "fee_cents")),
        _whole("parties"),
        *_made(),
        _key("community"),
    )


def _parties() -> None:
    name = "community_party"
    op.create_table(
        name,
        *(_id(one) for one in ("id", "community_id", "party_id")),
        *(_text(one) for one in ("role", "state", "link_id")),
        _whole("ended_at", optional=True),
        *_made(),
        _key(name),
        _link(name, "community_id", "community"),
        _link(name, "party_id", "party"),
        sa.UniqueConstraint("community_id", "party_id", name=op.f(f"uq_{name}_community_id_party_id")),
    )
    _index(name, "community_id", "party_id")
    op.create_index("ix_community_party_party_state", name, ["party_id", "state"])


def _links() -> None:
    name = "community_link"
    op.create_table(
        name,
        *(_id(one) for one in ("id", "community_id")),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        _text("note"),
        _whole("uses_limit", optional=True),
        _whole("used"),
        _whole("expires_at"),
        _whole("revoked_at", optional=True),
        _id("by_member_id"),
        *_made(),
        _key(name),
        _link(name, "community_id", "community"),
        _link(name, "by_member_id", "member"),
        sa.UniqueConstraint("token_hash", name=op.f("uq_community_link_token_hash")),
        sa.CheckConstraint("uses_limit IS NULL OR used <= uses_limit", name=op.f("ck_community_link_uses")),
    )
    _index(name, "community_id", "by_member_id")


def _shops() -> None:
    op.create_table(
        "shop",
        *(_id(one) for one in ("id", "community_id", "site_id")),
        *(_text(one) for one in ("name", "timezone")),
        _whole("opens_s"),
        _text("state"),
        *_made(),
        _key("shop"),
        _link("shop", "community_id", "community"),
        _link("shop", "site_id", "site"),
    )
    _index("shop", "community_id", "site_id")


def _turns() -> None:
    name = "rota_turn"
    op.create_table(
        name,
        *(_id(one) for one in ("id", "shop_id", "party_id", "from_site_id")),
        _text("rule"),
        _day("first_day"),
        *(_whole(one) for one in ("ambient_crates", "chilled_crates")),
        _text("state"),
        *_made(),
        _key(name),
        _link(name, "shop_id", "shop"),
        _link(name, "party_id", "party"),
        _link(name, "from_site_id", "site"),
    )
    _index(name, "shop_id", "party_id", "from_site_id")
    op.create_table(
        "rota_day",
        _id("turn_id"),
        _day("day"),
        _id("turned_to_id", optional=True),
        _key("rota_day", "turn_id", "day"),
        _link("rota_day", "turn_id", "rota_turn"),
        _link("rota_day", "turned_to_id", "rota_turn"),
    )
    _index("rota_day", "turn_id", "turned_to_id")


def _swaps() -> None:
    name = "rota_swap"
    op.create_table(
        name,
        *(_id(one) for one in ("id", "shop_id", "turn_id")),
        _day("day"),
        _id("with_turn_id"),
        _day("with_day", optional=True),
        _text("state"),
        *_made(),
        _key(name),
        _link(name, "shop_id", "shop"),
        _link(name, "turn_id", "rota_turn"),
        _link(name, "with_turn_id", "rota_turn"),
    )
    _index(name, "shop_id", "turn_id", "with_turn_id")


def _duty_trips() -> None:
    name = "duty_trip"
    op.create_table(
        name,
        _id("shop_id"),
        _day("day"),
        _id("party_id"),
        _whole("told_at", optional=True),
        _id("trip_id", optional=True),
        _key(name, "shop_id", "day", "party_id"),
        _link(name, "shop_id", "shop"),
        _link(name, "party_id", "party"),
    )
    _index(name, "shop_id", "party_id", "trip_id")
