"""Manifests: frozen rides, their papers, and what really happened."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from api.asking import Paging, TheHouse, Who, Wish
from api.files.manifest_papers import PAPER_TYPES, PaperForm, paper_answer
from api.routes.runs.custody import UNFIT
from api.routes.tours.tours import TourId
from api.shapes.people.people import Language
from api.shapes.runs.custody import HandoverShown, handover_shown
from api.shapes.runs.manifests import HandoverWish, ManifestCard, ManifestShown, card_shown, manifest_shown
from api.shapes.runs.transport_papers import PlateWish, TransportPaperShown, transport_paper_shown
from api.shapes.words import SIGNED_IN, WRITES, Id, Listed, refusals
from pooling.desk import Actor
from pooling.desk.runs.departing import name_vehicle, seen_papers
from pooling.desk.runs.freezing_rides import freeze_tour, freeze_trip
from pooling.desk.runs.handovers import begin_run, end_run, hand_over, seen_manifest
from pooling.store.manifests import find_handover, list_handovers, list_manifests
from pooling.store.shipments import find_shipment, shipments_by_id

router = APIRouter(tags=["manifests"])
TripId = Annotated[Id, Path(description="The trip.", examples=["trip_01hg0000abcd"])]
ManifestId = Annotated[Id, Path(description="The manifest.", examples=["mnf_01hg0000abcd"])]


@router.post(
    "/tours/{tour_id}/freeze",
    status_code=201,
    summary="Freeze a tour",
    operation_id="freeze_tour",
    responses=refusals(
        *WRITES, "not_found", "tour_closed", "plan_outdated", "carrier_not_active", "papers_lacking"
    ),
)
def freeze(house: TheHouse, who: Who, ask: Wish, tour_id: TourId) -> ManifestShown:
    """Freeze a confirmed tour into the manifest that its driver holds; nobody joins or leaves any more."""
    return _shown(house, who, freeze_tour(house.desk, who, ask, tour_id))


@router.post(
    "/trips/{trip_id}/freeze",
    status_code=201,
    summary="Freeze a trip",
    operation_id="freeze_trip",
    responses=refusals(
        *WRITES,
        "not_found",
        "trip_not_open",
        "trip_impossible",
        "plan_outdated",
        "carrier_not_active",
        "papers_lacking",
    ),
)
def freeze_a_trip(house: TheHouse, who: Who, ask: Wish, trip_id: TripId) -> ManifestShown:
    """Freeze your trip with its guests into the manifest that you drive by; it takes no bids any more."""
    return _shown(house, who, freeze_trip(house.desk, who, ask, trip_id))


@router.get(
    "/manifests", summary="List manifests", operation_id="list_manifests", responses=refusals(*SIGNED_IN)
)
def listed(house: TheHouse, who: Who, page: Paging) -> Listed[ManifestCard]:
    """List the manifests that your parties drive, newest first; an operator sees all."""
    with house.desk.store.view() as view:
        rows, after = list_manifests(view, None if who.is_operator else who.parties, page)
    return Listed(items=[card_shown(row) for row in rows], next=after)


@router.get(
    "/manifests/{manifest_id}",
    summary="Read a manifest",
    operation_id="read_manifest",
    responses=refusals(*SIGNED_IN, "not_found"),
)
def read(house: TheHouse, who: Who, manifest_id: ManifestId) -> ManifestShown:
    """Read a manifest: the stops in their order, what goes on and off, what to load where."""
    return _shown(house, who, manifest_id)


@router.get(
    "/manifests/{manifest_id}/paper",
    summary="Read a manifest's paper",
    operation_id="read_manifest_paper",
    responses={
        200: {"content": {one.partition(";")[0]: {} for one in PAPER_TYPES.values()}},
        **refusals(*SIGNED_IN, "not_found", "no_such_part"),
    },
    response_class=Response,
)
def paper(
    house: TheHouse,
    who: Who,
    manifest_id: ManifestId,
    form: Annotated[
        PaperForm,
        Query(
            description="`pdf`: the print; `labels`: a label for each crate; `waybills`: the papers of the "
            "shipments; `svg`: the map; `html`: a page that needs no network; `ics`: a calendar; "
            "`csv`, `json`, `geojson`, `gpx`: data.",
            examples=["pdf"],
        ),
    ] = "pdf",
    language: Annotated[Language, Query(description="Its language.", examples=["fr"])] = "fr",
    part: Annotated[
        int, Query(ge=1, le=1000, description="Of the labels: which 400 of them.", examples=[1])
    ] = 1,
) -> Response:
    """Make one paper of a manifest: what its driver prints, shows, loads into a navigator or a calendar."""
    with house.desk.store.view() as view:
        return paper_answer(view, house.region, seen_manifest(view, who, manifest_id), form, language, part)


@router.get(
    "/manifests/{manifest_id}/transport-papers",
    summary="List transport papers",
    operation_id="list_transport_papers",
    responses=refusals(*SIGNED_IN, "not_found"),
)
def transport_papers(house: TheHouse, who: Who, manifest_id: ManifestId) -> Listed[TransportPaperShown]:
    """
    List the paper of each shipment aboard: what stands on it, and what is missing.

    All in one answer: there are no more than shipments on one vehicle. Written when the run begins; from then
    on only what happens is added.
    """
    with house.desk.store.view() as view:
        papers = seen_papers(view, who, manifest_id)
    return Listed(items=[transport_paper_shown(one) for one in papers], next="")


@router.put(
    "/manifests/{manifest_id}/vehicle",
    summary="Name the vehicle",
    operation_id="name_vehicle",
    responses=refusals(*WRITES, "not_found", "manifest_closed"),
)
def vehicle(house: TheHouse, who: Who, ask: Wish, manifest_id: ManifestId, wish: PlateWish) -> ManifestShown:
    """Say by its plate which vehicle drives a frozen ride: for hire, none sets out without."""
    return _shown(house, who, name_vehicle(house.desk, who, ask, manifest_id, wish.plate))


@router.post(
    "/manifests/{manifest_id}/begin",
    summary="Begin a run",
    operation_id="begin_run",
    responses=refusals(
        *WRITES,
        "not_found",
        "run_not_under_way",
        "ride_long_past",
        "ride_far_ahead",
        "papers_incomplete",
        "carrier_not_active",
        "papers_lacking",
    ),
)
def begin(house: TheHouse, who: Who, ask: Wish, manifest_id: ManifestId) -> ManifestShown:
    """
    Set out: the papers of its shipments are written, and from now on handovers are noted.

    For hire it is refused while a field is missing that is due before departure; `facts.fields` lists all of
    them by shipment.
    """
    return _shown(house, who, begin_run(house.desk, who, ask, manifest_id))


@router.post(
    "/manifests/{manifest_id}/handovers",
    status_code=201,
    summary="Hand over",
    operation_id="hand_over",
    responses=refusals(
        *WRITES,
        "not_found",
        "run_not_under_way",
        "not_on_manifest",
        "not_on_board",
        *UNFIT,
        "code_wrong",
        "code_spent",
    ),
)
def handed(
    house: TheHouse, who: Who, ask: Wish, manifest_id: ManifestId, wish: HandoverWish
) -> HandoverShown:
    """
    Note that a shipment went on or off, or why it could not.

    May be sent late, and again: the first word on a shipment's way stands and is answered again.
    """
    handover_id = hand_over(house.desk, who, ask, manifest_id, wish.words())
    with house.desk.store.view() as view:
        row = find_handover(view, handover_id)
        return handover_shown(row, find_shipment(view, row.shipment_id).food)


@router.get(
    "/manifests/{manifest_id}/handovers",
    summary="List handovers",
    operation_id="list_handovers",
    responses=refusals(*SIGNED_IN, "not_found"),
)
def handovers(house: TheHouse, who: Who, manifest_id: ManifestId, page: Paging) -> Listed[HandoverShown]:
    """List what was handed over on a run so far, newest first, failures among them."""
    with house.desk.store.view() as view:
        seen_manifest(view, who, manifest_id)
        rows, after = list_handovers(view, manifest_id, page)
        known = shipments_by_id(view, {row.shipment_id for row in rows})
    return Listed(items=[handover_shown(row, known[row.shipment_id].food) for row in rows], next=after)


@router.post(
    "/manifests/{manifest_id}/end",
    summary="End a run",
    operation_id="end_run",
    responses=refusals(*WRITES, "not_found", "run_not_under_way", "handovers_missing"),
)
def end(house: TheHouse, who: Who, ask: Wish, manifest_id: ManifestId) -> ManifestShown:
    """End a run whose handovers are all noted; what was signed for is now owed."""
    return _shown(house, who, end_run(house.desk, who, ask, manifest_id))


def _shown(house: TheHouse, who: Actor, manifest_id: str) -> ManifestShown:
    with house.desk.store.view() as view:
        return manifest_shown(seen_manifest(view, who, manifest_id))
