// The fleet: each card tells how its service is, what runs, what failed last and what waits, and leads to the cause.
import type { Page } from "@playwright/test";
import { expect, test } from "./support/sandbox";
import { clusterId } from "./support/site";

// Life is as slow as it is: what is under way stays so.
test.use({ sandboxArgs: ["--listen", "127.0.0.1:0", "--pace", "1"] });

const card = (page: Page, title: string) =>
  page.getByRole("listitem").filter({ has: page.getByRole("heading", { level: 2, name: title, exact: true }) });
const rows = (page: Page) => page.getByRole("table", { name: "Activity" }).getByRole("row").filter({ has: page.getByRole("cell") });

test("a card tells whether its service is there and how quickly it answers", async ({ page }) => {
  await page.goto("./");
  for (const title of ["Analytics ResourceManager", "Hadoop Eco", "Hadoop Eco, legacy", "OpenStack Savanna", "Azure CycleCloud"]) {
    await expect(card(page, title)).toContainText("Reachable");
    // Of a pair it is told which one answers.
    await expect(card(page, title).getByText(title === "Analytics ResourceManager" ? /^\d+ ms · \S+$/ : /^\d+ ms$/)).toBeVisible();
  }
});

test("what runs is counted, and the number leads to it", async ({ page }) => {
  await page.goto("./");
  const running = card(page, "Hadoop Eco").getByRole("link", { name: /^Requests running: [1-9]/ });
  const count = Number(await running.textContent());
  await running.click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Activity");
  await expect(rows(page)).toHaveCount(count);
  await expect(rows(page).filter({ hasText: "hourly-sessions" })).toHaveCount(1);
});

test("what failed last is named, and is one press away", async ({ page }) => {
  await page.goto("./");
  const failed = card(page, "Hadoop Eco").getByRole("link", { name: /^Last failure/ });
  await expect(failed).toContainText("geo-index-always-fails");
  await failed.click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Run of geo-index-always-fails");
  const advice = page.getByRole("region", { name: "What to do" });
  await expect(advice).toContainText("The service says that it failed.");
  await advice.getByRole("link", { name: "Run again" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Run geo-index-always-fails again");
});

test("what waits for someone is counted on its card and listed below", async ({ page }) => {
  await page.request.post(`./api/connections/failing/v2/hadoop-eco/clusters/${clusterId("sentinel-200-without-id")}`, { data: {} });
  await page.goto("./");
  const waiting = page.getByRole("table", { name: "Waits for someone" });
  const run = waiting.getByRole("link", { name: "Run of sentinel-200-without-id" });
  await expect(run.first()).toBeVisible();
  await card(page, "Services that fail").getByRole("link", { name: /^Requests unsettled: [1-9]/ }).click();
  await expect(rows(page).filter({ hasText: "Unknown outcome" }).first()).toBeVisible();
  await page.goBack();
  await run.first().click();
  await expect(page.getByRole("region", { name: "What to do" })).toContainText("Look in the console of the service before you run it again");
});
