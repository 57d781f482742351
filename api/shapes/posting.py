"""In which community something is posted, on the wire."""

from collections.abc import Mapping, Set
from typing import Annotated

from pydantic import Field

from api.shapes.words import Id
from pooling.desk.communities.posting import Posting

COMMUNITY = "com_01hg0000abcd"

InCommunity = Annotated[
    Id | None,
    Field(
        description="For members of this community only, of which its owner is one; else for everybody. "
        "Only when it is posted: a change leaves it where it is.",
        examples=[None],
    ),
]
InCommunityShown = Annotated[
    str | None,
    Field(description="The community whose members it is for; null: for everybody.", examples=[None]),
]


def posting_of(community: str | None, said: Set[str], names: Mapping[str, str]) -> Posting:
    """Return where something is posted; ``names`` tell what each field leaves unsaid."""
    return Posting(community, frozenset(word for field, word in names.items() if field not in said))
