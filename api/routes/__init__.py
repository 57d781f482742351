"""One router per noun; each operation has its row in the table of rights."""

from api.routes import (
    directory,
    events,
    invitations,
    jobs,
    ledger,
    manifests,
    me,
    notices,
    parties,
    sessions,
    sign_in,
    sign_ups,
    sites,
    tours,
)

ROUTERS = (
    sites.router,
    tours.router,
    manifests.router,
    sign_ups.router,
    sign_in.router,
    me.router,
    sessions.router,
    parties.router,
    invitations.router,
    directory.router,
    jobs.router,
    events.router,
    notices.router,
    ledger.router,
)
