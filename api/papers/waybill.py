"""The papers of a manifest's shipments in one print: each a waybill or a delivery note, on its own page."""

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from api.papers.paper import typeset
from api.papers.remarks import degrees
from api.papers.sheet import written_out
from api.papers.words import FOODS, REGIMES, TEMPERATURES, Words, message
from pooling.runs.reserves import RESERVE
from pooling.runs.transport_paper import NAMES, Mention, TransportPaper

KINDS = {"waybill": message("Waybill"), "delivery_note": message("Delivery note")}
GROUNDS = {
    "waybill": message("order of 9 November 1999; on board during the whole carriage, kept two years"),
    "delivery_note": message("paper of a carriage that is not for hire; on board during the whole carriage"),
}
GOODS = {
    **FOODS,
    "ambient": message("food that needs no cold"),
    "chilled": message("chilled food"),
    "frozen": message("frozen food"),
}
RESERVES = {
    "short": message("crates are missing"),
    "damaged": message("damaged"),
    "refused": message("refused"),
    "failed": message("could not be handed over"),
}
COUNTED = {
    "short": message("{some} of {all} {all:crate/crates}"),
    "damaged": message("damaged: {some} of {all} {all:crate/crates}"),
    "refused": message("refused: {some} of {all} {all:crate/crates}"),
    "failed": message("could not be handed over: {some} of {all} {all:crate/crates}"),
    "missing": message("lost: {some} of {all} {all:crate/crates}"),
}
DAY = re.compile(r"\d{4}-\d\d-\d\d")
MOMENT = re.compile(r"^(\d{4}-\d\d-\d\d) (\d\d:\d\d)")
SIGNED = ("loaded", "unloaded")
NOTHING_TOLD: Mapping[str, int] = MappingProxyType({})


def transport_papers_pdf(
    papers: Sequence[TransportPaper], day: str, words: Words, co2_g: Mapping[str, int] = NOTHING_TOLD
) -> bytes:
    """
    Set the papers of a manifest, each on a page of its own, with room for what is signed by hand.

    ``co2_g`` is what carrying each shipment emits, told its customer by Code des transports L1431-3.
    """
    sheet = {"papers": tuple(said_paper(paper, words, co2_g.get(paper.shipment)) for paper in papers)}
    return typeset("waybill.typ", sheet, {}, words, day)


def said_paper(paper: TransportPaper, words: Words, co2_g: int | None = None) -> dict[str, object]:
    """Say one paper in a language: its head, its fields in their order, what is still missing."""
    before = [_field(one, paper, words) for one in paper.mentions if one.due == "before_departure"]
    if co2_g is not None:
        before.append(_emitted(co2_g, words))
    return {
        "kind": words.say(KINDS[paper.kind]),
        "ground": words.say(GROUNDS[paper.kind]),
        "number": paper.number,
        "shipment": written_out(paper.shipment),
        "regime": words.say(REGIMES.get(paper.regime, paper.regime)),
        "before": tuple(before),
        "after": tuple(_field(one, paper, words) for one in paper.mentions if one.due != "before_departure"),
        "missing": words.say("MISSING: enter it before departure"),
    }


def _emitted(co2_g: int, words: Words) -> dict[str, object]:
    value = words.say("{kilos} kg of CO₂e, transport only", kilos=words.number(co2_g / 1000, 2))
    return {"name": words.say("carrying it emits (L1431-3)"), "value": value, "signed": False, "due": False}


def _field(one: Mention, paper: TransportPaper, words: Words) -> dict[str, object]:
    return {
        "name": words.say(NAMES[one.name]),
        "value": _value(one, paper, words),
        "signed": one.name in SIGNED,
        "due": one.due == "before_departure" and paper.kind == "waybill",
    }


def _reserve(part: str, words: Words) -> str:
    """Say one reserve with its counts or its degrees; a driver's own word stays as it is."""
    hit = RESERVE.fullmatch(part)
    if hit is None:
        return words.say(RESERVES[part]) if part in RESERVES else part
    word, some, of_all = hit[1], int(hit[2]), int(hit[3])
    if word != "warm":
        return words.say(COUNTED[word], some=some, all=of_all)
    read, limit = (f"{words.number(tenths / 10, 1)} °C" for tenths in (some, of_all))
    return words.say("{read}, at most {limit}", read=read, limit=limit)


def _value(one: Mention, paper: TransportPaper, words: Words) -> str:
    if not one.value:
        return ""
    if DAY.fullmatch(one.value):
        return words.day(one.value)
    if one.name == "quantity":
        return words.count("{count} crate", "{count} crates", int(one.value))
    if one.name == "weight":
        return words.kg(int(one.value))
    if one.name == "goods":
        named = words.say(GOODS[one.value]) if one.value in GOODS else one.value
        kept = (words.say(TEMPERATURES.get(paper.temperature, "")), degrees(paper.limit_c, words))
        return f"{named} ({', '.join(filter(None, kept))})"
    if one.name == "reserves":
        return " · ".join(_reserve(part, words) for part in one.value.split(" | "))
    if one.name in SIGNED:
        return MOMENT.sub(lambda found: f"{words.day(found[1])}, {found[2]}", one.value)
    return one.value
