"""The templates of the papers: what is put into them is always text, never markup."""

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from api.papers.words import Words

TEMPLATE_FOLDER = Path(__file__).parent / "templates"


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATE_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def render(template: str, words: Words, **values: object) -> str:
    """Fill a template; ``words`` and its ``say`` and ``count`` are there for its own sentences."""
    return (
        _environment()
        .get_template(template)
        .render(words=words, say=words.say, count=words.count, language=words.language, **values)
    )
