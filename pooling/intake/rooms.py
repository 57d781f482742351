"""The room of a vehicle, read from the columns of its line."""

from pooling.line import Line
from pooling.load import Room, Space, Temperature
from routing.problem import AMOUNT_LIMIT

ROOM_LIMIT = 2_000


def read_room(line: Line, prefix: str, payload: str) -> Room:
    ambient, chilled, frozen = (
        Space(line.whole(f"{prefix}{temperature}", 0, ROOM_LIMIT, 0)) for temperature in Temperature
    )
    return Room(ambient, chilled, frozen, line.whole(payload, 0, AMOUNT_LIMIT, AMOUNT_LIMIT))
