"""Custody on plain pages: a photo and the place with a handover, without any script."""

import zlib

from pooling.desk.runs.custody import seen_custody
from pooling.files.photo import PNG
from tests.desk.test_runs import run  # noqa: F401 - a fixture
from tests.desk.test_taking_over import TwoVans


def chunk(kind, body):
    return len(body).to_bytes(4) + kind + body + zlib.crc32(kind + body).to_bytes(4)


PICTURE = PNG + chunk(b"IHDR", b"\0" * 13) + chunk(b"IDAT", b"x") + chunk(b"IEND", b"")


def send(visitor, path, action, raw=b"", **filled):
    form = visitor.form(path, action)
    files = {"photo": ("crates.png", raw, "image/png")}
    fields = {name: value for name, value in (form.fields | filled).items() if name != "photo"}
    return visitor.client.post(action, data=fields, files=files, follow_redirects=False)


def records(town, shipment_id):
    with town.house.desk.store.view() as view:
        return seen_custody(view, town.actor("carrier"), shipment_id).records


def test_a_driver_sends_a_photo_and_the_place_with_the_plain_form(town, visitor, run):  # noqa: F811
    manifest_id, (first, _) = run
    carrier, path = visitor("carrier"), f"/manifests/{manifest_id}"
    wish = {"shipment": first, "way": "on", "crates": "4", "outcome": "done"}
    for wrong in ({"raw": b"a film"}, {"place": "behind the barn"}):
        told = send(carrier, path, f"{path}/handovers", **wish, **wrong)
        assert told.status_code in (409, 422) and "-wrong" in told.text and not records(town, first)
    place = "https://www.openstreetmap.org/?mlat=43.7384&mlon=7.4246"
    assert send(carrier, path, f"{path}/handovers", PICTURE, **wish, place=place).status_code == 303
    (noted,) = records(town, first)
    assert noted.photo and (noted.lat, noted.lon) == (43.7384, 7.4246)
    told = carrier.get(f"/shipments/{first}/custody").text
    assert f'"/handovers/{noted.id}/photo"' in told and "43.7384, 7.4246" in told
    seen = visitor("farm").get(f"/handovers/{noted.id}/photo")
    assert (seen.status_code, seen.headers["content-type"]) == (200, "image/png") and b"IDAT" in seen.content
    assert visitor("shop").get(f"/handovers/{noted.id}/photo").status_code == 404


def test_a_correction_keeps_the_photo_or_takes_another(town, visitor, run):  # noqa: F811
    manifest_id, (first, _) = run
    carrier, path = visitor("carrier"), f"/manifests/{manifest_id}"
    wish = {"shipment": first, "way": "on", "crates": "4", "outcome": "done"}
    send(carrier, path, f"{path}/handovers", PICTURE, **wish)
    (noted,) = records(town, first)
    page, action = f"/shipments/{first}/custody", f"/handovers/{noted.id}/corrections"
    assert send(carrier, page, action, crates="4", note="misread").status_code == 303
    assert records(town, first)[-1].photo == noted.photo


def test_a_carrier_that_holds_nothing_is_not_asked_what_became_of_it(town, visitor, run):  # noqa: F811
    manifest_id, (first, _) = run
    carrier, path = visitor("carrier"), f"/manifests/{manifest_id}"
    page = f"/shipments/{first}/custody"
    for way, asked in (("on", True), ("off", False)):
        wish = {"shipment": first, "way": way, "crates": "4", "outcome": "done"}
        assert send(carrier, path, f"{path}/handovers", **wish).status_code == 303
        assert (f"/shipments/{first}/passes" in carrier.get(page).text) is asked


def test_a_stop_at_which_all_is_noted_folds(town, visitor, run):  # noqa: F811
    manifest_id, (first, _) = run
    carrier, path = visitor("carrier"), f"/manifests/{manifest_id}"
    assert "data-done" not in carrier.get(path).text
    send(carrier, path, f"{path}/handovers", shipment=first, way="on", crates="4", outcome="done")
    assert carrier.get(path).text.count("data-done") == 1


def test_a_driver_gives_crates_to_another_van_by_its_code(town, visitor):
    vans = TwoVans(town)
    carrier, path = visitor("carrier"), f"/manifests/{vans.giver}"
    form = carrier.form(path, f"{path}/take-overs")
    first, second = vans.loads
    assert form.fields[f"over-{first}"] == "4"
    wrong = form.fields | {"code": "1234 5678", "way": "give"}
    told = carrier.client.post(f"{path}/take-overs", data=wrong, follow_redirects=False)
    assert told.status_code == 409 and "Ce code n’est celui d’aucun autre véhicule en route." in told.text
    code = vans.code(vans.taker)
    said = {"code": f"{code[:4]} {code[4:]}", "way": "give", f"over-{second}": "", "anyway": "yes"}
    form = carrier.form(path, f"{path}/take-overs")
    done = carrier.client.post(f"{path}/take-overs", data=form.fields | said, follow_redirects=False)
    assert done.status_code == 303, done.text
    assert (vans.held(first), vans.held(second)) == ({"other": 4}, {"carrier": 4})
    assert "A changé de véhicule" in carrier.get(f"/shipments/{first}/custody").text
    assert "des caisses sont passées dans un autre véhicule" in carrier.get(path).text
