"""Several browsers before one running app: they share its loop, which others start anew for each call."""

from fastapi.testclient import TestClient


def browser_beside(opened: TestClient, *, follow: bool = True) -> TestClient:
    """Return one more client of an app that runs, with cookies of its own."""
    browser = TestClient(opened.app, raise_server_exceptions=False, follow_redirects=follow)
    browser.portal = opened.portal
    return browser
