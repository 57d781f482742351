"""Tours: a carrier's vehicle with its card, its hours and the price shown at joining."""

from collections.abc import Sequence

from pooling.intake.reading import NameTwice, Reading
from pooling.intake.rooms import read_room
from pooling.line import Line
from pooling.rawline import RawLine
from pooling.settlement import OPERATOR
from pooling.tour import RateCard, Tour


def read_tours(reading: Reading, lines: Sequence[RawLine]) -> None:
    for raw in lines:
        line = Line("vehicles", raw)
        tour = _tour(reading, line)
        if tour.id in (*reading.trips, *reading.parties, OPERATOR):
            line.refuse("tour", NameTwice(column="tour", name=tour.id))
        if tour.gap_account == tour.id:
            line.refuse("gap_account", NameTwice(column="gap_account", name=tour.id))
        if reading.close(line):
            reading.tours[tour.id] = tour


def _tour(reading: Reading, line: Line) -> Tour:
    name = reading.fresh(line, "tour", reading.tours)
    carrier = reading.known(line, "carrier", "party", reading.parties, line.text("carrier"))
    start = reading.known(line, "start_site", "site", reading.sites, line.text("start_site"))
    end = reading.known(line, "end_site", "site", reading.sites, line.text("end_site", default=start))
    return Tour(
        id=name,
        carrier=carrier,
        driver=line.text("driver", default=carrier),
        start_site=start,
        end_site=end,
        shift=line.window(reading.clock, "opens", "closes", ("", "")),
        room=read_room(line, "", "payload_kg"),
        card=RateCard(
            fixed_cents=line.cents("fixed_eur", 0),
            cents_per_km=line.cents("per_km_eur", 0),
            cents_per_hour=line.cents("per_hour_eur", 0),
            cents_per_stop=line.cents("per_stop_eur", 0),
        ),
        crate_cents=line.cents("crate_eur"),
        fee_cents=line.cents("fee_eur", 0),
        gap_cents=line.cents("gap_eur", 0),
        gap_account=line.text("gap_account", default=""),
    )
