"""A journey with the official Python client: connect, list the tools, call each of the given ones.

With --token it brings a token; with --login it signs in through OAuth on the server's own page, as
a browser without scripts would, and at the end lets the token expire so that it is refreshed.
Prints one line of JSON. Exits with 1 and says why when anything is not as it should be.
"""

import argparse
import asyncio
import json
import sys
from urllib.parse import parse_qs, urlsplit

import httpx2
from mcp import Client
from mcp.client.auth import OAuthClientProvider
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.auth import AuthorizationCodeResult, OAuthClientMetadata

from calls import resolved
from page import sign_in

REDIRECT = "http://localhost:43117/callback"
CLAUDE_CODE = "https://claude.ai/oauth/claude-code-client-metadata"


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
    """Goes to the sign-in page and keeps what it was sent back with."""

    def __init__(self, login, password):
        self.login, self.password, self.answer = login, password, None

    async def open(self, url):
        location = await asyncio.to_thread(sign_in, url, self.login, self.password)
        self.answer = parse_qs(urlsplit(location).query)

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
        answer = await client.call_tool(name, resolved(arguments, answers))
        if answer.is_error:
            raise SystemExit(f"{name}: {answer.content}")
        answers[name] = answer.structured_content
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
            "answers": sorted(await call_all(client, given.calls)),
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
    parser.add_argument(
        "--calls",
        type=json.loads,
        default={"whoami": {}},
        help='{"tool": {"argument": 1}, ...}; "$tool.field.0" points into an earlier answer',
    )
    given = parser.parse_args()
    result = asyncio.run(journey(given))
    print(json.dumps(result))
    if result.get("refreshed") is False:
        sys.exit("the token was not refreshed")


main()
