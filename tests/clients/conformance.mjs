// The scenarios of the conformance suite for servers, in one revision of the protocol. The suite
// cannot send a token, so it talks to a proxy that adds one. Most scenarios want tools and prompts
// that only a test server has; those below hold for every server, and all of them must pass.
// `conformance` is on the PATH. Prints one line of JSON; exits with 1 and says why otherwise.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const lists = ['completion-complete', 'tools-list', 'resources-list', 'prompts-list'];
const sessions = ['server-initialize', 'server-session-lifecycle', 'ping', ...lists];
const required = {
  '2025-06-18': sessions,
  '2025-11-25': [...sessions, 'dns-rebinding-protection', 'server-sse-polling', 'server-sse-multiple-streams'],
  '2026-07-28': [
    ...lists,
    'dns-rebinding-protection',
    'server-sse-multiple-streams',
    'sep-2164-resource-not-found',
    'caching',
    'http-header-validation',
    'input-required-result-missing-input-response',
    'input-required-result-unsupported-methods',
    'input-required-result-ignore-extra-params',
    'input-required-result-validate-input',
  ],
};
// Passes but for the checks that say themselves that they need a diagnostic tool.
const partly = { '2026-07-28': ['server-stateless'] };

const { values: given } = parseArgs({
  options: Object.fromEntries(['url', 'token', 'revision'].map((name) => [name, { type: 'string' }])),
});
const target = new URL(given.url);

/** Adds the token and leaves all else as it is, `Host` included: a scenario sends a foreign one. */
const proxy = http.createServer((request, response) => {
  const headers = { ...request.headers, authorization: `Bearer ${given.token}` };
  const { hostname: host, port } = target;
  const onward = http.request({ host, port, method: request.method, path: request.url, headers }, (answer) => {
    response.writeHead(answer.statusCode, answer.headers);
    answer.pipe(response);
  });
  onward.on('error', (error) => response.writeHead(502).end(String(error)));
  response.on('close', () => onward.destroy());
  request.pipe(onward);
});

/** The failed checks of a scenario, from the file that the suite writes for it. */
function failedChecks(folder, scenario) {
  const name = readdirSync(folder).find((entry) => entry.startsWith(`server-${scenario}-`));
  const checks = JSON.parse(readFileSync(join(folder, name, 'checks.json'), 'utf8'));
  return checks.filter((check) => check.status === 'FAILURE');
}

async function run(folder) {
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const url = `http://127.0.0.1:${proxy.address().port}/mcp`;
  const suite = spawn('conformance', ['server', '--url', url, '--suite', 'all', '--spec-version', given.revision, '-o', folder]);
  let output = '';
  for (const stream of [suite.stdout, suite.stderr]) stream.on('data', (data) => (output += data));
  await once(suite, 'close');
  proxy.closeAllConnections();
  proxy.close();
  return output;
}

const folder = mkdtempSync(join(tmpdir(), 'conformance-'));
try {
  const output = await run(folder);
  const passed = required[given.revision].filter((scenario) => new RegExp(`^✓ ${scenario}: \\d+ passed, 0 failed`, 'm').test(output));
  const failed = required[given.revision].filter((scenario) => !passed.includes(scenario));
  for (const scenario of partly[given.revision] ?? []) {
    const wrong = failedChecks(folder, scenario).filter((check) => !/does not list the diagnostic tool/.test(check.errorMessage));
    if (wrong.length === 0) passed.push(scenario);
    else failed.push(scenario, JSON.stringify(wrong));
  }
  console.log(JSON.stringify({ client: 'conformance', protocol: given.revision, passed }));
  if (failed.length > 0) throw new Error(`did not pass: ${failed.join(', ')}\n${output.slice(-6000)}`);
} finally {
  rmSync(folder, { recursive: true });
}
