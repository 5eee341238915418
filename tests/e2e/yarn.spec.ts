// YARN's pages beside the list of applications: what they show, where they lead, and what is done on them.
import type { APIRequestContext, Page } from "@playwright/test";
import { calls, expect, test } from "./support/sandbox";

const at = (page: string) => `./connections/yarn/${page}`;
const ready = (page: Page) => page.locator("html[data-howdah=ready]").waitFor();
const service = "./api/connections/yarn/ws/v1/cluster";

// A sandbox of its own: applications are killed and moved here.
test.use({ sandboxArgs: ["--listen", "127.0.0.1:0", "--clusters", "14"] });

/** An application that lasts, submitted by a script; its id. */
async function submitted(request: APIRequestContext, queue = "default"): Promise<string> {
  const headers = { "Howdah-Client": "test" };
  const taken = await request.post(`${service}/apps/new-application`, { headers });
  expect(taken.status(), await taken.text()).toBe(200);
  const id: string = (await taken.json())["application-id"];
  const reply = await request.post(`${service}/apps`, {
    headers,
    data: {
      "application-id": id,
      "application-name": `lasting-${id.slice(-4)}`,
      queue,
      "am-container-spec": { commands: { command: "sleep 86400" } },
      resource: { memory: 1024, vCores: 1 },
    },
  });
  expect(reply.status(), await reply.text()).toBe(202);
  return id;
}

const state = (page: Page) => page.locator(".page-head-facts .mark");

test("the overview tells what is used, and each number leads to its list", async ({ page }) => {
  await page.goto(at("overview"));
  await ready(page);
  const tile = (name: string) => page.getByRole("listitem").filter({ has: page.getByRole("heading", { name, exact: true }) });
  await expect(tile("Memory").locator(".tile-figure")).toContainText(/[GT]iB of [\d.,]+ [GT]iB/);
  await expect(page.locator(".page-head-facts")).toContainText("ResourceManager 3.4");
  await expect(state(page)).toHaveText("Active");
  // Of a pair it is told which one answers.
  const { server } = await (await page.request.get("./api/health/yarn")).json();
  expect(server).toMatch(/:\d+$/);
  await expect(page.locator(".page-head-facts")).toContainText(server);
  await tile("Nodes").getByRole("link", { name: /unhealthy/i }).click();
  await expect(page).toHaveURL(/\/nodes\?state=UNHEALTHY$/);
  await expect(page.getByRole("row").nth(1)).toContainText("Unhealthy");
});

test("what needs attention leads to its cause", async ({ page }) => {
  await page.goto(at("overview"));
  const attention = page.getByRole("region", { name: "Needs attention" });
  await expect(attention.getByRole("link", { name: /Nodes of no use/ }).first()).toBeVisible();
  await attention.getByRole("link", { name: /Failed in the last hour/ }).click();
  await expect(page).toHaveURL(/\/applications\?state=FAILED/);
});

test("an application is killed after a question, with a reason", async ({ page }) => {
  const id = await submitted(page.request);
  await page.goto(at(`applications/${id}`));
  await expect(state(page)).toHaveText(/Submitted|Accepted|Running/);
  const before = (await calls(page.request, "yarn")).ChangeApplicationState ?? 0;
  await page.getByRole("button", { name: "Kill", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: `Kill ${id}` });
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await expect(dialog).toBeHidden();
  await page.getByRole("button", { name: "Kill", exact: true }).click();
  await dialog.getByLabel("Reason").fill("it holds the queue");
  await dialog.getByRole("button", { name: "Kill the application" }).click();
  await expect(dialog).toBeHidden();
  await expect(state(page)).toHaveText("Killed");
  await expect(page.locator(".diagnostics")).toContainText("it holds the queue");
  expect((await calls(page.request, "yarn")).ChangeApplicationState).toBe(before + 1);
  await expect(page.getByRole("button", { name: "Kill", exact: true })).toHaveAttribute("title", "It has ended");
});

test("an application is moved to a queue of the tree; what the service refuses is told in its words", async ({ page }) => {
  const id = await submitted(page.request);
  await page.goto(at(`applications/${id}`));
  const queue = page.locator(".page-head-facts").getByRole("link");
  await expect(queue).toHaveText("root.default");
  await page.getByRole("button", { name: "Move", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: `Move ${id}` });
  const act = dialog.getByRole("button", { name: "Move the application" });
  await expect(act).toHaveAttribute("aria-disabled", "true");
  await dialog.getByLabel("To the queue").selectOption({ label: "root.analytics.adhoc" });
  await act.click();
  await expect(dialog).toBeHidden();
  await expect(queue).toHaveText("root.analytics.adhoc");
  await queue.click();
  await expect(page).toHaveURL(/\/queues\?at=root\.analytics\.adhoc$/);
  await expect(page.getByRole("complementary", { name: "root.analytics.adhoc" })).toContainText("Active applications");
});

test("what is submitted is followed on its own page, and can be the pattern of another", async ({ page }) => {
  await page.goto(at("submit"));
  const submit = page.getByRole("button", { name: "Submit the application" });
  await expect(submit).toHaveAttribute("aria-disabled", "true");
  await page.getByLabel("Name", { exact: true }).fill("nightly <b>export</b>");
  await page.getByLabel("Command").fill("sleep 86400");
  await page.getByLabel("Queue", { exact: true }).fill("adhoc");
  await page.getByLabel("Memory of the master").fill("2048");
  await page.getByLabel("Environment").fill("LANG=C\nDB_PASSWORD=not-to-be-shown");
  await page.getByLabel("Tags").fill("nightly, export");
  const json = page.getByRole("region", { name: "As it is sent" }).locator("pre");
  await expect(json).toContainText('"key": "LANG"');
  await expect(json).not.toContainText("not-to-be-shown");
  await page.getByLabel("Memory of the master").fill("much");
  await expect(submit).toHaveAttribute("aria-disabled", "true");
  await page.getByLabel("Memory of the master").fill("2048");
  await submit.click();
  await expect(page).toHaveURL(/\/applications\/application_\d+_\d+$/);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("nightly <b>export</b>");
  await expect(state(page)).toHaveText(/Accepted|Running/);
  await expect(page.locator(".facts")).toContainText("nightly");
  const id = page.url().split("/").at(-1);
  const told = await (await page.request.get(`${service}/apps/${id}`)).json();
  expect(told.app.queue).toBe("root.analytics.adhoc");
  await page.getByRole("link", { name: "Submit one like it" }).click();
  await expect(page.getByLabel("Name", { exact: true })).toHaveValue("nightly <b>export</b>");
  await expect(page.getByLabel("Queue", { exact: true })).toHaveValue("root.analytics.adhoc");
});

test("what is typed for a submission outlives a reload, without what is secret", async ({ page }) => {
  await page.goto(at("submit"));
  const field = (label: string) => page.getByLabel(label, { exact: true });
  await field("Name").fill("draft of mine");
  await field("Environment").fill("LANG=C\nDB_PASSWORD=not-to-be-kept");
  await page.getByText("Everything else").click();
  await field("Reservation").fill("tomorrow");
  await expect(page.locator(".field-fault:visible")).toContainText("reservation_");
  await field("Reservation").fill("reservation_1404203615263_0001");
  await expect(page.locator(".field-fault:visible")).toHaveCount(0);
  await page.getByLabel("Keep containers across attempts").check();
  await page.reload();
  await expect(page.getByText("What is secret was not kept.")).toBeVisible();
  await expect(field("Name")).toHaveValue("draft of mine");
  await expect(field("Environment")).toHaveValue("LANG=C\n");
  expect(await page.evaluate(() => JSON.stringify({ ...sessionStorage }))).not.toContain("not-to-be-kept");
  await page.getByText("Everything else").click();
  await expect(field("Reservation")).toHaveValue("reservation_1404203615263_0001");
  await expect(page.getByLabel("Keep containers across attempts")).toBeChecked();
  // Another form has a draft of its own.
  await page.goto(at("submit?queue=adhoc"));
  await expect(field("Name")).toHaveValue("");
  await page.goto(at("submit"));
  await page.getByRole("button", { name: "Begin anew" }).click();
  await expect(page.getByRole("button", { name: "Begin anew" })).toHaveCount(0);
  await expect(field("Name")).toHaveValue("");
});

test("a queue that does not exist is found out afterwards, on the application's page", async ({ page }) => {
  await page.goto(at("submit?queue=nowhere"));
  await page.getByLabel("Command").fill("true");
  await page.getByRole("button", { name: "Submit the application" }).click();
  await expect(page).toHaveURL(/\/applications\/application_/);
  await expect(state(page)).toHaveText("Failed");
  await expect(page.locator(".diagnostics")).toContainText("unknown queue");
});

test("the tree of queues is walked by keyboard, and what is over its share is marked", async ({ page }) => {
  await page.goto(at("queues"));
  const tree = page.getByRole("treegrid", { name: "Queues" });
  const line = (path: string) => page.locator(`[id="queue-${path}"]`);
  await expect(line("root.eng.etl")).toBeVisible();
  await tree.focus();
  await page.keyboard.press("Home");
  await expect(line("root")).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("ArrowLeft");
  await expect(line("root")).toHaveAttribute("aria-expanded", "false");
  await expect(line("root.eng.etl")).toHaveCount(0);
  await page.keyboard.press("ArrowRight");
  await expect(line("root.eng.etl")).toBeVisible();
  await page.getByRole("searchbox").fill("ml");
  await expect(line("root.eng.ml")).toBeVisible();
  await expect(line("root.default")).toHaveCount(0);
  await line("root.eng.ml").click();
  await expect(page).toHaveURL(/at=root\.eng\.ml/);
  await page.getByRole("link", { name: "Its applications" }).click();
  await expect(page).toHaveURL(/\/applications\?queue=root\.eng\.ml$/);
});

test("nodes are a table or a map, and each has a page", async ({ page }) => {
  await page.goto(at("nodes?sort=id"));
  await expect(page.getByRole("grid", { name: "Nodes" })).toBeVisible();
  await page.getByRole("button", { name: "Heat map" }).click();
  await expect(page).toHaveURL(/view=map/);
  // Those of a rack stand together, and no more than forty in a line.
  const { nodes }: { nodes: { node: { id: string; rack: string }[] } } = await (await page.request.get(`${service}/nodes`)).json();
  const inOrder = nodes.node.map(({ id, rack }) => `${rack} ${id}`).sort();
  expect(inOrder.length).toBeLessThanOrEqual(40);
  const place = inOrder.findIndex((name) => name.includes(" node-3."));
  const map = page.getByRole("main").getByRole("img");
  const box = await map.boundingBox();
  const square = { x: ((place + 0.5) / inOrder.length) * (box?.width ?? 0), y: (box?.height ?? 0) / 2 };
  await map.hover({ position: square });
  await expect(map.locator("title")).toHaveText(/^node-3\..*: Unhealthy/);
  await map.click({ position: square });
  await expect(page).toHaveURL(/\/nodes\/node-3\./);
  await expect(state(page)).toHaveText("Unhealthy");
  await page.getByText("As the service says it").click();
  await expect(page.locator("details pre")).toContainText('"state": "UNHEALTHY"');
});

test("statistics lead to the list that they count", async ({ page }) => {
  await page.goto(at("statistics"));
  const table = page.getByRole("table").first();
  await expect(table.getByRole("columnheader", { name: "Running" })).toBeVisible();
  const link = table.getByRole("row").nth(1).getByRole("link").last();
  const count = await link.textContent();
  expect(Number(count?.replaceAll(",", ""))).toBeGreaterThan(0);
  await page.getByLabel("Type").selectOption({ index: 1 });
  await expect(page).toHaveURL(/of=/);
});

test("what a service says is never markup", async ({ page }) => {
  await page.goto(at("queues?q=first"));
  await expect(page.locator(".tree-word", { hasText: "<i>first</i>" })).toBeVisible();
  await expect(page.locator(".tree i")).toHaveCount(0);
});
