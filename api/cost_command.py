"""The command ``carriole cost``: what delivering oneself costs, from addresses and crates, line by line."""

from dataclasses import replace
from typing import Annotated

import typer

from api.costing import HOME, cost_figures, cost_of, read_deliveries
from api.papers import Words
from api.papers.words import message
from api.story.voice import Voice
from api.terminal import JsonOption, LanguageOption, out_console, print_json, refusing
from geodata.region import open_region
from geodata.region_use import region_in_use
from pooling.figures import OWN_VAN_CRATES, TARGET_SHARE_OF_GOODS
from pooling.own_cost import OwnCost, Rates, default_rates

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
    region: Annotated[str, typer.Option(help="A built region; else the one in use.")] = "",
    as_json: JsonOption = False,
    language: LanguageOption = "en",
) -> None:
    """Tell what delivering oneself costs, from addresses and crates: full cost, line by line."""
    with refusing(language, as_json=as_json) as say:
        asked = read_deliveries(to)
        rates = _rates(
            default_rates(refrigerated=refrigerated), vehicle, consumption, energy_price, tolls, labour
        )
        found, labels = cost_of(open_region(region or region_in_use()), home, asked, rates, van_crates)
        if as_json:
            print_json(cost_figures(found, labels, rates, runs_per_year, crate_price))
        else:
            tell_cost(Voice(out_console(), say), found, labels, runs_per_year, crate_price)


LINES = {
    "vehicle_cents": message("Vehicle: wear, upkeep, tyres, insurance"),
    "energy_cents": message("Energy"),
    "tolls_cents": message("Tolls"),
    "driving_cents": message("Labour: driving"),
    "loading_cents": message("Labour: loading and handing over"),
}


def tell_cost(
    voice: Voice, found: OwnCost, labels: dict[str, str], runs_per_year: int, crate_price_cents: int
) -> None:
    """Print the cost for a person: the lines, what they add up to, and what they are per crate."""
    say = voice.words
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
        year = say.say("{runs} times a year", runs=runs_per_year)
        rows.append((say.say("Full cost a year"), year, say.money(found.cents_per_year(runs_per_year))))
    voice.grid(rows)
    for line in _sentences(say, found, labels, crate_price_cents):
        voice.line(line)


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
    if found.above_target:
        told.append(say.say("Carriage costs more than the target share of the goods."))
    if found.as_said_cents is not None and found.as_said_cents > found.cents:
        saved = say.money(found.as_said_cents - found.cents)
        told.append(
            say.say("This order saves {saved} against the order in which you named them.", saved=saved)
        )
    if crate_price_cents:
        told.append(
            say.say(
                "At {price} a crate elsewhere, your own van is no dearer from {crates} crates on.",
                price=say.money(crate_price_cents),
                crates=found.even_crates(crate_price_cents),
            )
        )
    return told


def _rates(
    rates: Rates,
    vehicle: int | None,
    consumption: int | None,
    energy_price: int | None,
    tolls: int | None,
    labour: int | None,
) -> Rates:
    said = {
        "vehicle_cents_per_km": vehicle,
        "energy_ml_per_km": consumption,
        "energy_cents_per_litre": energy_price,
        "tolls_cents_per_km": tolls,
        "labour_cents_per_hour": labour,
    }
    return replace(rates, **{name: value for name, value in said.items() if value is not None})
