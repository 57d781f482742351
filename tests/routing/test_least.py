"""What one more request adds at least: many routes asked at once, against every slot of each."""

from copy import copy

from hypothesis import given

from routing.cost import route_cost
from routing.least import LeastAdded, LegsKept
from tests.routing.worlds import Scene, every_slot, scenes
from tests.thorough import examples


def all_at_once(scene: Scene) -> LeastAdded:
    routes = {scene.route.vehicle: scene.route} if scene.route else {}
    return LeastAdded(scene.problem, scene.problem.vehicles, routes)


@examples(100)
@given(scene=scenes())
def test_no_vehicle_adds_less_than_was_said_of_all_at_once(scene: Scene) -> None:
    least = all_at_once(scene)
    said = least.cents(scene.request)
    assert list(said) == [vehicle.id for vehicle in scene.problem.vehicles]
    for vehicle in scene.problem.vehicles:
        route = least.routes.get(vehicle.id)
        before_cents = route_cost(vehicle, route).total_cents if route else 0
        for _, _, longer in every_slot(scene.problem, vehicle, route, scene.request):
            assert route_cost(vehicle, longer).total_cents - before_cents >= said[vehicle.id]


@examples(20)
@given(scene=scenes())
def test_legs_are_kept_while_the_routes_stand_and_made_anew_for_others(scene: Scene) -> None:
    routes = (scene.route,) if scene.route else ()
    kept = LegsKept()
    least = kept.of(scene.problem, routes)
    assert kept.of(scene.problem, routes) is least
    assert least.cents(scene.request) == all_at_once(scene).cents(scene.request)
    idle = kept.of(scene.problem, ()).cents(scene.request)
    assert idle == LeastAdded(scene.problem, scene.problem.vehicles, {}).cents(scene.request)
    assert copy(kept).of(scene.problem, routes) is not least, "to another process it travels empty"


@examples(5)
@given(scene=scenes())
def test_nobody_is_asked_where_there_is_no_vehicle(scene: Scene) -> None:
    assert LeastAdded(scene.problem, (), {}).cents(scene.request) == {}
