"""Serve a house: ``carriole serve``."""

from socket import SO_REUSEADDR, SOL_SOCKET, socket

import uvicorn
from fastapi import FastAPI

from api.app import make_app
from api.logs import set_up_logs
from api.settings import Settings
from geodata.refusal import Refusal

STOPS_WITHIN_S = 10


class PortTaken(Refusal):
    code = "port_taken"
    reason = "Nobody can listen on {host}, port {port}: {detail}."
    cure = "Stop what listens there, or choose another by --port."


class Server(uvicorn.Server):
    """Stop politely: streams of events end first, so that nobody waits for them."""

    def __init__(self, app: FastAPI, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.app = app

    async def shutdown(self, sockets: list[socket] | None = None) -> None:
        self.app.state.lookout.close()
        await super().shutdown(sockets)


def serve_house(settings: Settings, host: str, port: int) -> None:
    """Answer until the process is told to stop; requests under way are finished first."""
    set_up_logs(settings.log_level)
    app = make_app()
    server_of(app, host, port, settings.proxies).run()


def must_be_free(host: str, port: int) -> None:
    """Refuse a port on which another program listens, before anything is opened."""
    with socket() as probe:
        probe.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise PortTaken(host=host, port=port, detail=error.strerror or type(error).__name__) from error


def server_of(app: FastAPI, host: str, port: int, proxies: str = "") -> Server:
    """
    Return a server that is ready to run.

    ``proxies`` names, by commas, the addresses and networks whose ``X-Forwarded-For`` is believed;
    from anybody else that header is a claim, and would let one caller count as many.
    """
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=STOPS_WITHIN_S,
        server_header=False,
        proxy_headers=bool(proxies),
        forwarded_allow_ips=proxies,
        ws="none",
    )
    return Server(app, config)
