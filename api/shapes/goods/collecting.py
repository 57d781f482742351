"""Collections on the wire: lists, what became of each line, the lines that stand."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field
from sqlalchemy import Row

from api.papers.words import Words
from api.shapes.jobs import JobShown
from api.shapes.jobs import shown as job_shown
from api.shapes.words import Id, NameIfAny, Shape, known_moment
from pooling.desk.collections.collection_choices import Choice
from pooling.files.collection_file import COLLECTION_LINES_LIMIT

COLLECTION, LIST = "col_01hg0000abcd", "list_01hg0000abcd"
LINE = {
    "reference": "A1",
    "producer": "Ferme du Lac",
    "pickup": "12 rue Haute, 81000 Albi",
    "client": "Épicerie du Pont",
    "drop": "platform",
    "day": "2026-09-13",
    "ready": "06:00",
    "pickup_by": "08:00",
    "deliver_by": "12:00",
    "crates": 4,
}

PartyField = Annotated[Id, Field(examples=["pty_01hg0000abcd"])]


class ListWish(Shape):
    """Collections that your party orders: an object of words and numbers for each."""

    party: PartyField = Field(description="The intermediary: one that you manage.")
    platform: Id | None = Field(
        None, description="Your site that the lines call `platform`.", examples=["site_01hg0000abcd"]
    )
    lines: list[Any] = Field(
        min_length=1,
        max_length=COLLECTION_LINES_LIMIT,
        description="One object of words and numbers for each collection; its columns are listed in the "
        "documents. What is none is told as a bad line, beside the good ones.",
        examples=[[LINE]],
    )


class FaultShown(BaseModel):
    """What is wrong in one line."""

    column: str = Field(description="Its column; empty where it is the whole line.", examples=["crates"])
    code: str = Field(description="Stable, for programs.", examples=["not_a_number"])
    detail: str = Field(
        description="For a person, in your language.", examples=["crates: “many” is no whole number."]
    )
    cure: str = Field(description="What to do about it.", examples=["Write it such as 12."])


class OutcomeShown(BaseModel):
    """What became of one line of a list."""

    line: int = Field(description="Its number, as an editor shows it.", examples=[7])
    reference: str = Field(description="Its reference, where it can be read.", examples=["A1"])
    outcome: str = Field(
        description="kept, changed, unchanged, doubtful (an address waits for you) or refused.",
        examples=["refused"],
    )
    faults: list[FaultShown] = Field(description="Why it was refused; empty otherwise.")


class ListShown(BaseModel):
    """A list of collections as it stands."""

    id: Id = Field(description="The list.", examples=[LIST])
    party: PartyField = Field(description="Whose it is.")
    platform: Id | None = Field(description="Its platform.", examples=["site_01hg0000abcd"])
    lines: int = Field(description="How many lines it holds.", examples=[120])
    taken: int = Field(description="Of how many it is decided what became of them.", examples=[120])
    counts: dict[str, int] = Field(
        description="How many lines had each outcome.", examples=[{"kept": 117, "doubtful": 2, "refused": 1}]
    )
    job: JobShown | None = Field(
        description="The job that takes it; none where no line could be read.", examples=[None]
    )
    outcomes: list[OutcomeShown] = Field(description="Its lines in their order; at most a thousand.")
    unread: list[FaultShown] = Field(description="Columns that were left unread, and why.")
    created: datetime = Field(description="When it was sent.", examples=["2026-09-12T06:00:00Z"])


class CandidateShown(BaseModel):
    """A place that a doubtful address may be."""

    label: str = Field(description="As one writes it.", examples=["12 Rue Haute, 81000 Albi"])
    lat: float = Field(description="Latitude, WGS 84 degrees.", examples=[43.7426])
    lon: float = Field(description="Longitude, WGS 84 degrees.", examples=[7.425])
    name: str = Field(description="What it is called.", examples=["Rue Haute"])
    kind: str = Field(description="How exact the point is.", examples=["street"])
    doubts: list[str] = Field(description="Why a person must look.", examples=[["number_unknown"]])


class CollectionShown(BaseModel):
    """A collection that your party ordered."""

    id: Id = Field(description="The collection.", examples=[COLLECTION])
    party: PartyField = Field(description="Who ordered it.")
    reference: str = Field(description="By what you know it.", examples=["A1"])
    producer: str = Field(description="From whom, as you wrote it.", examples=["Ferme du Lac"])
    pickup: str = Field(description="Where, as you wrote it.", examples=["12 rue Haute, 81000 Albi"])
    client: str = Field(description="For whom, as you wrote it.", examples=["Épicerie du Pont"])
    drop: str = Field(description="Where to; empty for the platform.", examples=["3 rue Basse, 81000 Albi"])
    from_site: Id | None = Field(description="The pickup, once known.", examples=["site_01hg0000abcd"])
    to_site: Id | None = Field(description="The drop, once known.", examples=["site_01hg0000efgh"])
    day: date = Field(description="The local day.", examples=["2026-09-13"])
    ready: datetime = Field(description="Ready from.", examples=["2026-09-13T04:00:00Z"])
    pickup_by: datetime = Field(description="Collected by.", examples=["2026-09-13T06:00:00Z"])
    deliver_from: datetime = Field(description="Received from.", examples=["2026-09-13T04:00:00Z"])
    deliver_by: datetime = Field(description="Received by.", examples=["2026-09-13T10:00:00Z"])
    temperature: str = Field(description="ambient, chilled or frozen.", examples=["ambient"])
    crates: int = Field(description="Crates.", examples=[4])
    kg: int = Field(description="Weight in kg.", examples=[32])
    goods_value_cents: int = Field(description="What the goods are worth, in cents.", examples=[12_000])
    goods: str = Field(description="What it is, as papers name it.", examples=["Fresh goat cheese"])
    state: str = Field(
        description="doubtful (an address waits for you), entered or cancelled.", examples=["entered"]
    )
    candidates: dict[str, list[CandidateShown]] = Field(
        description="Of each doubtful end (`pickup`, `drop`), what it may be; an empty list wants a pin.",
        examples=[{}],
    )
    shipment: Id | None = Field(description="Its shipment, once entered.", examples=["shp_01hg0000abcd"])
    revision: int = Field(description="Raised by each change.", examples=[1])


class PlaceWish(Shape):
    """Which place a doubtful end is."""

    end: Literal["pickup", "drop"] = Field(description="Which end.", examples=["pickup"])
    lat: float = Field(ge=-90, le=90, description="Latitude: a candidate's, or a pin's.", examples=[43.7431])
    lon: float = Field(ge=-180, le=180, description="Longitude.", examples=[7.3652])
    name: NameIfAny = Field("", description="What it is called.", examples=["Rue Haute"])

    def words(self) -> Choice:
        return Choice(self.end, self.lat, self.lon, self.name)


class CollectedShown(BaseModel):
    """What is collected from your farm: by whom, how much and when; where it goes is not yours to see."""

    id: Id = Field(description="The collection.", examples=[COLLECTION])
    producer: PartyField = Field(description="Your party.")
    intermediary: str = Field(description="Who orders it.", examples=["Panier du Tarn"])
    site: str = Field(description="Where it is fetched.", examples=["Ferme du Lac"])
    day: date = Field(description="The local day.", examples=["2026-09-13"])
    ready: datetime = Field(description="Ready from.", examples=["2026-09-13T04:00:00Z"])
    pickup_by: datetime = Field(description="Collected by.", examples=["2026-09-13T06:00:00Z"])
    temperature: str = Field(description="ambient, chilled or frozen.", examples=["ambient"])
    crates: int = Field(description="Crates.", examples=[4])
    kg: int = Field(description="Weight in kg.", examples=[32])
    state: str = Field(
        description="waiting (for a ride), riding, collected, failed or cancelled.", examples=["waiting"]
    )


FETCHED = {
    "open": "waiting",
    "riding": "riding",
    "aboard": "collected",
    "delivered": "collected",
    "failed": "failed",
}
"""What of a shipment's state a producer is told: whether its crates were fetched."""


def list_shown(
    row: Row[Any],
    outcomes: Sequence[Row[Any]],
    job: Row[Any] | None,
    faults: Mapping[str, list[FaultShown]],
) -> ListShown:
    counts: dict[str, int] = {}
    for one in outcomes:
        counts[one.outcome] = counts.get(one.outcome, 0) + 1
    return ListShown(
        id=row.id,
        party=row.intermediary_id,
        platform=row.platform_site_id,
        lines=row.lines,
        taken=len(outcomes),
        counts=counts,
        job=job_shown(job) if job is not None else None,
        outcomes=[
            OutcomeShown(
                line=one.line, reference=one.reference, outcome=one.outcome, faults=faults[str(one.line)]
            )
            for one in outcomes
        ],
        unread=faults["unread"],
        created=known_moment(row.created_at),
    )


def faults_shown(kept: str, say: Words, said: Any) -> list[FaultShown]:  # noqa: ANN401
    """Return what is wrong in the language of whoever asks; ``said`` says a reason that was kept."""
    found = []
    for one in json.loads(kept or "[]"):
        detail, cure = said(say, one)
        found.append(FaultShown(column=one.get("column", ""), code=one["code"], detail=detail, cure=cure))
    return found


def collection_shown(row: Row[Any]) -> CollectionShown:
    return CollectionShown(
        id=row.id,
        party=row.intermediary_id,
        reference=row.reference,
        producer=row.producer,
        pickup=row.pickup,
        client=row.client,
        drop=row.drop_to,
        from_site=row.from_site_id,
        to_site=row.to_site_id,
        day=row.day,
        ready=known_moment(row.ready_at),
        pickup_by=known_moment(row.pickup_by_at),
        deliver_from=known_moment(row.deliver_from_at),
        deliver_by=known_moment(row.deliver_by_at),
        temperature=row.temperature,
        crates=row.crates,
        kg=row.kg,
        goods_value_cents=row.goods_value_cents,
        goods=row.goods,
        state=row.state,
        candidates=json.loads(row.candidates or "{}"),
        shipment=row.shipment_id,
        revision=row.revision,
    )


def collected_shown(row: Row[Any]) -> CollectedShown:
    return CollectedShown(
        id=row.id,
        producer=row.producer_id,
        intermediary=row.intermediary,
        site=row.site,
        day=row.day,
        ready=known_moment(row.ready_at),
        pickup_by=known_moment(row.pickup_by_at),
        temperature=row.temperature,
        crates=row.crates,
        kg=row.kg,
        state="cancelled" if row.state == "cancelled" else FETCHED.get(row.shipment_state, "cancelled"),
    )
