"""By which browser and on what machine somebody is signed in, said as people call them."""

BROWSERS = {
    "Edg": "Edge",
    "OPR/": "Opera",
    "SamsungBrowser": "Samsung Internet",
    "Firefox": "Firefox",
    "FxiOS": "Firefox",
    "Chrome": "Chrome",
    "CriOS": "Chrome",
    "Safari": "Safari",
}
MACHINES = {
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Mac OS": "Mac",
    "CrOS": "Chromebook",
    "Linux": "Linux",
}


def device(agent: str) -> str:
    """Name what a browser says of itself; of a program that is none, the name before its version."""
    known = [
        next((name for sign, name in names.items() if sign in agent), "") for names in (BROWSERS, MACHINES)
    ]
    return " · ".join(filter(None, known)) or agent.partition("/")[0]
