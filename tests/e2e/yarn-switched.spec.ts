// The simulated pair of ResourceManagers is switched while a page is open and while something is killed: pages go on by
// themselves, nothing is sent twice, and what is known is said.
import type { APIRequestContext, Page } from "@playwright/test";
import { look } from "./support/axe";
import { alone as test, behave, expect, service } from "./support/sandbox";

// As slow as life: what runs goes on running.
test.use({ sandboxArgs: ["--listen", "127.0.0.1:0", "--pace", "1"] });

const settled = "html[data-howdah=ready]";
const through = "./api/connections/yarn/ws/v1/cluster";
/** The service is asked every few seconds, and which one is active is found out first. */
const SOON = { timeout: 45_000 };

const state = (page: Page) => page.locator(".page-head-facts .mark");
const dialog = (page: Page) => page.getByRole("dialog");
const standby = "The server that answered is on standby, so nothing was done.";

/** Makes the other one of the pair active; gives its address. */
async function failOver(request: APIRequestContext): Promise<string> {
  const told = await request.post(`${await service(request, "yarn")}/_sandbox/fail-over`);
  expect(told.ok()).toBe(true);
  return `http://${(await told.json()).active}`;
}

/** How often one of the pair was asked for a kill. */
async function kills(request: APIRequestContext, address: string): Promise<number> {
  const counts: Record<string, number> = await (await request.get(`${address}/_sandbox/calls`)).json();
  return counts.ChangeApplicationState ?? 0;
}

/** Submits an application that lasts; its id. */
async function submitted(request: APIRequestContext): Promise<string> {
  const headers = { "Howdah-Client": "test" };
  let id = "";
  // A change that meets the one on standby is not sent to the other one.
  await expect(async () => {
    const taken = await request.post(`${through}/apps/new-application`, { headers });
    expect(taken.status()).toBe(200);
    id = (await taken.json())["application-id"];
  }).toPass(SOON);
  const spec = { commands: { command: "sleep 86400" } };
  const reply = await request.post(`${through}/apps`, {
    headers,
    data: { "application-id": id, "application-name": `lasting ${id.slice(-4)}`, "am-container-spec": spec },
  });
  expect(reply.status(), await reply.text()).toBe(202);
  return id;
}

test("a list that is open goes on with the other one, and says meanwhile why it is old", async ({ page, request }) => {
  test.setTimeout(150_000);
  const first = await service(request, "yarn");
  const before = await submitted(request);
  await page.goto("./connections/yarn/applications");
  const row = (id: string) => page.getByRole("grid").getByText(id.replace(/^application_/, ""), { exact: true });
  await expect(row(before)).toBeVisible(SOON);
  // The active one sends everybody who asks for it away, and the other one does not take its part yet.
  await behave(request, { fault: { kind: "no-active", operation: "ListApplications" } });
  await page.getByRole("button", { name: /Ask again now/ }).click();
  const stale = page.locator(".stale");
  await expect(stale).toContainText(standby);
  await expect(stale.locator(".mark")).toHaveText(/^\d+ s old$/);
  await expect(row(before)).toBeVisible();
  await look(page);

  await failOver(request);
  await expect(stale).toHaveCount(0, SOON);
  await expect(row(before)).toBeVisible();
  const after = await submitted(request);
  await expect(row(after)).toBeVisible(SOON);
  // And back.
  await behave(request, {}, first);
  await failOver(request);
  const last = await submitted(request);
  await expect(row(last)).toBeVisible(SOON);
  await expect(stale).toHaveCount(0, SOON);
});

test("every page that is open is right again without anybody's help", async ({ page, context, request }) => {
  test.setTimeout(150_000);
  const id = await submitted(request);
  const nodes = await (await request.get(`${through}/nodes`)).json();
  const paths = ["overview", `applications/${id}`, "queues", "nodes", `nodes/${nodes.nodes.node[0].id}`, "statistics"];
  const pages = [page];
  while (pages.length < paths.length) pages.push(await context.newPage());
  const shown = async (one: Page) => {
    await expect(one.locator(settled)).toBeAttached(SOON);
    await expect(one.locator(".stale")).toHaveCount(0, SOON);
    await expect(one.getByRole("alert")).toHaveCount(0, SOON);
  };
  for (const [number, one] of pages.entries()) {
    await one.goto(`./connections/yarn/${paths[number]}`);
    await shown(one);
  }
  const started = page.locator(".page-head-facts time");
  const before = await started.getAttribute("datetime");
  await failOver(request);
  // The other one has been running for another time.
  await expect(started).not.toHaveAttribute("datetime", before ?? "", SOON);
  await expect(state(page)).toHaveText("Active");
  await request.put(`${through}/apps/${id}/state`, { headers: { "Howdah-Client": "test" }, data: { state: "KILLED" } });
  await expect(state(pages[1]!)).toHaveText("Killed", SOON);
  for (const one of pages) await shown(one);
});

test("a kill that meets the one on standby is not done, and done once when it is asked for again", async ({ page, request }) => {
  const first = await service(request, "yarn");
  const id = await submitted(request);
  await page.goto(`./connections/yarn/applications/${id}`);
  await behave(request, { fault: { kind: "no-active", operation: "ChangeApplicationState", times: 1 } });
  await page.getByRole("button", { name: "Kill", exact: true }).first().click();
  const act = dialog(page).getByRole("button", { name: "Kill the application" });
  await act.click();
  const alert = dialog(page).getByRole("alert");
  await expect(alert).toContainText(standby);
  await expect(alert.or(dialog(page)).first()).toContainText("try again in a moment");
  await look(page);
  const second = await failOver(request);
  expect(second).not.toBe(first);
  await expect(async () => {
    await act.click({ timeout: 1_000 });
    await expect(dialog(page)).toBeHidden({ timeout: 5_000 });
  }).toPass(SOON);
  await expect(state(page)).toHaveText("Killed", SOON);
  expect(await kills(request, second)).toBe(1);

  const reply = await request.get(`./api/requests?connection=yarn&target=${id}`);
  const { requests }: { requests: { operation: string; state: string; code?: string }[] } = await reply.json();
  const changes = requests.filter((one) => one.operation === "ChangeApplicationState").map((one) => one.state);
  expect(changes.filter((state) => state !== "refused")).toHaveLength(1);
  expect(changes.at(-1)).toBe("refused");
});

test("a kill whose reply is lost with the server is unknown until the other one tells, and is not sent again", async ({ page, request }) => {
  const first = await service(request, "yarn");
  const id = await submitted(request);
  await page.goto(`./connections/yarn/applications/${id}`);
  await behave(request, { fault: { kind: "lost-reply", operation: "ChangeApplicationState", times: 1 } });
  await page.getByRole("button", { name: "Kill", exact: true }).first().click();
  const act = dialog(page).getByRole("button", { name: "Kill the application" });
  await act.click();
  await expect(dialog(page).getByRole("alert")).toContainText("what became of it is not known");
  const second = await failOver(request);
  await act.click();
  await expect(dialog(page).getByRole("alert")).toContainText("what became of it is not known");
  await look(page);
  await dialog(page).getByRole("button", { name: "Cancel" }).click();
  // Both know what was done, and the page learns it by itself.
  await expect(state(page)).toHaveText("Killed", SOON);
  expect([await kills(request, first), await kills(request, second)]).toEqual([1, 0]);
});

test("of several that are killed while the pair is switched each is told of, and killed once", async ({ page, request }) => {
  test.setTimeout(150_000);
  const ids: string[] = [];
  while (ids.length < 6) ids.push(await submitted(request));
  await page.goto("./connections/yarn/applications?q=lasting");
  await expect(page.getByRole("grid")).toHaveAttribute("aria-rowcount", "7", SOON);
  await page.getByRole("checkbox", { name: "Select all that fit the filters" }).click();
  const first = await service(request, "yarn");
  await behave(request, { fault: { kind: "no-active", operation: "ChangeApplicationState", times: 2 } });
  let begun = 0;
  let second = "";
  await page.route(/\/apps\/[^/]+\/state$/, async (route) => {
    begun += 1;
    // In the middle of it.
    if (begun === 4) second = await failOver(request);
    await route.continue();
  });
  await page.getByRole("button", { name: "Kill 6 applications" }).click();
  await dialog(page).getByRole("button", { name: "Kill 6 applications" }).click();
  const status = dialog(page).getByRole("status");
  await expect(status).toHaveText(/^6 of 6 answered · \d refused$/, SOON);
  await look(page);
  const again = dialog(page).getByRole("button", { name: /^Try the refused \d again$/ });
  await expect(async () => {
    if (await again.isVisible()) await again.click();
    await expect(status).toHaveText("6 of 6 answered", { timeout: 5_000 });
  }).toPass(SOON);
  await expect(dialog(page).locator(".batch-result")).toHaveText(Array(6).fill("Done"));
  for (const id of ids) {
    const told = async () => (await (await request.get(`${through}/apps/${id}`)).json()).app.state;
    await expect.poll(told, SOON).toBe("KILLED");
  }
  // Those that were told that none is active were asked for once more, as those were that met the one on standby.
  expect((await kills(request, first)) + (await kills(request, second))).toBeGreaterThan(6);
});
