"""One router per noun; each operation has its row in the table of rights."""

from api.routes import sites

ROUTERS = (sites.router,)
