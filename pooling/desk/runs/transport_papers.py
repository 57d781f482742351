"""
The papers of a frozen ride's shipments: drawn up as the house knows them, written when the run begins.

Before departure a paper shows what is still missing. As it sets out it is written once, and from then on only
what happens is added, out of the handovers.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row

from pooling.cold_chain import limit_c
from pooling.manifest import Manifest
from pooling.regimes import Regime, has_licence
from pooling.runs.manifest_json import read_manifest
from pooling.runs.reserves import Seen, reserves
from pooling.runs.transport_paper import (
    Haulage,
    Lading,
    TransportPaper,
    filled,
    must_be_complete,
    paper_json,
    read_paper,
    write_paper,
)
from pooling.store import Tx, View
from pooling.store.days import as_party, parties_by_id
from pooling.store.manifests import handovers_of, papers_of
from pooling.store.parties import find_party
from pooling.store.rows import added
from pooling.store.shipments import shipments_by_id
from pooling.store.sites import sites_by_id
from pooling.store.touring import transport_paper

BESIDE = " | "
"""Stands between the remarks of one paper."""


def write_papers(tx: Tx, row: Row[Any], only: frozenset[str] | None = None) -> None:
    """
    Write the papers of a run that begins, or ``only`` those of crates that it takes over on its way.

    Refuses while one for hire lacks what is due before.
    """
    drafts = [one for one in _drafted(tx, row) if only is None or one.shipment in only]
    must_be_complete(row.number, drafts)
    for paper in drafts:
        added(
            tx,
            transport_paper,
            "ppr",
            manifest_id=row.id,
            shipment_id=paper.shipment,
            number=paper.number,
            body=paper_json(paper),
        )


def papers_on(view: View, row: Row[Any]) -> tuple[TransportPaper, ...]:
    """Return the papers of a manifest as they were written; before departure, as they would be now."""
    written = [read_paper(one.body) for one in papers_of(view, row.id)]
    if not written:
        return _drafted(view, row)
    seen = handovers_of(view, row.id)
    zone = ZoneInfo(read_manifest(row.body).timezone)
    return tuple(filled(paper, _happened(seen, paper, zone)) for paper in written)


def _drafted(view: View, row: Row[Any]) -> tuple[TransportPaper, ...]:
    written = read_manifest(row.body)
    haulage = _haulage(view, row, written)
    ladings = _ladings(view, written)
    return tuple(write_paper(haulage, lading, rank) for rank, lading in enumerate(ladings, start=1))


def _haulage(view: View, row: Row[Any], written: Manifest) -> Haulage:
    carrier = find_party(view, row.carrier_id)
    now = datetime.fromtimestamp(view.now_at, UTC).astimezone(ZoneInfo(written.timezone))
    return Haulage(
        manifest=row.number,
        regime=written.regime,
        carrier=carrier.name,
        address=carrier.address,
        siren=carrier.siren,
        licence=carrier.licence if has_licence(as_party(carrier), row.day) else "",
        plate=row.plate,
        driver=written.driver,
        day=row.day.isoformat(),
        issued_on=now.date().isoformat(),
    )


def _ladings(view: View, written: Manifest) -> list[Lading]:
    handlings = {each.shipment: each for stop in written.stops for each in stop.handlings if each.way == "on"}
    rows = shipments_by_id(view, handlings)
    sites = sites_by_id(view, {site for one in rows.values() for site in (one.from_site_id, one.to_site_id)})
    both = {*(one.party for one in sites.values()), *(one.shipper_id for one in rows.values())}
    parties = parties_by_id(view, both)
    ladings, hire = [], written.regime == Regime.TRANSPORTEUR
    for shipment_id, each in handlings.items():
        row = rows[shipment_id]
        start, end = sites[row.from_site_id], sites[row.to_site_id]
        ladings.append(
            Lading(
                shipment=shipment_id,
                shipper=parties[row.shipper_id].name,
                pickup_site=start.name,
                pickup_address=start.address,
                consignee=parties[end.party].name,
                drop_site=end.name,
                drop_address=end.address,
                goods=row.goods or ("" if hire else row.food or row.temperature),
                temperature=each.temperature,
                limit_c=limit_c(each.temperature, each.food),
                crates=each.crates,
                kg=each.kg,
            )
        )
    return ladings


def _happened(
    seen: Mapping[tuple[str, str], Row[Any]], paper: TransportPaper, zone: ZoneInfo
) -> dict[str, str]:
    happened: dict[str, str] = {}
    said: list[str] = []
    agreed = int(paper.value("quantity") or 0)
    for way, name in (("on", "loaded"), ("off", "unloaded")):
        one = seen.get((paper.shipment, way))
        if one is None:
            continue
        local = datetime.fromtimestamp(one.happened_at, UTC).astimezone(zone)
        if one.outcome == "done":
            happened[name] = " · ".join(filter(None, (f"{local:%Y-%m-%d %H:%M}", one.receiver)))
        said += [*reserves(_as_seen(one, agreed, paper.limit_c)), *filter(None, [one.note])]
        agreed = one.crates  # what was not collected is not to be handed over
    return {**happened, "reserves": BESIDE.join(said)}


def _as_seen(row: Row[Any], agreed: int, limit: int | None) -> Seen:
    return Seen(
        outcome=row.outcome,
        condition=row.condition,
        crates=row.crates,
        agreed=agreed,
        lost=row.lost,
        damaged=row.damaged,
        read_tenths=row.temperature_tenths,
        limit_tenths=None if limit is None else 10 * limit,
    )
