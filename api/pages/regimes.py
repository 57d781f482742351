"""The legal ground of a trip in one plain sentence each."""

from api.pages.said import message
from pooling.party import Role
from pooling.regimes import Regime

REGIME_WORDS = {
    Regime.COTRANSPORT_AGRICOLE.value: message(
        "Sharing costs between farms: for another farm's needs, within 100 km, costs only."
    ),
    Regime.ENTRAIDE.value: message("Mutual aid between farms: free of charge, costs may be repaid."),
    Regime.GROUPEMENT.value: message("For members of our group (GIE, CUMA …): costs only."),
    Regime.TRANSPORTEUR.value: message("As a registered carrier with a licence: the price is free."),
    Regime.COTRANSPORT_PRIVE.value: message("Between private persons: costs only."),
    Regime.OWN_ACCOUNT.value: message("My own goods only: nobody else's ride along."),
}

BARRED = {
    Regime.COTRANSPORT_AGRICOLE: (Role.PRODUCER, message("By law only farms may pay for room on this trip.")),
    Regime.ENTRAIDE: (Role.PRODUCER, message("By law only farms may pay for room on this trip.")),
    Regime.COTRANSPORT_PRIVE: (
        Role.PRIVATE,
        message("By law only private persons may share the cost of this trip."),
    ),
}
"""The grounds that only one role may pay under, and how the others are told (``pooling.regimes``)."""


def barred_by_role(regime: Regime, role: str) -> str:
    """Return why whoever acts in this role can never pay for room on such a trip; empty where it may."""
    only, why = BARRED.get(regime, (None, ""))
    return "" if only is None or role == only.value else why
