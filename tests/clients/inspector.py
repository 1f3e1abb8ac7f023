"""A journey with the Inspector's command line: list the tools, call each of the given ones, each in a process.

With --token it brings a token; with --login the first call signs in through OAuth on the server's own page, and at
the end the kept access token is spoiled so that the Inspector has to refresh it. `mcp-inspector` is on the PATH.
Prints one line of JSON. Exits with 1 and says why when anything is not as it should be.
"""

import argparse
import json
import os
import pty
import re
import select
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.request import urlopen

from calls import resolved
from page import free_port, sign_in

CLAUDE_CODE = "https://claude.ai/oauth/claude-code-client-metadata"
SECONDS = 60


def result_in(output):
    """What the Inspector answered: the last line that is a JSON object with a result."""
    for line in reversed(output.splitlines()):
        if line.startswith('{"result"'):
            return json.loads(line)["result"]
    raise SystemExit(f"no result from the Inspector:\n{output[-2000:]}")


class Inspector:
    """The command with what all calls of a journey share."""

    def __init__(self, given, folder):
        self.given = given
        self.secrets = Path(folder, "secrets.json")
        self.environment = dict(
            os.environ,
            HOME=folder,
            MCP_STORAGE_DIR=folder,
            MCP_INSPECTOR_OAUTH_STATE_PATH=f"{folder}/oauth.json",
            MCP_INSPECTOR_SECRET_STORE="file",
            MCP_AUTO_OPEN_ENABLED="false",
        )
        self.base = ["mcp-inspector", "--cli", given.url, "--transport", "http", "--format", "json"]
        self.base += ["--protocol-era", given.era]
        if given.token:
            self.base += ["--header", f"Authorization: Bearer {given.token}"]

    def ask(self, *arguments):
        """One call without a terminal; it never asks for a sign-in."""
        command = self.base + ["--stored-auth-only", *arguments]
        done = subprocess.run(
            command, env=self.environment, capture_output=True, text=True, timeout=SECONDS
        )
        if done.returncode != 0:
            raise SystemExit(f"{arguments}: {done.stdout[-2000:]}{done.stderr[-2000:]}")
        return result_in(done.stdout)

    def call(self, name, arguments):
        answer = self.ask(*tool_call(name, arguments))
        if answer.get("isError"):
            raise SystemExit(f"{name}: {answer}")
        return answer["structuredContent"]

    def sign_in(self):
        """The first call, in a terminal, because only there the Inspector asks for a sign-in."""
        host = "127.0.0.1"
        command = self.base + tool_call("whoami", {})
        if self.given.registration == "cimd":
            host = "localhost"
            command += ["--client-metadata-url", CLAUDE_CODE]
        command += ["--callback-url", f"http://{host}:{free_port()}/callback"]
        process, terminal = pty.fork()
        if process == 0:
            os.execvpe(command[0], command, self.environment)
        output = self.attend(process, terminal)
        if result_in(output).get("isError"):
            raise SystemExit(f"the call after the sign-in failed:\n{output[-2000:]}")

    def attend(self, process, terminal):
        """Reads the terminal to its end and signs in when the address of the page appears."""
        page = re.compile(re.escape(self.given.url.removesuffix("/mcp")) + r"/authorize\?[!-~]+(?=[^!-~])")
        output, signed_in, end = "", False, time.monotonic() + SECONDS
        while time.monotonic() < end:
            if not select.select([terminal], [], [], 1)[0]:
                continue
            try:
                output += os.read(terminal, 65536).decode(errors="replace")
            except OSError:
                # The child has closed its side.
                os.waitpid(process, 0)
                return output
            if not signed_in and (found := page.search(output)):
                signed_in = True
                location = sign_in(found.group(0), self.given.login, self.given.password)
                urlopen(location, timeout=30).close()
        os.kill(process, 9)
        os.waitpid(process, 0)
        raise SystemExit(f"the Inspector did not end in {SECONDS} s:\n{output[-2000:]}")

    def refresh(self):
        """Spoils the kept access token, calls, and tells whether the Inspector has got a new one by itself."""
        before = self.secrets.read_text()
        spoiled = re.sub(r"omcp_at_[\w-]+", "omcp_at_spoiled", before)
        self.secrets.write_text(spoiled)
        self.call("whoami", {})
        after = self.secrets.read_text()
        return after != before and "omcp_at_spoiled" in spoiled and "omcp_at_spoiled" not in after


def tool_call(name, arguments):
    return ["--method", "tools/call", "--tool-name", name, "--tool-args-json", json.dumps(arguments)]


def journey(given, folder):
    inspector = Inspector(given, folder)
    if given.login:
        inspector.sign_in()
    # `--strict` fails when a schema is not portable.
    tools = [tool["name"] for tool in inspector.ask("--method", "tools/list", "--strict")["tools"]]
    answers = {}
    for name, arguments in given.calls.items():
        answers[name] = inspector.call(name, resolved(arguments, answers))
    result = {"client": "inspector", "protocol": given.era, "tools": tools, "answers": sorted(answers)}
    if given.login:
        result["refreshed"] = inspector.refresh()
    return result


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", required=True)
    parser.add_argument("--token")
    parser.add_argument("--login")
    parser.add_argument("--password")
    parser.add_argument("--registration", choices=["dcr", "cimd"], default="dcr")
    parser.add_argument("--era", choices=["legacy", "modern"], default="legacy")
    parser.add_argument("--calls", type=json.loads, default={"whoami": {}})
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        result = journey(given, folder)
    print(json.dumps(result))
    if result.get("refreshed") is False:
        sys.exit("the token was not refreshed")


main()
