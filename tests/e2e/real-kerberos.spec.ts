// Howdah with a key of its own in front of a real ResourceManager behind Kerberos. Its tickets last for a minute.
import { expect, test } from "@playwright/test";
import { readFile } from "node:fs/promises";
import { expectNoViolations } from "./support/axe";
import { headers, manager, open, state, submission, through, url } from "./support/peer";

/** How many tickets to ask for others with the KDC has given Howdah. */
async function fetched(): Promise<number> {
  const log = await readFile(`${state}/kdc/issued.log`, "utf8");
  return log.split("\n").filter((line) => /AS_REQ .*ISSUE: .* howdah@HOWDAH\.TEST for krbtgt/.test(line)).length;
}

test("a ticket serves many reads, and is fetched anew before it ends", async ({ request }) => {
  test.setTimeout(120_000);
  expect((await request.get(`${manager}/ws/v1/cluster/metrics`)).status()).toBe(401);
  const statuses: number[] = [];
  const look = async () => {
    statuses.push((await request.get(`${through}/metrics`, { headers })).status());
    return fetched();
  };
  const first = await look();
  await expect.poll(look, { timeout: 60_000 }).toBeGreaterThan(first);
  expect(new Set(statuses)).toEqual(new Set([200]));
  expect(statuses.length).toBeGreaterThan(await fetched());
});

test("many at once are answered, each with a ticket of its own", async ({ request }) => {
  const paths = ["info", "metrics", "scheduler", "nodes", "apps", "appstatistics"];
  const asked = Array.from({ length: 8 }, () => paths).flat();
  const statuses = await Promise.all(
    asked.map(async (path) => (await request.get(`${through}/${path}`, { headers })).status()),
  );
  expect(new Set(statuses)).toEqual(new Set([200]));
});

test("where there is no ticket, that is said and nothing is sent", async ({ request }) => {
  const reply = await request.get(`${url}/api/connections/stranger/ws/v1/cluster/metrics`, { headers });
  expect(reply.status()).toBe(503);
  const { code, detail } = (await reply.json()) as { code: string; detail: string };
  expect(code).toBe("upstream_unreachable");
  expect(detail).toContain("Kerberos gave nobody@HOWDAH.TEST no ticket for HTTP@localhost");
  expect(detail).not.toContain(state);
});

test("an application is Howdah's own, from its id to its end", async ({ request }) => {
  const taken = await request.post(`${through}/apps/new-application`, { headers });
  const { "application-id": id } = (await taken.json()) as { "application-id": string };
  const submitted = await request.post(`${through}/apps`, { headers, data: submission(id, "with a ticket") });
  expect(submitted.status()).toBe(202);
  const shown = async () => (await request.get(`${through}/apps/${id}`, { headers })).json();
  await expect.poll(shown).toMatchObject({ app: { state: expect.stringMatching(/ACCEPTED|RUNNING/), user: "howdah" } });
  const killed = await request.put(`${through}/apps/${id}/state`, { headers, data: { state: "KILLED" } });
  expect([200, 202]).toContain(killed.status());
  await expect.poll(shown).toMatchObject({ app: { state: "KILLED" } });
});

test("a delegation token is made, renewed and cancelled by its handle", async ({ request }) => {
  const tokens = `${through}/delegation-token`;
  type Token = { token: string; owner: string; renewer: string; kind: string; "expiration-time": number };
  const made = await request.post(tokens, { headers, data: { renewer: "howdah" } });
  expect(made.status(), await made.text()).toBe(200);
  const token = (await made.json()) as Token;
  expect(token).toMatchObject({ renewer: "howdah", owner: "howdah@HOWDAH.TEST", kind: "RM_DELEGATION_TOKEN" });
  // The service's own tokens begin with their length and their owner, so all of this owner begin alike.
  const owner = Buffer.from(token.token, "base64url").toString("latin1");
  expect(owner).not.toContain("howdah@HOWDAH.TEST");

  const listed = async () => {
    const reply = await request.get(`${url}/api/tokens/rm`, { headers });
    return JSON.stringify(await reply.json());
  };
  expect(await listed()).toContain(token.token);
  const named = { ...headers, "Hadoop-YARN-RM-Delegation-Token": token.token };
  const renewed = await request.post(`${tokens}/expiration`, { headers: named });
  expect(renewed.status(), await renewed.text()).toBe(200);
  expect(((await renewed.json()) as Token)["expiration-time"]).toBeGreaterThanOrEqual(token["expiration-time"]);
  const cancelled = await request.delete(tokens, { headers: named });
  expect(cancelled.status(), await cancelled.text()).toBe(200);
  expect(await listed()).not.toContain(token.token);
  expect((await request.delete(tokens, { headers: named })).status()).toBe(404);

  // One of another renewer is not Howdah's to renew, and the service says so.
  const foreign = await request.post(tokens, { headers, data: { renewer: "alice" } });
  const of = { ...headers, "Hadoop-YARN-RM-Delegation-Token": ((await foreign.json()) as Token).token };
  const refused = await request.post(`${tokens}/expiration`, { headers: of });
  expect(refused.status()).toBe(403);
  expect((await request.delete(tokens, { headers: of })).status()).toBe(200);
});

test("on the page a token is made, shown with its dates, renewed and cancelled", async ({ page, request }) => {
  type Kept = { handle: string; owner: string; renewer: string; made: number; expires: number };
  const kept = async (handle: string): Promise<Kept | undefined> => {
    const tokens: Kept[] = await (await request.get(`${url}/api/tokens/rm`, { headers })).json();
    return tokens.find((one) => one.handle === handle);
  };
  /** What the ResourceManager has done with tokens of a renewer. */
  const done = async (what: string, renewer: string) => {
    const log = await readFile(`${state}/logs/resourcemanager.log`, "utf8");
    return log.split("\n").filter((line) => line.includes(what) && line.includes(`renewer=${renewer},`)).length;
  };
  const make = async (renewer: string) => {
    await page.getByLabel("Renewer").fill(renewer);
    const made = page.waitForResponse((reply) => reply.url().endsWith("/delegation-token"));
    await page.getByRole("button", { name: "Have a token made" }).click();
    const { token } = (await (await made).json()) as { token: string };
    const card = page.getByRole("listitem").filter({ has: page.getByTitle(token, { exact: true }) });
    await expect(card).toContainText("howdah@HOWDAH.TEST");
    return { token, card };
  };
  await open(page, "tokens");
  const { token, card } = await make("howdah");
  await expect(card).toContainText("RM_DELEGATION_TOKEN");
  await expect(card.locator("time")).toHaveCount(3);
  await expectNoViolations(page);
  const before = await kept(token);
  expect(before).toMatchObject({ owner: "howdah@HOWDAH.TEST", renewer: "howdah" });

  const renewals = await done("Token renewal for identifier", "howdah");
  await card.getByRole("button", { name: "Renew" }).click();
  await expect(page.getByText("The token was renewed")).toBeVisible();
  expect((await kept(token))?.expires).toBeGreaterThan(before?.expires ?? Infinity);
  expect(await done("Token renewal for identifier", "howdah")).toBeGreaterThan(renewals);

  const cancellations = await done("Token cancellation requested for identifier", "howdah");
  await card.getByRole("button", { name: "Cancel the token" }).click();
  const question = page.getByRole("dialog", { name: "Cancel this token" });
  await question.getByRole("button", { name: "Cancel", exact: true }).click();
  expect(await kept(token)).toBeDefined();
  await card.getByRole("button", { name: "Cancel the token" }).click();
  await question.getByRole("button", { name: "Cancel the token" }).click();
  await expect(card).toHaveCount(0);
  expect(await kept(token)).toBeUndefined();
  expect(await done("Token cancellation requested for identifier", "howdah")).toBeGreaterThan(cancellations);

  // One of another renewer is not Howdah's to renew: the service's words stand beside it.
  const foreign = await make("alice");
  await foreign.card.getByRole("button", { name: "Renew" }).click();
  await expect(foreign.card.getByRole("alert")).toContainText("tries to renew a token");
  await expectNoViolations(page);
  await foreign.card.getByRole("button", { name: "Cancel the token" }).click();
  await question.getByRole("button", { name: "Cancel the token" }).click();
  await expect(foreign.card).toHaveCount(0);
});
