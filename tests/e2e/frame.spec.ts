// The frame around the pages, the fleet and the applications.
import { expect, test } from "./support/sandbox";

const settled = "html[data-howdah=ready]";

test("the fleet shows every connection and leads to it", async ({ page }) => {
  await page.goto("./");
  await page.locator(settled).waitFor();
  const ecos = ["Hadoop Eco", "Hadoop Eco, legacy", "Services that fail"];
  for (const title of [...ecos, "Analytics ResourceManager", "OpenStack Savanna", "Azure CycleCloud"]) {
    await expect(page.getByRole("main").getByRole("link", { name: title, exact: true })).toBeVisible();
  }
  await page.getByRole("main").getByRole("link", { name: "Analytics ResourceManager", exact: true }).click();
  await expect(page).toHaveURL(/connections\/yarn/);
  const heading = page.getByRole("heading", { level: 1 });
  await expect(heading).toHaveText("Overview");
  await page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: "Applications" }).click();
  await expect(heading).toHaveText("Applications");
  await expect(page.getByRole("grid").getByText(/^\d+_\d{4}$/).first()).toBeVisible();
});

test("a link to a page shows that page", async ({ page }) => {
  await page.goto("./connections/yarn/applications?lang=ko");
  await page.locator(settled).waitFor();
  await expect(page.locator("html")).toHaveAttribute("lang", "ko");
  await expect(page.getByRole("grid").getByText(/^\d+_\d{4}$/).first()).toBeVisible();
});

test("language and theme are chosen in the bar and remembered", async ({ page }) => {
  await page.goto("./");
  await page.getByRole("button", { name: "Language" }).click();
  await page.getByRole("button", { name: "한국어" }).click();
  const heading = page.getByRole("heading", { level: 1 });
  await expect(heading).toHaveText("전체 현황");
  await page.getByRole("button", { name: "테마" }).click();
  await page.getByRole("button", { name: "다크" }).click();
  await page.reload();
  await expect(heading).toHaveText("전체 현황");
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
});

test("on a phone the pages are in a sheet", async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto("./");
  await page.locator(settled).waitFor();
  await page.getByRole("button", { name: "Pages" }).click();
  await page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: "Activity" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Activity");
  await expect(page.getByRole("navigation", { name: "Pages" })).toBeHidden();
});

test("what cannot be asked keeps its last picture with its age, and recovers", async ({ context, page }) => {
  await page.goto("./connections/hadoop-eco/clusters");
  const cluster = page.getByRole("link", { name: "nightly-etl", exact: true });
  await expect(cluster).toBeVisible();
  await context.setOffline(true);
  await page.getByRole("button", { name: /Ask again now/ }).click();
  const note = page.getByText("Howdah cannot be reached from this browser.");
  await expect(note).toBeVisible();
  await expect(cluster).toBeVisible();
  await context.setOffline(false);
  await page.getByRole("button", { name: /Ask again now/ }).click();
  await expect(note).toBeHidden();
});

test("a page in a portal's frame has neither bar nor rail, and stays so", async ({ page }) => {
  await page.goto("./connections/hadoop-eco/clusters?embed&lang=en");
  await page.getByRole("link", { name: "nightly-etl", exact: true }).click();
  for (const again of [false, true]) {
    if (again) await page.reload();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("nightly-etl");
    await expect(page.getByRole("banner")).toHaveCount(0);
    await expect(page.getByRole("navigation")).toHaveCount(0);
  }
});
