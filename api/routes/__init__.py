"""One router per noun; each operation has its row in the table of rights."""

from api.routes import events, jobs, sites

ROUTERS = (sites.router, jobs.router, events.router)
