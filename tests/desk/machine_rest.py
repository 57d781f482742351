"""What else is done in a house: trips that repeat, searches, orders, sites, papers, and the clock itself."""

from datetime import date, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import rule

from pooling.desk.carriers.dossiers import grant_days, suspend_carrier, vet_carrier
from pooling.desk.goods.orders import (
    Filling,
    OrderWords,
    accept_order,
    cancel_order,
    place_order,
    refuse_order,
)
from pooling.desk.goods.sites import SiteWords, change_site, enter_site
from pooling.desk.market.searches import keep_search, remove_search
from pooling.desk.people.parties import PartyWords, Vetting, change_party, vet_party
from pooling.desk.tours.changing_rounds import change_round, end_round, except_round_day
from pooling.desk.tours.rounds import propose_round
from pooling.desk.trips.changing_series import cancel_following, change_following, except_day
from pooling.desk.trips.putting_back import put_back_day
from pooling.desk.trips.series import announce_series
from pooling.store.carrying import harvest_round
from pooling.store.finding import saved_search
from pooling.store.market import order, rematch, trip_series
from pooling.store.people import party, site
from pooling.work.duties import DUTIES
from pooling.work.wiring import know_all_work
from tests.desk import market
from tests.desk.looking import looked_for
from tests.desk.machine_town import ANY, SHOPS, TownMachine
from tests.desk.test_rounds import round_words
from tests.desk.test_series import words as series_words

SUNDAY = date(2026, 9, 13)


class RestRules(TownMachine):
    """Repeat trips, look for rides, order goods, move house, and let the clock turn."""

    @rule(
        what=st.sampled_from(
            [
                "repeat",
                "look",
                "ask_for_goods",
                "move",
                "settle_anew",
                "papers",
                "journey",
                "operate",
                "carry",
            ]
        ),
        pick=ANY,
        odd=st.booleans(),
    )
    def do_something_else(self, what, pick, odd):
        getattr(self, what)(pick, odd)

    def repeat(self, _pick, _odd):
        if not self.rows(trip_series):
            words = series_words(self.town, rule="FREQ=WEEKLY;BYDAY=SU;COUNT=3")
            self.did(announce_series, "farm", words)

    @rule(pick=ANY, how=st.sampled_from(["change", "cancel", "except", "move", "back"]), detour_s=ANY)
    def edit_series(self, pick, how, detour_s):
        if not (one := self.row(trip_series, pick, "open")):
            return
        day = SUNDAY + timedelta(days=7 * (pick % 3))
        if how == "cancel":
            self.did(cancel_following, "farm", one.id, None, day)
        elif how == "back":
            self.did(put_back_day, "farm", one.id, None, day)
        elif how == "change":
            more = {"rule": one.rule, "detour_s": 300 + detour_s, "first_day": max(day, one.first_day)}
            self.did(change_following, "farm", one.id, None, series_words(self.town, **more))
        else:
            moved_to = day + timedelta(days=1) if how == "move" else None
            self.did(except_day, "farm", one.id, None, day, moved_to)

    def look(self, pick, removes):
        """A farm keeps a search, or removes one."""
        kept = self.rows(saved_search)
        if removes and kept:
            one = kept[pick % len(kept)]
            self.did(remove_search, self.by_party[one.party_id], one.id)
        elif len(kept) < 3:
            farm = self.farms[pick % len(self.farms)]
            self.did(keep_search, farm, looked_for(self.town, farm, crates=1 + pick % 8))

    def ask_for_goods(self, pick, _odd):
        buyer, farm = SHOPS[pick % 2], self.farms[pick % len(self.farms)]
        hours = (market.TOMORROW, market.TOMORROW + 6 * market.HOUR)
        ends = (self.town.parties[buyer], self.town.parties[farm], self.town.sites[buyer])
        self.did(place_order, buyer, OrderWords(*ends, "Tomatoes", 1 + pick, "kg", 900, *hours))

    @rule(pick=ANY, crates=st.integers(1, 8), how=st.sampled_from(["accept", "accept", "refuse", "cancel"]))
    def answer_an_order(self, pick, crates, how):
        if not (one := self.row(order, pick)):
            self.ask_for_goods(pick, _odd=False)
            return
        farm, buyer = self.by_party[one.producer_id], self.by_party[one.buyer_id]
        hours = (market.TOMORROW, market.TOMORROW + 5 * market.HOUR)
        if how == "accept":
            filling = Filling(self.town.sites[farm], "ambient", crates, *hours)
            self.did(accept_order, farm, one.id, None, filling)
        elif how == "refuse":
            self.did(refuse_order, farm, one.id, None)
        elif pick % 2:
            self.did(cancel_order, buyer, one.id, None)

    def move(self, pick, odd):
        """A party moves its site by some metres: rides that are agreed keep their place."""
        rows = self.rows(site)
        one = rows[pick % len(rows)]
        words = SiteWords(
            one.name, one.lat, one.lon + (pick % 3 + 1) * (1 if odd else -1) / 10_000, 0, 86_400
        )
        self.did(change_site, self.by_party[one.party_id], one.id, None, words)

    def settle_anew(self, pick, _odd):
        """A farm enters a second site; a name that is taken is refused."""
        farm = self.farms[pick % len(self.farms)]
        (home,) = self.rows(site, site.c.id == self.town.sites[farm])
        words = SiteWords(f"Shed {pick % 3}", home.lat, home.lon, 0, 86_400)
        self.did(enter_site, farm, self.town.parties[farm], words)

    def papers(self, pick, odd):
        """The carrier's licence is renewed, runs out, or is entered anew and waits for the operator."""
        how = ("renew", "run out", "rewrite")[pick % 3] if odd else "renew"
        carrier = self.town.parties["carrier"]
        (row,) = self.rows(party, party.c.id == carrier)
        if how == "rewrite":
            words = PartyWords(row.name, row.group_name, f"LTI-{pick}", row.language)
            self.did(change_party, "carrier", carrier, None, words)
        else:
            until = date(2030, 12, 31) if how == "renew" else SUNDAY - timedelta(days=1)
            self.did(vet_party, "operator", carrier, None, Vetting(True, "LTI-1", until))

    def carry(self, pick, odd):
        """The operator suspends the carrier, vets it again, grants it days, or proposes a round."""
        carrier, how = self.town.parties["carrier"], ("stop", "go", "days", "round", "end", "out")[pick % 6]
        rounds = self.rows(harvest_round)
        if how == "stop" and odd:
            self.did(suspend_carrier, "operator", carrier, None, "No answer")
        elif how in ("stop", "go"):
            self.did(vet_carrier, "operator", carrier, None)
        elif how == "days":
            self.did(grant_days, "operator", carrier, SUNDAY, 1 + pick % 5, "Harvest")
        elif not rounds:
            words = round_words(self.town, rule="FREQ=WEEKLY;BYDAY=SU;COUNT=2")
            self.did(propose_round, "operator", self.town.parties["operator"], words)
        elif how == "end":
            self.did(end_round, "operator", rounds[0].id, None, SUNDAY)
        elif how == "out":
            self.did(except_round_day, "operator", rounds[0].id, None, SUNDAY, None)
        else:
            words = round_words(self.town, rule="FREQ=WEEKLY;BYDAY=SU;COUNT=2", crate_cents=300 + pick % 300)
            self.did(change_round, "operator", rounds[0].id, None, words)

    @rule(hours=st.sampled_from([0, 1, 5, 20, 24 * 70]), far=ANY)
    def wait(self, hours, far):
        """Let time go by, seldom so much that what was agreed is forgotten; the clock does its duties."""
        self.clock.forward(3600 * hours if hours <= 1 or far % 8 == 0 else 600)
        know_all_work()
        for duty in DUTIES.values():
            duty.function(self.desk)
        left = self.rows(rematch, rematch.c.state == "waiting")
        assert not left, "crates set free are riding, asked for, or listed with what else there is"
