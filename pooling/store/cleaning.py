"""Remove what was only kept for a while: answered wishes, quotes and links run out, sessions long over."""

from datetime import date

from sqlalchemy import ColumnElement, Table, delete, literal, or_, select

from pooling.store.finding import quote, unmet
from pooling.store.people import session, sign_in_link
from pooling.store.transaction import Tx, View
from pooling.store.work import idempotency

DAY_S = 24 * 3600
EPOCH = date(1970, 1, 1).toordinal()
WISHES_KEPT_S = 30 * DAY_S
LINKS_KEPT_S = DAY_S
SESSIONS_KEPT_S = 30 * DAY_S
QUOTES_KEPT_S = 7 * DAY_S
DEMAND_KEPT_DAYS = 400


def something_old(view: View) -> bool:
    """Tell whether there is anything to remove."""
    return any(
        view.connection.execute(select(literal(1)).select_from(table).where(old).limit(1)).first()
        for table, old in _old(view.now_at)
    )


def clean(tx: Tx) -> int:
    """Remove it; returns how many rows."""
    return sum(tx.connection.execute(delete(table).where(old)).rowcount for table, old in _old(tx.now_at))


def _old(now_at: int) -> list[tuple[Table, ColumnElement[bool]]]:
    ended_before_at = now_at - SESSIONS_KEPT_S
    return [
        (idempotency, idempotency.c.created_at < now_at - WISHES_KEPT_S),
        (quote, quote.c.expires_at < now_at - QUOTES_KEPT_S),
        (unmet, unmet.c.day < date.fromordinal(EPOCH + now_at // DAY_S - DEMAND_KEPT_DAYS)),
        (sign_in_link, sign_in_link.c.expires_at < now_at - LINKS_KEPT_S),
        (session, or_(session.c.expires_at < ended_before_at, session.c.revoked_at < ended_before_at)),
    ]
