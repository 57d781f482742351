"""Two operators with their hands on the same tours, each acting on what it saw last, stale or not."""

from hypothesis import strategies as st
from hypothesis.stateful import rule

from pooling.desk.hands.hand_moves import look_by_hand, move_by_hand, undo_by_hand
from pooling.desk.hands.hand_words import HAND_WORDS, HandWords
from pooling.store.hand_moves import hand_move
from pooling.store.people import member
from pooling.store.touring import tour
from tests.desk.killing import on_disk
from tests.desk.machine_tour_town import ANY, OPERATORS, TourTown
from tests.desk.tour_stood import NOTHING, stood

KINDS = ("pin", "lock", "move", "move", "move", "move_to", "split", "merge", "unpin", "unlock")
KIND = st.sampled_from([*KINDS, "lock_first", "lock_hour", "lock_hour"])
OP = st.sampled_from(OPERATORS)
FREE = ("proposed", "confirmed")


class HandRules(TourTown):
    """
    Look, act, and take back; ``looked`` is at which revision each operator saw each tour last.

    ``acts`` are those that were done: by tour how it stood before and after, and whether it was undone.
    """

    def look(self, op):
        """Look at all tours."""
        self.looked |= {(op, one.id): one.revision for one in self.rows(tour)}

    @rule(op=OP, on=ANY, kind=KIND, pick=ANY, place=st.integers(1, 9), to=ANY)
    def act(self, op, on, kind, pick, place, to):
        """Act on what was seen last; half of the time an operator looks first at what it would come to."""
        one, before = self.tour_on(on), self.all_stood()
        words = one and self.words_of(before[one.id], one, kind, (pick, place, to))
        if not words:
            return
        foreseen = None
        if to % 2:
            self.look(op)
            foreseen = self.foreseen(op, one, words)
        revision = self.looked.get((op, one.id), one.revision)
        others = {at: seen for (who, at), seen in self.looked.items() if who == op and at != one.id}
        other = words.other_tour_id
        if other:
            others.setdefault(other, before[other].revision)
        if place == 9:
            self.acts_blindly(op, one, words, others)
        stale = revision != one.revision or (other in others and others[other] != before[other].revision)
        act = self.did(move_by_hand, op, one.id, revision, words, others)
        if act is None:
            assert foreseen != "", (self.refused, "what breaks nothing by looking is done")
            self.was_refused(one, revision, before)
            return
        assert not stale and not foreseen, (stale, foreseen, "nobody acts on what is no longer so")
        assert one.state in FREE, (one.state, "once a manifest is frozen only repair is left")
        now = self.all_stood()
        self.did_as_asked(one, words, before, now)
        touched = [at for at in now if now[at].revision != before.get(at, NOTHING).revision]
        self.acts.append({"before": before, "after": {at: now[at] for at in touched}})
        self.looked |= {(op, at): now[at].revision for at in touched}

    def acts_blindly(self, op, one, words, others):
        """Who does not say what it saw, of either tour, changes nothing."""
        before = self.all_stood()
        blind = [(None, others)] + ([(before[one.id].revision, {})] if words.other_tour_id else [])
        for revision, seen in blind:
            assert self.did(move_by_hand, op, one.id, revision, words, seen) is None
            assert self.refused.code == "revision_needed", self.refused
        assert self.did(undo_by_hand, op, one.id, None) is None
        assert self.refused.code == "revision_needed" and self.all_stood() == before

    @rule(first=OP, on=ANY, kinds=st.tuples(KIND, KIND), picks=st.tuples(ANY, ANY), place=st.integers(1, 9))
    def both_act(self, first, on, kinds, picks, place):
        """Both operators see the same tours, and act one after the other."""
        for op in OPERATORS:
            self.look(op)
        second = next(op for op in OPERATORS if op != first)
        for op, kind, pick in zip((first, second), kinds, picks, strict=True):
            self.act(op, on, kind, pick, place, 2 * pick)

    @rule(op=OP, on=ANY, looks=st.booleans())
    def undo(self, op, on, looks):
        one = self.tour_on(on)
        if one is None:
            return
        if looks:
            self.look(op)
        before, revision = self.all_stood(), self.looked.get((op, one.id), one.revision)
        last = next((a for a in reversed(self.acts) if one.id in a["after"]), None)
        undone = self.undone = self.did(undo_by_hand, op, one.id, revision)
        if undone is None:
            self.was_refused(one, revision, before)
            untouched = last and all(before[at].same_as(left) for at, left in last["after"].items())
            if untouched and revision == one.revision and before[one.id].state in FREE:
                self.refused_for_money_only()
            return
        assert last is not None and revision == one.revision
        assert one.state in FREE, (one.state, "once a manifest is frozen nothing is taken back")
        now = self.all_stood()
        for tour_id, left in last["after"].items():
            assert before[tour_id].holds_as(left), "what others built on since is not undone"
            was = last["before"].get(tour_id, NOTHING)
            assert now[tour_id].holds_as(was), "as it was before"
            assert all(now[tour_id].shares[s] <= was.shares[s] for s in now[tour_id].shares)
            self.looked[op, tour_id] = now[tour_id].revision
        self.acts.remove(last)

    def words_of(self, stands, one, kind, chosen):
        """Say an act on what is aboard; ``None`` where nothing is, or there is no other tour."""
        pick, place, to = chosen
        others = [
            row.id for row in self.rows(tour) if row.id != one.id and (row.state in FREE or to % 9 == 0)
        ]
        if not stands.order or (kind in ("move_to", "merge") and not others):
            return None
        way, shipment_id = stands.order[pick % len(stands.order)]
        visit, other = {"shipment_id": shipment_id, "way": way}, others[to % len(others)] if others else ""
        at = stands.hours[shipment_id][way == "off"] + 120 * (to % 9 - 4)
        more = {
            "lock_first": {"count": 1 + pick % len(stands.order)},
            "lock_hour": {**visit, "from_at": at, "until_at": at + 300 * place},
            "lock": visit,
            "unlock": visit,
            "move": {**visit, "place": place},
            "move_to": {"shipment_id": shipment_id, "other_tour_id": other},
            "split": {"shipment_ids": tuple(sorted(stands.shares)[: 1 + place % 3]), "driver": "Sam"},
            "merge": {"other_tour_id": other},
        }
        return HandWords(kind, **more.get(kind, {"shipment_id": shipment_id}))

    def foreseen(self, op, one, words):
        """Return what looking names as broken, and that looking changes nothing."""
        before = on_disk(self.desk.store)
        broken = self.attempt(lambda: look_by_hand(self.desk, self.town.actor(op), one.id, words))
        assert on_disk(self.desk.store) == before, "who looks changes nothing"
        return self.refused.code if broken is None else ",".join(b.code for b in broken.broken)

    def was_refused(self, one, revision, before):
        """Nothing has changed; who comes second is told what was done since, and by whom."""
        assert self.all_stood() == before, "what is refused changes nothing"
        if revision == one.revision or one.state not in FREE:
            return
        assert self.refused.code == "changed_meanwhile", self.refused
        names = {row.id: row.name for row in self.rows(member)}
        since = self.rows(hand_move, hand_move.c.tour_id == one.id, hand_move.c.tour_revision > revision)
        for done in sorted(since, key=lambda row: row.tour_revision)[:10]:
            assert f"{names[done.member_id]} ({HAND_WORDS[done.kind]})" in self.refused.sentence

    def refused_for_money_only(self):
        """What nobody has touched since can be undone, but where a payer's own day has changed."""
        codes = set(self.refused.facts.get("breaks", {self.refused.code: ""}).values())
        assert codes <= {"hand_dearer_than_alone", "hand_not_payable", "hand_hours_promised"}, self.refused

    def all_stood(self):
        with self.desk.store.view() as view:
            return {row.id: stood(view, row) for row in view.connection.execute(tour.select())}

    def did_as_asked(self, one, words, before, now):
        """What was asked for is so, and nothing else has changed."""
        if words.kind in ("move_to", "split", "merge"):
            self.moved_as_asked(one, words, before, now)
            return
        was, here, visit = before[one.id], now[one.id], (words.way, words.shipment_id)
        assert (here.state, here.shares.keys()) == (was.state, was.shares.keys())
        if words.kind == "move":
            assert here.holds == was.holds
            assert here.order.index(visit) == min(words.place, len(here.order)) - 1
            rest = [[at for at in stands.order if at != visit] for stands in (was, here)]
            assert rest[0] == rest[1], "the others keep their order"
        else:
            assert here.order == was.order
            self.held_as_asked(words, visit, was.holds, here.holds)

    def held_as_asked(self, words, visit, was, here):
        """What is held besides is held as before: no operator takes off what the other one put on."""
        pins = {"pin": was.pinned | {words.shipment_id}, "unpin": was.pinned - {words.shipment_id}}
        assert here.pinned == pins.get(words.kind, was.pinned)
        mine = {"lock": ("place", visit), "lock_hour": ("hour", visit)}.get(words.kind)
        others = {key: lock for key, lock in was.locks.items() if key != mine}
        if words.kind == "unlock":
            assert here.locks == {key: lock for key, lock in others.items() if key[1] != visit}
            assert visit not in here.first and was.first[: len(here.first)] == here.first
            return
        assert {key: lock for key, lock in here.locks.items() if key != mine} == others
        assert mine is None or mine in here.locks
        assert here.first == was.first or words.kind == "lock_first"

    def moved_as_asked(self, one, words, before, now):
        """Each shipment is where it was wanted, at no higher price, and nobody is lost or found."""
        was, here = (
            {s: cents for at in all_.values() for s, cents in at.shares.items()} for all_ in (before, now)
        )
        assert was.keys() == here.keys() and all(here[s] <= was[s] for s in was)
        there = now.get(words.other_tour_id)
        if words.kind == "merge":
            gone = before[words.other_tour_id]
            assert there.state == "cancelled" and not there.shares
            assert now[one.id].shares.keys() == before[one.id].shares.keys() | gone.shares.keys()
        elif words.kind == "move_to":
            assert words.shipment_id in there.shares
        else:
            (made,) = now.keys() - before.keys()
            assert now[made].shares.keys() == set(words.shipment_ids)
