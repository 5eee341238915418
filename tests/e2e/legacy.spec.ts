// Hadoop Eco v1 on the same pages as v2: its own facts, its own ranges, its own request.
import type { Page } from "@playwright/test";
import { expect, runs, test } from "./support/sandbox";
import { clusterId } from "./support/site";

const cluster = (name: string) => `./connections/hadoop-eco-v1/clusters/${clusterId(name)}`;

/** What a cluster's page tells, by name. */
const facts = (page: Page) => (name: string) =>
  page.getByRole("main").locator(".fact", { has: page.getByText(name, { exact: true }) }).locator("dd");

test("what only the legacy API tells is shown, and its secrets are not", async ({ page }) => {
  await page.goto(cluster("credit-scores"));
  const fact = facts(page);
  await expect(fact("Project")).toHaveText("bigdata");
  await expect(fact("Type")).toHaveText("hadoop_single");
  // A single master is each of the three.
  await expect(fact("Masters: active, standby, third")).toHaveText("HadoopMST-credit-scores-1");
  await expect(fact("Timeouts: check, socket, all")).toHaveText("10 / 5 / 1500");
  await page.goto(cluster("partner-billing"));
  await expect(fact("Options")).toContainText("ConnectionPassword=***");
});

test("a run is asked for in the words of the legacy API", async ({ page }) => {
  await page.goto(`${cluster("daily-tables")}/run`);
  const volume = page.getByLabel("Volume of a worker", { exact: true });
  await expect(volume).toHaveValue("50");
  await volume.fill("49");
  await expect(page.getByText("Enter a whole number from 50 to 5,120.")).toBeVisible();
  await volume.fill("51");
  // What it cannot change is not offered.
  await expect(page.getByText("Masters, task nodes and security groups")).toHaveCount(0);
  await page.getByLabel("Workers", { exact: true }).fill("4");
  await page.getByText("As curl", { exact: true }).click();
  const line = page.locator("pre");
  await expect(line).toContainText(`/hadoop-eco/v1/cluster/${clusterId("daily-tables")}'`);
  await expect(line).toContainText('-H "Hadoop-Eco-Api-Key: $HADOOP_ECO_API_KEY"');
  await expect(line).toContainText(`-d '{"workerCnt":4,"workerVolumeSize":51}'`);
  const before = await runs(page.request, "hadoop-eco-v1");
  await page.getByRole("button", { name: "Run again with 4 workers" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Run of daily-tables");
  const main = page.getByRole("main");
  await expect(main.getByText("workerVolumeSize")).toBeVisible();
  await expect(main.getByText("Creating").first()).toBeVisible({ timeout: 30_000 });
  expect((await runs(page.request, "hadoop-eco-v1")).slice(before.length)).toEqual([
    { clusterId: clusterId("daily-tables"), requestId: expect.stringMatching(/^req-[0-9a-f]{32}$/) },
  ]);
  // While it runs, its workers have names.
  await page.goto(cluster("daily-tables"));
  await expect(facts(page)("Hosts of workers")).toContainText("HadoopWRK-daily-tables-4");
});
