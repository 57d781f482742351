"""A point is called as people there would call it, never by its degrees."""

from geodata.gazetteer import NamedPlace, gazetteer_of
from geodata.nearest import NAMELESS, name_near
from geodata.place import Place

HERE = Place(lat=43.7200, lon=7.1100)
VENCE, SHOP = (
    NamedPlace("Vence", "town", Place(lat=43.7210, lon=7.1110)),
    NamedPlace("Coop", "supermarket", HERE),
)


def test_a_point_is_at_a_settlement_near_it_or_near_its_commune():
    known = gazetteer_of([SHOP, VENCE])
    assert name_near(HERE, known) == "Vence"
    assert name_near(Place(lat=43.7350, lon=7.1100), known) == "près de Vence"
    assert name_near(Place(lat=43.9298, lon=2.1480), known) == "près de Albi"


def test_a_point_far_from_everything_still_has_no_degrees_in_its_name():
    assert name_near(Place(lat=0.0, lon=-30.0), gazetteer_of([VENCE])) == NAMELESS
