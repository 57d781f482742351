"""Home: what is next, for each audience."""

from fastapi import APIRouter
from starlette.responses import Response

from api.pages.press import page
from api.pages.visit import Signed

router = APIRouter()


@router.get("/")
def home(visit: Signed) -> Response:
    return page(visit, "home.html")
