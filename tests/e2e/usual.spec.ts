// How long a run usually takes, beside how long this one does: on the list, on the cluster's page with its chart, and on
// the run's page, with the service's own stages in the order in which they were seen.
import type { Page } from "@playwright/test";
import { expect, test } from "./support/sandbox";
import { clusterId } from "./support/site";

test.use({ sandboxArgs: ["--listen", "127.0.0.1:0", "--pace", "600"] });

const CLUSTER = clusterId("nightly-etl");
const LASTED = /^\d+ s$/;

type Entry = { id: string; state: string; events: { stage?: string | null }[] };

/** Asks for a run; gives its entry. */
async function start(page: Page): Promise<string> {
  const reply = await page.request.post(`./api/connections/hadoop-eco/v2/hadoop-eco/clusters/${CLUSTER}`, { data: {} });
  expect(reply.ok(), await reply.text()).toBe(true);
  return reply.headers()["howdah-request-id"] ?? "";
}

async function ended(page: Page, id: string): Promise<Entry> {
  let entry = {} as Entry;
  await expect(async () => {
    entry = await (await page.request.get(`./api/requests/${id}`)).json();
    expect(entry.state).toBe("succeeded");
  }).toPass({ timeout: 40_000 });
  return entry;
}

test("after three runs it is known how long one usually takes", async ({ page }) => {
  test.setTimeout(180_000);
  const elapsed = page.locator(".fact", { has: page.getByText("Duration", { exact: true }) });
  await page.goto(`./requests/${await start(page)}`);
  await expect(elapsed).toContainText("no usual yet");
  const first = await ended(page, new URL(page.url()).pathname.split("/").pop() ?? "");
  const stages = first.events.map(({ stage }) => stage).filter(Boolean);
  expect(stages.at(-1)).toBe("Terminate");
  expect(stages.length).toBeGreaterThan(1);
  const timeline = page.getByRole("region", { name: "What was seen" });
  await expect(timeline.locator("code")).toHaveText(stages as string[]);

  for (let more = 0; more < 2; more += 1) await ended(page, await start(page));
  await page.goto("./connections/hadoop-eco/clusters");
  await expect(page.getByRole("columnheader", { name: "Usual" })).toBeVisible();
  const heads = await page.getByRole("columnheader").allTextContents();
  const cell = (cluster: string, head: string) =>
    page.getByRole("row").filter({ hasText: cluster }).getByRole("gridcell").nth(heads.indexOf(head));
  for (const head of ["Duration", "Usual"]) await expect(cell("nightly-etl", head)).toHaveText(LASTED);
  await expect(cell("clickstream-ha", "Usual")).toHaveText("—");

  await page.goto(`./connections/hadoop-eco/clusters/${CLUSTER}`);
  await expect(page.locator(".page-head").getByText(/^usually \d+ s$/)).toBeVisible();
  const chart = page.getByRole("img", { name: /^How long the last 3 runs took; the longest \d+ s$/ });
  await expect(chart).toBeVisible();
  await expect(page.locator(".chart").getByText(/^usually \d+ s$/)).toBeVisible();

  await page.goto(`./requests/${await start(page)}`);
  await expect(elapsed).toContainText(/usually \d+ s/);
  await expect(elapsed.getByText(/^\d+%$/)).toBeVisible();
});
