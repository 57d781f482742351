"""Jobs on the wire."""

import json
from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field
from sqlalchemy import Row

from api.shapes.words import Id, known_moment, moment


class JobFailure(BaseModel):
    """Why a job failed."""

    code: str = Field(description="Stable, for programs.", examples=["worker_lost"])
    detail: str = Field(description="For a person.", examples=["The worker of this job was lost 3 times."])
    cure: str = Field(description="What to do about it.", examples=["Ask for it anew."])
    facts: dict[str, Any] = Field(description="The facts of the sentences.", examples=[{"attempts": 3}])


class JobShown(BaseModel):
    """Long work as it stands."""

    id: Id = Field(description="The job.", examples=["job_01hg0000abcd"])
    kind: str = Field(description="What is done.", examples=["plan_tour"])
    about_kind: str = Field(description="For what kind of thing.", examples=["tour"])
    about_id: str = Field(description="For which.", examples=["tour_01hg0000abcd"])
    state: str = Field(description="queued, running, done, failed or cancelled.", examples=["running"])
    step: str = Field(description="What it is at.", examples=["search"])
    progress: float = Field(description="The share that is done, 0 to 1.", examples=[0.4])
    attempt: int = Field(description="Which attempt this is, from 1; 0 before the first.", examples=[1])
    attempts_limit: int = Field(description="After so many it fails.", examples=[3])
    cancel_asked: bool = Field(description="Whether it was asked to stop.", examples=[False])
    result: dict[str, Any] | None = Field(
        description="What it brought, once done.", examples=[{"plan": "plan_01hg0000abcd"}]
    )
    failure: JobFailure | None = Field(
        description="Why it failed, or why the last attempt did.",
        examples=[{"code": "worker_lost", "detail": "Lost.", "cure": "Ask anew.", "facts": {}}],
    )
    created: datetime = Field(description="When it was asked for.", examples=["2026-09-10T08:00:00Z"])
    runs_from: datetime = Field(description="Not before.", examples=["2026-09-10T08:00:00Z"])
    ended: datetime | None = Field(description="When it ended.", examples=["2026-09-10T08:00:07Z"])
    revision: int = Field(description="Raised by each change of its state.", examples=[3])


def shown(row: Row[Any]) -> JobShown:
    return JobShown(
        id=row.id,
        kind=row.kind,
        about_kind=row.about_kind,
        about_id=row.about_id,
        state=row.state,
        step=row.step,
        progress=row.progress,
        attempt=row.attempt,
        attempts_limit=row.attempts_limit,
        cancel_asked=row.cancel_asked,
        result=json.loads(row.result) if row.result else None,
        failure=JobFailure(**json.loads(row.reason)) if row.reason else None,
        created=known_moment(row.created_at),
        runs_from=known_moment(row.runs_from_at),
        ended=moment(row.ended_at),
        revision=row.revision,
    )
