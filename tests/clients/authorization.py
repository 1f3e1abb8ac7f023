"""The scenarios of the conformance suite for authorization servers, with a person at the sign-in page.

Registers a client, starts the suite, signs in at the address it prints, and follows the redirect to the suite's own
callback. `conformance` is on the PATH. Prints one line of JSON; exits with 1 unless all checks pass.
"""

import argparse
import json
import re
import subprocess
import sys
import threading

import httpx2

from page import free_port, sign_in

CHECKS = 3
SECONDS = 60


def register(base, redirect):
    metadata = {
        "client_name": "Conformance suite",
        "redirect_uris": [redirect],
        "token_endpoint_auth_method": "none",
    }
    answer = httpx2.post(f"{base}/register", json=metadata, timeout=30)
    answer.raise_for_status()
    return answer.json()["client_id"]


def run(given):
    base, port = given.url.removesuffix("/mcp"), free_port()
    client = register(base, f"http://127.0.0.1:{port}/callback")
    command = ["conformance", "authorization", "--url", base, "--client-id", client]
    command += ["--port", str(port), "--resource", given.url]
    suite = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    # A suite that waits for ever would otherwise keep the loop below waiting.
    watch = threading.Timer(SECONDS, suite.kill)
    watch.start()
    output = ""
    for line in suite.stdout:
        output += line
        page = re.search(re.escape(base) + r"/authorize\?[!-~]+", line)
        if page:
            location = sign_in(page.group(0), given.login, given.password)
            httpx2.get(location, timeout=30).raise_for_status()
    suite.wait()
    watch.cancel()
    return output


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", required=True)
    parser.add_argument("--login", required=True)
    parser.add_argument("--password", required=True)
    parser.add_argument("--registration", choices=["dcr"], default="dcr")
    output = run(parser.parse_args())
    if f"Total: {CHECKS} passed, 0 failed" not in output:
        sys.exit(output[-4000:])
    print(json.dumps({"client": "conformance", "protocol": f"{CHECKS}/{CHECKS}"}))


main()
