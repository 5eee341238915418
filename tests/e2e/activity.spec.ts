// The list of all that was confirmed.
import { readFile } from "node:fs/promises";
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

test("what fits the filters is saved for spreadsheets", async ({ page }) => {
  await page.goto("./requests?connection=hadoop-eco&state=failed");
  const table = page.getByRole("table", { name: "Activity" });
  await expect(table.getByRole("row").filter({ hasText: "geo-index-always-fails" }).first()).toBeVisible();
  const saved = page.waitForEvent("download");
  await page.getByRole("button", { name: "Save as CSV" }).click();
  const file = await saved;
  expect(file.suggestedFilename()).toBe("howdah-activity.csv");
  const text = await readFile(await file.path(), "utf8");
  const [head = "", ...lines] = text.trimEnd().split("\r\n");
  expect(head).toMatch(/^\ufeffid,created,connection,operation,target,name,principal,state,/);
  const { requests }: { requests: { id: string }[] } = await (await page.request.get("./api/requests?connection=hadoop-eco&state=failed")).json();
  expect(lines.map((line) => line.split(",")[0])).toEqual(requests.map(({ id }) => id));
  for (const line of lines) expect(line).toContain(",hadoop-eco,StartRework,");
});
