"""The legal ground of a trip in one plain sentence each."""

from api.pages.said import message
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
