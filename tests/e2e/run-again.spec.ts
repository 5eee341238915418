// The form that runs a cluster again: what it refuses, what it says, and that it works by keyboard alone.
import { createHash } from "node:crypto";
import { calls, expect, runs, test } from "./support/sandbox";
import { clusterId } from "./support/site";

const form = (cluster: string, connection = "hadoop-eco") => `./connections/${connection}/clusters/${clusterId(cluster)}/run`;

test("what is out of range is said at once, and nothing is sent", async ({ page }) => {
  await page.goto(form("nightly-etl"));
  const act = page.locator("form button[type=submit]");
  await expect(page.getByLabel("Workers", { exact: true })).toHaveValue("3");
  const before = await calls(page.request, "hadoop-eco");
  const cases = [
    { field: "Workers", bad: ["0", "1001", "1.5", "-1", "three", "٣"], good: "4", says: "Enter a whole number from 1 to 1,000." },
    { field: "Volume of a worker", bad: ["99", "5121"], good: "200", says: "Enter a whole number from 100 to 5,120." },
    { field: "HDFS block size", bad: ["0", "1025"], good: "256", says: "Enter a whole number from 1 to 1,024." },
    { field: "HDFS replication", bad: ["0", "501"], good: "3", says: "Enter a whole number from 1 to 500." },
  ];
  for (const { field, bad, good, says } of cases) {
    const input = page.getByLabel(field, { exact: true });
    for (const text of bad) {
      await input.fill(text);
      await expect(page.getByText(says, { exact: true })).toBeVisible();
      await expect(input).toHaveAttribute("aria-invalid", "true");
      await expect(input).toHaveAccessibleDescription(says);
      await expect(act).toHaveAttribute("aria-disabled", "true");
      await expect(page.getByText(`Correct this field first: ${field}`)).toBeVisible();
      await act.click({ force: true });
      await input.press("Enter");
    }
    await input.fill(good);
    await expect(page.getByText(says, { exact: true })).toBeHidden();
  }
  await expect(act).not.toHaveAttribute("aria-disabled");
  await expect(page).toHaveURL(/\/run$/);
  expect((await calls(page.request, "hadoop-eco")).StartRework).toBe(before.StartRework);
});

test("what is possible but perhaps not meant is warned of", async ({ page }) => {
  await page.goto(form("nightly-etl"));
  await page.getByLabel("HDFS replication", { exact: true }).fill("4");
  await expect(page.getByText("Replication 4 is more than the 3 workers that can hold copies.")).toBeVisible();
  await expect(page.locator("form button[type=submit]")).not.toHaveAttribute("aria-disabled");
  // Of a number that is refused nothing follows.
  await page.getByLabel("Workers", { exact: true }).fill("0");
  await expect(page.getByText(/^Replication 4 is more than/)).toBeHidden();
  await expect(page.locator("form button[type=submit]")).toHaveText("Run again");
  await page.goto(form("feature-store-stays-running"));
  await expect(page.getByText("The cluster keeps running after its task.")).toBeVisible();
});

test("secrets of others in the settings are neither shown nor sent back", async ({ page }) => {
  await page.goto(form("partner-feed"));
  await expect(page.getByLabel("Options", { exact: true })).toHaveValue("");
  await expect(page.getByText("The last value holds masked text.").first()).toBeVisible();
  // Beside what is typed stands as much of the last value as may be seen.
  await page.getByLabel("Options", { exact: true }).fill("--num-executors 3");
  const changes = page.getByRole("region", { name: "What changes" });
  await expect(changes.getByRole("row", { name: /^Options --conf .*\*\*\*.* --num-executors 3$/ })).toBeVisible();
  await page.getByLabel("Options", { exact: true }).fill("--conf a=***");
  await expect(page.getByText("This holds masked text (***).")).toBeVisible();
  await expect(page.locator("form button[type=submit]")).toHaveAttribute("aria-disabled", "true");
});

test("what never ran is not said to run as it did last, and what is refused is in no request", async ({ page }) => {
  await page.goto(form("sentinel-empty", "failing"));
  const changes = page.getByRole("region", { name: "What changes" });
  await expect(changes).toContainText("Nothing: it runs with the settings that the cluster has.");
  await page.getByLabel("Workers", { exact: true }).fill("2");
  await page.getByLabel("HDFS replication", { exact: true }).fill("501");
  await expect(changes.getByRole("row", { name: "Workers — 2", exact: true })).toBeVisible();
  await page.getByText("As curl", { exact: true }).click();
  await expect(page.locator("pre")).toContainText(`-d '{"instanceSpecs":[{"type":"WORKER","nodeCnt":2}]}'`);
});

test("a cluster without a key says why it cannot be run", async ({ page }) => {
  await page.goto(`./connections/hadoop-eco/clusters/${clusterId("archive-compaction")}`);
  const act = page.getByRole("button", { name: "Run again" });
  await expect(act).toHaveAttribute("aria-disabled", "true");
  await expect(act).toHaveAttribute("title", "Howdah has no Open API key for this cluster.");
  await page.goto(form("archive-compaction"));
  await expect(page.locator("form button[type=submit]")).toHaveAttribute("aria-disabled", "true");
  await expect(page.getByText("Howdah has no Open API key for this cluster.")).toBeVisible();
});

test("every group of nodes and the security groups can be changed", async ({ page }) => {
  await page.goto(form("clickstream-ha"));
  await page.getByText("Masters, task nodes and security groups").click();
  await expect(page.getByLabel("Masters", { exact: true })).toHaveValue("3");
  await page.getByLabel("Volume of a master", { exact: true }).fill("120");
  await page.getByLabel("Task nodes", { exact: true }).fill("7");
  await page.getByLabel("Security groups", { exact: true }).fill("sg-one, sg-two");
  const changes = page.getByRole("region", { name: "What changes" });
  await expect(changes.getByRole("row", { name: "Task nodes 4 7", exact: true })).toBeVisible();
  await expect(changes.getByRole("row", { name: "Volume of a master 100 GB 120 GB", exact: true })).toBeVisible();
  await page.getByText("As curl", { exact: true }).click();
  await expect(page.locator("pre")).toContainText('{"type":"MASTER","volumeSize":120},{"type":"TASK","nodeCnt":7}');
  await page.getByRole("button", { name: "Run again with 8 workers" }).click();
  await expect(page).toHaveURL(/\/requests\//);
  await page.goto(`./connections/hadoop-eco/clusters/${clusterId("clickstream-ha")}`);
  const main = page.getByRole("main");
  await expect(main.getByText("7 × c2a.2xlarge, 100 GB")).toBeVisible();
  await expect(main.getByText("3 × m2a.2xlarge, 120 GB")).toBeVisible();
  await expect(main.getByText("sg-one, sg-two")).toBeVisible();
});

test("a cluster that is at work is said to be, and takes no second run", async ({ page }) => {
  const before = (await runs(page.request, "hadoop-eco")).length;
  await page.goto(form("ad-hoc-backfill"));
  await page.getByRole("button", { name: "Run again" }).click();
  await expect(page).toHaveURL(/\/requests\//);
  const first = page.url();
  await page.goto(form("ad-hoc-backfill"));
  await expect(page.getByText("A run of this cluster is under way.")).toBeVisible();
  await expect(page.getByRole("main").getByRole("link", { name: "See the request" })).toHaveAttribute("href", new URL(first).pathname);
  await page.getByRole("button", { name: /^Run again/ }).click();
  await expect(page.getByRole("alert")).toContainText("Outcome unknown");
  expect(await runs(page.request, "hadoop-eco")).toHaveLength(before + 1);
});

test("the way from the fleet to a run works by keyboard alone", async ({ page }) => {
  await page.goto("./");
  const heading = page.getByRole("heading", { level: 1 });
  await expect(page.getByRole("main").getByRole("link", { name: "Hadoop Eco", exact: true })).toBeVisible();
  const reach = async (name: string | RegExp, role: "link" | "button" | "textbox" | "grid") => {
    const target = page.getByRole("main").getByRole(role, { name, exact: typeof name === "string" }).first();
    await expect(target).toBeVisible();
    for (let tabs = 0; tabs < 80; tabs += 1) {
      if (await target.evaluate((element) => element === document.activeElement)) return;
      await page.keyboard.press("Tab");
    }
    throw new Error(`${name} cannot be reached by Tab`);
  };
  await reach("Hadoop Eco", "link");
  await page.keyboard.press("Enter");
  await expect(heading).toHaveText("Clusters");
  // Coming to a page brings the focus to its name.
  await expect(heading).toBeFocused();
  // A list has one place in the order of Tab; within it the arrows lead.
  await reach("Clusters", "grid");
  const on = page.getByRole("row", { selected: true });
  await page.keyboard.press("Home");
  while ((await on.getByRole("link").first().textContent()) !== "legacy-ingest") {
    const before = await on.getAttribute("aria-rowindex");
    await page.keyboard.press("ArrowDown");
    await expect(on).not.toHaveAttribute("aria-rowindex", before ?? "");
  }
  await page.keyboard.press("Enter");
  await expect(heading).toHaveText("legacy-ingest");
  await reach("Run again", "link");
  await page.keyboard.press("Enter");
  await expect(heading).toHaveText("Run legacy-ingest again");
  await reach("Workers", "textbox");
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type("5");
  await reach("Run again with 5 workers", "button");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/requests\/[^/]+$/);
  await expect(heading).toHaveText("Run of legacy-ingest");
  await expect(heading).toBeFocused();
});

test("a cluster's runs are told with what was asked for, and drawn", async ({ page }) => {
  const cluster = `./connections/failing/clusters/${clusterId("sentinel-slow")}`;
  for (const workers of ["4", "5"]) {
    await page.goto(`${cluster}/run`);
    await page.getByLabel("Workers", { exact: true }).fill(workers);
    await page.getByRole("button", { name: "Run again" }).click();
    await expect(page).toHaveURL(/\/requests\//);
  }
  await page.goto(cluster);
  const table = page.getByRole("table", { name: "Runs" });
  await expect(table.getByText("WORKER, nodeCnt 5")).toBeVisible();
  await expect(table.getByText("WORKER, nodeCnt 4")).toBeVisible();
  await expect(page.getByRole("img", { name: /^How long the last 2 runs took/ })).toBeVisible();
});

test("a run that was started elsewhere is taken in by its id", async ({ page }) => {
  const id = clusterId("sentinel-odd-result");
  const serviceId = `req-${createHash("sha256").update(`${id} 0`).digest("hex").slice(0, 32)}`;
  await page.goto(`./connections/failing/clusters/${id}`);
  await page.getByText("Take in a run that was started elsewhere").click();
  await page.getByLabel("Id of the run at the service").fill("req-that-never-was");
  await page.getByRole("button", { name: "Follow this run" }).click();
  await expect(page.getByRole("alert")).toBeVisible();
  await page.getByLabel("Id of the run at the service").fill(serviceId);
  await page.getByRole("button", { name: "Follow this run" }).click();
  await expect(page).toHaveURL(/\/requests\//);
  await expect(page.getByText("It was started elsewhere and taken in here.")).toBeVisible();
  await expect(page.getByRole("button", { name: `Copy ${serviceId}` })).toBeVisible();
});
