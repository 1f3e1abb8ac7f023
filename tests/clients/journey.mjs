// A journey with the official TypeScript client (version 1): connect, list the tools, call each of
// the given ones. With --token it brings a token; with --login it signs in through OAuth on the
// server's own page, as a browser without scripts would, and refreshes its token at the end.
// Prints one line of JSON; exits with 1 and says why when anything is not as it should be.

import { parseArgs } from 'node:util';
import { auth } from '@modelcontextprotocol/sdk/client/auth.js';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';

const { values: given } = parseArgs({
  options: Object.fromEntries(
    ['url', 'token', 'login', 'password', 'registration', 'calls'].map((name) => [name, { type: 'string' }]),
  ),
});

const redirect = 'http://localhost:43118/callback';

/** The value of an HTML attribute, with its entities resolved. */
function attribute(tag, name) {
  const found = tag.match(new RegExp(`\\s${name}="([^"]*)"`));
  return found?.[1].replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(code)).replace(/&amp;/g, '&');
}

/** `"$list_invoices.records.0.id"` becomes what stands there in the answer of `list_invoices`. */
function resolved(args, answers) {
  const follow = (value) => value.slice(1).split('.').reduce((place, step) => place[step], answers);
  const resolve = (value) => (typeof value === 'string' && value.startsWith('$') ? follow(value) : value);
  return Object.fromEntries(Object.entries(args).map(([name, value]) => [name, resolve(value)]));
}

/** Fills in the sign-in page and returns the query of the redirect. */
async function signIn(url) {
  const page = await fetch(url);
  const html = await page.text();
  if (page.status !== 200) throw new Error(`sign-in page: ${page.status} ${html.slice(0, 400)}`);
  const form = new URLSearchParams();
  for (const [tag] of html.matchAll(/<input[^>]*>/g)) {
    const kind = attribute(tag, 'type');
    if (kind === 'hidden' || (kind === 'checkbox' && /\schecked/.test(tag))) {
      form.append(attribute(tag, 'name'), attribute(tag, 'value') ?? '');
    }
  }
  form.append('login', given.login);
  form.append('password', given.password);
  form.append('decision', 'allow');
  const cookie = page.headers.getSetCookie().map((line) => line.split(';')[0]).join('; ');
  const done = await fetch(new URL('/authorize', url), { method: 'POST', body: form, headers: { cookie }, redirect: 'manual' });
  if (done.status !== 303) throw new Error(`sign-in: ${done.status} ${(await done.text()).slice(-900)}`);
  return new URL(done.headers.get('location')).searchParams;
}

/** Keeps everything for as long as the journey lasts. */
class Provider {
  redirectUrl = redirect;
  clientMetadataUrl = given.registration === 'cimd' ? 'https://claude.ai/oauth/claude-code-client-metadata' : undefined;
  clientMetadata = { redirect_uris: [redirect], client_name: 'TypeScript journey', token_endpoint_auth_method: 'none' };
  state() { return 'typescript-journey'; }
  clientInformation() { return this.client; }
  saveClientInformation(client) { this.client = client; }
  tokens() { return this.kept; }
  saveTokens(tokens) { this.kept = tokens; }
  async redirectToAuthorization(url) { this.answer = await signIn(url); }
  saveCodeVerifier(verifier) { this.verifier = verifier; }
  codeVerifier() { return this.verifier; }
}

async function connect(transportOptions) {
  const transport = new StreamableHTTPClientTransport(new URL(given.url), transportOptions);
  const client = new Client({ name: 'typescript-journey', version: '1' });
  await client.connect(transport);
  return { client, transport };
}

const provider = given.token ? undefined : new Provider();
if (provider) {
  if ((await auth(provider, { serverUrl: given.url })) !== 'REDIRECT') throw new Error('no sign-in was asked for');
  if (provider.answer.get('state') !== 'typescript-journey') throw new Error('the state did not come back');
  const code = provider.answer.get('code');
  await auth(provider, { serverUrl: given.url, authorizationCode: code, iss: provider.answer.get('iss') });
}
const options = provider ? { authProvider: provider } : { requestInit: { headers: { Authorization: `Bearer ${given.token}` } } };
const { client, transport } = await connect(options);
const tools = (await client.listTools()).tools.map((tool) => tool.name);
const answers = {};
for (const [name, args] of Object.entries(JSON.parse(given.calls ?? '{"whoami": {}}'))) {
  const answer = await client.callTool({ name, arguments: resolved(args, answers) });
  if (answer.isError) throw new Error(`${name}: ${JSON.stringify(answer.content)}`);
  answers[name] = answer.structuredContent;
}
const result = { client: 'typescript', protocol: transport.protocolVersion, tools, answers: Object.keys(answers).sort() };
if (provider) {
  const before = provider.kept.access_token;
  if ((await auth(provider, { serverUrl: given.url })) !== 'AUTHORIZED') throw new Error('not refreshed');
  await client.listTools();
  Object.assign(result, {
    registration: provider.client?.client_id?.slice(0, 40),
    scope: provider.kept.scope,
    refreshed: provider.kept.access_token !== before,
  });
}
await client.close();
console.log(JSON.stringify(result));
if (result.refreshed === false) throw new Error('the token was not refreshed');
