"""The page of what delivering oneself costs: for anybody, in both languages."""

ASKED = {"home": "Peille", "deliveries": "Menton=6:250\nBeausoleil=4", "runs": "30"}


def test_a_stranger_reckons_its_cost_without_signing_in(visitor):
    page = visitor().client.get("/cost", params=ASKED)
    assert page.status_code == 200
    assert "Full cost" in page.text and "Of which without labour" in page.text
    assert "Peille" in page.text and "Full cost a year" in page.text
    french = visitor().client.get("/cost", params=ASKED, headers={"accept-language": "fr"})
    assert "Coût complet" in french.text


def test_what_cannot_be_read_is_said_and_nothing_typed_is_lost(visitor):
    page = visitor().client.get("/cost", params=ASKED | {"deliveries": "Menton"})
    assert page.status_code == 422 and "is no delivery" in page.text and ">Menton</textarea>" in page.text
    assert visitor().client.get("/cost", params=ASKED | {"home": "Nowhere at all"}).status_code == 404
    assert visitor().client.get("/cost", params=ASKED | {"runs": "x"}).status_code == 422
    assert visitor().client.get("/cost").status_code == 200
