"""The container files, read as text: no container engine is needed to see most mistakes in them."""

import re
from fnmatch import fnmatch
from pathlib import Path

import pytest
import yaml

from api.settings import settings

HOUSE = Path(__file__).parents[1]
SETTINGS = (HOUSE / "api" / "settings.py").read_text(encoding="utf-8")
ELSEWHERE = {"CARRIOLE_HOME", "CARRIOLE_REGION"}
"""Read where the regions are kept and chosen."""

COMPOSE = yaml.safe_load((HOUSE / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES = COMPOSE["services"]
OURS = {name: one for name, one in SERVICES.items() if "build" in one}
DOCKERFILE = (HOUSE / "api" / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
each_service = pytest.mark.parametrize("name", SERVICES)


def lines(instruction):
    return re.findall(rf"^{instruction} (.+)$", DOCKERFILE, re.MULTILINE)


def test_there_are_a_web_process_two_workers_a_database_and_redis():
    assert set(SERVICES) == {"api", "worker", "postgres", "redis"}
    assert SERVICES["worker"]["deploy"]["replicas"] == 2
    assert SERVICES["api"]["command"][:2] == ["carriole", "serve"]
    assert SERVICES["worker"]["command"] == ["carriole", "worker"]


def test_every_setting_that_is_named_exists():
    for service in OURS.values():
        for name in set(service["environment"]) - ELSEWHERE:
            known = (
                f'_secret(given, "{name.removesuffix("_FILE")}")'
                if name.endswith("_URL_FILE")
                else f'"{name}"'
            )
            assert known in SETTINGS or f'_secret(given, "{name}")' in SETTINGS, name


def test_the_settings_can_be_read_as_a_container_is_given_them(tmp_path):
    for secret in ("database_url", "smtp_url"):
        (tmp_path / secret).write_text(
            "postgresql://carriole:word@postgres/carriole\n" if "data" in secret else ""
        )
    given = {
        name: str(value).replace("/run/secrets", str(tmp_path))
        for name, value in SERVICES["api"]["environment"].items()
    }
    read = settings(given)
    assert read.database_url == "postgresql://carriole:word@postgres/carriole"
    assert (read.smtp_url, read.redis_url) == ("", "redis://redis:6379/0")


@each_service
def test_every_service_is_watched_and_started_again(name):
    service = SERVICES[name]
    assert service["restart"] == "unless-stopped"
    assert service["healthcheck"]["test"][0] in {"CMD", "CMD-SHELL"}
    assert {"interval", "timeout", "start_period", "retries"} <= set(service["healthcheck"])


@each_service
def test_every_service_is_nobody_special_and_writes_only_where_it_must(name):
    service = SERVICES[name]
    assert service["read_only"] is True and service["tmpfs"]
    assert service["cap_drop"] == ["ALL"] and "no-new-privileges:true" in service["security_opt"]
    assert str(service["user"]).split(":")[0] not in {"0", "root"}


@each_service
def test_every_image_is_pinned(name):
    tag = SERVICES[name]["image"].rpartition(":")[2]
    assert re.match(r"\d+\.\d+", tag), tag


def test_our_image_carries_the_version_of_the_project():
    version = re.search(r'^version = "(.+)"$', (HOUSE / "pyproject.toml").read_text(), re.MULTILINE)[1]
    assert {one["image"] for one in OURS.values()} == {f"carriole:{version}"}


def test_nothing_but_the_web_process_can_be_reached_and_that_only_from_this_machine():
    ports = {name: one["ports"] for name, one in SERVICES.items() if "ports" in one}
    assert ports == {"api": ["127.0.0.1:8000:8000"]}
    assert COMPOSE["networks"]["inside"]["internal"] is True
    assert SERVICES["postgres"]["networks"] == SERVICES["redis"]["networks"] == ["inside"]


def test_no_secret_stands_in_the_files():
    text = (HOUSE / "docker-compose.yml").read_text() + DOCKERFILE
    assert not re.search(r"://[^/\s\"']+:[^/\s\"'@]+@", text)
    for service in SERVICES.values():
        for name, value in service.get("environment", {}).items():
            if re.search("PASSWORD|SECRET|TOKEN|SMTP_URL|DATABASE_URL", name):
                assert name.endswith("_FILE") and value.startswith("/run/secrets/"), name
                assert Path(value).name in service["secrets"], name
    assert all(one["file"].startswith("./secrets/") for one in COMPOSE["secrets"].values())
    assert "secrets/" in (HOUSE / ".gitignore").read_text().splitlines()


def test_every_service_waits_for_what_it_needs_to_be_well():
    for name, service in SERVICES.items():
        for needed, how in service.get("depends_on", {}).items():
            assert how == {"condition": "service_healthy"}, (name, needed)
    assert set(SERVICES["api"]["depends_on"]) == {"postgres", "redis"}
    assert "api" in SERVICES["worker"]["depends_on"]  # it brings the tables up to date


def test_every_volume_secret_and_network_that_is_used_is_declared_and_no_other():
    for kind in ("volumes", "secrets", "networks"):
        used = {one.partition(":")[0] for service in SERVICES.values() for one in service.get(kind, [])}
        assert used == set(COMPOSE[kind]), kind


def test_our_folders_in_the_image_are_the_volumes():
    volumes = {one.partition(":")[2] for one in SERVICES["api"]["volumes"]}
    environment = SERVICES["api"]["environment"]
    assert volumes == {environment["CARRIOLE_STATE"], environment["CARRIOLE_HOME"]}
    [made] = [run for run in lines("RUN") if "install -d" in run]
    assert all(folder in made for folder in volumes)


def test_the_image_does_not_run_as_root():
    assert lines("USER") == [SERVICES["api"]["user"]]
    last_stage = DOCKERFILE.rpartition("\nFROM ")[2]
    assert last_stage.index("\nUSER ") < last_stage.index("\nCMD ")


def test_the_image_is_pinned_slim_and_built_in_two_stages():
    images = [one.split()[0] for one in lines("FROM")]
    assert len(images) == 2 and len(set(images)) == 1
    assert re.fullmatch(r"python:\d+\.\d+\.\d+-slim-bookworm", images[0])


def test_the_image_installs_from_the_lock_file_with_hashes():
    installs = [run for run in lines("RUN") if "pip install" in run]
    assert installs == [
        "pip install --require-hashes -r requirements.lock",
        "pip install --no-deps --no-build-isolation .",
    ]


def test_the_image_says_how_it_is_watched_and_stopped():
    assert lines("HEALTHCHECK") and lines("STOPSIGNAL") == ["SIGTERM"]
    assert "/readyz" in lines("HEALTHCHECK")[0]


def test_every_path_that_is_copied_exists_and_reaches_the_build():
    kept = [line[1:] for line in (HOUSE / ".dockerignore").read_text().splitlines() if line.startswith("!")]
    copied = [one.split() for one in lines("COPY") if not one.startswith("--from")]
    sources = {path for paths in copied for path in paths[:-1]}
    for path in sources:
        assert (HOUSE / path).exists(), path
        assert any(fnmatch(path, pattern) for pattern in kept), path
    assert sources == set(kept)
