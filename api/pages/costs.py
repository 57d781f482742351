"""What delivering oneself costs, on a page for anybody: addresses and crates are enough."""

from fastapi import APIRouter
from starlette.responses import Response

from api.cost_command import LINES
from api.costing import cost_of, read_deliveries
from api.pages.forms import Form, asked
from api.pages.press import page
from api.pages.visit import AnyVisit
from api.shapes.costs import MOST_DELIVERIES
from geodata.refusal import Refusal
from pooling.figures import TARGET_SHARE_OF_GOODS
from pooling.own_cost import OwnCost, default_rates

router = APIRouter()
LETTERS = 4_000
RUNS = 3_660


@router.get("/cost")
def reckoned(visit: AnyVisit) -> Response:
    """Show the form, and what it comes to where something was asked."""
    form = asked(visit)
    found: tuple[OwnCost, dict[str, str]] | None = None
    refused: Refusal | None = None
    runs = form.whole("runs", 1, RUNS, 1)
    if form.value("home") and not form.mistakes:
        try:
            found = _found(visit, form)
        except Refusal as refusal:
            refused = refusal
    return page(
        visit,
        "cost.html",
        form=form,
        found=found[0] if found else None,
        labels=found[1] if found else {},
        lines=LINES,
        runs=runs,
        target=TARGET_SHARE_OF_GOODS.value,
        refusal=refused,
        most=MOST_DELIVERIES,
    )


def _found(visit: AnyVisit, form: Form) -> tuple[OwnCost, dict[str, str]]:
    texts = [line.strip() for line in form.value("deliveries")[:LETTERS].splitlines() if line.strip()]
    wanted = read_deliveries(texts or [""], MOST_DELIVERIES)
    rates = default_rates(refrigerated=form.value("refrigerated") == "yes")
    home = " ".join(form.value("home").split())[:200]
    return cost_of(visit.house.region, home, wanted, rates, book=visit.house.addresses)
