"""A proposed tour with three aboard, one of them by an order, and the hours that nobody may be told yet."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select

from pooling.store.selling import tour_order
from pooling.store.touring import sign_up
from pooling.store.tours import sign_ups_aboard
from pooling.tours.hour_windows import QUARTER_S
from tests.desk.selling import COURGETTES, listed, ordered
from tests.desk.touring import joined, proposed, row, sent

TOLD = ("farm", "neighbour", "restaurant", "shop")


def told_tour(town):
    """Have the farm and its neighbour join, the restaurant order, one leave, and one only look."""
    tour_id = proposed(town)
    ups = [joined(town, tour_id, name, sent(town, name)) for name in ("farm", "neighbour")]
    list_id, (courgettes,) = listed(town, "farm", COURGETTES, carriage="buyer")
    order_id = ordered(town, list_id, {courgettes: 24}, tour_id=tour_id)
    return {
        "tour_id": tour_id,
        "sign_up_id": ups[0],
        "tour_order_id": order_id,
        "shipment_id": row(town, sign_up, ups[0]).shipment_id,
        "looks": sent(town, "neighbour", crates=2),
    }


def planned_hours(town, tour_id):
    """Return the planned moments of a tour whose minute is no quarter of an hour: nobody can be told them."""
    with town.house.desk.store.view() as view:
        aboard = sign_ups_aboard(view, tour_id)
        ordered_ones = list(view.connection.execute(select(tour_order.c.id)))
    assert len(aboard) == 3 and ordered_ones
    planned = {at for one in aboard for at in (one.pickup_at, one.drop_at)}
    found = {at for at in planned if at // 60 * 60 % QUARTER_S}
    assert len(found) > 2
    return found


def on_the_wire(at):
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M")


def on_a_page(at):
    return datetime.fromtimestamp(at, ZoneInfo("Europe/Paris")).strftime("%H:%M")
