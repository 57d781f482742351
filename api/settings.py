"""Settings of a running house, from the environment; a secret may stand in a file instead (``…_FILE``)."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_data_dir

from geodata.region import EMBEDDED
from geodata.region_use import region_in_use
from pooling.figures import PRIVATE_YEAR, WHOLESALE_WAY
from pooling.hours import DEFAULT_TIMEZONE


@dataclass(frozen=True)
class Settings:
    """
    Hold what a house is told by its environment.

    Without ``database_url`` everything is kept in one SQLite file in ``home``; without ``redis_url``
    jobs run in the web process; without ``roads_url`` times come from our own engine; without
    ``smtp_url`` mail is printed and kept in a folder.
    """

    home: Path
    database_url: str
    redis_url: str = ""
    region: str = EMBEDDED
    roads_url: str = ""
    timezone: str = DEFAULT_TIMEZONE
    public_url: str = "http://127.0.0.1:8000"
    smtp_url: str = ""
    mail_from: str = "carriole@localhost"
    clock_file: str = ""
    log_level: str = "INFO"
    workers: int = 1
    webhooks_inside: bool = False
    pulse_file: str = ""
    proxies: str = ""
    geocoder_url: str = ""
    payment_secret: str = ""
    reference_km: int = WHOLESALE_WAY.value // 1000
    carbon_cents_per_tonne: int = 0
    private_year_cents: int = PRIVATE_YEAR.value
    takes_for_owners: bool = False

    @property
    def secure(self) -> bool:
        """Tell whether cookies may only travel encrypted."""
        return self.public_url.startswith("https://")


def settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Read the settings; each is described in docs/settings.md."""
    given = dict(os.environ if environment is None else environment)
    home = Path(given.get("CARRIOLE_STATE") or user_data_dir("carriole"))
    return Settings(
        home=home,
        database_url=_secret(given, "DATABASE_URL") or f"sqlite:///{home / 'carriole.db'}",
        redis_url=_secret(given, "REDIS_URL"),
        region=region_in_use(environment=given),
        roads_url=_secret(given, "ROADS_URL").strip(),
        timezone=given.get("CARRIOLE_TIMEZONE", DEFAULT_TIMEZONE),
        public_url=given.get("CARRIOLE_PUBLIC_URL", "http://127.0.0.1:8000").rstrip("/"),
        smtp_url=_secret(given, "SMTP_URL"),
        mail_from=given.get("MAIL_FROM", "carriole@localhost"),
        clock_file=given.get("CARRIOLE_CLOCK_FILE", ""),
        log_level=given.get("CARRIOLE_LOG_LEVEL", "INFO").upper(),
        workers=int(given.get("CARRIOLE_WORKERS", "1")),
        pulse_file=given.get("CARRIOLE_PULSE_FILE", ""),
        proxies=given.get("CARRIOLE_PROXIES", "").strip(),
        geocoder_url=_secret(given, "GEOCODER_URL").strip(),
        payment_secret=_secret(given, "PAYMENT_PROVIDER_SECRET").strip(),
        webhooks_inside=given.get("CARRIOLE_WEBHOOKS_INSIDE", "") == "yes",
        reference_km=int(given.get("CARRIOLE_REFERENCE_KM") or WHOLESALE_WAY.value // 1000),
        carbon_cents_per_tonne=int(given.get("CARRIOLE_CARBON_CENTS_PER_TONNE") or 0),
        private_year_cents=int(given.get("CARRIOLE_PRIVATE_YEAR_CENTS") or PRIVATE_YEAR.value),
        takes_for_owners=given.get("CARRIOLE_TAKES_FOR_OWNERS", "") == "yes",
    )


def _secret(given: Mapping[str, str], name: str) -> str:
    """Read a value, or the first line of the file that ``NAME_FILE`` names."""
    if given.get(f"{name}_FILE"):
        return Path(given[f"{name}_FILE"]).read_text(encoding="utf-8").strip()
    return given.get(name, "")
