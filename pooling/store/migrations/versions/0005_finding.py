"""Finding: quotes that hold a price, searches that are kept, what was looked for in vain"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _quotes()
    _searches()
    _unmet()
    op.create_index("ix_trip_day_open", "trip", ["day", "state", "cutoff_at", "revision"])


def downgrade() -> None:
    op.drop_index("ix_trip_day_open", table_name="trip")
    for table in ("unmet", "search_told", "saved_search"):
        op.drop_table(table)
    with op.batch_alter_table("bid") as bid:
        bid.drop_column("held_cents")
        bid.drop_column("quote_id")
    op.drop_table("quote")


def _quotes() -> None:
    op.create_table(
        "quote",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("trip_id", sa.String(length=40), nullable=False),
        sa.Column("shipment_id", sa.String(length=40), nullable=False),
        sa.Column("payer_id", sa.String(length=40), nullable=False),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.Column("price_cents", sa.BigInteger(), nullable=False),
        sa.Column("detour_s", sa.BigInteger(), nullable=False),
        sa.Column("pickup_at", sa.BigInteger(), nullable=False),
        sa.Column("drop_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quote")),
        sa.ForeignKeyConstraint(["trip_id"], ["trip.id"], name=op.f("fk_quote_trip_id_trip")),
        sa.ForeignKeyConstraint(["shipment_id"], ["shipment.id"], name=op.f("fk_quote_shipment_id_shipment")),
        sa.ForeignKeyConstraint(["payer_id"], ["party.id"], name=op.f("fk_quote_payer_id_party")),
    )
    for column in ("trip_id", "shipment_id", "payer_id"):
        op.create_index(f"ix_quote_{column}", "quote", [column])
    op.create_index("ix_quote_payer_expires", "quote", ["payer_id", "expires_at"])
    op.add_column("bid", sa.Column("quote_id", sa.Text(), nullable=False, server_default=""))
    op.add_column("bid", sa.Column("held_cents", sa.BigInteger(), nullable=True))


def _searches() -> None:
    whole = ("crates", "ready_s", "pickup_by_s", "deliver_from_s", "deliver_by_s", "weekdays")
    links = {"party_id": "party", "from_site_id": "site", "to_site_id": "site"}
    op.create_table(
        "saved_search",
        sa.Column("id", sa.String(length=40), nullable=False),
        *(sa.Column(one, sa.String(length=40), nullable=False) for one in links),
        sa.Column("temperature", sa.Text(), nullable=False),
        sa.Column("kg", sa.BigInteger(), nullable=True),
        *(sa.Column(one, sa.BigInteger(), nullable=False) for one in whole),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("most_cents", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_search")),
        *(
            sa.ForeignKeyConstraint([one], [f"{table}.id"], name=op.f(f"fk_saved_search_{one}_{table}"))
            for one, table in links.items()
        ),
    )
    for column in (*links, "last_day"):
        op.create_index(f"ix_saved_search_{column}", "saved_search", [column])
    op.create_table(
        "search_told",
        sa.Column("search_id", sa.String(length=40), nullable=False),
        sa.Column("trip_id", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("search_id", "trip_id", name=op.f("pk_search_told")),
        sa.ForeignKeyConstraint(
            ["search_id"], ["saved_search.id"], name=op.f("fk_search_told_search_id_saved_search")
        ),
        sa.ForeignKeyConstraint(["trip_id"], ["trip.id"], name=op.f("fk_search_told_trip_id_trip")),
    )
    for column in ("search_id", "trip_id"):
        op.create_index(f"ix_search_told_{column}", "search_told", [column])


def _unmet() -> None:
    op.create_table(
        "unmet",
        sa.Column("area", sa.String(length=120), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("mark", sa.String(length=40), nullable=False),
        sa.Column("searches", sa.BigInteger(), nullable=False),
        sa.Column("crates", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("area", "day", "mark", name=op.f("pk_unmet")),
    )
    op.create_index("ix_unmet_day", "unmet", ["day"])
