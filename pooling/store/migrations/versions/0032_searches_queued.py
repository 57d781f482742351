"""Searches hear of tours in a queue; pickups are asked for, sets of a day proposed, carriers reviewed"""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _heard("search_heard", "ride_id")
    op.execute(
        "INSERT INTO search_heard (search_id, ride_id, created_at)"
        " SELECT search_id, trip_id, created_at FROM search_told"
    )
    op.drop_table("search_told")
    op.create_table(
        "search_queue",
        sa.Column("ride_id", sa.String(40), nullable=False),
        sa.Column("ride_kind", sa.Text(), nullable=False),
        sa.Column("after_id", sa.String(40), nullable=False),
        sa.Column("again", sa.Boolean(), nullable=False),
        sa.Column("queued_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("ride_id", name=op.f("pk_search_queue")),
    )
    _pickups()
    _reviews(tours=True)
    op.add_column("clearing", sa.Column("state", sa.String(20), nullable=False, server_default="taken"))
    op.add_column("clearing", sa.Column("given", sa.Text(), nullable=False, server_default="{}"))


def downgrade() -> None:
    _reviews(tours=False)
    op.execute("DELETE FROM clearing WHERE state = 'proposed'")
    for column in ("given", "state"):
        op.drop_column("clearing", column)
    op.drop_table("pickup_ask")
    op.drop_table("search_queue")
    trips = sa.ForeignKeyConstraint(["trip_id"], ["trip.id"], name=op.f("fk_search_told_trip_id_trip"))
    _heard("search_told", "trip_id", trips)
    op.execute(
        "INSERT INTO search_told (search_id, trip_id, created_at)"
        " SELECT search_id, ride_id, created_at FROM search_heard WHERE ride_id IN (SELECT id FROM trip)"
    )
    op.drop_table("search_heard")


def _reviews(*, tours: bool) -> None:
    """Make the table of reviews anew: of rides on trips only, or on tours too. SQLite alters no column."""
    op.execute("CREATE TABLE review_before AS SELECT * FROM review")
    op.drop_table("review")
    rides = [sa.Column("bid_id", sa.String(40), nullable=tours)]
    links = {"about_id": "party", "bid_id": "bid", "by_id": "party"}
    once = [sa.UniqueConstraint("bid_id", "by_id", name=op.f("uq_review_bid_id_by_id"))]
    if tours:
        rides.append(sa.Column("sign_up_id", sa.String(40), nullable=True))
        links["sign_up_id"] = "sign_up"
        once.append(sa.UniqueConstraint("sign_up_id", "by_id", name=op.f("uq_review_sign_up_id_by_id")))
    op.create_table(
        "review",
        sa.Column("id", sa.String(40), nullable=False),
        *rides,
        sa.Column("about_id", sa.String(40), nullable=False),
        sa.Column("by_id", sa.String(40), nullable=False),
        sa.Column("stars", sa.BigInteger(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("stars BETWEEN 1 AND 5", name=op.f("ck_review_one_to_five")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review")),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_review_{column}_{table}"))
            for column, table in links.items()
        ),
        *once,
    )
    for column in links:
        op.create_index(op.f(f"ix_review_{column}"), "review", [column])
    op.execute(
        "INSERT INTO review (id, bid_id, about_id, by_id, stars, note, created_at)"
        " SELECT id, bid_id, about_id, by_id, stars, note, created_at FROM review_before"
        " WHERE bid_id IS NOT NULL"
    )
    op.drop_table("review_before")


def _pickups() -> None:
    op.create_table(
        "pickup_ask",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("shipment_id", sa.String(40), nullable=False),
        sa.Column("payer_id", sa.String(40), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("expected_cents", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pickup_ask")),
        sa.ForeignKeyConstraint(
            ["shipment_id"], ["shipment.id"], name=op.f("fk_pickup_ask_shipment_id_shipment")
        ),
        sa.ForeignKeyConstraint(["payer_id"], ["party.id"], name=op.f("fk_pickup_ask_payer_id_party")),
    )
    for column in ("shipment_id", "payer_id", "day"):
        op.create_index(op.f(f"ix_pickup_ask_{column}"), "pickup_ask", [column])


def _heard(name: str, ride: str, *more: sa.Constraint) -> None:
    """Make the table of what searches were told of, by which ride they were told of it."""
    op.create_table(
        name,
        sa.Column("search_id", sa.String(40), nullable=False),
        sa.Column(ride, sa.String(40), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("search_id", ride, name=op.f(f"pk_{name}")),
        sa.ForeignKeyConstraint(
            ["search_id"], ["saved_search.id"], name=op.f(f"fk_{name}_search_id_saved_search")
        ),
        *more,
    )
    for column in ("search_id", ride):
        op.create_index(op.f(f"ix_{name}_{column}"), name, [column])
