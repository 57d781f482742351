"""
In which language the API speaks: the one that a request asks for, else English.

Only sentences for people change; codes, facts and names of fields are the same in every language.
"""

from collections.abc import Iterator
from typing import Annotated

from fastapi import Depends, Request, Response

from api.papers.words import LOCALES, SOURCE_LANGUAGE, Words, words

ASKED_LIMIT = 20
"""Languages of one header that are looked at."""


def wanted_words(header: str) -> Words:
    """Return the words of the language that an ``Accept-Language`` (RFC 9110, 12.5.4) likes best."""
    liked = sorted(_liked(header), key=lambda pair: -pair[0])
    return words(next((name for weight, name in liked if weight > 0), SOURCE_LANGUAGE))


async def words_of(request: Request, response: Response) -> Words:
    """Return the words that an answer which holds refusals is said in; its headers tell so."""
    said = wanted_words(request.headers.get("accept-language", ""))
    response.headers.update(language_headers(said))
    return said


Spoken = Annotated[Words, Depends(words_of)]


def language_headers(said: Words) -> dict[str, str]:
    """Tell in which language an answer speaks, and that it would speak another to somebody else."""
    return {"Content-Language": said.language, "Vary": "Accept-Language"}


def _liked(header: str) -> Iterator[tuple[float, str]]:
    """Find the languages of the house in a header, each with its weight."""
    for one in header.split(",")[:ASKED_LIMIT]:
        tag, _, weight = one.partition(";")
        name = tag.strip().lower().split("-")[0]
        name = SOURCE_LANGUAGE if name == "*" else name
        if name in LOCALES:
            yield _weight(weight), name


def _weight(text: str) -> float:
    try:
        return float(text.strip().removeprefix("q=") or 1)
    except ValueError:
        return 0.0
