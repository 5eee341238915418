// The list of all that was confirmed.
import { expect, test } from "./support/sandbox";
import { clusterId } from "./support/site";

test("a run is listed, found by filters, and the address is the list", async ({ page }) => {
  await page.goto(`./connections/failing/clusters/${clusterId("sentinel-200-without-id")}/run`);
  await page.getByRole("button", { name: "Run again" }).click();
  await expect(page.getByRole("alert")).toBeVisible();

  await page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: "Activity" }).click();
  const table = page.getByRole("table", { name: "Activity" });
  const rows = table.getByRole("row").filter({ has: page.getByRole("cell") });
  await expect(rows.filter({ hasText: "Unknown outcome" }).first()).toBeVisible();
  await expect(rows.filter({ hasText: "Succeeded" }).first()).toBeVisible();

  await page.getByRole("group", { name: "State" }).getByRole("button", { name: "Unknown outcome" }).click();
  await expect(rows.filter({ hasText: "Succeeded" })).toHaveCount(0);
  await expect(rows.filter({ hasText: "Unknown outcome" }).first()).toBeVisible();
  await page.getByLabel("Connection").selectOption({ label: "Services that fail" });
  await expect(page).toHaveURL(/connection=failing/);
  await expect(page).toHaveURL(/state=unknown/);

  // Somebody else who opens the link sees the same.
  await page.goto(page.url());
  await expect(rows.filter({ hasText: "Unknown outcome" }).first()).toBeVisible();
  await expect(rows.filter({ hasText: "Succeeded" })).toHaveCount(0);
  await expect(page.getByLabel("Connection")).toHaveValue("failing");

  await page.getByLabel("Connection").selectOption({ label: "Analytics ResourceManager" });
  await expect(page.getByText("No request fits the filters")).toBeVisible();
  await page.getByRole("button", { name: "Clear the filters" }).click();
  await expect(rows.filter({ hasText: "Succeeded" }).first()).toBeVisible();

  await rows.filter({ hasText: "Unknown outcome" }).first().getByRole("link").click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Run of sentinel-200-without-id");
});
