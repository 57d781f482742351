"""A vehicle on its own page: changed, taken out of use and used again, by its carrier alone."""

from html import unescape

from pooling.store.carrying import vehicle
from tests.desk.carrying import van
from tests.desk.touring import row


def test_a_carrier_changes_its_vehicle_and_takes_it_out_of_use(town, visitor):
    van_id = van(town)
    path, carrier = f"/vehicles/{van_id}", visitor("carrier")
    assert f'"{path}"' in carrier.get("/dossier").text
    assert carrier.press(path, path, chilled="12", tail_lift="yes", plate="ef 456 gh").status_code == 303
    stands = row(town, vehicle, van_id)
    assert (stands.chilled_crates, stands.tail_lift, stands.plate) == (12, True, "EF-456-GH")
    assert stands.ambient_crates == 30 and stands.ambient_litres is None
    for state, told in (("retired", "n’est plus utilisé"), ("active", "")):
        assert carrier.press(path, f"{path}/state").status_code == 303
        assert row(town, vehicle, van_id).state == state
        assert told in unescape(carrier.get(path).text).lower()
    empty = carrier.press(path, path, ambient="0", chilled="0")
    assert empty.status_code == 409 and 'id="ambient-wrong"' in empty.text


def test_the_same_plate_typed_otherwise_is_the_same_plate(town, visitor):
    van(town)
    other = van(town, plate="EF-456-GH")
    told = visitor("carrier").press(f"/vehicles/{other}", f"/vehicles/{other}", plate="ab 123 cd")
    assert told.status_code == 409 and 'id="plate-wrong"' in told.text


def test_nobody_else_sees_or_changes_it(town, visitor):
    path = f"/vehicles/{van(town)}"
    assert visitor("farm").get(path).status_code == 404
    assert visitor("operator").get(path).status_code == 403
