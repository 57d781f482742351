"""A tour under an operator's hands for tests: two aboard, what is done to it, how it then stands."""

import pytest
from sqlalchemy import select

from geodata.refusal import Refusal
from pooling.desk.hands.hand_moves import (
    look_by_hand,
    move_by_hand,
    undo_by_hand,
)
from pooling.desk.hands.hand_words import HandWords
from pooling.desk.tours.tour_world import tour_world
from pooling.store.hand_moves import holds_of
from pooling.store.people import member, membership
from pooling.store.plans import planned_tasks
from pooling.store.rows import added
from pooling.store.touring import sign_up
from pooling.store.tours import find_tour, sign_ups_aboard
from pooling.store.work import outbox, outbox_party
from routing.check import check
from routing.task import Task
from tests.desk.desk_world import Looked
from tests.desk.touring import joined, proposed, revision_of, sent


def order(town, tour_id):
    with town.house.desk.store.view() as view:
        return planned_tasks(view, find_tour(view, tour_id).plan_id)


def holds(town, tour_id):
    with town.house.desk.store.view() as view:
        return holds_of(view, tour_id)


def aboard(town, tour_id):
    with town.house.desk.store.view() as view:
        return [one.shipment_id for one in sign_ups_aboard(view, tour_id)]


def looked(town, tour_id, kind, **more):
    return look_by_hand(town.house.desk, town.actor("operator"), tour_id, HandWords(kind, **more))


def done(town, tour_id, kind, revision=None, **more):
    """Move by hand, on the revisions that stand where none is named."""
    who, ask = town.actor("operator"), town.ask("operator", f"hand-{next(KEYS)}")
    words = HandWords(kind, **more)
    others = {words.other_tour_id: revision_of(town, words.other_tour_id)} if words.other_tour_id else {}
    seen = revision or revision_of(town, tour_id)
    return move_by_hand(town.house.desk, who, ask, tour_id, seen, words, others)


KEYS = iter(range(10_000))


def undone(town, tour_id, revision=None):
    who, ask = town.actor("operator"), town.ask("operator", f"undo-{next(KEYS)}")
    return undo_by_hand(town.house.desk, who, ask, tour_id, revision or revision_of(town, tour_id))


def refused(act, *args, **more):
    with pytest.raises(Refusal) as found:
        act(*args, **more)
    return found.value


def told(town, topic):
    with town.house.desk.store.view() as view:
        parties = select(outbox_party.c.party_id).join(outbox, outbox.c.id == outbox_party.c.outbox_id)
        return list(view.connection.execute(parties.where(outbox.c.topic == topic)).scalars())


def judged(town, tour_id, *, told=True):
    """Hold a tour to the checker, and its stored plan to what stands."""
    with town.house.desk.store.view() as view:
        world = tour_world(town.house.desk, view, find_tour(view, tour_id))
    problem, plan = world.committed
    assert check(problem, plan) == () and not plan.unserved
    route = plan.route(tour_id)
    assert (route.tasks if route else ()) == world.planned
    begins = {visit.task: world.at(visit.begins_s) for visit in route.visits} if route else {}
    for one in world.sign_ups if told else ():
        assert one.pickup_at == begins[Task("pickup", one.shipment_id)]
        assert one.drop_at == begins[Task("drop", one.shipment_id)]
    return world


def two_aboard(town, **other):
    """Have the farm and its neighbour aboard a tour that is only proposed; returns it and their shipments."""
    tour_id = proposed(town, **other)
    shipments = [sent(town, name) for name in ("farm", "neighbour")]
    for name, one in zip(("farm", "neighbour"), shipments, strict=True):
        joined(town, tour_id, name, one)
    return tour_id, shipments


def another(town, **other):
    """Propose another tour of the day."""
    at = town.clock.at
    tour_id = proposed(town, **other)
    town.clock.at = at
    return tour_id


def way(task):
    return "on" if task.kind == "pickup" else "off"


def codes(town, tour_id, kind, **more):
    return {one.code for one in looked(town, tour_id, kind, **more).broken}


def legal(town, tour_id, words):
    try:
        act = looked(town, tour_id, "move", **words)
    except Refusal:
        return None
    return None if act.broken else act


def costs_more(act):
    return act.parts[0].after_figures.cost_cents > act.parts[0].before_figures.cost_cents


def drop_at(town, tour_id, shipment_id):
    world = judged(town, tour_id, told=False)
    visits = world.committed[1].route(tour_id).visits
    return next(world.at(one.begins_s) for one in visits if one.task == Task("drop", shipment_id))


def sign_up_of(town, shipment_id):
    with town.house.desk.store.view() as view:
        query = select(sign_up.c.id).where(sign_up.c.shipment_id == shipment_id)
        return view.connection.execute(query).scalar_one()


def colleague(town, name):
    """Let one more person act for the operator."""

    def work(tx):
        town.members[name] = added(tx, member, "mem", email=f"{name}@example.org", name=name)
        duty = {"member_id": town.members[name], "party_id": town.parties["operator"]}
        tx.connection.execute(membership.insert().values(created_at=tx.now_at, duty="manager", **duty))

    town.house.desk.store.change(work)


def promises_hold(town):
    """Hold the whole house against the promises."""
    with town.house.desk.store.view() as view:
        Looked(town.house.desk, view, {}).all()
