// No secret reaches a browser, a log or the journal, also where services give away the keys that they were shown: all
// that a real Chromium is given, keeps and draws is searched, and all that Howdah writes.
import { type Page, expect, test } from "@playwright/test";
import { createHash } from "node:crypto";
import { type Found, Search, type Secret, written } from "./support/forms";
import { body, header, record } from "./support/recorder";
import { type Cluster, type Served, serve } from "./support/served";

/** The sentinels that give the keys away, and the status with which they answer a change and a read. */
const ECHOES: Record<string, [number, number]> = {
  "sentinel-echo": [200, 200],
  "sentinel-echo-chunks": [200, 200],
  "sentinel-echo-headers": [200, 200],
  "sentinel-echo-400": [400, 400],
  "sentinel-echo-redirect": [502, 502],
  "sentinel-echo-html": [502, 502],
  // Last: a service that fails is let rest after a while.
  "sentinel-echo-text": [502, 502],
};
/** The sentinels that answer late or with a broken connection; they have nothing to give away. */
const SILENT = /sentinel-(hang|endless|slow|reset|reset-before|truncated)$/;
/** What other people have left in the texts of the cluster "partner-feed". */
const PLANTED = ["sandbox-partner-s3-secret", "sandbox-jdbc-secret", "sandbox-swift-secret", "sandbox-script-token"];
const MASK = "***";

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
/** The run that a simulated cluster has had before the simulator was started. */
const past = (cluster: Cluster) => `req-${sha256(`${cluster.id} 0`).slice(0, 32)}`;
const told = (place: string, found: Found[]) =>
  found.map(({ what, form, near }) => `${place} | ${what}, ${form} | ${JSON.stringify(near)}`);

test("the search finds every form of a secret, whole or cut in half", () => {
  const secret = 'aB3_xY7-qW9e/+="\\&Zk5_tR2-mN8p';
  const search = new Search([{ what: "it", value: secret }]);
  const around = (text: string) => Buffer.from(`{"member":"0123 ${"한글 % \\ ".repeat(50)} ${text}","more":1}`);
  for (const part of [secret, secret.slice(0, 19), secret.slice(11)]) {
    for (const [form, text] of written(part)) expect(search.in(around(text)), `${form} of ${part}`).not.toEqual([]);
  }
  expect(search.in(around(""))).toEqual([]);
  for (const [, text] of written([...secret].reverse().join(""))) expect(search.in(around(text))).toEqual([]);
});

test("no secret reaches the browser, a log or the journal", async ({ browser }) => {
  test.setTimeout(480_000);
  const served = await serve();
  const recorder = await record();
  const context = await browser.newContext({ proxy: { server: recorder.address } });
  try {
    const page = await context.newPage();
    const seen: [string, string][] = [];
    const secrets = await configured(served);
    const keys = new Search(secrets.filter(({ what }) => /key|credential/.test(what)));
    await expectEchoes(served, keys);

    // Signing in, first with a token that is wrong and must not be repeated.
    const token = await served.read("token");
    await page.goto(served.url);
    for (const text of [`${token}-wrong`, token]) {
      await page.getByLabel("Token").fill(text);
      const answered = page.waitForResponse((response) => response.request().method() === "POST");
      await page.getByRole("button", { name: "Sign in" }).click();
      expect((await answered).status()).toBe(text === token ? 200 : 401);
      const next = text === token ? page.getByRole("link", { name: "Services that fail" }) : page.getByRole("alert");
      await expect(next.first()).toBeVisible();
      seen.push(["the sign-in page", await page.content()]);
    }
    const session = await sessionOf(page);

    const visit = async (path: string) => {
      await page.goto(`${served.url}${path}`);
      await page.locator("html[data-howdah=ready]").waitFor();
      seen.push([path, await page.content()], [`the storage at ${path}`, await storage(page)]);
    };

    // Every run that a cluster has had is taken in, so that each page has something to ask the service for.
    for (const cluster of served.clusters.filter(({ key, name }) => key && !SILENT.test(name))) {
      const adoption = { connection: cluster.connection, cluster: cluster.id, serviceId: past(cluster) };
      const adopted = await call(page, "POST", "api/requests/adopt", "application/json", adoption);
      if (/^(partner-feed|sentinel-echo(-chunks|-headers)?)$/.test(cluster.name)) expect(adopted.status, adopted.text).toBe(200);
    }

    // Each echo by the console, and as a script asks.
    const requests: string[] = [];
    for (const [name, [changed, shown]] of Object.entries(ECHOES)) {
      const cluster = named(served, name);
      const place = `connections/failing/clusters/${cluster.id}`;
      await visit(`${place}/run`);
      const answered = page.waitForResponse((response) => response.url().includes("/v2/") && response.request().method() === "POST");
      await page.getByRole("button", { name: /^Run again/ }).click();
      const answer = await answered;
      expect(answer.status(), name).toBe(changed);
      const request = answer.headers()["howdah-request-id"] ?? "";
      expect(request, name).not.toBe("");
      requests.push(request);
      await expect(page.getByRole("alert").or(page.locator(".run")).first()).toBeVisible();
      seen.push([`running ${name} again`, await page.content()]);

      const api = `api/connections/failing/v2/hadoop-eco/clusters/${cluster.id}`;
      const options = `--credential-secret ${await served.read("failing-credential-secret")} --api-key=${cluster.key} ${cluster.key}`;
      for (const accept of ["application/problem+json", "application/json"]) {
        const read = await call(page, "GET", `${api}/requests/${past(cluster)}?verbose=true`, accept);
        expect([read.status, read.text], name).toEqual([shown, expect.stringContaining(MASK)]);
        const change = await call(page, "POST", api, accept, { userTaskInfo: { execOpts: options } });
        expect([change.status, change.text], name).toEqual([changed, expect.stringContaining(MASK)]);
        requests.push(change.request);
      }
    }

    // Every page, with what the echoes have left behind in the journal.
    await visit("");
    await visit("requests");
    await visit("connections/yarn/applications");
    for (const connection of ["hadoop-eco", "failing"]) await visit(`connections/${connection}/clusters`);
    for (const cluster of served.clusters) await visit(`connections/${cluster.connection}/clusters/${cluster.id}`);
    await visit(`connections/hadoop-eco/clusters/${named(served, "partner-feed").id}/run`);
    const followed = async () => (await call(page, "GET", `api/requests/${requests[0]}`, "application/json")).text;
    await expect.poll(followed, { message: "the stage of a run that is followed holds a mask" }).toContain(`with ${MASK}`);
    for (const request of requests) await visit(`requests/${request}`);
    await call(page, "GET", "api/requests?limit=200", "application/json");

    // As scripts come: the token is in a header, plain and in base64.
    for (const authorization of [`Bearer ${token}`, `Basic ${btoa(`any:${token}`)}`]) {
      expect((await fetch(`${served.url}api/requests`, { headers: { authorization } })).status).toBe(200);
    }

    // The journal holds digests of the token and the session, and nothing else does.
    const everywhere = [...secrets, { what: "the session", value: session }];
    const digests = [sha256(token), sha256(session)].map((value) => ({ what: "a digest", value }));
    const search = new Search([...everywhere, ...digests]);

    const given = recorder.given;
    expect(new Set(given.map(({ url }) => url.origin))).toEqual(new Set([new URL(served.url).origin]));
    expect(given.filter(({ url }) => url.pathname.endsWith(".wasm")).some((one) => body(one).includes("\0asm"))).toBe(true);
    expect(given.filter((one) => header(one, "set-cookie") !== "")).toHaveLength(1);
    const faults = given.flatMap((one) => {
      const setsSession = one.method === "POST" && one.url.pathname.endsWith("/api/session");
      const headers = one.headers.filter(([name]) => !(setsSession && name === "set-cookie"));
      const what = `${one.method} ${one.url.pathname}`;
      return [...told(`headers of ${what}`, search.in(JSON.stringify(headers))), ...told(what, search.in(body(one)))];
    });
    for (const [what, text] of seen) faults.push(...told(what, search.in(text)));

    const journal = async () => {
      const files = await served.journal();
      const bytes = Buffer.concat(files.map(([, bytes]) => bytes));
      for (const sign of [MASK, ...requests]) expect(bytes.includes(sign), sign).toBe(true);
      const keyless = new Search(everywhere);
      for (const [name, bytes] of files) faults.push(...told(name, keyless.in(bytes)));
    };
    await journal();
    await served.stop();
    await journal();
    const logs = served.logs();
    for (const sign of ["TRACE", "a change has its outcome", ...requests]) expect(logs.includes(sign), sign).toBe(true);
    faults.push(...told("the logs", search.in(logs)));
    expect(faults.slice(0, 30), `${faults.length} places hold a secret`).toEqual([]);
  } finally {
    await context.close();
    recorder.stop();
    await served.remove();
  }
});

function named({ clusters }: Served, name: string): Cluster {
  const found = clusters.find((cluster) => cluster.name === name);
  if (!found) throw new Error(`there is no cluster ${name}`);
  return found;
}

/** Every secret that is there before anybody signs in. */
async function configured(served: Served): Promise<Secret[]> {
  const files = ["failing", "hadoop-eco-v1"].flatMap((name) => [`${name}-credential-id`, `${name}-credential-secret`]).concat("token", "howdah.db.key");
  const secrets = await Promise.all(files.map(async (name) => ({ what: name, value: (await served.read(name)).trim() })));
  for (const { name, key } of served.clusters) if (key) secrets.push({ what: `the key of ${name}`, value: key });
  expect(secrets.length).toBeGreaterThan(30);
  return [...secrets, ...PLANTED.map((value) => ({ what: "planted", value }))];
}

/** Asked without Howdah between, each sentinel does give the keys away, in ways that the search finds one by one. */
async function expectEchoes(served: Served, keys: Search) {
  const [id, secret] = [await served.read("failing-credential-id"), await served.read("failing-credential-secret")];
  const ask = async (cluster: Cluster) =>
    fetch(`${served.service}/v2/hadoop-eco/clusters/${cluster.id}/requests/${past(cluster)}?verbose=true`, {
      headers: {
        "content-type": "application/json",
        "credential-id": id,
        "credential-secret": secret,
        "hadoop-eco-api-key": cluster.key ?? "",
      },
      redirect: "manual",
    });
  for (const name of Object.keys(ECHOES)) {
    const cluster = named(served, name);
    const reply = await ask(cluster);
    const found = keys.in(await reply.text()).map(({ what }) => what);
    expect(found, name).toEqual(expect.arrayContaining(["failing-credential-secret", `the key of ${name}`]));
    if (!/headers|redirect/.test(name)) continue;
    expect(keys.in(JSON.stringify([...reply.headers])), name).not.toEqual([]);
  }
  const echo = (await (await ask(named(served, "sentinel-echo"))).json()).echo as Record<string, Record<string, unknown>>;
  for (const forms of [echo.secret, echo.key]) {
    const each = Object.entries(forms ?? {});
    expect(each.length).toBeGreaterThan(30);
    for (const [form, text] of each) expect(keys.in(JSON.stringify(text)), form).not.toEqual([]);
  }
  const texts = await (await ask(named(served, "partner-feed"))).text();
  for (const planted of PLANTED) expect(texts).toContain(planted);
}

/** The value of the session's cookie, which no script can read. */
async function sessionOf(page: Page): Promise<string> {
  const cookies = await page.context().cookies();
  expect(cookies).toEqual([expect.objectContaining({ httpOnly: true, sameSite: "Strict" })]);
  return cookies[0]?.value ?? "";
}

/** Asks as the page's own scripts do. */
function call(page: Page, method: string, path: string, accept: string, sent?: object) {
  return page.evaluate(
    async ([method, path, accept, sent]) => {
      const headers = { accept: accept ?? "", ...(sent && { "content-type": "application/json" }) };
      const response = await fetch(new URL(path ?? "", document.baseURI), { method, headers, body: sent });
      return { status: response.status, text: await response.text(), request: response.headers.get("howdah-request-id") ?? "" };
    },
    [method, path, accept, sent && JSON.stringify(sent)],
  );
}

/** All that the page's scripts could read of what the browser keeps. */
function storage(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const kept = { local: { ...localStorage }, session: { ...sessionStorage }, cookie: document.cookie };
    const large = [...(await indexedDB.databases()), ...(typeof caches === "undefined" ? [] : await caches.keys())];
    // Nothing is kept there; whoever begins to must search it here too.
    if (large.length > 0) throw new Error(`not searched: ${JSON.stringify(large)}`);
    return JSON.stringify(kept);
  });
}
