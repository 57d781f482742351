"""
The cast of the story of a tour, and what its people do: each act is one or a few calls over HTTP.

Only who they are is put into the house beforehand. Whatever they tell one another goes over the wire, and
what takes long is done by the workers' own code.
"""

import re
import uuid
from datetime import date, timedelta

from fastapi.testclient import TestClient

from api.app import make_app
from pooling.clock import TurnedClock
from pooling.desk.people.sessions import token_hash
from pooling.store.members import join
from pooling.store.people import member
from pooling.store.rows import added
from pooling.store.sessions import open_session
from pooling.work.workers import work_off
from tests.browsers import hurried
from tests.desk.competitor import settled
from tests.desk.seeds import HEADER
from tests.houses import MORNING, PLACES, mails, new_house, settle

API = "/api/v1"
HOUR, DAY_S = 3600, 24 * 3600
SATURDAY = date(2026, 9, 19)
SUNDAY = SATURDAY + timedelta(days=1)
SATURDAY_MORNING = MORNING + 7 * DAY_S
CUTOFF_AT = SATURDAY_MORNING - 12 * HOUR

FARMS = {"orchard": ("farm", 0.0011), "goats": ("neighbour", 0.0009), "garden": ("farm", -0.0012)}
KITCHENS = {
    "bistro": ("restaurant", 0.0012),
    "canteen": ("restaurant", -0.0011),
    "grocer": ("shop", -0.001),
    "hotel": ("shop", 0.0012),
}
LATE = {"brasserie": ("restaurant", 0.0007)}
NOT_SERVED = {"herbs": ("neighbour", -0.0009)}
DRIVES_ANYWAY = {"dairy": ("neighbour", 0.0014)}
SELL = ("farm", "neighbour", *FARMS)
BUY = ("restaurant", "shop", *KITCHENS)
ELEVEN = (*SELL, *BUY)
"""Those who sign up before the cut-off."""

CARD = {"fixed_cents": 900, "cents_per_km": 40, "cents_per_hour": 600, "cents_per_stop": 20}
TOO_MANY = 79
"""Crates for which the van has no room, and that of Sunday has."""

WORDS = ("Vrxlplum", "Grmblfix", "Qwendrin", "XZ-417-QJ", "Paniers Zyggurt")
"""What is sold, what a note says, who drives which van, the community: found wherever it slips out."""


def on(day, hour, minute=0):
    """Write an hour of Paris on the wire; September is summer time."""
    return f"{day}T{hour:02d}:{minute:02d}:00+02:00"


class Story:
    """Hold the house of the story, the doors of its people, and what each was told last."""

    def __init__(self, folder, *, closed=False):
        self.folder, self.clock = folder, TurnedClock(MORNING)
        self.town = settle(new_house(folder, self.clock), self.clock)
        people = FARMS | LATE | NOT_SERVED | DRIVES_ANYWAY
        for name, (near, by) in (KITCHENS | people).items():
            buys = name in KITCHENS or name in LATE
            settled(self.town, name, "buyer" if buys else "producer", near, by)
        settled(self.town, "relief", "carrier", "carrier", 0.0003)
        self.drives("driver", "relief")
        self.app = make_app(self.town.house)
        self.api = TestClient(self.app, raise_server_exceptions=False)
        hurried(self.api.__enter__())
        self.ids, self.told, self.falls, self.community = {}, {}, 0, None
        self.seen_cents = {4_711, 8_317}
        for name in self.town.sites:
            self.tells_its_address(name)
        self.is_vetted("relief")
        if closed:
            self.close_the_circle()

    def close(self):
        self.api.__exit__(None, None, None)
        self.town.house.close()

    # Doors: who calls what.

    def call(self, name, method, path, wish=None, **more):
        headers = {"Idempotency-Key": str(uuid.uuid4())} | (
            {"Authorization": f"Bearer {name}"} if name else {}
        )
        headers |= more.pop("headers", {})
        return self.api.request(method, f"{API}{path}", json=wish, headers=headers, params=more)

    def does(self, name, method, path, wish=None, **more):
        answer = self.call(name, method, path, wish, **more)
        assert answer.is_success, (name, method, path, answer.text)
        return answer.json()

    def reads(self, name, path, **more):
        return self.does(name, "GET", path, **more)

    def refused(self, name, method, path, wish=None, **more):
        answer = self.call(name, method, path, wish, **more)
        assert 400 <= answer.status_code < 500, (name, path, answer.text)
        return answer.json()["code"]

    def works(self):
        """Let the workers do what is due, each duty and each job, as one of their rounds does."""
        return work_off(self.town.house.desk)

    def it_is(self, at):
        assert at >= self.clock.at, "A story does not run backwards."
        self.clock.at = at

    # Who they are.

    def drives(self, name, whose):
        def work(tx):
            self.town.members[name] = added(tx, member, "mem", email=f"{name}@example.org", name="Qwendrin")
            join(tx, self.town.members[name], self.town.parties[whose], "driver")
            open_session(tx, self.town.members[name], token_hash(name), "test")

        self.town.house.desk.store.change(work)

    def tells_its_address(self, name):
        site = self.reads(name, f"/sites/{self.town.sites[name]}")
        keep = ("party", "name", "lat", "lon", "opens", "closes", "note")
        wish = {field: site[field] for field in keep} | {"address": f"7 rue {name.title()}, 06320 La Turbie"}
        self.does(name, "PUT", f"/sites/{site['id']}", wish)

    def is_vetted(self, name):
        party = self.town.parties[name]
        said = {
            "name": name.title(),
            "licence": "LTI-9",
            "address": "9 quai Antoine, Monaco",
            "siren": "552100554",
        }
        self.does(name, "PUT", f"/parties/{party}", said)
        self.does("operator", "POST", f"/parties/{party}/vet", {"licence": "LTI-9", "until": "2030-12-31"})

    def close_the_circle(self):
        """Found a community, and let everybody of the story come in by one link."""
        founder = {"party": self.town.parties["operator"], "name": "Paniers Zyggurt", "rules": "Grmblfix"}
        self.community = self.does("operator", "POST", "/communities", founder)["id"]
        wish = {"single_use": False, "ends": on(SATURDAY, 6)}
        link = self.does("operator", "POST", f"/communities/{self.community}/links", wish)
        secret = link["url"].rpartition("/")[2]
        for name in (*ELEVEN, *LATE, *NOT_SERVED, *DRIVES_ANYWAY):
            join_it = {"party": self.town.parties[name]}
            self.does(name, "POST", f"/community-invitations/{secret}/join", join_it)
        self.ids["community_id"] = [self.community]
        self.ids["link_id"] = [link["id"]]

    def posted(self, wish):
        return wish | ({"community": self.community} if self.community else {})

    def note_id(self, name, one):
        known = self.ids.setdefault(name, [])
        if one not in known:
            known.append(one)
        return one

    # Seeding.

    def sends_flows(self):
        """Send what the farms sold last year: a small invented table, with two buyers who take no part."""
        lines = [HEADER]
        links = [(farm, BUY[(at + by) % 6]) for at, farm in enumerate(SELL) for by in (0, 2)]
        lines += [self._link(farm, buyer, 4) for farm, buyer in links]
        lines.append(self._link("farm", "bakery", 3, near="restaurant"))
        lines.append(self._link("neighbour", "kiosk", 3, near="shop"))
        mine = {"operator": self.town.parties["operator"]}
        headers = {"Authorization": "Bearer operator", "Idempotency-Key": str(uuid.uuid4())}
        raw = "\n".join(lines).encode()
        sent = self.api.post(f"{API}/flows/files", params=mine, content=raw, headers=headers)
        assert sent.status_code == 201 and sent.json()["faults"] == [], sent.text
        self.note_id("flow_list_id", sent.json()["id"])
        return sent.json()

    def _link(self, farm, buyer, crates, near=""):
        ends = [(name, *self._place(near if near and name == buyer else name)) for name in (farm, buyer)]
        told = ",".join(f"{name.title()},{lat},{lon}" for name, lat, lon in ends)
        return f"{told},Vrxlplum,{crates}"

    def _place(self, name):
        near, by = (FARMS | KITCHENS).get(name, (name, 0.0))
        lat, lon, _ = PLACES[near]
        return lat + by, lon

    def drafts(self):
        """Have tours drafted by the workers; returns the best draft."""
        mine = {"operator": self.town.parties["operator"]}
        asked = self.does("operator", "POST", "/tour-drafts", mine | CARD | {"days": [6]})
        self.works()
        job = self.reads("operator", f"/jobs/{asked['job']}")
        assert job["state"] == "done", job
        self.note_id("job_id", asked["job"])
        draft = self.reads("operator", "/tour-drafts", **mine)["items"][0]
        self.note_id("draft_id", draft["id"])
        return draft

    def invites(self, draft):
        """Invite all of the draft: members here, one by mail, one by hand; returns their invitations."""
        sent = {}
        for one in draft["wanted"]:
            name = one["name"].lower()
            wish = {"rank": one["rank"]}
            if name in self.town.parties:
                wish["party"] = self.town.parties[name]
            elif name == "bakery":
                wish["email"] = "bakery@example.org"
            answer = self.does("operator", "POST", f"/tour-drafts/{draft['id']}/invitations", wish)
            sent[name] = self.note_id("draft_invitation_id", answer["id"])
        return sent

    def opens_its_letter(self, email):
        """Open the link of an invitation that came by mail; returns the page's address."""
        (letter,) = [one for one in mails(self.town) if one["To"] == email]
        path = re.search(r"/invited/[\w-]+", letter.get_content())[0]
        assert TestClient(self.app).get(path).status_code == 200
        return path

    def declines(self, path):
        assert TestClient(self.app).post(f"{path}/decline").is_success

    def answers(self, draft):
        """Return what those invited answered so far, by name."""
        self.works()
        listed = self.reads("operator", f"/tour-drafts/{draft['id']}/invitations", limit=100)["items"]
        return {one["name"].lower(): one["state"] for one in listed}

    def proposes(self, draft, **other):
        wish = {"carrier": self.town.parties["carrier"], "driver": "Lou", "day": str(SATURDAY)}
        wish |= {"cutoff": on(SATURDAY - timedelta(days=1), 18), "crate_cents": 420, **other}
        tour = self.does("operator", "POST", f"/tour-drafts/{draft['id']}/propose", self.posted(wish))["tour"]
        return self.note_id("tour_id", tour)

    # Goods and sign-ups.

    def sends(self, name, to, crates, day=SATURDAY, **other):
        """Enter crates of one's own; returns the shipment."""
        wish = {
            "shipper": self.town.parties[name],
            "from_site": self.town.sites[name],
            "to_site": self.town.sites[to],
            "crates": crates,
            "ready": on(day, 6),
            "pickup_by": on(day, 11),
            "deliver_from": on(day, 6),
            "deliver_by": on(day, 15),
            "goods": "Vrxlplum",
        }
        return self.note_id("shipment_id", self.does(name, "POST", "/shipments", wish | other)["id"])

    def joins(self, name, tour, shipment):
        place = self.does(name, "POST", f"/tours/{tour}/sign-ups", {"shipment": shipment})
        assert place["share_cents"] <= place["alone_cents"]
        return self.note_id("sign_up_id", place["id"])

    def opens_a_list(self, name, *, accepts):
        """Open a short list of two goods, whose buyers pay for the carriage; returns list and goods."""
        wish = {"producer": self.town.parties[name], "name": "Grmblfix", "site": self.town.sites[name]}
        wish |= {"ready_from": "06:00", "collect_by": "11:00", "carriage": "buyer", "accepts": accepts}
        of_list = self.note_id("short_list_id", self.does(name, "POST", "/short-lists", wish)["id"])
        line = {"product": "Vrxlplum", "unit": "kg", "units_per_crate": 12, "kg_per_crate": 12}
        goods = [
            self.does(
                name,
                "POST",
                f"/short-lists/{of_list}/goods",
                line | {"reference": f"{name}-{at}", "price_cents": cents},
            )["id"]
            for at, cents in enumerate((4_711, 8_317))
        ]
        for one in goods:
            self.note_id("goods_id", one)
        return of_list, goods

    def orders(self, name, tour, of_list, goods, kilos):
        """Order from a list that is deliverable to oneself on the tour; returns the order."""
        asked = {"to_site": self.town.sites[name]}
        found = self.reads(name, f"/tours/{tour}/deliverable", **asked)["items"]
        assert of_list in {one["short_list"] for one in found}
        wish = {"buyer": self.town.parties[name], "short_list": of_list, "tour": tour, **asked}
        wish |= {"lines": [{"goods": goods, "quantity": kilos}], "note": "Grmblfix"}
        order = self.does(name, "POST", "/tour-orders", wish)
        self.note_id("tour_order_id", order["id"])
        for load in order["loads"]:
            self.note_id("shipment_id", load["shipment"])
        return order

    def accepts_order(self, name, order):
        order = self.does(name, "POST", f"/tour-orders/{order['id']}/accept")
        for load in order["loads"]:
            self.note_id("shipment_id", load["shipment"])
        return order

    # What everybody sees after every step.

    def aboard(self, tour):
        """Return who is aboard, as each payer reads it itself, by sign-up."""
        everybody = self.reads("operator", f"/tours/{tour}/sign-ups", limit=100)["items"]
        names = {party: name for name, party in self.town.parties.items()}
        now = {}
        for one in everybody:
            mine = self.reads(names[one["payer"]], f"/tours/{tour}/sign-ups", limit=100)["items"]
            assert {each["payer"] for each in mine} == {one["payer"]}, "nobody reads another's place"
            assert one in mine
            self.note_id("sign_up_id", one["id"])
            self.note_id("shipment_id", one["shipment"])
            if one["state"] in ("joined", "riding"):
                now[one["id"]] = one
        return now

    def nobody_pays_more(self, *tours):
        """Hold everybody's share and hours against what it was told last; count a step at which one fell."""
        each, fell = {tour: self.aboard(tour) for tour in tours}, False
        now = {sign_up: one for aboard in each.values() for sign_up, one in aboard.items()}
        for sign_up, one in now.items():
            was = self.told.get(sign_up, one)
            assert one["share_cents"] <= was["share_cents"] <= one["joined_cents"] == was["joined_cents"]
            assert one["joined_cents"] <= one["alone_cents"] or one["state"] == "riding"
            assert was["pickup_from"] <= one["pickup_from"] <= one["pickup_until"] <= was["pickup_until"]
            assert was["drop_from"] <= one["drop_from"] <= one["drop_until"] <= was["drop_until"]
            fell |= one["share_cents"] < was["share_cents"]
            self.seen_cents |= {one["share_cents"], one["joined_cents"]}
        self.told, self.falls = now, self.falls + fell
        stands = [self._adds_up(tour, aboard) for tour, aboard in each.items()]
        return stands[0]

    def _adds_up(self, tour, aboard):
        stands = self.reads("operator", f"/tours/{tour}/standing")
        assert stands["shares_cents"] == sum(one["share_cents"] for one in aboard.values())
        parts = ("shares_cents", "gap_cents", "lacking_cents")
        assert sum(stands[part] for part in parts) == stands["cost_cents"]
        return stands

    def place_of(self, name):
        """Return the place of one payer, as it was told last."""
        (one,) = [one for one in self.told.values() if one["payer"] == self.town.parties[name]]
        return one

    # The operator's hands.

    def looks(self, tour, **wish):
        return self.does("operator", "POST", f"/tours/{tour}/by-hand/look", wish)

    def by_hand(self, tour, **wish):
        if "other_tour" in wish:
            wish["other_revision"] = self.reads("operator", f"/tours/{wish['other_tour']}")["revision"]
        return self.does("operator", "POST", f"/tours/{tour}/by-hand", wish, headers=self.seen(tour))

    def undoes(self, tour):
        return self.does("operator", "POST", f"/tours/{tour}/by-hand/undo", headers=self.seen(tour))

    def seen(self, tour):
        return {"If-Match": f'"{self.reads("operator", f"/tours/{tour}")["revision"]}"'}

    def order_of_stops(self, tour):
        seen = self.reads("operator", f"/tours/{tour}/by-hand")
        return [(one["shipment"], one["way"]) for one in seen["visits"]]

    # The run, and the money.

    def signs_everything(self, manifest):
        """Let the driver note each shipment at each stop, with the name of who gave or took it."""
        signed = 0
        for stop in self.reads("driver", f"/manifests/{manifest}")["stops"]:
            for one in stop["handlings"]:
                self.clock.forward(60)
                wish = {"shipment": one["shipment"], "way": one["way"], "crates": one["crates"]}
                wish["receiver"] = one["shipper"] if one["way"] == "on" else one["consignee"]
                done = self.does("driver", "POST", f"/manifests/{manifest}/handovers", wish)
                self.note_id("handover_id", done["id"])
                signed += 1
        return signed

    def statement(self, name):
        period = {"from": "2026-09-01", "to": "2026-09-30"}
        return self.reads(name, f"/parties/{self.town.parties[name]}/statement", **period)

    def transfers_of(self, tour, state):
        """Return what was agreed about a tour, why by why."""
        found, after = {}, ""
        while True:
            page = self.reads("operator", "/transfers", limit=100, **({"after": after} if after else {}))
            for one in page["items"]:
                if one["about_id"] == tour and one["state"] == state:
                    found[one["why"]] = found.get(one["why"], 0) + one["cents"]
            after = page["next"]
            if not after:
                return found

    def topics_told(self, name):
        """Return what somebody was told of, by topic."""
        told, after = set(), 0
        while True:
            page = self.reads(name, "/events/page", limit=100, after=after)
            told |= {one["topic"] for one in page["items"]}
            if len(page["items"]) < 100:
                return told
            after = page["next"]
