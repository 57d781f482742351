"""The command ``carriole cost``: what delivering oneself costs, from addresses and crates, line by line."""

from dataclasses import replace
from typing import Annotated, TypeVar

import typer

from api.commands.terminal import JsonOption, LanguageOption, out_console, print_json, refusing
from api.costing import HOME, Reckoned, cost_figures, cost_of, pooled_price, read_deliveries
from api.papers import Words
from api.papers.words import message
from api.story.voice import Voice
from geodata.region import open_region
from geodata.region_use import region_in_use
from pooling.costs.cost_sources import NAMES, rates_told
from pooling.costs.own_cost import OwnCost, Rates, default_rates
from pooling.costs.own_van import BreakEven, VanYear, break_even, default_van_year
from pooling.figures import (
    OWN_VAN_CRATES,
    TARGET_SHARE_OF_GOODS,
)

VanOption = Annotated[int | None, typer.Option(min=0, max=10_000_000, help="Own van: cents per year.")]
Figures = TypeVar("Figures", Rates, VanYear)

RefrigeratedOption = Annotated[bool, typer.Option("--refrigerated", help="With a refrigerated van.")]


def cost(
    home: Annotated[str, typer.Argument(help="The farm: an address, degrees, or a link of a map.")],
    to: Annotated[list[str], typer.Option(help="A delivery, “address=crates”; again for each.")],
    refrigerated: RefrigeratedOption = False,
    runs_per_year: Annotated[int, typer.Option(min=1, max=3660, help="How often a year.")] = 1,
    crate_price: Annotated[
        int, typer.Option(min=0, help="What a crate costs elsewhere in cents, for the break-even.")
    ] = 0,
    van_crates: Annotated[
        int, typer.Option(min=1, max=10_000, help="How many crates the van holds.")
    ] = OWN_VAN_CRATES.value,
    vehicle: Annotated[int | None, typer.Option(min=0, help="Vehicle without energy, cents per km.")] = None,
    consumption: Annotated[int | None, typer.Option(min=0, help="Energy, millilitres per km.")] = None,
    energy_price: Annotated[int | None, typer.Option(min=0, help="Energy, cents per litre.")] = None,
    tolls: Annotated[int | None, typer.Option(min=0, help="Tolls, cents per km.")] = None,
    labour: Annotated[int | None, typer.Option(min=0, help="Labour, cents per hour.")] = None,
    stop_seconds: Annotated[int | None, typer.Option(min=0, max=7200, help="Seconds at each stop.")] = None,
    crate_seconds: Annotated[
        int | None, typer.Option(min=0, max=600, help="Loading or handing over a crate, seconds.")
    ] = None,
    van_depreciation: VanOption = None,
    van_insurance: VanOption = None,
    van_upkeep: VanOption = None,
    van_wear: Annotated[
        int | None, typer.Option(min=0, max=1000, help="Own van: tyres and repairs, cents per km.")
    ] = None,
    region: Annotated[str, typer.Option(help="A built region; else the one in use.")] = "",
    as_json: JsonOption = False,
    language: LanguageOption = "en",
) -> None:
    """Tell what delivering oneself costs, from addresses and crates: full cost, line by line."""
    from api.commands.cost_market import market_figures, market_here, tell_market

    with refusing(language, as_json=as_json) as say:
        asked = read_deliveries(to)
        rates = _otherwise(
            default_rates(refrigerated=refrigerated),
            vehicle_cents_per_km=vehicle,
            energy_ml_per_km=consumption,
            energy_cents_per_litre=energy_price,
            tolls_cents_per_km=tolls,
            labour_cents_per_hour=labour,
            setup_s_per_stop=stop_seconds,
            service_s_per_crate=crate_seconds,
        )
        opened = open_region(region or region_in_use())
        found = cost_of(opened, home, asked, rates, van_crates)
        market = market_here(opened, found, refrigerated=refrigerated)
        pooled_cents = pooled_price(found.cost, crate_price, market.looked)
        van = _otherwise(
            default_van_year(refrigerated=refrigerated),
            depreciation_cents=van_depreciation,
            insurance_cents=van_insurance,
            upkeep_cents=van_upkeep,
            wear_cents_per_km=van_wear,
        )
        even = break_even(found.cost, van, pooled_cents) if pooled_cents else None
        if as_json:
            figures = cost_figures(found, rates, runs_per_year, crate_price, even, refrigerated=refrigerated)
            print_json(figures | market_figures(market, found.cost, say))
        else:
            voice = Voice(out_console(), say)
            tell_cost(voice, found, runs_per_year, crate_price)
            tell_rates(voice, rates, refrigerated=refrigerated)
            if even is not None:
                tell_even(voice, even, runs_per_year)
            tell_market(voice, market, found)


def _otherwise(usual: Figures, **said: int | None) -> Figures:
    """Return the usual figures with what was said otherwise."""
    return replace(usual, **{name: value for name, value in said.items() if value is not None})


LINES = {
    "vehicle_cents": message("Vehicle: wear, upkeep, tyres, insurance"),
    "energy_cents": message("Energy"),
    "tolls_cents": message("Tolls"),
    "driving_cents": message("Labour: driving"),
    "loading_cents": message("Labour: loading and handing over"),
}

VAN_LINES = {
    "depreciation_cents": message("The van, a year: lost worth"),
    "insurance_cents": message("Insurance"),
    "upkeep_cents": message("Inspection and parking"),
}
RUN_LINES = {"wear_cents": message("A run: tyres and repairs")} | {
    line: words for line, words in LINES.items() if line != "vehicle_cents"
}


def tell_cost(voice: Voice, reckoned: Reckoned, runs_per_year: int, crate_price_cents: int) -> None:
    """Print the cost for a person: the lines, what they add up to, and what they are per crate."""
    say, found, labels = voice.words, reckoned.cost, reckoned.labels
    voice.head(say.say("Delivering it yourself: full cost"))
    rows = [(say.say(words), "", say.money(getattr(found.lines, line))) for line, words in LINES.items()]
    rows.append((say.say("Full cost"), "", say.money(found.cents)))
    without = say.money(found.lines.shareable_cost_cents)
    rows.append((say.say("Of which without labour (what cost sharing may repay)"), "", without))
    rows.append((say.say("Per crate"), "", say.money(found.cents_per_crate)))
    rows.append((say.say("Per kilo"), "", say.money(found.cents_per_kg)))
    rows.append((say.say("Per delivery"), "", say.money(found.cents_per_delivery)))
    if found.goods_share_pct is not None:
        target = say.say("target {target} %", target=TARGET_SHARE_OF_GOODS.value)
        rows.append((say.say("Of the value of the goods"), target, f"{say.number(found.goods_share_pct)} %"))
    if runs_per_year > 1:
        year = say.say("{runs} {runs:time/times} a year", runs=runs_per_year)
        rows.append((say.say("Full cost a year"), year, say.money(found.cents_per_year(runs_per_year))))
    voice.grid(rows)
    for line in _sentences(say, found, labels, crate_price_cents):
        voice.line(line)


def tell_rates(voice: Voice, rates: Rates, *, refrigerated: bool) -> None:
    """Print by which rates it was reckoned, each with its source."""
    say = voice.words
    voice.head(say.say("Reckoned by"))
    voice.grid(
        [
            (say.say(NAMES[one.name]), say.say(one.source), f"{one.value} {say.say(one.unit)}")
            for one in rates_told(rates, refrigerated=refrigerated)
        ]
    )


def tell_even(voice: Voice, even: BreakEven, runs: int) -> None:
    """Print both sides of a break-even, line by line."""
    say = voice.words
    voice.head(say.say("A van of your own, or shared tours"))
    rows = [(say.say(words), "", say.money(getattr(even.van, line))) for line, words in VAN_LINES.items()]
    rows.append((say.say("The van, a year, without driving"), "", say.money(even.van.fixed_cents)))
    rows += [(say.say(words), "", say.money(getattr(even.run, line))) for line, words in RUN_LINES.items()]
    rows.append((say.say("A run in it"), "", say.money(even.run.total_cents)))
    rows.append((say.say("The same crates on shared tours"), "", say.money(even.pooled_cents)))
    rows.append((say.say("Labour: loading them"), "", say.money(even.own_loading_cents)))
    rows.append((say.say("A run shared"), "", say.money(even.pooled_run_cents)))
    own = say.count("At {count} run a year: your own van", "At {count} runs a year: your own van", runs)
    shared = say.count("At {count} run a year: shared", "At {count} runs a year: shared", runs)
    rows += [
        (own, "", say.money(even.own_year_cents(runs))),
        (shared, "", say.money(even.pooled_year_cents(runs))),
    ]
    voice.grid(rows)
    voice.line(even_sentence(say, even))


def even_sentence(say: Words, even: BreakEven) -> str:
    """Say from how much on an own van is cheaper."""
    if even.even_runs is None or even.even_crates is None:
        return say.say("However often you drive: the shared tours are cheaper than your own van.")
    return say.say(
        "Your own van is cheaper from {runs} such {runs:run/runs} a year on, which "
        "{crates:is/are} {crates} {crates:crate/crates}.",
        runs=say.number(even.even_runs),
        crates=say.number(even.even_crates),
    )


def _sentences(say: Words, found: OwnCost, labels: dict[str, str], crate_price_cents: int) -> list[str]:
    way = " → ".join([labels[HOME], *(labels[site] for site in found.order), labels[HOME]])
    told = [
        way,
        say.say(
            "{km}, of which {empty} empty on the way home; {time}.",
            km=say.km(found.distance_m),
            empty=say.km(found.empty_m),
            time=say.duration(found.duration_s),
        ),
    ]
    if found.begins_s:
        told.append(", ".join(served_words(say, found, labels)))
    if found.vans > 1:
        told.append(say.say("These hours need {vans} vans at once.", vans=found.vans))
    if found.above_target:
        told.append(say.say("Carriage costs more than the target share of the goods."))
    if found.one_by_one_cents > found.cents:
        saved = say.money(found.one_by_one_cents - found.cents)
        told.append(say.say("One tour saves {saved} against a way home after each delivery.", saved=saved))
    if found.as_said_cents is not None and found.as_said_cents > found.cents:
        saved = say.money(found.as_said_cents - found.cents)
        told.append(
            say.say("This order saves {saved} against the order in which you named them.", saved=saved)
        )
    if crate_price_cents:
        told.append(
            say.say(
                "At {price} a crate elsewhere, your own van is no dearer from {crates} "
                "{crates:crate/crates} on.",
                price=say.money(crate_price_cents),
                crates=found.even_crates(crate_price_cents),
            )
        )
    return told


def served_words(say: Words, found: OwnCost, labels: dict[str, str]) -> list[str]:
    """Say when each delivery that has hours is served, in the order driven."""
    timed = {one.site for one in found.deliveries if one.hours}
    return [
        say.say("{place} at {hour}", place=labels[site], hour=f"{at_s // 3600:02d}:{at_s % 3600 // 60:02d}")
        for site, at_s in zip(found.order, found.begins_s, strict=True)
        if site in timed
    ]
