"""Short lists of producers, and orders from them for a tour"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

ID = 40
ORDER_LINKS = {
    "buyer_id": "party",
    "producer_id": "party",
    "payer_id": "party",
    "list_id": "short_list",
    "tour_id": "tour",
    "from_site_id": "site",
    "to_site_id": "site",
}
TABLES = ("tour_order_load", "tour_order_line", "tour_order", "goods_file", "goods", "short_list")


def upgrade() -> None:
    _lists()
    _goods()
    _files()
    _orders()
    _lines()
    _loads()


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)


def _link(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}"))


def _index(table: str, *columns: str) -> None:
    for column in columns:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def _id(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=ID), nullable=nullable)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def _whole(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def _lists() -> None:
    op.create_table(
        "short_list",
        _id("id"),
        _id("producer_id"),
        _text("name"),
        _id("site_id"),
        _whole("ready_s"),
        _whole("collect_by_s"),
        _text("carriage"),
        sa.Column("accepts", sa.Boolean(), nullable=False),
        _id("round_id", nullable=True),
        _text("state"),
        _whole("created_at"),
        _whole("revision"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_short_list")),
        _link("short_list", "producer_id", "party"),
        _link("short_list", "site_id", "site"),
    )
    _index("short_list", "producer_id", "site_id", "round_id")


def _goods() -> None:
    op.create_table(
        "goods",
        _id("id"),
        _id("list_id"),
        sa.Column("reference", sa.String(length=80), nullable=False),
        _text("product"),
        _text("unit"),
        _whole("price_cents"),
        _whole("least"),
        _whole("available", nullable=True),
        _whole("units_per_crate"),
        _whole("kg_per_crate"),
        _text("temperature"),
        _text("food"),
        sa.Column("from_day", sa.Date(), nullable=True),
        sa.Column("until_day", sa.Date(), nullable=True),
        _whole("said_at"),
        _text("state"),
        _whole("created_at"),
        _whole("revision"),
        sa.CheckConstraint("least > 0 AND units_per_crate > 0", name=op.f("ck_goods_some_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goods")),
        sa.UniqueConstraint("list_id", "reference", name=op.f("uq_goods_list_id_reference")),
        _link("goods", "list_id", "short_list"),
    )
    _index("goods", "list_id")


def _files() -> None:
    op.create_table(
        "goods_file",
        _id("id"),
        _id("list_id"),
        _text("outcome"),
        _whole("created_at"),
        _whole("revision"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goods_file")),
        _link("goods_file", "list_id", "short_list"),
    )
    _index("goods_file", "list_id")


def _orders() -> None:
    op.create_table(
        "tour_order",
        _id("id"),
        *(_id(one) for one in ORDER_LINKS),
        sa.Column("day", sa.Date(), nullable=False),
        *(_whole(one) for one in ("ready_at", "pickup_by_at", "deliver_from_at", "deliver_by_at")),
        _whole("price_cents"),
        _whole("crate_cents"),
        _text("note"),
        _text("state"),
        _whole("created_at"),
        _whole("revision"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tour_order")),
        *(_link("tour_order", one, table) for one, table in ORDER_LINKS.items()),
    )
    _index("tour_order", *ORDER_LINKS, "state")


def _lines() -> None:
    op.create_table(
        "tour_order_line",
        _id("order_id"),
        _whole("number"),
        _id("goods_id"),
        _text("product"),
        _text("unit"),
        *(_whole(one) for one in ("quantity", "price_cents", "crates", "kg")),
        _text("temperature"),
        _text("food"),
        sa.PrimaryKeyConstraint("order_id", "number", name=op.f("pk_tour_order_line")),
        _link("tour_order_line", "order_id", "tour_order"),
        _link("tour_order_line", "goods_id", "goods"),
    )
    _index("tour_order_line", "order_id", "goods_id")


def _loads() -> None:
    op.create_table(
        "tour_order_load",
        _id("order_id"),
        _id("shipment_id"),
        sa.PrimaryKeyConstraint("order_id", "shipment_id", name=op.f("pk_tour_order_load")),
        _link("tour_order_load", "order_id", "tour_order"),
        _link("tour_order_load", "shipment_id", "shipment"),
    )
    _index("tour_order_load", "order_id", "shipment_id")
