"""Collections: what intermediaries have fetched from producers, in lists and one by one."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from api.asking import Paging, Revision, TheHouse, Who, Wish
from api.files.collecting_files import PROOFS_LIMIT, proofs_file
from api.files.csv_file import CSV_TYPE
from api.house import House
from api.kept_reasons import said_in
from api.papers.words import LOCALES, Words, words
from api.routes.goods.shipments import NONSENSE
from api.routes.ledger.ledger import PeriodUnreadable
from api.shapes.goods.collecting import (
    COLLECTION,
    LIST,
    CollectedShown,
    CollectionShown,
    FaultShown,
    ListShown,
    ListWish,
    PlaceWish,
    collected_shown,
    collection_shown,
    faults_shown,
    list_shown,
)
from api.shapes.words import CHANGES, SIGNED_IN, WRITES, Day, Id, Listed, refusals
from pooling.desk import Actor
from pooling.desk.collections.collection_choices import cancel_collection, choose_place
from pooling.desk.collections.collection_files import ListWords, seen_file, send_list
from pooling.store import View
from pooling.store.collected import (
    find_collection,
    list_collected,
    list_collections,
    outcomes_of,
    proofs_of,
)
from pooling.store.jobs import find_job
from pooling.store.members import find_member

router = APIRouter(tags=["collections"])
CollectionId = Annotated[Id, Path(description="The collection.", examples=[COLLECTION])]
ListId = Annotated[Id, Path(description="The list.", examples=[LIST])]
UNREADABLE = ("list_unreadable", "list_too_long", "list_empty", "workbook_unreadable", "workbooks_unknown")
SENDS = (*WRITES, "not_found", "not_an_intermediary", *UNREADABLE)


async def sent_bytes(request: Request) -> bytes:
    """Return the file that a request is, whatever it is called."""
    return await request.body()


@router.post(
    "/collections",
    status_code=201,
    summary="Order collections",
    operation_id="order_collections",
    responses=refusals(*SENDS),
)
def ordered(house: TheHouse, who: Who, ask: Wish, wish: ListWish) -> ListShown:
    """
    Order collections as objects; the same as a file in JSON.

    Bad lines are told in the answer, each with its column and cure; a job takes the others (`job`).
    """
    sent = ListWords(wish.party, wish.platform, rows=wish.lines)
    return _list(house, who, send_list(house.desk, who, ask, sent))


@router.post(
    "/collections/files",
    status_code=201,
    summary="Send a list of collections",
    operation_id="send_list",
    responses=refusals(*SENDS),
    openapi_extra={
        "requestBody": {
            "required": True,
            "description": "The file as it is: CSV, XLSX or JSON, told apart by its bytes.",
            "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
        }
    },
)
def sent(
    house: TheHouse,
    who: Who,
    ask: Wish,
    raw: Annotated[bytes, Depends(sent_bytes)],
    party: Annotated[
        Id, Query(description="The intermediary: one that you manage.", examples=["pty_01hg0000abcd"])
    ],
    platform: Annotated[
        Id | None,
        Query(description="Your site that lines call `platform`.", examples=["site_01hg0000abcd"]),
    ] = None,
) -> ListShown:
    """
    Send a file with a line for each collection. The same file again changes nothing twice.

    A line is known by its reference: with other words it changes what nothing carries yet, and is refused
    where it rides. What cannot be read is told at once; a job takes the rest, and may be cancelled.
    """
    return _list(house, who, send_list(house.desk, who, ask, ListWords(party, platform, raw)))


@router.get(
    "/collections/files/{list_id}",
    summary="Read a list of collections",
    operation_id="read_list",
    responses=refusals(*SIGNED_IN, "not_found"),
)
def read_one_list(house: TheHouse, who: Who, list_id: ListId) -> ListShown:
    """Read what became of each line of a list that you sent, in your language."""
    return _list(house, who, list_id)


@router.get(
    "/collections",
    summary="List collections",
    operation_id="list_collections",
    responses=refusals(*SIGNED_IN),
)
def listed(
    house: TheHouse,
    who: Who,
    page: Paging,
    state: Annotated[
        str,
        Query(
            pattern=r"^(doubtful|entered|cancelled)?$",
            description="Only those in this state, such as `doubtful`: they wait for you.",
            examples=["doubtful"],
        ),
    ] = "",
) -> Listed[CollectionShown]:
    """List the collections that your parties ordered; an operator sees all."""
    with house.desk.store.view() as view:
        rows, after = list_collections(view, None if who.is_operator else who.manages, page, state=state)
    return Listed(items=[collection_shown(row) for row in rows], next=after)


@router.get(
    "/collections/from-me",
    summary="List what is collected from you",
    operation_id="list_collected",
    responses=refusals(*SIGNED_IN),
)
def collected(house: TheHouse, who: Who, page: Paging) -> Listed[CollectedShown]:
    """List what intermediaries have collected from your own farms: how much and when, not for whom."""
    with house.desk.store.view() as view:
        rows, after = list_collected(view, who.manages, page)
    return Listed(items=[collected_shown(row) for row in rows], next=after)


@router.get(
    "/collections/proofs",
    summary="Read proofs of handover",
    operation_id="read_proofs",
    response_class=Response,
    responses=refusals(*SIGNED_IN, "period_unreadable", "proofs_too_many")
    | {200: {"content": {CSV_TYPE: {}}, "description": "One line for each record of a handover."}},
)
def proofs(
    house: TheHouse,
    who: Who,
    first: Annotated[Day, Query(alias="from", description="The first local day.", examples=["2026-09-01"])],
    last: Annotated[Day, Query(alias="to", description="The last local day.", examples=["2026-09-30"])],
) -> Response:
    """Read when and to whom your collections were handed over, as CSV that a spreadsheet opens safely."""
    if last < first:
        raise PeriodUnreadable(first=first, last=last)
    with house.desk.store.view() as view:
        rows = proofs_of(view, who.manages.keys(), first, last, PROOFS_LIMIT + 1)
    return Response(proofs_file(rows, house.desk.timezone), media_type=CSV_TYPE)


@router.get(
    "/collections/{collection_id}",
    summary="Read a collection",
    operation_id="read_collection",
    responses=refusals(*SIGNED_IN, "not_found"),
)
def read(house: TheHouse, who: Who, collection_id: CollectionId, response: Response) -> CollectionShown:
    """Read a collection that your party ordered, with the candidates of what is doubtful."""
    with house.desk.store.view() as view:
        row = find_collection(view, collection_id)
    who.must_see("collection", collection_id, row.intermediary_id)
    response.headers["ETag"] = f'"{row.revision}"'
    return collection_shown(row)


@router.post(
    "/collections/{collection_id}/place",
    summary="Choose a doubtful place",
    operation_id="choose_place",
    responses=refusals(*CHANGES, "collection_not_doubtful", "place_off_map", *NONSENSE),
)
def chosen(
    house: TheHouse,
    who: Who,
    ask: Wish,
    collection_id: CollectionId,
    wish: PlaceWish,
    revision: Revision,
) -> CollectionShown:
    """Say which place a doubtful address is. It is remembered; with both ends known the shipment is made."""
    choose_place(house.desk, who, ask, collection_id, revision, wish.words())
    return _shown(house, collection_id)


@router.post(
    "/collections/{collection_id}/cancel",
    summary="Cancel a collection",
    operation_id="cancel_collection",
    responses=refusals(*CHANGES, "collection_cancelled", "shipment_not_open"),
)
def cancelled(
    house: TheHouse, who: Who, ask: Wish, collection_id: CollectionId, revision: Revision
) -> CollectionShown:
    """Cancel a collection that nothing carries yet; withdraw it from its ride first where something does."""
    cancel_collection(house.desk, who, ask, collection_id, revision)
    return _shown(house, collection_id)


def _shown(house: House, collection_id: str) -> CollectionShown:
    with house.desk.store.view() as view:
        return collection_shown(find_collection(view, collection_id))


def _list(house: House, who: Actor, list_id: str) -> ListShown:
    with house.desk.store.view() as view:
        row = seen_file(view, who, list_id)
        outcomes = outcomes_of(view, list_id)
        job = find_job(view, row.job_id) if row.job_id else None
        said = words_of(view, who)
    faults: Mapping[str, list[FaultShown]] = {
        "unread": faults_shown(row.unread, said, said_in),
        **{str(one.line): faults_shown(one.faults, said, said_in) for one in outcomes},
    }
    return list_shown(row, outcomes, job, faults)


def words_of(view: View, who: Actor) -> Words:
    """Return the words of the asker's own language."""
    language = find_member(view, who.member_id).language
    return words(language if language in LOCALES else "fr")
