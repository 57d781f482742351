"""The communes that ship with Carriole, and the points among them that cannot be true."""

import csv

from geodata.communes import Commune, communes, communes_within, without_wrong_points
from geodata.place import Place
from tests.geodata.data import data_file


def named(name):
    return [one for one in communes() if one.name == name]


def test_every_commune_is_there_with_its_postcodes():
    assert len(communes()) == 34_875
    albi = named("Albi")[0]
    assert (albi.insee, albi.postcodes, albi.department) == ("81004", ("81000",), "81")
    assert albi.place and abs(albi.place.lat - 43.93) < 0.02


def test_points_that_are_hundreds_of_kilometres_off_are_left_out():
    """Dinéault lies in Brittany; the file has it in Champagne, the sign of its longitude lost."""
    for name in ("Dinéault", "Tréguier", "Chanay", "Saint-Michel-en-Grève"):
        assert [one.place for one in named(name)] == [None], name
    assert sum(one.place is None for one in communes()) == 157


def test_a_commune_far_from_those_of_its_postcode_has_no_point():
    near = [Commune(f"8100{at}", f"N{at}", ("81000",), 1, Place(lat=43.9, lon=2.1)) for at in range(4)]
    far = Commune("81009", "Far", ("81000",), 1, Place(lat=43.9, lon=2.6))
    places = [one.place for one in without_wrong_points([*near, far])]
    assert places == [*(one.place for one in near), None]


def test_the_communes_of_a_box_are_listed():
    names = {one.name for one in communes_within(43.70, 7.34, 43.78, 7.48)}
    assert {"Beausoleil", "Cap-d'Ail", "Turbie", "Roquebrune-Cap-Martin"} <= names


def test_the_shipped_file_is_what_its_source_says():
    path = data_file("places", "communes_france.csv")
    with path.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [(row["insee"], row["name"]) for row in rows] == [(one.insee, one.name) for one in communes()]
