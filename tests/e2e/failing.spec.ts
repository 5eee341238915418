// Services that fail: each page says what happened, what it means, and what can be done.
import type { Page } from "@playwright/test";
import { expect, runs, test } from "./support/sandbox";
import { clusterId } from "./support/site";

async function runAgain(page: Page, cluster: string) {
  await page.goto(`./connections/failing/clusters/${clusterId(cluster)}/run`);
  await page.getByRole("button", { name: "Run again" }).click();
}

const cases = [
  { cluster: "sentinel-500", heading: "Outcome unknown", says: "what became of it is not known", state: "Unknown outcome" },
  { cluster: "sentinel-html-200", heading: "Outcome unknown", says: "what became of it is not known", state: "Unknown outcome" },
  { cluster: "sentinel-200-without-id", heading: "Outcome unknown", says: "what became of it is not known", state: "Unknown outcome" },
  { cluster: "sentinel-truncated", heading: "Outcome unknown", says: "what became of it is not known", state: "Unknown outcome" },
  { cluster: "sentinel-401", heading: "This did not work", says: "The service refused Howdah's credentials.", state: "Refused" },
  { cluster: "sentinel-redirect-307", heading: "This did not work", says: "which it never follows", state: "Refused" },
];

for (const { cluster, heading, says, state } of cases) {
  test(`${cluster}: ${heading}`, async ({ page }) => {
    await runAgain(page, cluster);
    const alert = page.getByRole("alert");
    await expect(alert).toContainText(heading);
    await expect(alert).toContainText(says);
    // The journal's entry is one click away and says the same.
    await page.getByRole("link", { name: "See the request" }).click();
    await expect(page.locator(".page-head").getByText(state)).toBeVisible();
    await expect(page.getByRole("heading", { name: "What to do" })).toBeVisible();
  });
}

test("a service that hangs: the outcome is unknown, and a second press sends nothing", async ({ page }) => {
  test.setTimeout(150_000);
  await runAgain(page, "sentinel-hang");
  await expect(page.getByText("Sending. This can take a minute.")).toBeVisible();
  const act = page.locator("form button[type=submit]");
  await act.click({ force: true });
  await expect(page.getByRole("alert")).toBeVisible({ timeout: 100_000 });
  await expect(page.getByRole("alert")).toContainText("The service did not answer in time.");
  await page.getByRole("link", { name: "See the request" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Run of sentinel-hang");
  const started = (await runs(page.request, "failing")).filter((run) => run.clusterId === clusterId("sentinel-hang"));
  expect(started).toHaveLength(1);
});

test("a lost reply is settled by the id that the service's console shows", async ({ page }) => {
  await runAgain(page, "sentinel-lost-reply");
  await expect(page.getByRole("alert")).toContainText("Outcome unknown");
  await page.getByRole("link", { name: "See the request" }).click();
  const follow = page.getByRole("button", { name: "Follow this run" });
  await expect(follow).toHaveAttribute("aria-disabled", "true");
  await expect(follow).toHaveAttribute("title", "Enter the id first");

  const id = page.getByLabel("Id of the run at the service");
  await id.fill("req-00000000000000000000000000000000");
  await follow.click();
  await expect(page.getByRole("alert")).toContainText("The service knows no such run of this cluster");

  const run = (await runs(page.request, "failing")).find((one) => one.clusterId === clusterId("sentinel-lost-reply"));
  await id.fill(run?.requestId ?? "");
  await follow.click();
  await expect(page.getByRole("heading", { name: "What to do" })).toBeHidden();
  await expect(page.getByRole("button", { name: `Copy ${run?.requestId}` })).toBeVisible();
  await expect(page.locator(".page-head").getByText(/Accepted|Running|Succeeded/)).toBeVisible();
  const timeline = page.getByRole("region", { name: "What was seen" });
  await expect(timeline).toContainText("The connection to the service broke before the answer was complete.");
  await expect(timeline).toContainText(/Taken in by \S+\./);
});
