"""Which events are worth a mail, and to whom. The page and webhooks are told of every event."""

HOURS_CHANGED = "hours.changed"

MAILED = frozenset(
    {
        "bid.accepted",
        "bid.countered",
        "bid.expired",
        "bid.fits_again",
        "bid.lowered",
        "bid.outbid",
        "bid.no_longer_fits",
        "bid.placed",
        "bid.refused",
        "bid.withdrawn",
        "carrier.days_granted",
        "carrier.suspended",
        "cutoff.moved",
        "draft.declined",
        "draft.invited",
        "draft.joined",
        "draft.reminded",
        "driver.substituted",
        "goods.named",
        "handover.corrected",
        "handover.done",
        "handover.failed",
        "handover.passed_on",
        HOURS_CHANGED,
        "manifest.repaired",
        "no_show.noted",
        "order.accepted",
        "order.cancelled",
        "order.placed",
        "order.refused",
        "paper.checked",
        "paper.ended",
        "paper.ends",
        "party.vetted",
        "payment.recorded",
        "ride.frozen",
        "room.free",
        "room.released",
        "round.changed",
        "round.day_left_out",
        "round.ended",
        "round.proposed",
        "series.day_left_out",
        "search.matched",
        "shipment.cancelled",
        "shipment.left_behind",
        "shipment.rematched",
        "shipment.stranded",
        "tour_order.accepted",
        "tour_order.cancelled",
        "tour_order.lapsed",
        "tour_order.placed",
        "tour_order.refused",
        "tour.cancelled",
        "tour.changed",
        "tour.confirmed",
        "tour.joined",
        "tour.left",
        "tour.moved",
        "tour.proposed",
        "tour.refused",
        "tour.suggested",
        "trip.cancelled",
        "trip.changed",
        "trip.cleared",
    }
)
"""A job's progress, an own announcement and a run under way are seen in the page, and mailed to nobody."""

FOR_DRIVERS = frozenset({HOURS_CHANGED, "manifest.repaired", "ride.frozen"})
"""What whoever only drives is mailed, of the rides of its own carrier or trip owner."""

FOR_PARTNERS = {"ride.frozen": "manifest.frozen", "manifest.repaired": "manifest.superseded"}
FOR_PARTNERS |= dict.fromkeys(("tour.cancelled", "trip.cancelled"), "manifest.cancelled")
"""What another carrier's system is told of its manifests, by the event that tells it."""
