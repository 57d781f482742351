"""What is to be carried, as a form says it: from where to where, how much, and when."""

from dataclasses import dataclass
from datetime import timedelta

from api.pages.forms import Form
from api.pages.said import message
from api.pages.visit import Visit
from api.papers.words import FOODS, TEMPERATURES
from pooling.claims.cover import DECLARED_LIMIT_CENTS
from pooling.desk.goods.shipments import ShipmentWords
from pooling.hours import DAY_S
from pooling.load import CRATES_LIMIT
from pooling.money import Cents


@dataclass(frozen=True)
class GoodsHours:
    """Hold the four hours of a shipment as moments."""

    ready_at: int
    pickup_by_at: int
    deliver_from_at: int
    deliver_by_at: int


def goods_of(visit: Visit, form: Form) -> ShipmentWords:
    """Read a shipment of the party that one acts for, which pays for it as well."""
    party = visit.own_party()
    hours = _hours(visit, form)
    words = ShipmentWords(
        shipper_id=party.id,
        payer_id=party.id,
        from_site_id=_site(form, "from_site"),
        to_site_id=_site(form, "to_site"),
        temperature=form.choice("temperature", TEMPERATURES),
        crates=form.whole("crates", 1, CRATES_LIMIT),
        kg=form.whole("kg", 1, 20_000) if form.value("kg").strip() else None,
        goods_value_cents=form.cents("goods_value", 0),
        declared_value_cents=_declared(form),
        goods=form.name("goods", needed=False),
        tail_lift=form.ticked("tail_lift"),
        food=form.choice("food", FOODS) if form.value("food") else "",
        **vars(hours),
    )
    form.check()
    return words


def _hours(visit: Visit, form: Form) -> GoodsHours:
    day = form.day("day", visit.moments.today)
    at = visit.moments.seconds
    delivered = day + timedelta(days=form.ticked("deliver_next"))
    return GoodsHours(
        ready_at=at(day, form.hour("ready")),
        pickup_by_at=at(day, form.hour("pickup_by", DAY_S)),
        deliver_from_at=at(delivered, form.hour("deliver_from", 0)),
        deliver_by_at=at(delivered, form.hour("deliver_by", DAY_S)),
    )


def _declared(form: Form) -> int:
    cents = form.cents("declared_value", 0)
    if cents > DECLARED_LIMIT_CENTS:
        form.wrong("declared_value", message("At most {most}."), most=Cents(DECLARED_LIMIT_CENTS))
    return cents


def _site(form: Form, name: str) -> str:
    return form.text(name, limit=40)
