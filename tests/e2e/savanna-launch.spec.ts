// Launching a cluster of a Savanna: from a template and from groups, what is refused where, and a reply that is lost.
import type { APIRequestContext, Page } from "@playwright/test";
import { calls, expect, runs, test } from "./support/sandbox";
import { savannaBehaves as behaves } from "./support/savanna";
import { at, ready, told } from "./support/savanna-told";
import { clusterId } from "./support/site";

test.use({ sandboxArgs: ["--listen", "127.0.0.1:0", "--pace", "60"] });
test.afterEach(async ({ page }) => behaves(page.request, {}));

type Cluster = { id: string; name: string; status: string; user_keypair_id?: string; node_groups: { name: string; count: number }[] };

const cluster = async (request: APIRequestContext, name: string) => {
  const { clusters } = await told<{ clusters: Cluster[] }>(request, "clusters");
  return clusters.filter((one) => one.name === name);
};
const started = async (request: APIRequestContext) => (await calls(request, "savanna")).StartCluster ?? 0;

const launch = (page: Page) => page.getByRole("button", { name: "Launch the cluster" });
const name = (page: Page) => page.locator("#form-name");

/** Types what a cluster of one node needs. */
async function fill(page: Page, called: string) {
  await name(page).fill(called);
  await page.getByLabel("Image", { exact: true }).selectOption({ label: "hadoop" });
  await page.getByRole("button", { name: "Add a group" }).click();
  const group = page.locator(".form-group").first();
  await group.getByLabel("Name", { exact: true }).fill("master");
  await group.getByLabel("Flavor").fill("42");
  await group.getByRole("checkbox", { name: "namenode", exact: true }).check();
}

test("a cluster is launched of a template, and its page comes next", async ({ page }) => {
  await page.goto(at("cluster-templates"));
  await page.getByRole("link", { name: "one-and-three" }).click();
  await page.getByRole("link", { name: "Launch a cluster" }).click();
  await expect(page.getByLabel("Version", { exact: true })).toHaveValue("1.2.1");
  await expect(page.getByText("It gets the groups of its template.")).toBeVisible();
  await expect(launch(page)).toHaveAttribute("title", /Name/);
  await name(page).fill("from-template");
  await page.getByLabel("Image", { exact: true }).selectOption({ label: "hadoop" });
  await page.getByLabel("Key pair").fill("team");
  const json = page.getByRole("region", { name: "As it is sent" }).locator("pre");
  await expect(json).toContainText('"user_keypair_id": "team"');
  await launch(page).click();
  await expect(page).toHaveURL(/\/clusters\/[0-9a-f-]{36}$/);
  const [made] = await cluster(page.request, "from-template");
  expect(made?.user_keypair_id).toBe("team");
  expect(page.url()).toContain(made?.id ?? "?");
});

test("a cluster is launched of groups, with options; what is known is suggested", async ({ page }) => {
  await page.goto(at("launch?plugin=vanilla&version=1.2.1"));
  await name(page).fill("from-groups");
  // Both key pairs that Nova has, of which one is in use; the flavors by their names.
  await expect(page.locator("#known-key-pairs option")).toHaveCount(2);
  await page.getByLabel("Image", { exact: true }).selectOption({ label: "hadoop" });
  await page.getByRole("button", { name: "Add a group" }).click();
  const first = page.locator(".form-group").first();
  await first.getByLabel("Name", { exact: true }).fill("master");
  await first.getByLabel("Flavor").fill("42");
  await expect(first.getByText("m1.medium, 2 vCPU, 4 GiB")).toBeVisible();
  await first.getByRole("checkbox", { name: "namenode", exact: true }).check();
  await first.getByRole("checkbox", { name: "jobtracker" }).check();
  await page.locator("#form-options ~ details summary").click();
  await page.locator("#form-find").fill("dfs.replication");
  await page.getByRole("button", { name: "Set dfs.replication" }).click();
  await page.getByLabel("HDFS: dfs.replication").fill("1");
  await launch(page).click();
  await expect(page).toHaveURL(/\/clusters\/[0-9a-f-]{36}$/);
  const [made] = await cluster(page.request, "from-groups");
  expect(made?.node_groups.map(({ name, count }) => [name, count])).toEqual([["master", 1]]);
});

test("the form says what is wrong before anything is sent, and the service where it knows better", async ({ page }) => {
  await page.goto(at("launch?plugin=vanilla&version=1.2.1"));
  const before = await started(page.request);
  await name(page).fill("n".repeat(51));
  await expect(page.locator("#form-name-fault")).toContainText("1 to 50");
  await expect(launch(page)).toHaveAttribute("aria-disabled", "true");
  await name(page).fill("refused");
  await page.getByLabel("Key pair").fill("a/b");
  await expect(page.locator("#form-user_keypair_id-fault")).toContainText("Letters");
  await page.getByLabel("Key pair").fill("nobody");
  await page.getByLabel("Image", { exact: true }).selectOption({ label: "hadoop" });
  expect(await started(page.request)).toBe(before);
  await launch(page).click();
  await expect(page.getByRole("alert")).toContainText("Requested keypair 'nobody' not found");
  await expect(page.locator("#form-user_keypair_id-fault")).toContainText("not found");
  await expect(name(page)).toHaveValue("refused");
  // What is corrected is sent anew.
  await page.getByLabel("Key pair").fill("team");
  await expect(page.locator("#form-user_keypair_id-fault")).toBeHidden();
});

test("a template's groups are changed for one cluster, and saved as a template of their own", async ({ page }) => {
  await page.goto(at("cluster-templates"));
  await page.getByRole("link", { name: "one-and-three" }).click();
  await page.getByRole("link", { name: "Launch a cluster" }).click();
  await name(page).fill("wider");
  await page.getByRole("button", { name: "Change the groups" }).click();
  const workers = page.getByRole("group", { name: "worker", exact: true });
  await expect(workers.getByLabel("Nodes", { exact: true })).toHaveValue("3");
  await workers.getByLabel("Nodes", { exact: true }).fill("5");
  await page.getByRole("button", { name: "Save as template" }).click();
  await expect(page.getByText("The template is saved")).toBeVisible();
  type Whole = { name: string; node_groups: { name: string; count: number }[] };
  const { cluster_templates } = await told<{ cluster_templates: Whole[] }>(page.request, "cluster-templates");
  const saved = cluster_templates.find((one) => one.name === "wider");
  expect(saved?.node_groups.find((group) => group.name === "worker")?.count).toBe(5);
});

test("what is typed outlives a reload", async ({ page }) => {
  await page.goto(at("launch?plugin=vanilla&version=1.2.1"));
  await name(page).fill("kept");
  await page.getByRole("button", { name: "Add a group" }).click();
  await page.locator(".form-group").getByLabel("Name", { exact: true }).fill("master");
  await page.reload();
  await ready(page);
  await expect(name(page)).toHaveValue("kept");
  await expect(page.locator(".form-group").getByLabel("Name", { exact: true })).toHaveValue("master");
  await page.getByRole("button", { name: "Begin anew" }).click();
  await expect(name(page)).toHaveValue("");
});

test("a reply that is lost leaves one cluster, and the journal knows which", async ({ page }) => {
  await page.goto(at("launch?plugin=vanilla&version=1.2.1"));
  await fill(page, "one-lost-reply");
  await launch(page).click();
  await expect(page.getByRole("alert")).toContainText("not known");
  await expect(page.getByRole("link", { name: "See the request" })).toBeVisible();
  // The same again is asked for, and not done again.
  await launch(page).click();
  await expect(page.getByRole("alert")).toContainText("not known");
  expect(await cluster(page.request, "one-lost-reply")).toHaveLength(1);
  expect((await runs(page.request, "savanna")).length).toBeGreaterThan(0);
  const left = page.getByRole("status").filter({ hasText: "A cluster of this name is there" });
  await expect(left.getByRole("link")).toHaveAttribute("href", /\/clusters\/[0-9a-f-]{36}$/);
});

test("while an outcome is open nothing else is sent in its place, also after a reload", async ({ page }) => {
  const tried = "tried-lost-reply";
  await page.goto(at("launch?plugin=vanilla&version=1.2.1"));
  await fill(page, tried);
  await launch(page).click();
  await expect(page.getByRole("alert")).toContainText("not known");
  await page.reload();
  await expect(name(page)).toHaveValue(tried);
  await name(page).fill("other-name");
  await launch(page).click();
  await expect(page.getByRole("alert")).toContainText("was another change, so nothing was sent");
  await launch(page).click();
  await expect(page.getByRole("alert")).toContainText("was another change, so nothing was sent");
  expect(await cluster(page.request, "other-name")).toHaveLength(0);
  // Only who has looked begins anew.
  await page.getByRole("button", { name: "I looked: begin anew" }).click();
  await launch(page).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("other-name");
  expect(await cluster(page.request, tried)).toHaveLength(1);
});

test("an image is registered on the spot, with the tags that the plugin needs", async ({ page }) => {
  await page.goto(at("launch?plugin=vanilla&version=1.2.1"));
  await ready(page);
  await page.getByRole("button", { name: "Register an image" }).click();
  const dialog = page.getByRole("dialog", { name: "Register an image" });
  await expect(dialog.getByLabel("Tags", { exact: true })).toHaveValue("vanilla, 1.2.1");
  await dialog.getByLabel("Id", { exact: true }).fill(clusterId("hadoop-vanilla"));
  await dialog.getByLabel("User", { exact: true }).fill("cloud-user");
  await dialog.getByRole("button", { name: "Register the image" }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByLabel("Image", { exact: true })).toHaveValue(clusterId("hadoop-vanilla"));
  await expect(page.getByLabel("Image", { exact: true }).locator("option:checked")).toHaveText("hadoop-vanilla");
});
