"""The bid on a shipment's line: a trip and the most its payer would pay."""

from geodata.refusal import Refusal
from pooling.bid import Bid
from pooling.intake.reading import Reading
from pooling.line import Line
from pooling.shipment import Shipment


class BidWithoutPrice(Refusal):
    code = "bid_incomplete"
    reason = "A bid needs a trip and the most you would pay; one of the two is missing."
    cure = "Fill in both bid_trip and bid_eur, or neither."


class OwnTrip(Refusal):
    code = "own_trip"
    reason = "{party} bids on its own trip {trip}."
    cure = "Take your own goods aboard without a bid, and announce less free room."


def read_bid(reading: Reading, line: Line, shipment: Shipment | None) -> Bid | None:
    if not line.has("bid_trip") and not line.has("bid_eur"):
        return None
    if not (line.has("bid_trip") and line.has("bid_eur")):
        line.refuse("bid_trip", BidWithoutPrice())
        return None
    trip = reading.known(line, "bid_trip", "trip", reading.trips, line.text("bid_trip"))
    most_cents = line.cents("bid_eur")
    if line.bad or shipment is None:
        return None
    if reading.trips[trip].owner == shipment.payer:
        line.refuse("bid_trip", OwnTrip(party=shipment.payer, trip=trip))
        return None
    return Bid(shipment.id, trip, most_cents)
