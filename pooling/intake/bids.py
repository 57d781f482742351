"""
The bid on a shipment's line: a trip and the most its payer would pay.

What is wrong with a bid costs the bid alone: its shipment is offered to the tours.
"""

from geodata.refusal import Refusal
from pooling.bid import Bid
from pooling.files.line import Line
from pooling.intake.reading import NotKnown, Reading
from pooling.shipment import Shipment


class BidWithoutPrice(Refusal):
    code = "bid_incomplete"
    reason = "A bid needs a trip and the most you would pay; one of the two is missing."
    cure = "Fill in both bid_trip and bid_eur, or neither; without a bid the shipment asks for a tour."


class OwnTrip(Refusal):
    code = "own_trip"
    reason = "{party} bids on its own trip {trip}."
    cure = "Leave the bid out: an owner's own goods ride on its trips first, without one."


class BidTripUnknown(NotKnown):
    reason = "The bid was left out: there is no trip “{name}”, or one of its lines was refused."
    cure = "Check the spelling, or mend the trip; until then the shipment asks for a tour."


def read_bid(reading: Reading, line: Line, shipment: Shipment | None) -> Bid | None:
    if not line.has("bid_trip") and not line.has("bid_eur"):
        return None
    if not (line.has("bid_trip") and line.has("bid_eur")):
        line.refuse("bid_trip", BidWithoutPrice())
        return None
    trip = line.text("bid_trip")
    if not line.bad and trip not in reading.trips:
        line.refuse("bid_trip", BidTripUnknown(name=trip))
    most_cents = line.cents("bid_eur")
    if line.bad or shipment is None:
        return None
    if reading.trips[trip].owner == shipment.payer:
        line.refuse("bid_trip", OwnTrip(party=shipment.payer, trip=trip))
        return None
    return Bid(shipment.id, trip, most_cents)
