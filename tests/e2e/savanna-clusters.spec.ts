// Savanna's clusters: the list of them, each one's page, and what can be done there.
import type { Page } from "@playwright/test";
import { look } from "./support/axe";
import { alone, expect, test } from "./support/sandbox";
import { cluster, clusters, comesTo, paths, savannaBehaves, start } from "./support/savanna";

const settled = "html[data-howdah=ready]";
const LIST = "./connections/savanna/clusters";

// A start takes four seconds, so that what passes can be seen.
test.use({ sandboxArgs: ["--listen", "127.0.0.1:0", "--pace", "80"] });
alone.use({ sandboxArgs: ["--listen", "127.0.0.1:0", "--pace", "80"] });

const row = (page: Page, name: string) => page.getByRole("row").filter({ hasText: name });
const heading = (page: Page) => page.getByRole("heading", { level: 1 });
const button = (page: Page, name: string) => page.getByRole("main").getByRole("button", { name, exact: true }).first();

async function open(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await page.locator(settled).waitFor();
}

test("the fleet leads to the clusters, and a row leads to its page", async ({ page }) => {
  await open(page, "./");
  await page.getByRole("main").getByRole("link", { name: "OpenStack Savanna", exact: true }).click();
  await expect(page).toHaveURL(/connections\/savanna\/clusters/);
  await expect(heading(page)).toHaveText("Clusters");
  await expect(row(page, "night")).toContainText("Active");
  await expect(row(page, "night")).toContainText("vanilla");
  await row(page, "night").getByRole("link", { name: "night" }).click();
  await expect(heading(page)).toHaveText("night");
});

test("a cluster is found by the address of one of its nodes, and the link shows a colleague the same", async ({ page, request }) => {
  const address = (await cluster(request, "night")).node_groups[1]?.instances[0]?.internal_ip ?? "";
  expect(address).toMatch(/^10\./);
  await open(page, LIST);
  await page.getByRole("searchbox").fill(address);
  await expect(page.getByRole("grid")).toHaveAttribute("aria-rowcount", "2");
  await page.getByRole("searchbox").fill("nobody");
  await expect(page.getByText("No cluster fits the filters")).toBeVisible();
  await open(page, `${LIST}?q=${address}&plugin=vanilla%201.2.1&sort=-nodes&cols=name,nodes,id`);
  await expect(row(page, "night")).toContainText((await cluster(request, "night")).id);
});

test("a start is seen along its stages until it is active, and the journal remembers it", async ({ page, request }) => {
  const id = await start(request, "seen-to-start");
  await page.goto(`${LIST}/${id}`);
  const stages = page.getByRole("region", { name: "Being started" }).getByRole("listitem");
  await expect(stages.filter({ hasText: "Active" })).toHaveCount(1);
  await expect(page.locator(".stage[aria-current=step]")).toHaveCount(1);
  await expect(page.locator(".page-head .mark")).toHaveText("Active");
  await expect(stages).toHaveCount(0);
  await expect(page.getByRole("table", { name: "Nodes of worker" }).getByRole("row")).toHaveCount(4);
  await expect(page.getByRole("table", { name: "Done here" }).getByRole("link", { name: "Start of seen-to-start" })).toBeVisible();
});

test("its page tells what it is made of, where its services are, and what differs from the plugin", async ({ page, request }) => {
  await open(page, `${LIST}/${(await cluster(request, "night")).id}`);
  const main = page.getByRole("main");
  await expect(main.getByRole("table", { name: "Nodes of master" })).toContainText("night-master-001");
  const link = main.getByRole("link", { name: /^http:\/\/172\.18\..*:50070$/ });
  await expect(link).toHaveAttribute("rel", "noopener noreferrer");
  await expect(main.getByText("None: all is as the plugin has it.")).toBeVisible();
  await main.getByText("As the service says it").click();
  await expect(page.locator("pre").last()).toContainText('"name": "night"');
});

test("an option that was set otherwise stands beside what the plugin has", async ({ page, request }) => {
  const { plugin_name, hadoop_version } = await cluster(request, "night");
  const told = await (await request.get(`${await paths(request)}/plugins/${plugin_name}/${hadoop_version}`)).json();
  const option = told.plugin.configs.find(
    (one: { config_type: string; scope: string; default_value: unknown }) =>
      one.config_type === "int" && one.scope === "cluster" && one.default_value !== null,
  );
  const value = Number(option.default_value) + 1;
  const id = await start(request, "set-otherwise", { cluster_configs: { [option.applicable_target]: { [option.name]: value } } });
  await open(page, `${LIST}/${id}`);
  const options = page.getByRole("table", { name: "Options that differ from the plugin" });
  await expect(options.getByRole("row")).toHaveCount(2);
  await expect(options).toContainText(option.name);
  await expect(options).toContainText(`${value}`);
  await expect(options).toContainText(`${option.default_value}`);
});

test("a cluster is terminated once its name is typed, seen until it is gone, and its history stays", async ({ page, request }) => {
  const id = await start(request, "short-lived");
  await comesTo(request, "short-lived", "Active");
  await open(page, `${LIST}/${id}`);
  await button(page, "Terminate").click();
  const dialog = page.getByRole("dialog");
  const act = dialog.getByRole("button", { name: "Terminate the cluster" });
  await dialog.getByLabel("Type short-lived to confirm").fill("short");
  await expect(act).toHaveAttribute("aria-disabled", "true");
  await look(page);
  await dialog.getByLabel("Type short-lived to confirm").fill("short-lived");
  await act.click();
  await expect(dialog).toHaveCount(0);
  await expect(page.getByText("The service does not know it any more.")).toBeVisible({ timeout: 45_000 });
  await expect(page.locator(".page-head .mark")).toHaveText("Terminated");
  await look(page);
  // Whoever comes later is told so too.
  await page.reload();
  await page.locator(settled).waitFor();
  const done = page.getByRole("table", { name: "Done here" });
  await expect(done.getByRole("link", { name: "Termination of a cluster" })).toBeVisible();
  await done.getByRole("link", { name: "Start of short-lived" }).click();
  await expect(heading(page)).toHaveText("Start of short-lived");
  await expect(page.getByRole("link", { name: "short-lived", exact: true })).toHaveAttribute("href", new RegExp(`/clusters/${id}$`));
});

test("several are terminated at once, and leave the list as they end", async ({ page, request }) => {
  for (const name of ["batch-a", "batch-b", "batch-c"]) await start(request, name);
  await open(page, `${LIST}?q=batch-`);
  await expect(page.getByRole("grid")).toHaveAttribute("aria-rowcount", "4");
  await page.getByRole("checkbox", { name: "Select all that fit the filters" }).click();
  const bar = page.getByRole("region", { name: "Selection" });
  await bar.getByRole("button", { name: "Terminate 3 clusters" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByRole("listitem")).toHaveCount(3);
  await dialog.getByLabel("Type 3 to confirm").fill("3");
  await look(page);
  await dialog.getByRole("button", { name: "Terminate 3 clusters" }).click();
  await expect(dialog.getByText("3 of 3 answered")).toBeVisible();
  await dialog.getByRole("button", { name: "Close" }).click();
  // Where a pointer is, no row goes away.
  await page.mouse.move(0, 0);
  await page.getByRole("searchbox").focus();
  await expect(page.getByText("No cluster fits the filters")).toBeVisible({ timeout: 45_000 });
  expect((await clusters(request)).filter(({ name }) => name.startsWith("batch-"))).toEqual([]);
});

test("what a start that failed leaves behind is told of above the list", async ({ page, request }) => {
  await start(request, "left-stackfail");
  await comesTo(request, "left-stackfail", "Error");
  await open(page, LIST);
  await page.getByRole("status").filter({ hasText: "in Error" }).getByRole("link", { name: "Show them" }).click();
  await expect(page).toHaveURL(/state=Error/);
  await expect(row(page, "night")).toHaveCount(0);
  await row(page, "left-stackfail").getByRole("link").click();
  await expect(page.getByRole("region", { name: "What the service says" })).toContainText("stays in Error until somebody terminates it");
  await expect(button(page, "Scale")).toHaveAttribute("title", /Only an active cluster can be scaled\./);
  await expect(page.getByRole("table", { name: "Done here" })).toContainText("Failed");
});

test("more nodes and a new group are one request, whose difference is shown before", async ({ page, request }) => {
  const id = await start(request, "grows");
  await comesTo(request, "grows", "Active");
  await open(page, `${LIST}/${id}`);
  await button(page, "Scale").click();
  await expect(heading(page)).toHaveText("Scale grows");
  const form = page.locator("form");
  const act = (nodes: number) => form.getByRole("button", { name: `Scale to ${nodes} nodes` });
  await expect(act(4)).toHaveAttribute("aria-disabled", "true");

  await form.getByLabel("worker", { exact: true }).fill("-1");
  await expect(form.getByText("It must be 0 or more.")).toBeVisible();
  await form.getByLabel("worker", { exact: true }).fill("5");
  await form.getByRole("button", { name: "Add a node group" }).click();
  await expect(form.getByText("Choose a template.")).toBeVisible();
  await form.getByLabel("Node group template").selectOption("worker");
  // The cluster has a group of that name.
  await expect(form.getByLabel("Name")).toHaveValue("worker-2");
  await form.getByLabel("Count").fill("2");
  await page.reload();
  const draft = form.getByText("This is what was typed here before and not sent.");
  await expect(draft).toBeVisible();
  await expect(form.getByLabel("Node group template").locator("option:checked")).toHaveText("worker");
  const changes = form.getByRole("region", { name: "What changes" });
  await expect(changes.getByRole("row").nth(1)).toHaveText(/worker\s*3\s*5 \(\+2\)/);
  await expect(changes.getByRole("row").nth(2)).toHaveText(/worker-2\s*New\s*2 \(\+2\)/);
  await look(page);
  await act(8).click();

  await expect(heading(page)).toHaveText("grows");
  await expect(page.locator(".page-head .mark")).toHaveText("Active", { timeout: 45_000 });
  await expect(page.getByRole("table", { name: "Nodes of worker-2" }).getByRole("row")).toHaveCount(3, { timeout: 45_000 });
  const grown = await cluster(request, "grows");
  expect(grown.node_groups.map(({ name, count }) => `${name} ${count}`).sort()).toEqual(["master 1", "worker 5", "worker-2 2"]);
  await expect(page.getByRole("table", { name: "Done here" }).getByRole("link", { name: "Scaling of a cluster" })).toHaveCount(1);

  await open(page, `${LIST}/${id}/scale`);
  await expect(draft).toHaveCount(0);
  await form.getByLabel("worker-2", { exact: true }).fill("0");
  await expect(changes).toContainText("Nodes are taken away");
  await act(6).click();
  await expect(page.getByRole("heading", { level: 3, name: "worker-2" })).toHaveCount(0, { timeout: 45_000 });
});

test("a refusal of the service stands at the field that it names", async ({ page, request }) => {
  const id = await start(request, "only-workers");
  await comesTo(request, "only-workers", "Active");
  await open(page, `${LIST}/${id}/scale`);
  await page.getByLabel("master", { exact: true }).fill("2");
  await page.getByRole("button", { name: "Scale to 5 nodes" }).click();
  const field = page.getByLabel("master", { exact: true });
  await expect(field).toHaveAttribute("aria-invalid", "true");
  await expect(page.locator(".field-fault:visible")).toContainText("Chosen node group master cannot be scaled");
  await expect(page.getByRole("alert")).toContainText("cannot be scaled");
  await look(page);
  // It holds as long as nobody changes what was sent.
  await field.fill("1");
  await expect(field).not.toHaveAttribute("aria-invalid", "true");
});

alone.describe("as slow as it can be seen", () => {
  alone.use({ sandboxArgs: ["--listen", "127.0.0.1:0", "--pace", "3"] });
  alone("today's service looks how well a cluster is when asked, and an end is seen", async ({ page, request }) => {
    await savannaBehaves(request, { dialect: "today" });
    const { id } = await cluster(request, "night");
    await open(page, `${LIST}/${id}`);
    const health = page.locator(".health");
    await expect(health).toContainText("Healthy");
    await health.getByRole("button", { name: "Check now" }).click();
    await expect(health).toContainText("Checking");
    await expect(health.getByRole("button", { name: "Check now" })).toHaveAttribute("title", "A check is under way.");
    await expect(page.getByRole("table", { name: "Checks" })).toContainText("Check of instances accessibility", { timeout: 45_000 });
    await look(page);
    await expect(page.getByRole("table", { name: "Done here" }).getByRole("link", { name: "Health check of a cluster" })).toBeVisible();

    await button(page, "Terminate").click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Type night to confirm").fill("night");
    await dialog.getByRole("button", { name: "Terminate the cluster" }).click();
    await expect(page.locator(".page-head .mark")).toHaveText("Deleting");
    await expect(page.getByRole("region", { name: "Being terminated" })).toBeVisible();
    await open(page, LIST);
    await expect(row(page, "night")).toContainText("Deleting");
  });
});

alone("today's service tells its steps, and which of them failed", async ({ page, request }) => {
  await savannaBehaves(request, { dialect: "today" });
  const id = await start(request, "checked");
  await page.goto(`${LIST}/${id}`);
  await expect(page.getByRole("table", { name: "Steps" })).toContainText("Create Heat stack");
  await expect(page.locator(".page-head .mark")).toHaveText("Active", { timeout: 45_000 });
  await expect(page.locator(".health")).toContainText("Healthy", { timeout: 45_000 });

  const broken = await start(request, "broken-stackfail");
  await comesTo(request, "broken-stackfail", "Error");
  await open(page, `${LIST}/${broken}`);
  const failed = page.getByRole("table", { name: "Steps" }).getByRole("row").filter({ hasText: "Failed" });
  await expect(failed).toContainText("No valid host was found");
  await look(page);
});
