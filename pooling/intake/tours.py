"""Tours: a carrier's vehicle with its card, its hours, the price shown at joining, and who takes a gap."""

from collections.abc import Sequence

from geodata.refusal import Refusal
from pooling.files.line import Line, NotOneOf
from pooling.files.rawline import RawLine
from pooling.intake.reading import NameTwice, Reading
from pooling.intake.rooms import read_room
from pooling.party import Role
from pooling.phrases import excerpt
from pooling.sharing_rule import RULES, USUAL_RULE, Rule
from pooling.tour import RateCard, Tour


class GapAccountUnfit(Refusal):
    code = "gap_account_unfit"
    reason = "{account} cannot take the gap of tour {tour}: only an operator may, and not for its own card."
    cure = "Name in gap_account a party whose role is operator and that does not drive the tour itself."


def read_tours(reading: Reading, lines: Sequence[RawLine]) -> None:
    for raw in lines:
        line = Line("vehicles", raw)
        tour = _tour(reading, line)
        if reading.close(line) and tour is not None:
            reading.tours[tour.id] = tour


def _tour(reading: Reading, line: Line) -> Tour | None:
    name = reading.fresh(line, "tour", reading.tours)
    if name in (*reading.trips, *reading.parties):
        line.refuse("tour", NameTwice(column="tour", name=name))
    carrier = reading.known(line, "carrier", "party", reading.parties, line.text("carrier"))
    start = reading.known(line, "start_site", "site", reading.sites, line.text("start_site"))
    end = reading.known(line, "end_site", "site", reading.sites, line.text("end_site", default=start))
    try:
        return Tour(
            id=name,
            carrier=carrier,
            driver=line.text("driver", default=carrier),
            start_site=start,
            end_site=end,
            shift=line.window(reading.clock, "opens", "closes", ("", "")),
            room=read_room(line, "", "payload_kg"),
            card=_card(line),
            crate_cents=line.cents("crate_eur"),
            fee_cents=line.cents("fee_eur", 0),
            gap_cents=line.cents("gap_eur", 0),
            gap_account=_gap_account(reading, line, name, carrier),
            sharing_rule=_rule(line),
        )
    except Refusal as refusal:
        line.refuse("gap_account", refusal)
        return None


def _card(line: Line) -> RateCard:
    return RateCard(
        fixed_cents=line.cents("fixed_eur", 0),
        cents_per_km=line.cents("per_km_eur", 0),
        cents_per_hour=line.cents("per_hour_eur", 0),
        cents_per_stop=line.cents("per_stop_eur", 0),
    )


def _rule(line: Line) -> Rule:
    """Read by which rule the cost is shared; the usual one where none is named."""
    text = line.text("sharing_rule", default=USUAL_RULE)
    for rule in RULES:
        if rule == text:
            return rule
    line.refuse("sharing_rule", NotOneOf(column="sharing_rule", text=excerpt(text), choices=", ".join(RULES)))
    return USUAL_RULE


def _gap_account(reading: Reading, line: Line, tour: str, carrier: str) -> str:
    """Read who takes a gap: an operator of the day, and never the carrier, which would pay its own card."""
    account = line.text("gap_account", default="")
    party = reading.parties.get(reading.known(line, "gap_account", "party", reading.parties, account))
    if party is not None and (party.role is not Role.OPERATOR or party.id == carrier):
        line.refuse("gap_account", GapAccountUnfit(account=account, tour=tour))
    return account
