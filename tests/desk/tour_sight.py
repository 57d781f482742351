"""What others read of a tour over HTTP: another shipper and an outsider, nothing of anybody's shipments."""

from itertools import product

from sqlalchemy import select

from pooling.store.market import shipment
from pooling.store.touring import sign_up, tour

OPEN = ("", "/sign-ups", "/share-proofs")
SHUT = ("/by-hand", "/by-hand/moves", "/standing", "/plans", "/pay", "/candidates")
OUT = (401, 403, 404)
FOUND = 200


class Readers:
    """Let those who ride and those who do not read one more page of a tour after each step."""

    def __init__(self, town, client, names):
        self.town, self.client = town, client
        self.turns = [*product(names, (*OPEN, *SHUT, "sign-ups", "shipments"))]
        self.read = 0

    def look(self, view):
        """Read the next page as the next reader."""
        tours = view.connection.execute(select(tour.c.id).order_by(tour.c.id)).scalars().all()
        name, path = self.turns[self.read % len(self.turns)]
        self.read += 1
        theirs = self.foreign(view, self.town.parties[name])
        if path in ("sign-ups", "shipments"):
            prefix = "signup" if path == "sign-ups" else "shp"
            for one in sorted(one for one in theirs if one.startswith(prefix))[:1]:
                assert self.asked(name, f"/{path}/{one}").status_code in OUT, (name, path)
        elif tours:
            answer = self.asked(name, f"/tours/{tours[self.read % len(tours)]}{path}")
            assert answer.status_code in ((FOUND, *OUT) if path in OPEN else OUT), (name, path, answer.text)
            shown = [one for one in theirs if one in answer.text]
            assert not shown, (name, path, shown)

    def asked(self, name, path):
        return self.client.get(f"/api/v1{path}", headers=self.town.headers(name))

    def foreign(self, view, party_id):
        """Name all that is others': shipments, places, who pays for them, where they are collected."""
        found = set()
        for one in view.connection.execute(select(shipment)):
            if party_id not in (one.shipper_id, one.payer_id):
                found |= {one.id, one.payer_id, one.shipper_id, one.from_site_id}
        others = sign_up.c.payer_id != party_id
        return found | set(view.connection.execute(select(sign_up.c.id).where(others)).scalars())
