"""
How far a party kept its word: a score from what was recorded, never from what it says of itself.

Handovers within the hours that were promised, crates that arrived whole, bids that were answered in time, and
what those wrote who rode with it. Where too little is known there is no score: nobody is judged by one day.
"""

from dataclasses import dataclass

HANDOVERS_FOR_SCORE = 5
"""A score is told from so many handovers on."""

ANSWERS_FOR_SCORE, REVIEWS_FOR_SCORE = 3, 3
"""Answers and reviews count from so many on; before, the others' weights hold alone."""

MOST_STARS = 5

PUNCTUAL_WEIGHT, WHOLE_WEIGHT, ANSWERS_WEIGHT, REVIEWS_WEIGHT = 40, 30, 10, 20
"""What each weighs in the score, in hundredths."""

PAST_DAYS = 365
"""What lies longer ago is forgiven."""

REVIEW_WITHIN_S = 30 * 86_400
"""A review is written within so long of the handover."""

COUNTS_TOLD = 3
"""Beyond so many it is only told that there were more: a count would tell how much a party carries."""

REPORT_WITHIN_S = 7 * 86_400
"""That a van did not come is said within so long of the hour that was promised."""

BLIND_S = 14 * 86_400
"""A review is shown when the other side has written too, or after so long: nobody answers in kind."""


@dataclass(frozen=True)
class Record:
    """
    Hold what was counted of a party in the past year.

    ``timed`` are handovers that had a promised hour, ``punctual`` those within it; ``dropped`` are those to
    a receiver, ``whole`` those of them in good condition and number. ``stars`` is the sum over reviews.
    ``not_there_…`` are pickups at which nobody was, with its crates or with its van, ``late_…`` rides that
    it cancelled after the cut-off, of its own crates or of its guests'. ``claims_unanswered`` are claims
    that it let pass without an answer, ``claims_lost`` those that it disputed and has to pay.
    """

    timed: int = 0
    punctual: int = 0
    dropped: int = 0
    whole: int = 0
    asked: int = 0
    answered: int = 0
    reviews: int = 0
    stars: int = 0
    not_there_sending: int = 0
    not_there_driving: int = 0
    late_sending: int = 0
    late_driving: int = 0
    claims_unanswered: int = 0
    claims_lost: int = 0

    @property
    def score(self) -> int | None:
        """
        Return 0 to 100, ``None`` where too little is known.

        The weighted mean of the shares that are known, rounded half up. A van that did not come is an
        hour that was not kept, a claim that was lost or left unanswered crates that did not arrive whole.
        """
        hours = self.timed + self.not_there_driving
        if hours < HANDOVERS_FOR_SCORE:
            return None
        shares = [(PUNCTUAL_WEIGHT, self.punctual, hours)]
        drops = self.dropped + self.claims_unanswered + self.claims_lost
        if drops:
            shares.append((WHOLE_WEIGHT, self.whole, drops))
        if self.asked >= ANSWERS_FOR_SCORE:
            shares.append((ANSWERS_WEIGHT, self.answered, self.asked))
        if self.reviews >= REVIEWS_FOR_SCORE:
            best = (MOST_STARS - 1) * self.reviews
            shares.append((REVIEWS_WEIGHT, self.stars - self.reviews, best))
        weights = sum(weight for weight, _, _ in shares)
        return int(100 * sum(weight * good / of for weight, good, of in shares) / weights + 0.5)

    @property
    def no_shows(self) -> int:
        """Return how often it was not there, whichever its side."""
        return self.not_there_sending + self.not_there_driving

    @property
    def late_cancellations(self) -> int:
        """Return how many rides it cancelled after the cut-off, whichever its side."""
        return self.late_sending + self.late_driving

    @property
    def stars_tenths(self) -> int | None:
        """Return the mean of the stars in tenths, ``None`` before enough have written: one could be named."""
        if self.reviews < REVIEWS_FOR_SCORE:
            return None
        return (20 * self.stars + self.reviews) // (2 * self.reviews)


def is_shown(created_at: int, now_at: int, *, both_written: bool) -> bool:
    """Tell whether a review may be read by the party that it is about."""
    return both_written or now_at >= created_at + BLIND_S
