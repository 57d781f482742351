"""The legal ground of a trip in one plain sentence each."""

from api.pages.said import message
from api.papers.words import Words
from pooling.party import Party
from pooling.regimes import Regime, barred_between

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
    "payer_not_a_farm": message("By law only farms may pay for room on this trip."),
    "not_private": message("By law only private persons may share the cost of this trip."),
}
"""How it is told plainly, by the code of the refusal, that one may never pay under a ground."""


def barred_by_law(regime: Regime, owner: Party, payer: Party | None, words: Words) -> str:
    """Say why this party can never pay for room on such a trip; empty where it may, or nobody pays."""
    refusal = barred_between(regime, owner, payer) if payer is not None else None
    if refusal is None:
        return ""
    return words.say(BARRED[refusal.code]) if refusal.code in BARRED else words.refusal(refusal)[0]
