"""Calendar feeds: your trips and rides in your own calendar, by a secret link that can be revoked."""

from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Path, Response

from api.asking import Paging, TheHouse, Who, Wish
from api.files.calendar_file import MEDIA_TYPE, calendar_file
from api.shapes.feeds import FeedShown, feed_shown
from api.shapes.words import SIGNED_IN, WRITES, Id, Listed, refusals
from pooling.desk.telling.feeds import open_feed, read_feed, revoke_feed
from pooling.store.feeds import list_feeds
from pooling.store.people import calendar_feed
from pooling.store.rows import found

router = APIRouter(tags=["calendar"])
PRIVATE = {"Referrer-Policy": "no-referrer", "Cache-Control": "private, max-age=300"}
Secret = Annotated[
    str,
    Path(
        min_length=1,
        max_length=80,
        pattern=r"^[A-Za-z0-9_-]+$",
        description="The secret of the link.",
        examples=["AbCdEf"],
    ),
]


@router.post(
    "/calendar-feeds",
    status_code=201,
    summary="Make a calendar link",
    operation_id="open_feed",
    responses=refusals(*WRITES, "too_many_feeds"),
)
def opened(house: TheHouse, who: Who, ask: Wish) -> FeedShown:
    """Make a secret link to your own trips and rides; it is shown in this answer and never again."""
    made = open_feed(house.desk, who, ask)
    with house.desk.store.view() as view:
        row = found(view, calendar_feed, made.feed_id, kind="calendar feed")
    return feed_shown(row, feed_url(house.settings.public_url, made.token))


@router.get(
    "/calendar-feeds",
    summary="List your calendar links",
    operation_id="list_feeds",
    responses=refusals(*SIGNED_IN),
)
def listed(house: TheHouse, who: Who, page: Paging) -> Listed[FeedShown]:
    """List your links that were not revoked."""
    with house.desk.store.view() as view:
        rows, after = list_feeds(view, who.member_id, page)
    return Listed(items=[feed_shown(row) for row in rows], next=after)


@router.delete(
    "/calendar-feeds/{feed_id}",
    status_code=204,
    summary="Revoke a calendar link",
    operation_id="revoke_feed",
    responses=refusals(*WRITES, "not_found"),
)
def revoked(
    house: TheHouse,
    who: Who,
    ask: Wish,
    feed_id: Annotated[Id, Path(description="The feed.", examples=["cal_01hg0000abcd"])],
) -> None:
    """Revoke one of your own links: from now on it opens nothing."""
    revoke_feed(house.desk, who, ask, feed_id)


@router.get(
    "/calendar/{secret}.ics",
    summary="Read a calendar",
    operation_id="read_calendar",
    response_class=Response,
    responses=refusals("not_found") | {200: {"content": {MEDIA_TYPE: {}}, "description": "A calendar."}},
)
def read(house: TheHouse, secret: Secret) -> Response:
    """Read the calendar behind a secret link: thirty days back, and as far ahead as trips are announced."""
    calendar = read_feed(house.desk, secret)
    public_url = house.settings.public_url
    host = urlsplit(public_url).hostname or "carriole"
    return Response(calendar_file(calendar, public_url, host), media_type=MEDIA_TYPE, headers=PRIVATE)


def feed_url(public_url: str, token: str) -> str:
    """Return the link of a feed; nothing where its secret is no longer known."""
    return f"{public_url}/api/v1/calendar/{token}.ics" if token else ""
