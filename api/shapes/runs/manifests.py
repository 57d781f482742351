"""Manifests and handovers on the wire."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field
from sqlalchemy import Row

from api.shapes.runs.custody import SHIPMENT, Outcome, SightWish
from api.shapes.words import Id, known_moment
from pooling.cold_chain import limit_c
from pooling.desk.runs.handovers import HandoverWords
from pooling.manifest import Handling, Manifest, ManifestStop
from pooling.runs.manifest_json import read_manifest

Way = Literal["on", "off"]
RunState = Literal["frozen", "under_way", "done", "cancelled"]


class ManifestCard(BaseModel):
    """A manifest in a list."""

    id: Id = Field(description="The manifest.", examples=["mnf_01hg0000abcd"])
    number: str = Field(description="Its number on paper.", examples=["20260912-tour_01hg0000abcd"])
    ride_kind: Literal["trip", "tour"] = Field(description="What was frozen.", examples=["tour"])
    ride: Id = Field(description="The trip or tour.", examples=["tour_01hg0000abcd"])
    carrier: Id = Field(description="Whose drivers hold it.", examples=["pty_01hg0000abcd"])
    day: date = Field(description="The day of the run, local.", examples=["2026-09-12"])
    state: RunState = Field(description="How far the run is.", examples=["frozen"])
    plate: str = Field(description="Of the vehicle that drives it, once named.", examples=["AB-123-CD"])
    edition: int = Field(description="Raised by each repair.", examples=[1])
    created: datetime = Field(description="When it was frozen.", examples=["2026-09-11T18:00:00Z"])
    revision: int = Field(description="Raised by each change.", examples=[1])


class HandlingShown(BaseModel):
    """A shipment going on or off."""

    shipment: str = Field(description="The shipment.", examples=[SHIPMENT])
    way: Way = Field(description="On board, or off.", examples=["on"])
    crates: int = Field(description="How many crates.", examples=[4])
    kg: int = Field(description="How heavy, kg.", examples=[32])
    temperature: str = Field(description="Its temperature class.", examples=["ambient"])
    shipper: str = Field(description="Who sends it.", examples=["Ferme de la Colle"])
    consignee: str = Field(description="Who receives it.", examples=["Chez Lou"])
    goods: str = Field(description="What it is, where somebody said so.", examples=["Fresh goat cheese"])
    food: str = Field(description="Its class by law, where somebody said so.", examples=["very_perishable"])
    tail_lift: bool = Field(description="Whether it goes on and off by a tail lift only.", examples=[False])
    limit_c: int | None = Field(
        description="The warmest that it may become, degrees Celsius; null without a bound.", examples=[4]
    )


class StopShown(BaseModel):
    """A stop, in the order of the way. Hours are local, on the wall."""

    number: int = Field(description="From 1.", examples=[1])
    code: str = Field(description="Its code on paper.", examples=["20260912-tour_01hg0000abcd-01"])
    site: str = Field(description="Where.", examples=["Ferme de la Colle, cour"])
    lat: float = Field(description="Latitude, WGS 84 degrees.", examples=[43.7431])
    lon: float = Field(description="Longitude, WGS 84 degrees.", examples=[7.3652])
    arrives: str = Field(description="When the van arrives.", examples=["06:40"])
    begins: str = Field(description="When handling begins.", examples=["06:45"])
    leaves: str = Field(description="When it leaves.", examples=["06:50"])
    from_hour: str = Field(description="Not before; empty where any hour will do.", examples=["06:30"])
    until_hour: str = Field(description="Not after; empty where any hour will do.", examples=["07:30"])
    own: bool = Field(description="A stop for the driver's own goods.", examples=[False])
    handlings: list[HandlingShown] = Field(description="What goes on and off.", examples=[[]])
    crates_on_board: int = Field(description="Crates on board after it, of all kinds.", examples=[4])
    kg_on_board: int = Field(description="Kilos on board after it.", examples=[32])
    leg_m: int = Field(description="The way to it, metres.", examples=[3200])
    leg_s: int = Field(description="The drive to it, seconds.", examples=[420])
    address: str = Field(description="Its postal address.", examples=["1 place du Village, Peille"])
    contact: str = Field(description="Whom to ask for.", examples=["Jeanne Morel"])
    phone: str = Field(description="Under which number.", examples=["+33 6 12 34 56 78"])
    access: str = Field(description="What a driver must know.", examples=["Second gate, ring twice"])
    streets: list[str] = Field(description="The streets to it.", examples=[["Rue Bleue"]])
    empties: dict[str, int] = Field(
        description="Empty crates to bring back from here, by kind, as far as there is room.",
        examples=[{"ambient": 3}],
    )
    next_day: list[str] = Field(
        description="Which of its hours lie on the day after the manifest's.", examples=[["arrives"]]
    )


class BerthShown(BaseModel):
    """Where a shipment stands in the van."""

    compartment: str = Field(description="The compartment.", examples=["ambient"])
    depth: int = Field(description="1 at the bulkhead, the highest at the door.", examples=[1])
    shipment: str = Field(description="The shipment.", examples=[SHIPMENT])
    crates: int = Field(description="How many crates.", examples=[4])
    on_at: int = Field(description="The stop at which it goes on.", examples=[1])
    off_at: int = Field(description="The stop at which it goes off.", examples=[3])
    moved: int = Field(description="How often it is moved to let others out.", examples=[0])


class ChangeShown(BaseModel):
    """What a repair changed for one shipment going on or off."""

    kind: Literal["added", "dropped", "later", "earlier", "order"] = Field(
        description="What is other.", examples=["later"]
    )
    site: str = Field(description="Where.", examples=["Ferme de la Colle, cour"])
    shipment: str = Field(description="The shipment.", examples=[SHIPMENT])
    way: Way = Field(description="On board, or off.", examples=["on"])
    was: str = Field(description="Its hour before, empty where it was not there.", examples=["06:40"])
    now: str = Field(description="Its hour now, empty where it is no longer there.", examples=["07:10"])
    minutes: int = Field(description="By how much.", examples=[30])


class ManifestShown(ManifestCard):
    """All that a driver needs for one vehicle and one day."""

    title: str = Field(description="Who drives.", examples=["Transports Lou"])
    driver: str = Field(description="The driver.", examples=["Lou"])
    timezone: str = Field(description="Of its hours.", examples=["Europe/Paris"])
    regime: str = Field(description="The law that it rides under.", examples=["transporteur"])
    papers: list[str] = Field(
        description="Papers to carry.", examples=[["Waybill (lettre de voiture)", "Carrier's licence (copy)"]]
    )
    departs_from: str = Field(description="Where it sets out.", examples=["Dépôt"])
    departs: str = Field(description="When, local.", examples=["06:30"])
    ends: str = Field(description="When it ends, local.", examples=["09:10"])
    ends_at: str = Field(description="Where it ends.", examples=["Dépôt"])
    distance_m: int = Field(description="The whole way, metres.", examples=[23_400])
    stops: list[StopShown] = Field(description="The stops in their order.", examples=[[]])
    load_order: list[BerthShown] = Field(description="What to load where.", examples=[[]])
    attribution: str = Field(description="Whose map it is.", examples=["© OpenStreetMap contributors"])
    next_day: list[str] = Field(
        description="Of `departs` and `ends` those that lie on the day after.", examples=[["ends"]]
    )
    supersedes: str = Field(description="The number that it takes the place of, or empty.", examples=[""])
    why: str = Field(description="Why, or empty.", examples=[""])
    changes: list[ChangeShown] = Field(description="What is other than there.", examples=[[]])


class HandoverWish(SightWish):
    """What happened to a shipment at a stop."""

    shipment: Id = Field(description="The shipment.", examples=[SHIPMENT])
    way: Literal["on", "off"] = Field(description="On board, or off.", examples=["on"])
    outcome: Outcome = Field("done", description="Whether it could be done.", examples=["done"])
    code: Annotated[str, Field(max_length=20)] = Field(
        "", description="The code that who gave or took them said: proof of being there.", examples=[""]
    )
    nobody_there: bool = Field(
        default=False,
        description="At a pickup: nobody was there with the crates. It failed; its payer owes the price.",
        examples=[False],
    )

    def words(self) -> HandoverWords:
        return HandoverWords(
            **self.seen(),
            shipment_id=self.shipment,
            way=self.way,
            outcome=self.outcome,
            code=self.code,
            nobody_there=self.nobody_there,
        )


def card_shown(row: Row[Any]) -> ManifestCard:
    return ManifestCard(**_card(row))


def manifest_shown(row: Row[Any]) -> ManifestShown:
    written = read_manifest(row.body)
    return ManifestShown(
        **_card(row),
        title=written.title,
        driver=written.driver,
        timezone=written.timezone,
        regime=written.regime,
        papers=list(written.papers),
        departs_from=written.departs_from,
        departs=written.departs,
        ends=written.ends,
        ends_at=written.ends_at,
        distance_m=written.distance_m,
        stops=[stop_shown(stop) for stop in written.stops],
        load_order=berths_shown(written),
        attribution=written.attribution,
        next_day=list(written.next_day),
        supersedes=written.supersedes,
        why=written.why,
        changes=changes_shown(written),
    )


def _card(row: Row[Any]) -> dict[str, Any]:
    return {
        "id": row.id,
        "number": row.number,
        "ride_kind": row.ride_kind,
        "ride": row.ride_id,
        "carrier": row.carrier_id,
        "day": row.day,
        "state": row.state,
        "plate": row.plate,
        "edition": row.edition,
        "created": known_moment(row.created_at),
        "revision": row.revision,
    }


def stop_shown(stop: ManifestStop) -> StopShown:
    aboard = stop.on_board
    return StopShown(
        number=stop.number,
        code=stop.code,
        site=stop.site,
        lat=stop.lat,
        lon=stop.lon,
        arrives=stop.arrives,
        begins=stop.begins,
        leaves=stop.leaves,
        from_hour=stop.from_hour,
        until_hour=stop.until_hour,
        own=stop.own,
        handlings=[_handling(one) for one in stop.handlings],
        crates_on_board=aboard.ambient_crates + aboard.chilled_crates + aboard.frozen_crates,
        kg_on_board=aboard.kg,
        leg_m=stop.leg_m,
        leg_s=stop.leg_s,
        streets=list(stop.streets),
        address=stop.address,
        contact=stop.contact,
        phone=stop.phone,
        access=stop.access,
        empties={one.kind: one.crates for one in stop.empties},
        next_day=list(stop.next_day),
    )


def _handling(each: Handling) -> HandlingShown:
    return HandlingShown(**vars(each), limit_c=limit_c(each.temperature, each.food))


def berths_shown(written: Manifest) -> list[BerthShown]:
    return [BerthShown.model_validate(one, from_attributes=True) for one in written.load_order]


def changes_shown(written: Manifest) -> list[ChangeShown]:
    return [ChangeShown.model_validate(one, from_attributes=True) for one in written.changes]
