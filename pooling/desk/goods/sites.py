"""Enter a site, and change it."""

from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Row

from geodata.place import Place
from geodata.refusal import Refusal
from pooling.desk.actor import Actor
from pooling.desk.desk import Desk
from pooling.people.business_words import must_be_address
from pooling.store import Ask, Tx, View
from pooling.store.people import site
from pooling.store.rows import added, at_revision, changed
from pooling.store.sites import find_site, is_site_named
from pooling.week import read_week, week_text


class HoursBackwards(Refusal):
    code = "hours_backwards"
    reason = "The hours end before they begin."
    cure = "Write from when until when, the earlier hour first."


class SiteNameTaken(Refusal):
    code = "site_name_taken"
    reason = "Your party has another site that is called {name}."
    cure = "Give this one another name, or change the other."


@dataclass(frozen=True)
class SiteWords:
    """
    Hold what is said of a site; hours are seconds on the wall clock.

    ``address`` is postal, in full, as a waybill names it; ``contact`` and ``phone`` are for drivers.
    ``tail_lift`` holds for crates that are entered from then on, and so do the hours. ``week`` are those by
    weekday (pooling.week), in the place of those of every day.
    """

    name: str
    lat: float
    lon: float
    opens_s: int
    closes_s: int
    note: str = ""
    address: str = ""
    contact: str = ""
    phone: str = ""
    tail_lift: bool = False
    week: str = ""


def enter_site(desk: Desk, who: Actor, ask: Ask, party_id: str, words: SiteWords) -> str:
    """Enter a site of one's own party; refuses a place that no road of the region reaches."""
    who.must_act_for(party_id)
    must_be_address(words.address)
    _must_be_reachable(desk, words)
    values = _values(words)

    def save(tx: Tx) -> str:
        _must_be_only(tx, party_id, words.name)
        return added(tx, site, "site", party_id=party_id, **values)

    return desk.once(ask, save)


def change_site(
    desk: Desk, who: Actor, ask: Ask, site_id: str, revision: int | None, words: SiteWords
) -> str:
    """Change a site of one's own party. Rides that are agreed keep the place that they were agreed for."""
    with desk.store.view() as view:
        if words.address != _must_be_own(view, who, site_id).address:
            must_be_address(words.address)
    _must_be_reachable(desk, words)
    values = _values(words)

    def save(tx: Tx) -> str:
        row = _must_be_own(tx, who, site_id)
        at_revision(row, revision, kind="site")
        if words.name != row.name:
            _must_be_only(tx, row.party_id, words.name)
        changed(tx, site, row, values)
        return site_id

    return desk.once(ask, save)


def _values(words: SiteWords) -> dict[str, Any]:
    """Return what is kept of a site; hours by weekday in the shortest way, the others from first to last."""
    if not words.week:
        return asdict(words)
    week = read_week(words.week)
    widest = week.widest()
    hours = {"week": week_text(week), "opens_s": widest.opens_s, "closes_s": widest.closes_s}
    return asdict(words) | hours


def _must_be_own(view: View, who: Actor, site_id: str) -> Row[Any]:
    row = find_site(view, site_id)
    who.must_see("site", site_id, row.party_id)
    who.must_act_for(row.party_id)
    return row


def _must_be_only(tx: Tx, party_id: str, name: str) -> None:
    if is_site_named(tx, party_id, name):
        raise SiteNameTaken(name=name)


def _must_be_reachable(desk: Desk, words: SiteWords) -> None:
    if words.closes_s < words.opens_s and not words.week:
        raise HoursBackwards
    place = Place(lat=words.lat, lon=words.lon, name=words.name)
    for refusal in desk.grounds.region.roads.snap_all([place]).refusals.values():
        raise refusal
