"""Claims on pages: what is wrong with crates, between which handovers, answered, decided; the cover terms."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from fastapi import APIRouter
from sqlalchemy import Row
from starlette.responses import Response

from api.cover_words import cover_said
from api.pages.forms import Filled, FilledWithFile, Form, SentFile
from api.pages.lists import part_of
from api.pages.names import party_names
from api.pages.press import answer, page
from api.pages.runs.custody import custody_lines
from api.pages.runs.sight import BESIDE
from api.pages.states import CLAIM_ANSWERS, CLAIM_KINDS, CLAIM_OUTCOMES, CLAIMS, colour
from api.pages.visit import AnyVisit, Signed, Visit
from api.papers.words import REGIMES
from geodata.refusal import Refusal
from pooling.claims.cover import cover_of
from pooling.desk.claims.claim_photos import seen_claim_photo, send_claim_photo
from pooling.desk.claims.deciding import Decision, answer_claim, decide_claim
from pooling.desk.claims.evidence import holders_of
from pooling.desk.claims.opening import (
    ClaimWords,
    claim_days,
    claimant_of,
    open_claim,
    seen_claim,
    withdraw_claim,
)
from pooling.desk.claims.telling import sides_of
from pooling.desk.claims.worth import worth_of
from pooling.figures import (
    COLD_CONTRACT_PER_KG,
    COLD_CONTRACT_PER_PARCEL,
    CONTRACT_PER_KG,
    CONTRACT_PER_PARCEL,
)
from pooling.load import CRATES_LIMIT
from pooling.phrases import message
from pooling.regimes import Regime
from pooling.store.claims import UNDECIDED, list_claims
from pooling.store.custody import chain_of
from pooling.store.shipments import find_shipment
from pooling.store.sites import sites_by_id

router = APIRouter()

GOODS = (message("what is kept at any temperature"), message("what is kept cold"))
NOTE_LIMIT = 500


@router.get("/cover-terms")
def cover(visit: AnyVisit) -> Response:
    """Show the cover terms that stand to anybody."""
    contracts = (CONTRACT_PER_KG, CONTRACT_PER_PARCEL), (COLD_CONTRACT_PER_KG, COLD_CONTRACT_PER_PARCEL)
    return page(
        visit,
        "cover_terms.html",
        text=cover_said(visit.words),
        most=[(REGIMES[one], cover_of(one).most_cents) for one in Regime],
        weights=[
            (visit.words.say(name), per_kg.value, per_crate.value, per_kg.source)
            for name, (per_kg, per_crate) in zip(GOODS, contracts, strict=True)
        ],
    )


@router.get("/claims")
def listed(visit: Signed) -> Response:
    party = visit.own_party()
    with visit.desk.store.view() as view:
        rows, after = list_claims(view, None if visit.who.is_operator else [party.id], part_of(visit))
        names = party_names(view, [one for row in rows for one in (row.by_id, row.fault_id)])
    return page(
        visit,
        "claims.html",
        claims=rows,
        after=after,
        names=names,
        kinds=CLAIM_KINDS,
        states=CLAIMS,
        colour=colour,
    )


@router.get("/shipments/{shipment_id}/claim")
def new(visit: Signed, shipment_id: str) -> Response:
    return _form(visit, shipment_id, Form(), None)


@router.post("/shipments/{shipment_id}/claim")
def claimed(visit: Signed, sent: FilledWithFile, shipment_id: str) -> Response:
    form = sent.form

    def do() -> str:
        words = ClaimWords(
            kind=form.choice("kind", CLAIM_KINDS),  # type: ignore[arg-type]
            crates=form.whole("crates", 1, CRATES_LIMIT),
            note=form.text("note", limit=NOTE_LIMIT, needed=False),
        )
        form.check()
        words = replace(words, photo=_photo(visit, sent, shipment_id))
        return open_claim(visit.desk, visit.who, form.ask, shipment_id, words)

    return answer(
        form,
        do,
        then=lambda claim_id: f"/claims/{claim_id}",
        again=lambda refusal: _form(visit, shipment_id, form, refusal),
        said="claimed",
        beside=BESIDE | {"more_than_aboard": "crates", "more_than_left": "crates"},
    )


@router.get("/claims/{claim_id}")
def one(visit: Signed, claim_id: str) -> Response:
    return _claim(visit, claim_id, Form(), None)


@router.get("/claims/{claim_id}/photo")
def photo(visit: Signed, claim_id: str) -> Response:
    """Show the photo of a claim to whoever may see the claim."""
    with visit.desk.store.view() as view:
        found = seen_claim_photo(view, visit.who, claim_id)
    return Response(found.content, media_type=found.media_type)


@router.post("/claims/{claim_id}/answer")
def answered(visit: Signed, form: Filled, claim_id: str) -> Response:
    def do() -> str:
        accepts = form.ticked("accepts")
        note = form.text("note", limit=NOTE_LIMIT, needed=not accepts)
        form.check()
        at, who = form.revision, visit.who
        return answer_claim(visit.desk, who, form.ask, claim_id, at, accepts=accepts, note=note)

    return _on(visit, form, claim_id, do, "claim_answered")


@router.post("/claims/{claim_id}/decision")
def decided(visit: Signed, form: Filled, claim_id: str) -> Response:
    def do() -> str:
        outcome = form.choice("outcome", CLAIM_OUTCOMES)
        crates = form.whole("granted", 1, CRATES_LIMIT)
        note = form.text("note", limit=NOTE_LIMIT)
        form.check()
        decision = Decision(outcome, note, crates, form.value("fault")[:40])  # type: ignore[arg-type]
        return decide_claim(visit.desk, visit.who, form.ask, claim_id, form.revision, decision)

    return _on(visit, form, claim_id, do, "claim_decided", {"more_than_claimed": "granted"})


@router.post("/claims/{claim_id}/withdraw")
def withdrawn(visit: Signed, form: Filled, claim_id: str) -> Response:
    return _on(
        visit,
        form,
        claim_id,
        lambda: withdraw_claim(visit.desk, visit.who, form.ask, claim_id, form.revision),
        "withdrawn",
    )


def _photo(visit: Visit, sent: SentFile, shipment_id: str) -> str:
    """Keep the photo that came with a form, if one did; returns by what a claim names it."""
    if not sent.raw:
        return ""
    key = hashlib.sha256(f"{sent.form.ask.key} photo".encode()).hexdigest()
    return send_claim_photo(visit.desk, visit.who, replace(sent.form.ask, key=key), shipment_id, sent.raw)


def _on(
    visit: Visit,
    form: Form,
    claim_id: str,
    do: Callable[[], str],
    said: str,
    beside: Mapping[str, str] | None = None,
) -> Response:
    return answer(
        form,
        do,
        then=lambda _: f"/claims/{claim_id}",
        again=lambda refusal: _claim(visit, claim_id, form, refusal),
        said=said,
        beside=beside,
    )


def _form(visit: Visit, shipment_id: str, form: Form, refusal: Refusal | None) -> Response:
    with visit.desk.store.view() as view:
        row = find_shipment(view, shipment_id)
        claimant_of(view, visit.who, row)
        sites = sites_by_id(view, [row.from_site_id, row.to_site_id])
        until = claim_days(visit.desk, view, row)
    return page(
        visit,
        "claim_form.html",
        form=form,
        refusal=refusal,
        row=row,
        sites=sites,
        until=until,
        kinds=CLAIM_KINDS,
    )


def _claim(visit: Visit, claim_id: str, form: Form, refusal: Refusal | None) -> Response:
    """Show a claim with the records between which it went wrong, and what may be done by who looks."""
    who = visit.who
    with visit.desk.store.view() as view:
        row = seen_claim(view, who, claim_id)
        shipment = find_shipment(view, row.shipment_id)
        sites = sites_by_id(view, [shipment.from_site_id, shipment.to_site_id])
        worth = worth_of(view, row)
        holders = holders_of(view, shipment.id) | {row.fault_id or ""}
        names = party_names(view, [*sides_of(row), *holders])
        shown = [one for one in chain_of(view, shipment.id) if one.id in (row.after_id, row.before_id)]
        lines = custody_lines(visit, view, shown, shipment.food)
    own_part = any(who.acts_for(one) for one in sides_of(row))
    return page(
        visit,
        "claim.html",
        form=form,
        refusal=refusal,
        row=row,
        shipment=shipment,
        sites=sites,
        worth=worth,
        told=worth.is_told_to(row, who),
        names=names,
        lines=lines,
        holders=_named(names, holders - {row.payee_id, ""}),
        may_answer=_may_answer(visit, row),
        may_decide=who.is_operator and not own_part and row.state == "with_operator",
        may_withdraw=row.state in UNDECIDED and who.acts_for(row.by_id),
        kinds=CLAIM_KINDS,
        answers=CLAIM_ANSWERS,
        outcomes=CLAIM_OUTCOMES,
        states=CLAIMS,
        colour=colour,
    )


def _may_answer(visit: Visit, row: Row[Any]) -> bool:
    asked = row.fault_id and row.fault_id not in (row.by_id, row.payee_id)
    return bool(asked and row.state in UNDECIDED and visit.who.acts_for(row.fault_id))


def _named(names: Mapping[str, str], party_ids: frozenset[str]) -> list[tuple[str, str]]:
    return sorted(((one, names.get(one, one)) for one in party_ids), key=lambda one: one[1])
