"""Events of a carrier's own system, sent as a file on a plain page."""

from html import unescape

from pooling.store import touring
from tests.desk.touring import frozen, row


def test_a_carrier_sends_a_file_and_reads_what_became_of_each_line(town, visitor):
    manifest_id, _ = frozen(town)
    carrier = visitor("carrier")
    assert "/partner-events" in carrier.get("/manifests").text
    lines = f"id;kind;manifest\ne1;departed;{manifest_id}\ne2;flown;{manifest_id}\n".encode()
    for said in ("pris", "déjà connu"):
        form = carrier.form("/partner-events")
        fields = {name: value for name, value in form.fields.items() if name != "file"}
        sent = carrier.client.post(form.action, data=fields, files={"file": ("e.csv", lines)})
        told = unescape(sent.text)
        assert sent.status_code == 200
        assert f">{said}<" in told and "kind\xa0: " in told and "flown" in told
    assert row(town, touring.manifest, manifest_id).state == "under_way"
    form = carrier.form("/partner-events")
    empty = carrier.client.post(form.action, data=form.fields, files={"file": ("e.csv", b"")})
    assert 'id="file-wrong"' in empty.text
    assert visitor("farm").get("/partner-events").status_code == 403
