"""What driving emits, well to wheel, empty legs included (Code des transports, L1431-3)."""

from pooling.figures import DIESEL_CO2_PER_LITRE, VAN_DIESEL_PER_KM


def van_co2_g(distance_m: int) -> int:
    """Return grams of CO2e of a diesel van of 3.5 t: metres × ml per km × g per litre."""
    return distance_m * VAN_DIESEL_PER_KM.value * DIESEL_CO2_PER_LITRE.value // 1_000_000
