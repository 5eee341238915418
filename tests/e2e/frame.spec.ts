// The frame around the pages, the fleet and the applications.
import { expect, test } from "./support/sandbox";

const settled = "html[data-howdah=ready]";

test("the fleet shows every connection and leads to it", async ({ page }) => {
  await page.goto("./");
  await page.locator(settled).waitFor();
  for (const title of ["Hadoop Eco", "Services that fail", "Analytics ResourceManager"]) {
    await expect(page.getByRole("main").getByRole("link", { name: title, exact: true })).toBeVisible();
  }
  await page.getByRole("main").getByRole("link", { name: "Analytics ResourceManager", exact: true }).click();
  await expect(page).toHaveURL(/connections\/yarn/);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Applications");
  await expect(page.getByRole("grid").getByText(/^\d+_\d{4}$/).first()).toBeVisible();
});

test("a link to a page shows that page", async ({ page }) => {
  await page.goto("./connections/yarn/applications?lang=ko");
  await page.locator(settled).waitFor();
  await expect(page.locator("html")).toHaveAttribute("lang", "ko");
  await expect(page.getByRole("grid").getByText(/^\d+_\d{4}$/).first()).toBeVisible();
});
