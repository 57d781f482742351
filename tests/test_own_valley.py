"""``docs/own-valley.md`` as it stands: its blocks run in one shell, from a map file to a driver's papers."""

import os
import re
import shutil
import subprocess
import sys

from api.pages.rooms import ROUTERS
from tests.desk.servers import free_port
from tests.forks import HOUSE, write_command
from tests.geodata.data import map_file

PAGE = (HOUSE / "docs" / "own-valley.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```sh\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)


def test_the_page_leads_from_a_map_to_the_papers_of_a_trip(tmp_path):
    port = free_port()
    shutil.copy(map_file("tarn"), tmp_path / "tarn.osm.pbf")
    write_command(tmp_path / "carriole")
    (tmp_path / "python3").write_text(f'#!/bin/sh\nexec {sys.executable} -I "$@"\n')
    (tmp_path / "python3").chmod(0o755)
    known = {name: value for name, value in os.environ.items() if not name.startswith("CARRIOLE_")}
    known |= {
        "PATH": f"{tmp_path}:{os.environ['PATH']}",
        "PYTHONPATH": str(HOUSE),
        "CARRIOLE_HOME": str(tmp_path / "built"),
    }
    stopping = "set -euo pipefail\ntrap 'kill $(jobs -p) 2> kill.log || true' EXIT\n"
    script = stopping + "\n".join(BLOCKS).replace("8000", str(port))
    ran = subprocess.run(
        [shutil.which("bash"), "-c", script],
        cwd=tmp_path,
        env=known,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    log = tmp_path / "serve.log"
    assert ran.returncode == 0, (ran.stdout, ran.stderr, log.read_text() if log.exists() else "")
    found = re.search(r"^(\d+)\naccepted\n(\d+)\n(06:\d\d)$", ran.stdout, re.MULTILINE)
    assert found, ran.stdout
    offered_cents, paid_cents = int(found[1]), int(found[2])
    assert 0 < paid_cents <= offered_cents <= 1500
    assert (tmp_path / "manifest.pdf").read_bytes().startswith(b"%PDF")


def test_every_page_that_is_to_be_clicked_exists():
    paths = {route.path for router in ROUTERS for route in router.routes if "GET" in route.methods}
    clicks = re.findall(r"^\*\*By clicking:\*\*.*?(?=\n\n)", PAGE, re.DOTALL | re.MULTILINE)
    named = set(re.findall(r"`(/[a-z/-]+)`", " ".join(clicks)))
    assert len(clicks) == 7 and named and named <= paths
