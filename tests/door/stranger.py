"""
A stranger's program: a client generated from the OpenAPI document, and nothing else of ours.

Each operation is called by its name through the generated code; what comes back is what the generated
code made of it. A refusal comes back as the document's ``Problem``.
"""

import importlib
import inspect
import json
import re
import subprocess
import sys
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.forks import HOUSE
from tests.thorough import THOROUGH

PLAY = HOUSE / "api" / "playing"
ASKED = re.compile(r'\bdo\(\s*"([a-z_]+)"')
REFERENCE = re.compile(r'"#/components/schemas/([^"]+)"')
PACKAGE = "carriole_client"
ARGUMENTS = (
    *("generate", "--path", "openapi.json", "--meta", "none", "--config", "config.yml"),
    *("--overwrite", "--fail-on-warning"),
)

CONFIG = """\
post_hooks: []
content_type_overrides:  # prints and bank files are bytes to it
  application/pdf: application/octet-stream
  application/xml: application/octet-stream
"""


def generate(document: dict[str, Any], folder: Path) -> None:
    """
    Write the client's code into a folder and let Python find it there.

    The whole document is only generated thoroughly: else the operations that the play asks for, and the
    schemas that these reach. An operation that was left out is an import that fails.
    """
    document = document if THOROUGH else _only(document, _played())
    (folder / "openapi.json").write_text(json.dumps(document), encoding="utf-8")
    (folder / "config.yml").write_text(CONFIG, encoding="utf-8")
    generator = Path(sys.executable).with_name("openapi-python-client")
    subprocess.run(
        [generator, *ARGUMENTS, "--output-path", PACKAGE],
        cwd=folder,
        check=True,
        capture_output=True,
    )
    for name in [one for one in sys.modules if one.split(".")[0] == PACKAGE]:
        del sys.modules[name]
    sys.path.insert(0, str(folder))
    importlib.invalidate_caches()


def _played() -> set[str]:
    """Return the operations that the play and the tests of this folder ask for, by their text."""
    sources = [*PLAY.glob("*.py"), *Path(__file__).parent.glob("test_*.py")]
    return {name for path in sources for name in ASKED.findall(path.read_text(encoding="utf-8"))}


def _only(document: dict[str, Any], operations: set[str]) -> dict[str, Any]:
    """Return the document with these operations and the schemas that they reach."""
    paths = {
        path: {word: told for word, told in item.items() if told.get("operationId") in operations}
        for path, item in document["paths"].items()
    }
    paths = {path: item for path, item in paths.items() if item}
    schemas = document["components"]["schemas"]
    reached: set[str] = set()
    ahead = set(REFERENCE.findall(json.dumps(paths)))
    while ahead - reached:
        name = (ahead - reached).pop()
        reached.add(name)
        ahead |= set(REFERENCE.findall(json.dumps(schemas[name])))
    components = {**document["components"], "schemas": {name: schemas[name] for name in sorted(reached)}}
    return {**document, "paths": paths, "components": components}


class Refused(Exception):  # noqa: N818 - a refusal is a fact
    """Carry the problem that an operation was refused with."""

    def __init__(self, operation: str, status: int, problem: dict[str, Any]) -> None:
        self.status, self.problem, self.code = status, problem, problem.get("code", "")
        super().__init__(f"{operation}: {status} {problem}")


@dataclass(frozen=True)
class Stranger:
    """Hold one person's way in: an address and the token of a session (empty before signing in)."""

    address: str
    token: str = ""

    def do(self, operation: str, *path: str, key: str = "", revision: int = 0, **more: Any) -> Any:
        """
        Call an operation by its name.

        ``path`` fills the places of its path in order; ``body`` is sent as JSON; other words are its
        query. Returns what was answered as plain values; raises ``Refused``.
        """
        function = _operation(operation).sync_detailed
        takes = inspect.signature(function).parameters
        places = [name for name in takes if name not in _NOT_PATH]
        given: dict[str, Any] = dict(zip(places, path, strict=False))
        if "body" in more:
            body = more.pop("body")
            given["body"] = _body_kind(function).from_dict(body)
        if "idempotency_key" in takes:
            given["idempotency_key"] = key or str(uuid.uuid4())
        if "if_match" in takes and revision:
            given["if_match"] = f'"{revision}"'
        with self._client() as client:
            answer = function(client=client, **given, **more)
        status = int(answer.status_code)
        if status >= 400:
            raise Refused(operation, status, answer.parsed.to_dict() if answer.parsed else {})
        return _plain(answer.parsed)

    def _client(self) -> Any:
        generated = importlib.import_module(PACKAGE)
        # Where certificates are asked for, each client reads those of the whole world, for a plain address.
        more = {"base_url": self.address, "timeout": 60, "verify_ssl": False}
        if self.token:
            return generated.AuthenticatedClient(token=self.token, **more)
        return generated.Client(**more)


_NOT_PATH = {"client", "body", "idempotency_key", "if_match", "after", "limit"}


def _operation(name: str) -> Any:
    package = importlib.import_module(f"{PACKAGE}.api")
    for folder in sorted(Path(package.__path__[0]).iterdir()):
        if (folder / f"{name}.py").is_file():
            return importlib.import_module(f"{PACKAGE}.api.{folder.name}.{name}")
    raise LookupError(name)


def _body_kind(function: Any) -> Any:
    return inspect.signature(function).parameters["body"].annotation


def _plain(parsed: Any) -> Any:
    return parsed.to_dict() if hasattr(parsed, "to_dict") else parsed
