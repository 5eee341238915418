// A real Sahara 19 with its Keystone and its Glance, from the console: its images, plugins and templates, and a cluster that
// is launched of what was made.
import { type APIRequestContext, expect, type Page, test } from "@playwright/test";
import { readFile } from "node:fs/promises";
import { look } from "./support/axe";
import { button, call, imageOf, mark, NETWORK, nodes, open, terminate } from "./support/sahara";

type Image = { id: string; username: string; tags: string[] };
type Nodes = { id: string; name: string; flavor_id: string; node_processes: string[]; node_configs: object };
type Whole = { id: string; name: string; description: string | null; node_groups: { name: string; count: number }[] };

const nodesNamed = async (request: APIRequestContext, name: string) => {
  const told = await call<{ node_group_templates: Nodes[] }>(request, "GET", "node-group-templates", 200);
  return told.node_group_templates.find((one) => one.name === name);
};
const wholeNamed = async (request: APIRequestContext, name: string) => {
  const told = await call<{ cluster_templates: Whole[] }>(request, "GET", "cluster-templates", 200);
  return told.cluster_templates.find((one) => one.name === name);
};

const title = (page: Page) => page.getByRole("heading", { level: 1 });
const name = (page: Page) => page.getByLabel("Name", { exact: true }).first();
const json = (page: Page) => page.getByRole("region", { name: "As it is sent" }).locator("pre");
const link = (page: Page, text: string) => page.getByRole("main").getByRole("link", { name: text, exact: true }).first();

/** Chooses the plugin whose clusters need no machines. */
async function plugin(page: Page): Promise<void> {
  await page.getByLabel("Plugin", { exact: true }).selectOption("fake");
  await expect(page.getByLabel("Version", { exact: true })).toHaveValue("0.1");
}

/** Presses an act of the page's and answers its question. */
async function confirmed(page: Page, act: string, answer: string) {
  await button(page, act).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: answer }).click();
  return dialog;
}

test.describe.configure({ mode: "serial", timeout: 240_000 });

let image = "";
test.beforeAll(async () => {
  image = await imageOf("ubuntu-plain");
});

test("an image of Glance is registered with all tags of a plugin, and its tags are changed", async ({ page, request }) => {
  await open(page, "images");
  await button(page, "Register an image").click();
  const dialog = page.getByRole("dialog", { name: "Register an image" });
  // What Glance has is offered by its name, and the name of what is chosen is said.
  const offered = dialog.locator("#stored-images option");
  await expect(offered).toHaveCount(3);
  const id = await dialog.locator("#stored-images option[label=ubuntu-plain]").getAttribute("value");
  expect(id).toBe(image);
  await dialog.getByLabel("Id", { exact: true }).fill(image);
  await expect(dialog.locator("#image-id-hint")).toHaveText("ubuntu-plain");
  await dialog.getByLabel("User", { exact: true }).fill("ubuntu");
  await dialog.getByLabel("All tags of a plugin").selectOption("fake 0.1");
  await dialog.getByRole("button", { name: "Add its tags" }).click();
  await dialog.getByRole("button", { name: "Register the image" }).click();
  await expect(dialog).toBeHidden();
  await page.mouse.move(0, 0);
  await expect(page.getByRole("row").filter({ hasText: "ubuntu-plain" })).toContainText("fake");
  await look(page);

  await open(page, `images/${image}`);
  await expect(title(page)).toHaveText("ubuntu-plain");
  const own = (tag: string) => page.locator(".tag-own").filter({ hasText: tag });
  await page.getByLabel("New tag").fill("console");
  await page.getByRole("button", { name: "Add the tag" }).click();
  await expect(own("console")).toBeVisible();
  await page.getByRole("button", { name: "Take the tag console away" }).click();
  await expect(own("console")).toHaveCount(0);
  await look(page);
  const { images } = await call<{ images: Image[] }>(request, "GET", "images?tags=fake&tags=0.1", 200);
  const found = images.find((one) => one.id === image);
  expect([found?.username, [...(found?.tags ?? [])].sort()]).toEqual(["ubuntu", ["0.1", "fake"]]);
});

test("an image that Glance does not have is refused, and it is said", async ({ page }) => {
  await open(page, "images");
  await button(page, "Register an image").click();
  const dialog = page.getByRole("dialog", { name: "Register an image" });
  await dialog.getByLabel("Id", { exact: true }).fill("99999999-9999-4999-8999-999999999999");
  await dialog.getByLabel("User", { exact: true }).fill("ubuntu");
  await dialog.getByRole("button", { name: "Register the image" }).click();
  await expect(dialog.getByRole("alert")).toContainText("99999999-9999-4999-8999-999999999999");
});

test("the plugins say what they run, and vanilla's two thousand options are searched", async ({ page }) => {
  await open(page, "plugins");
  await expect(page.getByRole("heading", { name: "Vanilla Apache Hadoop" })).toBeVisible();
  await look(page);
  await link(page, "2.7.5").click();
  await expect(title(page)).toHaveText("vanilla 2.7.5");
  const table = page.getByRole("grid", { name: "vanilla 2.7.5" });
  await expect(table).toBeVisible();
  expect(Number(await table.getAttribute("aria-rowcount"))).toBeGreaterThan(2000);
  await page.getByRole("searchbox", { name: "Find an option" }).fill("dfs.replication");
  await expect(page.getByRole("row").filter({ has: page.getByText("dfs.replication", { exact: true }) })).toContainText("3");
  await look(page);
});

test("a node group template is made, copied, edited, exported, imported and deleted", async ({ page, request }) => {
  await open(page, "node-group-templates/new");
  await name(page).fill("real-head");
  await plugin(page);
  await expect(page.locator("#known-flavors option")).toHaveCount(4);
  await page.getByLabel("Flavor").fill("42");
  await expect(page.locator("#form-flavor_id-hint")).toHaveText("m1.medium, 2 vCPU, 4 GiB");
  await page.getByRole("checkbox", { name: "namenode", exact: true }).check();
  await page.getByRole("checkbox", { name: "jobtracker" }).check();
  await look(page);
  await button(page, "Create the template").click();
  await expect(title(page)).toHaveText("real-head");
  await look(page);

  await link(page, "Copy").click();
  await expect(page.getByLabel("Flavor")).toHaveValue("42");
  await name(page).fill("real-head");
  await button(page, "Create the template").click();
  await expect(page.getByRole("alert")).toContainText("already exists");
  await expect(page.locator("#form-name-fault")).toContainText("already exists");
  await name(page).fill("real-worker");
  for (const process of ["namenode", "jobtracker"]) await page.getByRole("checkbox", { name: process, exact: true }).uncheck();
  for (const process of ["datanode", "tasktracker"]) await page.getByRole("checkbox", { name: process, exact: true }).check();
  await button(page, "Create the template").click();
  await expect(title(page)).toHaveText("real-worker");
  expect((await nodesNamed(request, "real-worker"))?.node_processes.sort()).toEqual(["datanode", "tasktracker"]);

  await button(page, "Edit").click();
  await expect(page.getByLabel("Flavor")).toHaveValue("42");
  await page.getByLabel("Flavor").fill("2");
  await expect(json(page)).toHaveText(/^\{\s*"flavor_id": "2"\s*\}$/);
  await button(page, "Save the changes").click();
  await expect(title(page)).toHaveText("real-worker");
  expect((await nodesNamed(request, "real-worker"))?.flavor_id).toBe("2");

  const download = page.waitForEvent("download");
  await button(page, "Export as JSON").click();
  const exported = await readFile(await (await download).path(), "utf8");
  await open(page, "node-group-templates/new");
  await page.getByText("Import JSON").click();
  await page.getByLabel("Or its text").fill(exported);
  await page.getByRole("button", { name: "Fill in the form" }).click();
  await expect(name(page)).toHaveValue("real-worker");
  await name(page).fill("real-spare");
  await page.getByLabel("Flavor").fill("42");
  await button(page, "Create the template").click();
  await expect(title(page)).toHaveText("real-spare");
  expect((await nodesNamed(request, "real-spare"))?.node_processes.sort()).toEqual(["datanode", "tasktracker"]);
  await confirmed(page, "Delete", "Delete the template");
  await expect(page).toHaveURL(/\/node-group-templates$/);
  await expect(page.getByRole("link", { name: "real-worker" })).toBeVisible();
  expect(await nodesNamed(request, "real-spare")).toBeUndefined();
});

test("a flavor that Nova does not have is refused at the field", async ({ page }) => {
  await open(page, "node-group-templates/new");
  await name(page).fill("real-refused");
  await plugin(page);
  await page.getByLabel("Flavor").fill("77");
  await page.getByRole("checkbox", { name: "datanode" }).check();
  await button(page, "Create the template").click();
  await expect(page.getByRole("alert")).toContainText("Requested flavor '77' not found");
  await expect(page.locator("#form-flavor_id-fault")).toContainText("not found");
});

test("a cluster template is made of templates, edited, exported and imported; what it uses is kept", async ({ page, request }) => {
  await open(page, "cluster-templates/new");
  await name(page).fill("real-pair");
  await plugin(page);
  await expect(page.locator("#known-networks option")).toHaveCount(1);
  await page.getByLabel("Network", { exact: true }).fill(NETWORK);
  await expect(page.locator("#form-neutron_management_network-hint")).toHaveText("private");
  for (const [at, [template, group]] of [["real-head", "head"], ["real-worker", "worker"]].entries()) {
    await page.getByRole("button", { name: "Add a group" }).click();
    const added = page.locator(".form-group").nth(at);
    await added.getByLabel("Node group template").selectOption({ label: template });
    await added.getByLabel("Name", { exact: true }).fill(group);
  }
  await look(page);
  await button(page, "Create the template").click();
  await expect(title(page)).toHaveText("real-pair");
  const counts = async (of: string) => (await wholeNamed(request, of))?.node_groups.map(({ name, count }) => [name, count]).sort();
  expect(await counts("real-pair")).toEqual([["head", 1], ["worker", 1]]);
  await look(page);

  await button(page, "Edit").click();
  await expect(page.getByLabel("Network", { exact: true })).toHaveValue(NETWORK);
  await page.getByLabel("Description").fill("of two");
  await expect(json(page)).toHaveText(/^\{\s*"description": "of two"\s*\}$/);
  await button(page, "Save the changes").click();
  await expect(title(page)).toHaveText("real-pair");
  expect((await wholeNamed(request, "real-pair"))?.description).toBe("of two");

  const download = page.waitForEvent("download");
  await button(page, "Export as JSON").click();
  const exported = await readFile(await (await download).path(), "utf8");
  await open(page, "cluster-templates/new");
  await page.getByText("Import JSON").click();
  await page.getByLabel("Or its text").fill(exported);
  await page.getByRole("button", { name: "Fill in the form" }).click();
  await expect(name(page)).toHaveValue("real-pair");
  await name(page).fill("real-pair-two");
  await button(page, "Create the template").click();
  await expect(title(page)).toHaveText("real-pair-two");
  expect(await counts("real-pair-two")).toEqual(await counts("real-pair"));
  await confirmed(page, "Delete", "Delete the template");
  await expect(page).toHaveURL(/\/cluster-templates$/);

  const used = await nodesNamed(request, "real-worker");
  await open(page, `node-group-templates/${used?.id}`);
  const dialog = await confirmed(page, "Delete", "Delete the template");
  await expect(dialog.getByRole("alert")).toContainText("real-pair");
});

test("a file is not converted, as no plugin of today can, and it is said", async ({ page }) => {
  await open(page, "cluster-templates");
  await button(page, "Convert a file").click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Plugin").selectOption("fake");
  await dialog.getByLabel("Version").selectOption("0.1");
  await dialog.getByLabel("Name").fill("real-converted");
  await dialog.getByLabel("The file's text").fill("[general]\n");
  await dialog.getByRole("button", { name: "Convert the file" }).click();
  await expect(dialog.getByRole("alert")).toContainText("doesn't support converting");
});

test("a cluster is launched of the template, and what it is made of is in use meanwhile", async ({ page, request }) => {
  const template = await wholeNamed(request, "real-pair");
  await open(page, `cluster-templates/${template?.id}`);
  await link(page, "Launch a cluster").click();
  await expect(page.getByLabel("Version", { exact: true })).toHaveValue("0.1");
  await name(page).fill("real-launched");
  await page.getByLabel("Image", { exact: true }).selectOption({ label: "ubuntu-plain" });
  await page.getByLabel("Key pair").fill("nobody");
  await button(page, "Launch the cluster").click();
  await expect(page.locator("#form-user_keypair_id-fault")).toContainText("not found");
  await look(page);
  await page.getByLabel("Key pair").fill("team");
  await button(page, "Launch the cluster").click();
  await expect(title(page)).toHaveText("real-launched");
  await expect(mark(page)).toHaveText("Active", { timeout: 90_000 });
  await expect(nodes(page, "worker")).toHaveCount(2);
  const cluster = page.url();

  await open(page, `cluster-templates/${template?.id}`);
  const dialog = await confirmed(page, "Delete", "Delete the template");
  await expect(dialog.getByRole("alert")).toContainText("real-launched");
  await page.goto(cluster);
  await terminate(page, "real-launched");
});

test("a cluster is launched of groups of its own, which are saved as a template", async ({ page, request }) => {
  await open(page, "launch?plugin=fake&version=0.1");
  await name(page).fill("real-own");
  await page.getByLabel("Image", { exact: true }).selectOption({ label: "ubuntu-plain" });
  await page.getByLabel("Network", { exact: true }).fill(NETWORK);
  await page.getByRole("button", { name: "Add a group" }).click();
  const group = page.locator(".form-group").first();
  await group.getByLabel("Name", { exact: true }).fill("all");
  await group.getByLabel("Flavor").fill("42");
  for (const process of ["namenode", "jobtracker", "datanode", "tasktracker"]) {
    await group.getByRole("checkbox", { name: process, exact: true }).check();
  }
  await button(page, "Save as template").click();
  await expect(page.getByText("The template is saved")).toBeVisible();
  const saved = await wholeNamed(request, "real-own");
  expect(saved?.node_groups.map(({ name, count }) => [name, count])).toEqual([["all", 1]]);
  await button(page, "Launch the cluster").click();
  await expect(title(page)).toHaveText("real-own");
  await expect(mark(page)).toHaveText("Active", { timeout: 90_000 });
  await expect(nodes(page, "all")).toHaveCount(2);
  await terminate(page, "real-own");
});

test("what was made is deleted, and the image is unregistered", async ({ page, request }) => {
  for (const one of ["real-pair", "real-own"]) {
    await open(page, `cluster-templates/${(await wholeNamed(request, one))?.id}`);
    await confirmed(page, "Delete", "Delete the template");
    await expect(page).toHaveURL(/\/cluster-templates$/);
  }
  for (const one of ["real-head", "real-worker"]) {
    await open(page, `node-group-templates/${(await nodesNamed(request, one))?.id}`);
    await confirmed(page, "Delete", "Delete the template");
    await expect(page).toHaveURL(/\/node-group-templates$/);
  }
  await open(page, `images/${image}`);
  await confirmed(page, "Unregister", "Unregister the image");
  await expect(page).toHaveURL(/\/images$/);
  const { images } = await call<{ images: Image[] }>(request, "GET", "images", 200);
  expect(images.some((one) => one.id === image)).toBe(false);
});
