"""The pulse of a worker, which has no port to be asked at: a file that stays new while it is well."""

from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from api.house import House
from pooling.store.health import answers

BEATS_EVERY_S = 5.0


def beat(house: House) -> None:
    """Touch the file of ``CARRIOLE_PULSE_FILE``, if there is one and the database answers."""
    if not house.settings.pulse_file:
        return
    try:
        with house.desk.store.view() as view:
            answers(view)
    except SQLAlchemyError:
        return
    Path(house.settings.pulse_file).touch()
