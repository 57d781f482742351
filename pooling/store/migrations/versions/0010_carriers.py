"""Dossiers of carriers, their papers, vehicles, rate cards and weeks; rounds, and tours that belong to one"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

TOUR = (
    ("vehicle_id", sa.String(length=40)),
    ("driver_id", sa.String(length=40)),
    ("substitution", sa.Text()),
    ("litres", sa.Text()),
)


def upgrade() -> None:
    _dossiers()
    _fleet()
    _rounds()
    for name, kind in TOUR:
        op.add_column("tour", sa.Column(name, kind, nullable=False, server_default=""))
    op.add_column(
        "tour", sa.Column("waiting_cents_per_hour", sa.BigInteger(), nullable=False, server_default="0")
    )
    for name in ("ready_from_at", "fresh_by_at"):
        op.add_column("tour", sa.Column(name, sa.BigInteger(), nullable=True))
    op.add_column("tour", sa.Column("round_id", sa.String(length=40), nullable=True))
    op.add_column("tour", sa.Column("round_day", sa.Date(), nullable=True))
    op.add_column("tour", sa.Column("detached", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index("ix_tour_round", "tour", ["round_id", "round_day"], unique=True)
    for statement in CARRIERS_THAT_STAND:
        op.execute(statement)


def downgrade() -> None:
    op.drop_index("ix_tour_round", table_name="tour")
    columns = [name for name, _ in TOUR]
    columns += ["waiting_cents_per_hour", "ready_from_at", "fresh_by_at", "round_id", "round_day", "detached"]
    with op.batch_alter_table("tour") as tour:
        for name in columns:
            tour.drop_column(name)
    for table in (
        "round_exception",
        "round_terms",
        "harvest_round",
        "carrier_week",
        "rate_card",
        "vehicle",
        "paper",
        "dossier",
    ):
        op.drop_table(table)


CARRIERS_THAT_STAND = (
    """
    INSERT INTO dossier (id, party_id, state, note, area, days_per_week, created_at, revision)
    SELECT 'dos_' || substr(id, 5), id, CASE WHEN vetted THEN 'active' ELSE 'applied' END,
        '', '', 3, created_at, 1
    FROM party WHERE role = 'carrier'
    """,
    """
    INSERT INTO paper (id, party_id, kind, about_id, number, expires, state, note, created_at, revision)
    SELECT 'paper_' || substr(id, 5), id, 'transport_licence', '', licence, licence_until,
        'checked', 'vetted before dossiers were kept', created_at, 1
    FROM party WHERE role = 'carrier' AND vetted AND licence <> ''
    """,
    """
    INSERT INTO paper (id, party_id, kind, about_id, number, expires, state, note, created_at, revision)
    SELECT 'paper_i' || substr(id, 5), id, 'insurance', '', '', NULL,
        'waived', 'vetted before dossiers were kept', created_at, 1
    FROM party WHERE role = 'carrier' AND vetted
    """,
)
"""A carrier that was vetted stays so, by papers that say themselves that nobody has entered them yet."""


def _text(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def _whole(*names: str, nullable: bool = False) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.BigInteger(), nullable=nullable) for name in names]


def _id(name: str = "id", *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.String(length=40), nullable=nullable)


def _made(
    table: str, links: dict[str, str], *columns: sa.schema.SchemaItem, key: tuple[str, ...] = ("id",)
) -> None:
    op.create_table(
        table,
        *columns,
        sa.PrimaryKeyConstraint(*key, name=op.f(f"pk_{table}")),
        *(
            sa.ForeignKeyConstraint([one], [f"{target}.id"], name=op.f(f"fk_{table}_{one}_{target}"))
            for one, target in links.items()
        ),
    )
    for column in links:
        op.create_index(f"ix_{table}_{column}", table, [column])


def _dossiers() -> None:
    _made(
        "dossier",
        {"party_id": "party"},
        _id(),
        _id("party_id"),
        *_text("state", "note", "area"),
        *_whole("days_per_week", "created_at", "revision"),
        sa.UniqueConstraint("party_id", name=op.f("uq_dossier_party_id")),
    )
    _made(
        "paper",
        {"party_id": "party", "checked_by_id": "member"},
        _id(),
        _id("party_id"),
        _id("checked_by_id", nullable=True),
        *_text("kind", "about_id", "number", "state", "note"),
        sa.Column("expires", sa.Date(), nullable=True),
        *_whole("checked_at", "told_days", nullable=True),
        *_whole("created_at", "revision"),
    )
    op.create_index("ix_paper_expires", "paper", ["expires"])
    _made(
        "carrier_week",
        {"party_id": "party", "by_member_id": "member"},
        _id("party_id"),
        _id("by_member_id"),
        sa.Column("monday", sa.Date(), nullable=False),
        *_text("reason"),
        *_whole("days", "created_at"),
        key=("party_id", "monday"),
    )


def _fleet() -> None:
    _made(
        "vehicle",
        {"party_id": "party", "start_site_id": "site", "end_site_id": "site"},
        _id(),
        *(_id(one) for one in ("party_id", "start_site_id", "end_site_id")),
        *_text("plate", "name", "profile", "energy", "state"),
        *_whole("ambient_crates", "chilled_crates", "frozen_crates", "payload_kg"),
        *_whole("ambient_litres", "chilled_litres", "frozen_litres", nullable=True),
        sa.Column("tail_lift", sa.Boolean(), nullable=False),
        *_whole("created_at", "revision"),
        sa.UniqueConstraint("party_id", "plate", name=op.f("uq_vehicle_party_id_plate")),
    )
    _made(
        "rate_card",
        {"party_id": "party"},
        _id(),
        _id("party_id"),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("until_day", sa.Date(), nullable=True),
        *_whole("fixed_cents", "cents_per_km", "cents_per_hour", "cents_per_stop"),
        *_whole("waiting_cents_per_hour", "created_at", "revision"),
    )


def _rounds() -> None:
    _made(
        "harvest_round",
        {"operator_id": "party", "carrier_id": "party"},
        _id(),
        _id("operator_id"),
        _id("carrier_id"),
        *_text("name", "timezone", "state"),
        sa.Column("until_day", sa.Date(), nullable=True),
        sa.Column("made_until_day", sa.Date(), nullable=True),
        *_whole("created_at", "revision"),
    )
    op.create_index("ix_harvest_round_due", "harvest_round", ["state", "made_until_day"])
    _made(
        "round_terms",
        {"round_id": "harvest_round"},
        _id("round_id"),
        sa.Column("from_day", sa.Date(), nullable=False),
        *_text("rule", "template"),
        key=("round_id", "from_day"),
    )
    _made(
        "round_exception",
        {"round_id": "harvest_round"},
        _id("round_id"),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("moved_to", sa.Date(), nullable=True),
        *_text("reason"),
        key=("round_id", "day"),
    )
