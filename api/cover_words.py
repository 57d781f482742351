"""The cover terms in plain words: what is covered, by whom, until when it is claimed, what it comes to."""

from api.papers.words import Words
from pooling.claims.cover import cover_of
from pooling.figures import CLAIM_ANSWER, CLAIM_DAYS, CLAIM_DECISION, LATE_CLAIM_DAYS, LATE_SHARE
from pooling.phrases import message
from pooling.regimes import Regime

TERMS = (
    message(
        "Who held the crates when something happened to them pays for it: that is read from the record of "
        "handovers. Nobody else aboard pays, and nobody is insured by this."
    ),
    message(
        "Paid is the declared value by the crates concerned: at most {shared} of one shipment where cost is "
        "shared, at most {hired} with carriers and on tours. Without a declared value nothing is paid."
    ),
    message("For crates that came late {percent} % of their carriage is paid."),
    message(
        "Claims are made within {days} days of the handover, for late crates within {late_days}; Sundays and "
        "holidays do not count."
    ),
    message(
        "Who held the crates answers within {answer_days} days. Where it disputes the claim or says nothing, "
        "or the record names nobody, an operator decides within {decide_days} days."
    ),
    message(
        "These are terms between the parties. What the law gives beyond them stays, such as the limits by "
        "weight of the standard contract with a carrier."
    ),
)
DAY_S = 86_400


def cover_said(say: Words) -> list[str]:
    """Say the terms that stand, sentence by sentence."""
    facts = {
        "shared": say.money(cover_of(Regime.ENTRAIDE).most_cents),
        "hired": say.money(cover_of(Regime.TRANSPORTEUR).most_cents),
        "percent": LATE_SHARE.value,
        "days": CLAIM_DAYS.value,
        "late_days": LATE_CLAIM_DAYS.value,
        "answer_days": CLAIM_ANSWER.value // DAY_S,
        "decide_days": CLAIM_DECISION.value // DAY_S,
    }
    return [say.say(one, **facts) for one in TERMS]
