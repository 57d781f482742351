"""
The door of the command line: it answers Ctrl-C with one word, from the first moment on.

Loading the commands takes longer than a hasty person waits, and an interrupted import ends in pages
of Python; so nothing is imported here before the door stands.
"""

import os
import signal
import sys

INTERRUPTED = 130
"""The exit status of a command that was interrupted."""

WORD = "Interrupted.\n"


def main() -> None:
    """Run the command line; Ctrl-C ends it with one word and the exit status 130."""
    former = signal.getsignal(signal.SIGINT)
    if former is signal.default_int_handler:
        signal.signal(signal.SIGINT, _leave)
    from api.commands.cli import main as run

    signal.signal(signal.SIGINT, former)
    try:
        run()
    except KeyboardInterrupt:
        sys.stderr.write(WORD)
        sys.exit(INTERRUPTED)
    except SystemExit as end:
        if end.code == INTERRUPTED:
            sys.stderr.write(WORD)
        raise


def _leave(*_: object) -> None:
    """End at once: while modules are loaded nothing is open that would have to be closed."""
    os.write(sys.stderr.fileno(), WORD.encode())
    os._exit(INTERRUPTED)
