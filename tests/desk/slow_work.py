"""A job that takes its time, for tests that kill its worker."""

import time

from pooling.work.jobs import JOBS, register


def sleep(desk, arguments, progress):
    """Sleep in steps of a tenth of a second; a file tells that it began, and on which attempt."""
    for step in range(int(arguments["tenths"])):
        progress("sleep", step / arguments["tenths"])
        time.sleep(0.1)
    return {"slept": arguments["tenths"]}


if "sleep" not in JOBS:
    register("sleep", sleep)
