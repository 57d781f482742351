"""What a move by hand would break: one refusal for each promise, and one that lists them all."""

from geodata.refusal import Refusal


class HandHours(Refusal):
    code = "hand_hours"
    reason = "{shipment}: its {way} would begin at {begins}, outside its own hours."
    cure = "Put that stop elsewhere in the order, or the shipment on another tour."


class HandHoursPromised(Refusal):
    code = "hand_hours_promised"
    reason = "{shipment}: its {way} was promised at {promised}; it would begin at {begins}."
    cure = "Keep within the promise: {earlier} min earlier to {later} min later."


class HandNoRoom(Refusal):
    code = "hand_no_room"
    reason = "At {shipment}, the vehicle of tour {tour} would be fuller than it has room for."
    cure = "Let something be handed over first, or move a shipment to another tour."


class HandShift(Refusal):
    code = "hand_shift"
    reason = "Tour {tour} would be on the way from {leaves} to {ends}; it may from {opens} to {closes}."
    cure = "Shorten the way, or move a shipment to another tour."


class HandRule(Refusal):
    code = "hand_rule"
    reason = "{subject}: a rule of the road would be broken on tour {tour} ({rule})."
    cure = "Keep apart what must not travel together, and rides as short as was asked."


class HandPriceRises(Refusal):
    code = "hand_price_rises"
    reason = "{shipment} joined at {joined} a crate at most; on tour {tour} a crate may cost {crate}."
    cure = "Choose a tour at no higher price, or lower that tour's price first."


class HandNotPayable(Refusal):
    code = "hand_not_payable"
    reason = (
        "Tour {tour} is confirmed, and nobody's share may rise: {gap} would be missing to pay its carrier."
    )
    cure = "Choose a cheaper move; or have an account named that takes the gap when a tour is proposed."


class HandDearerThanAlone(Refusal):
    code = "hand_dearer_than_alone"
    reason = "{payer} would be worse off on tour {tour} than driving alone."
    cure = "Leave its shipments together, or let them ride elsewhere."


class HandRidePromised(Refusal):
    code = "hand_ride_promised"
    reason = "{shipment} rides on a confirmed tour; tour {tour} is only proposed."
    cure = "Choose a confirmed tour, or have that one planned first."


class HandPinned(Refusal):
    code = "hand_pinned"
    reason = "{shipment} is pinned to tour {tour}."
    cure = "Take out the pin first."


class HandLocked(Refusal):
    code = "hand_locked"
    reason = "{shipment}: its {way} is locked in its place or hour."
    cure = "Take off the lock first."


class HandOrderImpossible(Refusal):
    code = "hand_order_impossible"
    reason = "{shipment} would be handed over before it is collected."
    cure = "Move its pickup forward first, or choose a later place."


class HandNotAboard(Refusal):
    code = "hand_not_aboard"
    reason = "Shipment {shipment} is not aboard tour {tour}."
    cure = "Look at the tour again: it may have left meanwhile."


class HandUnsaid(Refusal):
    code = "hand_unsaid"
    reason = "It is not said which {what} is meant."
    cure = "Name it, and ask again."


class HandFewerStops(Refusal):
    code = "hand_fewer_stops"
    reason = "Tour {tour} has {stops} {stops:stop/stops}: its first {count} cannot be locked."
    cure = "Lock at most as many stops as it has; 0 takes that lock off."


class HandLastAboard(Refusal):
    code = "hand_last_aboard"
    reason = "Tour {tour} is confirmed and would be left with nobody aboard."
    cure = "Merge the two tours instead: that ends this one."


class HandNothing(Refusal):
    code = "hand_nothing"
    reason = "That would change nothing on tour {tour}."
    cure = "Choose another stop, place or tour."


class HandOtherTour(Refusal):
    code = "hand_other_tour"
    reason = "Tour {other} cannot take shipments from tour {tour}: not of its day and operator."
    cure = "Choose another tour of that day."


class HandNothingToUndo(Refusal):
    code = "hand_nothing_to_undo"
    reason = "On tour {tour} nothing done by hand is left to be undone."
    cure = "Move by hand what should be otherwise."


class HandUndoTooLate(Refusal):
    code = "hand_undo_too_late"
    reason = "Tour {tour} has changed since that was done: it is not undone."
    cure = "Move by hand what should be otherwise."


class HandBreaksPromises(Refusal):
    code = "hand_breaks_promises"
    reason = "That would break {count} {count:promise/promises}: {listed}"
    cure = "Choose another move; what stands is kept as it is."


class TourMerged(Refusal):
    code = "tour_merged"
    reason = "Tour {tour} was put together with tour {other} by its operator."
    cure = "Nothing needs to be done: its shipments ride on that tour."


class TourUnsplit(Refusal):
    code = "tour_unsplit"
    reason = "Tour {tour} was made by a split that its operator took back."
    cure = "Nothing needs to be done: its shipments ride as before."
