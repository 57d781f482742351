"""The sentences with which a page begins after something was done, by the word in its address."""


def message(english: str) -> str:
    """Mark a sentence for the catalogue and return it as it is."""
    return english


SAID = {
    "saved": message("Saved."),
    "site_entered": message("Your site is entered."),
    "signed_out": message("You are signed out."),
    "session_ended": message("That session is ended."),
    "party_founded": message("Your new party is there."),
    "party_vetted": message("Noted."),
    "invited": message("An invitation is on its way."),
    "withdrawn": message("Withdrawn."),
    "member_removed": message("That person acts for this party no longer."),
    "trip_announced": message("Your trip is announced: others can find it now."),
    "trip_cancelled": message("Your trip is cancelled. Everybody concerned is told."),
    "bid_placed": message("Your bid is placed. You will be told of the answer."),
    "search_kept": message("The search is kept: you are told when a trip fits."),
    "search_not_kept": message("The search could not be kept: you keep too many, or it cannot be read."),
    "search_removed": message("The search is kept no more."),
    "price_held": message("The price is held: bid by it while its hour lasts."),
    "room_asked": message("Asked for. Name the goods when you know them."),
    "goods_named": message("Named: the goods ride in the room that was held."),
    "room_released": message("The room is given back."),
    "bundle_placed": message("Your bids are placed together. You will be told of the answer."),
    "series_ended": message("It is ended. Everybody concerned is told."),
    "clearing": message("The best set is being looked for."),
    "stopping": message("It stops at its next step."),
    "bid_accepted": message("Accepted: the crates ride with this trip."),
    "cleared": message("Accepted: these crates ride with your trip. Everybody is told."),
    "bid_refused": message("Refused. The bidder is told."),
    "bid_countered": message("Your counter-offer is on its way."),
    "nobody_came": message("Noted. The owner is told."),
    "reviewed": message("Thank you. What you wrote stands."),
    "order_placed": message("Your order is with the producer."),
    "order_accepted": message("Accepted: the order is now a shipment. Find a ride for it."),
    "order_refused": message("Refused. The buyer is told."),
    "cancelled": message("Cancelled."),
    "shipment_entered": message("Your shipment is entered."),
    "tour_proposed": message("The tour is proposed: others can join it now."),
    "joined": message("Joined. You will be told whether the tour runs."),
    "left": message("You left the tour."),
    "planning": message("The plan is being made."),
    "frozen": message("Frozen: the driver has the manifest now."),
    "begun": message("On the way. Have a good trip."),
    "handed_over": message("Noted."),
    "corrected": message("Corrected. Everybody concerned is told."),
    "ended": message("The run is ended."),
    "paid": message("The payment is noted."),
}
