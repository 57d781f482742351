"""Serve a house: ``carriole serve``."""

import uvicorn

from api.logs import set_up_logs
from api.settings import Settings


def serve_house(settings: Settings, host: str, port: int) -> None:
    """Answer until the process is told to stop; requests under way are finished first."""
    set_up_logs(settings.log_level)
    uvicorn.run(
        "api.app:make_app",
        factory=True,
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=10,
        server_header=False,
    )
