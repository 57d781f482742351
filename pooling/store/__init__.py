"""
The only SQL of the house: tables, the way in, and what each noun is read and written by.

SQLite by default, PostgreSQL by its URL; the same statements on both.
"""

from pooling.store import (
    belonging,
    carrying,
    claiming,
    collecting,
    deposits,
    finding,
    legal,
    market,
    partners,
    payment_requests,
    people,
    selling,
    shared_tools,
    touring,
    waiting,
    work,
)
from pooling.store.engine import Store, open_store
from pooling.store.idempotency import Ask
from pooling.store.migrations import migrate
from pooling.store.rows import Page
from pooling.store.schema import metadata
from pooling.store.transaction import Tx, View

__all__ = [
    "Ask",
    "Page",
    "Store",
    "Tx",
    "View",
    "belonging",
    "collecting",
    "carrying",
    "claiming",
    "deposits",
    "finding",
    "legal",
    "market",
    "metadata",
    "migrate",
    "open_store",
    "partners",
    "payment_requests",
    "people",
    "selling",
    "shared_tools",
    "touring",
    "waiting",
    "work",
]
