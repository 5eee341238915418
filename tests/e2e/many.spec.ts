// More than anybody looks at: whatever there is, a page asks for no more of it than it shows.
import type { Page, Response } from "@playwright/test";
import { readFile } from "node:fs/promises";
import { expect, test } from "./support/sandbox";
import { clusterId } from "./support/site";

// Each of them has a run that was taken in, but for those that never ran.
test.use({ sandboxArgs: ["--listen", "127.0.0.1:0", "--clusters", "1200", "--pace", "1"] });

const settled = "html[data-howdah=ready]";
/** How many a page of requests holds, unless it asks for another number. */
const PAGE = 50;
/** The most that are given at once. */
const MOST = 500;

/** How many requests each answer holds that the page gets from now on. */
function pages(page: Page): Promise<number>[] {
  const counts: Promise<number>[] = [];
  const count = async (response: Response) => ((await response.json()) as { requests: unknown[] }).requests.length;
  page.on("response", (response) => {
    if (new URL(response.url()).pathname === "/api/requests" && response.ok()) counts.push(count(response));
  });
  return counts;
}

const rows = (page: Page, name: string) => page.getByRole("table", { name }).getByRole("row").filter({ has: page.getByRole("cell") });

/** Waits until the sandbox has taken in all runs from before it was started. */
async function taken(page: Page): Promise<string[]> {
  const all: string[] = [];
  await expect(async () => {
    all.length = 0;
    for (let after: string | null = ""; after !== null; ) {
      const reply = await page.request.get(`./api/requests?limit=${MOST}${after && `&after=${after}`}`);
      const { requests, next }: { requests: { id: string }[]; next: string | null } = await reply.json();
      all.push(...requests.map(({ id }) => id));
      after = next;
    }
    expect(all.length).toBeGreaterThan(2 * MOST);
  }).toPass({ timeout: 30_000 });
  return all;
}

test("the activity is asked for a page at a time, and the file in as few pages as there can be", async ({ page }) => {
  const all = await taken(page);
  const counts = pages(page);
  await page.goto("./requests");
  await page.locator(settled).waitFor();
  await expect(rows(page, "Activity")).toHaveCount(PAGE);
  await page.getByRole("button", { name: "Older requests" }).click();
  await expect(page).toHaveURL(/after=/);
  await expect(rows(page, "Activity").first().getByRole("link")).toHaveAttribute("href", new RegExp(`${all[PAGE]}$`));
  await expect(rows(page, "Activity")).toHaveCount(PAGE);
  for (const count of await Promise.all(counts)) expect(count).toBeLessThanOrEqual(PAGE);

  counts.length = 0;
  const saved = page.waitForEvent("download");
  await page.getByRole("button", { name: "Save as CSV" }).click();
  const [, ...lines] = (await readFile(await (await saved).path(), "utf8")).trimEnd().split("\r\n");
  expect(lines.map((line) => line.split(",")[0])).toEqual(all);
  const asked = (await Promise.all(counts)).filter((count) => count > PAGE);
  expect(asked).toEqual([MOST, MOST, all.length - 2 * MOST].filter((count) => count > PAGE));
});

test("the page of a cluster asks for that cluster alone, and for one page of its runs", async ({ page }) => {
  const counts = pages(page);
  const clusters: Promise<unknown[]>[] = [];
  page.on("response", (response) => {
    if (/\/api\/clusters\//.test(response.url()) && response.ok()) clusters.push(response.json());
  });
  await page.goto(`./connections/hadoop-eco/clusters/${clusterId("nightly-etl")}`);
  await page.locator(settled).waitFor();
  await expect(rows(page, "Runs")).toHaveCount(2);
  expect(clusters.length).toBeGreaterThan(0);
  for (const found of await Promise.all(clusters)) expect(found).toHaveLength(1);
  for (const count of await Promise.all(counts)) expect(count).toBeLessThanOrEqual(PAGE);
});

test("the list of clusters comes small and draws what can be seen, and the fleet none of them", async ({ page, context }) => {
  const answer = page.waitForResponse((response) => /\/api\/clusters\//.test(response.url()));
  await page.goto("./connections/hadoop-eco/clusters");
  await page.locator(settled).waitFor();
  const { responseBodySize } = await (await answer).request().sizes();
  expect(responseBodySize).toBeLessThan((await (await answer).body()).length / 4);
  await expect(page.getByRole("grid", { name: "Clusters" })).toHaveAttribute("aria-rowcount", "1201");
  expect(await page.getByRole("row").count()).toBeLessThan(50);
  // A page of its own: the list goes on asking until it is left.
  const fleet = await context.newPage();
  const asked: string[] = [];
  fleet.on("request", (request) => asked.push(new URL(request.url()).pathname));
  await fleet.goto("./");
  await fleet.locator(settled).waitFor();
  expect(asked.filter((path) => /^\/api\/(clusters|requests)/.test(path))).toEqual([]);
});
