"""The good values and the bad lines of a day, gathered while its tables are read."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from geodata.refusal import Refusal
from pooling.bid import Bid
from pooling.files.line import BadLine, Line
from pooling.hours import DayClock
from pooling.party import Party
from pooling.shipment import Shipment
from pooling.site import Site
from pooling.tour import Tour
from pooling.trip import Trip


class NameTwice(Refusal):
    code = "name_twice"
    reason = "{column}: “{name}” stands twice."
    cure = "Give each line a name of its own; the first one was kept."


class NotKnown(Refusal):
    code = "name_unknown"
    reason = "{column}: there is no {kind} “{name}”, or its own line was refused."
    cure = "Check the spelling, or mend the line of that {kind} first."


@dataclass
class Reading:
    """Gather the good values and the bad lines while the tables are read."""

    clock: DayClock
    bad: list[BadLine] = field(default_factory=list)
    parties: dict[str, Party] = field(default_factory=dict)
    sites: dict[str, Site] = field(default_factory=dict)
    trips: dict[str, Trip] = field(default_factory=dict)
    shipments: dict[str, Shipment] = field(default_factory=dict)
    bids: list[Bid] = field(default_factory=list)
    tours: dict[str, Tour] = field(default_factory=dict)

    def close(self, line: Line) -> bool:
        """Report what is wrong with a line; return whether it is good."""
        if line.raw.wrong is not None:
            line.found[:] = [BadLine(line.table, line.raw.number, "", line.raw.wrong)]
        self.bad += line.found
        return not line.bad

    def fresh(self, line: Line, column: str, taken: Mapping[str, object]) -> str:
        name = line.text(column)
        if name in taken:
            line.refuse(column, NameTwice(column=column, name=name))
        return name

    def known(self, line: Line, column: str, kind: str, names: Iterable[str], name: str) -> str:
        if name and name not in names:
            line.refuse(column, NotKnown(column=column, kind=kind, name=name))
        return name
