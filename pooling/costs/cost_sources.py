"""By which rates a cost was reckoned, each with its unit and where it was read."""

from dataclasses import dataclass

from pooling.costs.own_cost import Rates, default_rates
from pooling.figures import (
    DIESEL_PRICE,
    LABOUR_PER_HOUR,
    REFRIGERATED_VAN_ENERGY,
    REFRIGERATED_VAN_PER_KM,
    SERVICE_PER_CRATE,
    SETUP_PER_STOP,
    SMALL_VAN_ENERGY,
    SMALL_VAN_PER_KM,
    TOLLS_PER_KM,
)
from pooling.phrases import message

NAMES = {
    "vehicle_cents_per_km": message("Vehicle without energy"),
    "energy_ml_per_km": message("Energy"),
    "energy_cents_per_litre": message("Price of energy"),
    "tolls_cents_per_km": message("Tolls"),
    "labour_cents_per_hour": message("Labour"),
    "setup_s_per_stop": message("At each stop"),
    "service_s_per_crate": message("Each crate, at each end"),
}
UNITS = {
    "vehicle_cents_per_km": message("cents per km"),
    "energy_ml_per_km": message("ml per km"),
    "energy_cents_per_litre": message("cents per litre"),
    "tolls_cents_per_km": message("cents per km"),
    "labour_cents_per_hour": message("cents per hour"),
    "setup_s_per_stop": message("seconds"),
    "service_s_per_crate": message("seconds"),
}
SAID = message("as you said")


@dataclass(frozen=True)
class RateTold:
    """Hold one rate; ``source`` is that of the default, or that it was said."""

    name: str
    value: int
    unit: str
    source: str
    is_default: bool


def rates_told(rates: Rates, *, refrigerated: bool) -> tuple[RateTold, ...]:
    """Tell each rate with its source, in the order of the lines."""
    usual = default_rates(refrigerated=refrigerated)
    per_km, energy = (
        (REFRIGERATED_VAN_PER_KM, REFRIGERATED_VAN_ENERGY)
        if refrigerated
        else (SMALL_VAN_PER_KM, SMALL_VAN_ENERGY)
    )
    figures = (per_km, energy, DIESEL_PRICE, TOLLS_PER_KM, LABOUR_PER_HOUR, SETUP_PER_STOP, SERVICE_PER_CRATE)
    told = []
    for name, figure in zip(NAMES, figures, strict=True):
        value, is_default = getattr(rates, name), getattr(rates, name) == getattr(usual, name)
        told.append(RateTold(name, value, UNITS[name], figure.source if is_default else SAID, is_default))
    return tuple(told)
