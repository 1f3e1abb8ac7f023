"""A person at the server's sign-in page, with a browser that runs no scripts, and a port to be sent back to.

Knows nothing of clients.
"""

import socket
from html.parser import HTMLParser
from urllib.parse import urljoin

import httpx2


class Form(HTMLParser):
    """The hidden fields and the ticked boxes of a page."""

    def __init__(self):
        super().__init__()
        self.fields = {}

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        kind = given.get("type")
        if tag == "input" and (kind == "hidden" or (kind == "checkbox" and "checked" in given)):
            self.fields.setdefault(given["name"], []).append(given.get("value", ""))


def sign_in(url, login, password):
    """Fills in the page at `url`, allows what is ticked, and gives the address the browser is sent to."""
    with httpx2.Client(timeout=30) as browser:
        page = browser.get(url)
        if page.status_code != 200:
            raise SystemExit(f"sign-in page: {page.status_code} {page.text[:400]}")
        form = Form()
        form.feed(page.text)
        fields = form.fields | {"login": login, "password": password, "decision": "allow"}
        done = browser.post(urljoin(url, "/authorize"), data=fields)
        if done.status_code != 303:
            raise SystemExit(f"sign-in: {done.status_code} {done.text[-900:]}")
        return done.headers["location"]


def free_port():
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
