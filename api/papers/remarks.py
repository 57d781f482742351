"""What a paper remarks beside its figures: the cold that must be kept, and what a repair has changed."""

from api.papers.words import TEMPERATURES, Words, message
from pooling.cold_chain import SPECIAL_VEHICLE_FROM_M, carries_cold, cold_far, limit_c
from pooling.manifest import Change, Manifest

CHANGES = {
    "added": message("{now}: new at {site}: {goods}"),
    "dropped": message("{was}: no longer at {site}: {goods}"),
    "later": message("{now} instead of {was}, {minutes} min later, at {site}: {goods}"),
    "earlier": message("{now} instead of {was}, {minutes} min earlier, at {site}: {goods}"),
    "order": message("{now}: in another order, at {site}: {goods}"),
}
"""What a repair changed, as its driver reads it."""


def cold_chain(manifest: Manifest, words: Words) -> str:
    """Say whether what is kept cold needs a vehicle of the special kind."""
    if not carries_cold(manifest):
        return ""
    far = cold_far(manifest)
    limit = words.number(SPECIAL_VEHICLE_FROM_M // 1000)
    if far:
        return words.say(
            "Cold for {km} km or more: a vehicle of the special kind (ATP) is required for {shipments}.",
            km=limit,
            shipments=", ".join(far),
        )
    return words.say(
        "Everything cold rides less than {km} km without being reloaded: no special vehicle is required, "
        "but the temperatures hold.",
        km=limit,
    )


def superseding(manifest: Manifest, words: Words, number: str) -> str:
    """Say of a later edition which ``number`` it takes the place of, and why."""
    if not manifest.supersedes:
        return ""
    return words.say("Takes the place of {number}: {why}", number=number, why=words.say(manifest.why))


def said_change(change: Change, manifest: Manifest, words: Words) -> str:
    """Say one line of what a repair changed."""
    names = {each.shipment: each for stop in manifest.stops for each in stop.handlings}
    known = names.get(change.shipment)
    goods = f"{known.shipper} → {known.consignee}" if known else change.shipment
    return words.say(
        CHANGES[change.kind],
        site=change.site,
        goods=goods,
        was=change.was,
        now=change.now,
        minutes=change.minutes,
    )


def degrees(limit: int | None, words: Words) -> str:
    """Say how warm a load may become, empty where the law sets no bound."""
    if limit is None:
        return ""
    return words.say("{degrees} °C at most", degrees=f"+{limit}" if limit > 0 else f"−{-limit}")


def kept(temperature: str, food: str, words: Words) -> str:
    """Say the compartment of a load, and how warm it may become."""
    named = words.say(TEMPERATURES.get(temperature, temperature))
    return ", ".join(filter(None, (named, degrees(limit_c(temperature, food), words))))
