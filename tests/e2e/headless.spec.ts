import { expect, test } from "./support/sandbox";

test("a cluster is run again with more workers and followed", async ({ page }) => {
  await page.goto("./connections/hadoop-eco/clusters?lang=en");
  await page.locator("html[data-howdah=ready]").waitFor();
  await page.getByRole("link", { name: "geo-index-always-fails", exact: true }).click();
  await page.getByRole("link", { name: "Run again", exact: true }).click();
  await page.getByLabel("Workers", { exact: true }).fill("6");
  await page.getByRole("button", { name: "Run again with 6 workers" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Run of geo-index-always-fails");
  await expect(page.getByRole("main").getByText("Creating").first()).toBeVisible({ timeout: 30_000 });
});

test("a service that fails is told of in a sentence, with the way to its entry", async ({ page }) => {
  await page.goto("./connections/failing/clusters?lang=en");
  await page.getByRole("link", { name: "sentinel-500", exact: true }).click();
  await page.getByRole("link", { name: "Run again", exact: true }).click();
  await page.getByRole("button", { name: "Run again" }).click();
  await expect(page.getByRole("alert")).toContainText("Something broke. Try again later.");
  await expect(page.getByRole("link", { name: "See the request" })).toBeVisible();
});
