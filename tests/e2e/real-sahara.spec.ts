// A real Sahara 19 with its Keystone, from the console: a cluster goes to Active, gets more nodes and less, fails, and is
// terminated.
import { type APIRequestContext, expect, test } from "@playwright/test";
import { look } from "./support/axe";
import { button, call, fake, imageOf, mark, NETWORK, nodes, open, terminate } from "./support/sahara";

let template = "";
let image = "";
const groups: string[] = [];

async function start(request: APIRequestContext, name: string): Promise<string> {
  const body = { ...fake, name, cluster_template_id: template, default_image_id: image, user_keypair_id: "team" };
  return (await call<{ cluster: { id: string } }>(request, "POST", "clusters", 202, body)).cluster.id;
}

test.describe.configure({ mode: "serial", timeout: 240_000 });

test.beforeAll(async ({ playwright }) => {
  const request = await playwright.request.newContext();
  image = await imageOf("hadoop-fake");
  await call(request, "POST", `images/${image}`, 202, { username: "ubuntu" });
  await call(request, "POST", `images/${image}/tag`, 202, { tags: ["fake", "0.1"] });
  const node_groups = [];
  for (const [name, count, node_processes] of [
    ["console-master", 1, ["namenode", "jobtracker"]],
    ["console-worker", 2, ["datanode", "tasktracker"]],
  ] as const) {
    const body = { ...fake, name, flavor_id: "42", node_processes };
    const made = await call<{ node_group_template: { id: string } }>(request, "POST", "node-group-templates", 202, body);
    groups.push(made.node_group_template.id);
    node_groups.push({ name: name.replace("console-", ""), count, node_group_template_id: made.node_group_template.id });
  }
  const body = { ...fake, name: "console", neutron_management_network: NETWORK, node_groups };
  template = (await call<{ cluster_template: { id: string } }>(request, "POST", "cluster-templates", 202, body)).cluster_template.id;
  await request.dispose();
});

test.afterAll(async ({ playwright }) => {
  const request = await playwright.request.newContext();
  await call(request, "DELETE", `cluster-templates/${template}`, 204);
  for (const id of groups) await call(request, "DELETE", `node-group-templates/${id}`, 204);
  await call(request, "DELETE", `images/${image}`, 204);
  await request.dispose();
});

test("a cluster goes to Active, gets more nodes and a new group, then less, and is terminated", async ({ page, request }) => {
  const id = await start(request, "from-the-console");
  await open(page, `clusters/${id}`);
  await expect(page.getByRole("region", { name: "Being started" })).toBeVisible();
  await expect(mark(page)).toHaveText("Active", { timeout: 90_000 });
  await expect(nodes(page, "worker")).toHaveCount(3);
  await expect(page.getByRole("table", { name: "Steps" })).toContainText("Create Heat stack");
  await expect(page.locator(".health")).toContainText("Healthy", { timeout: 60_000 });
  await look(page);

  await button(page, "Scale").click();
  const form = page.locator("form");
  await form.getByLabel("worker", { exact: true }).fill("3");
  await form.getByRole("button", { name: "Add a node group" }).click();
  await form.getByLabel("Node group template").selectOption("console-worker");
  await form.getByLabel("Name").fill("more");
  await expect(form.getByRole("region", { name: "What changes" }).getByRole("row")).toHaveCount(3);
  await look(page);
  await form.getByRole("button", { name: "Scale to 5 nodes" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("from-the-console");
  await expect(nodes(page, "more")).toHaveCount(2, { timeout: 90_000 });
  await expect(mark(page)).toHaveText("Active", { timeout: 90_000 });
  await expect(nodes(page, "worker")).toHaveCount(4);

  await open(page, `clusters/${id}/scale`);
  await form.getByLabel("more", { exact: true }).fill("0");
  await form.getByLabel("worker", { exact: true }).fill("1");
  await form.getByRole("button", { name: "Scale to 2 nodes" }).click();
  await expect(page.getByRole("heading", { level: 3, name: "more" })).toHaveCount(0, { timeout: 90_000 });
  await expect(mark(page)).toHaveText("Active", { timeout: 90_000 });
  await expect(nodes(page, "worker")).toHaveCount(2);

  await terminate(page, "from-the-console");
  const done = page.getByRole("table", { name: "Done here" });
  await expect(done.getByRole("link", { name: "Scaling of a cluster" })).toHaveCount(2);
  await expect(done.getByRole("link", { name: "Termination of a cluster" })).toHaveCount(1);
});

test("more nodes than there is room for are refused, and the cluster stays as it was", async ({ page, request }) => {
  const id = await start(request, "quota");
  await open(page, `clusters/${id}`);
  await expect(mark(page)).toHaveText("Active", { timeout: 90_000 });
  await open(page, `clusters/${id}/scale`);
  await page.getByLabel("worker", { exact: true }).fill("900");
  await page.getByRole("button", { name: "Scale to 901 nodes" }).click();
  await expect(page.getByRole("alert")).toContainText("Quota exceeded");
  await open(page, `clusters/${id}`);
  await expect(mark(page)).toHaveText("Active");
  await expect(page.getByRole("region", { name: "What the service says" })).toContainText("Quota exceeded");
  await terminate(page, "quota");
});

test("one that fails stays in Error, says why, and is terminated from the list", async ({ page, request }) => {
  const id = await start(request, "stackfail");
  await open(page, `clusters/${id}`);
  await expect(mark(page)).toHaveText("Error", { timeout: 90_000 });
  await expect(page.getByRole("region", { name: "What the service says" })).toContainText("No valid host");
  await look(page);
  await open(page, "clusters?state=Error");
  await expect(page.getByRole("status").filter({ hasText: "1 cluster is in Error." })).toBeVisible();
  await look(page);
  await page.getByRole("row").filter({ hasText: "stackfail" }).getByRole("checkbox").click();
  await page.getByRole("button", { name: "Terminate 1 cluster" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Type stackfail to confirm").fill("stackfail");
  await dialog.getByRole("button", { name: "Terminate 1 cluster" }).click();
  await dialog.getByRole("button", { name: "Close" }).click();
  // Among those in Error it is not seen any more as soon as it is being deleted; among all it is until it is gone.
  await open(page, "clusters");
  await expect(page.getByRole("row").filter({ hasText: "stackfail" })).toHaveCount(0, { timeout: 60_000 });
});
