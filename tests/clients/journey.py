"""A journey with the official Python client: connect, list the tools, call each of the given ones.

With --token it brings a token; with --login it signs in through OAuth on the server's own page, as
a browser without scripts would, and at the end lets the token expire so that it is refreshed.
Prints one line of JSON. Exits with 1 and says why when anything is not as it should be.
"""

import argparse
import asyncio
import json
import sys
from html.parser import HTMLParser
from urllib.parse import parse_qs, urljoin, urlsplit

import httpx2
from mcp import Client
from mcp.client.auth import OAuthClientProvider
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.auth import AuthorizationCodeResult, OAuthClientMetadata

REDIRECT = "http://localhost:43117/callback"
CLAUDE_CODE = "https://claude.ai/oauth/claude-code-client-metadata"


class Form(HTMLParser):
    """The hidden fields and the ticked boxes of a page."""

    def __init__(self):
        super().__init__()
        self.fields = []

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        kind = given.get("type")
        if tag == "input" and (kind == "hidden" or (kind == "checkbox" and "checked" in given)):
            self.fields.append((given["name"], given.get("value", "")))


class Memory:
    """Keeps tokens and registration for as long as the journey lasts."""

    def __init__(self):
        self.tokens = self.client = None

    async def get_tokens(self):
        return self.tokens

    async def set_tokens(self, tokens):
        self.tokens = tokens

    async def get_client_info(self):
        return self.client

    async def set_client_info(self, client):
        self.client = client


class Browser:
    """Fills in the sign-in page."""

    def __init__(self, login, password):
        self.login, self.password, self.answer = login, password, None

    async def open(self, url):
        async with httpx2.AsyncClient() as browser:
            page = await browser.get(url)
            if page.status_code != 200:
                raise SystemExit(f"sign-in page: {page.status_code} {page.text[:400]}")
            form = Form()
            form.feed(page.text)
            fields = {}
            for name, value in form.fields:
                fields.setdefault(name, []).append(value)
            fields |= {"login": self.login, "password": self.password, "decision": "allow"}
            done = await browser.post(urljoin(url, "/authorize"), data=fields)
            if done.status_code != 303:
                raise SystemExit(f"sign-in: {done.status_code} {done.text[-900:]}")
            self.answer = parse_qs(urlsplit(done.headers["location"]).query)

    async def callback(self):
        return AuthorizationCodeResult(
            code=self.answer["code"][0],
            state=self.answer.get("state", [None])[0],
            iss=self.answer.get("iss", [None])[0],
        )


def authentication(given):
    """What puts the token on each request: a header, or the client's own OAuth."""
    if given.token:
        return None, {"headers": {"Authorization": f"Bearer {given.token}"}}
    browser = Browser(given.login, given.password)
    provider = OAuthClientProvider(
        given.url,
        OAuthClientMetadata(
            redirect_uris=[REDIRECT],
            token_endpoint_auth_method="none",
            client_name="Python journey",
        ),
        Memory(),
        browser.open,
        browser.callback,
        client_metadata_url=CLAUDE_CODE if given.registration == "cimd" else None,
    )
    return provider, {"auth": provider}


async def call_all(client, calls):
    answers = {}
    for name, arguments in calls.items():
        answer = await client.call_tool(name, arguments)
        answers[name] = "error" if answer.is_error else sorted(answer.structured_content or {})
    return answers


async def journey(given):
    provider, options = authentication(given)
    http = httpx2.AsyncClient(timeout=60, **options)
    async with Client(streamable_http_client(given.url, http_client=http), mode=given.era) as client:
        tools = [tool.name for tool in (await client.list_tools()).tools]
        result = {
            "client": "python",
            "protocol": str(client.protocol_version),
            "tools": tools,
            "answers": await call_all(client, given.calls or {name: {} for name in tools[:1]}),
        }
        if provider:
            before = provider.context.current_tokens.access_token
            provider.context.token_expiry_time = 1
            # Not a list, which the client may answer from its cache.
            await client.call_tool("whoami", {})
            result["registration"] = provider.context.client_info.client_id[:40]
            result["scope"] = provider.context.current_tokens.scope
            result["refreshed"] = provider.context.current_tokens.access_token != before
    return result


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", required=True)
    parser.add_argument("--token")
    parser.add_argument("--login")
    parser.add_argument("--password")
    parser.add_argument("--registration", choices=["dcr", "cimd"], default="dcr")
    parser.add_argument("--era", choices=["legacy", "auto"], default="auto")
    parser.add_argument("--calls", type=json.loads, help='{"tool": {"argument": 1}, ...}')
    given = parser.parse_args()
    result = asyncio.run(journey(given))
    print(json.dumps(result))
    failed = [name for name, answer in result["answers"].items() if answer == "error"]
    if failed or result.get("refreshed") is False:
        sys.exit(f"not as it should be: {failed or 'the token was not refreshed'}")


main()
