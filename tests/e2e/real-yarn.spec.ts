// The console on a real ResourceManager: HOWDAH_URL is a proxy in front of one, HOWDAH_TOKEN lets a person in, and
// HOWDAH_APPLICATIONS are the ids that the ResourceManager itself lists.
import { expect, test } from "@playwright/test";

const url = process.env.HOWDAH_URL ?? "";
const token = process.env.HOWDAH_TOKEN ?? "";
const applications = (process.env.HOWDAH_APPLICATIONS ?? "").split(",").filter(Boolean);

test("the applications of a real ResourceManager are in the table", async ({ page }) => {
  expect(applications).not.toHaveLength(0);
  await page.goto(url);
  await page.getByLabel("Token").fill(token);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("main").getByRole("link", { name: "rm" }).click();
  const table = page.getByRole("table").or(page.getByRole("grid"));
  for (const id of applications) {
    // The table leaves out what every id begins with.
    await expect(table.getByText(id.replace(/^application_/, ""), { exact: true })).toBeVisible();
  }
});
