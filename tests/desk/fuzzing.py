"""
Generated calls of every operation: what the document allows and what it forbids, by three people.

Schemathesis makes each case from the OpenAPI document; then ids of real objects, and values that are
known to hurt, are put in here and there. Every answer must be declared, and none a mistake of ours.
"""

import copy
import json
import random
import warnings
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core import NotSet
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from api.app import make_app
from pooling.desk.people.sessions import token_hash
from pooling.store.sessions import open_session
from tests.desk.conftest import document
from tests.desk.declared import undeclared
from tests.desk.filling import filled
from tests.desk.market_wire import crates_wish, order_wish, series_wish, trip_wish
from tests.desk.somebodys import somebodys_world
from tests.houses import MORNING

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
]
ENDLESS = {"stream_events"}
PEOPLE = ("farm", "operator", "restaurant", "neighbour", "shop", "carrier", "")
MOSTLY = ("farm",) * 4 + ("operator",) * 2 + PEOPLE
UNAVAILABLE = 503
NASTY = (
    "\0",
    "a\0b",
    "\ud800",
    "",
    " ",
    "é\u202e𝔘",
    "../../etc/passwd",
    "x" * 5000,
    10**30,
    -(2**63) - 1,
    2**63,
    2**31,
    -1,
    0,
    1.5,
    1e308,
    float("nan"),
    float("inf"),
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-14:00",
    "2026-09-12T06:00:00",
    "9999-12-31",
    "0001-01-01",
    None,
    True,
    [],
    {},
    [[]],
    {"\ud800": 1},
)
MOMENTS = (
    "2026-09-12T04:00:00Z",
    "2026-09-13T06:00:00+02:00",
    "2026-09-13T18:00:00+02:00",
    "2026-09-13",
    "2027-01-01",
)
HEADERS = {
    "If-Match": ('"1"', '"0"', "*", 'W/"1"', '"999999999999999999"', "é", ""),
    "Idempotency-Key": ("", "é", "\x7f", "k" * 500, "always the same"),
    "Authorization": ("Bearer", "Bearer é", "Basic YTpi", "Bearer " + "x" * 3000),
    "Content-Type": ("text/plain", "application/xml", "multipart/form-data", ""),
    "Accept-Language": ("é", "tlh"),
    "Content-Length": ("-1", "x"),
}
"""Values of headers as people and programs really send them."""
BODIES = (b"", b"{", b"null", b"[]", b'"a"', b"\xff\xfe", b'{"a": ' * 3000, b"1e999999", b'{"a": 1, "a": 2}')

SOON = st.integers(-8, 96).map(
    lambda quarters: (datetime.fromtimestamp(MORNING, UTC) + timedelta(minutes=30 * quarters)).isoformat()
)
schemathesis.openapi.format("date-time", SOON)
"""Most moments lie within two days: far ones are refused before they reach any rule."""


@dataclass
class Fuzz:
    """Call the operations of one town, and keep what went wrong by operation and fault."""

    town: object
    client: object
    ids: dict = field(default_factory=dict)
    faults: dict = field(default_factory=dict)
    statuses: Counter = field(default_factory=Counter)
    calls: int = 0

    def __post_init__(self):
        town = self.town
        self.ids = {name: one for name, one in somebodys_world(self.town, self.client).items() if one}
        self.ids |= {"site": town.sites["farm"], "gap_party": town.parties["operator"]}
        crates = crates_wish(town, shipper=town.parties["farm"], from_site=town.sites["farm"])
        self.wishes = {
            "announce_trip": trip_wish(town),
            "change_trip": trip_wish(town),
            "announce_series": series_wish(town),
            "change_series": series_wish(town),
            "enter_shipment": crates,
            "change_shipment": crates,
            "place_order": order_wish(town, producer=town.parties["farm"]),
            "find_offers": {"shipment": self.ids["shipment"]},
        }
        self.document = document(make_app(self.town.house))
        self.schema = schemathesis.openapi.from_dict(copy.deepcopy(self.document))
        self.operations = {
            one.ok().definition.raw["operationId"]: one.ok() for one in self.schema.get_all_operations()
        }

    def sessions(self):
        """Sign the people in again: some cases sign them out."""

        def work(tx):
            for name in PEOPLE[:-1]:
                self.tokens[name] = f"{name}-{self.calls}"
                open_session(tx, self.town.members[name], token_hash(self.tokens[name]), "test")

        self.tokens = {"": ""}
        self.town.house.desk.store.change(work)

    def run(self, each, seed):
        """Call each operation so many times, one after another in an order of chance."""
        waiting = sorted(self.operations.items())
        random.Random(seed).shuffle(waiting)
        for name, operation in waiting:
            if name not in ENDLESS:
                self.sessions()
                self._operation(name, operation, each, seed)

    def _operation(self, name, operation, each, seed):
        modes = (GenerationMode.POSITIVE, GenerationMode.POSITIVE, GenerationMode.NEGATIVE)

        @settings(
            max_examples=each + 1,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(st.data())
        def calls(data):
            if not data.draw(st.integers(0, 1 << 32)):
                return  # Hypothesis begins with the simplest of everything: what every test sends
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                self._call(name, operation, data, data.draw(st.sampled_from(modes)))

        from hypothesis import seed as seeded

        seeded(seed)(calls)()

    def _call(self, name, operation, data, mode):
        case = data.draw(operation.as_strategy(mode))
        send = case.as_transport_kwargs(base_url="http://testserver")
        person = data.draw(st.sampled_from(MOSTLY))
        headers = {key: value for key, value in (send.get("headers") or {}).items() if key != "User-Agent"}
        self.calls += 1
        headers["Idempotency-Key"] = f"fuzz-{self.calls}"
        headers.pop("Authorization", None)
        if person:
            headers["Authorization"] = f"Bearer {self.tokens[person]}"
        if data.draw(st.integers(0, 5)) != 3:
            headers.pop("If-Match", None)
        if data.draw(st.integers(0, 9)) == 7:
            header = data.draw(st.sampled_from(sorted(HEADERS)))
            headers[header] = data.draw(st.sampled_from(HEADERS[header]))
        path = self._path(operation, case, data)
        query = {key: self._real(key, value, data) for key, value in (case.query or {}).items()}
        more = self._body(operation, case, headers, data)
        raw = [(key.encode(), str(value).encode("utf-8", "surrogatepass")) for key, value in headers.items()]
        pairs = [
            (key, one)
            for key, value in query.items()
            for one in (value if isinstance(value, list) else [value])
        ]
        asked = "&".join(f"{_quoted(key)}={_quoted(one)}" for key, one in pairs)
        answer = self.client.request(
            operation.method, f"{path}?{asked}" if asked else path, headers=raw, **more
        )
        self._judge(name, operation, case, answer, more)

    def _path(self, operation, case, data):
        path = operation.path
        for key, value in (case.path_parameters or {}).items():
            path = path.replace(f"{{{key}}}", _quoted(self._real(key, value, data)))
        return path

    def _real(self, key, value, data):
        """Put in a real id mostly, and now and then something that hurts."""
        lot = data.draw(st.integers(0, 9))
        if lot == 7:
            return data.draw(st.sampled_from([one for one in NASTY if one != ""]))
        return self.ids[key] if key in self.ids and lot != 5 else value

    def _body(self, operation, case, headers, data):
        """Send what was generated, or the document's example with a field or two spoiled, or rubbish."""
        if isinstance(case.body, NotSet):
            return {}
        headers.setdefault("Content-Type", "application/json")
        lot = data.draw(st.integers(0, 19))
        if lot == 13:
            return {"content": data.draw(st.sampled_from(BODIES))}
        body = self._example(operation, data) if lot < 10 or lot > 17 else case.body
        for _ in range(data.draw(st.sampled_from((0, 0, 0, 1, 1, 2)))):
            body = self._spoilt(body, data)
        try:
            return {"content": json.dumps(body).encode()}
        except (TypeError, ValueError):
            return {"content": repr(body).encode("utf-8", "replace")}

    def _example(self, operation, data):
        name = operation.definition.raw["operationId"]
        if name in self.wishes and data.draw(st.booleans()):
            return self.wishes[name]
        content = operation.definition.raw["requestBody"]["content"]
        if "application/json" not in content:
            return "reference,producer\nA1,Farm"
        raw = content["application/json"]["schema"]
        whole = filled(raw, self.document, self.ids, whole=data.draw(st.booleans()))
        return json.loads(
            json.dumps(whole).replace("2026-09-12", "2026-09-13").replace("2026-09-11", "2026-09-12")
        )

    def _spoilt(self, body, data):
        """Put a real id, a value that hurts or a neighbour's value somewhere inside."""
        if isinstance(body, dict) and body:
            key = data.draw(st.sampled_from(sorted(body)))
            return body | {key: self._spoilt(body[key], data)}
        if isinstance(body, list) and body:
            return [self._spoilt(body[0], data), *body[1:]]
        kinds = (NASTY, sorted(self.ids.values()), MOMENTS)
        return data.draw(st.sampled_from(data.draw(st.sampled_from(kinds))))

    def _judge(self, name, operation, case, answer, more):
        self.statuses[answer.status_code] += 1
        raw = operation.definition.raw
        told = undeclared(raw, answer)
        if answer.status_code == UNAVAILABLE and not told:
            return
        if told:
            self._fault(name, told, answer, more)
        answer.request.read()
        try:
            case.validate_response(answer, checks=CHECKS)
        except FailureGroup as group:
            for one in group.exceptions:
                self._fault(name, f"{type(one).__name__} {answer.status_code}", answer, more, str(one))

    def _fault(self, name, kind, answer, more, why=""):
        request = answer.request
        told = (
            f"{request.method} {request.url} {more} -> {answer.status_code} {answer.text[:500]} {why[:800]}"
        )
        self.faults.setdefault((name, kind), told)


def _quoted(value):
    """Write a value into an address."""
    text = value if isinstance(value, str) else json.dumps(value)
    return quote(text.encode("utf-8", "surrogatepass"), safe="")
