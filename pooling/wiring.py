"""Everything that workers know how to do: each kind of job, and each duty by the clock."""

from pooling.desk.bids import expire_due
from pooling.desk.clearing_days import clear_day_job
from pooling.desk.collection_files import take_list_job
from pooling.desk.day_plans import plan_day_job
from pooling.desk.draft_invitations import joined_due
from pooling.desk.notices import write_notices
from pooling.desk.payments import expire_forgotten
from pooling.desk.releasing import release_due
from pooling.desk.rematching import rematch_freed
from pooling.desk.reminding import remind_due
from pooling.desk.rivals import tell_rivals
from pooling.desk.rounds import make_rounds_due
from pooling.desk.searches import match_searches
from pooling.desk.seeding import draft_tours_job
from pooling.desk.series import make_due
from pooling.desk.tour_jobs import cutoff_due, plan_job
from pooling.duties import DUTIES, Duty, clean_up
from pooling.jobs import register

HOURLY_S = 3600
SERIES_EVERY_S = 60


def know_all_work() -> None:
    """Make it all known to this process; a second call changes nothing."""
    DUTIES["clean_up"] = Duty(clean_up, HOURLY_S)
    DUTIES["write_notices"] = Duty(write_notices)
    DUTIES["expire_forgotten"] = Duty(expire_forgotten, HOURLY_S)
    DUTIES["match_searches"] = Duty(match_searches)
    DUTIES["rematch_freed"] = Duty(rematch_freed)
    DUTIES["tell_rivals"] = Duty(tell_rivals)
    DUTIES["expire_due"] = Duty(expire_due)
    DUTIES["release_due"] = Duty(release_due)
    DUTIES["cutoff_due"] = Duty(cutoff_due)
    DUTIES["make_series"] = Duty(make_due, SERIES_EVERY_S)
    DUTIES["make_rounds"] = Duty(make_rounds_due, SERIES_EVERY_S)
    DUTIES["joined_due"] = Duty(joined_due)
    DUTIES["remind_due"] = Duty(remind_due, HOURLY_S)
    register("plan_tour", plan_job)
    register("clear_day", clear_day_job)
    register("take_list", take_list_job)
    register("plan_day", plan_day_job)
    register("draft_tours", draft_tours_job)
