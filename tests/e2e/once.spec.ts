// One confirmation is one run, whatever becomes of the network or of the page.
import type { APIRequestContext, Page, Route } from "@playwright/test";
import { expect, runs, test } from "./support/sandbox";
import { clusterId } from "./support/site";

const form = (connection: string, cluster: string) => `./connections/${connection}/clusters/${clusterId(cluster)}/run`;
const act = (page: Page) => page.locator("form button[type=submit]");
const alert = (page: Page) => page.getByRole("alert");

// A sandbox of its own: other files run these clusters too.
test.use({ sandboxArgs: ["--listen", "127.0.0.1:0", "--clusters", "13"] });

/** How many runs of a cluster the service has really started. */
async function started(request: APIRequestContext, connection: string, cluster: string): Promise<number> {
  return (await runs(request, connection)).filter((run) => run.clusterId === clusterId(cluster)).length;
}

/** Does something else with the next change that the page sends. */
const intercept = (page: Page, act: (route: Route) => Promise<void>) =>
  page.route(/\/v2\/hadoop-eco\/clusters\/[^/]+$/, (route) => (route.request().method() === "POST" ? act(route) : route.continue()));

const ways: { name: string; cluster: string; lose: (route: Route) => Promise<void>; reload: boolean }[] = [
  { name: "the answer is lost on its way", cluster: "legacy-ingest", lose: async (route) => (await route.fetch(), route.abort()), reload: false },
  { name: "the answer is lost and the page is loaded anew", cluster: "hive-report", lose: async (route) => (await route.fetch(), route.abort()), reload: true },
  { name: "it never leaves the browser", cluster: "feature-store-stays-running", lose: (route) => route.abort(), reload: false },
];

for (const { name, cluster, lose, reload } of ways) {
  test(`${name}: pressed again it is still one run`, async ({ page }) => {
    const before = await started(page.request, "hadoop-eco", cluster);
    await page.goto(form("hadoop-eco", cluster));
    await intercept(page, lose);
    await act(page).click();
    await expect(alert(page)).toContainText("Howdah cannot be reached from this browser.");
    await page.unrouteAll();
    if (reload) await page.reload();
    await act(page).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(`Run of ${cluster}`);
    expect(await started(page.request, "hadoop-eco", cluster)).toBe(before + 1);
  });
}

test("the page is loaded anew while it is being sent: it is one run, and pressed again still", async ({ page }) => {
  const cluster = "billing-close";
  const before = await started(page.request, "hadoop-eco", cluster);
  await page.goto(form("hadoop-eco", cluster));
  let sent = 0;
  await intercept(page, async (route) => {
    sent += 1;
    if (sent > 1) return route.continue();
    // It arrives, and its answer does not: the page has gone by then.
    await route.fetch();
  });
  await act(page).click();
  await expect.poll(() => started(page.request, "hadoop-eco", cluster)).toBe(before + 1);
  await page.reload();
  await act(page).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(`Run of ${cluster}`);
  expect(await started(page.request, "hadoop-eco", cluster)).toBe(before + 1);
});

test("while an outcome is unknown the form warns, also when it is opened anew, and sends no second one", async ({ page }) => {
  const cluster = "sentinel-reset";
  await page.goto(form("failing", cluster));
  await act(page).click();
  await expect(alert(page)).toContainText("Outcome unknown");
  await page.reload();
  const warning = page.getByText("The outcome of an earlier run of this cluster is unknown. It may still be running.");
  await expect(warning).toBeVisible();
  await act(page).click();
  await expect(alert(page)).toContainText("Outcome unknown");
  expect(await started(page.request, "failing", cluster)).toBe(1);
  await page.getByRole("link", { name: "See it in the activity" }).click();
  await expect(page.getByRole("row", { name: /Run of sentinel-reset.*Unknown outcome/ }).first()).toBeVisible();
});
