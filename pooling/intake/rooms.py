"""The room of a vehicle, read from the columns of its line."""

from pooling.files.line import Line
from pooling.load import UNLIMITED, Room, Space, Temperature

ROOM_LIMIT = 2_000


def read_room(line: Line, prefix: str, payload: str) -> Room:
    ambient, chilled, frozen = (
        Space(line.whole(f"{prefix}{temperature}", 0, ROOM_LIMIT, 0)) for temperature in Temperature
    )
    return Room(ambient, chilled, frozen, line.units(payload, 0, UNLIMITED, UNLIMITED, up=False))
