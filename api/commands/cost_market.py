"""The real offers beside a cost on the command line: there is a market only where the house's database is."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from api.costing import HOME, Reckoned
from api.house import open_house
from api.papers import Words
from api.papers.words import REGIMES, message
from api.settings import Settings, settings
from api.shapes.goods.cost_offers import BesideShown, beside_shown
from api.story.voice import Voice
from geodata.region import Region
from pooling.costs.own_cost import OwnCost
from pooling.desk.market.asked_offers import Looked, look_beside
from pooling.hours import DayClock

Where = Literal["here", "no_house", "other_region"]
NONE: dict[Where, str] = {
    "no_house": message("No house has its database here: there are no offers to look at."),
    "other_region": message("The house here stands in another region: there are no offers to look at."),
}
SQLITE = "sqlite:///"


@dataclass(frozen=True)
class Market:
    """Hold whether there is a market here, and what was found on it as anybody may see it."""

    where: Where
    looked: Looked | None = None
    timezone: str = ""


def market_here(region: Region, found: Reckoned, *, refrigerated: bool) -> Market:
    """Look for offers in the house whose database is here, if there is one in this region."""
    told = settings()
    if not _has_database(told):
        return Market("no_house")
    if told.region != region.name:
        return Market("other_region")
    house = open_house(told, region=region).seen_by(())
    try:
        asked = found.beside(refrigerated=refrigerated)
        return Market("here", look_beside(house.desk, None, found.places[HOME], asked), told.timezone)
    finally:
        house.close()


def market_figures(market: Market, found: OwnCost, say: Words) -> dict[str, Any]:
    """Return the offers as JSON, in the shape of the API."""
    shown = _shown(market, found, say)
    return {"market": market.where, "beside": shown.model_dump(mode="json") if shown else None}


def tell_market(voice: Voice, market: Market, reckoned: Reckoned) -> None:
    """Print the offers for a person, or that there is no market here."""
    say = voice.words
    shown = _shown(market, reckoned.cost, say)
    voice.head(say.say("Real offers beside it"))
    if shown is None:
        voice.line(say.say(NONE[market.where]))
        return
    for one in shown.offers:
        clock = DayClock(one.day, market.timezone)
        midnight_at = int(clock.midnight.timestamp())
        begins, ends = (clock.wall(int(at.timestamp()) - midnight_at) for at in (one.begins, one.ends))
        price = say.say(
            "{least} to {most} a crate",
            least=say.money(one.crate_from_cents),
            most=say.money(one.crate_until_cents),
        )
        day, regime = say.day(one.day.isoformat()), say.say(REGIMES[one.regime])
        place = reckoned.labels[str(one.delivery)]
        voice.line(f"{place}{say.colon}{day}, {begins}–{ends} · {regime} · {price}")
    for none in shown.none_found:
        voice.line(f"{reckoned.labels[str(none.delivery)]}{say.colon}{say.say('None found.')}")


def _shown(market: Market, found: OwnCost, say: Words) -> BesideShown | None:
    return beside_shown(market.looked, found.deliveries, say, is_member=False) if market.looked else None


def _has_database(told: Settings) -> bool:
    """Tell whether the database of a house can be there: a file that is, or a server that was named."""
    url = told.database_url
    return Path(url.removeprefix(SQLITE)).is_file() if url.startswith(SQLITE) else True
