// The frame, the fleet and the applications, as they stand in front of the sandbox.
import { expectNoViolations } from "./support/axe";
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

for (const colorScheme of ["light", "dark"] as const) {
  for (const lang of ["en", "ko"]) {
    for (const path of ["", "connections/yarn/applications", "connections/hadoop-eco/clusters", "requests"]) {
      test(`axe finds nothing: /${path} in ${colorScheme}, ${lang}`, async ({ page }) => {
        await page.emulateMedia({ colorScheme });
        await page.goto(`./${path}?lang=${lang}`);
        await page.locator(settled).waitFor();
        await expectNoViolations(page);
      });
    }
  }
}
