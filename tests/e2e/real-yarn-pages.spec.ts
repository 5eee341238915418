// What the pages show of a real ResourceManager, beside what it says of itself.
import { type APIRequestContext, expect, type Locator, type Page, test } from "@playwright/test";
import { expectNoViolations } from "./support/axe";
import { type App, app, apps, manager, open, submit, theirs, unique } from "./support/peer";

/** The service is asked every few seconds, and others change what is counted meanwhile. */
const SOON = { timeout: 40_000 };

const state = (page: Page) => page.locator(".page-head-facts .mark");
const fact = (page: Page, name: string) =>
  page.locator(".fact", { has: page.getByText(name, { exact: true }) }).locator("dd");

/** As the console writes them. */
const decimal = (number: number) => `${Math.round(number * 10) / 10}`;
const size = (mib: number) => (mib < 1024 ? `${mib} MiB` : `${decimal(mib / 1024)} GiB`);
const word = (state: string) => ({ NEW_SAVING: "New" })[state] ?? state.charAt(0) + state.slice(1).toLowerCase();

/** The one of those that submit.sh has submitted under a name. */
async function named(request: APIRequestContext, name: string): Promise<App> {
  const found = (await apps(request)).find((one) => one.name === name);
  expect(found, name).toBeDefined();
  return found!;
}

/** Unfolds what the service says, and reads it. */
async function raw<T>(page: Page): Promise<T> {
  await page.getByText("As the service says it").click();
  const text = page.locator("details pre");
  await expect(text).toContainText("{");
  return JSON.parse((await text.textContent()) ?? "");
}

test("the overview has the figures of the ResourceManager, and what failed", async ({ page, request }) => {
  await open(page, "overview");
  const tile = (name: string) =>
    page.getByRole("listitem").filter({ has: page.getByRole("heading", { name, exact: true }) });
  const { clusterInfo } = await theirs<{ clusterInfo: Record<string, string> }>(request, "/info");
  await expect(page.locator(".page-head-facts")).toContainText(`ResourceManager ${clusterInfo.resourceManagerVersion}`);
  await expect(state(page)).toHaveText("Active");
  await expect(async () => {
    const { clusterMetrics: now } = await theirs<{ clusterMetrics: Record<string, number> }>(request, "/metrics");
    const figures: [string, string][] = [
      ["Memory", `${size(now.allocatedMB!)} of ${size(now.totalMB!)}`],
      ["VCores", `${now.allocatedVirtualCores} of ${now.totalVirtualCores}`],
      ["Containers", `${now.containersAllocated}`],
      ["Running applications", `${now.appsRunning}`],
      ["Nodes", `${now.activeNodes} active`],
    ];
    for (const [name, says] of figures) {
      expect(await tile(name).locator(".tile-figure").textContent({ timeout: 1_000 }), name).toBe(says);
    }
    expect(now.totalMB).toBe(4096);
  }).toPass(SOON);
  await expectNoViolations(page);

  await page.getByText("The last hour in figures").click();
  await expect(page.getByRole("table").getByRole("row").nth(1)).toContainText("iB");
  await page.getByRole("link", { name: /^Failed in the last hour: [1-9]/ }).click();
  await expect(page).toHaveURL(/\/applications\?state=FAILED/);
  await expect(page.getByRole("grid")).toContainText("로그 집계");
});

test("an application is shown with its facts, its attempts and all that is said of it", async ({ page, request }) => {
  // Of those that were there before the tests, which nobody kills: the one that holds most; where there is a client for
  // it, one that runs in containers.
  const first = (process.env.HOWDAH_APPLICATIONS ?? "").split(",");
  const there = (await apps(request)).filter(({ id }) => first.includes(id));
  const now = there.sort((one, other) => other.allocatedMB - one.allocatedMB)[0]!;
  await open(page, `applications/${now.id}`);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(now.name);
  await expect(state(page)).toHaveText(word(now.state));
  await expect(page.locator(".page-head-facts")).toContainText(now.user);
  await expect(fact(page, "Type")).toHaveText(now.applicationType);
  await expect(page.locator(".tile").first()).toContainText(size(now.allocatedMB));
  if (now.applicationTags) await expect(fact(page, "Tags")).toHaveText(now.applicationTags);

  type Attempt = { id: number; appAttemptState: string; containerId: string; nodeId: string; logsLink: string };
  const { appAttempts } = await theirs<{ appAttempts: { appAttempt: Attempt[] } }>(request, `/apps/${now.id}/appattempts`);
  const attempt = appAttempts.appAttempt[0]!;
  const row = page.getByRole("table").getByRole("row").nth(1);
  for (const says of [`${attempt.id}`, attempt.appAttemptState, attempt.containerId]) await expect(row).toContainText(says);
  await expect(row.getByRole("link", { name: "Logs" })).toHaveAttribute("href", attempt.logsLink);
  await expect(row.getByRole("link", { name: "Logs" })).toHaveAttribute("rel", "noopener noreferrer");
  await expectNoViolations(page);

  const told = await raw<{ app: App }>(page);
  const own = await app(request, now.id);
  expect(Object.keys(told.app).sort()).toEqual(Object.keys(own).sort());
  expect(told.app).toMatchObject({ id: own.id, user: own.user, queue: own.queue, name: own.name });
  await row.getByRole("link", { name: attempt.nodeId }).click();
  await expect(page).toHaveURL(/\/nodes\//);
  await expect(state(page)).toHaveText("Running");
  await page.goBack();
  await page.locator(".page-head-facts").getByRole("link", { name: now.queue }).click();
  await expect(page.getByRole("complementary", { name: now.queue })).toBeVisible();
});

test("why an application waits, and what was said of its end, stands as the ResourceManager says it", async ({ page, request }) => {
  const waits = await named(request, "feature build");
  const says = async (id: string) => (await app(request, id)).diagnostics?.trim();
  const shown = () => page.locator(".diagnostics pre").textContent();
  await open(page, `applications/${waits.id}`);
  await expect(page.locator(".diagnostics").getByRole("heading", { name: "Why it waits" })).toBeVisible();
  await expect.poll(async () => (await shown()) === (await says(waits.id)), SOON).toBe(true);

  const failed = await named(request, "로그 집계");
  await open(page, `applications/${failed.id}`);
  await expect(state(page)).toHaveText("Failed");
  await expect(page.locator(".diagnostics").getByRole("heading", { name: "Diagnostics" })).toBeVisible();
  expect(await shown()).toContain((await says(failed.id))?.slice(0, 1900));
  await expect(page.getByRole("button", { name: "Kill", exact: true })).toHaveAttribute("title", "It has ended");
});

test("long diagnostics are cut until all are asked for, and no name or word of them is markup", async ({ page, request }) => {
  const name = `<img src=x onerror=alert(1)> \u202e${unique()} 전부`;
  const id = await submit(request, manager, name);
  const last = unique();
  const diagnostics = `<b>${"long ".repeat(1000)}</b>${last}`;
  const killed = await request.put(`${manager}/ws/v1/cluster/apps/${id}/state?user.name=alice`, {
    data: { state: "KILLED", diagnostics },
  });
  expect(killed.ok(), await killed.text()).toBe(true);
  await expect.poll(async () => (await app(request, id)).diagnostics, SOON).toContain(last);
  await open(page, `applications/${id}`);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(name);
  const shown = page.locator(".diagnostics pre");
  await expect(shown).toContainText("<b>long long");
  await expect(shown).not.toContainText(last);
  await page.getByRole("button", { name: /^Show all 5,\d{3} characters$/ }).click();
  await expect(shown).toContainText(last);
  await expect(page.locator("main img, main b")).toHaveCount(0);
  await page.goto(page.url().replace(/\/application_.*/, `?q=${name.slice(-11, -3)}`));
  await expect(page.getByRole("grid").getByText(name)).toBeVisible();
  await expect(page.locator("main img")).toHaveCount(0);
});

type Queue = {
  queuePath: string;
  absoluteCapacity: number;
  absoluteMaxCapacity: number;
  usedCapacity: number;
  queues?: { queue: Queue[] } | null;
};

test("the queues are the scheduler's tree, and the panel of one tells who uses it", async ({ page, request }) => {
  const below = (queue: Queue): Queue[] => [queue, ...(queue.queues?.queue ?? []).flatMap(below)];
  type Scheduler = { scheduler: { schedulerInfo: { queues: { queue: Queue[] } } } };
  const tree = async () =>
    (await theirs<Scheduler>(request, "/scheduler")).scheduler.schedulerInfo.queues.queue.flatMap(below);
  await open(page, "queues");
  await expect(page.locator(".page-head-facts")).toContainText("Capacity Scheduler");
  const cells = (path: string) => page.locator(`[id="queue-${path}"]`).locator('[role="gridcell"]');
  const queues = await tree();
  expect(queues.map((queue) => queue.queuePath).sort()).toEqual([
    "root.default",
    "root.eng",
    "root.eng.adhoc",
    "root.eng.etl",
    "root.ops",
  ]);
  for (const queue of queues) {
    await expect(cells(queue.queuePath).nth(3)).toHaveText(`${decimal(queue.absoluteCapacity)}%`);
    await expect(cells(queue.queuePath).nth(4)).toHaveText(`${decimal(queue.absoluteMaxCapacity)}%`);
  }
  await expect(async () => {
    for (const queue of await tree()) {
      const used = await cells(queue.queuePath).nth(2).textContent({ timeout: 1_000 });
      expect(used, queue.queuePath).toBe(`${decimal(queue.usedCapacity)}%`);
    }
  }).toPass(SOON);

  await page.locator('[id="queue-root.default"]').click();
  const panel = page.getByRole("complementary", { name: "root.default" });
  await expect(panel.locator(".fact", { hasText: "State" })).toContainText("RUNNING");
  await expect(panel.getByRole("row", { name: /^carol / })).toContainText("128 MiB, 1 vcores");
  await expectNoViolations(page);
  await panel.getByRole("link", { name: "Its applications" }).click();
  await expect(page).toHaveURL(/\/applications\?queue=root\.default$/);
  await expect(page.getByRole("grid")).toContainText("feature build");
  await expect(page.locator(".table-window .col-queue").first()).toHaveText("root.default");
});

type Node = {
  id: string;
  version: string;
  rack: string;
  nodeHTTPAddress: string;
  numContainers: number;
  usedMemoryMB: number;
  availMemoryMB: number;
};

test("its node is in the table and on the map, and has a page with what it says of it", async ({ page, request }) => {
  const node = async () => (await theirs<{ nodes: { node: Node[] } }>(request, "/nodes")).nodes.node[0]!;
  const { id, version, rack, nodeHTTPAddress } = await node();
  await open(page, "nodes?cols=id,state,memory-all,containers,version");
  await expect(page.getByRole("grid", { name: "Nodes" }).getByRole("row")).toHaveCount(2);
  const cells = page.getByRole("row").nth(1).getByRole("gridcell");
  await expect(cells.nth(0)).toHaveText(id);
  await expect(cells.nth(1)).toHaveText("Running");
  await expect(cells.nth(2)).toHaveText("4 GiB");
  await expect(cells.nth(4)).toHaveText(version);
  await expect.poll(async () => Number(await cells.nth(3).textContent()) === (await node()).numContainers, SOON).toBe(true);
  await expectNoViolations(page);

  await page.getByRole("button", { name: "Heat map" }).click();
  // It is the only one, so all of the map is its square.
  const map = page.getByRole("main").getByRole("img");
  await map.hover();
  await expect(map.locator("title")).toHaveText(/^\S+: Running, \d+%$/);
  await expect(page.getByText("1 nodes, 0 of no use").first()).toBeVisible();
  await expectNoViolations(page);
  await map.click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(id.split(":")[0]!);
  await expect(fact(page, "Rack")).toHaveText(rack);
  await expect(fact(page, "Version")).toHaveText(version);
  await expect(fact(page, "Web address").getByRole("link")).toHaveAttribute("href", `http://${nodeHTTPAddress}`);
  const memory = page.locator(".tile").first().locator(".tile-figure");
  await expect(async () => {
    const { usedMemoryMB, availMemoryMB } = await node();
    expect(await memory.textContent()).toBe(`${size(usedMemoryMB)} of ${size(usedMemoryMB + availMemoryMB)}`);
  }).toPass(SOON);
  await expectNoViolations(page);
  expect((await raw<{ node: Node }>(page)).node).toMatchObject({ id, version, rack });
});

/** The texts of a table's rows, cell by cell. */
const texts = (rows: Locator) =>
  rows.evaluateAll((all) => all.map((row) => [...row.children].map((cell) => cell.textContent ?? "")));

test("the statistics count what the ResourceManager counts", async ({ page, request }) => {
  await open(page, "statistics");
  type Counts = { appStatInfo: { statItem: { state: string; count: number }[] } };
  const service = page.locator("section", { has: page.getByRole("heading", { name: "As the service counts them" }) });
  const rows = service.locator("tbody tr");
  const same = (path: string) =>
    expect(async () => {
      const { statItem } = (await theirs<Counts>(request, path)).appStatInfo;
      expect(await texts(rows)).toEqual(statItem.map(({ state, count }) => [word(state), `${count}`]));
    }).toPass(SOON);
  await same("/appstatistics");
  const own = page.getByRole("table").first();
  await expect(async () => {
    const all = await apps(request);
    const [row] = await texts(own.locator("tbody tr", { has: page.getByRole("rowheader", { name: "TEST", exact: true }) }));
    expect(row?.at(-1)).toBe(`${all.filter((one) => one.applicationType === "TEST").length}`);
    expect((await texts(own.locator("tfoot tr")))[0]?.at(-1)).toBe(`${all.length}`);
  }).toPass(SOON);
  await expectNoViolations(page);
  await page.getByLabel("Type").selectOption("TEST");
  await same("/appstatistics?applicationTypes=TEST");
  await own.locator("tfoot").getByRole("link").last().click();
  await expect(page).toHaveURL(/\/applications$/);
});

test("where there is no Kerberos the page of tokens gives the ResourceManager's reason", async ({ page }) => {
  await open(page, "tokens");
  await expect(page.getByText("No tokens are kept")).toBeVisible();
  await page.getByLabel("Renewer").fill("alice");
  await page.getByRole("button", { name: "Have a token made" }).click();
  const alert = page.getByRole("alert");
  await expect(alert).toContainText("The service does not allow this to Howdah's user.");
  await expect(alert).toContainText("can only be carried out on a Kerberos authenticated channel");
  await expectNoViolations(page);
  await expect(page.getByText("No tokens are kept")).toBeVisible();
});
