"""Loading: last out goes in first, and what must be lifted aside is what a stack of crates would show."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from routing.loading import Berth, load_order
from routing.plan import Plan, PlannedVisit, Route
from routing.task import Task


def _route(*visits: tuple[str, str, int]) -> Route:
    planned = (PlannedVisit(Task(kind, name), place, 0, 0, 0, ()) for kind, name, place in visits)
    return Route("van", 0, 0, (), 0, 0, tuple(planned))


def _up(name: str, place: int) -> tuple[str, str, int]:
    return ("pickup", name, place)


def _down(name: str, place: int) -> tuple[str, str, int]:
    return ("drop", name, place)


def _moved(*visits: tuple[str, str, int]) -> dict[str, int]:
    return {berth.request: berth.moved for berth in load_order(_route(*visits), dict.fromkeys("abcd", "dry"))}


def test_the_last_out_stands_at_the_bulkhead_and_nobody_is_lifted() -> None:
    visits = [_up("b", 1), _up("a", 2), _down("a", 3), _down("b", 4)]
    assert load_order(_route(*visits), {"a": "dry", "b": "dry"}) == (
        Berth("b", "dry", 1, 0),
        Berth("a", "dry", 2, 0),
    )


def test_who_came_in_later_and_leaves_later_is_lifted_aside() -> None:
    assert _moved(_up("a", 1), _up("b", 2), _down("a", 3), _down("b", 4)) == {"b": 0, "a": 1}


def test_a_whole_plan_is_loaded_vehicle_by_vehicle() -> None:
    one, other = (
        _route(_up("a", 1), _down("a", 2)),
        _route(_up("b", 1), _up("c", 1), _down("c", 2), _down("b", 3)),
    )
    plan = Plan((one, replace(other, vehicle="other")), ())
    compartments = dict.fromkeys("abc", "dry")
    assert load_order(plan, compartments) == {
        "van": load_order(one, compartments),
        "other": load_order(other, compartments),
    }
    assert load_order(Plan((), ()), {}) == {}


def test_each_compartment_is_stacked_by_itself() -> None:
    visits = [_up("a", 1), _up("b", 2), _up("c", 3), _down("a", 4), _down("b", 5), _down("c", 6)]
    berths = load_order(_route(*visits), {"a": "dry", "b": "cold", "c": "dry"})
    assert berths == (Berth("b", "cold", 1, 0), Berth("c", "dry", 1, 0), Berth("a", "dry", 2, 1))


def test_what_comes_in_at_one_halt_is_put_in_the_right_order_at_once() -> None:
    assert _moved(_up("a", 1), _up("b", 1), _down("a", 3), _down("b", 4)) == {"b": 0, "a": 0}


def test_what_goes_out_at_one_halt_is_not_lifted_aside() -> None:
    assert _moved(_up("a", 1), _up("b", 2), _down("a", 3), _down("b", 3)) == {"b": 0, "a": 0}


def test_a_place_seen_again_is_another_halt() -> None:
    """Back at 1 for b, when a and c stand in already; back at 3 with b, after a is out."""
    again = [_up("a", 1), _up("c", 2), _up("b", 1), _down("a", 3), _down("c", 5), _down("b", 3)]
    assert _moved(*again) == {"b": 0, "c": 1, "a": 2}


def test_announced_stops_carry_no_berth() -> None:
    visits = [_up("a", 1), ("announced", "market", 2), _down("a", 3)]
    assert load_order(_route(*visits), {"a": "dry"}) == (Berth("a", "dry", 1, 0),)


@st.composite
def _days(draw: st.DrawFn) -> tuple[list[tuple[str, str, int]], dict[str, str]]:
    """Draw a round with up to six loads over four places, some seen again, in two compartments."""
    names = "abcdef"[: draw(st.integers(1, 6))]
    visits, seen = [], set()
    for name in draw(st.permutations(names + names)):
        kind = "drop" if name in seen else "pickup"
        seen.add(name)
        visits.append((kind, name, draw(st.integers(0, 3))))
    return visits, {name: draw(st.sampled_from(["cold", "dry"])) for name in names}


def _lifted(visits: list[tuple[str, str, int]], compartment: str, where: dict[str, str]) -> dict[str, int]:
    """
    Load and unload a stack with one's hands, and count what is lifted aside at each drop.

    What is lifted aside goes back as it stood. What comes in at one halt is sorted before it goes
    in; what leaves at the same halt too is not lifted for another.
    """
    leaves_at = {name: at for at, (kind, name, _) in enumerate(visits) if kind == "drop"}
    halt, halts, before = -1, [], None
    for _, _, place in visits:
        halt += place != before
        before = place
        halts.append(halt)
    stack: list[tuple[int, str]] = []  # the halt at which it came in, and its name; the door is at the end
    lifted = {}
    for at, (kind, name, _) in enumerate(visits):
        if where[name] != compartment:
            continue
        if kind == "pickup":
            stack.append((halts[at], name))
            stack.sort(key=lambda one: (one[0], -leaves_at[one[1]]))
            continue
        depth = [one for _, one in stack].index(name)
        in_front = [one for _, one in stack[depth + 1 :]]
        lifted[name] = sum(1 for one in in_front if halts[leaves_at[one]] != halts[at])
        del stack[depth]
    return lifted


@settings(max_examples=300)
@given(day=_days())
def test_what_is_lifted_aside_is_what_a_stack_shows(
    day: tuple[list[tuple[str, str, int]], dict[str, str]],
) -> None:
    """Depths count from 1 without a gap, the deepest leaves last, and each count is what hands would do."""
    visits, where = day
    berths = load_order(_route(*visits), where)
    drops = [name for kind, name, _ in visits if kind == "drop"]
    for compartment in ("cold", "dry"):
        mine = [berth for berth in berths if berth.compartment == compartment]
        assert [berth.depth for berth in mine] == list(range(1, len(mine) + 1))
        assert [berth.request for berth in reversed(mine)] == [
            one for one in drops if where[one] == compartment
        ]
        assert {berth.request: berth.moved for berth in mine} == _lifted(visits, compartment, where)
