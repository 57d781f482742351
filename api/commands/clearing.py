"""The command ``carriole clearing replay``: does the same come out of a clearing's record again?"""

import json
import sys
from dataclasses import asdict
from typing import Annotated

import typer

from api.commands.looking import looked_at_house
from api.commands.terminal import LanguageOption, refusing

DIFFERS = 1
"""The exit status where another answer came, or the record was touched."""

clearing_app = typer.Typer(help="Look after the clearings.", no_args_is_help=True)


@clearing_app.callback()
def clearing() -> None:
    """Look after the clearings."""


@clearing_app.command("replay")
def replay(
    clearing_id: Annotated[str, typer.Argument(help="A trip's clearing, or the record of a whole day's.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as one JSON object.")] = False,  # noqa: FBT002
    language: LanguageOption = "en",
) -> None:
    """Decide a clearing again from its record alone; ends with status 1 where anything differs."""
    from pooling.desk.market import replaying

    with refusing(language, as_json=as_json) as say, looked_at_house() as view:
        found = replaying.replay(view, clearing_id)
    if as_json:
        sys.stdout.write(json.dumps({"same": found.same} | asdict(found)) + "\n")
    elif found.same:
        typer.echo(say.say("The same answer comes out of the record {digest}.", digest=found.digest))
    else:
        typer.echo(say.say("It differs in: {parts}.", parts=", ".join((*found.differs, *found.changed))))
    if not found.same:
        raise typer.Exit(DIFFERS)
