"""What a point is called: by a place with a name nearby, else by its commune; never by its degrees."""

from geodata.communes import communes_within
from geodata.gazetteer import SETTLEMENTS, Gazetteer
from geodata.place import Place, crow_distance_m

AT_M, NEAR_M = 300, 3_000
"""Nearer than the first a point is at the place, nearer than the second it is near it."""

NEAR_DEGREES = 0.25
"""How far a commune's town hall may lie, north or east."""

NAMELESS = "Lieu de rendez-vous"


def name_near(place: Place, gazetteer: Gazetteer) -> str:
    """
    Name a point as people there would: ``Vence``, ``près de Vence``; French, as the names around it are.

    Reads the settlements of the region once.
    """
    named = gazetteer.of_kind(*SETTLEMENTS)
    far_m, name = min(((crow_distance_m(place, one.place), one.name) for one in named), default=(NEAR_M, ""))
    if far_m >= NEAR_M:
        commune = _commune_near(place)
        return f"près de {commune}" if commune else NAMELESS
    return name if far_m < AT_M else f"près de {name}"


def _commune_near(place: Place) -> str:
    south, west = place.lat - NEAR_DEGREES, place.lon - NEAR_DEGREES
    near = communes_within(south, west, place.lat + NEAR_DEGREES, place.lon + NEAR_DEGREES)
    known = [(crow_distance_m(place, one.place), one.name) for one in near if one.place is not None]
    return min(known, default=(0, ""))[1]
