"""Every page, by audience and noun."""

from api.pages import entrance, home, mine, sites

ROUTERS = (entrance.router, home.router, mine.router, sites.router)
