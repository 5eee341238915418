// What is done in the browser with a real ResourceManager's applications, and what it says of them afterwards.
import { type APIRequestContext, expect, type Page, test } from "@playwright/test";
import { readFile } from "node:fs/promises";
import { expectNoViolations } from "./support/axe";
import { app, apps, manager, open, state as folder, submit, unique } from "./support/peer";

/** The service is asked every few seconds. */
const SOON = { timeout: 40_000 };

const state = (page: Page) => page.locator(".page-head-facts .mark");
const dialog = (page: Page) => page.getByRole("dialog");
const bar = (page: Page) => page.getByRole("region", { name: "Selection" });
const results = (page: Page) => dialog(page).locator(".batch-result");

/** Fills fields of the form by their labels. */
async function fill(page: Page, fields: Record<string, string>): Promise<void> {
  for (const [label, text] of Object.entries(fields)) await page.getByLabel(label, { exact: true }).fill(text);
}

/** What a test has submitted. A queue holds one master of a user or two: those of the next test would wait for ever. */
const begun: string[] = [];

test.afterEach(async ({ request }) => {
  for (const id of begun.splice(0)) await end(request, id);
});

/** Ends an application past Howdah. */
async function end(request: APIRequestContext, id: string): Promise<void> {
  const ended = await request.put(`${manager}/ws/v1/cluster/apps/${id}/state?user.name=admin`, { data: { state: "KILLED" } });
  expect(ended.ok(), await ended.text()).toBe(true);
}

/** Submits one past Howdah, as alice; its id. */
async function submitted(request: APIRequestContext, name: string): Promise<string> {
  const id = await submit(request, manager, name);
  begun.push(id);
  return id;
}

/** The id of the application whose page is open. */
async function here(page: Page): Promise<string> {
  await expect(page).toHaveURL(/\/applications\/application_\d+_\d+$/);
  const id = new URL(page.url()).pathname.split("/").at(-1)!;
  begun.push(id);
  return id;
}

test("what the form says arrives, is followed, and is the pattern of another", async ({ page, request }) => {
  const word = unique();
  const name = `nightly <b>export</b> ${word}`;
  await open(page, "submit");
  await fill(page, {
    Name: name,
    Type: "EXPORT",
    Queue: "root.eng.adhoc",
    // It is written into a script between double quotes.
    Command: `printf '%s|%s' $FIRST $SECOND > ${folder}/${word} && exec sleep 3600`,
    "Memory of the master": "192",
    "VCores of the master": "2",
    Environment: "FIRST=1\nSECOND=two",
    Tags: `export, ${word}`,
    Priority: "3",
    "Most attempts": "1",
  });
  await expect(page.locator("#submit-queues option", { hasText: "root.eng.adhoc" })).toHaveCount(1);
  await expectNoViolations(page);
  await page.getByRole("button", { name: "Submit the application" }).click();
  const id = await here(page);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(name);
  await expect(state(page)).toHaveText("Accepted");

  await expect.poll(() => readFile(`${folder}/${word}`, "utf8").catch(() => ""), SOON).toBe("1|two");
  const told = await app(request, id);
  expect(told).toMatchObject({ name, user: "admin", queue: "root.eng.adhoc", applicationType: "EXPORT", priority: 3 });
  expect(told).toMatchObject({ state: "ACCEPTED", allocatedMB: 192, allocatedVCores: 2 });
  expect(told.applicationTags.split(",").sort()).toEqual(["export", word].sort());
  await expect(page.locator(".tile").first()).toContainText("192 MiB", SOON);

  await page.getByRole("link", { name: "Submit one like it" }).first().click();
  await expect(page.getByText(`Filled in from ${id}.`)).toBeVisible();
  const pattern: Record<string, string> = { Name: name, Type: "EXPORT", Queue: "root.eng.adhoc", Priority: "3" };
  for (const [label, text] of Object.entries(pattern)) {
    await expect(page.getByLabel(label, { exact: true })).toHaveValue(text);
  }
  await fill(page, { Name: `${name} again`, Command: "exec sleep 3600" });
  await page.getByRole("button", { name: "Submit the application" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(`${name} again`);
  const second = await here(page);
  expect(second).not.toBe(id);
  expect(await app(request, second)).toMatchObject({ name: `${name} again`, applicationType: "EXPORT", priority: 3 });
});

test("what fails after it was taken is seen to fail on its page", async ({ page, request }) => {
  await open(page, "submit?queue=root.default");
  await expect(page.getByLabel("Queue", { exact: true })).toHaveValue("root.default");
  await fill(page, { Name: `fails ${unique()}`, Command: "sleep 5; exit 3", "Memory of the master": "64", "Most attempts": "1" });
  await page.getByRole("button", { name: "Submit the application" }).click();
  const id = await here(page);
  await expect(state(page)).toHaveText(/Submitted|Accepted/);
  await expect(state(page)).toHaveText("Failed", SOON);
  await expect(page.locator(".diagnostics")).toContainText("exitCode: 3");
  expect(await app(request, id)).toMatchObject({ state: "FAILED", finalStatus: "FAILED" });
});

test("what the ResourceManager does not take is refused in its words, and sent once it is mended", async ({ page, request }) => {
  const name = `large ${unique()}`;
  await open(page, "submit?queue=root.eng.etl");
  await fill(page, { Name: name, Command: "exec sleep 3600", "Memory of the master": "999999" });
  await page.getByRole("button", { name: "Submit the application" }).click();
  await expect(page.getByRole("alert")).toContainText("Requested more memory than configured max");
  await expectNoViolations(page);
  expect((await apps(request)).map((one) => one.name)).not.toContain(name);
  await page.getByLabel("Memory of the master").fill("64");
  await page.getByRole("button", { name: "Submit the application" }).click();
  expect((await app(request, await here(page))).name).toBe(name);
});

test("an application is killed after a question, with a reason", async ({ page, request }) => {
  const id = await submitted(request, `to be killed ${unique()}`);
  await open(page, `applications/${id}`);
  await expect(state(page)).toHaveText("Accepted");
  await page.getByRole("button", { name: "Kill", exact: true }).first().click();
  const question = page.getByRole("dialog", { name: `Kill ${id}` });
  await expectNoViolations(page);
  await question.getByRole("button", { name: "Cancel" }).click();
  await expect(question).toBeHidden();
  expect(await app(request, id)).toMatchObject({ state: "ACCEPTED" });

  await page.getByRole("button", { name: "Kill", exact: true }).first().click();
  await question.getByLabel("Reason").fill("it holds <i>the queue</i>");
  await question.getByRole("button", { name: "Kill the application" }).click();
  await expect(question).toBeHidden();
  await expect(state(page)).toHaveText("Killed", SOON);
  await expect(page.locator(".diagnostics")).toContainText("it holds <i>the queue</i>");
  const told = await app(request, id);
  expect(told).toMatchObject({ state: "KILLED", finalStatus: "KILLED" });
  expect(told.diagnostics).toContain("killed by user admin");
});

test("an application is moved to a queue of the tree", async ({ page, request }) => {
  const id = await submitted(request, `to be moved ${unique()}`);
  await open(page, `applications/${id}`);
  const queue = page.locator(".page-head-facts").getByRole("link");
  await expect(queue).toHaveText("root.default");
  await page.getByRole("button", { name: "Move", exact: true }).first().click();
  const question = page.getByRole("dialog", { name: `Move ${id}` });
  await expect(question).toContainText("It is in root.default now.");
  const choice = question.getByLabel("To the queue");
  // Those alone that take applications, in the scheduler's order.
  await expect(choice.locator("option")).toHaveCount(5);
  const leaves = ["Choose a queue", "root.default", "root.eng.adhoc", "root.eng.etl", "root.ops"];
  expect((await choice.locator("option").allTextContents()).sort()).toEqual(leaves);
  await choice.selectOption({ label: "root.ops" });
  await expectNoViolations(page);
  await question.getByRole("button", { name: "Move the application" }).click();
  await expect(question).toBeHidden();
  await expect(queue).toHaveText("root.ops", SOON);
  expect((await app(request, id)).queue).toBe("root.ops");
});

test("what has ended meanwhile is not moved, and the ResourceManager's words are shown", async ({ page, request }) => {
  const id = await submitted(request, `ends meanwhile ${unique()}`);
  await open(page, `applications/${id}`);
  await page.getByRole("button", { name: "Move", exact: true }).first().click();
  await dialog(page).getByLabel("To the queue").selectOption({ label: "root.ops" });
  await kill(request, id);
  await dialog(page).getByRole("button", { name: "Move the application" }).click();
  await expect(dialog(page).getByRole("alert")).toContainText("App in KILLED state cannot be moved.");
  await expect(dialog(page).getByRole("link", { name: "See the request" })).toBeVisible();
  expect((await app(request, id)).queue).toBe("root.default");
});

/** Kills one past Howdah, and waits for its end. */
async function kill(request: APIRequestContext, id: string): Promise<void> {
  await end(request, id);
  await expect.poll(async () => (await app(request, id)).state, SOON).toBe("KILLED");
}

/** So many applications with a word in their names, all of them selected in the list. */
async function selected(page: Page, request: APIRequestContext, count: number): Promise<string[]> {
  const word = unique();
  const names = Array.from({ length: count }, (_, number) => `${word} ${number}`);
  const ids = await Promise.all(names.map((name) => submitted(request, name)));
  await open(page, `applications?q=${word}`);
  await expect(page.getByRole("grid")).toHaveAttribute("aria-rowcount", `${count + 1}`, SOON);
  await page.getByRole("checkbox", { name: "Select all that fit the filters" }).click();
  await expect(bar(page)).toContainText(`${count} selected`);
  return ids;
}

test("several are killed at once, with a result for each", async ({ page, request }) => {
  const ids = await selected(page, request, 3);
  await bar(page).getByRole("button", { name: "Kill 3 applications" }).click();
  for (const id of ids) await expect(dialog(page)).toContainText(id);
  await dialog(page).getByRole("button", { name: "Kill 3 applications" }).click();
  await expect(dialog(page).getByRole("status")).toHaveText("3 of 3 answered");
  await expect(results(page)).toHaveText(["Done", "Done", "Done"]);
  await expectNoViolations(page);
  await dialog(page).getByRole("button", { name: "Close" }).click();
  for (const id of ids) await expect.poll(async () => (await app(request, id)).state, SOON).toBe("KILLED");
  await expect(page.locator(".table-window .col-state")).toHaveText(["Killed", "Killed", "Killed"], SOON);
});

test("several are moved at once, and the one that has ended is refused in the ResourceManager's words", async ({ page, request }) => {
  const ids = await selected(page, request, 3);
  await bar(page).getByRole("button", { name: "Move 3 applications" }).click();
  await dialog(page).getByLabel("To the queue").selectOption({ label: "root.ops" });
  const [ended = "", ...others] = ids;
  await kill(request, ended);
  await dialog(page).getByRole("button", { name: "Move 3 applications" }).click();
  await expect(dialog(page).getByRole("status")).toHaveText("3 of 3 answered · 1 refused");
  for (const id of ids) {
    const item = dialog(page).getByRole("listitem").filter({ hasText: id });
    await expect(item.locator(".batch-result")).toHaveText(id === ended ? "Refused" : "Done");
    if (id === ended) await expect(item.locator(".batch-said")).toHaveText("App in KILLED state cannot be moved.");
  }
  await expectNoViolations(page);
  for (const id of others) expect((await app(request, id)).queue).toBe("root.ops");
  expect((await app(request, ended)).queue).toBe("root.default");
});

test("the list is saved as the ResourceManager tells it, and what a spreadsheet would run is text", async ({ page, request }) => {
  const word = unique();
  const names = [`=HYPERLINK("http://x.invalid/${word}")`, `plain ${word}`, `"quoted", 전부 ${word}`];
  const ids: string[] = [];
  for (const name of names) ids.push(await submitted(request, name));
  await open(page, `applications?q=${word}&cols=id,name,user,queue&sort=id`);
  await expect(page.getByRole("grid")).toHaveAttribute("aria-rowcount", "4", SOON);
  const saved = page.waitForEvent("download");
  await page.getByRole("button", { name: "Save as CSV" }).click();
  const text = await readFile(await (await saved).path(), "utf8");
  const quoted = names.map((name) => (name.startsWith("plain") ? name : `"${name.replace(/^=/, "'=").replaceAll('"', '""')}"`));
  const lines = ids.map((id, at) => `${id},${quoted[at]},alice,root.default`);
  expect(text.replace(/^\ufeff/, "").trimEnd().split("\r\n")).toEqual(["id,name,user,queue", ...lines]);
});
