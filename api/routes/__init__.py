"""One router per noun; each operation has its row in the table of rights."""

from api.routes import sign_ups, sites, tours

ROUTERS = (sites.router, tours.router, sign_ups.router)
