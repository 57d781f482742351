"""The command ``carriole custody check``: does every record of changing hands stand as it was written?"""

import json
import sys
from typing import Annotated

import typer

from api.commands.looking import looked_at_house

WRONG = 1
"""The exit status where a record does not stand."""

custody_app = typer.Typer(help="Look after the records of changing hands.", no_args_is_help=True)


@custody_app.callback()
def custody() -> None:
    """Look after the records of changing hands."""


@custody_app.command("check")
def check(
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as one JSON object.")] = False,  # noqa: FBT002
) -> None:
    """Check every shipment's chain of records; ends with status 1 if any is broken."""
    from pooling.desk.runs.checking import check_house

    with looked_at_house() as view:
        found = check_house(view)
    first = found.broken[0] if found.broken else ""
    figures = {"shipments": found.shipments, "records": found.records, "broken": len(found.broken)}
    if as_json:
        sys.stdout.write(json.dumps(figures | {"first": first}) + "\n")
    else:
        named = f"; the first: {first}" if first else ""
        typer.echo(f"{found.shipments} shipments, {found.records} records, {len(found.broken)} broken{named}")
    if first:
        raise typer.Exit(WRONG)
