"""What all shapes share: moments, pages, links to problems."""

from datetime import UTC, date, datetime
from typing import Annotated, Any, Generic, TypeVar

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from api.faults import NUL, UNNAMED, YEARS, Faulty
from api.problem import CONFLICT, STATUS, refused
from pooling.names import LINES, PLAIN, names_something

T = TypeVar("T")
D = TypeVar("D", bound=date)

Id = Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[a-z]+_[0-9a-z]+$")]


def _named(given: str) -> str:
    if given and not names_something(given):
        raise Faulty(UNNAMED)
    return given


Named = AfterValidator(_named)
"""What is called by a name needs a letter or a digit in it."""
Name = Annotated[str, Field(min_length=1, max_length=120, pattern=PLAIN), Named]
"""How somebody or something is called; the same rule stands in ``pooling.names`` for files."""
NameIfAny = Annotated[str, Field(max_length=120, pattern=PLAIN), Named]
Text = Annotated[str, Field(max_length=500, pattern=LINES)]
Cents = Annotated[int, Field(ge=0, le=10_000_000)]

FIRST_YEAR, LAST_YEAR = 2000, 2099
"""No moment or day lies outside: their neighbours can be reckoned with, and no clock overflows."""


def _near(given: D) -> D:
    if not FIRST_YEAR <= given.year <= LAST_YEAR:
        raise Faulty(YEARS, first_year=str(FIRST_YEAR), last_year=str(LAST_YEAR))
    return given


Day = Annotated[date, AfterValidator(_near)]
"""A local day, such as 2026-09-12."""
Moment = Annotated[AwareDatetime, AfterValidator(_near)]
"""A moment with its offset, such as 2026-09-12T06:30:00+02:00; kept in UTC."""


class Shape(BaseModel):
    """
    Refuse words that are not known, so that a slip of the pen is not lost in silence.

    A text holds no NUL character, which not every database can keep.
    """

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    @model_validator(mode="before")
    @classmethod
    def _holds_no_nul(cls, given: object) -> object:
        if isinstance(given, dict) and any("\0" in word for word in given.values() if isinstance(word, str)):
            raise Faulty(NUL)
        return given


class Listed(BaseModel, Generic[T]):
    """One page of a list, newest first."""

    items: list[T] = Field(description="The page.")
    next: str = Field(
        description="Send as `after` for the next page; empty at the end.", examples=["trip_0abc1234"]
    )


def moment(at: int | None) -> datetime | None:
    """Turn stored seconds into a moment."""
    return None if at is None else datetime.fromtimestamp(at, UTC)


def known_moment(at: int) -> datetime:
    return datetime.fromtimestamp(at, UTC)


def seconds(given: datetime) -> int:
    """Turn a moment into stored seconds."""
    return int(given.timestamp())


def refusals(*codes: str) -> dict[int | str, dict[str, Any]]:
    """Declare the refusals of an operation: each code under its status, for the OpenAPI document."""
    by_status: dict[int, list[str]] = {}
    for code in codes:
        by_status.setdefault(STATUS.get(code, CONFLICT), []).append(code)
    return {
        status: refused(", ".join(f"`{code}`" for code in sorted(said))) for status, said in by_status.items()
    }


SIGNED_IN = ("sign_in_needed",)
ROADS = ("no_way_by_road", "road_server_away", "road_server_nonsense")
"""What a house refuses whose times come from a server (``ROADS_URL``)."""
WRITES = (*SIGNED_IN, "idempotency_key_missing", "idempotency_key_reused", "not_allowed", "desk_busy", *ROADS)
CHANGES = (*WRITES, "not_found", "changed_meanwhile")
