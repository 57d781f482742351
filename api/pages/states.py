"""States in plain words: one table per noun, and whether a state is good news."""

from api.pages.said import message

SHIPMENTS = {
    "open": message("looks for a ride"),
    "riding": message("has a ride"),
    "aboard": message("is aboard"),
    "delivered": message("is delivered"),
    "failed": message("could not be delivered"),
    "cancelled": message("is cancelled"),
    "reserved": message("is room on a trip, not crates"),
    "released": message("is room that was given back"),
}

ORDERS = {
    "asked": message("waits for the producer"),
    "accepted": message("is accepted"),
    "refused": message("is refused"),
    "cancelled": message("is cancelled"),
}

TOUR_ORDERS = ORDERS | {"lapsed": message("had no answer in time")}

SHORT_LISTS = {"open": message("is open"), "withdrawn": message("is withdrawn")}

TRIPS = {
    "open": message("takes crates"),
    "frozen": message("is ready to set out"),
    "under_way": message("is on the way"),
    "done": message("has arrived"),
    "cancelled": message("is cancelled"),
}

BIDS = {
    "open": message("waits for an answer"),
    "countered": message("has a counter-offer"),
    "accepted": message("is accepted"),
    "refused": message("is refused"),
    "withdrawn": message("is withdrawn"),
    "expired": message("ran out without an answer"),
}

RESERVATIONS = BIDS | {
    "held": message("is held for you to name the goods"),
    "named": message("has its goods"),
    "released": message("was given back"),
}

SERIES = {"open": message("goes on"), "ended": message("has ended")}

DOSSIERS = {
    "applied": message("has applied"),
    "active": message("is active"),
    "suspended": message("is suspended"),
}

PAPERS = {
    "entered": message("waits for the operator"),
    "checked": message("checked"),
    "refused": message("is refused"),
    "waived": message("done without"),
}

TOURS = {
    "proposed": message("can be joined"),
    "confirmed": message("will run"),
    "refused": message("does not run"),
    "frozen": message("is ready to set out"),
    "under_way": message("is on the way"),
    "done": message("has arrived"),
    "cancelled": message("is cancelled"),
}

SIGN_UPS = {
    "waiting": message("waits until it fits"),
    "joined": message("has joined"),
    "riding": message("rides"),
    "turned": message("could not be taken"),
    "left": message("has left"),
}

MANIFESTS = {
    "frozen": message("is ready to set out"),
    "under_way": message("is on the way"),
    "done": message("has arrived"),
    "cancelled": message("is cancelled"),
}

JOBS = {
    "queued": message("waits for its turn"),
    "running": message("is being done"),
    "done": message("is done"),
    "failed": message("went wrong"),
    "cancelled": message("is cancelled"),
}

DRAFT_ANSWERS = {
    "invited": message("is invited"),
    "seen": message("has seen it"),
    "joined": message("has joined"),
    "declined": message("has declined"),
}

CONDITIONS = {
    "good": message("good"),
    "damaged": message("damaged"),
    "short": message("some missing"),
    "refused": message("turned down by the receiver"),
}

COLLECTIONS = {
    "doubtful": message("waits for you: which place?"),
    "entered": message("is entered"),
    "cancelled": message("is cancelled"),
}

OUTCOMES = {
    "kept": message("is taken"),
    "changed": message("is changed"),
    "unchanged": message("stands as it was"),
    "doubtful": message("waits for you: which place?"),
    "refused": message("is refused"),
}
"""What became of a line of a list."""

OUTCOMES_COUNTED = {
    "kept": message("{number} taken"),
    "changed": message("{number} changed"),
    "unchanged": message("{number} as before"),
    "doubtful": message("{number} doubtful"),
    "refused": message("{number} refused"),
}

WAY_WORDS = {
    "on": message("Taken"),
    "over": message("Changed vans"),
    "off": message("Handed over"),
    "again": message("Handed over later"),
    "back": message("Brought back"),
    "left": message("Left with somebody"),
}

PASSES = {
    "again": message("handed over after all"),
    "back": message("brought back to the sender"),
    "left": message("left with somebody"),
}

REASON_WORDS = {
    "nobody_there": message("Nobody was there"),
    "not_ready": message("The crates were not ready"),
    "refused": message("The crates were refused"),
    "damaged": message("Crates are damaged"),
    "wrong_goods": message("These are the wrong goods"),
    "missing": message("Crates are missing"),
    "partial": message("Only a part"),
    "other": message("Something else"),
}

NEXT_WORDS = {
    "bring_back": message("bring them back"),
    "try_again": message("try again"),
    "keep_at_hub": message("keep them at the hub"),
    "left_with": message("they are left with somebody"),
}

FAULTS = {
    "sender": message("on the sender's side"),
    "carrier": message("on the driver's side"),
    "receiver": message("on the receiver's side"),
}

BLAMES = {
    "sender": message("of whoever hands over"),
    "receiver": message("of whoever receives"),
    "carrier": message("of us who drive: nothing is owed"),
    "nobody": message("of nobody: the tour's own account takes it"),
}

CLAIM_KINDS = {
    "missing": message("Crates missing"),
    "damaged": message("Crates damaged"),
    "late": message("Crates late"),
    "warm": message("Crates too warm"),
}

CLAIMS = {
    "opened": message("waits for an answer"),
    "with_operator": message("waits for the operator"),
    "paid": message("is paid"),
    "refused": message("is refused"),
    "withdrawn": message("is withdrawn"),
}

CLAIM_ANSWERS = {
    "accepted": message("accepted"),
    "disputed": message("disputed"),
    "unanswered": message("no answer in time"),
}

CLAIM_OUTCOMES = {"paid": message("is paid"), "refused": message("is refused")}

INVITATIONS = {
    "open": message("waits for an answer"),
    "taken": message("is accepted"),
    "withdrawn": message("is withdrawn"),
}

TRANSFERS = {
    "pending": message("agreed"),
    "posted": message("owed"),
    "voided": message("undone"),
    "expired": message("run out"),
}

DUTIES = {"manager": message("manager"), "driver": message("driver")}

GOOD = frozenset(
    {
        "riding",
        "aboard",
        "delivered",
        "accepted",
        "confirmed",
        "frozen",
        "under_way",
        "done",
        "taken",
        "held",
        "named",
        "active",
        "checked",
        "waived",
        "paid",
    }
)
BAD = frozenset({"failed", "refused", "cancelled", "expired", "turned", "suspended", "lapsed"})


def colour(state: str) -> str:
    """Return the class of a state's tag; the word says it anyway."""
    return "good" if state in GOOD else "bad" if state in BAD else ""
