// A real Sahara 19 with its Keystone, from the console: a cluster goes to Active, gets more nodes and less, fails, and is
// terminated. HOWDAH_SAHARA_PROJECT is the file in which the peer says what it has.
import { type APIRequestContext, expect, type Page, test } from "@playwright/test";
import { readFile } from "node:fs/promises";
import { look } from "./support/axe";
import { headers, token, url } from "./support/peer";

type Told = { project: string; images: Record<string, string> };
const NETWORK = "11111111-1111-4111-8111-111111111111";
const fake = { plugin_name: "fake", hadoop_version: "0.1" };
const settled = "html[data-howdah=ready]";

let root = "";
let template = "";
let image = "";

/** Calls the service by way of Howdah, as a script does. */
async function call<T>(request: APIRequestContext, method: string, path: string, status: number, data?: object): Promise<T> {
  const reply = await request.fetch(`${root}/${path}`, { method, headers, data });
  expect(reply.status(), `${method} ${path}: ${await reply.text()}`).toBe(status);
  return (status === 204 ? undefined : await reply.json()) as T;
}

async function open(page: Page, path: string): Promise<void> {
  if ((await page.context().cookies(url)).length === 0) {
    await page.goto(`${url}/?lang=en`);
    await page.getByLabel("Token").fill(token);
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Fleet");
  }
  await page.goto(`${url}/connections/password/${path}`);
  await page.locator(settled).waitFor();
}

const mark = (page: Page) => page.locator(".page-head .mark");
const button = (page: Page, name: string) => page.getByRole("main").getByRole("button", { name, exact: true }).first();
const nodes = (page: Page, group: string) => page.getByRole("table", { name: `Nodes of ${group}` }).getByRole("row");

async function start(request: APIRequestContext, name: string): Promise<string> {
  const body = { ...fake, name, cluster_template_id: template, default_image_id: image, user_keypair_id: "team" };
  return (await call<{ cluster: { id: string } }>(request, "POST", "clusters", 202, body)).cluster.id;
}

async function terminate(page: Page, name: string): Promise<void> {
  await button(page, "Terminate").click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel(`Type ${name} to confirm`).fill(name);
  await dialog.getByRole("button", { name: "Terminate the cluster" }).click();
  await expect(page.getByText("The service does not know it any more.")).toBeVisible({ timeout: 60_000 });
}

test.describe.configure({ mode: "serial", timeout: 240_000 });

test.beforeAll(async ({ playwright }) => {
  const request = await playwright.request.newContext();
  const told: Told = JSON.parse(await readFile(process.env.HOWDAH_SAHARA_PROJECT ?? "", "utf8"));
  root = `${url}/api/connections/password/v1.0/${told.project}`;
  image = told.images["hadoop-fake"] ?? "";
  await call(request, "POST", `images/${image}`, 202, { username: "ubuntu" });
  await call(request, "POST", `images/${image}/tag`, 202, { tags: ["fake", "0.1"] });
  const groups = [];
  for (const [name, count, node_processes] of [
    ["console-master", 1, ["namenode", "jobtracker"]],
    ["console-worker", 2, ["datanode", "tasktracker"]],
  ] as const) {
    const body = { ...fake, name, flavor_id: "42", node_processes };
    const made = await call<{ node_group_template: { id: string } }>(request, "POST", "node-group-templates", 202, body);
    groups.push({ name: name.replace("console-", ""), count, node_group_template_id: made.node_group_template.id });
  }
  const body = { ...fake, name: "console", neutron_management_network: NETWORK, node_groups: groups };
  template = (await call<{ cluster_template: { id: string } }>(request, "POST", "cluster-templates", 202, body)).cluster_template.id;
  await request.dispose();
});

test.afterAll(async ({ playwright }) => {
  const request = await playwright.request.newContext();
  await call(request, "DELETE", `cluster-templates/${template}`, 204);
  const list = await call<{ node_group_templates: { id: string }[] }>(request, "GET", "node-group-templates", 200);
  for (const { id } of list.node_group_templates) await call(request, "DELETE", `node-group-templates/${id}`, 204);
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
  await expect(page.getByText("No clusters", { exact: true })).toBeVisible({ timeout: 60_000 });
});
