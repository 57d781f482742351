"""What delivering oneself costs, beside today's real offers: a page for anybody."""

from dataclasses import dataclass

from fastapi import APIRouter
from starlette.responses import Response

from api.commands.cost_command import LINES, RUN_LINES, VAN_LINES, even_sentence, served_words
from api.costing import HOME, Reckoned, cost_of, pooled_price, read_deliveries
from api.pages.forms import Form, asked
from api.pages.press import page
from api.pages.visit import AnyVisit
from api.shapes.goods.costs import MOST_DELIVERIES
from geodata.refusal import Refusal
from pooling.costs.cost_sources import NAMES, rates_told
from pooling.costs.own_cost import default_rates
from pooling.costs.own_van import BreakEven, break_even, default_van_year
from pooling.desk.market.asked_offers import Looked, PublicOffer, look_beside, public_offers
from pooling.figures import TARGET_SHARE_OF_GOODS

router = APIRouter()
LETTERS = 4_000
RUNS = 3_660


@dataclass(frozen=True)
class Answer:
    """Hold what the page tells: the cost, the offers beside it, and the break-even where a price is known."""

    reckoned: Reckoned
    looked: Looked
    even: BreakEven | None

    def public(self) -> list[PublicOffer]:
        """Return the offers as anybody may see them."""
        crates = [one.crates for one in self.reckoned.cost.deliveries]
        return [offer for one in self.looked.found for offer in public_offers(one, crates[one.number])]


@router.get("/cost")
def reckoned(visit: AnyVisit) -> Response:
    """Show the form, and what it comes to where something was asked."""
    form = asked(visit)
    found: Answer | None = None
    refused: Refusal | None = None
    runs = form.whole("runs", 1, RUNS, 1)
    crate_cents = form.cents("crate_price", 0)
    if form.value("home") and not form.mistakes:
        try:
            found = _found(visit, form, crate_cents)
        except Refusal as refusal:
            refused = refusal
    return page(
        visit,
        "cost.html",
        form=form,
        answer=found,
        found=found.reckoned.cost if found else None,
        labels=found.reckoned.labels if found else {},
        lines=LINES,
        run_lines=RUN_LINES,
        van_lines=VAN_LINES,
        even_sentence=even_sentence,
        served=served_words(visit.words, found.reckoned.cost, found.reckoned.labels)
        if found and found.reckoned.cost.begins_s
        else [],
        runs=runs,
        rates=rates_told(
            default_rates(refrigerated=form.value("refrigerated") == "yes"),
            refrigerated=form.value("refrigerated") == "yes",
        ),
        rate_names=NAMES,
        target=TARGET_SHARE_OF_GOODS.value,
        refusal=refused,
        most=MOST_DELIVERIES,
    )


def _found(visit: AnyVisit, form: Form, crate_cents: int) -> Answer:
    texts = [line.strip() for line in form.value("deliveries")[:LETTERS].splitlines() if line.strip()]
    wanted = read_deliveries(texts or [""], MOST_DELIVERIES)
    refrigerated = form.value("refrigerated") == "yes"
    home = " ".join(form.value("home").split())[:200]
    rates = default_rates(refrigerated=refrigerated)
    found = cost_of(visit.house.region, home, wanted, rates, book=visit.house.addresses)
    manages = visit.party is not None and visit.role != "driver"
    payer_id = visit.party.id if manages and visit.party is not None else None
    looked = look_beside(visit.desk, payer_id, found.places[HOME], found.beside(refrigerated=refrigerated))
    pooled_cents = pooled_price(found.cost, crate_cents, looked, stranger=payer_id is None)
    even = (
        break_even(found.cost, default_van_year(refrigerated=refrigerated), pooled_cents)
        if pooled_cents
        else None
    )
    return Answer(found, looked, even)
