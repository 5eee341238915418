// Savanna's templates, of groups of nodes and of clusters: every action, each with what the service then tells.
import type { APIRequestContext, Page } from "@playwright/test";
import { readFile } from "node:fs/promises";
import { alone, calls, expect, test } from "./support/sandbox";
import { savannaBehaves as behaves } from "./support/savanna";
import { at, made, ready, told } from "./support/savanna-told";
import { clusterId } from "./support/site";

type Nodes = { id: string; name: string; flavor_id: string; node_processes: string[]; node_configs: Record<string, object> };
type Whole = { id: string; name: string; description?: string; node_groups: { name: string; count: number }[] };

const nodes = async (request: APIRequestContext, name: string) => {
  const { node_group_templates } = await told<{ node_group_templates: Nodes[] }>(request, "node-group-templates");
  return node_group_templates.find((one) => one.name === name);
};
const whole = async (request: APIRequestContext, name: string) => {
  const { cluster_templates } = await told<{ cluster_templates: Whole[] }>(request, "cluster-templates");
  return cluster_templates.find((one) => one.name === name);
};

const json = (page: Page) => page.getByRole("region", { name: "As it is sent" }).locator("pre");

/** Types what every template needs. */
async function fill(page: Page, name: string) {
  await page.getByLabel("Name", { exact: true }).first().fill(name);
  await page.getByLabel("Plugin", { exact: true }).selectOption("vanilla");
  // There is one version alone.
  await expect(page.getByLabel("Version", { exact: true })).toHaveValue("1.2.1");
}

test("a node group template is made with options that are searched among others", async ({ page }) => {
  await page.goto(at("node-group-templates"));
  await page.getByRole("link", { name: "New node group template" }).click();
  const create = page.getByRole("button", { name: "Create the template" });
  await expect(create).toHaveAttribute("aria-disabled", "true");
  await fill(page, "1st");
  await expect(page.getByText("1 to 50 letters, digits, dashes and dots")).toBeVisible();
  await page.getByLabel("Name", { exact: true }).fill("data");
  await page.getByLabel("Flavor").fill("m1.large");
  await expect(page.locator("#form-flavor_id-fault")).toBeVisible();
  await page.getByLabel("Flavor").fill("42");
  await page.getByRole("checkbox", { name: "datanode" }).check();
  await page.getByText("Set an option").click();
  await page.getByLabel("Find an option").fill("heap hdfs");
  await page.getByRole("button", { name: "Set data_node_heap_size" }).click();
  await page.getByLabel("HDFS: data_node_heap_size").fill("much");
  await expect(page.getByText("Enter a whole number")).toBeVisible();
  await expect(create).toHaveAttribute("aria-disabled", "true");
  await page.getByLabel("HDFS: data_node_heap_size").fill("2048");
  await expect(json(page)).toContainText('"data_node_heap_size": 2048');
  await create.click();
  await expect(page).toHaveURL(/\/node-group-templates\/[0-9a-f-]{36}$/);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("data");
  await expect(page.locator(".facts")).toContainText("datanode");
  expect((await nodes(page.request, "data"))?.node_configs).toMatchObject({ HDFS: { data_node_heap_size: 2048 } });
});

test("a template is copied; a name that another has is refused at the field", async ({ page }) => {
  const worker = await nodes(page.request, "worker");
  await page.goto(at(`node-group-templates/${worker?.id}`));
  await page.getByRole("link", { name: "Copy" }).click();
  await expect(page.getByLabel("Flavor")).toHaveValue("42");
  await expect(page.getByRole("checkbox", { name: "tasktracker" })).toBeChecked();
  await page.getByLabel("Name", { exact: true }).fill("worker");
  await page.getByRole("button", { name: "Create the template" }).click();
  await expect(page.getByRole("alert")).toContainText("already exists");
  await expect(page.locator("#form-name-fault")).toContainText("already exists");
  await page.getByLabel("Name", { exact: true }).fill("worker-two");
  await page.getByRole("button", { name: "Create the template" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("worker-two");
  const made = await nodes(page.request, "worker-two");
  expect(made?.node_processes).toEqual(worker?.node_processes);
});

test("a service that cannot edit a template is said to be one", async ({ page }) => {
  const master = await nodes(page.request, "master");
  await page.goto(at(`node-group-templates/${master?.id}`));
  await expect(page.getByRole("button", { name: "Edit" })).toHaveAttribute("title", /cannot edit templates/);
});

alone("a template is edited where the service can, and nothing else is sent than what changed", async ({ page }) => {
  await behaves(page.request, { dialect: "today" });
  const todays = await nodes(page.request, "master");
  await page.goto(at(`node-group-templates/${todays?.id}/edit`));
  await expect(page.getByLabel("Flavor")).toHaveValue("42");
  const save = page.getByRole("button", { name: "Save the changes" });
  await expect(save).toHaveAttribute("title", "Nothing is changed");
  await page.getByLabel("Flavor").fill("4");
  await expect(json(page)).toHaveText(/^\{\s*"flavor_id": "4"\s*\}$/);
  await save.click();
  await expect(page).toHaveURL(new RegExp(`/node-group-templates/${todays?.id}$`));
  expect((await nodes(page.request, "master"))?.flavor_id).toBe("4");
  expect((await calls(page.request, "savanna")).EditNodeGroupTemplate).toBe(1);
});

alone("shares are mounted by a template: said at their fields, kept in an edit, and taken along", async ({ page }) => {
  await behaves(page.request, { dialect: "today" });
  const [known, nowhere] = [clusterId("a share"), "00000000-0000-4000-8000-000000000000"];
  type Share = { id: string; path?: string; access_level: string };
  const shares = async (name: string) => ((await nodes(page.request, name)) as { shares?: Share[] } | undefined)?.shares;
  await page.goto(at("node-group-templates/new"));
  await page.getByLabel("Name", { exact: true }).first().fill("mounts");
  await page.getByLabel("Plugin", { exact: true }).selectOption("fake");
  await page.getByLabel("Flavor").fill("42");
  await page.getByRole("checkbox", { name: "datanode" }).check();
  await page.getByText("Everything else").click();
  await page.getByRole("button", { name: "Add a share" }).click();
  await page.getByRole("button", { name: "Add a share" }).click();
  const [first, second] = [1, 2].map((number) => page.getByRole("group", { name: `Share ${number}`, exact: true }));
  const create = page.getByRole("button", { name: "Create the template" });
  await first!.getByLabel("Id of the share").fill("nfs");
  await expect(first!.locator(".field-fault:visible")).toHaveCount(1);
  await expect(create).toHaveAttribute("aria-disabled", "true");
  await first!.getByLabel("Id of the share").fill(known!);
  await first!.getByLabel("Mounted at").fill("/data");
  await first!.getByLabel("Access").selectOption("Read only");
  await second!.getByLabel("Id of the share").fill(nowhere!);
  await second!.getByLabel("Mounted at").fill("data");
  await expect(second!.locator(".field-fault:visible")).toHaveText("A path that begins with a slash.");
  await second!.getByLabel("Mounted at").fill("/data");
  await expect(second!.locator(".field-fault:visible")).toHaveText("Another is mounted here.");
  await second!.getByLabel("Mounted at").fill("/more");
  // What only the service knows is said at the same field.
  await create.click();
  await expect(second!.locator(".field-fault:visible")).toContainText("does not exist");
  await page.reload();
  await page.getByText("Everything else").click();
  await expect(first!.getByLabel("Mounted at")).toHaveValue("/data");
  await second!.getByRole("button", { name: "Remove the share" }).click();
  await create.click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("mounts");
  await expect(page.locator(".facts")).toContainText(`${known} → /data (Read only)`);
  expect(await shares("mounts")).toEqual([{ id: known, path: "/data", access_level: "ro" }]);

  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Export as JSON" }).click();
  const exported = JSON.parse(await readFile(await (await download).path(), "utf8"));
  expect(exported.shares).toEqual([{ id: known, path: "/data", access_level: "ro" }]);

  await page.getByRole("button", { name: "Edit" }).click();
  await page.getByText("Everything else").click();
  await expect(first!.getByLabel("Access")).toHaveValue("ro");
  await first!.getByRole("button", { name: "Remove the share" }).click();
  await expect(json(page)).toHaveText(/^\{\s*"shares": \[\]\s*\}$/);
  await page.getByRole("button", { name: "Save the changes" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("mounts");
  expect(await shares("mounts")).toEqual([]);
});

alone("what the service gives in pages is there whole, and in the order that is asked for", async ({ page }) => {
  await behaves(page.request, { dialect: "today" });
  const names = ["delta", "alpha", "echo", "charlie", "bravo"];
  const of = { plugin_name: "fake", hadoop_version: "0.1", flavor_id: "42", node_processes: ["datanode"] };
  for (const name of names) await made(page.request, "node-group-templates", { ...of, name });
  await behaves(page.request, { dialect: "today", page: 2 });
  type Page = { node_group_templates: object[]; markers?: { next?: string } };
  const first = await told<Page>(page.request, "node-group-templates");
  expect([first.node_group_templates.length, typeof first.markers?.next]).toEqual([2, "string"]);
  const all = ["alpha", "bravo", "charlie", "delta", "echo", "master", "worker"];
  const shown = page.getByRole("grid").getByRole("link");
  await page.goto(at("node-group-templates"));
  await expect(shown).toHaveText(all);
  await page.getByRole("columnheader", { name: "Name" }).getByRole("button").click();
  await expect(shown).toHaveText(all.toReversed());
  // What is made meanwhile on whichever page is seen too.
  await made(page.request, "node-group-templates", { ...of, name: "foxtrot" });
  await page.getByRole("button", { name: /Ask again now/ }).click();
  await expect(shown).toHaveText(["worker", "master", "foxtrot", "echo", "delta", "charlie", "bravo", "alpha"]);
  // A form has all to choose from.
  await page.goto(at("cluster-templates/new?plugin=fake&version=0.1"));
  await page.getByRole("button", { name: "Add a group" }).click();
  await expect(page.getByLabel("Node group template").locator("option")).toHaveCount(9);
});

test("a template that is in use is kept, and it is said by whom", async ({ page }) => {
  const worker = await nodes(page.request, "worker");
  await page.goto(at(`node-group-templates/${worker?.id}`));
  await page.getByRole("button", { name: "Delete", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "Delete worker" });
  await dialog.getByRole("button", { name: "Delete the template" }).click();
  await expect(dialog.getByRole("alert")).toContainText("one-and-three");
});

test("a cluster template is made of groups, exported, imported and deleted", async ({ page }) => {
  await page.goto(at("cluster-templates/new"));
  await fill(page, "pair");
  await page.getByRole("button", { name: "Add a group" }).click();
  const group = page.locator(".form-group").first();
  await group.getByLabel("Node group template").selectOption({ label: "master" });
  await group.getByLabel("Name", { exact: true }).fill("head");
  await page.getByRole("button", { name: "Add a group" }).click();
  const second = page.locator(".form-group").nth(1);
  await second.getByLabel("Name", { exact: true }).fill("head");
  await expect(page.getByText("Another node group has this name")).toBeVisible();
  await second.getByLabel("Name", { exact: true }).fill("tail");
  const tail = page.getByRole("group", { name: "tail", exact: true });
  await tail.getByLabel("Nodes", { exact: true }).fill("2");
  await tail.getByLabel("Flavor").fill("42");
  await tail.getByRole("checkbox", { name: "datanode" }).check();
  await page.getByRole("button", { name: "Create the template" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("pair");
  expect((await whole(page.request, "pair"))?.node_groups.map(({ name, count }) => [name, count])).toEqual([
    ["head", 1],
    ["tail", 2],
  ]);

  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Export as JSON" }).click();
  const file = await (await download).path();
  const exported = JSON.parse(await readFile(file, "utf8"));
  expect(exported.node_groups[0]).toMatchObject({ name: "head", flavor_id: "42" });
  expect(exported.id).toBeUndefined();

  await page.goto(at("cluster-templates/new"));
  await page.getByText("Import JSON").click();
  await page.getByLabel("A file").setInputFiles({ name: "pair.json", mimeType: "application/json", buffer: await readFile(file) });
  await expect(page.getByLabel("Name", { exact: true }).first()).toHaveValue("pair");
  await page.getByLabel("Name", { exact: true }).first().fill("pair-two");
  await page.getByRole("button", { name: "Create the template" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("pair-two");
  expect((await whole(page.request, "pair-two"))?.node_groups.length).toBe(2);

  await page.getByRole("button", { name: "Delete", exact: true }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete the template" }).click();
  await expect(page).toHaveURL(/\/cluster-templates$/);
  await ready(page);
  expect(await whole(page.request, "pair-two")).toBeUndefined();
});

test("what the service itself exports is brought, and what it leaves open is told", async ({ page }) => {
  const recorded = await readFile(new URL("../contract/recordings/savanna-sahara-19/ngt-export.json", import.meta.url), "utf8");
  await page.goto(at("node-group-templates/new"));
  await page.getByText("Import JSON").click();
  await page.getByLabel("Or its text").fill(JSON.parse(recorded).body);
  await page.getByRole("button", { name: "Fill in the form" }).click();
  await expect(page.getByText("It leaves open: ")).toContainText("Flavor");
  await expect(page.getByLabel("Name", { exact: true }).first()).toHaveValue("worker");
  await expect(page.getByLabel("Flavor")).toHaveValue("");
  await expect(page.getByRole("button", { name: "Create the template" })).toHaveAttribute("title", "Correct this first: Flavor");
});

test("a text that is no template is said to be none", async ({ page }) => {
  await page.goto(at("node-group-templates/new"));
  await page.getByText("Import JSON").click();
  await page.getByLabel("Or its text").fill("{not json");
  await page.getByRole("button", { name: "Fill in the form" }).click();
  await expect(page.getByText("It cannot be read")).toBeVisible();
});

test("a configuration file becomes a template where the plugin can, and where not it is said", async ({ page }) => {
  await page.goto(at("cluster-templates"));
  await page.getByRole("button", { name: "Convert a file" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Plugin").selectOption("vanilla");
  await dialog.getByLabel("Version").selectOption("1.2.1");
  await dialog.getByLabel("The file's text").fill("[general]\nmasters = 1\n");
  await dialog.getByRole("button", { name: "Convert the file" }).click();
  await expect(dialog.getByRole("alert")).toContainText("doesn't support converting");
  await dialog.getByLabel("Plugin").selectOption("blueprint");
  await dialog.getByLabel("Version").selectOption("1.1");
  await dialog.getByRole("button", { name: "Convert the file" }).click();
  await expect(page).toHaveURL(/\/cluster-templates\/[0-9a-f-]{36}$/);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(/^converted-/);
});

alone("a password among options is shown as a mask, and is not copied", async ({ page }) => {
  await behaves(page.request, { dialect: "today" });
  const secret = "tiger-of-the-kdc";
  const { cluster_template } = await made<{ cluster_template: Whole }>(page.request, "cluster-templates", {
    name: "guarded",
    plugin_name: "fake",
    hadoop_version: "0.1",
    cluster_configs: { Kerberos: { "Admin password": secret } },
  });
  await page.goto(at(`cluster-templates/${cluster_template.id}`));
  await expect(page.getByRole("row").filter({ hasText: "Admin password" })).toContainText("***");
  await page.getByRole("link", { name: "Copy" }).click();
  await expect(page.getByRole("status").filter({ hasText: "secrets among its options" })).toBeVisible();
  await expect(json(page)).not.toContainText("Admin password");
  expect(await page.content()).not.toContain(secret);
});
