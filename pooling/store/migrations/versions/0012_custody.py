"""Records of changing hands: who, where and why, chained by hash; nothing is changed or removed"""

import hashlib
import json
import secrets
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

LINKS = {
    "manifest_id": "manifest",
    "shipment_id": "shipment",
    "giver_id": "party",
    "taker_id": "party",
    "site_id": "site",
    "member_id": "member",
}
WHOLE = ("number", "stop", "crates", "lost", "damaged", "happened_at", "created_at")
SAID = ("receiver", "photo", "empties", "reason", "next_step", "next_day", "next_with", "note")
WORDS = ("way", "outcome", "kind", "condition", *SAID, "corrects", "hash")
OLD = ("id", "manifest_id", "shipment_id", "stop", "way", "outcome", "crates", "condition", "receiver")
OLD_TOO = ("note", "member_id", "happened_at", "created_at")
Record = dict[str, Any]
REFUSED = "records of changing hands stand as they were written"


def upgrade() -> None:
    old = _old_rows()
    op.drop_table("handover")
    _handovers()
    _beside()
    table = sa.table("handover", *(sa.column(name) for name in _columns()))
    for record in _chained(old):
        op.execute(sa.insert(table).values(record))
    op.bulk_insert(
        sa.table("house_secret", sa.column("name"), sa.column("secret")),
        [{"name": "handover_codes", "secret": secrets.token_hex(32)}],
    )
    _stand()


def downgrade() -> None:
    rows = op.get_bind().execute(sa.text("SELECT * FROM handover ORDER BY number")).mappings().all()
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER handover_stands ON handover")
        op.execute("DROP FUNCTION handover_stands()")
    for one in ("house_secret", "code_try", "photo", "handover"):
        op.drop_table(one)
    _old_table()
    names = (*OLD, *OLD_TOO)
    handover = sa.table("handover", *(sa.column(name) for name in names))
    for row in rows:
        if row["way"] in ("on", "off") and not row["corrects"]:
            op.execute(sa.insert(handover).values({name: row[name] for name in names}))


def _old_rows() -> list[Record]:
    """Read what was noted before, with who gave and who took it, in the order of its noting."""
    query = """
        SELECT h.*, s.crates AS agreed, s.temperature, s.shipper_id, m.carrier_id,
               s.from_site_id, s.to_site_id, t.party_id AS consignee_id
        FROM handover h JOIN shipment s ON s.id = h.shipment_id
        JOIN manifest m ON m.id = h.manifest_id JOIN site t ON t.id = s.to_site_id
        ORDER BY h.shipment_id, h.created_at, h.id
    """
    return [dict(row) for row in op.get_bind().execute(sa.text(query)).mappings()]


def _chained(old: list[Record]) -> list[Record]:
    """Write each old row in the new form; more crates than were there are noted, not handed over."""
    found: list[Record] = []
    held: dict[str, dict[str, int]] = {}
    last: dict[str, tuple[int, str]] = {}
    for row in old:
        shipment, on = row["shipment_id"], row["way"] == "on"
        giver, taker = row["carrier_id"], row["consignee_id"]
        if on:
            giver, taker = row["shipper_id"], row["carrier_id"]
        there = held.setdefault(shipment, {row["shipper_id"]: row["agreed"]})
        crates = min(row["crates"], there.get(giver, 0)) if row["outcome"] == "done" else 0
        there[giver] = there.get(giver, 0) - crates
        there[taker] = there.get(taker, 0) + crates
        more = row["outcome"] == "done" and crates != row["crates"]
        counted = f" (counted: {row['crates']})" if more else ""
        number, before = last.get(shipment, (0, ""))
        record = dict.fromkeys(_columns(), "") | {
            "id": row["id"],
            "manifest_id": row["manifest_id"],
            "shipment_id": shipment,
            "number": number + 1,
            "stop": row["stop"],
            "way": row["way"],
            "outcome": row["outcome"],
            "giver_id": giver,
            "taker_id": taker,
            "crates": crates,
            "lost": 0,
            "damaged": 0,
            "kind": row["temperature"],
            "condition": row["condition"],
            "temperature_tenths": None,
            "receiver": row["receiver"],
            "proven": False,
            "site_id": row["from_site_id"] if on else row["to_site_id"],
            "lat": None,
            "lon": None,
            "note": row["note"] + counted,
            "member_id": row["member_id"],
            "happened_at": row["happened_at"],
            "created_at": row["created_at"],
        }
        record["hash"] = _hash(before, record)
        last[shipment] = number + 1, record["hash"]
        found.append(record)
    return found


def _hash(before: str, record: Record) -> str:
    fields = {name: value for name, value in record.items() if name != "hash"}
    words = json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(f"{before}\n{words}".encode()).hexdigest()


def _columns() -> tuple[str, ...]:
    return ("id", *LINKS, *WHOLE, *WORDS, "temperature_tenths", "proven", "lat", "lon")


def _handovers() -> None:
    optional = ("taker_id", "site_id", "member_id")
    op.create_table(
        "handover",
        sa.Column("id", sa.String(length=40), nullable=False),
        *(sa.Column(one, sa.String(length=40), nullable=one in optional) for one in LINKS),
        *(sa.Column(one, sa.BigInteger(), nullable=False) for one in WHOLE),
        *(sa.Column(one, sa.Text(), nullable=False) for one in WORDS),
        sa.Column("temperature_tenths", sa.BigInteger(), nullable=True),
        sa.Column("proven", sa.Boolean(), nullable=False),
        sa.Column("lat", sa.Float(), nullable=True),
        sa.Column("lon", sa.Float(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover")),
        *_foreign("handover", LINKS),
        sa.UniqueConstraint("shipment_id", "number", name=op.f("uq_handover_shipment_id_number")),
    )
    for column in LINKS:
        op.create_index(f"ix_handover_{column}", "handover", [column])


def _beside() -> None:
    op.create_table(
        "photo",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("by_id", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_photo")),
        *_foreign("photo", {"by_id": "party"}),
    )
    op.create_index("ix_photo_by_id", "photo", ["by_id"])
    tried = {"manifest_id": "manifest", "shipment_id": "shipment"}
    op.create_table(
        "code_try",
        *(sa.Column(one, sa.String(length=40), nullable=False) for one in tried),
        sa.Column("way", sa.String(length=10), nullable=False),
        sa.Column("tried", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("manifest_id", "shipment_id", "way", "tried", name=op.f("pk_code_try")),
        *_foreign("code_try", tried),
    )
    for column in tried:
        op.create_index(f"ix_code_try_{column}", "code_try", [column])
    op.create_table(
        "house_secret",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_house_secret")),
    )


def _stand() -> None:
    """Let the database itself refuse to change or to remove a record."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE FUNCTION handover_stands() RETURNS trigger AS $$ BEGIN RAISE EXCEPTION '{REFUSED}'; "
            "END $$ LANGUAGE plpgsql"
        )
        op.execute(
            "CREATE TRIGGER handover_stands BEFORE UPDATE OR DELETE ON handover "
            "FOR EACH ROW EXECUTE FUNCTION handover_stands()"
        )
        return
    for change in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER handover_stands_{change.lower()} BEFORE {change} ON handover "
            f"BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
        )


def _old_table() -> None:
    links = {"manifest_id": "manifest", "shipment_id": "shipment", "member_id": "member"}
    op.create_table(
        "handover",
        sa.Column("id", sa.String(length=40), nullable=False),
        *(sa.Column(one, sa.String(length=40), nullable=one == "member_id") for one in links),
        *(sa.Column(one, sa.BigInteger(), nullable=False) for one in ("stop", "crates")),
        *(
            sa.Column(one, sa.Text(), nullable=False)
            for one in ("way", "outcome", "condition", "receiver", "note")
        ),
        sa.Column("happened_at", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover")),
        *_foreign("handover", links),
        sa.UniqueConstraint(
            "manifest_id", "shipment_id", "way", name=op.f("uq_handover_manifest_id_shipment_id_way")
        ),
    )
    for column in links:
        op.create_index(f"ix_handover_{column}", "handover", [column])


def _foreign(name: str, links: dict[str, str]) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([one], [f"{table}.id"], name=op.f(f"fk_{name}_{one}_{table}"))
        for one, table in links.items()
    ]
