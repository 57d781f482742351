"""Everything that workers know how to do: each kind of job, and each duty by the clock."""

from pooling.desk.carriers.reminding import remind_due
from pooling.desk.claims.deciding import pass_unanswered, remind_undecided
from pooling.desk.collections.collection_files import take_list_job
from pooling.desk.communities.duty_trips import suggest_duty_trips
from pooling.desk.market.bids import expire_due
from pooling.desk.market.clearing_days import clear_day_job
from pooling.desk.market.rematching import rematch_freed
from pooling.desk.market.replaying import replay_job
from pooling.desk.market.rivals import tell_rivals
from pooling.desk.market.search_matching import match_searches
from pooling.desk.market.search_standing import try_standing
from pooling.desk.payments import expire_forgotten
from pooling.desk.seeds.draft_invitations import joined_due
from pooling.desk.seeds.seeding import draft_tours_job
from pooling.desk.selling.tour_order_answers import lapse_orders
from pooling.desk.telling.notices import write_notices
from pooling.desk.tours.company import join_waiting_job
from pooling.desk.tours.day_plans import plan_day_job
from pooling.desk.tours.retelling import retell_due
from pooling.desk.tours.rounds import make_rounds_due
from pooling.desk.tours.share_keeping import prove_groups_job
from pooling.desk.tours.tour_jobs import cutoff_due, plan_job
from pooling.desk.tours.turned_away import list_turned_job
from pooling.desk.tours.waiting_list import JOIN_WAITING
from pooling.desk.trips.releasing import release_due
from pooling.desk.trips.series import make_due
from pooling.work.duties import DUTIES, Duty, clean_up
from pooling.work.jobs import register

HOURLY_S = 3600
SERIES_EVERY_S = 60


def know_all_work() -> None:
    """Make it all known to this process; a second call changes nothing."""
    DUTIES["clean_up"] = Duty(clean_up, HOURLY_S)
    DUTIES["write_notices"] = Duty(write_notices)
    DUTIES["pass_unanswered"] = Duty(pass_unanswered, SERIES_EVERY_S)
    DUTIES["remind_undecided"] = Duty(remind_undecided, HOURLY_S)
    DUTIES["expire_forgotten"] = Duty(expire_forgotten, HOURLY_S)
    DUTIES["match_searches"] = Duty(match_searches)
    DUTIES["try_standing"] = Duty(try_standing)
    DUTIES["rematch_freed"] = Duty(rematch_freed)
    DUTIES["tell_rivals"] = Duty(tell_rivals)
    DUTIES["expire_due"] = Duty(expire_due)
    DUTIES["release_due"] = Duty(release_due)
    DUTIES["cutoff_due"] = Duty(cutoff_due)
    DUTIES["retell_due"] = Duty(retell_due, SERIES_EVERY_S)
    DUTIES["lapse_orders"] = Duty(lapse_orders)
    DUTIES["make_series"] = Duty(make_due, SERIES_EVERY_S)
    DUTIES["make_rounds"] = Duty(make_rounds_due, SERIES_EVERY_S)
    DUTIES["suggest_duty_trips"] = Duty(suggest_duty_trips, SERIES_EVERY_S)
    DUTIES["joined_due"] = Duty(joined_due)
    DUTIES["remind_due"] = Duty(remind_due, HOURLY_S)
    register("plan_tour", plan_job)
    register("list_turned", list_turned_job)
    register(JOIN_WAITING, join_waiting_job)
    register("prove_groups", prove_groups_job)
    register("clear_day", clear_day_job)
    register("replay_clearing", replay_job)
    register("take_list", take_list_job)
    register("plan_day", plan_day_job)
    register("draft_tours", draft_tours_job)
