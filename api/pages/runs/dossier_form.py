"""The fields of a carrier's dossier: a paper, a vehicle, a rate card."""

from typing import Any

from sqlalchemy import Row

from api.pages.forms import Form
from api.pages.said import message
from api.pages.visit import Visit
from pooling.carriers.dossier import PAPER_WORDS, PaperKind
from pooling.desk.carriers.dossiers import PaperWords
from pooling.desk.carriers.fleet import CardWords, VehicleWords
from pooling.load import CRATES_LIMIT

PAYLOAD_LIMIT_KG = 40_000
LITRES_LIMIT = 100_000

KINDS = {kind.value: PAPER_WORDS[kind] for kind in PaperKind}
ENERGY_WORDS = {
    "diesel": message("diesel"),
    "petrol": message("petrol"),
    "electric": message("electric"),
    "gas": message("gas"),
    "hydrogen": message("hydrogen"),
    "muscle": message("muscle"),
}
PROFILES_SAID = {
    "small_van": message("a small van"),
    "refrigerated_van": message("a refrigerated van"),
    "car": message("a car"),
    "cargo_bike": message("a cargo bike"),
}


def paper_words(visit: Visit, form: Form) -> PaperWords:
    """Read a paper; what is of no vehicle and no driver is the carrier's own."""
    kind = form.choice("kind", KINDS)
    expires = form.day("expires", visit.moments.today) if form.value("expires").strip() else None
    about = form.text("about", limit=40, needed=False)
    number = form.text("number", needed=False)
    form.check()
    return PaperWords(PaperKind(kind), about, number, expires)


def vehicle_words(form: Form) -> VehicleWords:
    words = VehicleWords(
        plate=form.name("plate", limit=20),
        name=form.name("vehicle_name"),
        ambient_crates=form.whole("ambient", 0, CRATES_LIMIT, 0),
        chilled_crates=form.whole("chilled", 0, CRATES_LIMIT, 0),
        frozen_crates=form.whole("frozen", 0, CRATES_LIMIT, 0),
        ambient_litres=_litres(form, "ambient_litres"),
        chilled_litres=_litres(form, "chilled_litres"),
        frozen_litres=_litres(form, "frozen_litres"),
        payload_kg=form.whole("payload", 1, PAYLOAD_LIMIT_KG),
        tail_lift=form.ticked("tail_lift"),
        start_site_id=form.text("start_site", limit=40),
        end_site_id=form.text("end_site", limit=40),
        profile=form.choice("profile", PROFILES_SAID),
        energy=form.choice("energy", ENERGY_WORDS),
    )
    form.check()
    return words


def typed_vehicle(row: Row[Any]) -> dict[str, str]:
    """Return a vehicle as its form would have been filled."""
    same = ("plate", "start_site", "end_site", "profile", "energy")
    typed = {"vehicle_name": row.name, "payload": str(row.payload_kg)}
    typed |= {name: getattr(row, f"{name}_id" if name.endswith("_site") else name) for name in same}
    for kind in ("ambient", "chilled", "frozen"):
        litres = getattr(row, f"{kind}_litres")
        typed |= {kind: str(getattr(row, f"{kind}_crates")), f"{kind}_litres": str(litres or "")}
    return typed | {"tail_lift": "yes" if row.tail_lift else ""}


def card_words(visit: Visit, form: Form) -> CardWords:
    today = visit.moments.today
    words = CardWords(
        from_day=form.day("from_day", today),
        until_day=form.day("until_day", today) if form.value("until_day").strip() else None,
        fixed_cents=form.cents("fixed", 0),
        cents_per_km=form.cents("per_km", 0),
        cents_per_hour=form.cents("per_hour", 0),
        cents_per_stop=form.cents("per_stop", 0),
        waiting_cents_per_hour=form.cents("waiting", 0),
    )
    form.check()
    return words


def _litres(form: Form, name: str) -> int | None:
    return form.whole(name, 1, LITRES_LIMIT) if form.value(name).strip() else None
