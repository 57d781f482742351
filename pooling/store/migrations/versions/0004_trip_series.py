"""Trips that repeat, return, and limit their way; calendar feeds"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "trip_series",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("owner_id", sa.String(length=40), nullable=False),
        sa.Column("timezone", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("until_day", sa.Date(), nullable=True),
        sa.Column("template", sa.Text(), nullable=False),
        sa.Column("made_until_day", sa.Date(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("follows_id", sa.String(length=40), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["party.id"], name=op.f("fk_trip_series_owner_id_party")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trip_series")),
    )
    op.create_index(op.f("ix_trip_series_owner_id"), "trip_series", ["owner_id"])
    op.create_index("ix_trip_series_due", "trip_series", ["state", "made_until_day"])
    op.create_table(
        "trip_series_exception",
        sa.Column("series_id", sa.String(length=40), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("moved_to", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["series_id"], ["trip_series.id"], name=op.f("fk_trip_series_exception_series_id_trip_series")
        ),
        sa.PrimaryKeyConstraint("series_id", "day", name=op.f("pk_trip_series_exception")),
    )
    op.create_index(op.f("ix_trip_series_exception_series_id"), "trip_series_exception", ["series_id"])
    op.create_table(
        "calendar_feed",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("member_id", sa.String(length=40), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("revoked_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_calendar_feed_member_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_feed")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_calendar_feed_token_hash")),
    )
    op.create_index(op.f("ix_calendar_feed_member_id"), "calendar_feed", ["member_id"])
    op.add_column("trip", sa.Column("detour_m", sa.BigInteger(), nullable=True))
    op.add_column("trip", sa.Column("series_id", sa.String(length=40), nullable=True))
    op.add_column("trip", sa.Column("series_day", sa.Date(), nullable=True))
    op.add_column("trip", sa.Column("detached", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("trip", sa.Column("returns_id", sa.String(length=40), nullable=True))
    op.create_index("ix_trip_series_day", "trip", ["series_id", "series_day"], unique=True)
    op.create_index(op.f("ix_trip_returns_id"), "trip", ["returns_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_trip_returns_id"), table_name="trip")
    op.drop_index("ix_trip_series_day", table_name="trip")
    for column in ("returns_id", "detached", "series_day", "series_id", "detour_m"):
        op.drop_column("trip", column)
    for table in ("calendar_feed", "trip_series_exception", "trip_series"):
        op.drop_table(table)
