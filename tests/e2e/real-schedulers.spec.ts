// The schedulers that are not the usual one, each on a real ResourceManager; HOWDAH_SCHEDULER says which.
import { expect, test } from "@playwright/test";
import { look } from "./support/axe";
import { headers, manager, open, through } from "./support/peer";

const scheduler = process.env.HOWDAH_SCHEDULER ?? "";

test("who gives no name is turned away, and Howdah gives its own", async ({ request }) => {
  expect((await request.get(`${manager}/ws/v1/cluster/metrics`)).status()).toBe(401);
  expect((await request.get(`${through}/metrics`, { headers })).status()).toBe(200);
});

test("what the scheduler tells comes through as it is", async ({ request }) => {
  const [ours, theirs] = await Promise.all([
    request.get(`${through}/scheduler`, { headers }),
    request.get(`${manager}/ws/v1/cluster/scheduler?user.name=admin`, { headers: { Accept: "application/json" } }),
  ]);
  expect(ours.status()).toBe(200);
  const reply = (await ours.json()) as { scheduler: { schedulerInfo: { type: string } } };
  expect(reply.scheduler.schedulerInfo.type).toBe(`${scheduler}Scheduler`);
  expect(reply).toEqual(await theirs.json());
});

const QUEUES: Record<string, { words: string; paths: string[] }> = {
  fair: { words: "Fair Scheduler", paths: ["root", "root.eng", "root.eng.adhoc", "root.eng.etl", "root.ops"] },
  fifo: { words: "FIFO Scheduler", paths: ["default"] },
};

test("its queues are a tree", async ({ page }) => {
  const { words = "", paths = [] } = QUEUES[scheduler] ?? {};
  await open(page, "queues");
  await expect(page.locator(".page-head-facts")).toContainText(words);
  const lines = page.locator(".tree-line");
  await expect(lines.first()).toBeVisible();
  const shown = async () => lines.evaluateAll((all) => all.map((line) => line.id.replace("queue-", "")).sort());
  // The Fair Scheduler makes one for who submits without naming one.
  await expect.poll(async () => (await shown()).filter((path) => path !== "root.default")).toEqual(paths);
  await look(page);
  await lines.last().click();
  await expect(page.getByRole("complementary")).toBeVisible();
  // Without a node nothing can be reckoned.
  await expect(page.locator("main")).not.toContainText(/NaN|Infinity|undefined/);
  await look(page);
});

const EMPTY: [string, string][] = [
  ["applications", "No applications"],
  ["nodes", "No nodes"],
  ["nodes?view=map", "No nodes"],
  ["statistics", "No applications"],
];

test("where there are no nodes and no applications the pages say so", async ({ page }) => {
  test.setTimeout(120_000);
  for (const [path, words] of EMPTY) {
    await open(page, path);
    await expect(page.locator(".blank").getByText(words, { exact: true })).toBeVisible();
    await look(page);
  }
  await open(page, "overview");
  await expect(page.locator(".tile-figure").first()).toContainText("0 MiB of 0 MiB");
  await expect(page.locator("main")).toContainText("Nothing needs attention");
  await expect(page.locator("main")).not.toContainText(/NaN|Infinity|undefined/);
  await look(page);
});
