// Savanna's plugins: what they run, and thousands of options that are searched while typing.
import { alone, expect, test } from "./support/sandbox";
import { savannaBehaves as behaves } from "./support/savanna";
import { at, ready } from "./support/savanna-told";

test("each plugin leads to its versions, and a version says what it runs", async ({ page }) => {
  await page.goto(at("plugins"));
  const plugin = page.getByRole("listitem").filter({ has: page.getByRole("heading", { name: "Vanilla Apache Hadoop" }) });
  await expect(plugin).toContainText("vanilla");
  await plugin.getByRole("link", { name: "1.2.1" }).click();
  await expect(page).toHaveURL(/\/plugins\/vanilla\/1\.2\.1$/);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("vanilla 1.2.1");
  await page.getByText("Processes and image tags").click();
  await expect(page.locator(".facts")).toContainText("namenode, datanode, secondarynamenode");
  await expect(page.locator(".facts")).toContainText("vanilla, 1.2.1");
});

alone("two thousand options are there at once and filter while one types", async ({ page }) => {
  await behaves(page.request, { dialect: "today" });
  await page.goto(at("plugins"));
  await ready(page);
  await page.getByRole("link", { name: "2.7.5" }).click();
  const table = page.getByRole("grid", { name: "vanilla 2.7.5" });
  await expect(table).toBeVisible();
  await expect(table).toHaveAttribute("aria-rowcount", "2008");
  // Of which only those are drawn that can be seen.
  expect(await table.getByRole("row").count()).toBeLessThan(100);
  await page.getByRole("searchbox", { name: "Find an option" }).pressSequentially("option.199");
  // 199, and 1990 to 1999.
  await expect(table).toHaveAttribute("aria-rowcount", "12");
  await page.getByRole("button", { name: /^YARN/ }).click();
  await expect(page).toHaveURL(/state=YARN/);
  await expect(page.getByRole("row").nth(1)).toContainText("yarn.option.1");
  await page.getByRole("searchbox", { name: "Find an option" }).fill("nothing of the kind");
  await expect(page.getByText("No option fits")).toBeVisible();
  await page.locator(".blank").getByRole("button", { name: "Clear the filters" }).click();
  await expect(table).toHaveAttribute("aria-rowcount", "2008");
});

test("options are filtered by their type and scope, and the address keeps it", async ({ page }) => {
  await page.goto(at("plugins/vanilla/1.2.1?scope=cluster&type=int"));
  const table = page.getByRole("grid");
  await expect(table).toBeVisible();
  const rows = Number(await table.getAttribute("aria-rowcount"));
  expect(rows).toBeGreaterThan(2);
  expect(rows).toBeLessThan(30);
  await expect(page.getByRole("row").filter({ hasText: "dfs.replication" })).toContainText("3");
});

test("a plugin that is not there is said to be gone, and one that cannot be read may be asked for again", async ({ page }) => {
  await page.goto(at("plugins/nobody/1"));
  await expect(page.getByRole("alert")).toContainText("nobody");
  // One that nobody has looked at: of the others there is a picture.
  await behaves(page.request, { fault: { kind: "error", operation: "ShowPluginVersion" } });
  await page.goto(at("plugins/blueprint/1.1"));
  await expect(page.getByRole("alert")).toBeVisible();
  await behaves(page.request, {});
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByRole("grid", { name: "blueprint 1.1" })).toBeVisible();
});
