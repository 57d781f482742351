"""A small browser for tests: it reads forms as they stand on a page, fills them, and sends them."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

from fastapi.testclient import TestClient
from httpx import Response


@dataclass
class PageForm:
    """Hold one form of a page: where it goes, and what stands in its fields."""

    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)


class FormReader(HTMLParser):
    """Gather the forms of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[PageForm] = []
        self._select = ""
        self._area = ""

    def handle_starttag(self, tag, attributes):
        given = {name: value or "" for name, value in attributes}
        if tag == "form":
            self.forms.append(PageForm(given.get("action", ""), given.get("method", "get")))
        elif tag == "input" and self.forms and given.get("name"):
            self._input(given)
        elif tag == "textarea" and self.forms:
            self._area = given["name"]
            self.forms[-1].fields[self._area] = ""
        elif tag == "select":
            self._select = given["name"]
        elif tag == "option" and self._select and self.forms:
            first = self._select not in self.forms[-1].fields
            if "selected" in given or first:
                self.forms[-1].fields[self._select] = given.get("value", "")

    def _input(self, given):
        if given.get("type") in ("checkbox", "radio"):
            if "checked" in given:
                self.forms[-1].fields[given["name"]] = given.get("value", "on")
        elif given.get("type") not in ("image", "submit"):
            self.forms[-1].fields[given["name"]] = given.get("value", "")

    def handle_data(self, data):
        if self._area:
            self.forms[-1].fields[self._area] += data

    def handle_endtag(self, tag):
        self._select = "" if tag == "select" else self._select
        self._area = "" if tag == "textarea" else self._area


@dataclass
class Visitor:
    """Hold one person's browser; it does not follow where an answer leads unless told."""

    client: TestClient

    def get(self, path: str) -> Response:
        return self.client.get(path)

    def form(self, path: str, action: str = "") -> PageForm:
        """Return the form of a page that goes to an address (its own, unless told)."""
        wanted = action or path.partition("?")[0]
        reader = FormReader()
        reader.feed(self.get(path).text)
        found = [one for one in reader.forms if one.action == wanted and one.method == "post"]
        assert found, f"{path} has no form to {wanted}: {[one.action for one in reader.forms]}"
        return found[0]

    def send(self, form: PageForm, **filled: object) -> Response:
        fields = form.fields | {name: str(value) for name, value in filled.items()}
        return self.client.post(form.action, data=fields, follow_redirects=False)

    def press(self, path: str, action: str = "", **filled: object) -> Response:
        """Open a page, fill its form and send it."""
        return self.send(self.form(path, action), **filled)
