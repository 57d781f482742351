"""The command ``carriole ledger check``: does every cent that left one account stand on another?"""

import json
import sys
from dataclasses import asdict
from typing import Annotated

import typer

from api.commands.looking import looked_at_house

WRONG = 1
"""The exit status where the ledger does not add up."""

ledger_app = typer.Typer(help="Look after the ledger.", no_args_is_help=True)


@ledger_app.callback()
def ledger() -> None:
    """Look after the ledger."""


@ledger_app.command("check")
def check(
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as one JSON object.")] = False,  # noqa: FBT002
) -> None:
    """Prove the ledger from its first row; ends with status 1 at one that breaks a rule, and names it."""
    from pooling.store.ledger import check_ledger

    with looked_at_house() as view:
        found = check_ledger(view)
    if as_json:
        sys.stdout.write(json.dumps(asdict(found)) + "\n")
    else:
        typer.echo(
            f"{found.transfers} transfers, {found.entries} entries, sum {found.sum_cents} cents, "
            f"{found.unbalanced} that break a rule"
        )
        if found.unbalanced:
            typer.echo(f"first: {found.breaks_at}: {found.why}")
    if found.sum_cents or found.unbalanced:
        raise typer.Exit(WRONG)
