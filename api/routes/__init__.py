"""One router per noun; each operation has its row in the table of rights."""

from api.routes import directory, invitations, me, notices, parties, sessions, sign_in, sites

ROUTERS = (
    sign_in.router,
    me.router,
    sessions.router,
    parties.router,
    invitations.router,
    directory.router,
    sites.router,
    notices.router,
)
