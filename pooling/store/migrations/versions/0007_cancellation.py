"""Terms of cancelling on bids, who was not there, and what was found for crates set free"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("late_cents", "compensation_cents"):
        op.add_column("bid", sa.Column(name, sa.BigInteger(), nullable=False, server_default="0"))
    op.add_column("bid", sa.Column("late_by", sa.Text(), nullable=False, server_default=""))
    for name in ("free_until_at", "sets_out_at"):
        op.add_column("bid", sa.Column(name, sa.BigInteger(), nullable=True))
    op.add_column("bid", sa.Column("rematch", sa.Boolean(), nullable=False, server_default=sa.true()))
    _no_shows()
    _rematches()


def downgrade() -> None:
    for table in ("rematch", "no_show"):
        op.drop_table(table)
    with op.batch_alter_table("bid") as bid:
        for name in (
            "rematch",
            "sets_out_at",
            "free_until_at",
            "late_by",
            "compensation_cents",
            "late_cents",
        ):
            bid.drop_column(name)


def _no_shows() -> None:
    links = {"shipment_id": "shipment", "about_id": "party", "by_id": "party"}
    op.create_table(
        "no_show",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("ride_kind", sa.Text(), nullable=False),
        sa.Column("shipment_id", sa.String(length=40), nullable=False),
        sa.Column("ride_id", sa.String(length=40), nullable=False),
        sa.Column("about_id", sa.String(length=40), nullable=False),
        sa.Column("side", sa.Text(), nullable=False),
        sa.Column("by_id", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_no_show")),
        *_foreign("no_show", links),
        sa.UniqueConstraint(
            "ride_id", "shipment_id", "side", name=op.f("uq_no_show_ride_id_shipment_id_side")
        ),
    )
    for column in links:
        op.create_index(f"ix_no_show_{column}", "no_show", [column])


def _rematches() -> None:
    links = {"bid_id": "bid", "shipment_id": "shipment", "payer_id": "party"}
    op.create_table(
        "rematch",
        sa.Column("id", sa.String(length=40), nullable=False),
        *(sa.Column(one, sa.String(length=40), nullable=False) for one in links),
        *(sa.Column(one, sa.BigInteger(), nullable=False) for one in ("most_cents", "price_cents", "tried")),
        *(sa.Column(one, sa.Text(), nullable=False) for one in ("state", "bids", "found")),
        sa.Column("rides_id", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("settled_at", sa.BigInteger(), nullable=True),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rematch")),
        *_foreign("rematch", links),
    )
    for column in (*links, "state"):
        op.create_index(f"ix_rematch_{column}", "rematch", [column])


def _foreign(name: str, links: dict[str, str]) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([one], [f"{table}.id"], name=op.f(f"fk_{name}_{one}_{table}"))
        for one, table in links.items()
    ]
