"""The README's curl as it stands, on a house just founded: only address and token are filled in."""

import json
import re
import shutil
import subprocess
from pathlib import Path

from pooling.clock import SystemClock
from pooling.desk.people.founding import found_house
from tests.desk.servers import served
from tests.houses import new_house

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")


def test_a_printed_link_opens_the_api(tmp_path):
    commands = re.findall(r"^curl .*$", README, re.MULTILINE)
    assert len(commands) == 2
    house = new_house(tmp_path, SystemClock())
    token = found_house(house.desk.store, "you@example.org", "You", "Carriole", "en").link.token
    with served(house) as address:
        script = "\n".join(commands).replace("127.0.0.1:8000", address.removeprefix("http://"))
        ran = subprocess.run(
            [shutil.which("bash"), "-ec", script.replace("LAST_PART_OF_A_LINK", token)],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=30,
            check=True,
        )
    house.close()
    opened, end = json.JSONDecoder().raw_decode(ran.stdout)
    assert opened["me"]["email"] == "you@example.org"
    assert json.loads(ran.stdout[end:]) == {"items": [], "next": ""}
