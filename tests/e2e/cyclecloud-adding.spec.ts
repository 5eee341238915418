// Adding nodes to a CycleCloud cluster, scaling an array, and what the cluster used.
import { look } from "./support/axe";
import { at, begun, cycleBehaves, nodes, open, paths } from "./support/cyclecloud";
import { alone, expect, test } from "./support/sandbox";

alone.use({ ignoreHTTPSErrors: true, sandboxArgs: ["--listen", "127.0.0.1:0", "--pace", "20"] });

const note = (page: import("@playwright/test").Page) => page.getByRole("status", { name: "Outcome" });

alone("nodes are added with a name, and the page leads to them", async ({ page, request }) => {
  await open(page, at("genomics"));
  await page.getByRole("main").getByRole("button", { name: "Add nodes" }).first().click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Add nodes to genomics");
  await page.getByLabel("Machine type").selectOption("Standard_F32s_v2");
  await page.getByLabel("How many", { exact: true }).fill("2");
  await page.getByLabel("Name format").fill("night-%d");
  await page.getByLabel("Attributes (JSON)").fill('{"Tags": {"team": "night"}}');
  await look(page);
  await page.getByRole("button", { name: "Add 2 nodes" }).click();
  await expect(note(page)).toContainText("2 of 2 nodes added");
  await look(page);
  const [made] = await begun(request);
  expect(made).toMatchObject({ cluster: "genomics", nodes: 2, requestId: expect.stringMatching(/./) });
  await note(page).getByRole("link", { name: "See the nodes" }).click();
  await expect(page.getByRole("grid")).toHaveAttribute("aria-rowcount", "3");
  await expect(page.getByRole("row").filter({ hasText: "night-1" })).toBeVisible();
});

alone("of more than fit as many are added as can be, and it is said why not all", async ({ page }) => {
  await open(page, at("genomics", "/add?array=hpc"));
  await page.getByLabel("How many", { exact: true }).fill("500");
  await expect(page.getByText("More than fit: CycleCloud adds as many as it can")).toBeVisible();
  await page.getByRole("button", { name: "Add 500 nodes" }).click();
  await expect(note(page)).toContainText(/\d+ of 500 nodes added/);
  await expect(note(page)).toContainText("is reached");
});

alone("nodes are added by cores, as the whole nodes that have at least so many", async ({ page, request }) => {
  await open(page, at("genomics", "/add?array=execute"));
  await page.getByRole("radio", { name: "Cores" }).check();
  await page.getByLabel("How many", { exact: true }).fill("33");
  await expect(page.locator(".field-fault:visible")).toHaveText(["Choose a machine type: how many cores a node has depends on it"]);
  await expect(page.locator("form button[type=submit]")).toHaveAttribute("aria-disabled", "true");
  await page.getByLabel("Machine type").selectOption("Standard_F32s_v2");
  await expect(page.getByText("2 nodes × 32 cores = 64 cores; cores are rounded up to whole nodes.")).toBeVisible();
  await expect(page).toHaveURL(/by=cores/);
  await look(page);
  await page.getByRole("button", { name: "Add 2 nodes" }).click();
  await expect(note(page)).toContainText("2 of 2 nodes added");
  expect(await begun(request)).toMatchObject([{ cluster: "genomics", nodes: 2 }]);
});

alone("where the answer to adding nodes is lost they are counted, and nothing is sent twice", async ({ page, request }) => {
  await cycleBehaves(request, { fault: { kind: "lost-reply", operation: "CreateNodes", times: 1 } });
  await open(page, at("genomics", "/add?array=execute&machine=Standard_F32s_v2"));
  await page.getByLabel("How many", { exact: true }).fill("3");
  await page.getByRole("button", { name: "Add 3 nodes" }).click();
  await expect(note(page)).toContainText("its answer was lost. 3 of the 3 nodes asked for are there now.", { timeout: 45_000 });
  await look(page);
  expect(await begun(request)).toMatchObject([{ cluster: "genomics", nodes: 3 }]);
  await note(page).getByRole("link", { name: "See the nodes" }).click();
  await expect(page.getByRole("grid")).toHaveAttribute("aria-rowcount", "4");
});

alone("where the answer to a scale is lost it is told that the array has as much", async ({ page, request }) => {
  await cycleBehaves(request, { fault: { kind: "lost-reply", operation: "ScaleNodeArray", times: 1 } });
  const before = (await nodes(request, "genomics")).filter(({ Template }) => Template === "execute").length;
  await open(page, at("genomics", "/scale?array=execute"));
  await page.getByLabel("In all").fill(`${before + 1}`);
  await page.getByRole("button", { name: `Scale to ${before + 1} nodes` }).click();
  await expect(note(page)).toContainText("The array has as much as was asked for.", { timeout: 45_000 });
});

alone("a placement group binds those that are to be in it", async ({ page, request }) => {
  const one = (await nodes(request, "genomics")).find(({ PlacementGroupId }) => PlacementGroupId);
  await open(page, at("genomics", `/add?array=${one?.Template}`));
  await page.getByLabel("Placement group").fill(one?.PlacementGroupId ?? "");
  await expect(page.getByRole("table", { name: "Limits" }).getByRole("row", { name: /^Placement group/ })).toContainText("of 8 nodes");
});

alone("the page of a request says what to do about it, and leads there", async ({ page, request }) => {
  const change = async (below: string, data?: object) => {
    const reply = await request.post(`${paths("genomics")}${below}`, { data });
    return reply.headers()["howdah-request-id"] ?? "";
  };
  const advice = page.getByRole("region", { name: "What to do" });
  await open(page, `./requests/${await change("/scale/nobody?totalNodeCount=5")}`);
  await expect(advice).toContainText("CycleCloud refused what was asked for. Nothing was changed.");
  await expect(page.getByRole("main").getByText("there is no nodearray nobody")).toBeVisible();
  await look(page);
  const sets = [{ count: 500, nodearray: "hpc" }];
  await change("/nodes/create", { sets });
  await open(page, `./requests/${await change("/nodes/create", { sets })}`);
  await expect(advice).toContainText("No node was added.");
  await advice.getByRole("link", { name: "See the cluster" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("genomics");
});

test("what is wrong is said at its field, and nothing is sent", async ({ page }) => {
  await open(page, at("genomics", "/add"));
  await page.getByLabel("How many", { exact: true }).fill("0");
  await page.getByLabel("Name format").fill("night");
  await page.getByLabel("Attributes (JSON)").fill("[1]");
  await expect(page.locator(".field-fault:visible")).toHaveText(["At least 1", "%d must stand in it once, where the number goes", "Not a JSON object"]);
  await expect(page.locator("form button[type=submit]")).toHaveAttribute("aria-disabled", "true");
  await look(page);
});

test("of a machine type that is switched off none can be added", async ({ page }) => {
  await open(page, at("genomics", "/add?array=gpu&machine=Standard_D3"));
  await expect(page.getByText("No node can be made of this machine type").first()).toBeVisible();
  await expect(page.locator("form button[type=submit]")).toHaveAttribute("aria-disabled", "true");
});

alone("an array is scaled by nodes, and only adds", async ({ page, request }) => {
  const before = (await nodes(request, "genomics")).filter(({ Template }) => Template === "execute").length;
  await open(page, at("genomics", "/scale?array=execute"));
  await expect(page.getByText("Scaling only adds")).toBeVisible();
  await page.getByLabel("In all").fill(`${before}`);
  await expect(page.locator(".field-fault:visible")).toContainText(`It has ${before} already; scaling only adds.`);
  await page.getByLabel("In all").fill(`${before + 2}`);
  await expect(page.getByText("Adds 2 nodes.")).toBeVisible();
  await look(page);
  await page.getByRole("button", { name: `Scale to ${before + 2} nodes` }).click();
  await expect(note(page)).toContainText("2 of 2 nodes added");
});

alone("an array is scaled by cores", async ({ page }) => {
  await open(page, at("render / night", "/scale?by=cores"));
  await page.getByLabel("In all").fill("160");
  await page.getByRole("button", { name: "Scale to 160 cores" }).click();
  await expect(note(page)).toContainText("2 nodes added");
});

test("usage is told by parts and over time, with a table and a file, and costs are estimates", async ({ page }) => {
  await open(page, at("genomics", "/usage?span=last-month"));
  await expect(page.getByText("Costs are estimates by Azure's retail prices")).toBeVisible();
  await expect(page.getByRole("region", { name: "Sums" })).toContainText("execute");
  await expect(page.getByRole("img", { name: /^htc over time/ })).toBeVisible();
  await page.getByRole("button", { name: "Machine type" }).click();
  await expect(page.getByRole("region", { name: "Sums" })).toContainText("Standard_HB120rs_v3");
  await page.getByRole("button", { name: "Priority" }).click();
  await expect(page.getByRole("region", { name: "Sums" })).toContainText("Spot");
  await page.getByRole("button", { name: "Cost (estimate)" }).click();
  await page.getByText("Table: cost (estimate)").click();
  await expect(page.getByRole("region", { name: "Table: cost (estimate)" }).getByRole("row").nth(1)).toContainText("$");
  await look(page);
  const [saved] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Save as CSV" }).click()]);
  expect(saved.suggestedFilename()).toBe("howdah-usage-genomics.csv");
});

test("a range of one's own is asked for once it is one", async ({ page }) => {
  await open(page, at("genomics", "/usage?span=range"));
  await expect(page.locator(".field-fault:visible").first()).toHaveText("Needed for a range");
  await page.getByLabel("From").fill("2026-10-05");
  await page.getByLabel("Until (not included)").fill("2026-10-04");
  await expect(page.locator(".field-fault:visible")).toHaveText(["After the beginning"]);
  await page.getByLabel("Until (not included)").fill("2026-10-08");
  await page.getByText("Table: core hours").click();
  await expect(page.getByRole("region", { name: "Table: core hours" }).getByRole("row")).toHaveCount(4);
  await page.getByRole("button", { name: "By hour" }).click();
  await expect(page.getByRole("region", { name: "Table: core hours" }).getByRole("row")).toHaveCount(73);
});
