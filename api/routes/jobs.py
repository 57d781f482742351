"""Jobs: long work, how far it is, and how to stop it."""

from typing import Annotated

from fastapi import APIRouter, Path

from api.asking import Paging, TheHouse, Who, Wish
from api.shapes.jobs import JobShown, shown
from api.shapes.words import SIGNED_IN, WRITES, Id, Listed, refusals
from pooling.desk.jobs import cancel_job, seen_job
from pooling.store.jobs import list_jobs

router = APIRouter(tags=["jobs"])
JobId = Annotated[Id, Path(description="The job.", examples=["job_01hg0000abcd"])]


@router.get("/jobs", summary="List jobs", operation_id="list_jobs", responses=refusals(*SIGNED_IN))
def listed(house: TheHouse, who: Who, page: Paging) -> Listed[JobShown]:
    """List the jobs that you asked for, and those of your own parties; an operator sees all."""
    with house.desk.store.view() as view:
        parties = None if who.is_operator else frozenset(who.manages)
        rows, after = list_jobs(view, who.member_id, parties, page)
    return Listed(items=[shown(row) for row in rows], next=after)


@router.get(
    "/jobs/{job_id}",
    summary="Read a job",
    operation_id="read_job",
    responses=refusals(*SIGNED_IN, "not_found"),
)
def read(house: TheHouse, who: Who, job_id: JobId) -> JobShown:
    """Read how far a job is; `job.changed` tells in the stream of events when to look again."""
    with house.desk.store.view() as view:
        return shown(seen_job(view, who, job_id))


@router.post(
    "/jobs/{job_id}/cancel",
    summary="Cancel a job",
    operation_id="cancel_job",
    responses=refusals(*WRITES, "not_found", "job_ended"),
)
def stop(house: TheHouse, who: Who, ask: Wish, job_id: JobId) -> JobShown:
    """Stop a job: at once while it waits, at its next step while it runs."""
    cancel_job(house.desk, who, ask, job_id)
    with house.desk.store.view() as view:
        return shown(seen_job(view, who, job_id))
