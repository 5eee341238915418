// CycleCloud's clusters: the list of them, and what binds each kind of machine of one.
import { look } from "./support/axe";
import { at, cycleBehaves, open } from "./support/cyclecloud";
import { alone, expect, test } from "./support/sandbox";

const LIST = "./connections/cyclecloud/clusters";

test("the fleet leads to the clusters, and a row to its page, also where the name holds a slash", async ({ page }) => {
  await open(page, "./");
  await page.getByRole("main").getByRole("link", { name: "Azure CycleCloud", exact: true }).click();
  await expect(page).toHaveURL(/connections\/cyclecloud\/clusters/);
  const row = page.getByRole("row").filter({ hasText: "render / night" });
  await expect(row).toContainText("Started");
  await expect(row).toContainText("3 / 12");
  await expect(page.getByRole("row").filter({ hasText: "trial" })).toContainText("Never started");
  await row.getByRole("link", { name: "render / night" }).click();
  await expect(page).toHaveURL(/clusters\/render%20%2F%20night$/);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("render / night");
  await page.reload();
  await expect(page.getByRole("heading", { level: 3, name: "frames" })).toBeVisible();
});

test("the limit that binds is marked, and the others stand below it", async ({ page }) => {
  await open(page, at("genomics"));
  const bucket = page.getByRole("article", { name: "Standard_HB120rs_v3" });
  await expect(bucket).toContainText(/\d+ more nodes fit\. What binds: Family quota\./);
  const limits = bucket.getByRole("table", { name: "Limits" }).getByRole("row");
  await expect(limits.nth(1)).toContainText("binds");
  await expect(limits.nth(1)).toContainText("of 1,440 cores");
  await expect(limits.filter({ hasText: "binds" })).toHaveCount(1);
  await expect(bucket).toContainText(/hpc-\S+: \d of 8 nodes/);
  // Spot machines have no quota of a family.
  const spot = page.locator(".array").filter({ has: page.getByRole("heading", { name: "htc" }) });
  await expect(spot).not.toContainText("Family quota");
  await expect(spot).toContainText("Spot");
});

test("a failure of capacity and a machine type that is switched off are told as what they are", async ({ page }) => {
  await open(page, at("genomics"));
  const failed = page.getByRole("article", { name: "Standard_D4s_v5" });
  await expect(failed).toContainText(/Azure had no capacity for it \d+ min ago\./);
  const disabled = page.getByRole("article", { name: "Standard_D3", exact: true });
  await expect(disabled).toContainText("No more nodes fit. No node can be made of this machine type: machine type is disabled.");
});

alone.use({ ignoreHTTPSErrors: true });

alone("an older server tells less, and a server without a list leaves those of the configuration", async ({ page, request }) => {
  await cycleBehaves(request, { older: true, listing: false });
  await open(page, LIST);
  await expect(page.getByRole("grid").getByRole("row")).toHaveCount(4);
  await open(page, at("genomics"));
  await expect(page.getByRole("article", { name: "Standard_HB120rs_v3" })).toContainText("Quota");
  await look(page);
});

alone("a service that fails is told on the page, and what was seen stays", async ({ page, request }) => {
  alone.setTimeout(150_000);
  await cycleBehaves(request, { fault: { kind: "error", operation: "ShowStatus" } });
  await page.goto(at("genomics"));
  await expect(page.getByRole("alert").first()).toContainText("500");
  await cycleBehaves(request, {});
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByRole("heading", { name: "execute" })).toBeVisible({ timeout: 45_000 });
  await cycleBehaves(request, { fault: { kind: "sign-in", operation: "ShowStatus" } });
  await page.getByRole("button", { name: /Ask again now/ }).click();
  await expect(page.locator(".stale")).toBeVisible();
  await expect(page.getByRole("heading", { name: "execute" })).toBeVisible();
});
