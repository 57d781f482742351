"""The member who asks: what it is called, how it is told of things, for whom it acts."""

from fastapi import APIRouter, Response

from api.asking import Revision, TheHouse, Who, Wish
from api.shapes.goods.sites import wall_seconds
from api.shapes.people.people import MeChange, MeShown, me_shown
from api.shapes.words import SIGNED_IN, WRITES, refusals
from pooling.desk.people.members import change_me
from pooling.store.members import duties_of, find_member

router = APIRouter(tags=["members"])


@router.get("/me", summary="Read yourself", operation_id="read_me", responses=refusals(*SIGNED_IN))
def read(house: TheHouse, who: Who, response: Response) -> MeShown:
    """Read yourself and every party that you act for."""
    me = _shown(house, who.member_id)
    response.headers["ETag"] = f'"{me.revision}"'
    return me


@router.patch(
    "/me",
    summary="Change yourself",
    operation_id="change_me",
    responses=refusals(*WRITES, "changed_meanwhile"),
)
def change(house: TheHouse, who: Who, ask: Wish, wish: MeChange, revision: Revision) -> MeShown:
    """Change your name, your language, and when you may be told of things. What is left out stays."""
    given = wish.model_dump(exclude_none=True)
    values: dict[str, object] = {}
    for name, value in given.items():
        if name.startswith("quiet_"):
            values[f"{name}_s"] = wall_seconds(value)
        else:
            values[name] = value
    change_me(house.desk, who, ask, revision, values)
    return _shown(house, who.member_id)


def _shown(house: TheHouse, member_id: str) -> MeShown:
    with house.desk.store.view() as view:
        return me_shown(find_member(view, member_id), duties_of(view, member_id))
